"""A whole control step in one compiled pass: actuation, physics, sensing, reward, observation.

A step in numpy walks over the arrays of the batch some two hundred times, this one once. The numpy
version in `step_numpy` stays as the oracle, and a test holds this one to it bit for bit.
"""

from __future__ import annotations

from dataclasses import asdict
from operator import attrgetter

import numpy as np

from walker_env.actuation import Actuator
from walker_env.compiled.entry import begin, look
from walker_env.compiled.model import Data, TaskParams
from walker_env.compiled.team import Team
from walker_env.engine import Engine
from walker_env.observation import Observer, slices
from walker_env.physics_compiled import CompiledEngine
from walker_env.schema import FIGURES, Channels, Drive, Weights
from walker_env.state import State
from walker_env.stepper import Step, Task
from walker_env.tasks import STALL_PROGRESS, TARGET_RADIUS

_data = attrgetter(*Data._fields)  # of a State, as a plain tuple


class CompiledStepper:
    """Steps and observes the walkers of one batch.

    Args:
        n: Number of walkers.
        task: What they are and do.
        threads: That step them; at least 1.

    Attributes:
        engine: The same physics alone.
    """

    def __init__(self, n: int, task: Task, threads: int = 1) -> None:
        engine = CompiledEngine(task.body, task.world)
        self.engine: Engine = engine
        self._model = engine.model
        self._team = Team(n, threads)
        actuator = Actuator(task.body, task.world)
        params = make_params(task, actuator)
        self._params = tuple(params)  # plain tuples are handed over faster
        self._width = len(params.scale)
        self._rest = (task.body.rest_positions(), actuator.at_rest)

    def load(self, state: State) -> None:
        """Nothing to take over: every step reads the state."""

    def begin(self, state: State, rows: np.ndarray, seen: np.ndarray) -> None:
        """Put the walkers ``rows`` at the start of their courses, see `Stepper`."""
        begin(rows, self._model, self._params, _data(state), *self._rest, seen)

    def step(self, action: np.ndarray, state: State) -> tuple[Step, bool]:
        """Advance ``state`` one control step, see `Stepper`."""
        n = len(action)
        place = state.position.shape
        position, velocity = np.empty(place), np.empty(place)
        drive, distance = np.empty(state.drive.shape), np.empty(n)
        step = Step(np.empty((n, self._width), np.float32), np.empty((FIGURES, n)))
        result = (position, velocity, drive, distance, *step)  # as `model.Result`
        action = np.ascontiguousarray(action, dtype=np.float64)
        beyond = self._team.step(self._model, self._params, _data(state), result, action)
        state.position, state.velocity = position, velocity
        state.drive, state.distance = drive, distance
        return step, beyond

    def compiled(self, state: State) -> tuple[tuple, tuple, tuple]:
        """The model, the constants of the task and the arrays of ``state``, as plain tuples."""
        return self._model, self._params, _data(state)

    def observe(self, state: State) -> np.ndarray:
        """What every walker sees now, ``(N, O)`` float32, a new array."""
        seen = np.empty((len(state.position), self._width), dtype=np.float32)
        look(self._model, self._params, _data(state), seen)
        return seen


def make_params(task: Task, actuator: Actuator) -> TaskParams:
    """The constants of a task as the compiled functions want them."""
    body, found, of = task.body, slices(task.layout, task.body), actuator
    return TaskParams(
        drive=np.array(attrgetter(*Drive._fields)(of)),
        work=of.work,
        grip_cost=of.grip_cost,
        head=np.array(body.head, dtype=np.int64),
        column=np.array([found[c].start if c in found else -1 for c in Channels._fields]),
        scale=Observer(task.layout, body).scale,
        left=body.across[0],
        right=body.across[1],
        hub=body.hub,
        stall_steps=task.stall_steps or 0,
        stall_progress=STALL_PROGRESS,
        target_radius=TARGET_RADIUS,
        weights=tuple(map(float, Weights(**asdict(task.weights)))),
    )
