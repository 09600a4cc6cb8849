"""A training run: its folder, its budget, its learning curve, and how it goes on after a kill.

The folder holds ``config.json``, ``progress.jsonl`` (a line for each point of the learning curve),
``checkpoints/`` (the policy of each point, and the newest state) and ``policy.safetensors``, the
best policy so far on the validation courses. It is usable at any moment, also after a kill.
"""

from __future__ import annotations

import json
import math
import platform
from dataclasses import replace
from pathlib import Path
from typing import Any

from agents.learner import Config, Learner
from agents.policy import NAME_MAX, Policy, PolicyError
from agents.rollout import episode_scores
from agents.training.budget import Budget, Clock, Cost
from agents.training.checkpoint import CheckpointError, load_checkpoint, newest, save_checkpoint
from agents.training.progress import Watchers
from agents.training.run_config import CONFIG, check_same, describe, how
from walker_env import strict_json
from walker_env.files import atomic_write
from walker_env.seeds import validation_seeds

POINTS = 20
"""Points of the learning curve of a run whose budget is in steps."""

CHECKPOINT_SECONDS = 30.0
"""At most so much training is lost by a kill [s]."""

PROGRESS = "progress.jsonl"
"""The learning curve in a run folder."""


def name_of(folder: Path) -> str:
    """The name of a run's policies: its folder's, as far as it may stand in a table."""
    name = folder.resolve().name[:NAME_MAX]
    return "".join(letter if letter.isprintable() else "?" for letter in name)


