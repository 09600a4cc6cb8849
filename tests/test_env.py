"""The single environment keeps Gymnasium's contract, and says what is wrong with wrong input."""

from __future__ import annotations

import importlib.util
import pickle
import sys

import gymnasium as gym
import numpy as np
import pytest
from gymnasium.error import DependencyNotInstalled
from gymnasium.utils.env_checker import check_env
from gymnasium.wrappers import NormalizeObservation, RecordEpisodeStatistics

from walker_env import ENV_ID, HORIZON, WalkerEnv
from walker_env.space import INFO

# Distances, speeds and turning rates have no largest value: an invented bound would be left some
# day. Gymnasium's checker warns of every unbounded Box, its own MuJoCo environments' too.
unbounded = pytest.mark.filterwarnings(
    r"ignore:.*A Box observation space m\w+ value is -?infinity:UserWarning"
)


@pytest.fixture
def no_display(monkeypatch):
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    monkeypatch.setenv("XDG_RUNTIME_DIR", "/tmp")


@unbounded
def test_gymnasiums_checker_finds_nothing(body_name, layout_name):
    env = gym.make(ENV_ID, body=body_name, observation=layout_name).unwrapped
    check_env(env, skip_render_check=True)
    env.close()


@unbounded
def test_gymnasiums_checker_finds_nothing_in_the_render_modes(no_display):
    pytest.importorskip("pygame", reason="drawing is an extra of its own")
    env = gym.make(ENV_ID).unwrapped
    check_env(env)
    env.close()


@pytest.fixture
def without_pygame(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    monkeypatch.setitem(sys.modules, "pygame", None)
    for name in [name for name in sys.modules if name.startswith("walker_env.render")]:
        monkeypatch.delitem(sys.modules, name)


@unbounded
def test_gymnasiums_checker_finds_nothing_where_nothing_can_be_drawn(without_pygame):
    env = gym.make(ENV_ID, engine="pymunk").unwrapped
    assert env.metadata["render_modes"] == []
    check_env(env)
    env.close()


def test_drawing_without_pygame_names_the_extra(without_pygame):
    remedy = r'pip install "walker_env\[render\]"'
    env = gym.make(ENV_ID, render_mode="rgb_array")
    env.reset(seed=0)
    with pytest.raises(DependencyNotInstalled, match=remedy):
        env.render()
    with pytest.raises(DependencyNotInstalled, match=remedy):
        gym.make(ENV_ID, render_mode="human").reset(seed=0)
    envs = gym.make_vec(ENV_ID, 2, "vector_entry_point", render_mode="rgb_array")
    envs.reset(seed=0)
    with pytest.raises(DependencyNotInstalled, match=remedy):
        envs.render()


def test_sb3s_checker_finds_nothing(body_name, layout_name):
    checker = pytest.importorskip("stable_baselines3.common.env_checker")
    checker.check_env(gym.make(ENV_ID, body=body_name, observation=layout_name), warn=True)


def test_it_is_registered_with_its_horizon():
    spec = gym.spec(ENV_ID)
    assert (ENV_ID, spec.max_episode_steps) == ("walker_env/Walker-v0", 2000)
    assert HORIZON == 2000


def test_it_can_be_made_without_importing_it(fresh_python):
    script = """
import gymnasium as gym
env = gym.make("walker_env:walker_env/Walker-v0", body="inchworm")
observation, info = env.reset(seed=1)
print(env.step(env.action_space.sample())[0].shape)
"""
    assert fresh_python(script) == "(12,)"


def test_an_episode_is_truncated_after_max_episode_steps():
    env = gym.make(ENV_ID, max_episode_steps=7)
    env.reset(seed=0)
    ends = [env.step(np.zeros(6, np.float32))[2:4] for _ in range(7)]
    assert ends == [(False, False)] * 6 + [(False, True)]


def test_the_same_seed_gives_the_same_episode_and_then_the_same_next_one(body_name):
    env, runs = WalkerEnv(body=body_name), []
    action = np.full(env.action_space.shape, 0.5, np.float32)
    for _ in range(2):
        seen = [env.reset(seed=42)[0], env.step(action)[0], env.reset()[0], env.step(action)[0]]
        runs.append(np.array(seen))
    assert np.array_equal(*runs)
    assert not np.array_equal(runs[0][0], runs[0][2])


def test_without_a_seed_courses_differ_from_one_environment_to_the_next():
    assert not np.array_equal(WalkerEnv().reset()[0], WalkerEnv().reset()[0])


def test_info_has_every_documented_key_and_scalars_only():
    env = WalkerEnv()
    _, info = env.reset(seed=0)
    rewards = {"reward_progress", "reward_target", "reward_energy"}
    assert set(info) == set(INFO) | rewards
    assert {type(info[name]) for name in rewards} == {float}
    assert [info[name] for name in rewards] == [0.0] * 3
    for _ in range(5):
        _, reward, *_, info = env.step(np.ones(6))
    assert set(info) == set(INFO) | rewards
    assert all(np.ndim(value) == 0 for value in info.values())
    assert type(reward) is float
    state = env.batch.state
    assert (info["energy"], info["path"]) == (state.energy[0], state.path[0])
    assert (info["targets"], info["distance"]) == (0, state.distance[0])


def test_info_of_an_earlier_step_does_not_change():
    env = WalkerEnv()
    env.reset(seed=0)
    *_, info = env.step(np.ones(6))
    copy = dict(info)
    for _ in range(5):
        env.step(-np.ones(6))
    assert info == copy


def test_a_course_of_ones_own_is_walked_and_ends():
    env = gym.make(ENV_ID)
    _, info = env.reset(seed=0, options={"targets": [[55, 0], [50, 5]]})
    assert info["distance"] == 5.0
    assert not env.step(np.zeros(6, np.float32))[2]
    _, _, terminated, truncated, info = env.step(np.zeros(6, np.float32))
    assert (terminated, truncated) == (True, False)
    assert (info["targets"], info["score"]) == (2, 2.0)
    _, info = env.reset()
    assert info["targets"] == 0
    assert not env.step(np.zeros(6, np.float32))[2], "the course was for one episode"


def test_the_callers_targets_are_not_kept():
    own = np.array([[300.0, 0.0]])
    env = WalkerEnv()
    env.reset(seed=0, options={"targets": own})
    own[:] = 0
    assert env.batch.state.target[0].tolist() == [300.0, 0.0]


def test_actions_beyond_the_space_are_clipped_as_gymnasium_clips_them():
    ends = []
    for env in (
        gym.make(ENV_ID),
        gym.wrappers.ClipAction(gym.make(ENV_ID)),
    ):
        env.reset(seed=1)
        for sign in (1, -1, 1, 1):
            end = env.step(np.array([9, -3, 0.5, 1, -1.1, 2], np.float32) * sign)
        ends.append(end[0])
    assert np.array_equal(*ends)


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.int64, np.int8, bool])
def test_actions_of_any_real_type_are_taken(dtype):
    env = WalkerEnv()
    seen = []
    for as_type in (dtype, np.float64):
        env.reset(seed=1)
        seen.append(env.step(np.array([1, 0, 1, 0, 1, 0]).astype(as_type))[0])
    assert np.array_equal(*seen)


