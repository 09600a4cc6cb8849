"""Courses: uniform in the disc, the same beginning however much is drawn, and how episodes end."""

from __future__ import annotations

import json

import numpy as np
import pytest

from walker_env import COURSES, Options, WalkerBatch, WalkerEnv, register_course
from walker_env.courses import DISC_RADIUS, draw_disc
from walker_env.tasks import (
    HORIZON,
    STALL_PROGRESS,
    TARGET_RADIUS,
    episode_rng,
    get_course,
)


def test_targets_are_uniform_in_the_disc():
    targets = draw_disc(np.random.default_rng(1), 200_000)
    radius = np.linalg.norm(targets, axis=1) / DISC_RADIUS
    angle = np.arctan2(targets[:, 1], targets[:, 0])
    assert radius.max() <= 1
    for edge in (0.1, 0.3, 0.5, 0.8, 0.95):
        assert (radius < edge).mean() == pytest.approx(edge**2, abs=0.005)
    assert np.histogram(angle, 8, (-np.pi, np.pi))[0] / 200_000 == pytest.approx(1 / 8, abs=0.005)
    assert np.corrcoef(radius, angle)[0, 1] == pytest.approx(0, abs=0.01)


def test_two_turns_in_a_row_go_the_same_way_with_probability_0_616():
    targets = draw_disc(np.random.default_rng(616), 400_000)
    legs = np.diff(targets, axis=0)
    turns = np.sign(legs[:-1, 0] * legs[1:, 1] - legs[:-1, 1] * legs[1:, 0])
    assert (turns[:-1] == turns[1:]).mean() == pytest.approx(0.616, abs=0.005)
    assert (turns > 0).mean() == pytest.approx(0.5, abs=0.005)


@pytest.mark.parametrize("name", sorted(COURSES))
def test_more_of_a_course_begins_with_less_of_it(name):
    long = COURSES[name](episode_rng(7, 2), 300)
    assert long.shape == (300, 2)
    assert long.dtype == np.float64
    for count in (1, 2, 63, 64, 65, 128):
        assert np.array_equal(COURSES[name](episode_rng(7, 2), count), long[:count])


def test_each_seed_and_episode_has_a_course_of_its_own():
    first = {tuple(draw_disc(episode_rng(s, e), 1)[0]) for s in range(20) for e in range(20)}
    assert len(first) == 400


def test_large_seeds_are_seeds_too():
    batch = WalkerBatch(2, Options())
    batch.reset(seed=np.array([2**63 + 5, 5], dtype=np.uint64))
    assert np.array_equal(batch.state.targets[0], draw_disc(episode_rng(2**63 + 5, 0), 64))
    assert not np.array_equal(batch.state.targets[0], batch.state.targets[1])


def test_the_world_of_version_0_in_numbers():
    assert (DISC_RADIUS, TARGET_RADIUS, HORIZON) == (500.0, 20.0, 2000)


def _at_the_head(rng, count):
    """A course whose targets all lie within reach of a quadruped that stays where it is."""
    return np.array([50.0, 0.0]) + rng.uniform(-9, 9, (count, 2))


def test_a_course_longer_than_its_first_block_keeps_its_beginning():
    batch = WalkerBatch(3, Options(course=_at_the_head))
    batch.reset(seed=np.array([1, 2, 3]))
    first = batch.state.targets.copy()
    for step in range(1, 151):
        result = batch.step(np.zeros((3, 6)))
        assert (batch.state.target_index == step).all()
        assert not result.terminated.any()
    assert batch.state.targets.shape == (3, 256, 2)
    assert np.array_equal(batch.state.targets[:, : first.shape[1]], first)
    for i, seed in enumerate((1, 2, 3)):
        assert np.array_equal(batch.state.targets[i], _at_the_head(episode_rng(seed, 0), 256))
    assert np.array_equal(batch.state.target, batch.state.targets[:, 150])


def test_walkers_of_different_progress_each_keep_their_course():
    batch = WalkerBatch(2, Options(course=_at_the_head))
    batch.reset(seed=np.array([1, 2]))
    for step in range(100):
        if step == 30:
            batch.reset(np.array([False, True]))
        batch.step(np.zeros((2, 6)))
    assert batch.state.target_index.tolist() == [100, 70]
    assert np.array_equal(batch.state.targets[1], _at_the_head(episode_rng(2, 1), 128))


def test_a_snapshot_sees_the_longer_course():
    batch = WalkerBatch(1, Options(course=_at_the_head))
    batch.reset(seed=np.array([4]))
    for _ in range(70):
        batch.step(np.zeros((1, 6)))
    fresh = WalkerBatch(1, Options(course=_at_the_head))
    fresh.reset(seed=np.array([0]))
    fresh.restore(batch.snapshot())
    assert np.array_equal(fresh.state.targets, batch.state.targets)
    for _ in range(80):
        one, other = batch.step(np.zeros((1, 6))), fresh.step(np.zeros((1, 6)))
        assert np.array_equal(one.observation, other.observation)
    assert np.array_equal(fresh.state.targets, batch.state.targets)


