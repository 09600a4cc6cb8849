"""A whole control step in one compiled pass: actuation, physics, sensing, reward, observation.

A step in numpy walks over the arrays of the batch some two hundred times, this one once. The numpy
version in `batch` stays as the oracle, and a test holds this one to it bit for bit.
"""

from __future__ import annotations

from operator import attrgetter

import numpy as np

from walker_env.actuation import Actuator
from walker_env.body import Body
from walker_env.compiled.entry import begin, look
from walker_env.compiled.model import Data, Result, TaskParams
from walker_env.observation import Channel, Observer, slices
from walker_env.physics_compiled import CompiledEngine
from walker_env.reward import RewardWeights
from walker_env.state import State
from walker_env.tasks import STALL_PROGRESS, TARGET_RADIUS

CHANNELS = (
    "target_distance",
    "target_cos",
    "target_sin",
    "grip",
    "muscle_length",
    "velocity",
    "turn_rate",
)
"""What `compiled` can observe, in its order; another channel is left to the numpy version."""

_data = attrgetter(*Data._fields)  # of a State, as a plain tuple


class FusedStep:
    """Steps and observes the walkers of one batch."""

    def __init__(
        self,
        engine: CompiledEngine,
        body: Body,
        layout: tuple[Channel, ...],
        weights: RewardWeights,
        actuator: Actuator,
        stall_steps: int | None,
    ) -> None:
        found, of = slices(layout, body), actuator
        self._engine = engine
        task = TaskParams(
            drive=np.array([of.middle, of.up, of.down, of.least, of.decay]),
            work=of.work,
            grip_cost=of.grip_cost,
            head=np.array(body.head, dtype=np.int64),
            column=np.array([found[c].start if c in found else -1 for c in CHANNELS]),
            scale=Observer(layout, body).scale,
            left=body.across[0],
            right=body.across[1],
            hub=body.hub,
            stall_steps=stall_steps or 0,
            stall_progress=STALL_PROGRESS,
            target_radius=TARGET_RADIUS,
            progress_length=float(weights.progress_length),
            target_worth=float(weights.target),
            energy_price=float(weights.energy_price),
        )
        self._task = tuple(task)  # plain tuples are handed over faster
        self._width = len(task.scale)
        self._rest = (body.rest_positions(), of.at_rest)

    def step(self, action: np.ndarray, state: State) -> tuple[Result, bool]:
        """Advance ``state`` one control step under ``action`` (N, A).

        Returns:
            What it came to, and whether some walker has gone beyond the room of its course: its
            target is then still the old one.
        """
        n, engine = len(action), self._engine
        numbers = np.empty((8, n))
        new = Result(
            position=np.empty_like(state.position),
            velocity=np.empty_like(state.velocity),
            drive=np.empty_like(state.drive),
            distance=np.empty(n),
            observation=self.unseen(n),
            reward=numbers[:4],
            terminated=np.empty(n, dtype=np.bool_),
            targets=np.empty(n, dtype=np.int64),
            tally=numbers[4:],
        )
        action = np.ascontiguousarray(action, dtype=np.float64)
        handed = (engine.model, self._task, _data(state), tuple(new), action)
        beyond = engine.team.step(*handed)
        state.position, state.velocity = new.position, new.velocity
        state.drive, state.distance = new.drive, new.distance
        return new, beyond

    def begin(self, state: State, rows: np.ndarray, seen: np.ndarray) -> None:
        """Put the walkers ``rows`` at the start of their courses and fill in what they see."""
        begin(rows, self._engine.model, self._task, _data(state), *self._rest, seen)

    def observe(self, state: State) -> np.ndarray:
        """What every walker sees now, ``(N, O)`` float32, a new array."""
        seen = self.unseen(len(state.position))
        look(self._engine.model, self._task, _data(state), seen)
        return seen

    def unseen(self, n: int) -> np.ndarray:
        """Room for observations, ``(n, O)`` float32."""
        return np.empty((n, self._width), dtype=np.float32)


def knows(layout: tuple[Channel, ...]) -> bool:
    """Whether every channel of ``layout`` can be observed here."""
    return all(channel.name in CHANNELS for channel in layout)
