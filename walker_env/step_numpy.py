"""The readable control step: numpy around an engine. The compiled one is held to it bit for bit."""

from __future__ import annotations

import numpy as np

from walker_env import sensing
from walker_env.actuation import Actuator
from walker_env.engine import Engine
from walker_env.observation import Observer
from walker_env.progress import begin_leg, complete, tally
from walker_env.reward import reward_terms, sum_terms
from walker_env.schema import TINY, Channels
from walker_env.state import State
from walker_env.stepper import Step, Task
from walker_env.tasks import STALL_PROGRESS, TARGET_RADIUS
from walker_env.terrain import Terrain, feelers, make_soil


class NumpyStepper:
    """Steps and observes the walkers of one batch with any engine.

    Attributes:
        engine: What moves them.
    """

    def __init__(self, engine: Engine, task: Task) -> None:
        self.engine = engine
        self._body, self._weights, self._stall_steps = task.body, task.weights, task.stall_steps
        self._rest_positions = task.body.rest_positions()
        self._actuator = Actuator(task.body, task.world)
        self._observer = Observer(task.layout, task.body)
        self._gauge = sensing.MuscleGauge(task.body)
        self._feels = any(channel.name == "foot_grip" for channel in task.layout)
        soil = make_soil(task.body, task.world)
        self._terrain = None if soil is None else Terrain(task.body, soil)
        self._finite = False  # whether any course has an end

    def load(self, state: State) -> None:
        """Go on from ``state``, see `Stepper`."""
        self.engine.load(state, np.ones(len(state.position), dtype=bool))
        self._finite = bool(state.target_count.any())
        self._sense(state)

    def begin(self, state: State, rows: np.ndarray, seen: np.ndarray) -> None:
        """Put the walkers ``rows`` at the start of their courses, see `Stepper`."""
        state.position[rows] = self._rest_positions
        for part in (state.velocity, state.warm_start, state.energy, state.path):
            part[rows] = 0.0
        for count in (state.steps, state.target_index):
            count[rows] = 0
        self._actuator.rest(state, rows)
        mask = np.zeros(len(state.position), dtype=bool)
        mask[rows] = True
        self.engine.load(state, mask)
        self._finite = bool(state.target_count.any())
        begin_leg(state, rows, self._body)
        seen[rows] = self.observe(state)[rows]

    def step(self, action: np.ndarray, state: State) -> tuple[Step, bool]:
        """Advance ``state`` one control step, see `Stepper`."""
        before, centre = state.distance, self._centre
        action = np.minimum(np.maximum(action, -1.0, dtype=np.float64), 1.0)
        energy = self._actuator.apply(action, self._length, state)
        self.engine.step(state)
        self._sense(state)

        state.steps += 1
        state.energy += energy
        state.path += sensing.length(self._centre - centre)
        state.distance = sensing.length(self._way)
        reached = state.distance < TARGET_RADIUS
        if self._finite:
            reached &= ~complete(state)  # who has arrived stays until it is reset
        terms = reward_terms(before - state.distance, reached, energy, self._weights)
        beyond = self._follow_course(state, reached)
        over = self._over(state)
        counts = tally(state)
        targets = counts.pop("targets")
        figures = [*terms.values(), sum_terms(terms), *counts.values(), targets, over]
        return Step(self._measure(state), np.array(figures, dtype=np.float64)), beyond

    def observe(self, state: State) -> np.ndarray:
        """What every walker sees now, ``(N, O)`` float32, a new array."""
        self._sense(state)
        return self._measure(state)

    def _sense(self, state: State) -> None:
        """Measure once what several parts of a step need."""
        position = state.position
        self._centre = sensing.centre(position)  # (N, 2)
        self._length = self._gauge.ratio(position)  # (N, M)
        self._way = state.target - sensing.head_position(position, self._body)  # (N, 2)

    def _measure(self, state: State) -> np.ndarray:
        """Fill the layout from the last `_sense`."""
        body = self._body
        forward = sensing.heading(state.position, body)
        bearing = sensing.in_head_frame(self._way, forward) / (state.distance + TINY)[:, None]
        channels = Channels(
            target_distance=state.distance,
            target_cos=bearing[:, 0],
            target_sin=bearing[:, 1],
            grip=state.grip,
            muscle_length=self._length,
            velocity=sensing.in_head_frame(state.velocity[:, body.hub], forward),
            turn_rate=sensing.turn_rate(state.position, state.velocity, body),
            **self._feel(state, forward),
        )
        return self._observer.observe(channels._asdict())

    def _feel(self, state: State, forward: np.ndarray) -> dict[str, np.ndarray | None]:
        """The ground under the feet and at the feelers, where the layout has it."""
        if not self._feels:
            return dict.fromkeys(("foot_grip", "foot_depth", "ahead_grip", "ahead_depth"))
        position, feet = state.position, self._body.feet
        touched = feelers(sensing.head_position(position, self._body), forward)
        points = np.concatenate([position[:, feet], touched], axis=1)
        if self._terrain is None or state.ground is None:
            grip, depth = np.ones(points.shape[:2]), np.zeros(points.shape[:2])
        else:
            grip, depth = self._terrain.grip_and_depth(points, state.ground)
        f = len(feet)
        return {
            "foot_grip": grip[:, :f],
            "foot_depth": depth[:, :f],
            "ahead_grip": grip[:, f:],
            "ahead_depth": depth[:, f:],
        }

    def _follow_course(self, state: State, reached: np.ndarray) -> bool:
        """Hand out the next targets; whether some course needs more room."""
        if self._stall_steps is not None:
            nearer = state.distance < state.best_distance - STALL_PROGRESS
            state.best_distance = np.where(nearer, state.distance, state.best_distance)
            state.idle = np.where(nearer, 0, state.idle + 1)
        if not reached.any():
            return False
        state.target_index += reached
        going_on = reached & ~complete(state)
        beyond = going_on & (state.target_index >= state.targets.shape[1])
        state.idle[beyond] = 0
        rows = np.flatnonzero(going_on & ~beyond)
        self._way[rows] = begin_leg(state, rows, self._body)
        return bool(beyond.any())

    def _over(self, state: State) -> np.ndarray:
        """Whose episode is over, ``(N,)`` bool."""
        over = complete(state) if self._finite else np.zeros(len(state.idle), dtype=bool)
        if self._stall_steps is not None:
            over = over | (state.idle >= self._stall_steps)
        return over
