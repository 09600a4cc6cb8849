"""The engine of arenas: one pymunk Space for each, in which walkers, walls and posts collide.

Each node of a walker carries a circle of its body's radius; those of one walker pass through each
other. Springs and feet are in solver order as in `physics_pymunk`, so a walker that touches nothing
moves exactly as it does alone.

Chipmunk keeps the impulses of contacts from one step to the next, out of reach, so what has begun
can be repeated from its start alone: an arena that begins anew gets a new Space.
"""

from __future__ import annotations

from collections import deque
from typing import Any

import numpy as np
import pymunk
from pymunk import batch as pymunk_batch
from pymunk._chipmunk_cffi import lib

from walker_env.arena.field import Field
from walker_env.body import Body
from walker_env.params import World
from walker_env.physics_pymunk import FIELDS, add_feet, add_springs
from walker_env.state import State

SLOP = 0.5
"""So far two circles may overlap before the solver parts them [unit]: contacts last."""

BIAS = 0.25
"""Share of an overlap that a physics step takes away."""

DEEPEST = 0.8
"""Circles of different walkers never overlap by more than this, in radii.

A walker at full speed runs 16 units in a physics step before the solver knows of it. Over 76,800
walker steps of each of four kinds of play (random, stuttering, charging, both of these) in each of
three crowded fields the deepest was 0.54; with two other pairs of `SLOP` and `BIAS` it was 0.59.
"""


class ArenaEngine:
    """Moves the walkers of several arenas.

    Args:
        arenas: Number of arenas, E.
        walkers: In each of them, W.
        body: Of each walker.
        world: Its rates, drag and grip.
        field: What stands in each arena.
    """

    def __init__(self, arenas: int, walkers: int, body: Body, world: World, field: Field) -> None:
        self._body, self._world, self._field = body, world, field
        self._walkers, self._shape = walkers, (arenas, walkers * len(body.nodes), 4)
        self._rest = body.rest_lengths()[len(body.bones) :]  # (M,)
        self._arenas: list[_Arena | None] = [None] * arenas
        self._buffer = pymunk_batch.Buffer()
        self._joints: tuple[list, list, list] | None = None
        self._dt = [world.physics_dt] * (arenas * world.substeps)

    def begin(self, arena: int, position: np.ndarray) -> None:
        """Put the walkers of an arena, at rest, to where their nodes are.

        Args:
            arena: Which one.
            position: ``(W, K, 2)`` [unit].
        """
        self._arenas[arena] = _Arena(self._body, self._world, self._field, position)
        self._joints = None

    def retire(self, arena: int, walker: int) -> None:
        """Let nothing touch this walker any more."""
        kept = self._arenas[arena]
        assert kept is not None
        for circle in kept.circles[walker]:
            circle.filter = pymunk.ShapeFilter(mask=0)

    def step(self, state: State) -> None:
        """Advance all arenas a control step under ``state.grip`` and ``state.muscle`` (N = E W)."""
        spaces, feet, muscles = self._handles()
        forces = (state.grip * self._world.grip_force).ravel().tolist()
        lengths = (state.muscle * self._rest).ravel().tolist()
        deque(map(lib.cpConstraintSetMaxForce, feet, forces), maxlen=0)
        deque(map(lib.cpDampedSpringSetRestLength, muscles, lengths), maxlen=0)
        deque(map(lib.cpSpaceStep, spaces, self._dt), maxlen=0)
        self._read(state)

    def __getstate__(self) -> dict[str, Any]:
        """What a copy is made of; Chipmunk's contacts cannot be copied."""
        if any(self._arenas):
            raise TypeError(
                "an arena whose match has begun cannot be copied or pickled: copy it before its "
                "reset, or begin another with the same seed"
            )
        return {name: value for name, value in vars(self).items() if name != "_buffer"}

    def __setstate__(self, kept: dict[str, Any]) -> None:
        vars(self).update(kept, _buffer=pymunk_batch.Buffer())

    def _read(self, state: State) -> None:
        self._buffer.clear()
        for arena in self._arenas:
            assert arena is not None
            pymunk_batch.get_space_bodies(arena.space, FIELDS, self._buffer)
        # the Space's own static body comes last
        rows = np.frombuffer(self._buffer.float_buf()).reshape(self._shape[0], -1)[:, :-4]
        data = rows.reshape((*state.position.shape[:2], 4))
        state.position = data[..., :2].copy()
        state.velocity = data[..., 2:].copy()

    def _handles(self) -> tuple[list, list, list]:
        """Chipmunk's own spaces, each once a substep, feet and muscles, of all arenas in order."""
        if self._joints is None:
            arenas = [arena for arena in self._arenas if arena is not None]
            spaces = [a.space._space for a in arenas for _ in range(self._world.substeps)]
            feet = [foot._constraint for a in arenas for foot in a.feet]
            muscles = [muscle._constraint for a in arenas for muscle in a.muscles]
            self._joints = spaces, feet, muscles
        return self._joints


class _Arena:
    """One Space and what Chipmunk holds in it."""

    def __init__(self, body: Body, world: World, field: Field, position: np.ndarray) -> None:
        self.space = pymunk.Space()
        self.space.iterations, self.space.damping = world.iterations, world.damping
        self.space.collision_slop = SLOP
        self.space.collision_bias = (1 - BIAS) ** world.physics_rate
        rough, springy = field.friction**0.5, field.elasticity**0.5  # Chipmunk takes the product
        walkers = [_nodes(body, places) for places in position]
        self.muscles = [m for nodes in walkers for m in add_springs(self.space, body, nodes)]
        self.feet = [foot for nodes in walkers for foot in add_feet(self.space, body, nodes)]
        self.circles = [
            [pymunk.Circle(node, body.node_radius) for node in nodes] for nodes in walkers
        ]
        for group, circles in enumerate(self.circles, start=1):
            for circle in circles:
                circle.filter = pymunk.ShapeFilter(group=group)
        ground = self.space.static_body
        walls = [
            pymunk.Segment(ground, (w.ax, w.ay), (w.bx, w.by), w.thick / 2) for w in field.walls
        ]
        posts = [pymunk.Circle(ground, p.radius, (p.x, p.y)) for p in field.posts]
        shapes = [*walls, *posts, *(circle for circles in self.circles for circle in circles)]
        for shape in shapes:
            shape.friction, shape.elasticity = rough, springy
        self.space.add(*shapes)


def _nodes(body: Body, places: np.ndarray) -> list[pymunk.Body]:
    nodes = [pymunk.Body(node.mass, float("inf")) for node in body.nodes]
    for node, place in zip(nodes, places.tolist()):
        node.position = place
    return nodes