def test_a_course_of_ones_own_ends_the_episode_when_complete():
    batch = WalkerBatch(1, Options())
    batch.reset(seed=np.array([0]), targets=np.array([[55.0, 0.0], [45.0, 3.0], [50.0, 1.0]]))
    ends = [bool(batch.step(np.zeros((1, 6))).terminated[0]) for _ in range(3)]
    assert ends == [False, False, True]
    assert batch.state.target_index[0] == 3
    assert batch.score()[0] == 3.0


def test_who_has_arrived_earns_nothing_more_and_stays_arrived():
    """Also beside others that still reach targets: batch independence is law."""
    beside, alone = WalkerBatch(2, Options()), WalkerBatch(1, Options())
    short, long = np.array([[50.0, 0.0]]), np.tile([[50.0, 0.0]], (9, 1))
    for batch in (beside, alone):
        batch.reset(seed=np.arange(batch.n), targets=short)
    beside.reset(np.array([False, True]), targets=long)
    for t in range(6):
        step = beside.step(np.zeros((2, 6)))
        single = alone.step(np.zeros((1, 6)))
        assert step.terminated.tolist() == [True, False]
        assert single.terminated.tolist() == [True]
        assert step.terms["target"].tolist() == [2.0 * (t == 0), 2.0]
        assert single.reward[0] == step.reward[0]
    assert beside.state.target_index.tolist() == [1, 6]
    assert beside.score()[0] == alone.score()[0] == 1.0


@pytest.mark.parametrize(
    "draw",
    [
        lambda rng, count: np.zeros(2),
        lambda rng, count: np.zeros((count + 1, 2)),
        lambda rng, count: np.zeros((count, 3)),
        lambda rng, count: np.full((count, 2), np.nan),
    ],
)
def test_a_course_that_draws_no_targets_is_refused(draw):
    with pytest.raises(ValueError, match=r"course must draw finite targets of shape \(count, 2\)"):
        WalkerEnv(course=draw).reset(seed=0)


def test_a_long_course_of_ones_own_is_walked_in_order():
    own = np.array([50.0, 0.0]) + np.random.default_rng(0).uniform(-9, 9, (200, 2))
    batch = WalkerBatch(2, Options())
    batch.reset(seed=np.arange(2))
    batch.reset(np.array([True, False]), targets=own)
    for i in range(200):
        assert np.array_equal(batch.state.target[0], own[i])
        step = batch.step(np.zeros((2, 6)))
        assert step.terminated.tolist() == [i == 199, False]
    assert np.array_equal(batch.state.targets[1], draw_disc(episode_rng(1, 0), 200))


def test_the_score_counts_targets_and_the_fraction_to_the_next():
    batch = WalkerBatch(1, Options())
    batch.reset(seed=np.array([0]), targets=np.array([[55.0, 0.0], [150.0, 0.0]]))
    assert batch.score()[0] == 0.0
    batch.step(np.zeros((1, 6)))
    assert batch.score()[0] == pytest.approx(1.0)
    state = batch.snapshot()
    state.position[0, :, 0] += 25.0
    batch.restore(state)
    batch.step(np.zeros((1, 6)))
    assert batch.score()[0] == pytest.approx(1.25, abs=0.01)


def test_a_walker_that_stands_still_ends_after_the_stall_limit():
    env = WalkerEnv(stall_limit=1.5)
    env.reset(seed=0, options={"targets": np.array([[400.0, 0.0]])})
    ends = [env.step(np.zeros(6, np.float32))[2] for _ in range(30)]
    assert ends == [False] * 29 + [True]


def test_progress_starts_the_stall_clock_again():
    batch = WalkerBatch(2, Options(stall_limit=1.0))
    batch.reset(seed=np.arange(2), targets=np.array([[400.0, 0.0]]))
    for step in range(1, 61):
        state = batch.snapshot()
        state.position[0, :, 0] += 1.1 * STALL_PROGRESS / 10 * (step % 10 == 0) * 10
        batch.restore(state)
        over = batch.step(np.zeros((2, 6))).terminated
        assert over[0] == False  # noqa: E712 (a numpy bool)
        assert over[1] == (step >= 20)


def test_a_new_target_starts_the_stall_clock_again():
    env = WalkerEnv(stall_limit=0.5, course=_at_the_head)
    env.reset(seed=0)
    assert not any(env.step(np.zeros(6))[2] for _ in range(40))


def test_nobody_stalls_unless_asked():
    batch = WalkerBatch(1, Options())
    batch.reset(seed=np.array([0]))
    assert Options().stall_limit is None
    assert not any(batch.step(np.zeros((1, 6))).terminated[0] for _ in range(600))


@pytest.mark.parametrize("limit", [0, -1.0, float("nan")])
def test_a_stall_limit_that_is_none_is_refused(limit):
    with pytest.raises(ValueError, match=f"stall_limit must be None or seconds > 0, got {limit!r}"):
        WalkerEnv(stall_limit=limit)


@pytest.mark.parametrize("limit", ["soon", float("inf")])
def test_a_stall_limit_that_is_no_time_is_refused_by_name(limit):
    with pytest.raises((ValueError, TypeError), match="stall_limit"):
        WalkerEnv(stall_limit=limit)


