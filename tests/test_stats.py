"""Statistics against values worked out by hand, SciPy where it is, and their own coverage."""

import math

import numpy as np
import pytest

from benchmarks.evaluation.stats import (
    SampledIQM,
    bootstrap_interval,
    cost_of,
    efficiency_curve,
    improvement_interval,
    iqm,
    nested_interval,
    performance_profile,
    probability_of_improvement,
    scores_at,
)


@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        ([5.0], 5),
        ([1, 2, 3], 2),
        ([1, 2, 3, 100], 2.5),
        ([-50, 2, 4, 100], 3),
        ([0, 1, 2, 3, 4, 5, 6, 700], 3.5),
        ([[4, 100], [2, -9]], 3),
    ],
)
def test_the_interquartile_mean_drops_a_quarter_at_each_end(scores, expected):
    assert iqm(np.array(scores, float)) == expected


def test_the_interquartile_mean_is_scipys_trimmed_mean():
    stats = pytest.importorskip("scipy.stats")
    rng = np.random.default_rng(0)
    for size in range(1, 40):
        scores = rng.normal(size=size)
        assert iqm(scores) == pytest.approx(stats.trim_mean(scores, 0.25))


def test_the_interval_repeats_with_its_generator_and_holds_the_estimate():
    scores = np.random.default_rng(1).normal(size=(10, 4))
    first = bootstrap_interval(scores, np.random.default_rng(2), samples=200)
    assert first == bootstrap_interval(scores, np.random.default_rng(2), samples=200)
    assert first != bootstrap_interval(scores, np.random.default_rng(3), samples=200)
    assert first[0] < iqm(scores) < first[1]


def test_equal_scores_have_no_interval():
    assert bootstrap_interval(np.full((5, 2), 3.0), np.random.default_rng(0)) == (3.0, 3.0)


def test_each_task_resamples_its_own_runs():
    # a task whose runs agree adds nothing, however far it lies from the others
    scores = np.tile([[0.0, 1000.0]], (6, 1))
    low, high = bootstrap_interval(scores, np.random.default_rng(0), np.mean, samples=50)
    assert (low, high) == (500.0, 500.0)


def test_a_95_percent_interval_of_the_mean_holds_it_about_95_times_in_100():
    rng = np.random.default_rng(4)
    hits = 0
    for _ in range(200):
        scores = rng.normal(size=(40, 1))
        low, high = bootstrap_interval(scores, rng, lambda s: float(s.mean()), samples=200)
        hits += low <= 0 <= high
    assert 0.88 <= hits / 200 <= 0.99


def test_the_interval_narrows_with_more_runs_and_less_coverage():
    rng = np.random.default_rng(5)

    def width(runs, coverage=0.95):
        scores = np.random.default_rng(6).normal(size=(runs, 1))
        low, high = bootstrap_interval(scores, rng, samples=400, coverage=coverage)
        return high - low

    assert width(400) < 0.5 * width(40)
    assert width(40, 0.5) < 0.6 * width(40)


@pytest.mark.parametrize(
    ("scores", "others", "expected"),
    [
        ([[2], [3]], [[0], [1]], 1),
        ([[0], [1]], [[2], [3]], 0),
        ([[1], [3]], [[2], [2]], 0.5),
        ([[2]], [[2]], 0.5),
        ([[1, 9]], [[0, 10]], 0.5),
        ([[1], [2], [3]], [[2]], 0.5),
    ],
)
def test_the_probability_of_improvement_counts_pairs(scores, others, expected):
    assert probability_of_improvement(np.array(scores), np.array(others)) == expected


@pytest.mark.parametrize("scores", [[], [np.nan], [1, np.inf]])
def test_scores_that_are_none_are_refused(scores):
    with pytest.raises(ValueError, match="finite"):
        iqm(np.array(scores))


def test_shapes_and_settings_are_checked():
    rng, scores = np.random.default_rng(0), np.ones((3, 2))
    with pytest.raises(ValueError, match=r"scores must be a matrix .*\(3,\)"):
        bootstrap_interval(np.ones(3), rng)
    with pytest.raises(ValueError, match="coverage"):
        bootstrap_interval(scores, rng, coverage=95)
    with pytest.raises(ValueError, match="samples"):
        bootstrap_interval(scores, rng, samples=0)
    with pytest.raises(ValueError, match="same tasks, got 2 and 1"):
        probability_of_improvement(scores, np.ones((3, 1)))


def test_the_interval_does_not_depend_on_how_numpy_adds_up():
    scores = np.random.default_rng(9).normal(size=(7, 5))
    assert iqm(scores) == iqm(scores.T) == iqm(np.asfortranarray(scores)[::-1])


