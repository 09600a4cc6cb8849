"""Walkers that meet, for learners: arenas as a vector environment, and the way to PettingZoo's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from os import PathLike
from typing import TYPE_CHECKING, Any

import gymnasium as gym
import numpy as np
from gymnasium.vector import AutoresetMode
from gymnasium.vector.utils import batch_space

from walker_env.arena import ArenaBatch, Game, get_game
from walker_env.arena.batch import Outcome
from walker_env.observation import ACTION, bounds
from walker_env.params import WORLD
from walker_env.space import check_action, check_seed

if TYPE_CHECKING:
    from walker_env.parallel import ArenaParallelEnv

NamesGame = str | PathLike[str] | Mapping[str, Any] | Game


def parallel_env(
    game: NamesGame = "tag",
    render_mode: str | None = None,
    render_size: int = 600,
    body: Any = "quadruped",
    world: Any = "standard",
    **settings: Any,
) -> ArenaParallelEnv:
    """One arena as a PettingZoo ``ParallelEnv``.

    Args:
        game: ``"tag"``, ``"sumo"``, ``"rush"``, a `Game`, its dict, or a path to its JSON.
        render_mode: ``"rgb_array"``, ``"human"`` or None.
        render_size: Width and height of the picture [pixel].
        body: Of each walker: a `Body`, its dict, a path to its JSON, or a name.
        world: Rates, drag and grip: a `World`, its dict, a path to its JSON, or a name.
        **settings: Of the game, such as ``chasers=2`` or ``seconds=20``; see
            `walker_env.arena.game`.

    Raises:
        gymnasium.error.DependencyNotInstalled: PettingZoo (the extra ``multi``) is missing.
        ValueError: A game, body or world that is none, or an arena that is too small.
    """
    try:
        import pettingzoo  # noqa: F401 - asked for here, so that the error has the remedy
    except ImportError as error:
        raise gym.error.DependencyNotInstalled(
            'parallel_env needs PettingZoo: pip install "walker_env[multi]"'
        ) from error
    from walker_env.parallel import ArenaParallelEnv

    return ArenaParallelEnv(get_game(game, **settings), render_mode, render_size, body, world)


def arena_spaces(batch: ArenaBatch) -> tuple[gym.spaces.Box, gym.spaces.Box]:
    """Observation and action space of one walker of ``batch``."""
    seen, commands = bounds(batch.layout, batch.body), bounds(ACTION, batch.body)
    return (
        gym.spaces.Box(*seen, dtype=np.float32),
        gym.spaces.Box(*commands, dtype=np.float32),
    )


class ArenaVectorEnv(gym.vector.VectorEnv[np.ndarray, np.ndarray, np.ndarray]):
    """E arenas, each walker a row: rows ``e * W`` to ``e * W + W - 1`` meet in arena e.

    A match that is over is followed by the next one in the same step: rows get its first
    observation, and ``info["final_obs"]`` and ``info["final_info"]`` have the last of the old one,
    with each walker's ``score``. A walker that is out while others play on stays ``terminated``,
    with zeros for observation and reward, until the match is over; ``info["playing"]`` tells.
    ``reset(seed=s)`` gives arena e the seed ``s + e``; a list seeds each.

    Args:
        arenas: Number of arenas, E.
        game: ``"tag"``, ``"sumo"``, ``"rush"``, a `Game`, its dict, or a path to its JSON.
        body: Of each walker.
        world: Its rates, drag and grip.
        **settings: Of the game.

    Attributes:
        batch: The arenas.
    """

    metadata = {  # noqa: RUF012 - Gymnasium declares it as it is
        "render_modes": [],
        "render_fps": round(WORLD.control_rate),
        "autoreset_mode": AutoresetMode.SAME_STEP,
    }

    def __init__(
        self,
        arenas: int = 1,
        game: NamesGame = "tag",
        body: Any = "quadruped",
        world: Any = "standard",
        **settings: Any,
    ) -> None:
        self.batch = ArenaBatch(arenas, get_game(game, **settings), body, world)
        self.num_envs, self.render_mode = self.batch.n, None
        self.single_observation_space, self.single_action_space = arena_spaces(self.batch)
        self.observation_space = batch_space(self.single_observation_space, self.num_envs)
        self.action_space = batch_space(self.single_action_space, self.num_envs)
        self._shape = (self.num_envs, self.batch.action_width)
        self._begun = False

    def reset(
        self,
        *,
        seed: int | Sequence[int | None] | None = None,
        options: dict[str, Any] | None = None,
    ) -> tuple[np.ndarray, dict[str, Any]]:
        """Begin a match in every arena; there are no options."""
        super().reset(seed=seed if isinstance(seed, (int, np.integer)) else None)
        if options:
            raise ValueError(f"reset knows no options here, got {sorted(options)}")
        observation = self.batch.reset(seeds=self._seeds(seed))
        self._begun = True
        return observation, self._playing()

    def step(
        self, actions: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, dict[str, Any]]:
        """Advance every arena a control step; see `gymnasium.vector.VectorEnv.step`."""
        if not self._begun:
            raise gym.error.ResetNeeded("call reset before the first step")
        batch = self.batch
        before = batch.playing
        outcome = batch.step(check_action(actions, self._shape))
        terminated = outcome.terminated | ~before.ravel()  # who is out stays so
        info: dict[str, Any] = {
            **{f"reward_{name}": values for name, values in outcome.terms.items()},
            "caught": outcome.caught,
        }
        info |= {f"_{name}": np.ones(self.num_envs, dtype=bool) for name in info}
        done, observation = terminated | outcome.truncated, outcome.observation
        if done.any():
            observation = self._next_matches(outcome, done, info)
        return observation, outcome.reward, terminated, outcome.truncated, info | self._playing()

    def _next_matches(self, outcome: Outcome, done: np.ndarray, info: dict[str, Any]) -> np.ndarray:
        """Same-step autoreset of the arenas whose match is over."""
        batch, last = self.batch, outcome.observation
        final = np.full(self.num_envs, None, dtype=object)
        for i in np.flatnonzero(done):
            final[i] = last[i].copy()
        over = np.repeat(outcome.over, batch.walkers)
        info["final_obs"], info["_final_obs"] = final, done
        info["final_info"] = {"score": batch.score.ravel().copy(), "_score": over}
        info["_final_info"] = over
        if not outcome.over.any():
            return last
        fresh = batch.reset(outcome.over)
        return np.where(over[:, None], fresh, last)

    def _playing(self) -> dict[str, np.ndarray]:
        """Who is in its match, in Gymnasium's form of a vector info."""
        every = np.ones(self.num_envs, dtype=bool)
        return {"playing": self.batch.playing.ravel().copy(), "_playing": every}

    def _seeds(self, seed: int | Sequence[int | None] | None) -> np.ndarray | None:
        if seed is None and self._begun:
            return None
        arenas = self.batch.arenas
        drawn = self.np_random.integers(1 << 32, size=arenas).tolist()
        given: Sequence[int | None] = drawn
        if isinstance(seed, (Sequence, np.ndarray)) and not isinstance(seed, str):
            given = seed
        elif seed is not None:
            given = [check_seed(seed) + i for i in range(arenas)]
        if len(given) != arenas:
            raise ValueError(
                f"seed must be an int or one for each of {arenas} arenas, got {len(given)}"
            )
        return np.array(
            [check_seed(d if s is None else s) for s, d in zip(given, drawn)], np.uint64
        )
