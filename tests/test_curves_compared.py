"""Learning curves against each other, and the cost of a score: by hand, and what they promise."""

import math

import numpy as np
import pytest

from benchmarks.evaluation.comparison import compare
from benchmarks.evaluation.curves import Crossing, Lead, compare_curves, reached
from benchmarks.evaluation.stats import cost_of

GRID = np.array([1.0, 2, 4, 8, 16, 32])


def drawn(seed):
    return np.random.default_rng(seed)


def curves(means, number=5, courses=16, seed=0):
    rng = drawn(seed)
    luck = rng.normal(size=(number, 1, 1))  # a lucky run stays lucky
    return np.array(means)[:, None] + luck + 0.5 * rng.normal(size=(number, len(means), courses))


FAST, SLOW = curves([0, 20, 25, 26, 26, 26]), curves([0, 2, 10, 26.4, 40, 41], 10, seed=1)


def test_the_slow_one_wins_in_the_end():
    found = compare_curves(GRID, FAST, SLOW, drawn(0))
    assert found.leads == [Lead(0, 2, 4), Lead(1, 16, 32)]
    (crossing,) = found.crossings
    assert (crossing.ahead, crossing.after, crossing.before) == (1, 4, 16)
    assert crossing.estimate == (8 if found.difference[3] < 0 else 16)
    assert (found.low < found.difference).all()
    assert (found.difference < found.high).all()


def test_the_order_of_the_two_does_not_matter():
    found = compare_curves(GRID, SLOW, FAST, drawn(0))
    assert found.leads == [Lead(1, 2, 4), Lead(0, 16, 32)]
    assert [(one.ahead, one.after, one.before) for one in found.crossings] == [(0, 4, 16)]


def test_the_estimate_of_a_crossing_is_where_the_figures_have_changed_for_good():
    flat = np.zeros((2, 6, 4))
    steps = np.array([-9.0, 0.1, -0.1, 0.0, 0.2, 9.0])
    sides = np.array([-1.0, 1.0])[:, None] * np.array([0, 1, 1, 1, 1, 0])  # runs differ, unsure
    other = (steps + sides)[:, :, None] + np.zeros(4)
    found = compare_curves(GRID, other, flat, drawn(0))
    assert found.leads == [Lead(1, 1, 1), Lead(0, 32, 32)]
    assert found.crossings == [Crossing(0, after=1, before=32, estimate=16)]


def test_curves_that_are_the_same_have_no_leads():
    same = np.tile(np.arange(6.0)[:, None], (5, 1, 8))
    found = compare_curves(GRID, same, same, drawn(0))
    assert (found.leads, found.crossings) == ([], [])
    assert not found.low.any()
    assert not found.high.any()


def test_one_cost_is_a_comparison():
    found = compare_curves(GRID[:1], FAST[:, 2:3], SLOW[:, 2:3], drawn(3))
    one = compare(FAST[:, 2], SLOW[:, 2], drawn(3))
    assert (found.difference[0], found.low[0], found.high[0]) == (one.difference, one.low, one.high)


def test_the_band_is_wider_than_the_interval_at_each_cost():
    found = compare_curves(GRID, FAST, SLOW, drawn(3))
    alone = [compare(FAST[:, k], SLOW[:, k], drawn(3)) for k in range(6)]
    wider = (found.high - found.low) / [one.high - one.low for one in alone]
    assert (wider >= 1).all()
    assert wider == pytest.approx(np.full(6, wider[0]))


def test_a_band_seldom_finds_a_lead_where_there_is_none():
    rng, false = drawn(4), 0
    for _ in range(40):
        one, other = rng.normal(size=(2, 5, 12, 8)).cumsum(axis=2)
        false += bool(compare_curves(np.arange(12.0), one, other, rng, samples=200).leads)
    assert false <= 4


@pytest.mark.parametrize(
    ("grid", "shapes", "error"),
    [
        ([1.0, 2.0], [(5, 2), (5, 2)], r"scores \(runs, costs, courses\)"),
        ([1.0, 2.0], [(5, 2, 3), (5, 2, 4)], "on the same courses"),
        ([1.0, 2.0, 3.0], [(5, 2, 3), (5, 2, 3)], "rising grid of 2 costs"),
        ([2.0, 1.0], [(5, 2, 3), (5, 2, 3)], "rising grid of 2 costs"),
        ([], [(5, 0, 3), (5, 0, 3)], "at least one"),
    ],
)
def test_curves_that_do_not_fit_are_refused(grid, shapes, error):
    with pytest.raises(ValueError, match=error):
        compare_curves(np.array(grid), *(np.zeros(shape) for shape in shapes), drawn(0))


@pytest.mark.parametrize(
    ("costs", "median", "low", "high", "coverage", "share"),
    [
        ([3, 1, 2, 5, 4], 3, 1, 5, 1 - 2 / 32, 1),
        (range(1, 11), 5.5, 2, 9, 1 - 22 / 1024, 1),
        ([1, 2, math.inf, 3, math.inf], 3, 1, math.inf, 1 - 2 / 32, 0.6),
        ([1, 2, math.inf, math.inf], math.inf, 1, math.inf, 1 - 2 / 16, 0.5),
        ([math.inf] * 5, math.inf, math.inf, math.inf, 1 - 2 / 32, 0),
        ([7], 7, 7, 7, 0, 1),
        ([7, 9], 8, 7, 9, 0.5, 1),
    ],
)
def test_the_cost_of_a_score_is_the_median_of_the_runs(costs, median, low, high, coverage, share):
    found = reached([*costs])
    assert (found.median, found.low, found.high, found.share) == (median, low, high, share)
    assert found.coverage == pytest.approx(coverage)


def test_the_interval_of_a_median_is_the_binomials():
    stats = pytest.importorskip("scipy.stats")
    for runs in (6, 7, 10, 20, 51):
        found = reached(range(runs))
        inside = stats.binom.cdf(found.high, runs, 0.5) - stats.binom.cdf(found.low, runs, 0.5)
        assert found.coverage == pytest.approx(inside)
        assert found.coverage >= 0.95
        ends = found.low + 1, found.high - 1
        one_less = stats.binom.cdf(ends[1], runs, 0.5) - stats.binom.cdf(ends[0], runs, 0.5)
        assert one_less < 0.95


def test_resampling_five_runs_gives_the_same_ends():
    costs = np.array([3.0, 8, 1, 20, 5])
    medians = np.median(costs[drawn(0).integers(5, size=(4000, 5))], axis=1)
    found = reached(costs.tolist())
    assert (found.low, found.high) == tuple(np.quantile(medians, [0.025, 0.975]))


def test_costs_come_from_learning_curves():
    costs = [cost_of(GRID, run.mean(axis=1), 15) for run in FAST]
    assert reached(costs) == reached([2.0] * 5)


@pytest.mark.parametrize("costs", [[], [math.nan], [-1.0, 2.0]])
def test_costs_that_are_none_are_refused(costs):
    with pytest.raises(ValueError, match="costs >= 0 of at least one run"):
        reached(costs)


def test_a_coverage_is_a_share():
    with pytest.raises(ValueError, match="coverage"):
        reached([1.0], coverage=95)
