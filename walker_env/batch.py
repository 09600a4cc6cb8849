"""N walkers on their courses: reset and step on arrays. No Gymnasium, no autoreset."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from walker_env import sensing
from walker_env.actuation import Actuator
from walker_env.body import check_stable, with_left_strength
from walker_env.courses import Course, checked_targets
from walker_env.engine import make_engine
from walker_env.observation import ACTION, Observer, get_layout, width
from walker_env.plan import PlanError
from walker_env.reward import TERMS, reward_terms, sum_terms
from walker_env.state import State, zeros
from walker_env.tasks import (
    STALL_PROGRESS,
    TARGET_RADIUS,
    Options,
    episode_rng,
)

if TYPE_CHECKING:
    from walker_env.fused import FusedStep

TALLY = ("targets", "score", "distance", "path", "energy")
"""What is counted of an episode; `space.INFO` has the meanings."""

_TINY = 1e-300  # keeps a direction or a fraction finite where a distance is zero
_WRONG_DRAW = "course must draw finite targets of shape (count, 2)"
_COURSE_BLOCK = 64  # targets drawn at a reset; a walker that needs more doubles it


class Step(NamedTuple):
    """What a control step came to, all with a leading walker axis."""

    observation: np.ndarray  # (N, O) float32
    reward: np.ndarray  # (N,) float64, the sum of the terms
    terms: dict[str, np.ndarray]  # (N,) float64 each
    terminated: np.ndarray  # (N,) bool: course complete, or stalled
    tally: dict[str, np.ndarray]  # (N,) each, as `WalkerBatch.tally`


class WalkerBatch:
    """N walkers that do not know of each other.

    Args:
        n: Number of walkers.
        options: Body, observation layout, course, engine and so on.

    Attributes:
        state: The present `State`; read it, do not write it.
        engine: The engine that moves the walkers.
    """

    def __init__(self, n: int, options: Options | None = None) -> None:
        if not (isinstance(n, (int, np.integer)) and n >= 1):
            raise ValueError(f"the number of walkers must be an int >= 1, got {n!r}")
        self.n, self.options = int(n), options or Options()
        self.world = world = self.options.world
        self.body = with_left_strength(self.options.body, world.left_strength)
        check_stable(self.body, world)
        self.layout = get_layout(self.options.observation)
        self.engine = make_engine(
            self.options.engine, self.n, self.body, world, self.options.threads
        )
        kept = world.sensor_delay + 1 if world.sensor_delay else 0
        self.state = zeros(self.n, self.body, _COURSE_BLOCK, (kept, width(self.layout, self.body)))
        self.state.episode[:] = -1
        self.action_width = width(ACTION, self.body)
        course = self.options.course
        self._course = course.draw if isinstance(course, Course) else course
        listed = course.targets if isinstance(course, Course) else None
        self._targets = None if listed is None else np.array(listed)  # of a course with an end
        self._actuator = Actuator(self.body, world)
        self._rest_positions = self.body.rest_positions()
        self._observer = Observer(self.layout, self.body)
        self._gauge = sensing.MuscleGauge(self.body)
        self._finite = False  # whether any course has an end
        limit = self.options.stall_limit
        self._stall_steps = None if limit is None else max(1, round(limit * world.control_rate))
        self._fused = self._fuse()

    def reset(
        self,
        mask: np.ndarray | None = None,
        seed: np.ndarray | None = None,
        targets: np.ndarray | None = None,
        seen: np.ndarray | None = None,
    ) -> np.ndarray:
        """Begin a new episode for the walkers in ``mask``; the others stay as they are.

        Args:
            mask: ``(N,)`` bool; None means all.
            seed: ``(N,)`` seeds, used where ``mask`` is set. Without them every walker goes on to
                the next episode of its own seed.
            targets: A course of the caller's own, ``(P, 2)`` [unit]; the episode terminates at its
                end. None takes that of the options: a list of targets, or an endless course drawn
                from the walker's seed and episode.
            seen: The present observations; those of ``mask`` are overwritten and it is returned.

        Returns:
            Observations of all walkers, ``(N, O)`` float32, a new array unless ``seen`` is given.
        """
        state = self.state
        mask = np.ones(self.n, dtype=bool) if mask is None else mask
        rows = np.flatnonzero(mask)
        targets = self._targets if targets is None else targets
        if seed is None:
            state.episode[rows] += 1
        else:
            state.seed[rows] = np.asarray(seed, dtype=np.uint64)[rows]
            state.episode[rows] = 0
        state.target_count[rows] = 0
        self._set_courses(rows, targets)
        if self._finite or targets is not None:
            self._finite = bool(state.target_count.any())
        if self._fused is not None:
            return self._begin_fused(self._fused, rows, seen)
        state.position[rows] = self._rest_positions
        for part in (state.velocity, state.warm_start, state.energy, state.path):
            part[rows] = 0.0
        for count in (state.steps, state.target_index):
            count[rows] = 0
        self._actuator.rest(state, rows)
        self.engine.load(state, mask)
        self._sense()
        self._begin_leg(rows)
        if self.world.sensor_delay:
            state.sight[rows] = self._measure()[rows, None]
        if seen is None:
            return self.observe()
        seen[rows] = self.observe()[rows]
        return seen

    def step(self, action: np.ndarray) -> Step:
        """Advance all walkers one control step.

        Args:
            action: Commands ``(N, F + M)``, clipped to [-1, 1]; trusted to be finite.
        """
        if self._fused is not None:
            return self._step_fused(self._fused, action)
        state, before, centre = self.state, self.state.distance, self._centre
        action = np.minimum(np.maximum(action, -1.0, dtype=np.float64), 1.0)
        energy = self._actuator.apply(action, self._length, state)
        self.engine.step(state)
        self._sense()

        state.steps += 1
        state.energy += energy
        state.path += sensing.length(self._centre - centre)
        state.distance = sensing.length(self._way)
        reached = state.distance < TARGET_RADIUS
        if self._finite:
            reached &= ~self._complete()  # who has arrived stays until it is reset
        terms = reward_terms(before - state.distance, reached, energy, self.options.weights)
        terminated = self._follow_course(reached)
        observation = self._see(self._measure())
        return Step(observation, sum_terms(terms), terms, terminated, self.tally())

    def observe(self) -> np.ndarray:
        """What every walker sees now, ``(N, O)`` float32, a new array."""
        return self.state.sight[:, 0].copy() if self.world.sensor_delay else self._measure()

    def _measure(self) -> np.ndarray:
        """What the sensors measure now, ``(N, O)`` float32, a new array."""
        if self._fused is not None:
            return self._fused.observe(self.state)
        state, body = self.state, self.body
        forward = sensing.heading(state.position, body)
        bearing = sensing.in_head_frame(self._way, forward) / (state.distance + _TINY)[:, None]
        values = {
            "target_distance": state.distance,
            "target_cos": bearing[:, 0],
            "target_sin": bearing[:, 1],
            "grip": state.grip,
            "muscle_length": self._length,
            "velocity": sensing.in_head_frame(state.velocity[:, body.hub], forward),
            "turn_rate": sensing.turn_rate(state.position, state.velocity, body),
        }
        return self._observer.observe(values)

    def score(self) -> np.ndarray:
        """Targets reached plus the fraction of the way to the next, ``(N,)``."""
        return self._score(slice(None))

    def tally(self, rows: np.ndarray | None = None) -> dict[str, np.ndarray]:
        """What the episodes have come to so far, by the names of `TALLY`, in new arrays.

        Args:
            rows: Walkers by number, ``(R,)``; None means all.
        """
        state = self.state
        chosen = slice(None) if rows is None else rows
        found = (state.target_index, None, state.distance, state.path, state.energy)
        return {
            name: self._score(chosen) if value is None else value[chosen].copy()
            for name, value in zip(TALLY, found)
        }

    def snapshot(self) -> State:
        """A complete copy of the batch: stepping on from it repeats the trajectory bit for bit."""
        self.engine.save(self.state)
        return self.state.copy()

    def restore(self, snapshot: State) -> np.ndarray:
        """Go back to a snapshot of a batch of the same size, body and options.

        Returns:
            Observations of all walkers, ``(N, O)`` float32.

        Raises:
            ValueError: The snapshot is of another number of walkers or another body.
        """
        for name in ("position", "grip", "muscle", "sight"):
            here, there = getattr(self.state, name).shape, getattr(snapshot, name).shape
            if here != there:
                raise ValueError(f"snapshot.{name} has shape {there}, this batch needs {here}")
        self.state = snapshot.copy()
        self._finite = bool(snapshot.target_count.any())
        self.engine.load(self.state, np.ones(self.n, dtype=bool))
        self._sense()
        return self.observe()

    def _fuse(self) -> FusedStep | None:
        """The compiled form of `step` and `observe`, where there is one."""
        if self.engine.name != "compiled":
            return None
        from walker_env.fused import FusedStep, knows
        from walker_env.physics_compiled import CompiledEngine

        if not (isinstance(self.engine, CompiledEngine) and knows(self.layout)):
            return None
        weights, stall = self.options.weights, self._stall_steps
        return FusedStep(self.engine, self.body, self.layout, weights, self._actuator, stall)

    def _step_fused(self, fused: FusedStep, action: np.ndarray) -> Step:
        outcome, beyond = fused.step(action, self.state)
        *terms, reward = outcome.reward
        observation = outcome.observation
        tally = dict(zip(TALLY, (outcome.targets, *outcome.tally)))
        if beyond:
            room = self.state.targets.shape[1]
            waiting = (self.state.target_index >= room) & ~self._complete()
            self._grow_courses(room)
            self._begin_leg(np.flatnonzero(waiting))
            observation, tally = self._measure(), self.tally()
        observation = self._see(observation)
        return Step(observation, reward, dict(zip(TERMS, terms)), outcome.terminated, tally)

    def _begin_fused(
        self, fused: FusedStep, rows: np.ndarray, seen: np.ndarray | None
    ) -> np.ndarray:
        if seen is None:
            seen = fused.unseen(self.n) if len(rows) == self.n else self.observe()
        fused.begin(self.state, rows, seen)
        if self.world.sensor_delay:
            self.state.sight[rows] = seen[rows, None]
        return seen

    def _see(self, measured: np.ndarray) -> np.ndarray:
        """What is seen when the sensors have just measured this: where they are late, the past."""
        if not self.world.sensor_delay:
            return measured
        self.state.sight = np.concatenate([self.state.sight[:, 1:], measured[:, None]], axis=1)
        return self.observe()

    def _score(self, rows: slice | np.ndarray) -> np.ndarray:
        state = self.state
        index, count = state.target_index[rows], state.target_count[rows]
        fraction = 1.0 - state.distance[rows] / (state.leg_length[rows] + _TINY)
        fraction = np.maximum(fraction, 0.0)
        if self._finite:
            fraction[(index >= count) & (count > 0)] = 0.0
        return index + fraction

    def _sense(self) -> None:
        """Measure once what several parts of a step need; the fused step measures by itself."""
        if self._fused is not None:
            return
        position = self.state.position
        self._centre = sensing.centre(position)  # (N, 2)
        self._length = self._gauge.ratio(position)  # (N, M)
        self._way = self.state.target - sensing.head_position(position, self.body)  # (N, 2)

    def _set_courses(self, rows: np.ndarray, targets: np.ndarray | None) -> None:
        state = self.state
        if targets is None:
            self._draw_courses(rows)
            return
        state.target_count[rows] = len(targets)  # first: growing redraws the endless courses
        missing = len(targets) - state.targets.shape[1]
        if missing > 0:
            self._grow_courses(missing)
        state.targets[rows, : len(targets)] = targets

    def _draw_courses(self, rows: np.ndarray) -> None:
        """Draw the courses of ``rows``; walkers of one seed and episode share one draw."""
        state = self.state
        first: dict[tuple[int, int], int] = {}
        keys = zip(state.seed[rows].tolist(), state.episode[rows].tolist())
        for i, key in zip(rows.tolist(), keys):
            twin = first.setdefault(key, i)
            if twin == i:
                self._draw_course(i)
            else:
                state.targets[i] = state.targets[twin]

    def _draw_course(self, i: int) -> None:
        rng = episode_rng(self.state.seed[i], self.state.episode[i])
        room = self.state.targets.shape[1]
        try:
            drawn = checked_targets(self._course(rng, room), "the result")
        except PlanError as error:
            raise ValueError(f"{_WRONG_DRAW}: {error}") from error
        if len(drawn) != room:
            raise ValueError(f"{_WRONG_DRAW}: expected {room} targets, got {len(drawn)}")
        self.state.targets[i] = drawn

    def _draw_more(self, i: int, room: int) -> None:
        before = self.state.targets[i, :room].copy()
        self._draw_course(i)
        if not np.array_equal(self.state.targets[i, :room], before):
            raise ValueError(
                "a longer draw of the course must begin with the targets of a shorter one; "
                "draw target by target, e.g. rng.uniform(size=(count, 2))"
            )

    def _grow_courses(self, more: int) -> None:
        state = self.state
        state.targets = np.concatenate([state.targets, np.zeros((self.n, more, 2))], axis=1)
        for i in np.flatnonzero((state.target_count == 0) & (state.episode >= 0)).tolist():
            self._draw_more(i, state.targets.shape[1] - more)

    def _begin_leg(self, rows: np.ndarray) -> None:
        """Turn the walkers ``rows`` to the target that ``target_index`` names."""
        state = self.state
        state.target[rows] = state.targets[rows, state.target_index[rows]]
        way = state.target[rows] - sensing.head_position(state.position[rows], self.body)
        distance = sensing.length(way)
        if self._fused is None:
            self._way[rows] = way
        # a new array: the old one may have been handed out
        state.distance = state.distance.copy()
        for part in (state.distance, state.leg_length, state.best_distance):
            part[rows] = distance
        state.idle[rows] = 0

    def _complete(self) -> np.ndarray:
        """Who has reached the last target of a course that has an end, ``(N,)`` bool."""
        return (self.state.target_index >= self.state.target_count) & (self.state.target_count > 0)

    def _follow_course(self, reached: np.ndarray) -> np.ndarray:
        """Hand out the next targets and say whose episode is over, ``(N,)`` bool."""
        state = self.state
        if self._stall_steps is not None:
            nearer = state.distance < state.best_distance - STALL_PROGRESS
            state.best_distance = np.where(nearer, state.distance, state.best_distance)
            state.idle = np.where(nearer, 0, state.idle + 1)
        if reached.any():
            state.target_index += reached
            going_on = ~self._complete()
            room = state.targets.shape[1]
            if (state.target_index[going_on] >= room).any():
                self._grow_courses(room)
            self._begin_leg(np.flatnonzero(reached & going_on))
        over = self._complete() if self._finite else np.zeros(self.n, dtype=bool)
        if self._stall_steps is not None:
            over = over | (state.idle >= self._stall_steps)
        return over
