"""Spearman's rank correlation, against SciPy where it is."""

from __future__ import annotations

import math

import numpy as np
import pytest

from benchmarks.evaluation.correlation import correlation_interval, rank_correlation


def test_rank_correlation_is_spearmans():
    stats = pytest.importorskip("scipy.stats")
    rng = np.random.default_rng(0)
    for _ in range(5):
        one, other = rng.integers(0, 6, 20), rng.integers(0, 6, 20)
        expected = stats.spearmanr(one, other).statistic
        assert rank_correlation(one, other) == pytest.approx(expected)
    assert rank_correlation([1, 2, 3], [10, 20, 40]) == pytest.approx(1.0)
    assert math.isnan(rank_correlation([1, 1], [1, 2]))
    low, high = correlation_interval([1, 2, 3, 4], [1, 2, 3, 4])
    assert low == high == pytest.approx(1.0)


def test_figures_that_never_differ_have_no_interval():
    assert all(math.isnan(end) for end in correlation_interval([1, 1, 1], [1, 2, 3]))
