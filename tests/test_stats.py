"""Statistics against values worked out by hand, SciPy where it is, and their own coverage."""

import numpy as np
import pytest

from benchmarks.stats import bootstrap_interval, iqm, probability_of_improvement


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
