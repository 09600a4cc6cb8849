"""Intervals over whole runs that all walk the same courses; generators are passed in.

A run keeps all its scores: the runs are the sample, and a thousand courses do not replace ten
seeds. The common courses are a second sample, the same for every run of every algorithm.

The bootstrap alone is too narrow for so few runs (`coverage.py` measures it). Its deviations are
therefore stretched, as Hesterberg argues in "What teachers should know about the bootstrap", 2015:

- of R runs by sqrt(R / (R - 1)), since resampling sees a variance that is too small by so much;
- all of them by Student's quantile over the normal one, since that variance is itself uncertain:
  with R - 1 degrees of freedom, or what Welch and Satterthwaite make of several samples.

Sums are of whole numbers, or rounded once, so no order of adding matters.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from benchmarks.evaluation.stats import iqm, mean, quantile

SAMPLES = 2000
"""Resampled sets of runs and courses."""


def run_score(scores: np.ndarray) -> float:
    """An algorithm's figure: the mean over the courses of each run, the `iqm` of these over runs.

    Of 5 runs the best and the worst one are cut, of 10 the two best and the two worst: a fifth at
    each end, so five and ten runs estimate the same figure. Of 4 runs one is cut at each end, of
    up to 3 none. One run, an entry, is its plain mean.

    A run counts as a whole because it is what somebody gets who trains once: cutting among all
    scores of all runs would drop the hard courses of good runs instead of the odd run. Over the
    courses the mean counts every course, and the mean of differences is the difference of means.
    Over the runs a mean would hang on rare failures: where a run in ten fails, 59 of 100 sets of
    five runs (0.9^5) show none, and no interval of their mean can know of it. What this figure
    cuts, the worst run shows; give it beside.

    Args:
        scores: ``(R, T)``, R runs on the same T courses.

    Raises:
        ValueError: ``scores`` is no matrix, or empty, or not finite.
    """
    return iqm(np.array([mean(row) for row in runs_by_courses(scores, "scores").tolist()]))


@dataclass(frozen=True, eq=False)
class Draws:
    """Which runs and courses B resampled sets have.

    Attributes:
        runs: ``(B, R)``, places of runs.
        counts: ``(B, T)`` float, how often each course was drawn; None: once each, always.
    """

    runs: np.ndarray
    counts: np.ndarray | None


def draw_runs(runs: int, samples: int, rng: np.random.Generator) -> np.ndarray:
    """Places of as many runs as there are, for each sample, ``(B, R)``.

    Args:
        runs: R.
        samples: B.
        rng: Where they are drawn from.
    """
    return rng.integers(runs, size=(samples, runs))


def draw_courses(courses: int, samples: int, rng: np.random.Generator) -> np.ndarray:
    """How often each course is in a sample of as many as there are, ``(B, T)`` float.

    Args:
        courses: T.
        samples: B.
        rng: Where they are drawn from.
    """
    places = rng.integers(courses, size=(samples, courses))
    places += courses * np.arange(samples)[:, None]
    counts = np.bincount(places.ravel(), minlength=samples * courses)
    return counts.reshape(samples, courses).astype(np.float64)


@dataclass(frozen=True, eq=False)
class Spread:
    """How far resampling moves an estimate.

    Attributes:
        values: ``(B,)``, deviations of the resampled figures from the estimate.
        size: Their root mean square.
        freedom: Degrees of freedom of their variance; infinite where nothing moves.
    """

    values: np.ndarray
    size: float
    freedom: float

    def interval(
        self, estimate: float, coverage: float = 0.95, widen: float = 1.0
    ) -> tuple[float, float]:
        """The estimate with its bootstrap percentiles, stretched by Student's quantile.

        Args:
            estimate: What was resampled.
            coverage: How often the interval should hold the true value.
            widen: A further factor, for bands that hold at many points at once.
        """
        below, above = self._ends(coverage)
        level = (1 + coverage) / 2
        factor = widen * student(level, self.freedom) / student(level, math.inf)
        return estimate - factor * below, estimate + factor * above

    def _ends(self, coverage: float) -> tuple[float, float]:
        ordered = np.sort(self.values).tolist()
        below, above = (quantile(ordered, (1 + side * coverage) / 2) for side in (-1, 1))
        return max(-below, 0.0), max(above, 0.0)


def spread(parts: Sequence[tuple[np.ndarray, int]]) -> Spread:
    """Deviations that add up, each with the size of the sample that was resampled.

    Args:
        parts: Deviations ``(B,)`` with the number n of runs or courses behind them.
    """
    squares = [(_mean_square(values), n) for values, n in parts]
    whole = math.fsum(square for square, _ in squares)
    doubt = [(square / whole) ** 2 / (n - 1) for square, n in squares if square > 0]
    total = np.sum([values for values, _ in parts], axis=0)  # few: one after the other
    return Spread(
        total, math.sqrt(_mean_square(total)), 1 / math.fsum(doubt) if doubt else math.inf
    )


def widening(spreads: Sequence[Spread], coverage: float = 0.95) -> float:
    """How much wider intervals must be for all to hold their true values at once.

    A sample's largest deviation, each in units of its own spread, has a higher quantile than a
    single one; their ratio is the answer. What moves together, as points of one curve or pairs with
    one algorithm in common do, is counted as such.

    Args:
        spreads: Resampled by the same draws.
        coverage: How often all intervals together should hold.

    Returns:
        At least 1, which it is for a single one.
    """
    sizes = [np.abs(moved.values) / moved.size for moved in spreads if moved.size > 0]
    if not sizes:
        return 1.0
    single = mean([quantile(row.tolist(), coverage) for row in sizes])
    return max(1.0, quantile(np.max(sizes, axis=0).tolist(), coverage) / single)


def _mean_square(values: np.ndarray) -> float:
    return mean((values * values).tolist())


@dataclass(frozen=True, eq=False)
class Resampled:
    """What resampling makes of one algorithm's figure.

    Attributes:
        score: The figure, see `run_score`.
        runs: R.
        courses: T.
        by_runs: ``(B,)``, deviations by other runs on the courses as they are, stretched.
        by_courses: ``(B,)``, what other courses add to that.
    """

    score: float
    runs: int
    courses: int
    by_runs: np.ndarray
    by_courses: np.ndarray

    def spread(self) -> Spread:
        """How far both move the figure."""
        return spread([(self.by_runs, self.runs), (self.by_courses, self.courses)])


def resample(scores: np.ndarray, draws: Draws) -> Resampled:
    """Work out an algorithm's figure for each sample of runs and courses.

    Args:
        scores: ``(R, T)``.
        draws: Of R runs and T courses.

    Raises:
        ValueError: There is neither a second run nor a second course to draw.
    """
    scores = runs_by_courses(scores, "scores")
    runs, courses = scores.shape
    if runs == 1 and (courses == 1 or draws.counts is None):
        raise ValueError(f"expected several runs, or courses that are resampled, got {runs} run")
    whole, unit = whole_numbers(scores, courses * runs)
    sums = whole.sum(axis=1)
    plain = np.broadcast_to(sums, (len(draws.runs), runs))
    drawn = plain if draws.counts is None else draws.counts @ whole.T
    middle = _middle_sum(sums[None])
    moved, both = (_middle_sum(np.take_along_axis(x, draws.runs, 1)) for x in (plain, drawn))
    scale = 1 / (unit * courses * (runs - 2 * (runs // 4)))
    return Resampled(
        run_score(scores), runs, courses,
        small_sample(runs) * scale * (moved - middle), scale * (both - moved),
    )  # fmt: skip


def run_interval(
    scores: np.ndarray,
    rng: np.random.Generator,
    samples: int = SAMPLES,
    coverage: float = 0.95,
    courses: bool = True,
) -> tuple[float, float]:
    """Interval of `run_score`: whole runs are resampled, and the courses, the same for all runs.

    Args:
        scores: ``(R, T)``, R runs on the same T courses.
        rng: Where the resampling draws from.
        samples: Number of resampled sets.
        coverage: How often the interval should hold the true value.
        courses: Whether the courses are resampled; else the interval is for these courses alone.

    Returns:
        The interval's ends, lower first. They may lie beyond the best or the worst run.

    Raises:
        ValueError: As `run_score` and `resample`; or a bad coverage or count.
    """
    check_settings(samples, coverage)
    runs, number = runs_by_courses(scores, "scores").shape
    counts = draw_courses(number, samples, rng) if courses else None
    found = resample(scores, Draws(draw_runs(runs, samples, rng), counts))
    return found.spread().interval(found.score, coverage)


def small_sample(runs: int) -> float:
    """By what deviations of resampled runs are stretched; 1 where there is nothing to resample."""
    return math.sqrt(runs / (runs - 1)) if runs > 1 else 1.0


def whole_numbers(scores: np.ndarray, terms: int) -> tuple[np.ndarray, float]:
    """Scores as multiples of a unit, so that sums of so many are exact in any order.

    Args:
        scores: Any shape.
        terms: Of the longest sum.

    Returns:
        The multiples, as float64 of ``scores``' shape; how many of them make 1.
    """
    _, exponent = math.frexp(float(np.abs(scores).max()) * terms)
    unit = math.ldexp(1.0, 52 - exponent)
    return np.rint(scores * unit), unit


def runs_by_courses(scores: np.ndarray, name: str) -> np.ndarray:
    """Scores as a matrix of float64.

    Raises:
        ValueError: They are no matrix, or empty, or not finite; the message has the ``name``.
    """
    scores = np.asarray(scores, dtype=np.float64)
    if scores.ndim != 2:
        raise ValueError(f"{name} must be a matrix (runs, courses), got shape {scores.shape}")
    if scores.size == 0 or not np.isfinite(scores).all():
        raise ValueError(f"{name} must have at least one score, and finite ones")
    return scores


def check_settings(samples: int, coverage: float) -> None:
    """Raise a ValueError unless there are samples and the coverage is a share."""
    if not (0 < coverage < 1 and samples >= 1):
        raise ValueError(f"expected coverage in (0, 1) and samples >= 1, got {coverage}, {samples}")


def _middle_sum(rows: np.ndarray) -> np.ndarray:
    """The sum of each row without its lowest and highest quarter."""
    cut = rows.shape[1] // 4
    return np.sort(rows, axis=1)[:, cut : rows.shape[1] - cut].sum(axis=1)


def student(level: float, freedom: float) -> float:
    """Student's quantile, the normal one at infinity; rounded: libraries differ in last digits."""
    from scipy.special import stdtrit

    normal = freedom == math.inf
    return round(NormalDist().inv_cdf(level) if normal else float(stdtrit(freedom, level)), 9)
