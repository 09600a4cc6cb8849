"""The seam between a batch and what steps its walkers: one small interface, two steppers."""

from __future__ import annotations

from typing import NamedTuple, Protocol

import numpy as np

from walker_env.body import Body
from walker_env.engine import Engine, resolve
from walker_env.observation import Channel
from walker_env.params import World
from walker_env.reward import RewardWeights
from walker_env.schema import FIRST_COUNT, FIRST_TERM, REWARD, TARGETS, TERMINATED, Counts, Terms
from walker_env.state import State


class Task(NamedTuple):
    """What walks where, and what it sees and is paid."""

    body: Body
    world: World
    layout: tuple[Channel, ...]
    weights: RewardWeights
    stall_steps: int | None  # [control step] without progress that end an episode; None: never


class Step(NamedTuple):
    """What a control step came to, all with a leading walker axis."""

    observation: np.ndarray  # (N, O) float32
    figures: np.ndarray  # (FIGURES, N) float64, rows as in `schema`

    @property
    def reward(self) -> np.ndarray:
        """The sum of the terms, ``(N,)`` float64."""
        return self.figures[REWARD]

    @property
    def terms(self) -> dict[str, np.ndarray]:
        """The terms of the reward, ``(N,)`` float64 each."""
        return dict(zip(Terms._fields, self.figures[FIRST_TERM:]))

    @property
    def terminated(self) -> np.ndarray:
        """Whose course is complete, or who is stalled, ``(N,)`` bool."""
        return self.figures[TERMINATED] != 0.0

    @property
    def tally(self) -> dict[str, np.ndarray]:
        """What the episodes have come to, ``(N,)`` each, as `WalkerBatch.tally`."""
        counts = dict(zip(Counts._fields, self.figures[FIRST_COUNT:]))
        return {"targets": self.figures[TARGETS].astype(np.int64), **counts}


class Stepper(Protocol):
    """Moves, pays and observes N walkers; courses and episodes are the batch's part.

    Observations are those of sensors that are never late.

    Attributes:
        engine: What moves the walkers.
    """

    engine: Engine

    def load(self, state: State) -> None:
        """Go on from ``state``, which was not made by the last call."""

    def begin(self, state: State, rows: np.ndarray, seen: np.ndarray) -> None:
        """Put walkers at rest at the start of the courses that ``state`` holds.

        Args:
            state: Changed where ``rows`` says.
            rows: Those walkers by number, ``(R,)``.
            seen: ``(N, O)`` float32; what they see now is written into their rows.
        """

    def step(self, action: np.ndarray, state: State) -> tuple[Step, bool]:
        """Advance ``state`` one control step.

        Args:
            action: Commands ``(N, F + M)``, clipped to [-1, 1]; trusted to be finite.
            state: Changed.

        Returns:
            What it came to, and whether a walker has reached the last target that ``state.targets``
            has room for although its course goes on: it has still the old one then.
        """

    def observe(self, state: State) -> np.ndarray:
        """What every walker sees now, ``(N, O)`` float32, a new array."""


def make_stepper(n: int, task: Task, engine: str, threads: int) -> Stepper:
    """Make the fastest stepper that has this engine.

    Args:
        n: Number of walkers.
        task: What they are and do.
        engine: A name in `engine.ENGINES`, or ``"auto"``.
        threads: That step the batch; only the compiled stepper has a use for more than one.

    Raises:
        ValueError: No such engine.
        gymnasium.error.DependencyNotInstalled: The engine's library is not installed.
    """
    if resolve(engine) == "compiled":
        from walker_env.step_compiled import CompiledStepper  # numba takes a while to import

        return CompiledStepper(n, task, threads)
    from walker_env.physics_pymunk import PymunkEngine
    from walker_env.step_numpy import NumpyStepper

    return NumpyStepper(PymunkEngine(n, task.body, task.world), task)
