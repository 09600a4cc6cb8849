"""PPO with one policy for all walkers, against itself and a pool of its earlier selves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import torch
from stable_baselines3 import PPO

from agents.algorithms.sb3_policy import ActingPolicy
from agents.algorithms.sb3_vec import PlainVecNormalize
from agents.arena.player import Player
from agents.arena.selfplay import SelfPlayVecEnv
from agents.convert.sb3 import actor, normaliser
from agents.settings import check_positive, check_whole, check_within
from walker_env import Body, World
from walker_env.arena import Game
from walker_env.seeds import check_training_seed


@dataclass(frozen=True)
class SelfPlayConfig:
    """Settings of PPO in arenas."""

    algorithm: ClassVar[str] = "ppo"

    seed: int = 0
    arenas: int = 64
    among: float = 0.5  # share of the arenas in which everybody learns
    horizon: int = 128  # [control step] of a rollout
    minibatches: int = 8  # of a rollout, in each epoch; a divisor of the horizon
    epochs: int = 5
    learning_rate: float = 3e-4
    discount: float = 0.99
    gae_lambda: float = 0.95
    log_std: float = -0.5  # of the action noise at the start
    hidden: tuple[int, ...] = (64, 64)
    pool: int = 24  # earlier selves that are kept
    every: int = 8  # updates between two that are kept, until the pool is full

    def __post_init__(self) -> None:
        check_training_seed(self.seed)
        object.__setattr__(self, "hidden", tuple(self.hidden))
        check_whole(self, arenas=2, horizon=1, minibatches=1, epochs=1)
        check_whole(self, hidden=1, pool=1, every=1)
        if self.horizon % self.minibatches:
            raise ValueError(
                f"ppo: minibatches must divide the horizon {self.horizon}, got {self.minibatches}"
            )
        check_positive(self, "learning_rate")
        check_within(self, 0.0, 1.0, "among", "discount", "gae_lambda")
        check_within(self, -20.0, 5.0, "log_std")

    def learner(self, game: Game, body: Body, world: World) -> SelfPlay:
        """A learner at its beginning.

        Args:
            game: What it learns to play.
            body: Of its walkers.
            world: Rates, drag and grip.
        """
        return SelfPlay(self, game, body, world)


class SelfPlay:
    """An SB3 model that gets better by meeting itself.

    Args:
        config: Its settings.
        game: What it learns to play.
        body: Of its walkers.
        world: Rates, drag and grip.
    """

    def __init__(self, config: SelfPlayConfig, game: Game, body: Body, world: World) -> None:
        torch.set_num_threads(1)
        self._config, self._game, self._body = config, game, body
        self._env = SelfPlayVecEnv(game, body, world, config.arenas, config.among, config.seed)
        self._normal = PlainVecNormalize(self._env, gamma=config.discount)
        self._rng, self._updates = np.random.default_rng([config.seed, 1]), 0
        self._model = PPO(
            ActingPolicy,
            self._normal,
            learning_rate=config.learning_rate,
            n_steps=config.horizon,
            batch_size=self._env.num_envs * config.horizon // config.minibatches,
            n_epochs=config.epochs,
            gamma=config.discount,
            gae_lambda=config.gae_lambda,
            policy_kwargs={"net_arch": list(config.hidden), "log_std_init": config.log_std},
            seed=config.seed,
            device="cpu",
        )

    @property
    def steps(self) -> int:
        """Control steps so far, of all walkers that learn together."""
        return self._model.num_timesteps

    def advance(self) -> None:
        """A rollout, and what is learned from it."""
        if self._updates % self._config.every == 0:
            self._remember()
        model: Any = self._model  # SB3's types do not know that log_interval may be None
        piece = self._env.num_envs * self._config.horizon
        model.learn(piece, log_interval=None, reset_num_timesteps=False)
        self._updates += 1

    def player(self, name: str) -> Player:
        """The present player, which acts by the mean of its distribution."""
        return Player(name, actor(self._model), normaliser(self._normal), self._game, self._body)

    def _remember(self) -> None:
        """Keep the present self; where the pool is full, it takes the place of any other."""
        pool, present = self._env.pool, self.player(f"update {self._updates}")
        if len(pool) < self._config.pool:
            pool.append(present)
        else:
            pool[int(self._rng.integers(len(pool)))] = present
