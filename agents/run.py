"""A training run: its folder, its budget and what it reports.

The folder holds ``config.json``, ``progress.jsonl`` (a line for each point of the learning curve),
``checkpoints/`` and ``policy.safetensors``, the best policy so far on the validation courses. It is
usable at any moment, also after Ctrl-C or a kill.
"""

from __future__ import annotations

import importlib.metadata
import json
import math
import platform
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from agents.files import atomic_write
from agents.policy import Policy
from agents.rollout import episode_scores
from walker_env import ENV_ID
from walker_env.seeds import validation_seeds

POINTS = 20
"""Points of the learning curve of a run whose budget is in steps."""

_PACKAGES = (
    "walker_env",
    "gymnasium",
    "numpy",
    "pymunk",
    "torch",
    "stable-baselines3",
    "evotorch",
)


@dataclass(frozen=True)
class Budget:
    """When a run ends: whichever comes first. Validation costs neither seconds nor steps."""

    seconds: float | None = 120.0  # [s] of training, wall time
    steps: int | None = None  # [control step] of all walkers together

    def __post_init__(self) -> None:
        if self.seconds is None and self.steps is None:
            raise ValueError("a budget needs seconds, steps or both")
        for name in ("seconds", "steps"):
            value = getattr(self, name)
            if value is not None and not 0 < value < math.inf:
                raise ValueError(f"budget: {name} must be a positive number, got {value!r}")

    def used(self, seconds: float, steps: int) -> float:
        """Fraction of the budget that is spent."""
        return max(seconds / (self.seconds or math.inf), steps / (self.steps or math.inf))


class Run:
    """Keeps a run's folder, clock, progress bar and learning curve.

    Args:
        folder: Made if missing; must not hold a run already.
        algorithm: Its name.
        config: The trainer's frozen config dataclass.
        budget: When to stop.
        validate_every: Seconds of training between two points of the learning curve. A run with a
            budget of steps validates `POINTS` times at even steps instead: what it keeps must not
            depend on how fast the machine was.
        courses: Validation courses for each point.
        quiet: Draw no progress bar.

    Raises:
        FileExistsError: The folder holds a run already.
        ValueError: A number that makes no sense.
    """

    def __init__(
        self,
        folder: str | Path,
        algorithm: str,
        config: Any,
        budget: Budget,
        validate_every: float = 10.0,
        courses: int = 16,
        quiet: bool = False,
    ) -> None:
        if courses < 1 or not 0 <= validate_every < math.inf:
            raise ValueError(
                "a run needs courses >= 1 and a finite validate_every >= 0, "
                f"got {courses!r} and {validate_every!r}"
            )
        self.folder, self.budget = Path(folder), budget
        self.algorithm, self.config = algorithm, config
        self.name = self.folder.resolve().name or algorithm
        self._every, self._seeds = validate_every, validation_seeds(courses)
        if (self.folder / "config.json").exists():
            raise FileExistsError(f"{self.folder} holds a run already; choose another --out")
        self.interrupted = False
        self.best: Policy | None = None
        self.best_score = -math.inf
        self._lines: list[str] = []
        self._paused = 0.0
        self._start = time.perf_counter()
        self._next = 0.0  # [s], or [control step] where the budget is in steps
        self._latest: tuple[int, Callable[[], Policy]] | None = None  # not validated yet
        self._bar = _progress_bar(quiet)
        self._task = self._bar.add_task(algorithm, total=1.0, score="-", steps=0, rate=0)
        self._write_config()

    def __enter__(self) -> Run:
        self._bar.start()
        self._start = time.perf_counter()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    @property
    def seconds(self) -> float:
        """Seconds of training so far, validation left out."""
        return time.perf_counter() - self._start - self._paused

    def report(self, steps: int, policy: Callable[[], Policy]) -> bool:
        """Call after every update; validates when it is time.

        Args:
            steps: Control steps so far, of all walkers together.
            policy: Makes the present policy; called only when it is validated.

        Returns:
            Whether to go on.
        """
        seconds = self.seconds
        used = self.budget.used(seconds, steps)
        rate = steps / max(seconds, 1e-9)
        self._bar.update(self._task, completed=min(used, 1.0), steps=steps, rate=rate)
        self._latest = (steps, policy)
        now = seconds if self.budget.steps is None else steps
        if now >= self._next or used >= 1:
            every = self._every if self.budget.steps is None else self.budget.steps / POINTS
            self._next = now + every
            self._validate(steps, seconds, policy())
        return used < 1

    def finish(self) -> None:
        """Validate what was learned since the last validation; for a run that was interrupted."""
        if self._latest is not None:
            steps, policy = self._latest
            self._validate(steps, self.seconds, policy())

    def _validate(self, steps: int, seconds: float, policy: Policy) -> None:
        pause = time.perf_counter()
        self._latest = None
        scores = episode_scores(policy.act, policy.options.judged(), self._seeds)
        score = float(scores.mean())
        trained = {
            "algorithm": self.algorithm,
            "config": asdict(self.config),
            "steps": int(steps),
            "seconds": round(seconds, 1),
            "validation_score": round(score, 3),
            "budget": asdict(self.budget),
            "python": platform.python_version(),
            "versions": _versions(),
        }
        policy = replace(policy, training=trained)
        if score > self.best_score:
            self.best, self.best_score = policy, score
        self._save_best(steps, seconds)
        policy.save(self.folder / "checkpoints" / f"{steps:012d}.safetensors")
        point = {"seconds": round(seconds, 2), "steps": int(steps), "score": score}
        self._lines.append(json.dumps(point | {"scores": [round(s, 3) for s in scores.tolist()]}))
        atomic_write(self.folder / "progress.jsonl", "\n".join(self._lines) + "\n")
        self._bar.update(self._task, score=f"{score:.1f}")
        self._paused += time.perf_counter() - pause

    def _save_best(self, steps: int, seconds: float) -> None:
        """Save the best policy together with what the run has cost until now."""
        if self.best is not None:
            cost = {"run_steps": int(steps), "run_seconds": round(seconds, 1)}
            self.best = replace(self.best, training=self.best.training | cost)
            self.best.save(self.folder / "policy.safetensors")

    def _write_config(self) -> None:
        config = {
            "algorithm": self.algorithm,
            "env_id": ENV_ID,
            "budget": asdict(self.budget),
            "config": asdict(self.config),
            "versions": _versions(),
        }
        atomic_write(self.folder / "config.json", json.dumps(config, indent=2) + "\n")


def _versions() -> dict[str, str]:
    found = {}
    for name in _PACKAGES:
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    return found


def _progress_bar(quiet: bool) -> Progress:
    return Progress(
        TextColumn("{task.description:4}"),
        BarColumn(),
        TextColumn("{task.percentage:3.0f}%"),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[steps]:>12,} steps, {task.fields[rate]:,.0f}/s"),
        TextColumn("score [bold]{task.fields[score]}"),
        disable=quiet,
    )
