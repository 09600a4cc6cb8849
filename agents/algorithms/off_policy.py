"""What SAC and TQC share: learners that learn from a buffer of everything they walked.

A step of theirs costs a gradient update or a part of one, thousands of times the physics. So many
walkers fill the buffer cheaply, the networks are small, and the settings say how many updates are
made for each round of steps.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

from agents.learner import Crew, Learner
from agents.search_space import Choice, Range, Space
from agents.settings import check_flag, check_positive, check_whole, check_within, widths
from walker_env import Options
from walker_env.seeds import check_training_seed


@dataclass(frozen=True)
class OffPolicyConfig:
    """Settings of SAC and TQC."""

    algorithm: ClassVar[str] = "off-policy"
    shares_population: ClassVar[bool] = False
    search: ClassVar[Space] = {
        "walkers": Choice((16, 32, 64)),
        "updates": Choice((1, 2, 4)),
        "batch": Choice((128, 256, 512)),
        "learning_rate": Range(2e-4, 4e-3, log=True),
        "discount": Choice((0.95, 0.97, 0.98, 0.99)),
        "lookahead": Choice((1, 3, 5)),
        "averaging": Range(0.002, 0.05, log=True),
        "entropy": Range(0.003, 0.1, log=True),
        "scale_reward": Choice((False, True)),
        "hidden": Choice(((64, 64), (128, 128))),
    }

    seed: int = 0
    walkers: int = 64  # environments
    horizon: int = 64  # [control step] between two looks at the budget
    episode: float = 20.0  # [s] in training
    updates: int = 1  # gradient updates for every step of all walkers
    batch: int = 256  # minibatch
    buffer: int = 300_000  # [control step] that are remembered
    warm_up: int = 5_000  # [control step] in the buffer before anything is learned
    learning_rate: float = 1e-3
    discount: float = 0.98
    lookahead: int = 3  # [control step] of real rewards in a target, before the critic's estimate
    averaging: float = 0.01  # share of the critic that goes into the target critic at an update
    entropy: float = 0.01  # coefficient at the start; it adapts, but from 1 that takes a minute
    scale_reward: bool = True  # by the spread of the returns
    hidden: tuple[int, ...] = (64, 64)
    options: Options = field(default_factory=Options)

    def __post_init__(self) -> None:
        check_training_seed(self.seed)
        object.__setattr__(self, "hidden", widths(self.hidden))
        check_whole(self, walkers=1, horizon=1, updates=1, batch=1, warm_up=0, hidden=1)
        check_whole(self, lookahead=1)
        check_whole(self, buffer=self.batch)
        check_positive(self, "episode", "learning_rate", "averaging", "entropy")
        check_within(self, 0.0, 1.0, "discount", "averaging")
        check_flag(self, "scale_reward")
        if self.warm_up > self.buffer:
            raise ValueError(
                f"{self.algorithm}: warm_up must fit into the buffer of {self.buffer}, "
                f"got {self.warm_up}"
            )

    def learner(self, crew: Crew) -> Learner:
        """A model at its beginning; it walks in this process."""
        from agents.algorithms.off_policy_learner import OffPolicyLearner

        return OffPolicyLearner(
            self.model(),
            self.walkers * self.horizon,
            self.options,
            updates=self.updates,
            warm_up=-(-self.warm_up // self.walkers),
        )

    def model(self) -> Any:
        """The model at its beginning, on its normalised environment."""
        raise NotImplementedError

    def _keywords(self) -> dict[str, Any]:
        """What the models of stable-baselines3 call these settings."""
        from agents.algorithms.sb3 import make_env

        env = make_env(self.options, self.walkers, self.episode, self.discount, self.scale_reward)
        return {
            "policy": "MlpPolicy",
            "env": env,
            "learning_rate": self.learning_rate,
            "buffer_size": self.buffer,
            "learning_starts": self.warm_up,
            "batch_size": self.batch,
            "tau": self.averaging,
            "gamma": self.discount,
            "n_steps": self.lookahead,
            "train_freq": 1,
            "gradient_steps": self.updates,
            "ent_coef": f"auto_{self.entropy}",
            "policy_kwargs": {
                "net_arch": list(self.hidden),
                "optimizer_kwargs": {"fused": True},  # one call for all weights
            },
            "seed": self.seed,
            "device": "cpu",
        }
