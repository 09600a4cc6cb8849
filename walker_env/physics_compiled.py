"""The reference physics, compiled: the same numbers as pymunk's, bit for bit, far faster.

pymunk stays the truth; a test holds this engine to it. Nodes do not rotate and nothing collides, so
one step of Chipmunk on a walker is short: `compiled.solver` has it.
"""

from __future__ import annotations

import numpy as np

from walker_env import compiling
from walker_env.body import Body
from walker_env.compiled.entry import advance
from walker_env.compiled.model import Model
from walker_env.exponential import exponential, power
from walker_env.params import World
from walker_env.schema import Links
from walker_env.state import State
from walker_env.terrain import make_soil

compiling.listen()


class CompiledEngine:
    """Moves walkers of one body with the compiled solver; it keeps nothing to itself.

    Attributes:
        model: The body as the compiled functions want it.
    """

    name = "compiled"

    def __init__(self, body: Body, world: World) -> None:
        self.model = tuple(make_model(body, world))

    def load(self, state: State, mask: np.ndarray) -> None:
        """Nothing to take over: every step reads the state."""

    def step(self, state: State) -> None:
        """Advance one control step under ``state.grip`` and ``state.muscle``."""
        position, velocity = np.empty_like(state.position), np.empty_like(state.velocity)
        here = (state.position, state.velocity, state.warm_start, state.drive, state.ground)
        advance(self.model, *here, position, velocity)
        state.position, state.velocity = position, velocity

    def save(self, state: State) -> None:
        """Nothing to write: ``state.warm_start`` is always the present one."""


def make_model(body: Body, world: World) -> Model:
    """The constants of a body, rounded as Chipmunk rounds them where its C library is exact."""
    dt = world.physics_dt
    inverse = np.array([1.0 / node.mass for node in body.nodes])
    ends = np.array([(link.a, link.b) for link in body.links], dtype=np.int64).T.copy()
    feet = np.array(body.feet, dtype=np.int64)
    k = inverse[ends[0]] + inverse[ends[1]]
    links = Links(
        rest=body.rest_lengths(),
        stiffness=[link.stiffness for link in body.links],
        damped=[1.0 - exponential(-b.damping * dt * x) for b, x in zip(body.links, k.tolist())],
        mass=1.0 / k,
    )
    return Model(
        inverse_mass=inverse,
        ends=ends,
        links=np.array(links, dtype=np.float64),
        feet=feet,
        foot_mass=inverse[feet] * (1.0 / (inverse[feet] * inverse[feet])),
        bones=len(body.bones),
        iterations=int(world.iterations),
        substeps=int(world.substeps),
        grip_force=float(world.grip_force),
        dt=dt,
        damping=power(world.damping, dt),
        soil=make_soil(body, world),
    )
