"""Comparisons on common courses: by hand, by plain loops, and what they promise."""

import numpy as np
import pytest

from benchmarks.evaluation.comparison import compare, rank, rank_intervals
from benchmarks.evaluation.intervals import run_interval, run_score
from benchmarks.evaluation.stats import probability_of_improvement


def drawn(seed):
    return np.random.default_rng(seed)


def runs(middle, number=5, courses=64, seed=0):
    rng = drawn([seed, int(10 * middle)])
    return middle + rng.normal(size=(number, 1)) + rng.normal(size=(number, courses))


def test_the_difference_is_that_of_the_figures_and_its_interval_goes_with_it():
    one, other = runs(12, 10), runs(9, 5)
    found = compare(one, other, drawn(0))
    assert found.difference == run_score(one) - run_score(other)
    assert 0 < found.low < found.difference < found.high
    assert not found.tie
    assert found.better == probability_of_improvement(one, other)
    assert found == compare(one, other, drawn(0))
    moved = compare(5 + one, 5 + other, drawn(0))
    assert (moved.low, moved.high) == pytest.approx((found.low, found.high))


def test_what_a_course_does_to_both_cancels_out():
    hard = 50 * drawn(1).normal(size=64)
    one, other = runs(12), runs(9)
    plain, shifted = (compare(one + h, other + h, drawn(2)) for h in (0 * hard, hard))
    assert (shifted.low, shifted.high) == pytest.approx((plain.low, plain.high), abs=1e-9)
    low, high = run_interval(one + hard, drawn(2))
    assert high - low > 3 * (shifted.high - shifted.low)


def test_the_interval_is_students_of_two_samples_where_means_are_compared():
    """Three runs each are not cut, and 60 courses that all agree add nothing."""
    stats = pytest.importorskip("scipy.stats")
    one, other = np.array([0.0, 1.0, 2.5]), np.array([5.0, 9.0, 10.0])
    found = compare(one[:, None] + np.zeros(60), other[:, None] + np.zeros(60), drawn(0), 20_000)
    theirs = stats.ttest_ind(one, other, equal_var=False).confidence_interval()
    assert found.high - found.low == pytest.approx(theirs.high - theirs.low, rel=0.06)


def test_two_entries_differ_course_by_course():
    stats = pytest.importorskip("scipy.stats")
    hard = 10 * drawn(1).normal(size=(1, 128))
    one, other = hard + runs(1, 1, 128), hard + runs(0.5, 1, 128)
    found = compare(one, other, drawn(0), samples=6000)
    apart = (one - other)[0]
    theirs = stats.ttest_1samp(apart, 0).confidence_interval()
    assert (found.low, found.high) == pytest.approx((theirs.low, theirs.high), abs=0.03)
    assert found.difference == pytest.approx(apart.mean())
    wins = apart > 0
    assert found.better == wins.mean()
    ends = stats.norm.interval(0.95, wins.mean(), wins.std() / np.sqrt(128))
    assert (found.better_low, found.better_high) == pytest.approx(ends, abs=0.012)


def test_an_entry_ties_with_itself():
    one = runs(3, 1)
    found = compare(one, one, drawn(0))
    assert (found.difference, found.low, found.high) == (0, 0, 0)
    assert found.tie
    assert found.better == 0.5
    assert (found.better_low, found.better_high) == pytest.approx((0.5, 0.5), abs=0.02)


def test_the_chance_of_improvement_has_wilsons_interval_with_the_variance_of_resampling():
    stats = pytest.importorskip("scipy.stats")
    one, other = runs(1, 10, 8), runs(0, 10, 8)
    found = compare(one, other, drawn(0), samples=4000, courses=False)
    rng = drawn(1)
    plain = [
        probability_of_improvement(one[rng.integers(10, size=10)], other[rng.integers(10, size=10)])
        for _ in range(2000)
    ]
    p, variance = found.better, 10 / 9 * np.var(plain)
    trials = (p * (1 - p) + 1 / 160) / (variance + 1 / 1600)
    t = stats.t.ppf(0.975, 17)
    for end in (found.better_low, found.better_high):
        assert (p - end) ** 2 == pytest.approx(t**2 * end * (1 - end) / trials, rel=0.1)
    assert found.better_low < p < found.better_high


def test_runs_that_always_win_do_not_claim_to_do_so_forever():
    found = compare(runs(50), runs(0), drawn(0))
    least = 5 / (5 + 1.959964**2)  # Wilson's, for 5 of 5
    assert (found.better_low, found.better, found.better_high) == pytest.approx((least, 1, 1))
    lost = found.reversed()
    assert (lost.better_low, lost.better, lost.better_high) == pytest.approx((0, 0, 1 - least))


