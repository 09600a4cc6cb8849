"""The reference physics, compiled: Chipmunk's solver for blocks of walkers, bit for bit.

pymunk stays the truth; a test holds this file to it. Nodes do not rotate and nothing collides, so
one step of Chipmunk's `cpSpaceStep` on a walker is short. What must be kept is its order (springs,
then feet, as they were added) and its way of rounding: every line of `solve` has the operations of
the C code in their order, in float64, with no fused multiply-add and no fast-math. That includes a
detour: a spring's impulse is what its accumulated impulse has changed by.

`LANES` walkers are solved side by side as structure of arrays, so that the inner loops run over
walkers and the compiler turns them into vector instructions.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

import numpy as np
from numba import njit

from walker_env.body import Body
from walker_env.params import World
from walker_env.state import State

LANES = 64
"""Walkers in a block: with fewer, checking that rows do not overlap costs more than it wins."""

COMPILE = {"error_model": "numpy", "nogil": True, "cache": True}
INLINE = {"error_model": "numpy", "forceinline": True}

_TINY = 2.2250738585072014e-308  # Chipmunk's CPFLOAT_MIN, added to a length before dividing by it


class Plan(NamedTuple):
    """The body and the world as the solver wants them: L links in order, F feet, K nodes."""

    inverse_mass: np.ndarray  # (K,) float64
    a: np.ndarray  # (L,) int64, node at the start of a link
    b: np.ndarray  # (L,) int64, node at its end
    rest: np.ndarray  # (L,) float64 [unit], drawn length
    stiffness: np.ndarray  # (L,) float64
    damping: np.ndarray  # (L,) float64, share of the relative velocity taken away
    link_mass: np.ndarray  # (L,) float64, effective mass along a link
    feet: np.ndarray  # (F,) int64
    foot_mass: np.ndarray  # (F,) float64, as Chipmunk inverts it
    bones: int
    grip_force: float
    dt: float
    iterations: int
    substeps: int


class Block(NamedTuple):
    """The scratch of one block, rows of `LANES` walkers."""

    px: np.ndarray  # (K, LANES)
    py: np.ndarray
    vx: np.ndarray
    vy: np.ndarray
    gx: np.ndarray  # (F, LANES), impulse of the ground, kept from step to step
    gy: np.ndarray
    limit: np.ndarray  # (F, LANES), its largest length
    rest: np.ndarray  # (L, LANES), rest length
    nx: np.ndarray  # (L, LANES), unit vector along the link
    ny: np.ndarray
    goal: np.ndarray  # (L, LANES), relative velocity the damper aims at
    given: np.ndarray  # (L, LANES), impulse the link has given in this step


def make_plan(body: Body, world: World) -> Plan:
    """The constants of a body, rounded as Chipmunk rounds them."""
    dt = world.physics_dt
    inverse = np.array([1.0 / node.mass for node in body.nodes])
    a = np.array([link.a for link in body.links], dtype=np.int64)
    b = np.array([link.b for link in body.links], dtype=np.int64)
    feet = np.array(body.feet, dtype=np.int64)
    k = inverse[a] + inverse[b]
    damping = [1.0 - math.exp(-link.damping * dt * x) for link, x in zip(body.links, k.tolist())]
    return Plan(
        inverse_mass=inverse,
        a=a,
        b=b,
        rest=body.rest_lengths(),
        stiffness=np.array([link.stiffness for link in body.links], dtype=np.float64),
        damping=np.array(damping),
        link_mass=1.0 / k,
        feet=feet,
        foot_mass=inverse[feet] * (1.0 / (inverse[feet] * inverse[feet])),
        bones=len(body.bones),
        grip_force=float(world.grip_force),
        dt=dt,
        iterations=world.iterations,
        substeps=world.substeps,
    )


@njit(**INLINE)
def make_block(plan: Plan) -> Block:
    """A block's scratch; made where it is used, so that the compiler knows its rows' stride."""
    k, f, n = plan.inverse_mass.shape[0], plan.feet.shape[0], plan.a.shape[0]
    return Block(
        np.empty((k, LANES)),
        np.empty((k, LANES)),
        np.empty((k, LANES)),
        np.empty((k, LANES)),
        np.empty((f, LANES)),
        np.empty((f, LANES)),
        np.empty((f, LANES)),
        np.empty((n, LANES)),
        np.empty((n, LANES)),
        np.empty((n, LANES)),
        np.empty((n, LANES)),
        np.empty((n, LANES)),
    )


@njit(**INLINE)
def load(plan, block, first, lanes, position, velocity, warm_start, drive):  # type: ignore[no-untyped-def]
    """Copy ``lanes`` walkers, the first of them ``first``, into the block."""
    feet = plan.feet.shape[0]
    for k in range(block.px.shape[0]):
        for w in range(lanes):
            block.px[k, w] = position[first + w, k, 0]
            block.py[k, w] = position[first + w, k, 1]
            block.vx[k, w] = velocity[first + w, k, 0]
            block.vy[k, w] = velocity[first + w, k, 1]
    for f in range(feet):
        for w in range(lanes):
            block.gx[f, w] = warm_start[first + w, f, 0]
            block.gy[f, w] = warm_start[first + w, f, 1]
            block.limit[f, w] = drive[first + w, f] * plan.grip_force * plan.dt
    for s in range(plan.a.shape[0]):
        for w in range(lanes):
            block.rest[s, w] = plan.rest[s]
    for s in range(plan.bones, plan.a.shape[0]):
        for w in range(lanes):
            block.rest[s, w] = drive[first + w, feet + s - plan.bones] * plan.rest[s]


@njit(**INLINE)
def store(plan, block, first, lanes, position, velocity, warm_start):  # type: ignore[no-untyped-def]
    """Copy the block back."""
    for k in range(block.px.shape[0]):
        for w in range(lanes):
            position[first + w, k, 0] = block.px[k, w]
            position[first + w, k, 1] = block.py[k, w]
            velocity[first + w, k, 0] = block.vx[k, w]
            velocity[first + w, k, 1] = block.vy[k, w]
    for f in range(plan.feet.shape[0]):
        for w in range(lanes):
            warm_start[first + w, f, 0] = block.gx[f, w]
            warm_start[first + w, f, 1] = block.gy[f, w]


@njit(**INLINE)
def solve(plan, block, lanes):  # type: ignore[no-untyped-def]
    """One physics step of the walkers in a block, in Chipmunk's order."""
    px, py, vx, vy, gx, gy, limit, rest, nx, ny, goal, given = block
    dt = plan.dt
    for k in range(px.shape[0]):
        for w in range(lanes):
            px[k, w] += vx[k, w] * dt
            py[k, w] += vy[k, w] * dt
    for s in range(nx.shape[0]):  # springs pull
        a, b, stiffness = plan.a[s], plan.b[s], plan.stiffness[s]
        inverse_a, inverse_b = plan.inverse_mass[a], plan.inverse_mass[b]
        for w in range(lanes):
            dx = px[b, w] - px[a, w]
            dy = py[b, w] - py[a, w]
            length = math.sqrt(dx * dx + dy * dy)
            inverse = 1.0 / (length if length != 0.0 else math.inf)
            x = dx * inverse
            y = dy * inverse
            impulse = (rest[s, w] - length) * stiffness * dt
            nx[s, w] = x
            ny[s, w] = y
            goal[s, w] = 0.0
            given[s, w] = impulse
            jx = x * impulse
            jy = y * impulse
            vx[a, w] -= jx * inverse_a
            vy[a, w] -= jy * inverse_a
            vx[b, w] += jx * inverse_b
            vy[b, w] += jy * inverse_b
    for f in range(gx.shape[0]):  # the ground starts from its last impulse
        k = plan.feet[f]
        inverse_k = plan.inverse_mass[k]
        for w in range(lanes):
            vx[k, w] += gx[f, w] * inverse_k
            vy[k, w] += gy[f, w] * inverse_k
    for _ in range(plan.iterations):
        for s in range(nx.shape[0]):  # dampers
            a, b, damping, mass = plan.a[s], plan.b[s], plan.damping[s], plan.link_mass[s]
            inverse_a, inverse_b = plan.inverse_mass[a], plan.inverse_mass[b]
            for w in range(lanes):
                x = nx[s, w]
                y = ny[s, w]
                speed = (vx[b, w] - vx[a, w]) * x + (vy[b, w] - vy[a, w]) * y
                change = (goal[s, w] - speed) * damping
                goal[s, w] = speed + change
                old = given[s, w]
                new = old + change * mass
                given[s, w] = new
                jx = x * (new - old)
                jy = y * (new - old)
                vx[a, w] -= jx * inverse_a
                vy[a, w] -= jy * inverse_a
                vx[b, w] += jx * inverse_b
                vy[b, w] += jy * inverse_b
        for f in range(gx.shape[0]):  # the ground stops a foot, as far as its grip allows
            k = plan.feet[f]
            inverse_k, mass = plan.inverse_mass[k], plan.foot_mass[f]
            for w in range(lanes):
                old_x = gx[f, w]
                old_y = gy[f, w]
                x = old_x - vx[k, w] * mass
                y = old_y - vy[k, w] * mass
                square = x * x + y * y
                most = limit[f, w]
                slips = square > most * most
                inverse = 1.0 / (math.sqrt(square) + _TINY)
                x = x * inverse * most if slips else x
                y = y * inverse * most if slips else y
                gx[f, w] = x
                gy[f, w] = y
                vx[k, w] += (x - old_x) * inverse_k
                vy[k, w] += (y - old_y) * inverse_k


