"""Walker i of a batch moves, sees, is paid and is reset exactly as if alone."""

from __future__ import annotations

import numpy as np
import pytest

from walker_env import Options, WalkerBatch

N, STEPS = 5, 160
SEEDS = np.array([11, 3, 2**40, 7, 0], dtype=np.uint64)


def _schedule():
    """Who is reset before which step: some early, some often, one never."""
    resets = np.zeros((STEPS, N), dtype=bool)
    resets[40, 0] = resets[41, [0, 2]] = resets[90, [1, 2, 4]] = resets[91, 4] = True
    resets[120:130, 1] = True
    return resets


def test_each_walker_of_a_batch_equals_the_walker_alone(
    body_name, layout_name, commands, assert_same_state
):
    options = Options(body=body_name, observation=layout_name, energy_price=0.1, stall_limit=3.0)
    together = WalkerBatch(N, options)
    alone = [WalkerBatch(1, options) for _ in range(N)]
    seen = together.reset(seed=SEEDS)
    for i in range(N):
        assert np.array_equal(alone[i].reset(seed=SEEDS[i : i + 1])[0], seen[i])
    for action, reset in zip(commands(STEPS, together), _schedule()):
        if reset.any():
            seen = together.reset(reset)
            for i in np.flatnonzero(reset):
                assert np.array_equal(alone[i].reset()[0], seen[i])
        step = together.step(action)
        for i in range(N):
            single = alone[i].step(action[i : i + 1])
            assert np.array_equal(single.observation[0], step.observation[i])
            assert single.reward[0] == step.reward[i]
            assert single.terminated[0] == step.terminated[i]
            assert all(single.terms[k][0] == step.terms[k][i] for k in step.terms)
    snapshot = together.snapshot()
    for i in range(N):
        assert_same_state(snapshot, alone[i].snapshot(), [i], [0])
        assert together.score()[i] == alone[i].score()[0]


def test_a_reset_makes_no_other_walker_lose_a_step(body_name, commands, assert_same_state):
    disturbed, calm = (WalkerBatch(3, Options(body=body_name)) for _ in range(2))
    for batch in (disturbed, calm):
        batch.reset(seed=np.arange(3))
    only_middle = np.array([False, True, False])
    for action in commands(60, calm):
        before = disturbed.snapshot()
        disturbed.reset(only_middle)
        assert_same_state(before, disturbed.snapshot(), [0, 2], [0, 2])
        disturbed.step(action)
        calm.step(action)
        assert_same_state(disturbed.snapshot(), calm.snapshot(), [0, 2], [0, 2])
    assert disturbed.state.steps.tolist() == [60, 1, 60]
    assert disturbed.state.episode.tolist() == [0, 60, 0]


def test_a_reset_of_nobody_changes_nothing(commands, assert_same_state):
    batch = WalkerBatch(3, Options())
    batch.reset(seed=np.arange(3))
    for action in commands(10, batch):
        batch.step(action)
    before = batch.snapshot()
    batch.reset(np.zeros(3, dtype=bool))
    assert_same_state(before, batch.snapshot())


def test_what_happened_before_a_reset_is_forgotten(body_name, commands, assert_same_state):
    used, fresh = (WalkerBatch(2, Options(body=body_name)) for _ in range(2))
    used.reset(seed=np.array([8, 9]))
    for action in commands(80, used):
        used.step(action)
    used.snapshot()  # which writes down what the engine keeps to itself
    seen = [used.reset(seed=np.arange(2)), fresh.reset(seed=np.arange(2))]
    assert np.array_equal(*seen)
    assert_same_state(used.snapshot(), fresh.snapshot())
    for action in commands(80, used, seed=1):
        used.step(action), fresh.step(action)
    assert_same_state(used.snapshot(), fresh.snapshot())


def test_the_order_of_walkers_in_a_batch_does_not_matter(commands, assert_same_state):
    batch, turned = (WalkerBatch(4, Options()) for _ in range(2))
    batch.reset(seed=np.arange(4))
    turned.reset(seed=np.arange(4)[::-1])
    for action in commands(100, batch):
        batch.step(action), turned.step(action[::-1])
    assert_same_state(batch.snapshot(), turned.snapshot(), slice(None), slice(None, None, -1))


def test_walkers_stay_independent_while_one_grows_its_course(commands, assert_same_state):
    def near(rng, count):
        """Targets in a small disc around the start: random walkers reach some of them."""
        return rng.uniform(-1, 1, (count, 2)) * 25 + [50, 0]

    together = WalkerBatch(3, Options(course=near))
    together.reset(seed=np.arange(3))
    alone = WalkerBatch(1, Options(course=near))
    alone.reset(seed=np.array([2]))
    long = np.tile([[50.0, 0.0]], (90, 1))
    for t, action in enumerate(commands(150, together)):
        if t == 50:
            together.reset(np.array([True, False, False]), targets=long)
        together.step(action)
        alone.step(action[2:])
    snapshot = together.snapshot()
    assert snapshot.targets.shape[1] == 90
    assert snapshot.target_index[2] > 0
    assert np.array_equal(snapshot.targets[2, :64], alone.state.targets[0])
    assert_same_state(snapshot, alone.snapshot(), [2], [0], skip={"targets"})


def test_episodes_follow_each_other_and_a_seed_starts_over():
    batch = WalkerBatch(1, Options())
    courses = [batch.state.targets.copy() for _ in range(4) if batch.reset(seed=None) is not None]
    assert batch.state.episode[0] == 3
    assert len({course.tobytes() for course in courses}) == 4
    batch.reset(seed=np.array([0]))
    assert np.array_equal(batch.state.targets, courses[0])


def test_the_course_does_not_depend_on_how_the_last_episode_went(commands):
    courses = []
    for seed in (0, 1):
        batch = WalkerBatch(1, Options())
        batch.reset(seed=np.array([5]))
        for action in commands(30, batch, seed=seed):
            batch.step(action)
        batch.reset()
        courses.append(batch.state.targets.copy())
    assert np.array_equal(*courses)


@pytest.mark.parametrize("count", [0, -1, 2.0, "3", None])
def test_a_number_of_walkers_that_is_none_is_refused(count):
    with pytest.raises(ValueError, match="number of walkers must be an int >= 1, got"):
        WalkerBatch(count)
