"""Figures over runs with their intervals, and the words that an interval allows."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.evaluation.comparison import compare
from benchmarks.evaluation.correlation import correlation_interval, rank_correlation
from benchmarks.evaluation.intervals import run_interval, run_score

LEVEL = 0.05
"""A chance below which a difference is called sure."""

CORRELATED = 10
"""Runs that a correlation takes at least; resampling fewer would call it too sure."""


@dataclass(frozen=True)
class Estimate:
    """A figure with its 95 % interval.

    Attributes:
        value: The figure.
        low: Lower end; NaN where there are too few runs for one.
        high: Upper end.
        runs: How many are behind it.
    """

    value: float
    low: float
    high: float
    runs: int

    def words(self, form: str = ".1f", scale: float = 1.0) -> str:
        """Such as ``4.1 [3.9, 4.3]``.

        Args:
            form: Of each number.
            scale: They are multiplied by this.
        """
        value, low, high = (format(scale * x, form) for x in (self.value, self.low, self.high))
        return f"{value} [{low}, {high}]" if math.isfinite(self.low) else f"{value} (one run)"

    def choose(self, above: str, below: str, unsure: str, border: float = 0.0) -> str:
        """One of three texts.

        Args:
            above: Where the whole interval lies above the border.
            below: Where it lies below.
            unsure: Where it holds the border, or there is no interval.
            border: 0 for a difference.
        """
        if self.low > border:
            return above
        return below if self.high < border else unsure


def over_runs(values: Sequence[float]) -> Estimate:
    """The figure of some runs, one number each: `intervals.run_score`.

    Raises:
        ValueError: There is no run.
    """
    table = np.asarray(values, np.float64)[:, None]
    low = high = math.nan
    if len(table) > 1:
        low, high = run_interval(table, np.random.default_rng(0), courses=False)
    return Estimate(run_score(table), low, high, len(table))


def between(values: Sequence[float], others: Sequence[float]) -> Estimate | None:
    """How much more the first runs have than the others; None with fewer than two of either."""
    if min(len(values), len(others)) < 2:
        return None
    tables = [np.asarray(column, np.float64)[:, None] for column in (values, others)]
    found = compare(tables[0], tables[1], np.random.default_rng(0), courses=False)
    return Estimate(found.difference, found.low, found.high, len(values) + len(others))


def proportion(count: int, runs: int) -> Estimate:
    """A share of runs with Clopper and Pearson's exact interval.

    Raises:
        ValueError: There is no run.
    """
    from scipy.stats import binomtest

    ends = binomtest(count, runs).proportion_ci(1 - LEVEL, method="exact")
    return Estimate(count / runs, float(ends.low), float(ends.high), runs)


def chance_of_equal(count: int, runs: int, other: int, others: int) -> float:
    """Fisher's exact test: how often two shares differ so much where there is no difference.

    Args:
        count: Of the first runs.
        runs: How many these are.
        other: Of the other runs.
        others: How many these are.
    """
    from scipy.stats import fisher_exact

    return float(fisher_exact([[count, runs - count], [other, others - other]])[1])


def correlation(
    one: Sequence[float], other: Sequence[float], groups: Sequence[object] | None = None
) -> Estimate | None:
    """Spearman's rank correlation over runs.

    Args:
        one: A figure of each run.
        other: Another figure of each.
        groups: As in `correlation.rank_correlation`.

    Returns:
        None with fewer than `CORRELATED` runs, or where all are alike.
    """
    if len(one) < CORRELATED:
        return None
    value = rank_correlation(one, other, groups)
    if math.isnan(value):
        return None
    return Estimate(value, *correlation_interval(one, other, groups=groups), len(one))


def share_words(count: int, runs: int) -> str:
    """Such as ``7 of 10 (70 % [35, 93])``."""
    return f"{count} of {runs} ({proportion(count, runs).words('.0f', 100).replace(' [', ' % [')})"


def names(words: Sequence[str], code: bool = True) -> str:
    """Such as ``a``, ``b`` and ``c``."""
    shown = [f"`{word}`" for word in words] if code else [*words]
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"


def sentence(words: str) -> str:
    """The beginning of a sentence: its first letter is a capital one."""
    return words[:1].upper() + words[1:]


def millions(steps: float) -> str:
    """Control steps in millions, with two digits that count."""
    return f"{float(f'{steps / 1e6:.2g}'):g}"