def test_improvement_is_mann_whitneys_u_averaged_over_the_tasks():
    # rliable's definition
    stats = pytest.importorskip("scipy.stats")
    rng = np.random.default_rng(3)
    one, other = rng.integers(0, 6, (9, 4)).astype(float), rng.integers(0, 6, (7, 4)).astype(float)
    u = [stats.mannwhitneyu(one[:, t], other[:, t]).statistic / (9 * 7) for t in range(4)]
    assert probability_of_improvement(one, other) == pytest.approx(np.mean(u))


def test_the_stratified_interval_is_scipys_where_there_is_one_task():
    stats = pytest.importorskip("scipy.stats")
    scores = np.random.default_rng(8).normal(size=(60, 1))
    found = bootstrap_interval(scores, np.random.default_rng(0), samples=4000)
    trimmed = lambda sample: stats.trim_mean(sample, 0.25)  # noqa: E731
    theirs = stats.bootstrap(
        (scores[:, 0],), trimmed, n_resamples=4000, method="percentile", vectorized=False, rng=1
    ).confidence_interval
    assert found == pytest.approx(tuple(theirs), abs=0.02)


SCORES = np.array(  # of six runs on four tasks, some of them equal
    [
        [0.0, 10.0, 3.5, 7.0],
        [1.0, 12.0, 3.5, 7.0],
        [2.5, 9.0, -1.0, 7.0],
        [2.5, 30.0, 4.0, 7.5],
        [4.0, 11.0, 8.0, 6.0],
        [9.0, 10.0, 0.5, 7.0],
    ]
)


def test_many_tasks_are_put_together_as_rliable_defines_it():
    """Its IQM is over all runs and tasks; its interval resamples the runs of each task apart."""
    stats = pytest.importorskip("scipy.stats")
    trimmed = lambda scores: stats.trim_mean(np.ravel(scores), 0.25)  # noqa: E731
    assert iqm(SCORES) == pytest.approx(trimmed(SCORES))
    rng = np.random.default_rng(5)
    values = []
    for _ in range(1500):
        drawn = rng.integers(6, size=(6, 4))
        values.append(trimmed([[SCORES[drawn[r, t], t] for t in range(4)] for r in range(6)]))
    found = bootstrap_interval(SCORES, np.random.default_rng(5), samples=1500)
    assert found == pytest.approx(np.percentile(values, [2.5, 97.5]))
    apart = [np.random.default_rng([t, 6]) for t in range(4)]  # one stream for each task
    values = [trimmed([apart[t].choice(SCORES[:, t], 6) for t in range(4)]) for _ in range(1500)]
    assert found == pytest.approx(np.percentile(values, [2.5, 97.5]), abs=0.15)


def test_improvement_and_profile_are_what_counting_pairs_and_scores_gives():
    others = SCORES[1:5] + np.array([0.0, 1.0, -0.5, 0.0])
    wins = [
        1.0 if one > other else 0.5 if one == other else 0.0
        for t in range(4)
        for one in SCORES[:, t]
        for other in others[:, t]
    ]
    assert 0.5 in wins
    assert probability_of_improvement(SCORES, others) == pytest.approx(sum(wins) / len(wins))
    taus = np.array([-2.0, 0.0, 2.5, 7.0, 30.0])  # a score counts only above the threshold
    above = [sum(score > tau for score in SCORES.ravel()) / 24 for tau in taus]
    assert performance_profile(SCORES, taus).tolist() == above


def test_a_performance_profile_is_the_share_of_runs_above_each_threshold():
    scores = np.array([[1.0, 10.0], [2.0, 30.0], [3.0, 20.0]])
    taus = np.array([0.0, 1.0, 2.5, 10.0, 25.0, 99.0])
    expected = [np.mean([np.mean(scores[:, t] > tau) for t in range(2)]) for tau in taus]
    assert performance_profile(scores, taus) == pytest.approx(expected)
    assert performance_profile(scores, taus)[-1] == 0


def test_the_cost_of_a_level_is_that_of_the_first_point_that_is_as_good():
    costs, scores = np.array([1.0, 2.0, 4.0, 8.0]), np.array([0.0, 5.0, 3.0, 9.0])
    assert [cost_of(costs, scores, level) for level in (0, 4, 5, 6)] == [1, 2, 2, 8]
    assert cost_of(costs, scores, 10.0) == math.inf


def test_nested_intervals_hold_the_luck_of_training_and_of_courses():
    rng = np.random.default_rng(1)
    runs = rng.normal(size=(10, 1))  # runs differ by 1, courses within a run by 0.1
    scores = runs + 0.1 * rng.normal(size=(10, 50))
    low, high = nested_interval(scores, np.random.default_rng(0), samples=500)
    assert high - low == pytest.approx(2 * 1.96 * runs.std() / np.sqrt(10), rel=0.25)
    same = np.zeros((10, 1)) + 0.1 * rng.normal(size=(1, 400))
    low, high = nested_interval(same, np.random.default_rng(0), samples=500)
    assert high - low == pytest.approx(2 * 1.96 * 0.1 / np.sqrt(4000), rel=0.25)


