"""Learning curves of two algorithms against each other, and how soon a score is reached."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.evaluation.comparison import difference_spread
from benchmarks.evaluation.intervals import (
    SAMPLES,
    Draws,
    check_settings,
    draw_courses,
    draw_runs,
    resample,
    widening,
)


@dataclass(frozen=True)
class Lead:
    """Costs at which one algorithm is surely ahead; both ends are points of the grid.

    Attributes:
        ahead: 0 for the first algorithm, 1 for the other one.
        start: The first such cost.
        end: The last one before that is unsure again, or the grid ends.
    """

    ahead: int
    start: float
    end: float


@dataclass(frozen=True)
class Crossing:
    """The order of two algorithms surely changes somewhere between two costs.

    Attributes:
        ahead: Who is ahead afterwards: 0 for the first algorithm, 1 for the other one.
        after: The last cost at which the one before was surely ahead.
        before: The first cost at which the one afterwards is.
        estimate: The first cost from which on the figures themselves are in the later order.
    """

    ahead: int
    after: float
    before: float
    estimate: float


@dataclass(frozen=True, eq=False)
class CurveDifference:
    """Two learning curves on one grid of K costs.

    Attributes:
        difference: ``(K,)``, the first one's figure less the other one's.
        low: ``(K,)``, lower edge of its band.
        high: ``(K,)``, upper edge of its band.
        leads: Where one is surely ahead, in the order of costs.
        crossings: Where the order surely changes.
    """

    difference: np.ndarray
    low: np.ndarray
    high: np.ndarray
    leads: list[Lead]
    crossings: list[Crossing]


@dataclass(frozen=True)
class Reached:
    """What a score cost; infinite for runs that never had it.

    Attributes:
        median: Over the runs [the unit of the costs].
        low: Lower end of its interval.
        high: Upper end of its interval.
        coverage: How often such an interval holds the true median, at least.
        share: Of the runs that reached the score.
    """

    median: float
    low: float
    high: float
    coverage: float
    share: float


def compare_curves(
    grid: np.ndarray,
    scores: np.ndarray,
    others: np.ndarray,
    rng: np.random.Generator,
    samples: int = SAMPLES,
    coverage: float = 0.95,
    courses: bool = True,
) -> CurveDifference:
    """Where one of two algorithms is ahead of the other, at equal costs.

    The band is one for the whole curve: with a chance of ``coverage`` it holds the true difference
    at all costs at once, so that a long grid finds no more false leads than a short one. Runs and
    courses are resampled once for all costs, as in `comparison.compare`.

    Args:
        grid: ``(K,)`` rising, costs; `stats.scores_at` reads a run there.
        scores: ``(R, K, T)``, of R runs at these costs on T courses.
        others: ``(S, K, T)``, at the same costs on the same courses.
        rng: Where the resampling draws from.
        samples: Number of resampled sets.
        coverage: How often the band should hold the whole true curve.
        courses: Whether the courses are resampled; else the answer is for these courses alone.

    Raises:
        ValueError: The shapes do not fit each other, or costs do not rise; or as `compare`.
    """
    check_settings(samples, coverage)
    tables = [np.asarray(table, dtype=np.float64) for table in (scores, others)]
    _check_curves(np.asarray(grid), tables)
    counts = draw_courses(tables[0].shape[2], samples, rng) if courses else None
    draws = [Draws(draw_runs(len(table), samples, rng), counts) for table in tables]
    estimates, spreads = [], []
    for k in range(len(grid)):
        one, other = (resample(table[:, k], draw) for table, draw in zip(tables, draws))
        estimates.append(one.score - other.score)
        spreads.append(difference_spread(one, other))
    widen = widening(spreads, coverage)
    ends = [moved.interval(x, coverage, widen) for x, moved in zip(estimates, spreads)]
    low, high = np.array(ends).T
    difference = np.array(estimates)
    leads = _leads(np.asarray(grid), low, high)
    return CurveDifference(
        difference, low, high, leads, _crossings(np.asarray(grid), difference, leads)
    )


def reached(costs: Sequence[float], coverage: float = 0.95) -> Reached:
    """What it cost to reach a score: the median over runs, with an interval that is exact.

    The interval goes from one run's cost to another one's: whatever the distribution, each run lies
    below the true median with a chance of one half, so the binomial distribution says how often two
    places in their order hold it. The narrowest pair that is often enough is taken: of 10 runs the
    second and the ninth (0.979). Five runs cannot do more than the whole of their range (0.938):
    resampling would give the same ends and call them 95 %.

    Args:
        costs: Of each run, from `stats.cost_of`; infinite where it never had the score.
        coverage: How often the interval should hold the true median.

    Raises:
        ValueError: There are no costs, or negative ones, or none that is a number; or a bad
            coverage.
    """
    check_settings(1, coverage)
    ordered = sorted(float(cost) for cost in costs)
    if not ordered or not all(cost >= 0 for cost in ordered):
        raise ValueError(f"expected costs >= 0 of at least one run, got {list(costs)}")
    runs = len(ordered)
    place = 0
    while 2 * (place + 1) < runs and _held(runs, place + 1) >= coverage:
        place += 1
    middle = ordered[(runs - 1) // 2], ordered[runs // 2]
    return Reached(
        median=middle[0] if middle[0] == middle[1] else sum(middle) / 2,
        low=ordered[place],
        high=ordered[runs - 1 - place],
        coverage=_held(runs, place),
        share=sum(cost < math.inf for cost in ordered) / runs,
    )


def _held(runs: int, place: int) -> float:
    """How often the runs at a place from below and from above hold the median between them."""
    return 1 - sum(math.comb(runs, below) for below in range(place + 1)) * 2.0 ** (1 - runs)


def _check_curves(grid: np.ndarray, tables: list[np.ndarray]) -> None:
    shapes = [table.shape for table in tables]
    if any(len(shape) != 3 for shape in shapes) or len({shape[1:] for shape in shapes}) != 1:
        raise ValueError(f"expected scores (runs, costs, courses) on the same courses: {shapes}")
    if not grid.size or grid.shape != shapes[0][1:2] or (np.diff(grid) <= 0).any():
        raise ValueError(
            f"expected a rising grid of {shapes[0][1]} costs, at least one, got {grid.tolist()}"
        )


def _leads(grid: np.ndarray, low: np.ndarray, high: np.ndarray) -> list[Lead]:
    signs = (low > 0).astype(int) - (high < 0)
    starts = [0, *(np.flatnonzero(np.diff(signs)) + 1).tolist(), len(signs)]
    return [
        Lead(0 if signs[first] > 0 else 1, float(grid[first]), float(grid[end - 1]))
        for first, end in itertools.pairwise(starts)
        if signs[first] != 0
    ]


def _crossings(grid: np.ndarray, difference: np.ndarray, leads: list[Lead]) -> list[Crossing]:
    found = []
    for lead, later in itertools.pairwise(leads):
        if lead.ahead != later.ahead:
            inside = (grid >= lead.end) & (grid < later.start)
            earlier = inside & (difference * (1 - 2 * later.ahead) <= 0)
            estimate = grid[np.flatnonzero(earlier)[-1] + 1]
            found.append(Crossing(later.ahead, lead.end, later.start, float(estimate)))
    return found