def test_resampled_courses_widen_the_chance_of_improvement():
    one, other = (np.tile(drawn(s).normal(size=(1, 16)), (5, 1)) for s in (1, 2))
    fixed, free = (compare(one, other, drawn(0), courses=on) for on in (False, True))
    wins = one[0] > other[0]
    assert free.better_high - free.better_low == pytest.approx(4.26 * wins.std() / 4, rel=0.2)
    assert fixed.better_high - fixed.better_low < 0.5 * (free.better_high - free.better_low)


def test_one_course_is_enough_for_several_runs():
    found = compare(runs(9, 5, 1), runs(8, 5, 1), drawn(0))
    assert found.low < found.difference < found.high


def test_seen_from_the_other_one_everything_is_reversed():
    found = rank([runs(9), runs(8, 10)], drawn(0)).differences
    one, other = found[0][1], found[1][0]
    assert one.reversed() == other
    assert other.reversed().low == one.low
    assert (other.difference, other.low, other.high) == (-one.difference, -one.high, -one.low)
    assert other.better_low == 1 - one.better_high
    assert found[0][0] is None


def test_ranks_are_counted_from_who_is_surely_better():
    better = np.zeros((4, 4), dtype=bool)
    better[0, 2] = better[0, 3] = better[1, 3] = True  # 0 and 1, 1 and 2, 2 and 3 are ties
    assert rank_intervals(better) == [(1, 2), (1, 3), (2, 4), (3, 4)]
    assert rank_intervals(better[:0, :0]) == []


def test_a_ranking_tells_apart_what_is_far_apart():
    found = rank([runs(5), runs(30, 10), runs(30.3), runs(50)], drawn(0))
    assert found.ranks == [(4, 4), (2, 3), (2, 3), (1, 1)]
    assert found.surely_better.tolist() == [
        [False, False, False, False],
        [True, False, False, False],
        [True, False, False, False],
        [True, True, True, False],
    ]
    assert found.scores[3] == run_score(runs(50))
    assert found.intervals[3][0] < found.scores[3] < found.intervals[3][1]


def test_of_two_the_ranks_say_what_the_interval_says():
    for middle in (0.0, 0.5, 2.0, 5.0):
        found = rank([runs(middle), runs(0.1, seed=1)], drawn(0))
        assert found.differences[0][1] == compare(runs(middle), runs(0.1, seed=1), drawn(0))
        assert found.differences[0][1].tie == (found.ranks[0] == (1, 2))


def test_pairs_far_apart_leave_the_close_ones_as_they_would_be_by_themselves():
    """Step by step: of four in two far groups, only the two close pairs are left in the end."""
    close = [runs(0), 2.2 + runs(0, seed=4)]
    far = [100 + runs(0, seed=2), 200 + runs(0, seed=3)]
    assert not compare(*close, drawn(0)).tie
    assert rank(close + far, drawn(0)).ranks == [(4, 4), (3, 3), (2, 2), (1, 1)]
    like = [1.1 + runs(0, seed=seed) for seed in (5, 6)]
    assert rank(close + like, drawn(0)).ranks == [(1, 4)] * 4


def test_one_alone_is_first():
    assert rank([runs(3)], drawn(0)).ranks == [(1, 1)]


def test_equal_ones_are_seldom_told_apart():
    wrong = {"together": 0, "one by one": 0}
    rng = drawn(0)
    for _ in range(40):
        tables = rng.normal(size=(6, 5, 1)) + rng.normal(size=(6, 5, 8))
        found = rank([*tables], rng, samples=200)
        wrong["together"] += bool(found.surely_better.any())
        pairs = [pair for row in found.differences for pair in row if pair is not None]
        wrong["one by one"] += not all(pair.tie for pair in pairs)
    assert wrong["together"] <= 4 < wrong["one by one"]


@pytest.mark.parametrize(
    ("tables", "settings", "error"),
    [
        ([np.ones((2, 3)), np.ones((2, 4))], {}, r"same courses, got \[3, 4\] of them"),
        ([np.ones((2, 3)), np.ones(3)], {}, r"scores\[1\] must be a matrix"),
        ([np.ones((2, 3)), np.full((2, 3), np.inf)], {}, r"scores\[1\] .* finite"),
        ([np.ones((1, 3)), np.ones((5, 3))], {"courses": False}, "several runs"),
        ([np.ones((2, 3))] * 2, {"coverage": 1.0}, "coverage"),
        ([], {}, "same courses"),
    ],
)
def test_what_does_not_compare_is_refused(tables, settings, error):
    with pytest.raises(ValueError, match=error):
        rank(tables, drawn(0), **settings)
