"""Algorithms, or entries, compared on the courses that all of them walk.

Whole runs of each are resampled by themselves, the courses for all together: what a course does to
both cancels out. An entry is one run, whose figure varies with the courses alone; a difference that
is sure then holds for these two policies, not for what trained them.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.evaluation.intervals import (
    SAMPLES,
    Draws,
    Resampled,
    Spread,
    check_settings,
    draw_courses,
    draw_runs,
    resample,
    runs_by_courses,
    small_sample,
    spread,
    student,
    widening,
)
from benchmarks.evaluation.stats import probability_of_improvement


@dataclass(frozen=True)
class Difference:
    """How much better one is than another one, on common courses.

    Attributes:
        difference: Of their figures (`intervals.run_score`), in the unit of the scores.
        low: Lower end of its interval.
        high: Upper end of its interval.
        better: Chance that on a course a run of the one does better than a run of the other; a tie
            counts half.
        better_low: Lower end of the interval of that chance.
        better_high: Upper end of the interval of that chance.
    """

    difference: float
    low: float
    high: float
    better: float
    better_low: float
    better_high: float

    @property
    def tie(self) -> bool:
        """Whether the interval of the difference holds 0."""
        return self.low <= 0 <= self.high

    def reversed(self) -> Difference:
        """The same, seen from the other one."""
        return Difference(
            -self.difference, -self.high, -self.low,
            1 - self.better, 1 - self.better_high, 1 - self.better_low,
        )  # fmt: skip


@dataclass(frozen=True, eq=False)
class Ranking:
    """Several compared with each other; all in the order in which they were given.

    Attributes:
        scores: Their figures.
        intervals: Of each figure by itself, lower end first.
        differences: Row i, column j: how much better i is than j; None on the diagonal.
        surely_better: ``(n, n)`` bool, whether i is surely better than j, all pairs together.
        ranks: Of each the best and the worst rank that it may have, from 1 on.
    """

    scores: list[float]
    intervals: list[tuple[float, float]]
    differences: list[list[Difference | None]]
    surely_better: np.ndarray
    ranks: list[tuple[int, int]]


def compare(
    scores: np.ndarray,
    others: np.ndarray,
    rng: np.random.Generator,
    samples: int = SAMPLES,
    coverage: float = 0.95,
    courses: bool = True,
) -> Difference:
    """Compare two algorithms, or two entries, course by course.

    Args:
        scores: ``(R, T)``.
        others: ``(S, T)``, on the same courses.
        rng: Where the resampling draws from.
        samples: Number of resampled sets.
        coverage: How often each interval should hold the true value.
        courses: Whether the courses are resampled; else the answer is for these courses alone.

    Raises:
        ValueError: They walk different courses; or as `intervals.resample`; or a bad coverage or
            count.
    """
    found = rank([scores, others], rng, samples, coverage, courses).differences[0][1]
    assert found is not None  # off the diagonal
    return found


def rank(
    scores: Sequence[np.ndarray],
    rng: np.random.Generator,
    samples: int = SAMPLES,
    coverage: float = 0.95,
    courses: bool = True,
) -> Ranking:
    """Compare several algorithms, or entries, and say which ranks each may have.

    The best rank of one is 1 + the number of those that are surely better, its worst one the number
    of all less those that are surely worse. Many pairs give many chances to err, so what is sure is
    said of all pairs together, by intervals that are wider by `intervals.widening`, step by step:
    as far as these hold what they promise (`coverage.py`), no pair at all is in a wrong order in
    ``coverage`` of all rankings, and every true rank lies within its two. A pair that by itself is
    no tie may therefore still share ranks.

    Args:
        scores: For each its ``(R, T)``; R may differ, the T courses are the same.
        rng: Where the resampling draws from.
        samples: Number of resampled sets.
        coverage: How often each interval, and the ranks together, should hold the true values.
        courses: Whether the courses are resampled; else the answer is for these courses alone.

    Raises:
        ValueError: They walk different courses; or as `intervals.resample`; or a bad coverage or
            count.
    """
    check_settings(samples, coverage)
    tables = [runs_by_courses(one, f"scores[{i}]") for i, one in enumerate(scores)]
    lengths = {table.shape[1] for table in tables}
    if len(lengths) != 1:
        raise ValueError(f"expected scores on the same courses, got {sorted(lengths)} of them")
    counts = draw_courses(lengths.pop(), samples, rng) if courses else None
    draws = [Draws(draw_runs(len(table), samples, rng), counts) for table in tables]
    found = [resample(table, draw) for table, draw in zip(tables, draws)]
    pairs = list(itertools.combinations(range(len(tables)), 2))
    differences: list[list[Difference | None]] = [[None] * len(tables) for _ in tables]
    moved = {(i, j): difference_spread(found[i], found[j]) for i, j in pairs}
    apart = {(i, j): found[i].score - found[j].score for i, j in pairs}
    for i, j in pairs:
        chance = _chance((tables[i], draws[i]), (tables[j], draws[j]), coverage)
        one = Difference(apart[i, j], *moved[i, j].interval(apart[i, j], coverage), *chance)
        differences[i][j], differences[j][i] = one, one.reversed()
    better = np.zeros((len(tables), len(tables)), dtype=bool)
    for i, j in _sure(apart, moved, coverage):
        better[(i, j) if apart[i, j] > 0 else (j, i)] = True
    intervals = [one.spread().interval(one.score, coverage) for one in found]
    scored = [one.score for one in found]
    return Ranking(scored, intervals, differences, better, rank_intervals(better))


def _sure(
    apart: dict[tuple[int, int], float], moved: dict[tuple[int, int], Spread], coverage: float
) -> list[tuple[int, int]]:
    """Pairs whose intervals leave out 0 when all that are left are wide enough to hold at once.

    After Romano and Wolf, "Exact and approximate stepdown methods for multiple hypothesis testing",
    2005: what is sure is put aside, and the others need less width.
    """
    sure: list[tuple[int, int]] = []
    while True:
        left = [pair for pair in apart if pair not in sure]
        widen = widening([moved[pair] for pair in left], coverage)
        ends = {pair: moved[pair].interval(apart[pair], coverage, widen) for pair in left}
        found = [pair for pair, (low, high) in ends.items() if not low <= 0 <= high]
        if not found:
            return sure
        sure += found


def rank_intervals(better: np.ndarray) -> list[tuple[int, int]]:
    """The best and the worst rank that each may have.

    Args:
        better: ``(n, n)`` bool, whether row i is surely better than column j.
    """
    above, below = better.sum(axis=0).tolist(), better.sum(axis=1).tolist()
    return [(1 + up, len(better) - down) for up, down in zip(above, below)]


def difference_spread(one: Resampled, other: Resampled) -> Spread:
    """How far resampling moves the difference of two figures.

    Args:
        one: By draws of its own runs, and of the common courses.
        other: By draws of its own runs, and of the same courses.
    """
    return spread(
        [
            (one.by_runs, one.runs),
            (-other.by_runs, other.runs),
            (one.by_courses - other.by_courses, one.courses),
        ]
    )


def _chance(
    one: tuple[np.ndarray, Draws], other: tuple[np.ndarray, Draws], coverage: float
) -> tuple[float, float, float]:
    """The probability of improvement and its interval's ends, by the same draws."""
    (scores, draws), (others, drawn) = one, other
    signs = np.sign(scores[:, None] - others)  # (R, S, T); all sums are of whole numbers: exact
    wins, rows, columns = signs.sum(axis=2), _counts(draws.runs), _counts(drawn.runs)
    whole, by_one, by_other = wins.sum(), rows @ wins.sum(axis=1), columns @ wins.sum(axis=0)
    by_both = ((rows @ wins) * columns).sum(axis=1)
    everything = by_both
    if draws.counts is not None:
        everything = np.einsum("br,brs,bs->b", rows, _weighed(signs, draws.counts), columns)
    (runs, ours), (other_runs, theirs) = ((n, small_sample(n)) for n in wins.shape)
    parts = [
        (ours * (by_one - whole), runs),
        (theirs * (by_other - whole), other_runs),
        (ours * theirs * (by_both - by_one - by_other + whole), min(runs, other_runs)),
        (everything - by_both, signs.shape[2]),
    ]
    chance = probability_of_improvement(scores, others)
    moved = spread([(values / (2 * signs.size), n) for values, n in parts])
    number = min([n for n in (runs, other_runs) if n > 1], default=signs.shape[2])
    return chance, *_wilson(chance, moved, number, coverage)


