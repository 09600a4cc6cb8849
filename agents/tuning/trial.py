"""One training run of a search, and what it is worth.

A run has a fixed processor time. Its value is half the best validation score that it found, and
half the mean over that time of its best score until then: how good it gets, and how soon. An
algorithm that looks for something else than one good policy names the metric that counts instead.
"""

from __future__ import annotations

import math
import tempfile
from pathlib import Path
from typing import Any

import optuna
from optuna.trial import Trial

from agents.training.budget import Budget, Cost
from agents.training.progress import Watchers
from agents.training.train import make_config, train

POINTS = 8
"""Points of a run's learning curve, about: where it may be stopped."""


class Curve:
    """Watches a run: keeps its learning curve, and stops it where a pruner says so.

    Args:
        cpu_seconds: The run's budget [s].
        trial: Its pruner is asked; None: the run goes to its end.
        rated_by: The learner's metric that counts instead of the validation score: a search for
            many ways to walk is not told by its best one.
    """

    def __init__(
        self, cpu_seconds: float, trial: Trial | None = None, rated_by: str | None = None
    ) -> None:
        self._budget, self._trial, self._rated_by = cpu_seconds, trial, rated_by
        self._metrics: dict[str, float] = {}
        self._points: list[tuple[float, float]] = []  # (processor time [s], best score until then)
        self._told = -1

    @property
    def value(self) -> float:
        """What the run is worth."""
        before, best, area = 0.0, 0.0, 0.0
        for at, score in self._points:
            area += best * (min(at, self._budget) - before)
            before, best = min(at, self._budget), score
        return (best + area / self._budget) / 2

    def start(self, algorithm: str, folder: Path, points: int) -> None:
        """Nothing to do."""

    def update(self, cost: Cost, used: float, metrics: dict[str, float]) -> None:
        """Keep what the learner says of itself."""
        self._metrics = metrics

    def validated(self, cost: Cost, score: float, folder: Path) -> None:
        """Keep a point of the curve.

        Raises:
            optuna.TrialPruned: Others were better at this time.
        """
        if self._rated_by is not None:
            score = self._rating(self._rated_by, cost)
        best = max(score, self._points[-1][1] if self._points else 0.0)
        self._points.append((cost.cpu_seconds, best))
        at = int(POINTS * cost.cpu_seconds / self._budget)
        if self._trial is None or not self._told < at < POINTS:
            return
        self._told = at
        self._trial.report(best, at)
        if self._trial.should_prune():
            raise optuna.TrialPruned("below the median at the same time")

    def _rating(self, name: str, cost: Cost) -> float:
        """The metric that counts; 0 before the first update."""
        if cost.steps > 0 and name not in self._metrics:
            raise RuntimeError(f"rated_by must be one of {sorted(self._metrics)}, got {name!r}")
        rating = self._metrics.get(name, 0.0)
        return rating if math.isfinite(rating) else 0.0

    def stop(self) -> None:
        """Nothing to do."""


def reached(
    algorithm: str,
    settings: dict[str, Any],
    seed: int,
    cpu_seconds: float,
    trial: Trial | None = None,
) -> float:
    """The value of one training run with these settings.

    Args:
        algorithm: As for `train.config_class`.
        settings: By field name; the others keep their defaults.
        seed: Of the run.
        cpu_seconds: Its budget [s].
        trial: Its pruner may stop the run.

    Raises:
        KeyboardInterrupt: It was stopped by Ctrl-C.
        ValueError: Settings that do not go together.
        optuna.TrialPruned: The pruner stopped it.
    """
    config = make_config(algorithm, settings | {"seed": seed}, tuned=False)
    curve = Curve(cpu_seconds, trial, getattr(config, "rated_by", None))
    with tempfile.TemporaryDirectory() as folder:
        run = train(
            config,
            Budget(cpu_seconds=cpu_seconds),
            Path(folder) / "run",
            validate_every=cpu_seconds / POINTS,
            watchers=Watchers(curve),
        )
    if run.interrupted:
        raise KeyboardInterrupt
    return curve.value