class Run:
    """Keeps a run's folder, clock, learning curve and checkpoints.

    Args:
        folder: Made if missing; must not hold a run already, unless it is resumed.
        config: The algorithm's frozen config dataclass.
        budget: When to stop.
        validate_every: Seconds of training between two points of the learning curve. A run whose
            budget is in steps alone validates `POINTS` times at even steps instead: what it keeps
            must not depend on how fast the machine was.
        courses: Validation courses for each point.
        resume: Go on from the folder's newest checkpoint.
        watchers: Progress bar and the like.

    Attributes:
        best: The best policy so far on the validation courses.
        best_score: Its targets in 100 s there.
        interrupted: Whether Ctrl-C ended it.

    Raises:
        FileExistsError: The folder holds a run already.
        FileNotFoundError: There is no run to resume.
        CheckpointError: The checkpoint is damaged.
        ValueError: A number that makes no sense, or a resumed run with other settings.
    """

    def __init__(
        self,
        folder: str | Path,
        config: Config,
        budget: Budget,
        validate_every: float = 10.0,
        courses: int = 16,
        resume: bool = False,
        watchers: Watchers | None = None,
    ) -> None:
        if courses < 1 or not 0 <= validate_every < math.inf:
            raise ValueError(
                "a run needs courses >= 1 and a finite validate_every >= 0, "
                f"got {courses!r} and {validate_every!r}"
            )
        self.folder, self.config, self.budget = Path(folder), config, budget
        self.name = name_of(self.folder) or config.algorithm
        self.best: Policy | None = None
        self.best_score = -math.inf
        self.interrupted = False
        self._every = budget.steps / POINTS if budget.in_steps and budget.steps else validate_every
        self._seeds = validation_seeds(courses)
        self._points: list[dict[str, Any]] = []
        self._next = 0.0  # [s], or [control step] where the budget is in steps
        self._saved = 0.0  # [s] when the last checkpoint was written
        self._clock = Clock()
        self._spent = (0.0, 0.0)  # [s] wall and processor time before this process
        self._watchers = watchers or Watchers()
        self._state = self._find_state(resume)

    @property
    def checkpoints(self) -> Path:
        """Folder of the states and of each point's policy."""
        return self.folder / "checkpoints"

    def begin(self, learner: Learner) -> None:
        """Start the clock; a resumed learner is first set to where it stopped."""
        if self._state is not None:
            self._restore(self._state, learner)
            self._state = None
        told = {**self._describe(), "how": how(self.config)}
        atomic_write(self.folder / CONFIG, json.dumps(told, indent=2) + "\n")
        self._watchers.start(self.config.algorithm, self.folder, len(self._points))
        self._clock = Clock(*self._spent)

    def go_on(self, learner: Learner) -> bool:
        """Call between updates: validates and saves when it is time; whether to go on."""
        cost = self.cost(learner)
        used = self.budget.used(cost)
        with self._clock.paused():
            self._watchers.update(cost, used, learner.metrics)
            now = cost.steps if self.budget.in_steps else cost.seconds
            if now >= self._next or used >= 1:
                self._next = now + self._every
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
        if not self._points or self._points[-1]["steps"] < cost.steps:
            self._validate(learner, cost)
            self._save(learner, cost)

    def _validate(self, learner: Learner, cost: Cost) -> None:
        policy = learner.policy()
        scores = episode_scores(policy.act, policy.options.judged(), self._seeds)
        score = float(scores.mean())
        spent = {"steps": cost.steps, "seconds": cost.seconds, "cpu_seconds": cost.cpu_seconds}
        spent = {name: round(value, 2) for name, value in spent.items()}
        trained = {
            **self._describe(),
            **spent,
            "validation_score": round(score, 3),
            "python": platform.python_version(),
        }
        policy = replace(policy, name=self.name, training=trained)
        policy.save(self._policy_file(cost.steps))
        if score > self.best_score:
            self.best, self.best_score = policy, score
        self._save_best(spent)
        rounded = [round(value, 3) for value in scores.tolist()]
        self._points.append({**spent, "score": round(score, 3), "scores": rounded})
        self._write_points()
        self._watchers.validated(cost, score, self.folder)

    def _save_best(self, spent: dict[str, Any]) -> None:
        """Save the best policy together with what the run has cost until now."""
        assert self.best is not None
        whole = {f"run_{name}": value for name, value in spent.items()}
        self.best = replace(self.best, training=self.best.training | whole)
        self.best.save(self.folder / "policy.safetensors")

    def _save(self, learner: Learner, cost: Cost) -> None:
        state = {
            "learner": learner.state_dict(),
            "seconds": cost.seconds,
            "cpu_seconds": cost.cpu_seconds - learner.cpu_seconds,  # of this process
            "next": self._next,
            "in_steps": self.budget.in_steps,
            "points": len(self._points),
            "best_steps": self._best_steps(),
            "best_score": self.best_score if self.best else None,
        }
        save_checkpoint(self.checkpoints, cost.steps, state)
        self._saved = cost.seconds

    def _best_steps(self) -> int | None:
        return None if self.best is None else int(self.best.training["steps"])

    def _find_state(self, resume: bool) -> dict[str, Any] | None:
        known = self.folder / CONFIG
        if not resume:
            if known.exists():
                raise FileExistsError(
                    f"{self.folder} holds a run already; --resume goes on with it, or choose "
                    "another --out"
                )
            return None
        check_same(self.folder, json.loads(json.dumps(self._describe())))
        path, curve = newest(self.checkpoints), self.folder / PROGRESS
        if path is not None:
            return load_checkpoint(path)
        if curve.exists() and len(curve.read_text(encoding="utf-8").splitlines()) > 1:
            raise CheckpointError(
                f"{self.checkpoints} holds no checkpoint to go on from; the run's policies can be "
                "used as they are"
            )
        return None

    def _restore(self, state: dict[str, Any], learner: Learner) -> None:
        try:
            learner.load_state_dict(state["learner"])
            self._points = self._read_points(state["points"])
            in_steps = state.get("in_steps", self.budget.in_steps)  # earlier versions wrote none
            if in_steps == self.budget.in_steps:  # else the next point is due at once
                self._next = state["next"]
            if state["best_steps"] is not None:
                self.best = Policy.load(self._policy_file(state["best_steps"]))
                self.best_score = state["best_score"]
        except PolicyError as error:
            raise CheckpointError(f"the run's best policy so far is damaged: {error}") from error
        except (KeyError, TypeError, AttributeError) as error:
            raise CheckpointError(
                f"{self.checkpoints}: the checkpoint does not fit this version: {error!r}"
            ) from error
        self._write_points()
        self._saved = state["seconds"]
        self._spent = (state["seconds"], state["cpu_seconds"])

    def _read_points(self, count: int) -> list[dict[str, Any]]:
        """The first points of the learning curve: those that the checkpoint knows of."""
        path = self.folder / PROGRESS
        try:
            lines = path.read_text(encoding="utf-8").splitlines()[:count] if count else []
            points = [strict_json.loads(line) for line in lines]
        except (OSError, ValueError) as error:
            raise CheckpointError(f"{path}: the learning curve is damaged: {error}") from error
        if len(points) < count or not all(isinstance(point, dict) for point in points):
            raise CheckpointError(
                f"{path}: the learning curve is damaged: expected {count} points, got {len(points)}"
            )
        return points

    def _policy_file(self, steps: int) -> Path:
        return self.checkpoints / f"{steps:012d}.safetensors"

    def _write_points(self) -> None:
        text = "".join(json.dumps(point) + "\n" for point in self._points)
        atomic_write(self.folder / PROGRESS, text)

    def _describe(self) -> dict[str, Any]:
        return describe(self.config, self.budget)
