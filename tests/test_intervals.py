"""Intervals over whole runs: by hand, by plain loops, and as a classical formula has them."""

import itertools

import numpy as np
import pytest

from benchmarks.evaluation.intervals import (
    Draws,
    draw_courses,
    draw_runs,
    resample,
    run_interval,
    run_score,
    spread,
    widening,
)
from benchmarks.evaluation.stats import iqm


def drawn(seed):
    return np.random.default_rng(seed)


RUNS = 40 + 3 * drawn(0).normal(size=(10, 1)) + drawn(1).normal(size=(10, 32))


@pytest.mark.parametrize(
    ("means", "expected"),
    [
        ([7], 7),
        ([1, 9], 5),
        ([0, 3, 9], 4),
        ([0, 3, 5, 90], 4),
        ([0, 30, 31, 35, 99], 32),
        ([-9, 0, 1, 2, 3, 4, 5, 6, 50, 99], 3.5),
    ],
)
def test_a_fifth_of_five_and_ten_runs_is_cut_at_each_end(means, expected):
    scores = np.array(means, float)[:, None] + [-1.0, 0.0, 1.0]
    assert run_score(scores) == expected
    assert run_score(scores[::-1]) == expected


def test_runs_are_cut_whole():
    # the hard course of the good runs stays in
    scores = np.array([[0.0, 0.0], [0.0, 50.0], [1.0, 51.0], [2.0, 52.0], [90.0, 90.0]])
    assert run_score(scores) == 26
    assert iqm(scores) == pytest.approx((1 + 2 + 50 + 51 + 52 + 0) / 6)
    assert run_score(np.array([[0.0, 0.0], [0.0, 9.0], [0.0, 9.0], [0.0, 9.0]])) == 4.5


def test_without_courses_it_is_the_bootstrap_of_the_runs_stretched():
    stats = pytest.importorskip("scipy.stats")
    means = RUNS.mean(axis=1)
    plain = [iqm(means[places]) for places in drawn(2).integers(10, size=(4000, 10))]
    below, above = np.quantile(plain, [0.025, 0.975])
    factor = np.sqrt(10 / 9) * stats.t.ppf(0.975, 9) / stats.norm.ppf(0.975)
    middle = run_score(RUNS)
    low, high = run_interval(RUNS, drawn(3), samples=4000, courses=False)
    assert low == pytest.approx(middle - factor * (middle - below), abs=0.1)
    assert high == pytest.approx(middle + factor * (above - middle), abs=0.1)


def test_two_runs_have_students_interval_of_their_mean():
    """Their resampled mean has the ends themselves as 2.5 % quantiles: a sum done by hand."""
    low, high = run_interval(np.array([[0.0], [2.0]]), drawn(0), courses=False)
    assert (low, high) == pytest.approx((1 - 12.7062 * 2**0.5 / 1.95996, 1 + 9.1681), abs=2e-3)


def test_the_courses_of_one_run_have_the_interval_of_a_mean():
    stats = pytest.importorskip("scipy.stats")
    scores = drawn(3).normal(size=(1, 128))
    low, high = run_interval(scores, drawn(4), samples=4000)
    theirs = stats.t.interval(0.95, 127, scores.mean(), scores.std() / np.sqrt(128))
    assert (low, high) == pytest.approx(theirs, abs=0.02)


def test_a_draw_of_courses_is_the_same_for_all_runs():
    counts = draw_courses(32, 50, drawn(5))
    draws = Draws(draw_runs(10, 50, drawn(6)), counts)
    found = resample(RUNS, draws)
    for b in range(50):
        courses = np.repeat(np.arange(32), counts[b].astype(int))
        assert len(courses) == 32
        on_all, on_drawn = RUNS[draws.runs[b]], RUNS[draws.runs[b]][:, courses]
        moved = run_score(on_all) - run_score(RUNS)
        assert found.by_runs[b] == pytest.approx(moved * np.sqrt(10 / 9), abs=1e-9)
        assert found.by_courses[b] == pytest.approx(run_score(on_drawn) - run_score(on_all))


def test_what_all_runs_share_on_a_course_widens_the_interval_only_where_courses_are_drawn():
    rng = drawn(7)
    scores = rng.normal(size=(5, 1)) + 20 * rng.normal(size=(1, 64))
    width = {on: np.ptp(run_interval(scores, drawn(8), courses=on)) for on in (True, False)}
    assert width[True] == pytest.approx(2 * 1.96 * 20 / np.sqrt(64), rel=0.3)
    assert width[False] < 0.5 * width[True]