@njit(**COMPILE)
def _advance(first, last, plan, position, velocity, warm_start, drive, new_position, new_velocity):  # type: ignore[no-untyped-def]
    block = make_block(plan)
    for start in range(first, last, LANES):
        lanes = min(LANES, last - start)
        load(plan, block, start, lanes, position, velocity, warm_start, drive)
        for _ in range(plan.substeps):
            solve(plan, block, lanes)
        store(plan, block, start, lanes, new_position, new_velocity, warm_start)


class Team:
    """Runs a compiled function over all walkers, by whole blocks, on a number of threads."""

    def __init__(self, n: int, threads: int) -> None:
        blocks = -(-n // LANES)
        share = -(-blocks // threads) * LANES
        self._parts = [(start, min(start + share, n)) for start in range(0, n, share)]
        self._pool = ThreadPoolExecutor(threads - 1) if len(self._parts) > 1 else None

    def run(self, function: Callable[..., Any], *arguments: Any) -> list[Any]:
        """Call ``function(first, last, *arguments)`` for every part and return what it returned."""
        if self._pool is None:
            return [function(*self._parts[0], *arguments)]
        others = [self._pool.submit(function, *part, *arguments) for part in self._parts[1:]]
        return [function(*self._parts[0], *arguments), *(other.result() for other in others)]


class CompiledEngine:
    """Moves N walkers of one body with the compiled solver; it keeps nothing to itself."""

    name = "compiled"

    def __init__(self, n: int, body: Body, world: World, threads: int = 1) -> None:
        self.plan = make_plan(body, world)
        self.team = Team(n, threads)

    def load(self, state: State, mask: np.ndarray) -> None:
        """Nothing to take over: every step reads the state."""

    def step(self, state: State) -> None:
        """Advance one control step under ``state.grip`` and ``state.muscle``."""
        position, velocity = np.empty_like(state.position), np.empty_like(state.velocity)
        here = (state.position, state.velocity, state.warm_start, state.drive)
        self.team.run(_advance, self.plan, *here, position, velocity)
        state.position, state.velocity = position, velocity

    def save(self, state: State) -> None:
        """Nothing to write: ``state.warm_start`` is always the present one."""
