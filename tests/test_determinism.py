"""The same seed gives the same trajectory in another process, to the last bit."""

from __future__ import annotations

import pytest

WALK = """
import hashlib
import gymnasium as gym, numpy as np
import walker_env

found = hashlib.sha256()
def add(*arrays):
    for array in arrays:
        found.update(np.ascontiguousarray(array).tobytes())

envs = gym.make_vec("walker_env/Walker-v0", num_envs=3, vectorization_mode="vector_entry_point",
                    max_episode_steps=40)
rng = np.random.default_rng(5)
add(envs.reset(seed=123, options={"stagger": True})[0])
for _ in range(100):
    actions = rng.uniform(-1, 1, envs.action_space.shape).astype(np.float32)
    observation, reward, terminated, truncated, info = envs.step(actions)
    add(observation, reward, terminated, truncated)
    for name in info:
        found.update(name.encode())
add(envs.batch.snapshot().position)
env = gym.make("walker_env/Walker-v0", body="hexapod")
env.action_space.seed(1)
add(env.reset(seed=9)[0])
for _ in range(60):
    observation, reward, *_ = env.step(env.action_space.sample())
    add(observation, np.float64(reward))
print(found.hexdigest())
"""


def printed(script):
    """What a script prints in this process."""
    words = []
    exec(script, {"print": words.append})
    return words[0]


@pytest.fixture(scope="module")
def here():
    """The digest of the walk in this process."""
    return printed(WALK)


@pytest.mark.parametrize("hash_seed", ["0", "4242", "random"])
def test_the_same_seed_gives_the_same_trajectory_in_another_process(here, fresh_python, hash_seed):
    assert fresh_python(WALK, PYTHONHASHSEED=hash_seed) == here


def test_global_random_state_is_neither_read_nor_changed(fresh_python):
    script = """
import random
import numpy as np
import gymnasium as gym, walker_env

ends = []
for seed in (1, 2):
    random.seed(seed), np.random.seed(seed)
    before = random.getstate(), np.random.get_state()[1].tolist()
    env = gym.make("walker_env/Walker-v0")
    env.reset(seed=3)
    for _ in range(20):
        end = env.step(np.full(6, 0.3, np.float32))
    env.reset()
    ends.append(env.unwrapped.batch.state.targets.tobytes() + end[0].tobytes())
    assert (random.getstate(), np.random.get_state()[1].tolist()) == before
print(ends[0] == ends[1])
"""
    assert fresh_python(script) == "True"


def test_different_seeds_give_different_courses(here):
    assert printed(WALK.replace("seed=123", "seed=124")) != here
