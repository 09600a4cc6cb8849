"""The vector environment equals N single ones, to the last bit, over the ends of episodes too."""

from __future__ import annotations

import threading

import gymnasium as gym
import numpy as np
import pytest
from gymnasium.vector import AsyncVectorEnv, AutoresetMode, SyncVectorEnv
from gymnasium.wrappers import vector as vector_wrappers

from walker_env import ENV_ID, HORIZON, WalkerBatch, WalkerVectorEnv

N = 4


def ours(n=N, **options):
    return gym.make_vec(ENV_ID, num_envs=n, vectorization_mode="vector_entry_point", **options)


def gymnasiums(n=N, kind=SyncVectorEnv, **options):
    return kind(
        [lambda: gym.make(ENV_ID, **options) for _ in range(n)],
        autoreset_mode=AutoresetMode.SAME_STEP,
    )


def random_actions(envs, steps, seed=0):
    shape = (steps, *envs.action_space.shape)
    return np.random.default_rng(seed).uniform(-1.2, 1.2, shape).astype(np.float32)


def assert_same_info(one, other):
    """Same keys, dtypes and masks; same values wherever the mask says there is one."""
    assert set(one) == set(other)
    for name in one:
        if name.startswith("_"):
            assert one[name].dtype == other[name].dtype == bool, name
            assert np.array_equal(one[name], other[name]), name
            continue
        mask = one[f"_{name}"]
        if isinstance(one[name], dict):
            assert_same_info(one[name], other[name])
            continue
        assert one[name].dtype == other[name].dtype, name
        assert one[name].shape == other[name].shape == mask.shape, name
        for a, b in zip(one[name][mask], other[name][mask]):
            assert np.array_equal(a, b), name
        if one[name].dtype == object:
            assert all(value is None for value in one[name][~mask])


def assert_same_step(one, other):
    for a, b in zip(one[:-1], other[:-1]):
        assert a.dtype == b.dtype
        assert np.array_equal(a, b)
    assert_same_info(one[-1], other[-1])


def assert_same_walks(kind, body_name, layout_name):
    options = {
        "body": body_name,
        "observation": layout_name,
        "energy_price": 0.2,
        "stall_limit": 1.0,  # ends at different times ...
        "max_episode_steps": 35,  # ... and some at the same time
    }
    one, other = ours(**options), gymnasiums(kind=kind, **options)
    assert_same_step(one.reset(seed=7), other.reset(seed=7))
    ends = np.zeros((2, N), dtype=int)
    for action in random_actions(one, 180):
        steps = one.step(action), other.step(action)
        assert_same_step(*steps)
        ends += np.array(steps[0][2:4])
    other.close()
    assert (ends.sum(axis=1) > 0).all(), f"both kinds of end must occur, got {ends}"


def test_it_equals_gymnasiums_vector_environment_over_the_ends_of_episodes(body_name, layout_name):
    assert_same_walks(SyncVectorEnv, body_name, layout_name)


def test_it_equals_gymnasiums_vector_environment_in_processes_of_their_own():
    assert_same_walks(AsyncVectorEnv, "quadruped", "full")


def test_it_equals_them_when_all_episodes_end_together():
    one, other = ours(max_episode_steps=5), gymnasiums(max_episode_steps=5)
    assert_same_step(one.reset(seed=7), other.reset(seed=7))
    for action in random_actions(one, 12):
        assert_same_step(one.step(action), other.step(action))


def test_it_equals_them_on_a_course_of_ones_own():
    own = np.array([[55.0, 0.0], [50.0, 6.0], [48.0, 0.0]])
    one, other = ours(), gymnasiums()
    for seed in (3, None):
        options = {"targets": own}
        assert_same_step(
            one.reset(seed=seed, options=dict(options)), other.reset(seed=seed, options=options)
        )
        for action in random_actions(one, 40) * 0.05:
            steps = one.step(action), other.step(action)
            assert_same_step(*steps)
    assert (one.batch.state.episode >= 2).all()


