"""The reference physics, compiled: the same numbers as pymunk's, bit for bit, far faster.

pymunk stays the truth; a test holds this engine to it. Nodes do not rotate and nothing collides, so
one step of Chipmunk on a walker is short: `kernels` has it.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

from walker_env.body import Body
from walker_env.exponential import exponential, power
from walker_env.kernels import LANES, Plan, advance
from walker_env.params import World
from walker_env.state import State

_PARTS_PER_THREAD = 2


class CompiledEngine:
    """Moves N walkers of one body with the compiled solver; it keeps nothing to itself.

    Attributes:
        plan: The body as the compiled functions want it.
        team: Runs compiled functions over all walkers.
    """

    name = "compiled"

    def __init__(self, n: int, body: Body, world: World, threads: int = 1) -> None:
        self.plan = tuple(make_plan(body, world))
        self.team = Team(n, threads)

    def load(self, state: State, mask: np.ndarray) -> None:
        """Nothing to take over: every step reads the state."""

    def step(self, state: State) -> None:
        """Advance one control step under ``state.grip`` and ``state.muscle``."""
        position, velocity = np.empty_like(state.position), np.empty_like(state.velocity)
        here = (state.position, state.velocity, state.warm_start, state.drive)
        self.team.run(advance, self.plan, *here, position, velocity)
        state.position, state.velocity = position, velocity

    def save(self, state: State) -> None:
        """Nothing to write: ``state.warm_start`` is always the present one."""


class Team:
    """Runs a compiled function over N walkers by whole blocks, on a number of threads.

    Compiled functions release Python's lock, and no block depends on another. There are more parts
    than threads: whoever is done takes the next one, so that a busy core holds nobody up.
    """

    def __init__(self, n: int, threads: int) -> None:
        count = 1 if threads == 1 else _PARTS_PER_THREAD * threads
        share = -(-n // (LANES * count)) * LANES
        self._parts = [(start, min(start + share, n)) for start in range(0, n, share)]
        self._helpers = min(threads, len(self._parts)) - 1
        self._pool = ThreadPoolExecutor(self._helpers) if self._helpers else None

    def run(self, function: Callable[..., Any], *arguments: Any) -> bool:
        """Call ``function(first, last, *arguments)`` on every part; whether any said yes."""
        if self._pool is None:
            return bool(function(*self._parts[0], *arguments))
        parts = iter(self._parts)  # shared by all threads

        def work() -> bool:
            answer = False
            for part in parts:
                answer |= bool(function(*part, *arguments))
            return answer

        helpers = [self._pool.submit(work) for _ in range(self._helpers)]
        return any([work(), *(helper.result() for helper in helpers)])


def make_plan(body: Body, world: World) -> Plan:
    """The constants of a body, rounded as Chipmunk rounds them where its C library is exact."""
    dt = world.physics_dt
    inverse = np.array([1.0 / node.mass for node in body.nodes])
    ends = np.array([(link.a, link.b) for link in body.links], dtype=np.int64).T.copy()
    feet = np.array(body.feet, dtype=np.int64)
    k = inverse[ends[0]] + inverse[ends[1]]
    damped = [1.0 - exponential(-link.damping * dt * x) for link, x in zip(body.links, k.tolist())]
    stiffness = [link.stiffness for link in body.links]
    return Plan(
        inverse_mass=inverse,
        ends=ends,
        links=np.array([body.rest_lengths(), stiffness, damped, 1.0 / k], dtype=np.float64),
        feet=feet,
        foot_mass=inverse[feet] * (1.0 / (inverse[feet] * inverse[feet])),
        bones=len(body.bones),
        iterations=int(world.iterations),
        substeps=int(world.substeps),
        grip_force=float(world.grip_force),
        dt=dt,
        damping=power(world.damping, dt),
    )
