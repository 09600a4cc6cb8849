"""The reference physics: N walkers in one pymunk Space.

Walkers do not touch each other, so they share a Space, all at the same origin. Chipmunk solves
constraints in the order in which they were added: every walker's springs, then every walker's feet.
A foot touches no other walker and no other foot, so each walker moves exactly as if alone.
"""

from __future__ import annotations

from collections import deque
from typing import Any

import numpy as np
import pymunk
from pymunk import batch as pymunk_batch
from pymunk._chipmunk_cffi import lib  # setting a property of 6,000 joints costs five times as much

from walker_env.body import Body, Bone, Muscle
from walker_env.params import World
from walker_env.state import State, zeros
from walker_env.terrain import Terrain, make_soil
from walker_env.warm_start import impulse_views

FIELDS = pymunk_batch.BodyFields.POSITION | pymunk_batch.BodyFields.VELOCITY
"""What is read of each node: x, y and the two parts of its velocity."""


class PymunkEngine:
    """Moves N walkers of one body with Chipmunk, through pymunk.

    Args:
        n: Number of walkers.
        body: Of each of them.
        world: Its rates, drag and grip.
    """

    name = "pymunk"

    def __init__(self, n: int, body: Body, world: World) -> None:
        self._plan = (n, body, world)
        self._world = world
        self._rest = body.rest_lengths()[len(body.bones) :]  # (M,)
        self._space = pymunk.Space()
        self._space.iterations = world.iterations
        self._space.damping = world.damping
        # A new Space would leave out the warm start of its first step; a restored walker needs it.
        lib.cpSpaceSetCurrentTimeStep(self._space._space, world.physics_dt)
        nodes = [[pymunk.Body(node.mass, float("inf")) for node in body.nodes] for _ in range(n)]
        muscles = [add_springs(self._space, body, walker) for walker in nodes]
        feet = [add_feet(self._space, body, walker) for walker in nodes]
        self._bodies = [node for walker in nodes for node in walker]
        self._nodes = [node._body for node in self._bodies]
        self._muscles = [muscle._constraint for walker in muscles for muscle in walker]
        self._feet = [foot._constraint for walker in feet for foot in walker]
        self._impulses = [impulse_views(walker) for walker in feet]  # alive with the Space's joints
        soil = make_soil(body, world)
        self._terrain = None if soil is None else Terrain(body, soil)
        self._shape = (n, len(body.nodes), 4)
        self._buffer = pymunk_batch.Buffer()

    def load(self, state: State, mask: np.ndarray) -> None:
        """Take over position, velocity and warm start of the walkers in ``mask`` (N,) bool."""
        k = self._shape[1]
        for i in np.flatnonzero(mask):
            nodes = self._bodies[i * k : (i + 1) * k]
            for node, position, velocity in zip(nodes, state.position[i], state.velocity[i]):
                node.position = position.tolist()
                node.velocity = velocity.tolist()
            for kept, impulse in zip(self._impulses[i], state.warm_start[i]):
                kept[:] = impulse

    def step(self, state: State) -> None:
        """Advance one control step under ``state.grip`` and ``state.muscle``."""
        forces = state.grip * self._world.grip_force
        lengths = (state.muscle * self._rest).ravel().tolist()
        # deque(map(...)) calls C from C: a Python loop would cost as much as the physics.
        deque(map(lib.cpDampedSpringSetRestLength, self._muscles, lengths), maxlen=0)
        if self._terrain is None:
            self._limit(forces)
        for _ in range(self._world.substeps):
            if self._terrain is not None and state.ground is not None:
                self._read(state)
                here = state.position, state.velocity, state.ground
                self._limit(forces * self._terrain.tread(*here))
                self._set_speeds(state.velocity)
            lib.cpSpaceStep(self._space._space, self._world.physics_dt)
        self._read(state)

    def _limit(self, forces: np.ndarray) -> None:
        """Set what each foot holds, ``(N, F)``."""
        deque(map(lib.cpConstraintSetMaxForce, self._feet, forces.ravel().tolist()), maxlen=0)

    def _set_speeds(self, velocity: np.ndarray) -> None:
        """Set the velocities of all nodes, ``(N, K, 2)``."""
        speeds = map(tuple, velocity.reshape(-1, 2).tolist())
        deque(map(lib.cpBodySetVelocity, self._nodes, speeds), maxlen=0)

    def save(self, state: State) -> None:
        """Write the kept ground impulses into ``state.warm_start``."""
        state.warm_start[:] = self._impulses

    def __reduce__(self) -> tuple[Any, ...]:
        """What Chipmunk holds cannot be copied: a copy is built anew and goes on from the state."""
        n, body, _ = self._plan
        state = zeros(n, body, 0)
        self._read(state)
        self.save(state)
        return _rebuilt, (*self._plan, state)

    def _read(self, state: State) -> None:
        self._buffer.clear()
        pymunk_batch.get_space_bodies(self._space, FIELDS, self._buffer)
        # the Space's own static body comes last
        data = np.frombuffer(self._buffer.float_buf())[:-4].reshape(self._shape)
        state.position = data[..., :2].copy()
        state.velocity = data[..., 2:].copy()


def _rebuilt(n: int, body: Body, world: World, state: State) -> PymunkEngine:
    engine = PymunkEngine(n, body, world)
    engine.load(state, np.ones(n, dtype=bool))
    return engine


def add_springs(
    space: pymunk.Space, body: Body, nodes: list[pymunk.Body]
) -> list[pymunk.DampedSpring]:
    """Add a walker's nodes and links in solver order; return its muscles.

    Args:
        space: Where to.
        body: The walker's.
        nodes: In the order of the body's.
    """

    def spring(link: Bone | Muscle, rest: float) -> pymunk.DampedSpring:
        a, b = nodes[link.a], nodes[link.b]
        return pymunk.DampedSpring(a, b, (0, 0), (0, 0), rest, link.stiffness, link.damping)

    springs = [spring(link, rest) for link, rest in zip(body.links, body.rest_lengths().tolist())]
    space.add(*nodes, *springs)
    return springs[len(body.bones) :]


def add_feet(space: pymunk.Space, body: Body, nodes: list[pymunk.Body]) -> list[pymunk.PivotJoint]:
    """Tie a walker's feet to the ground by joints that only resist motion: Coulomb friction.

    Args:
        space: Where to.
        body: The walker's.
        nodes: In the order of the body's.
    """
    feet = []
    for index in body.feet:
        foot = pymunk.PivotJoint(space.static_body, nodes[index], (0, 0), (0, 0))
        foot.max_bias = 0.0
        feet.append(foot)
    space.add(*feet)
    return feet