def test_it_equals_them_after_masked_resets():
    one, other = ours(max_episode_steps=30), gymnasiums(max_episode_steps=30)
    assert_same_step(one.reset(seed=1), other.reset(seed=1))
    rng = np.random.default_rng(0)
    for t, action in enumerate(random_actions(one, 100)):
        if t % 9 == 8:
            mask = rng.random(N) < 0.5
            mask[t % N] = True
            again = [int(s) for s in rng.integers(0, 1000, N)] if t % 2 else None
            assert_same_step(
                one.reset(seed=again, options={"reset_mask": mask.copy()}),
                other.reset(seed=again, options={"reset_mask": mask.copy()}),
            )
        assert_same_step(one.step(action), other.step(action))


def test_a_list_seeds_each_walker():
    one, other = ours(), gymnasiums()
    seeds = [5, 2**40, 5, 0]
    assert_same_step(one.reset(seed=seeds), other.reset(seed=seeds))
    first = one.reset(seed=seeds)[0]
    assert np.array_equal(first[0], first[2])


def test_a_none_in_the_list_of_seeds_is_a_walker_without_a_seed():
    envs = ours()
    first, again = (envs.reset(seed=[1, None, 2, None])[0] for _ in range(2))
    same = (first == again).all(axis=1)
    assert same.tolist() == [True, False, True, False]


def test_the_single_environment_is_the_vector_environment_of_one():
    env, envs = gym.make(ENV_ID, max_episode_steps=20), ours(1, max_episode_steps=20)
    seen = [env.reset(seed=9)[0], envs.reset(seed=9)[0][0]]
    for action in random_actions(envs, 50):
        assert np.array_equal(*seen)
        observation, reward, *ends, _ = env.step(action[0])
        step = envs.step(action)
        assert reward == step[1][0]
        assert ends == [step[2][0], step[3][0]]
        if any(ends):
            assert np.array_equal(step[4]["final_obs"][0], observation)
            observation, _ = env.reset()
        seen = [observation, step[0][0]]


def test_make_vec_gives_the_horizon_and_the_autoreset_mode():
    envs = ours()
    assert envs.horizon == HORIZON
    assert envs.metadata["autoreset_mode"] is AutoresetMode.SAME_STEP
    assert ours(max_episode_steps=12).horizon == 12
    assert envs.num_envs == N
    assert envs.observation_space.shape == (N, 12)
    assert envs.action_space.shape == (N, 6)
    assert envs.observation_space.contains(envs.reset(seed=0)[0])
    assert envs.single_observation_space == gym.make(ENV_ID).observation_space
    assert envs.single_action_space == gym.make(ENV_ID).action_space


def test_the_autoreset_mode_is_an_attribute_too():
    assert ours().autoreset_mode is AutoresetMode.SAME_STEP


def test_the_longest_horizon_can_be_staggered():
    envs = ours(max_episode_steps=10**9)
    envs.reset(seed=0, options={"stagger": True})
    assert envs.batch.state.clock.tolist() == [0, 25 * 10**7, 5 * 10**8, 75 * 10**7]


def test_a_reset_tells_rewards_of_zero():
    envs = ours(max_episode_steps=1)
    for info in (envs.reset(seed=0)[1], envs.step(np.ones((N, 6)))[-1]):
        for name in ("progress", "target", "energy"):
            assert info[f"reward_{name}"].tolist() == [0.0] * N
            assert info[f"_reward_{name}"].all()


def test_pictures_are_those_of_gymnasiums_over_the_ends_of_episodes():
    pytest.importorskip("pygame", reason="the extra 'render' is not installed")
    options = {"render_mode": "rgb_array", "render_size": 64, "stall_limit": 1.0}
    options["max_episode_steps"] = 25
    one, other = ours(2, **options), gymnasiums(2, **options)
    for envs in (one, other):
        envs.reset(seed=3)
        envs.render()
    for t, action in enumerate(random_actions(one, 60)):
        for envs in (one, other):
            envs.step(action)
        if t % 7 == 0:
            assert_same_pictures(one.render(), other.render())
        if t == 40:
            for envs in (one, other):
                envs.reset(options={"reset_mask": np.array([False, True])})
    one.close()


def assert_same_pictures(one, other):
    assert type(one) is type(other) is tuple
    assert len(one) == len(other)
    for a, b in zip(one, other):
        assert a.dtype == b.dtype == np.uint8
        assert np.array_equal(a, b)


