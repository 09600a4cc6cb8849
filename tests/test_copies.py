"""Copies of environments go on as the first one, on every engine, and look for themselves."""

from __future__ import annotations

import copy
import pickle

import gymnasium as gym
import numpy as np
import pytest

from walker_env import ENV_ID, WalkerBatch, WalkerVectorEnv
from walker_env.tasks import Options

COPY = {"deepcopy": copy.deepcopy, "pickle": lambda env: pickle.loads(pickle.dumps(env))}


@pytest.fixture(params=["pymunk", "compiled"])
def engine(request):
    if request.param == "compiled":
        pytest.importorskip("numba", reason="the extra 'fast' is not installed")
    return request.param


@pytest.fixture(params=COPY)
def copied(request):
    return COPY[request.param]


def walk(env, actions):
    """Everything that comes of some actions, as one array."""
    steps = [env.step(action)[:3] for action in actions]
    return [np.concatenate([np.ravel(part) for part in step]) for step in steps]


def same(one, other):
    return all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))


def test_a_copy_goes_on_identically(engine, copied, body_name):
    env = gym.make(ENV_ID, engine=engine, body=body_name)
    env.reset(seed=1)
    actions = np.random.default_rng(0).uniform(-1, 1, (80, *env.action_space.shape))
    walk(env, actions[:33])
    other, again = copied(env), copied(copied(env))
    expected = walk(env, actions[33:])
    assert same(walk(other, actions[33:]), expected)
    assert same(walk(again, actions[33:]), expected)
    assert np.array_equal(env.reset()[0], other.reset()[0])


def test_a_copy_of_many_goes_on_identically(engine, copied):
    envs = WalkerVectorEnv(3, max_episode_steps=30, engine=engine)
    actions = np.random.default_rng(0).uniform(-1, 1, (70, 3, 6))
    fresh = copied(envs)
    assert np.array_equal(fresh.reset(seed=2)[0], envs.reset(seed=2)[0])
    walk(envs, actions[:20])
    other = copied(envs)
    assert same(walk(envs, actions[20:]), walk(other, actions[20:]))


def test_the_warm_start_is_copied(engine, copied, assert_same_state):
    batch = WalkerBatch(2, Options(engine=engine))
    batch.reset(seed=np.arange(2))
    for _ in range(5):
        batch.step(np.ones((2, 6)))
    assert_same_state(batch.snapshot(), copied(batch).snapshot())


@pytest.mark.parametrize("kind", ["single", "vector"])
def test_what_was_drawn_is_left_out_of_the_copy(engine, copied, kind):
    pytest.importorskip("pygame", reason="the extra 'render' is not installed")
    options = {"render_mode": "rgb_array", "render_size": 64, "engine": engine}
    env = gym.make(ENV_ID, **options) if kind == "single" else WalkerVectorEnv(2, **options)
    env.reset(seed=0)
    env.render()
    actions = np.random.default_rng(0).uniform(-1, 1, (9, *env.action_space.shape))
    walk(env, actions)
    other = copied(env)
    assert same(walk(env, actions), walk(other, actions))
    assert np.shape(other.render()) == np.shape(env.render())
