"""PPO from stable-baselines3 on the vector environment."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import torch
from stable_baselines3 import PPO
from stable_baselines3.common.callbacks import BaseCallback
from stable_baselines3.common.running_mean_std import RunningMeanStd
from stable_baselines3.common.vec_env import VecNormalize

from agents.policy import Policy
from agents.run import Run
from agents.sb3_vec import SB3VecEnv
from walker_env import WORLD, Options, WalkerVectorEnv
from walker_env.seeds import check_training_seed


@dataclass(frozen=True)
class PPOConfig:
    """Settings of `train_ppo`."""

    seed: int = 0
    walkers: int = 64  # environments
    horizon: int = 128  # [control step] of a rollout
    episode: float = 30.0  # [s] in training
    batch: int = 1024  # minibatch
    epochs: int = 5
    learning_rate: float = 3e-4
    discount: float = 0.99
    gae_lambda: float = 0.95
    entropy: float = 0.0  # coefficient
    log_std: float = -0.5  # of the action noise at the start
    hidden: tuple[int, ...] = (64, 64)
    options: Options = field(default_factory=Options)

    def __post_init__(self) -> None:
        check_training_seed(self.seed)
        object.__setattr__(self, "hidden", tuple(self.hidden))
        for name in ("walkers", "horizon", "batch", "epochs"):
            value = getattr(self, name)
            if not isinstance(value, int) or value < 1:
                raise ValueError(f"ppo: {name} must be an int >= 1, got {value!r}")
        for name in ("episode", "learning_rate"):
            if not getattr(self, name) > 0:
                raise ValueError(f"ppo: {name} must be positive, got {getattr(self, name)!r}")
        for name in ("discount", "gae_lambda"):
            if not 0 < getattr(self, name) <= 1:
                raise ValueError(f"ppo: {name} must be in (0, 1], got {getattr(self, name)!r}")


class _Reporter(BaseCallback):
    """Reports to the run before every rollout, and stops when the budget is spent."""

    def __init__(self, run: Run, config: PPOConfig) -> None:
        super().__init__()
        self.model: PPO
        self._run, self._config, self._go_on = run, config, True

    def _on_rollout_start(self) -> None:
        self._go_on = self._run.report(self.num_timesteps, self._policy)

    def _on_step(self) -> bool:
        return self._go_on

    def _policy(self) -> Policy:
        return to_policy(self.model, self._run.name, self._config.options)


def to_policy(model: PPO, name: str, options: Options) -> Policy:
    """The deterministic part of an SB3 model and its VecNormalize statistics as a `Policy`."""
    modules = (*model.policy.mlp_extractor.policy_net, model.policy.action_net)
    layers = [module for module in modules if isinstance(module, torch.nn.Linear)]
    weights = tuple(
        (layer.weight.detach().numpy().T, layer.bias.detach().numpy()) for layer in layers
    )
    normaliser = model.get_vec_normalize_env()
    assert normaliser is not None  # make_ppo put it there
    moments = normaliser.obs_rms
    assert isinstance(moments, RunningMeanStd)  # the observation is one Box
    return Policy(
        name=name,
        weights=weights,
        mean=moments.mean,
        std=np.sqrt(moments.var + normaliser.epsilon),
        obs_clip=float(normaliser.clip_obs),
        output="clip",
        options=options,
    )


def make_ppo(config: PPOConfig) -> PPO:
    """The SB3 model on its normalised environment."""
    steps = round(config.episode * WORLD.control_rate)
    env = WalkerVectorEnv(
        config.walkers,
        steps,
        **config.options.as_dict(),
        engine=config.options.engine,
        threads=config.options.threads,
    )
    normalised = VecNormalize(SB3VecEnv(env, stagger=True), gamma=config.discount)
    return PPO(
        "MlpPolicy",
        normalised,
        learning_rate=config.learning_rate,
        n_steps=config.horizon,
        batch_size=config.batch,
        n_epochs=config.epochs,
        gamma=config.discount,
        gae_lambda=config.gae_lambda,
        ent_coef=config.entropy,
        policy_kwargs={"net_arch": list(config.hidden), "log_std_init": config.log_std},
        seed=config.seed,
        device="cpu",
    )


def train_ppo(config: PPOConfig, run: Run) -> None:
    """Train until the run's budget is spent; the run keeps the best policy."""
    torch.set_num_threads(1)
    model = make_ppo(config)
    model.learn(total_timesteps=1 << 62, callback=_Reporter(run, config))