def test_a_vector_environment_can_be_filmed(tmp_path):
    pytest.importorskip("pygame", reason="the extra 'render' is not installed")
    pytest.importorskip("moviepy")
    envs = gym.make_vec(ENV_ID, num_envs=2, render_mode="rgb_array", render_size=64)
    assert isinstance(envs.unwrapped, WalkerVectorEnv)
    with pytest.warns(UserWarning, match="will not contain the last frame"):
        envs = vector_wrappers.RecordVideo(envs, str(tmp_path / "films"), video_length=5)
    envs.reset(seed=0)
    for action in random_actions(envs, 8):
        envs.step(action)
    envs.close()
    assert len(list(tmp_path.glob("films/*.mp4"))) == 1


def test_without_a_render_mode_there_is_no_picture_but_a_warning():
    envs = ours()
    envs.reset(seed=0)
    with pytest.warns(UserWarning, match="render_mode='rgb_array'"):
        assert envs.render() is None


@pytest.mark.parametrize("call", ["step", "reset", "restore"])
def test_whoever_comes_in_between_is_refused(call, monkeypatch):
    envs = ours()
    envs.reset(seed=0)
    snapshot = envs.snapshot()
    calls = {
        "step": lambda: envs.step(np.zeros((N, 6))),
        "reset": envs.reset,
        "restore": lambda: envs.restore(snapshot),
    }
    with monkeypatch.context() as patch:
        patch.setattr(envs.batch, call, lambda *_, **__: envs.step(np.zeros((N, 6))))
        with pytest.raises(RuntimeError, match="vector environment is being used by another"):
            calls[call]()
    calls[call]()


def test_threads_step_one_after_another_or_not_at_all():
    envs, refused = ours(256), []
    envs.reset(seed=0)

    def work():
        for _ in range(30):
            try:
                assert np.isfinite(envs.step(np.ones((256, 6)))[0]).all()
            except RuntimeError:
                refused.append(1)

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert envs.batch.state.steps[0] == 60 - len(refused)


def test_make_vec_takes_the_vector_environment_by_itself():
    assert isinstance(gym.make_vec(ENV_ID, num_envs=2).unwrapped, WalkerVectorEnv)


def test_gymnasiums_own_vectorization_modes_work():
    for mode in ("sync", "async"):
        envs = gym.make_vec(ENV_ID, num_envs=2, vectorization_mode=mode, body="inchworm")
        observation, _ = envs.reset(seed=1)
        assert observation.shape == (2, 12)
        envs.step(envs.action_space.sample())
        envs.close()


def test_staggered_episodes_end_one_after_another():
    envs = ours(max_episode_steps=20)
    envs.reset(seed=0, options={"stagger": True})
    ends = []
    for t in range(1, 61):
        *_, truncated, _ = envs.step(np.zeros((N, 6)))
        ends += [(t, int(i)) for i in np.flatnonzero(truncated)]
    assert ends[:5] == [(5, 3), (10, 2), (15, 1), (20, 0), (25, 3)]
    assert len(ends) == 12


def test_a_staggered_walker_walks_as_any_other():
    one, other = ours(max_episode_steps=40), ours(max_episode_steps=40)
    one.reset(seed=0)
    other.reset(seed=0, options={"stagger": True})
    for t, action in enumerate(random_actions(one, 39)):
        steps = one.step(action)[0], other.step(action)[0]
        for i in range(N):
            assert np.array_equal(steps[0][i], steps[1][i]) == (t + 1 + 10 * i < 40)


def test_an_end_makes_no_other_walker_lose_a_step():
    envs = ours(max_episode_steps=20)
    envs.reset(seed=0, options={"stagger": True})
    alone = WalkerBatch(1)
    alone.reset(seed=np.array([0]))
    for action in random_actions(envs, 19):
        observation, reward, *_ = envs.step(action)
        step = alone.step(action[:1])
        assert np.array_equal(observation[0], step.observation[0])
        assert reward[0] == step.reward[0]
    assert envs.batch.state.steps[0] == 19


def test_final_info_tells_how_the_episode_went():
    envs = ours(max_episode_steps=6)
    envs.reset(seed=0)
    for _ in range(5):
        *_, before = envs.step(np.ones((N, 6)))
    *_, info = envs.step(np.ones((N, 6)))
    assert info["_final_info"].all()
    assert (info["final_info"]["energy"] > before["energy"]).all()
    assert (info["energy"] == 0).all()
    assert (info["path"] == 0).all()