def _wilson(chance: float, moved: Spread, number: int, coverage: float) -> tuple[float, float]:
    """Wilson's interval of a chance, with as many trials as its variance is that of.

    It never leaves [0, 1] and has a width at both ends, where resampling sees none: so that five
    runs that beat five others on every course do not claim to do so always, a little of the
    variance of ``number`` plain trials is added.
    """
    little = 1 / (16 * number)
    trials = (chance * (1 - chance) + little) / (moved.size**2 + little / number)
    pull = student((1 + coverage) / 2, moved.freedom) ** 2 / trials
    middle = chance + pull / 2
    half = math.sqrt(pull * chance * (1 - chance) + pull * pull / 4)
    low, high = ((middle + side * half) / (1 + pull) for side in (-1, 1))
    return max(low, 0.0), min(high, 1.0)


def _weighed(signs: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Sums over resampled courses, ``(B, R, S)``."""
    runs, columns, courses = signs.shape
    return (counts @ signs.reshape(-1, courses).T).reshape(-1, runs, columns)


def _counts(drawn: np.ndarray) -> np.ndarray:
    """How often each of R runs was drawn, ``(B, R)`` float, from places ``(B, R)``."""
    return (drawn[:, :, None] == np.arange(drawn.shape[1])).sum(axis=1).astype(np.float64)
