"""Small models of stable-baselines3 that were trained for a moment on walkers."""

from __future__ import annotations

import numpy as np
import torch
from sb3_contrib import TQC, TRPO
from stable_baselines3 import A2C, DDPG, PPO, SAC, TD3
from stable_baselines3.common.vec_env import VecNormalize

from agents.algorithms.sb3_vec import SB3VecEnv
from walker_env import WalkerVectorEnv

KINDS = {"ppo": PPO, "a2c": A2C, "trpo": TRPO, "sac": SAC, "tqc": TQC, "td3": TD3, "ddpg": DDPG}

_ROLLOUT = {"n_steps": 8, "batch_size": 16}
_SETTINGS = {
    "ppo": _ROLLOUT | {"n_epochs": 1},
    "trpo": _ROLLOUT,
    "a2c": {},
    "sac": {"learning_starts": 8, "buffer_size": 1000},
}


def walkers(n=4, **options):
    """Walkers as an SB3 environment."""
    return SB3VecEnv(WalkerVectorEnv(n, **options))


def trained(kind, steps=32, normalise=True, env=None, arch=(8, 8), **policy):
    """A model of a kind, after some steps, whose actions are as large as those of a trained one."""
    env = env or walkers(body="hexapod")
    if normalise:
        env = VecNormalize(env, clip_obs=2.0, epsilon=0.05)
    settings = _SETTINGS.get(kind, _SETTINGS["sac"])
    architecture = {"net_arch": list(arch), **policy}
    model = KINDS[kind](
        "MlpPolicy", env, seed=1, device="cpu", policy_kwargs=architecture, **settings
    )
    model.learn(steps)
    with torch.no_grad():
        for parameter in model.policy.parameters():
            parameter.mul_(3.0).add_(0.1 * torch.randn(parameter.shape))
    return model


def met(width, count=200):
    """Observations ``(count, width)``, some of them far beyond any bound."""
    rng = np.random.default_rng(7)
    return (rng.standard_t(1.5, (count, width)) * 2).astype(np.float32)


def predicted(model, obs):
    """The model's own actions for raw observations."""
    env = model.get_vec_normalize_env()
    return model.predict(obs if env is None else env.normalize_obs(obs), deterministic=True)[0]