def test_what_was_handed_out_does_not_change_later():
    envs = ours(max_episode_steps=7)
    kept = []
    for action in random_actions(envs, 20):
        if not kept:
            kept.append(envs.reset(seed=0))
        kept.append(envs.step(action))
        if len(kept) == 2:
            copies = []
        copies.append(_flat(kept[-1]))
    for one, other in zip(kept[1:], copies):
        for a, b in zip(_flat(one), other):
            assert np.array_equal(a, b)


def _flat(step):
    """Copies of every array of a step; final observations are joined."""
    arrays, todo = [], list(step)
    while todo:
        part = todo.pop()
        if isinstance(part, dict):
            todo += list(part.values())
        elif part.dtype == object:
            todo += [value for value in part if value is not None]
        else:
            arrays.append(part.copy())
    return arrays


def test_the_callers_reset_options_are_left_alone():
    options = {"reset_mask": np.array([True, False, True, False]), "stagger": True}
    envs = ours()
    envs.reset(seed=0)
    envs.reset(options=options)
    assert set(options) == {"reset_mask", "stagger"}


def test_episode_statistics_are_recorded():
    envs = vector_wrappers.RecordEpisodeStatistics(ours(max_episode_steps=10))
    envs.reset(seed=0)
    total = np.zeros(N)
    for action in random_actions(envs, 10):
        _, reward, _, truncated, info = envs.step(action)
        total += reward
    assert truncated.all()
    assert info["_episode"].all()
    assert info["episode"]["l"].tolist() == [10] * N
    np.testing.assert_allclose(info["episode"]["r"], total, atol=1e-5)


def test_staggered_episode_statistics_count_real_steps():
    envs = vector_wrappers.RecordEpisodeStatistics(ours(max_episode_steps=20))
    envs.reset(seed=0, options={"stagger": True})
    lengths = []
    for action in random_actions(envs, 45):
        *_, info = envs.step(action)
        if "episode" in info:
            lengths += info["episode"]["l"][info["_episode"]].tolist()
    assert lengths == [5, 10, 15] + [20] * 6


def test_observations_can_be_normalised():
    envs = SyncVectorEnv([lambda: gym.make(ENV_ID, max_episode_steps=50)] * N)
    envs = vector_wrappers.NormalizeObservation(envs)
    envs.reset(seed=0)
    seen = np.array([envs.step(action)[0] for action in random_actions(envs, 200)])
    assert np.isfinite(seen).all()
    assert np.abs(seen[100:].mean(axis=(0, 1))).max() < 2


def test_gymnasiums_vector_normaliser_says_that_it_knows_no_same_step_autoreset():
    """A limit of Gymnasium 1.x (`VecNormalize` of SB3 has none): it must not go unnoticed."""
    with pytest.raises(ValueError, match="NEXT_STEP or DISABLED"):
        vector_wrappers.NormalizeObservation(ours())


ONE_NAN = np.zeros((4, 6), np.float32)
ONE_NAN[2, 5] = np.nan

WRONG_ACTIONS = {
    "one walker's": (np.zeros(6), ValueError, r"action must have shape \(4, 6\), got \(6,\)"),
    "too few": (np.zeros((3, 6)), ValueError, r"shape \(4, 6\), got \(3, 6\)"),
    "turned": (np.zeros((6, 4)), ValueError, r"shape \(4, 6\), got \(6, 4\)"),
    "NaN": (np.full((4, 6), np.nan), ValueError, "action must be finite, got nan in element 0 of"),
    "one NaN": (ONE_NAN, ValueError, "must be finite, got nan in element 5 of walker 2$"),
    "strings": (np.full((4, 6), "a"), TypeError, "action must hold real numbers, got dtype <U1"),
    "complex": (np.zeros((4, 6), complex), TypeError, "got dtype complex128"),
    "objects": (np.zeros((4, 6), object), TypeError, "got dtype object"),
}