WRONG_ACTIONS = {
    "too short": (np.zeros(5), ValueError, r"action must have shape \(6,\), got \(5,\)"),
    "too long": (np.zeros(7), ValueError, r"action must have shape \(6,\), got \(7,\)"),
    "a scalar": (0.0, ValueError, r"action must have shape \(6,\), got \(\)"),
    "a batch": (np.zeros((1, 6)), ValueError, r"action must have shape \(6,\), got \(1, 6\)"),
    "NaN": (np.array([0, 0, np.nan, 0, 0, 0]), ValueError, "must be finite, got nan in element 2$"),
    "infinity": (np.array([0, 0, -np.inf, 0, 0, 0]), ValueError, "action must be finite, got -inf"),
    "strings": (
        np.array(list("abcdef")),
        TypeError,
        "action must hold real numbers, got dtype <U1",
    ),
    "complex": (np.zeros(6, complex), TypeError, "real numbers, got dtype complex128"),
    "objects": (np.array([None] * 6), TypeError, "real numbers, got dtype object"),
    "None": (None, TypeError, "action must hold real numbers, got dtype object"),
}


@pytest.mark.parametrize("name", WRONG_ACTIONS)
def test_a_wrong_action_is_refused_and_moves_nothing(name, assert_same_state):
    action, error, message = WRONG_ACTIONS[name]
    env = WalkerEnv()
    env.reset(seed=1)
    before = env.batch.snapshot()
    with pytest.raises(error, match=message):
        env.step(action)
    assert_same_state(before, env.batch.snapshot())


def test_a_ragged_action_is_refused():
    env = WalkerEnv()
    env.reset(seed=1)
    with pytest.raises((ValueError, TypeError), match="shape"):
        env.step([[0, 0], [0]])


WRONG_OPTIONS = {
    "an unknown body": ({"body": "unicorn"}, ValueError, "body must be .* got 'unicorn'"),
    "a list of bodies": ({"body": ["quadruped"]}, ValueError, "body must be"),
    "an unknown layout": ({"observation": "pixels"}, ValueError, "observation must be one of"),
    "an unknown course": ({"course": "square"}, ValueError, "course must be a draw function"),
    "an unknown engine": ({"engine": "warp"}, ValueError, "engine must be 'auto' or one of"),
    "a negative price": ({"energy_price": -1}, ValueError, "energy_price must be .* got -1"),
    "an unknown render mode": (
        {"render_mode": "ascii"},
        ValueError,
        r"render_mode must be None or one of \('human', 'rgb_array'\), got 'ascii'",
    ),
    "an unknown option": ({"gravity": 9.81}, TypeError, "gravity"),
    "no picture": ({"render_size": 0}, ValueError, "render_size must be"),
    "half a picture": ({"render_size": 100.5}, ValueError, "render_size must be"),
}