def test_the_interval_moves_and_grows_with_the_scores():
    low, high = run_interval(RUNS, drawn(9))
    assert low < run_score(RUNS) < high
    assert run_interval(100 + 2 * RUNS, drawn(9)) == pytest.approx((100 + 2 * low, 100 + 2 * high))
    turned = run_interval(np.asfortranarray(RUNS), drawn(9))
    assert turned == (low, high)
    assert run_interval(RUNS, drawn(10)) != (low, high)
    narrow = run_interval(RUNS, drawn(9), coverage=0.5)
    assert low < narrow[0] < narrow[1] < high


def test_equal_scores_have_no_width():
    assert run_interval(np.full((5, 8), 3.1), drawn(0)) == (3.1, 3.1)
    assert run_interval(np.zeros((5, 8)), drawn(0)) == (0.0, 0.0)


def test_welchs_degrees_of_freedom():
    # Satterthwaite: (1 + 4)^2 / (1^2 / 4 + 4^2 / 9)
    ones = np.array([1.0, -1.0, 1.0, -1.0])
    found = spread([(ones, 5), (2 * np.array([1.0, 1.0, -1.0, -1.0]), 10), (0 * ones, 1)])
    assert found.freedom == pytest.approx(25 / (1 / 4 + 16 / 9))
    assert found.size == pytest.approx(5**0.5)
    assert spread([(0 * ones, 1)]).interval(2.0) == (2.0, 2.0)


def test_many_at_once_need_wider_intervals_than_one():
    stats = pytest.importorskip("scipy.stats")
    values = drawn(11).normal(size=(10, 20_000))
    apart = [spread([(row, 1000)]) for row in values]
    sidak = stats.norm.ppf((1 + 0.95**0.1) / 2) / stats.norm.ppf(0.975)
    assert widening(apart) == pytest.approx(sidak, rel=0.03)
    assert widening(apart[:1]) == widening([apart[0]] * 9) == 1
    assert widening([]) == widening([spread([(np.zeros(9), 5)])]) == 1


@pytest.mark.parametrize(
    ("scores", "settings", "error"),
    [
        (np.ones(3), {}, r"scores must be a matrix \(runs, courses\), got shape \(3,\)"),
        (np.ones((0, 3)), {}, "scores must have at least one score"),
        (np.array([[1.0, np.nan]]), {}, "finite"),
        (np.ones((3, 2)), {"coverage": 95}, "coverage"),
        (np.ones((3, 2)), {"samples": 0}, "samples"),
        (np.ones((1, 2)), {"courses": False}, "several runs, or courses that are resampled"),
        (np.ones((1, 1)), {}, "several runs, or courses that are resampled, got 1 run"),
    ],
)
def test_what_has_no_interval_is_refused(scores, settings, error):
    with pytest.raises(ValueError, match=error):
        run_interval(scores, drawn(0), **settings)


def test_five_runs_are_held_more_often_than_by_the_bootstrap_alone():
    rng = drawn(12)
    held = {"alone": 0, "stretched": 0}
    for _ in range(200):
        scores = rng.normal(size=(5, 1)) + 0.3 * rng.normal(size=(5, 16))
        low, high = run_interval(scores, rng, samples=200)
        held["stretched"] += low <= 0 <= high
        means = scores.mean(axis=1)
        plain = [iqm(means[places]) for places in rng.integers(5, size=(60, 5))]
        low, high = np.quantile(plain, [0.025, 0.975])
        held["alone"] += low <= 0 <= high
    assert held["alone"] < 185 <= held["stretched"]


def test_all_draws_of_two_runs_and_two_courses_together():
    """Every equally likely draw once: what is resampled is the mean of the drawn cells."""
    scores = np.array([[0.0, 4.0], [2.0, 10.0]])
    pairs = list(itertools.product(range(2), repeat=2))
    both = list(itertools.product(pairs, pairs))
    runs = np.array([one for one, _ in both])
    counts = np.array([[float(c.count(k)) for k in range(2)] for _, c in both])
    found = resample(scores, Draws(runs, counts))
    cells = [scores[np.ix_(one, columns)].mean() for one, columns in both]
    total = found.by_runs / np.sqrt(2) + found.by_courses
    assert total + 4 == pytest.approx(cells)
