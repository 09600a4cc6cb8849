"""Statistics on one matrix of scores, runs x tasks ``(R, T)``; generators are passed in.

After Agarwal et al., "Deep reinforcement learning at the edge of the statistical precipice", 2021.
The published intervals and estimates are the same on every machine: sums are rounded once
(`math.fsum`), so no order of adding matters.
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
    drawn = rng.integers(runs, size=(samples, runs, tasks))
    if statistic is iqm:
        values = _iqms(scores[drawn, column].reshape(samples, -1))
    else:
        values = [statistic(scores[places, column]) for places in drawn]
    return quantile(values, (1 - coverage) / 2), quantile(values, (1 + coverage) / 2)


def _iqms(rows: np.ndarray) -> list[float]:
    """The `iqm` of each row, to the bit."""
    cut = rows.shape[1] // 4
    ordered = np.sort(rows, axis=1)[:, cut : rows.shape[1] - cut]
    return [mean(row) for row in ordered.tolist()]


def nested_interval(
    scores: np.ndarray, rng: np.random.Generator, samples: int = 2000, coverage: float = 0.95
) -> tuple[float, float]:
    """Bootstrap interval of the IQM where every run has courses of its own.

    First the runs are resampled, then within each drawn run its courses: both the luck of training
    and the luck of the courses are in the interval.

    Args:
        scores: ``(R, C)``, row r on the courses of run r.
        rng: Where the resampling draws from.
        samples: Number of resampled matrices.
        coverage: How often the interval should hold the true value.

    Returns:
        The interval's ends, lower first.
    """
    scores = _matrix(scores, "scores")
    runs, courses = scores.shape
    sampled, values = SampledIQM(scores), []
    for first in range(0, samples, _BATCH):
        count = min(_BATCH, samples - first)
        chosen = rng.integers(runs, size=(count, runs, 1))
        drawn = rng.integers(courses, size=(count, runs, courses))
        values += sampled(courses * chosen + drawn)
    return quantile(values, (1 - coverage) / 2), quantile(values, (1 + coverage) / 2)


_BATCH = 4  # resampled matrices at a time: larger arrays are slower


class SampledIQM:
    """The `iqm` of many samples of a matrix, each of its size, to about 15 digits.

    Sums are of whole numbers, so they are exact in any order.

    Args:
        scores: ``(R, T)``.
    """

    def __init__(self, scores: np.ndarray) -> None:
        _, exponent = math.frexp(float(np.abs(scores).max()) * scores.size)
        self._unit = math.ldexp(1.0, 62 - exponent)  # no sum of so many reaches 2**62
        self._whole = np.rint(scores * self._unit).astype(np.int64).ravel()

    def __call__(self, drawn: np.ndarray) -> list[float]:
        """The IQM of each sample; ``drawn`` has B x R x T places in the matrix, row by row."""
        count = self._whole.size
        cut = count // 4
        whole = self._whole.take(drawn.reshape(-1, count))
        whole.partition((cut, count - cut - 1), axis=1)
        sums = whole[:, cut : count - cut].sum(axis=1)
        return (sums / (self._unit * (count - 2 * cut))).tolist()


def performance_profile(scores: np.ndarray, thresholds: np.ndarray) -> np.ndarray:
    """Share of the runs that score more than each threshold, averaged over the tasks.

    Args:
        scores: ``(R, T)``.
        thresholds: ``(K,)``.

    Returns:
        ``(K,)`` in [0, 1], falling.
    """
    scores = _matrix(scores, "scores")
    thresholds = _finite(thresholds)
    above = (scores[None] > thresholds[:, None, None]).sum(axis=(1, 2))
    return above / scores.size


def scores_at(costs: np.ndarray, scores: np.ndarray, grid: np.ndarray) -> np.ndarray:
    """A learning curve read at the points of a grid: the last point at or before each.

    Args:
        costs: ``(P,)`` rising, what was spent at each point of the curve: steps or seconds.
        scores: ``(P, T)``.
        grid: ``(K,)``.

    Returns:
        ``(K, T)``; before its first point a run is worth nothing.
    """
    costs, scores = _finite(costs), _matrix(scores, "scores")
    if costs.shape != scores.shape[:1] or (np.diff(costs) < 0).any():
        raise ValueError(
            f"expected costs that rise, one for each of {len(scores)} points, got {costs.shape}"
        )
    place = np.searchsorted(costs, grid, side="right")
    padded = np.concatenate([np.zeros((1, scores.shape[1])), scores])
    return padded[place]


def cost_of(costs: np.ndarray, scores: np.ndarray, level: float) -> float:
    """What was spent when a learning curve first reached a level.

    Args:
        costs: ``(P,)`` rising, what was spent at each point of the curve.
        scores: ``(P,)``.
        level: The score asked for.

    Returns:
        The cost of the first point that is as good; infinite if none is.
    """
    reached = np.flatnonzero(_finite(scores) >= level)
    return float(_finite(costs)[reached[0]]) if reached.size else math.inf


def efficiency_curve(
    runs: Sequence[tuple[np.ndarray, np.ndarray]],
    grid: np.ndarray,
    rng: np.random.Generator,
    samples: int = 1000,
) -> dict[str, np.ndarray]:
    """How good an algorithm is after having spent so much: IQM over its runs, with intervals.

    It is a sample-efficiency curve where costs are steps, a time-efficiency curve where they are
    seconds. One run walks all the tasks, so the bootstrap draws whole runs: each task by itself
    would let their luck cancel out, and the intervals be too narrow.

    Args:
        runs: For each run its costs ``(P,)`` and scores ``(P, T)``, all on the same T tasks.
        grid: ``(K,)``, where the curve is read.
        rng: Where the bootstrap draws from.
        samples: Number of resampled sets of runs, the same at each point.

    Returns:
        ``score``, ``low`` and ``high``, each ``(K,)``.
    """
    read = np.stack([scores_at(costs, scores, grid) for costs, scores in runs])  # (R, K, T)
    points, tasks = [read[:, k] for k in range(len(grid))], read.shape[2]
    chosen = rng.integers(len(runs), size=(samples, len(runs), 1))
    drawn = tasks * chosen + np.arange(tasks)
    values = [SampledIQM(scores)(drawn) for scores in points]
    return {
        "score": np.array([iqm(scores) for scores in points]),
        "low": np.array([quantile(found, 0.025) for found in values]),
        "high": np.array([quantile(found, 0.975) for found in values]),
    }


def probability_of_improvement(scores: np.ndarray, others: np.ndarray) -> float:
    """Chance that a run of ``scores`` beats a run of ``others``, averaged over the tasks.

    Args:
        scores: ``(R, T)``.
        others: ``(S, T)``, on the same tasks; a tie counts half.
    """
    return float((_signs(scores, others).mean() + 1) / 2)


def improvement_interval(
    scores: np.ndarray,
    others: np.ndarray,
    rng: np.random.Generator,
    samples: int = 2000,
    coverage: float = 0.95,
) -> tuple[float, float]:
    """Bootstrap interval of `probability_of_improvement`: whole runs of both are resampled.

    Args:
        scores: ``(R, T)``.
        others: ``(S, T)``, on the same tasks; a tie counts half.
        rng: Where the resampling draws from.
        samples: Number of resampled pairs of sets.
        coverage: How often the interval should hold the true value.

    Returns:
        The interval's ends, lower first.
    """
    wins = (_signs(scores, others).mean(axis=2) + 1) / 2  # (R, S)
    rows, columns = (rng.integers(n, size=(samples, n)) for n in wins.shape)
    values = wins[rows[:, :, None], columns[:, None, :]].mean(axis=(1, 2)).tolist()
    return quantile(values, (1 - coverage) / 2), quantile(values, (1 + coverage) / 2)


def _signs(scores: np.ndarray, others: np.ndarray) -> np.ndarray:
    """1 where a run beats another one on a task, 0 where they tie, else -1; ``(R, S, T)``."""
    scores, others = _matrix(scores, "scores"), _matrix(others, "others")
    if scores.shape[1] != others.shape[1]:
        raise ValueError(
            f"expected scores and others on the same tasks, got {scores.shape[1]} and "
            f"{others.shape[1]} columns"
        )
    return np.sign(scores[:, None, :] - others[None, :, :])


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