def test_a_learning_curve_is_read_at_the_last_point_before():
    scores = np.array([[1.0, 2.0], [3.0, 4.0]])
    read = scores_at(np.array([10.0, 20.0]), scores, np.array([5, 10, 15, 20, 99]))
    assert read.tolist() == [[0, 0], [1, 2], [1, 2], [3, 4], [3, 4]]
    with pytest.raises(ValueError, match="costs that rise"):
        scores_at(np.array([20.0, 10.0]), scores, np.array([5]))


def test_an_efficiency_curve_is_the_iqm_at_each_cost():
    runs = [(np.array([1.0, 2.0]), np.array([[1.0], [k]])) for k in (2.0, 4.0, 6.0, 80.0)]
    curve = efficiency_curve(runs, np.array([0.5, 1.0, 2.0]), np.random.default_rng(0), 50)
    assert curve["score"].tolist() == [0.0, 1.0, 5.0]
    assert (curve["low"][2], curve["high"][2]) != (5.0, 5.0)
    assert (curve["low"] <= curve["score"]).all()
    assert (curve["score"] <= curve["high"]).all()


def test_the_band_of_a_learning_curve_is_that_of_whole_runs():
    """One run walks all courses: its luck is the same on each of them."""
    rng = np.random.default_rng(5)
    luck, courses = rng.normal(size=(40, 1)), 0.1 * rng.normal(size=(40, 16))
    runs = [(np.array([1.0]), scores[None]) for scores in luck + courses]
    curve = efficiency_curve(runs, np.array([1.0]), np.random.default_rng(0))
    width = float(curve["high"][0] - curve["low"][0])
    assert width == pytest.approx(2 * 1.96 * luck.std() / np.sqrt(40), rel=0.3)
    steps = np.random.default_rng(1).integers(40, size=(2000, 40))
    plain = [iqm((luck + courses)[chosen]) for chosen in steps]
    assert width == pytest.approx(np.ptp(np.quantile(plain, [0.025, 0.975])), rel=0.1)


def test_a_band_holds_the_true_figure_about_as_often_as_it_says():
    rng, held = np.random.default_rng(6), 0
    for _ in range(200):
        scores = rng.normal(size=(10, 1)) + 0.3 * rng.normal(size=(10, 4))
        runs = [(np.array([1.0]), row[None]) for row in scores]
        curve = efficiency_curve(runs, np.array([1.0]), rng, samples=300)
        held += curve["low"][0] <= 0 <= curve["high"][0]
    assert 0.86 <= held / 200 <= 0.97


def test_the_interval_of_an_improvement_is_that_of_plain_resampling():
    rng = np.random.default_rng(7)
    one, other = rng.normal(0.5, 1, size=(10, 2)), rng.normal(size=(8, 2))
    low, high = improvement_interval(one, other, np.random.default_rng(0))
    assert low < probability_of_improvement(one, other) < high
    plain = [
        probability_of_improvement(one[rng.integers(10, size=10)], other[rng.integers(8, size=8)])
        for _ in range(2000)
    ]
    assert (low, high) == pytest.approx(np.quantile(plain, [0.025, 0.975]), abs=0.03)
    assert improvement_interval(one + 9, other, rng) == (1.0, 1.0)


@pytest.mark.parametrize("scale", [0.0, 1e-9, 1.0, 1e12])
def test_the_quick_interquartile_means_of_samples_are_the_plain_ones(scale):
    rng = np.random.default_rng(2)
    for shape in ((5, 33), (1, 1), (3, 1), (2, 4)):
        scores = scale * np.round(rng.normal(size=shape), 1)  # with ties
        drawn = rng.integers(scores.size, size=(20, *shape))
        plain = [iqm(scores.ravel()[places]) for places in drawn]
        assert SampledIQM(scores)(drawn) == pytest.approx(plain, rel=1e-12, abs=1e-20)


def test_a_nested_interval_is_that_of_plain_resampling():
    rng = np.random.default_rng(3)
    scores, values = rng.normal(size=(6, 1)) + rng.normal(size=(6, 40)), []
    for _ in range(4000):
        chosen = rng.integers(6, size=(6, 1))
        values.append(iqm(scores[chosen, rng.integers(40, size=(6, 40))]))
    found = nested_interval(scores, np.random.default_rng(0), samples=4000)
    assert found == pytest.approx(np.quantile(values, [0.025, 0.975]), abs=0.08)
