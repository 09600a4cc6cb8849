"""Arenas by PettingZoo's rules and by Gymnasium's vector interface."""

from __future__ import annotations

import sys

import gymnasium as gym
import numpy as np
import pytest

import walker_env
from walker_env import ArenaVectorEnv, parallel_env
from walker_env.arena import tag

QUICK = {"tag": {"chasers": 1, "runners": 2}, "sumo": {"walkers": 3}, "rush": {"walkers": 2}}


def made(name, **more):
    return parallel_env(name, **QUICK[name], seconds=1.0, **more)


def acting(env):
    return {agent: env.action_space(agent).sample() for agent in env.agents}


@pytest.fixture
def pettingzoo_tests():
    """PettingZoo's own tests; what they import warns about itself."""
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pettingzoo.test as tests
    return tests


@pytest.mark.parametrize("name", QUICK)
def test_pettingzoo_s_tests_of_interface_and_seeds_pass(name, pettingzoo_tests):
    pettingzoo_tests.parallel_api_test(made(name), num_cycles=30)
    pettingzoo_tests.parallel_seed_test(lambda: made(name), num_cycles=15)


def test_pettingzoo_s_test_of_rendering_passes(pettingzoo_tests, monkeypatch):
    from pettingzoo.utils import parallel_to_aec

    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    pettingzoo_tests.render_test(
        lambda render_mode: parallel_to_aec(made("tag", render_mode=render_mode, render_size=64))
    )


def test_agents_are_named_by_their_roles_and_leave_when_they_are_out():
    env = parallel_env("tag", chasers=1, runners=2, half=900)
    assert env.possible_agents == ["chaser_0", "runner_0", "runner_1"]
    gap = 100 + 2 * env.batch.body.node_radius
    starts = [(0, 0, 0), (gap + 1, 0, 0), (-500, 0, 0)]
    env.reset(seed=0, options={"starts": starts})
    still = {agent: np.array([1, 1, 1, 1, 0, 0], np.float32) for agent in env.agents}
    seen, reward, terminated, truncated, info = env.step(still)
    assert env.agents == ["chaser_0", "runner_1"]
    assert terminated == {"chaser_0": False, "runner_0": True, "runner_1": False}
    assert not any(truncated.values())
    assert reward["runner_0"] == pytest.approx(-10)
    assert info["chaser_0"]["caught"] == 1
    assert set(seen) == set(still)
    with pytest.raises(ValueError, match="actions have runner_0, which is not in the match"):
        env.step(still)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda a: a.pop("walker_1"), "actions lack walker_1, which is in the match"),
        (lambda a: a.update(ghost=a["walker_0"]), "actions have ghost, which is not in the match"),
        (lambda a: a.update(walker_0=np.zeros(5)), r"walker_0: action must have shape \(6,\)"),
        (
            lambda a: a.update(walker_1=np.full(6, np.nan)),
            "walker_1: action must be finite, got nan in element 0",
        ),
    ],
)
def test_wrong_actions_are_refused_by_name(change, words):
    env = parallel_env("sumo")
    env.reset(seed=0)
    actions = acting(env)
    change(actions)
    with pytest.raises(ValueError, match=words):
        env.step(actions)
    with pytest.raises(ValueError, match="actions must be a dict by agent, got list"):
        env.step([])


def test_bad_resets_and_modes_are_refused_by_name():
    env = parallel_env("sumo")
    with pytest.raises(gym.error.ResetNeeded):
        env.step({})
    with pytest.raises(ValueError, match="walker_0 and walker_1 overlap at the start"):
        env.reset(options={"starts": [(0, 0, 0), (50, 0, 0)]})
    with pytest.raises(ValueError, match=r"finite numbers \(W, 3\) with W = 2"):
        env.reset(options={"starts": [(0, 0, 0)]})
    with pytest.raises(ValueError, match=r"finite numbers \(W, 3\) with W = 2.*got 'here'"):
        env.reset(options={"starts": "here"})
    with pytest.raises(ValueError, match="seed must be an int"):
        env.reset(seed=-1)
    with pytest.raises(ValueError, match="render_mode must be None or one of"):
        parallel_env("sumo", render_mode="ansi")