@pytest.mark.parametrize("name", WRONG_OPTIONS)
def test_a_wrong_option_is_refused_by_name(name):
    options, error, message = WRONG_OPTIONS[name]
    with pytest.raises(error, match=message):
        WalkerEnv(**options)


WRONG_TARGETS = {
    "one target flat": ([1.0, 2.0], r"numbers of shape \(n, 2\), got float64 \(2,\)"),
    "three coordinates": (np.zeros((4, 3)), r"numbers of shape \(n, 2\), got float64 \(4, 3\)"),
    "words": ([["a", "b"]], r"numbers of shape \(n, 2\), got <U1"),
    "no target": (np.zeros((0, 2)), "at least one target"),
    "NaN": ([[0.0, np.nan]], "finite coordinates within"),
    "infinity": ([[np.inf, 0.0]], "finite coordinates within"),
    "a number": (3.0, r"numbers of shape \(n, 2\)"),
}


@pytest.mark.parametrize("name", WRONG_TARGETS)
def test_wrong_targets_are_refused(name):
    targets, message = WRONG_TARGETS[name]
    with pytest.raises(ValueError, match=r"options\['targets'\].*" + message):
        WalkerEnv().reset(seed=0, options={"targets": targets})


def test_an_unknown_reset_option_is_refused_with_the_known_ones():
    with pytest.raises(
        ValueError, match=r"reset knows the options \['targets'\], got \['target'\]"
    ):
        WalkerEnv().reset(options={"target": [[0, 0]]})


def test_a_step_before_the_first_reset_is_an_error():
    with pytest.raises(gym.error.ResetNeeded):
        gym.make(ENV_ID).step(np.zeros(6, np.float32))
    with pytest.raises(gym.error.ResetNeeded, match="reset"):
        WalkerEnv().step(np.zeros(6))


@pytest.mark.parametrize("seed", [-1, 1.5, "x"])
def test_a_seed_that_is_none_is_refused(seed):
    with pytest.raises((gym.error.Error, TypeError, ValueError), match=r"[Ss]eed"):
        WalkerEnv().reset(seed=seed)


def test_render_without_a_mode_warns_and_returns_nothing():
    env = WalkerEnv()
    env.reset(seed=0)
    with pytest.warns(UserWarning, match="render_mode"):
        assert env.render() is None


def test_closing_twice_is_fine():
    env = WalkerEnv()
    env.reset(seed=0)
    env.close()
    env.close()


def test_episode_statistics_are_recorded():
    env = RecordEpisodeStatistics(gym.make(ENV_ID, max_episode_steps=10))
    env.reset(seed=0)
    total = 0.0
    for _ in range(10):
        _, reward, _, truncated, info = env.step(env.action_space.sample() * 0 + 0.5)
        total += reward
    assert truncated
    assert info["episode"]["l"] == 10
    assert info["episode"]["r"] == pytest.approx(total, abs=1e-5)


def test_observations_can_be_normalised():
    env = NormalizeObservation(gym.make(ENV_ID))
    env.action_space.seed(0)
    env.reset(seed=0)
    seen = np.array([env.step(env.action_space.sample())[0] for _ in range(300)])
    assert np.abs(seen).max() < 20
    assert np.abs(seen[100:].mean(axis=0)).max() < 2


def test_a_video_is_recorded(tmp_path, no_display):
    for package in ("moviepy", "pygame"):
        pytest.importorskip(package, reason="pictures and films are extras of their own")
    env = gym.wrappers.RecordVideo(
        gym.make(ENV_ID, render_mode="rgb_array", max_episode_steps=8, render_size=96),
        str(tmp_path / "films"),
        disable_logger=True,
    )
    env.reset(seed=0)
    for _ in range(8):
        env.step(env.action_space.sample())
    env.close()
    film = list((tmp_path / "films").glob("*.mp4"))
    assert len(film) == 1
    assert film[0].stat().st_size > 1000


def test_drawing_changes_no_bit_of_the_trajectory(no_display, assert_same_state):
    pytest.importorskip("pygame", reason="drawing is an extra of its own")
    ends = []
    for mode in (None, "rgb_array", "human"):
        env = gym.make(ENV_ID, render_mode=mode, render_size=96).unwrapped
        env.metadata = {**env.metadata, "render_fps": 10_000}  # the window keeps time; not here
        rng = np.random.default_rng(3)
        env.reset(seed=0)
        for _ in range(30):
            env.step(rng.uniform(-1, 1, 6))
            if mode == "rgb_array":
                env.render()
        ends.append(env.batch.snapshot())
        env.close()
    assert_same_state(ends[0], ends[1])
    assert_same_state(ends[0], ends[2])


def test_an_environment_made_from_its_spec_is_the_same():
    env = gym.make(ENV_ID, body="hexapod", energy_price=0.2)
    again = gym.make(pickle.loads(pickle.dumps(env.spec)))
    seen = [e.reset(seed=4)[0] for e in (env, again)]
    assert np.array_equal(*seen)
    assert again.unwrapped.batch.options == env.unwrapped.batch.options
