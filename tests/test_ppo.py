"""PPO: the adapter's contract, and a policy that acts as the model does."""

import numpy as np
import pytest
from stable_baselines3.common.vec_env import VecNormalize

from agents.algorithms.ppo import PPOConfig
from agents.algorithms.sb3_vec import PlainVecNormalize, SB3VecEnv
from agents.training.budget import Budget
from agents.training.train import train
from agents.trial import Walkers
from walker_env import WalkerVectorEnv

TINY = PPOConfig(walkers=4, horizon=16, batch=32, epochs=1, episode=1.0, hidden=(8,))


def test_the_adapter_keeps_sb3s_contract():
    env = SB3VecEnv(WalkerVectorEnv(3, max_episode_steps=5), stagger=False)
    env.seed(7)
    first = env.reset()
    assert first.shape == (3, 12)
    for _ in range(4):
        _, reward, done, infos = env.step(np.zeros((3, 6), dtype=np.float32))
        assert not done.any()
        assert all(not info for info in infos)
    observation, reward, done, infos = env.step(np.zeros((3, 6), dtype=np.float32))
    assert done.all()
    assert reward.dtype == np.float32
    for i, info in enumerate(infos):
        assert info["TimeLimit.truncated"] is True
        assert info["terminal_observation"].shape == (12,)
        assert not np.array_equal(info["terminal_observation"], observation[i])
        assert info["targets"] == 0
    assert len({id(info) for info in infos}) == 3


def test_the_normalisation_is_sb3s():
    obs = np.random.default_rng(0).normal(3.0, 2.0, (3, 12)).astype(np.float32)
    found = []
    for kind in (VecNormalize, PlainVecNormalize):
        env = kind(SB3VecEnv(WalkerVectorEnv(3)))
        env.seed(7)
        env.reset()
        for _ in range(5):
            env.step(np.ones((3, 6), dtype=np.float32))
        found.append(env.normalize_obs(obs))
    assert np.array_equal(*found)
    assert found[0].dtype == found[1].dtype


def test_an_early_end_is_no_time_limit():
    env = SB3VecEnv(WalkerVectorEnv(2, stall_limit=0.2), stagger=False)
    env.reset()
    for _ in range(4):
        _, _, done, infos = env.step(np.zeros((2, 6), dtype=np.float32))
    assert done.all()
    assert all(info["TimeLimit.truncated"] is False for info in infos)


def test_staggered_starts_spread_the_ends():
    env = SB3VecEnv(WalkerVectorEnv(4, max_episode_steps=8), stagger=True)
    env.reset()
    ends = [env.step(np.zeros((4, 6), dtype=np.float32))[2].sum() for _ in range(8)]
    assert ends == [0, 1, 0, 1, 0, 1, 0, 1]


def test_what_cannot_be_done_to_one_walker_says_so():
    env = SB3VecEnv(WalkerVectorEnv(2))
    assert env.get_attr("num_envs") == [2, 2]
    assert env.env_is_wrapped(object) == [False, False]
    with pytest.raises(NotImplementedError, match="share one batch"):
        env.set_attr("horizon", 3)
    with pytest.raises(NotImplementedError, match="share one batch"):
        env.env_method("close")


def test_the_policy_acts_as_the_model_with_its_normalisation():
    learner = TINY.learner(Walkers(TINY.options))
    for _ in range(3):
        learner.advance()
    model, policy = learner.model, learner.policy()
    env = model.get_vec_normalize_env()
    raw = env.get_original_obs()
    expected, _ = model.predict(env.normalize_obs(raw), deterministic=True)
    np.testing.assert_allclose(policy.act(raw), expected, atol=1e-5)


def test_training_leaves_a_policy(tmp_path):
    run = train(TINY, Budget(steps=300), tmp_path / "run", courses=1)
    assert run.best.training["algorithm"] == "ppo"
    assert (tmp_path / "run" / "policy.safetensors").stat().st_size < 100_000


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"walkers": 0}, "walkers must be an int >= 1"),
        ({"learning_rate": 0.0}, "learning_rate must be positive"),
        ({"discount": 1.5}, r"discount must lie in \[0, 1\]"),
        ({"seed": 1 << 33}, "training seed"),
    ],
)
def test_wrong_settings_are_named(settings, words):
    with pytest.raises(ValueError, match=words):
        PPOConfig(**settings)