def test_without_pettingzoo_the_error_names_the_remedy(monkeypatch):
    monkeypatch.setitem(sys.modules, "pettingzoo", None)
    with pytest.raises(gym.error.DependencyNotInstalled, match=r"walker_env\[multi\]"):
        parallel_env("tag")
    assert walker_env.ArenaVectorEnv(1, "tag").num_envs == 2  # needs none


def test_drawing_changes_nothing():
    looked_at, plain = made("sumo", render_mode="rgb_array", render_size=64), made("sumo")
    first, _ = looked_at.reset(seed=3)
    second, _ = plain.reset(seed=3)
    for agent in plain.agents:
        plain.action_space(agent).seed(1)
    for _ in range(12):
        actions = acting(plain)
        assert all(np.array_equal(first[agent], second[agent]) for agent in second)
        first, second = looked_at.step(actions)[0], plain.step(actions)[0]
        picture = looked_at.render()
    assert picture.shape == (64, 64, 3)


def test_rows_of_the_vector_environment_are_the_agents_of_its_arenas():
    game = tag(1, 1, half=400, seconds=0.5)
    vector, single = ArenaVectorEnv(2, game), parallel_env(game)
    seen, _ = vector.reset(seed=[7, 8])
    alone, _ = single.reset(seed=8)
    for _ in range(9):
        assert np.array_equal(seen[2:], np.stack([*alone.values()]))
        actions = vector.action_space.sample()
        seen, rewards, *_ = vector.step(actions)
        alone, paid, *_ = single.step(dict(zip(single.agents, actions[2:])))
        np.testing.assert_array_equal(rewards[2:], [*paid.values()])


def test_the_next_match_begins_in_the_step_that_ends_one():
    env = ArenaVectorEnv(2, "rush", walkers=2, seconds=0.1)
    seen, info = env.reset(seed=0)
    assert info["playing"].all()
    env.step(env.action_space.sample())
    last = env.step(env.action_space.sample())
    seen, _, terminated, truncated, info = last
    assert truncated.all()
    assert not terminated.any()
    clock = 12 + 1
    np.testing.assert_allclose(seen[:, clock], 1.0)
    np.testing.assert_allclose([final[clock] for final in info["final_obs"]], 0.0)
    assert info["final_info"]["score"].reshape(2, 2).sum(axis=1).tolist() == [1, 1]
    assert info["playing"].all()


def test_who_is_out_stays_terminated_until_the_match_is_over():
    env = ArenaVectorEnv(1, tag(1, 2, half=260, seconds=30))
    env.reset(seed=0)
    rng, out = np.random.default_rng(0), False
    playing = np.ones(3, dtype=bool)
    for _ in range(60):
        seen, reward, terminated, _, info = env.step(rng.choice([-1.0, 1.0], size=(3, 6)))
        assert terminated[~playing].all()
        assert not reward[~playing].any()
        playing = info["playing"]
        out |= not playing.all()
    assert env.observation_space.contains(seen)


def test_the_vector_environment_refuses_by_name():
    env = ArenaVectorEnv(2, "sumo")
    with pytest.raises(gym.error.ResetNeeded):
        env.step(env.action_space.sample())
    with pytest.raises(ValueError, match="one for each of 2 arenas, got 3"):
        env.reset(seed=[1, 2, 3])
    with pytest.raises(ValueError, match=r"reset knows no options here, got \['targets'\]"):
        env.reset(options={"targets": []})
    env.reset(seed=1)
    with pytest.raises(ValueError, match=r"must have shape \(4, 6\)"):
        env.step(np.zeros((2, 6)))


def test_stable_baselines_steps_the_rows():
    from agents.algorithms.sb3_vec import SB3VecEnv

    env = SB3VecEnv(ArenaVectorEnv(2, "rush", walkers=2, seconds=0.1))
    env.seed(0)
    env.reset()
    zeros = np.zeros((4, 6), np.float32)
    env.step(zeros)
    _, _, done, infos = env.step(zeros)
    assert done.all()
    assert [info["TimeLimit.truncated"] for info in infos] == [True] * 4
    assert infos[0]["score"] == 0.5
