"""A training run: its clock, when it is validated and saved, and how it goes on after a kill."""

from __future__ import annotations

import math
import platform
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np

from agents.learner import Config, Learner
from agents.policy import Policy
from agents.rollout import episode_scores
from agents.training.budget import Budget, Clock, Cost
from agents.training.checkpoint import CheckpointError
from agents.training.curve import Point, write_points
from agents.training.progress import Watchers
from agents.training.run_config import describe, for_policy, runtime_options
from agents.training.run_folder import RunFolder, RunState
from walker_env.seeds import validation_seeds

POINTS = 20
"""Points of the learning curve of a run whose budget is in steps."""

COURSES = 16
"""Validation courses of a run that names none."""

CHECKPOINT_SECONDS = 30.0
"""At most so much training is lost by a kill [s]."""


class Timetable:
    """When the next point of the learning curve is due, by the clock of the run's budget.

    A run whose budget is in steps alone has `POINTS` of them at even steps: what it keeps must not
    depend on how fast the machine was.

    Args:
        budget: Of the run.
        seconds: Training between two points, where the budget is not in steps alone: wall time, or
            processor time where that is what is limited [s].
        looks: When points are due instead, on the clock, rising; the end of the budget is always.

    Attributes:
        clock: See `Budget.clock`.
        next: On that clock, [s] or [control step].
    """

    def __init__(self, budget: Budget, seconds: float, looks: Sequence[float] = ()) -> None:
        self.clock = budget.clock
        self._looks = (*looks, getattr(budget, self.clock))
        self.next = self._looks[0] if looks else 0.0
        steps = budget.steps if self.clock == "steps" else None
        every = seconds if steps is None else steps / POINTS
        self._every = None if looks else every

    def due(self, cost: Cost) -> bool:
        """Whether the next point is due."""
        return self._now(cost) >= self.next

    def passed(self, cost: Cost) -> None:
        """There was a point at this cost."""
        now = self._now(cost)
        if self._every is None:
            self.next = next((look for look in self._looks if look > now), self._looks[-1])
        else:
            self.next = now + self._every

    def _now(self, cost: Cost) -> float:
        return getattr(cost, self.clock)


