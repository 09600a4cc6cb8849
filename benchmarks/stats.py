"""Statistics on one matrix of scores, runs x tasks ``(R, T)``; generators are passed in.

After Agarwal et al., "Deep reinforcement learning at the edge of the statistical precipice", 2021.
Both the published intervals and the points they belong to come out the same everywhere: sums are
rounded once (`math.fsum`), so no order of adding matters.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np

Statistic = Callable[[np.ndarray], float]


def iqm(scores: np.ndarray) -> float:
    """Interquartile mean: the mean of what is left without the lowest and the highest quarter.

    Args:
        scores: Any shape with at least one score; a quarter is rounded down to whole scores.
    """
    ordered = np.sort(_finite(scores), axis=None)
    cut = ordered.size // 4
    return mean(ordered[cut : ordered.size - cut].tolist())


def mean(values: Sequence[float]) -> float:
    """The mean of at least one number, rounded twice only: whatever their order, it is the same."""
    return math.fsum(values) / len(values)


def quantile(values: Sequence[float], share: float) -> float:
    """The value below which a ``share`` of the values lies, on the line between its neighbours."""
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    below = math.floor(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


def bootstrap_interval(
    scores: np.ndarray,
    rng: np.random.Generator,
    statistic: Statistic = iqm,
    samples: int = 2000,
    coverage: float = 0.95,
) -> tuple[float, float]:
    """Percentile bootstrap interval of a statistic, stratified: each task resamples its own runs.

    For one policy on many courses the courses are the sample: pass them as runs, ``(courses, 1)``.

    Args:
        scores: ``(R, T)``.
        rng: Where the resampling draws from.
        statistic: What is estimated, from an ``(R, T)`` matrix.
        samples: Number of resampled matrices.
        coverage: How often the interval should hold the true value.

    Returns:
        The interval's ends, lower first.

    Raises:
        ValueError: ``scores`` is no matrix, or empty, or not finite; or a bad coverage or count.
    """
    scores = _matrix(scores, "scores")
    if not (0 < coverage < 1 and samples >= 1):
        raise ValueError(f"expected coverage in (0, 1) and samples >= 1, got {coverage}, {samples}")
    runs, tasks = scores.shape
    column = np.arange(tasks)
    values = [
        statistic(scores[rng.integers(runs, size=(runs, tasks)), column]) for _ in range(samples)
    ]
    return quantile(values, (1 - coverage) / 2), quantile(values, (1 + coverage) / 2)


def probability_of_improvement(scores: np.ndarray, others: np.ndarray) -> float:
    """Chance that a run of ``scores`` beats a run of ``others``, averaged over the tasks.

    Args:
        scores: ``(R, T)``.
        others: ``(S, T)``, on the same tasks; a tie counts half.
    """
    scores, others = _matrix(scores, "scores"), _matrix(others, "others")
    if scores.shape[1] != others.shape[1]:
        raise ValueError(
            f"expected scores and others on the same tasks, got {scores.shape[1]} and "
            f"{others.shape[1]} columns"
        )
    difference = scores[:, None, :] - others[None, :, :]  # (R, S, T)
    return float((np.sign(difference).mean() + 1) / 2)


def _matrix(scores: np.ndarray, name: str) -> np.ndarray:
    scores = np.asarray(scores, dtype=np.float64)
    if scores.ndim != 2:
        raise ValueError(f"{name} must be a matrix (runs, tasks), got shape {scores.shape}")
    return _finite(scores)


def _finite(scores: np.ndarray) -> np.ndarray:
    scores = np.asarray(scores, dtype=np.float64)
    if scores.size == 0 or not np.isfinite(scores).all():
        raise ValueError("expected at least one score, and finite ones")
    return scores
