"""A snapshot is everything: stepping on from it repeats the trajectory bit for bit."""

from __future__ import annotations

import numpy as np
import pytest

from walker_env import Options, WalkerBatch

N = 3


def _walk(batch, actions):
    """Steps and masked resets, and all that came of them."""
    seen = []
    for t, action in enumerate(actions):
        if t % 25 == 24:
            seen.append(batch.reset(np.arange(N) == t // 25 % N))
        step = batch.step(action)
        seen += [step.observation, step.reward, step.terminated, *step.terms.values()]
    return seen


@pytest.fixture
def walking(body_name, commands):
    """A batch in the middle of its episodes, its snapshot, and what it does next."""
    batch = WalkerBatch(N, Options(body=body_name))
    batch.reset(seed=np.arange(N))
    _walk(batch, commands(47, batch))
    snapshot = batch.snapshot()
    actions = commands(130, batch, seed=1)
    return batch, snapshot, actions, _walk(batch, actions)


def _same(one, other):
    return all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))


def test_the_same_batch_goes_on_as_before(walking, assert_same_state):
    batch, snapshot, actions, expected = walking
    end = batch.snapshot()
    for _ in range(2):  # twice: restoring does not use the snapshot up
        batch.restore(snapshot)
        assert _same(_walk(batch, actions), expected)
    assert_same_state(batch.snapshot(), end)


@pytest.mark.parametrize("used", [False, True])
def test_another_batch_goes_on_as_the_first(walking, used, commands, assert_same_state):
    batch, snapshot, actions, expected = walking
    other = WalkerBatch(N, batch.options)
    if used:
        other.reset(seed=np.arange(N) + 50)
        _walk(other, commands(30, other, seed=9))
    other.restore(snapshot)
    assert _same(_walk(other, actions), expected)
    assert_same_state(batch.snapshot(), other.snapshot())


def test_restoring_returns_what_was_seen(walking):
    batch, snapshot, *_ = walking
    assert np.array_equal(batch.restore(snapshot), batch.observe())


def test_taking_a_snapshot_changes_nothing(walking):
    batch, snapshot, actions, expected = walking
    batch.restore(snapshot)
    seen = []
    for t, action in enumerate(actions):
        batch.snapshot()
        if t % 25 == 24:
            seen.append(batch.reset(np.arange(N) == t // 25 % N))
        step = batch.step(action)
        seen += [step.observation, step.reward, step.terminated, *step.terms.values()]
    assert _same(seen, expected)


def test_a_snapshot_does_not_change_with_later_steps(walking, assert_same_state, commands):
    batch, *_ = walking
    snapshot = batch.snapshot()
    copy = snapshot.copy()
    for action in commands(10, batch):
        batch.step(action)
    batch.reset()
    assert_same_state(snapshot, copy)


def test_the_warm_start_is_part_of_it_because_it_matters(walking):
    batch, snapshot, actions, expected = walking
    assert (np.abs(snapshot.warm_start) > 1).any()
    without = snapshot.copy()
    without.warm_start[:] = 0
    batch.restore(without)
    assert not _same(_walk(batch, actions), expected)


def test_the_random_streams_are_part_of_it(walking):
    batch, snapshot, *_ = walking
    courses = []
    for _ in range(2):
        batch.restore(snapshot)
        batch.reset()
        courses.append(batch.state.targets.copy())
    assert np.array_equal(*courses)


def test_a_snapshot_of_another_body_with_equal_counts_is_refused(assert_same_state):
    quadruped = WalkerBatch(2, Options())
    quadruped.reset(seed=np.arange(2))
    plan = quadruped.body.as_dict()
    plan["nodes"][0]["mass"] *= 1.01
    heavy = WalkerBatch(2, Options(body=plan))
    heavy.reset(seed=np.arange(2))
    before = heavy.snapshot()
    with pytest.raises(ValueError, match="snapshot is of another body than"):
        heavy.restore(quadruped.snapshot())
    assert_same_state(heavy.snapshot(), before)
    renamed = quadruped.body.as_dict() | {"name": "other"}
    for options in (Options(body=renamed), Options(world="weak")):  # the same body elsewhere
        WalkerBatch(2, options).restore(quadruped.snapshot())


def test_a_snapshot_of_another_batch_is_refused_by_its_shape(commands):
    quadruped = WalkerBatch(2, Options())
    quadruped.reset(seed=np.arange(2))
    for other in (WalkerBatch(3, Options()), WalkerBatch(2, Options(body="hexapod"))):
        other.reset(seed=np.arange(other.n))
        with pytest.raises(ValueError, match=r"snapshot.position has shape \(2, 5, 2\).* needs"):
            other.restore(quadruped.snapshot())
