"""PPO (Schulman et al. 2017) from stable-baselines3, on the vector environment."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from agents.learner import Crew, Learner
from agents.search_space import Choice, Range, Space
from agents.settings import check_positive, check_whole, check_within
from walker_env import Options
from walker_env.seeds import check_training_seed

if TYPE_CHECKING:
    from stable_baselines3 import PPO


@dataclass(frozen=True)
class PPOConfig:
    """Settings of PPO."""

    algorithm: ClassVar[str] = "ppo"
    shares_population: ClassVar[bool] = False
    search: ClassVar[Space] = {
        "walkers": Choice((32, 64, 128)),
        "horizon": Choice((32, 64, 128)),
        "batch": Choice((256, 512, 1024, 2048)),
        "epochs": Choice((3, 5, 8, 10)),
        "learning_rate": Range(1e-4, 3e-3, log=True),
        "discount": Choice((0.95, 0.97, 0.98, 0.99, 0.995)),
        "gae_lambda": Choice((0.8, 0.9, 0.95, 0.98)),
        "entropy": Choice((0.0, 0.001, 0.005)),
        "log_std": Range(-1.5, 0.0),
        "hidden": Choice(((32, 32), (64, 64))),
    }

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
        check_whole(self, walkers=1, horizon=1, batch=2, epochs=1, hidden=1)
        check_positive(self, "episode", "learning_rate")
        check_within(self, 0.0, 1.0, "discount", "gae_lambda")
        check_within(self, 0.0, 1e3, "entropy")
        check_within(self, -20.0, 5.0, "log_std")

    def learner(self, crew: Crew) -> Learner:
        """A model at its beginning; it walks in this process."""
        from agents.algorithms.sb3 import SB3Learner

        return SB3Learner(make_ppo(self), self.walkers * self.horizon, self.options)


def make_ppo(config: PPOConfig) -> PPO:
    """The SB3 model on its normalised environment."""
    from stable_baselines3 import PPO

    from agents.algorithms.sb3 import make_env
    from agents.algorithms.sb3_policy import ActingPolicy

    return PPO(
        ActingPolicy,
        make_env(config.options, config.walkers, config.episode, config.discount),
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