@pytest.mark.parametrize("wrong", ["square", None, 3])
def test_an_unknown_course_is_refused_with_the_known_ones(wrong):
    with pytest.raises(ValueError, match=r"course must be a draw function or one of \['disc', "):
        WalkerEnv(course=wrong)


def test_a_list_of_targets_must_hold_points():
    with pytest.raises(ValueError, match=r"course: targets must be numbers of shape \(n, 2\)"):
        WalkerEnv(course=["disc"])


def test_a_course_may_be_a_function():
    assert get_course(_at_the_head) is _at_the_head
    assert get_course("disc").draw is draw_disc


def test_options_are_json_and_come_back():
    options = Options(body="hexapod", observation="original", energy_price=0.1, stall_limit=5.0)
    again = Options(**json.loads(json.dumps(options.as_dict())))
    assert again == options
    WalkerEnv(**options.as_dict())


def test_a_course_that_is_a_function_cannot_be_written_down():
    with pytest.raises(ValueError, match=r"course is a function of your own.*register_course"):
        Options(course=_at_the_head).as_dict()


def _spiral(rng, count, *, step=100.0):
    """A generator of one's own with a parameter."""
    return np.cumsum(rng.uniform(0, step, (count, 2)), axis=0)


@pytest.fixture
def spiral(monkeypatch):
    """The generator above, registered for one test."""
    monkeypatch.setattr("walker_env.courses.COURSES", COURSES.copy())
    register_course("spiral", _spiral)


def test_a_registered_generator_with_parameters_is_data(spiral):
    options = Options(course={"name": "spiral", "parameters": {"step": 30}})
    again = Options.from_dict(json.loads(json.dumps(options.as_dict())))
    assert again == options
    batch = WalkerBatch(1, again)
    batch.reset(seed=np.array([3]))
    assert np.array_equal(batch.state.targets[0], _spiral(episode_rng(3, 0), 64, step=30.0))
    near = WalkerBatch(1, Options(course={"name": "disc", "parameters": {"radius": 10.0}}))
    near.reset(seed=np.array([3]))
    assert np.abs(near.state.targets).max() <= 10.0


@pytest.mark.parametrize(
    ("course", "message"),
    [
        ({"name": "spiral", "parameters": {"steps": 3}}, r"the parameters \['step'\], got"),
        ({"name": "spiral", "parameters": {"step": 1e300}}, r"step must be a number in \[-1e\+06"),
        ({"name": "spiral", "parameters": [3]}, "parameters must be a dict"),
        ({"name": "spiral", "size": 3}, r"course has name, parameters and targets, got"),
        ({"name": ""}, "its name must be 1 to 60 printable characters"),
        ([[1e300, 0]], r"within ±1e\+06 units"),
        ([["a", "b"]], "targets must be numbers of shape"),
        ([], "targets must be numbers of shape"),
        ([[0, 0]] * 10_001, "at most 10,000 targets"),
    ],
)
def test_a_course_that_is_none_says_what_is_wrong(spiral, course, message):
    with pytest.raises(ValueError, match=message):
        Options(course=course)


def test_a_name_that_is_taken_is_not_given_to_another_generator(spiral):
    register_course("spiral", _spiral)
    with pytest.raises(ValueError, match="'disc' is registered already"):
        register_course("disc", _spiral)
    with pytest.raises(ValueError, match="expected a function"):
        register_course("square", 3)


def test_a_list_of_targets_is_a_course_that_ends():
    targets = [[55.0, 0.0], [45.0, 3.0]]
    options = Options(course=targets)
    assert Options.from_dict(json.loads(json.dumps(options.as_dict()))) == options
    batch = WalkerBatch(2, options)
    for _ in range(2):  # in every episode
        batch.reset(seed=np.arange(2))
        ends = [batch.step(np.zeros((2, 6))).terminated.tolist() for _ in range(2)]
        assert ends == [[False, False], [True, True]]
    batch.reset(targets=np.array([[400.0, 0.0]]))
    assert batch.state.target[0].tolist() == [400.0, 0.0]


def test_options_that_name_a_generator_made_elsewhere_can_be_read_and_walked():
    data = Options().as_dict() | {"course": {"name": "elsewhere", "parameters": {"size": 3.0}}}
    options = Options.from_dict(data)
    assert Options.from_dict(options.as_dict()) == options
    with pytest.raises(ValueError, match=r"got 'elsewhere'; walker_env.register_course"):
        WalkerBatch(1, options)
    WalkerBatch(1, options.for_evaluation()).reset(seed=np.array([0]))
    other = Options.from_dict(data | {"course": {"name": "disc", "parameters": {"size": 3.0}}})
    assert other.for_evaluation().course.name == "disc"
    assert other.for_evaluation().course.parameters == ()


def test_whole_numbers_of_a_generator_stay_whole(spiral, monkeypatch):
    register_course("turns", lambda rng, count, *, turns=3: np.full((count, 2), len(range(turns))))
    batch = WalkerBatch(1, Options(course={"name": "turns", "parameters": {"turns": 5}}))
    batch.reset(seed=np.array([0]))
    assert (batch.state.targets == 5).all()
