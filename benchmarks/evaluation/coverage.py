"""How often intervals hold the true value: runs drawn from populations whose truth is known.

A population is smooth and looks like the runs of one algorithm at one budget: their means, skewed
or in two heaps as they are, and how much scores differ from course to course. A population of which
some runs fail mixes two of these. Truth is worked out from the population itself.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from benchmarks.evaluation.comparison import compare, rank
from benchmarks.evaluation.intervals import run_interval
from benchmarks.evaluation.stats import bootstrap_interval, improvement_interval, quantile

COURSES = 128
"""Common courses of a simulated run."""

SAMPLES = 500
"""Resampled sets behind one simulated interval: fewer than published ones have, to be quick."""

RUNS = (5, 10)

ALIKE = 8
"""Algorithms that are all the same, to see how often one is called better."""

PLAIN, STRETCHED = "bootstrap of runs", "stretched"

SCORE, DIFFERENCE, CHANCE = "a score", "a difference", "a probability of improvement"

ONE_BY_ONE, TOGETHER = (
    f"ranks of {ALIKE} equals, pair by pair",
    f"ranks of {ALIKE} equals, together",
)

FIGURES = (SCORE, DIFFERENCE, CHANCE, ONE_BY_ONE, TOGETHER)

FAILING = (0.1, 0.3, 0.5)
"""Shares of failing runs in populations that are otherwise those of the best algorithm."""

OnStep = Callable[[], object]


@dataclass(frozen=True)
class Trial:
    """One simulated interval, or one simulated ranking of `ALIKE` equal algorithms.

    Attributes:
        figure: What it is of; of a ranking how its pairs were taken.
        method: How the interval was made.
        runs: Of each algorithm.
        population: Whose runs; of a difference the first one's.
        held: Whether the truth was in it; of a ranking whether no order was called sure.
        width: Of the interval.
    """

    figure: str
    method: str
    runs: int
    population: str
    held: bool
    width: float


@dataclass(frozen=True, eq=False)
class Population:
    """Runs of an algorithm as a distribution.

    Attributes:
        name: Of it.
        means: ``(n,)``, mean scores of runs, around which the distribution is smooth.
        width: Of the smoothing [the unit of the scores].
        common: Standard deviation of what a course does to all runs alike.
        own: Standard deviation of what else differs from course to course.
        failing: Share of the runs that learn nothing.
    """

    name: str
    means: np.ndarray
    width: float
    common: float
    own: float
    failing: float = 0.0

    def run_means(self, runs: int, rng: np.random.Generator) -> np.ndarray:
        """True means of runs, ``(R,)``; none is below 0."""
        middle, deviation = self.means.mean(), self.means.std(ddof=1)
        drawn = rng.choice(self.means, runs) + self.width * rng.normal(size=runs)
        scale = deviation / math.hypot(self.means.std(), self.width)  # theirs, not one more
        healthy = np.abs(middle + scale * (drawn - middle))
        failed = np.abs(rng.normal(size=runs))
        return np.where(rng.random(runs) < self.failing, failed, healthy)

    def scores(self, runs: int, hard: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """Scores of runs, ``(R, T)``.

        Args:
            runs: R.
            hard: ``(T,)``, standard normal: how easy each course is for everybody.
            rng: Where the runs are drawn from.
        """
        noise = self.own * rng.normal(size=(runs, len(hard)))
        return self.run_means(runs, rng)[:, None] + self.common * hard + noise

    def truth(self, rng: np.random.Generator, size: int = 50_000) -> float:
        """What `run_score` of 5 or 10 runs estimates: the mean without a fifth at each end."""
        ordered = np.sort(self.run_means(size, rng))
        return float(ordered[size // 5 : size - size // 5].mean())


def population(name: str, private: np.ndarray, public: np.ndarray) -> Population:
    """A smooth population that looks like some runs.

    Args:
        name: Of it.
        private: ``(R, C)``, scores, each run on courses of its own.
        public: ``(R, T)``, scores of the same runs on common courses: what these share.

    Raises:
        ValueError: There are no two runs that differ.
    """
    means = private.mean(axis=1)
    if np.ptp(means) == 0:
        raise ValueError(f"{name}: expected runs that differ, got means {means.tolist()}")
    apart = public - public.mean(axis=1, keepdims=True)
    alike = apart.mean(axis=0).var(ddof=1) - apart.var(axis=0, ddof=1).mean() / len(apart)
    share = min(max(alike / apart.var(), 0.0), 1.0)
    spread = private.std(axis=1).mean()
    width = 0.5 * means.std(ddof=1) * len(means) ** -0.2  # narrow: two heaps stay two
    return Population(name, means, width, spread * math.sqrt(share), spread * math.sqrt(1 - share))


def populations(runs: Mapping[str, tuple[np.ndarray, np.ndarray]]) -> list[Population]:
    """One for each group of runs, and `FAILING` ones; those with like scores are neighbours.

    Args:
        runs: By name: scores on private courses ``(R, C)`` and on common ones ``(R, T)``.
    """
    found = [population(name, *scores) for name, scores in runs.items()]
    best = max(found, key=lambda one: one.means.mean())
    found += [with_failures(best, share) for share in FAILING]
    return sorted(found, key=lambda one: one.truth(np.random.default_rng(0)))


def with_failures(healthy: Population, failing: float) -> Population:
    """The same with a share of runs that learn nothing."""
    return replace(healthy, name=f"{healthy.name}, {failing:.0%} fail", failing=failing)


def simulate(
    populations: Sequence[Population],
    repeats: int,
    seed: int = 0,
    on_step: OnStep = lambda: None,
) -> list[Trial]:
    """Draw runs again and again, make every interval, look whether the truth is in it.

    Args:
        populations: Each by itself, and compared with the next one, the last with the first.
        repeats: Sets of runs for each; a tenth as many rankings.
        seed: Of everything.
        on_step: Called after each population with each number of runs, to show progress.
    """
    found: list[Trial] = []
    for runs, (i, one) in itertools.product(RUNS, enumerate(populations)):
        rng = np.random.default_rng([seed, runs, i])
        found += _scores(one, runs, repeats, rng)
        found += _differences(one, populations[(i + 1) % len(populations)], runs, repeats, rng)
        found += _rankings(one, runs, max(1, repeats // 10), rng)
        on_step()
    return found


def _scores(one: Population, runs: int, repeats: int, rng: np.random.Generator) -> Iterator[Trial]:
    truth = one.truth(rng)
    for _ in range(repeats):
        scores = one.scores(runs, rng.normal(size=COURSES), rng)
        means = scores.mean(axis=1, keepdims=True)
        for method, ends in (
            (PLAIN, bootstrap_interval(means, rng, samples=SAMPLES)),
            (STRETCHED, run_interval(scores, rng, SAMPLES)),
        ):
            yield _trial(SCORE, method, runs, one, truth, ends)


def _differences(
    one: Population, other: Population, runs: int, repeats: int, rng: np.random.Generator
) -> Iterator[Trial]:
    truth, chance = one.truth(rng) - other.truth(rng), _improvement(one, other, rng)
    for _ in range(repeats):
        hard = rng.normal(size=COURSES)
        scores, others = one.scores(runs, hard, rng), other.scores(runs, hard, rng)
        plain = _plain_difference(scores.mean(axis=1), others.mean(axis=1), rng)
        yield _trial(DIFFERENCE, PLAIN, runs, one, truth, plain)
        plain = improvement_interval(scores, others, rng, SAMPLES)
        yield _trial(CHANCE, PLAIN, runs, one, chance, plain)
        found = compare(scores, others, rng, SAMPLES)
        yield _trial(DIFFERENCE, STRETCHED, runs, one, truth, (found.low, found.high))
        ends = found.better_low, found.better_high
        yield _trial(CHANCE, STRETCHED, runs, one, chance, ends)


def _rankings(
    one: Population, runs: int, repeats: int, rng: np.random.Generator
) -> Iterator[Trial]:
    for _ in range(repeats):
        hard = rng.normal(size=COURSES)
        found = rank([one.scores(runs, hard, rng) for _ in range(ALIKE)], rng, SAMPLES)
        ties = all(pair.tie for row in found.differences for pair in row if pair is not None)
        sure = bool(found.surely_better.any())
        yield Trial(ONE_BY_ONE, STRETCHED, runs, one.name, ties, math.nan)
        yield Trial(TOGETHER, STRETCHED, runs, one.name, not sure, math.nan)


def _trial(
    figure: str,
    method: str,
    runs: int,
    one: Population,
    truth: float,
    ends: tuple[float, float],
) -> Trial:
    low, high = ends
    return Trial(figure, method, runs, one.name, low <= truth <= high, high - low)


def _improvement(one: Population, other: Population, rng: np.random.Generator) -> float:
    """The true chance that on a course a run of the one does better than a run of the other."""
    size = 100_000
    apart = one.run_means(size, rng) - other.run_means(size, rng)
    noise = math.hypot(one.common - other.common, one.own, other.own)
    return float((apart + noise * rng.normal(size=size) > 0).mean())


def _plain_difference(
    means: np.ndarray, others: np.ndarray, rng: np.random.Generator
) -> tuple[float, float]:
    """Percentiles of the difference when both sets of runs are resampled."""
    drawn = [x[rng.integers(len(x), size=(SAMPLES, len(x)))] for x in (means, others)]
    cut = len(means) // 4
    middles = [np.sort(x, axis=1)[:, cut : len(means) - cut].mean(axis=1) for x in drawn]
    values = (middles[0] - middles[1]).tolist()
    return quantile(values, 0.025), quantile(values, 0.975)


def table(trials: Sequence[Trial]) -> str:
    """How often the truth was held, over all populations and in the worst of them, in Markdown.

    Of rankings there are too few in each population to name the worst.
    """
    lines = [
        "| interval of | made by | runs | holds the truth | least often | mean width |",
        "| --- | --- | ---: | ---: | --- | ---: |",
    ]
    groups: dict[tuple[int, str, int], list[Trial]] = {}
    for one in trials:
        key = FIGURES.index(one.figure), one.method, one.runs
        groups.setdefault(key, []).append(one)
    for (figure, method, runs), found in sorted(groups.items()):
        width = sum(one.width for one in found) / len(found)
        cells = ["", ""] if math.isnan(width) else [_worst(found), f"{width:.2f}"]
        first = [FIGURES[figure], method, str(runs), f"{_held(found):.1%}"]
        lines.append(f"| {' | '.join(first + cells)} |")
    return "\n".join(lines)


def _held(trials: Sequence[Trial]) -> float:
    return sum(one.held for one in trials) / len(trials)


def _worst(trials: Sequence[Trial]) -> str:
    """The population whose truth was held least often."""
    groups: dict[str, list[Trial]] = {}
    for one in trials:
        groups.setdefault(one.population, []).append(one)
    worst = min(groups, key=lambda name: _held(groups[name]))
    return f"{_held(groups[worst]):.0%}: {worst}"