@pytest.mark.parametrize("name", WRONG_ACTIONS)
def test_wrong_actions_are_refused_and_move_nobody(name, assert_same_state):
    action, error, message = WRONG_ACTIONS[name]
    envs = ours()
    envs.reset(seed=0)
    before = envs.batch.snapshot()
    with pytest.raises(error, match=message):
        envs.step(action)
    assert_same_state(before, envs.batch.snapshot())


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"num_envs": 0}, "number of walkers must be an int >= 1, got 0"),
        ({"num_envs": 2.5}, "number of walkers must be an int >= 1, got 2.5"),
        ({"max_episode_steps": 0}, "max_episode_steps must be an int >= 1, got 0"),
        ({"max_episode_steps": "long"}, "max_episode_steps must be an int >= 1, got 'long'"),
        ({"max_episode_steps": None}, "max_episode_steps must be an int >= 1, got None"),
        ({"render_mode": "human"}, "None or 'rgb_array', got 'human'; for windows use"),
        ({"render_size": 8}, "render_size must be an int >= 32"),
        (
            {"max_episode_steps": -1},
            "got -1; .* stands for gym.make's -1, no limit",
        ),
        ({"max_episode_steps": 2**64}, "max_episode_steps must be an int >= 1, got 18446"),
        ({"body": "unicorn"}, "body must be"),
        ({"observation": "pixels"}, "observation must be"),
        ({"course": "square"}, "course must be"),
        ({"engine": "warp"}, "engine must be"),
        ({"energy_price": float("nan")}, "energy_price must be"),
        ({"stall_limit": -1}, "stall_limit must be"),
    ],
)
def test_a_wrong_option_is_refused_by_name(options, message):
    with pytest.raises(ValueError, match=message):
        WalkerVectorEnv(**options)


def test_unknown_reset_options_are_refused_with_the_known_ones():
    with pytest.raises(ValueError, match=r"\['reset_mask', 'stagger', 'targets'\], got \['mask'\]"):
        ours().reset(options={"mask": np.ones(N, bool)})


@pytest.mark.parametrize(
    "mask",
    [
        [True] * N,
        np.ones(N, dtype=int),
        np.ones(N + 1, dtype=bool),
        np.ones((1, N), dtype=bool),
        np.zeros(N, dtype=bool),
    ],
)
def test_a_wrong_mask_is_refused(mask):
    envs = ours()
    envs.reset(seed=0)
    with pytest.raises(
        ValueError, match=r"options\['reset_mask'\] must be a bool array of shape \(4,\)"
    ):
        envs.reset(options={"reset_mask": mask})


def test_the_first_reset_is_of_all_walkers():
    with pytest.raises(ValueError, match=r"reset_mask.*in the first reset"):
        ours().reset(seed=0, options={"reset_mask": np.array([True, False, False, False])})


@pytest.mark.parametrize("seed", [[1, 2, 3], [1] * 5, []])
def test_a_list_of_seeds_of_another_length_is_refused(seed):
    with pytest.raises(ValueError, match=f"seed must be an int or 4 of them, got {len(seed)}"):
        ours().reset(seed=seed)


@pytest.mark.parametrize("seed", [-1, [1, 2, -3, 4], [1, 2, 3.5, 4], ["a"] * 4, 1.5])
def test_a_seed_that_is_none_is_refused(seed):
    with pytest.raises((gym.error.Error, TypeError, ValueError), match=r"[Ss]eed"):
        ours().reset(seed=seed)


def test_a_step_before_the_first_reset_is_an_error():
    with pytest.raises(gym.error.ResetNeeded, match="reset"):
        ours().step(np.zeros((N, 6)))


def test_a_snapshot_holds_the_clocks_so_truncation_repeats_too():
    env = WalkerVectorEnv(3, max_episode_steps=30)
    env.reset(seed=0, options={"stagger": True})
    actions = np.random.default_rng(0).uniform(-1, 1, (60, 3, 6))
    for action in actions[:7]:
        env.step(action)
    snapshot = env.snapshot()
    first = [env.step(action)[:4] for action in actions[7:]]
    other = WalkerVectorEnv(3, max_episode_steps=30)
    other.restore(snapshot)
    again = [other.step(action)[:4] for action in actions[7:]]
    for one, two in zip(first, again):
        for a, b in zip(one, two):
            np.testing.assert_array_equal(a, b)


def test_a_reset_that_failed_does_not_count():
    env = WalkerVectorEnv(2)
    with pytest.raises(ValueError, match="seed must be"):
        env.reset(seed=[1])
    with pytest.raises(gym.error.ResetNeeded):
        env.step(np.zeros((2, 6)))