class Run:
    """Counts what a run costs, validates its policies and keeps the best one.

    Args:
        folder: Where it is kept, from `run_folder.open_run`; with a state, the run goes on there.
        config: The algorithm's frozen config dataclass.
        budget: When to stop.
        validate_every: Seconds of training between two points of the learning curve, see
            `Timetable`.
        courses: Seeds of the validation courses, ``(C,)`` uint64.
        watchers: Progress bar and the like.
        looks: When points are due instead, see `Timetable`.

    Attributes:
        best: The best policy so far on the validation courses.
        best_score: Its targets in 100 s there.
        interrupted: Whether Ctrl-C ended it.

    Raises:
        ValueError: A number that makes no sense.
    """

    def __init__(
        self,
        folder: RunFolder,
        config: Config,
        budget: Budget,
        validate_every: float = 10.0,
        courses: np.ndarray | None = None,
        watchers: Watchers | None = None,
        looks: Sequence[float] = (),
    ) -> None:
        self._seeds = validation_seeds(COURSES) if courses is None else courses
        if len(self._seeds) < 1 or not 0 <= validate_every < math.inf:
            raise ValueError(
                "a run needs courses >= 1 and a finite validate_every >= 0, "
                f"got {len(self._seeds)!r} and {validate_every!r}"
            )
        self.config, self.budget = config, budget
        self.best: Policy | None = None
        self.best_score = -math.inf
        self.interrupted = False
        self._files = folder
        self._timetable = Timetable(budget, validate_every, looks)
        self._points: list[Point] = []
        self._saved = 0.0  # [s] when the last checkpoint was written
        self._spent = (0.0, 0.0)  # [s] wall and processor time before this process
        self._clock = Clock()
        self._watchers = watchers or Watchers()

    @property
    def folder(self) -> Path:
        """The run folder."""
        return self._files.path

    @property
    def checkpoints(self) -> Path:
        """Folder of the states and of each point's policy."""
        return self._files.checkpoints

    def begin(self, learner: Learner) -> None:
        """Start the clock; a resumed learner is first set to where it stopped.

        Raises:
            CheckpointError: The checkpoint, or a file that belongs to it, is damaged.
        """
        if self._files.state is not None:
            self._restore(self._files.state, learner)
        self._files.write_config({**self._describe(), "how": runtime_options(self.config)})
        self._watchers.start(self.config.algorithm, self.folder, len(self._points))
        self._clock = Clock(*self._spent)

    def go_on(self, learner: Learner) -> bool:
        """Call between updates: validates and saves when it is time; whether to go on."""
        cost = self.cost(learner)
        used = self.budget.used(cost)
        with self._clock.paused():
            self._watchers.update(cost, used, learner.metrics)
            if self._timetable.due(cost) or used >= 1:
                self._timetable.passed(cost)
                self._mark(learner, cost)
            elif cost.seconds - self._saved >= CHECKPOINT_SECONDS:
                self._save(learner, cost)
        return used < 1

    def finish(self, learner: Learner) -> None:
        """Validate and save what was learned since the last point; for a run that was stopped."""
        self._mark(learner, self.cost(learner))

    def cost(self, learner: Learner) -> Cost:
        """What has been spent until now."""
        cpu = self._clock.cpu_seconds + learner.cpu_seconds
        return Cost(int(learner.steps), self._clock.seconds, cpu)

    def _mark(self, learner: Learner, cost: Cost) -> None:
        """Add a point to the curve and save the state, unless nothing was learned since the last.

        That is so where a run is resumed that had ended, or where Ctrl-C came at a point.
        """
        if not self._points or self._points[-1].steps < cost.steps:
            self._validate(learner, cost)
            self._save(learner, cost)

    def _validate(self, learner: Learner, cost: Cost) -> None:
        policy = learner.policy()
        scores = episode_scores(policy.act, policy.options.for_evaluation(), self._seeds)
        score = float(scores.mean())
        spent = {name: round(value, 2) for name, value in asdict(cost).items()}
        trained = {
            **for_policy(self._describe()),
            **spent,
            "validation_score": round(score, 3),
            "python": platform.python_version(),
        }
        name = self._files.name or self.config.algorithm
        policy = replace(policy, name=name, training=trained)
        policy.save(self._files.policy_at(cost.steps))
        if score > self.best_score or getattr(self.config, "keeps_best", False):
            self.best, self.best_score = policy, score
        self._save_best(spent)
        rounded = tuple(round(value, 3) for value in scores.tolist())
        self._points.append(Point(**spent, score=round(score, 3), scores=rounded))
        write_points(self.folder, self._points)
        self._watchers.validated(cost, score, self.folder)

    def _save_best(self, spent: dict[str, Any]) -> None:
        """Save the best policy together with what the run has cost until now."""
        assert self.best is not None
        whole = {f"run_{name}": value for name, value in spent.items()}
        self.best = replace(self.best, training=self.best.training | whole)
        self._files.save_best(self.best)

    def _save(self, learner: Learner, cost: Cost) -> None:
        state = RunState(
            learner=learner.state_dict(),
            seconds=cost.seconds,
            cpu_seconds=cost.cpu_seconds - learner.cpu_seconds,
            next=self._timetable.next,
            clock=self._timetable.clock,
            points=len(self._points),
            best_steps=int(self.best.training["steps"]) if self.best else None,
            best_score=self.best_score if self.best else None,
        )
        self._files.save_state(cost.steps, state)
        self._saved = cost.seconds

    def _restore(self, state: RunState, learner: Learner) -> None:
        try:
            learner.load_state_dict(state.learner)
            self._points = self._files.load_points(state.points)
        except (KeyError, TypeError, AttributeError) as error:
            raise CheckpointError(
                f"{self.checkpoints}: the checkpoint does not fit this version: {error!r}"
            ) from error
        if state.clock in (None, self._timetable.clock):  # else the next point is due at once
            self._timetable.next = state.next
        if state.best_steps is not None and state.best_score is not None:
            self.best, self.best_score = self._files.load_policy(state.best_steps), state.best_score
        self._saved, self._spent = state.seconds, (state.seconds, state.cpu_seconds)
        write_points(self.folder, self._points)

    def _describe(self) -> dict[str, Any]:
        return describe(self.config, self.budget)
