"""One training run of a search, and what it is worth.

A run has a fixed processor time and is validated at `LOOKS` moments, each at twice the time of the
one before. Its value is the mean over them of its best score until then: how good it gets, and how
soon, at short budgets and long ones alike. Its courses are of a range that nothing else uses. An
algorithm that looks for something else than one good policy names the metric that counts instead.
"""

from __future__ import annotations

import math
import tempfile
from pathlib import Path
from typing import Any

from agents.training.budget import Budget, Cost
from agents.training.progress import Watchers
from agents.training.train import make_config, train
from walker_env.seeds import tuning_seeds

LOOKS = 7
"""Validations of a run."""


def looks_within(cpu_seconds: float) -> tuple[float, ...]:
    """When a run of so much processor time is validated, the last time at its end [s]."""
    return tuple(cpu_seconds / 2**i for i in reversed(range(LOOKS)))


class Curve:
    """Watches a run and keeps its learning curve.

    Args:
        cpu_seconds: The run's budget [s].
        rated_by: The learner's metric that counts instead of the validation score: a search for
            many ways to walk is not told by its best one.
    """

    def __init__(self, cpu_seconds: float, rated_by: str | None = None) -> None:
        self._looks, self._rated_by = looks_within(cpu_seconds), rated_by
        self._metrics: dict[str, float] = {}
        self._points: list[tuple[float, float]] = []  # (processor time [s], score)

    @property
    def value(self) -> float:
        """What the run is worth."""
        return sum(map(self._best_at, range(LOOKS))) / LOOKS

    def start(self, algorithm: str, folder: Path, points: int) -> None:
        """Nothing to do."""

    def update(self, cost: Cost, used: float, metrics: dict[str, float]) -> None:
        """Keep what the learner says of itself."""
        self._metrics = metrics

    def validated(self, cost: Cost, score: float, folder: Path) -> None:
        """Keep a point of the curve."""
        if self._rated_by is not None:
            score = self._rating(self._rated_by, cost)
        self._points.append((cost.cpu_seconds, score))

    def _best_at(self, look: int) -> float:
        """The best score until a look; an update that began before it and ended later counts."""
        end = self._looks[look + 1] if look + 1 < LOOKS else math.inf
        return max((score for at, score in self._points if at < end), default=0.0)

    def _rating(self, name: str, cost: Cost) -> float:
        """The metric that counts; 0 before the first update."""
        if cost.steps > 0 and name not in self._metrics:
            raise RuntimeError(f"rated_by must be one of {sorted(self._metrics)}, got {name!r}")
        rating = self._metrics.get(name, 0.0)
        return rating if math.isfinite(rating) else 0.0

    def stop(self) -> None:
        """Nothing to do."""


def reached(algorithm: str, settings: dict[str, Any], seed: int, cpu_seconds: float) -> float:
    """The value of one training run with these settings.

    Args:
        algorithm: As for `train.config_class`.
        settings: By field name; the others keep their defaults.
        seed: Of the run.
        cpu_seconds: Its budget [s].

    Raises:
        KeyboardInterrupt: It was stopped by Ctrl-C.
        ValueError: Settings that do not go together.
    """
    config = make_config(algorithm, settings | {"seed": seed}, tuned=False)
    curve = Curve(cpu_seconds, getattr(config, "rated_by", None))
    with tempfile.TemporaryDirectory() as folder:
        run = train(
            config,
            Budget(cpu_seconds=cpu_seconds),
            Path(folder) / "run",
            looks=looks_within(cpu_seconds),
            draw=tuning_seeds,
            watchers=Watchers(curve),
        )
    if run.interrupted:
        raise KeyboardInterrupt
    return curve.value
