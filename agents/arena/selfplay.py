"""Arenas as an SB3 VecEnv in which one network plays itself and a pool of its earlier selves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from agents.algorithms.sb3_vec import OneBatch
from agents.arena.duel import seats
from agents.arena.player import Brain
from walker_env import Body, World
from walker_env.arena import ArenaBatch, Game
from walker_env.arena_env import arena_spaces
from walker_env.seeds import TRAINING_LIMIT

LATEST = -1
"""Who plays a walker that learns."""


class SelfPlayVecEnv(OneBatch):
    """Each walker that learns is a row; all rows share one policy.

    In a share of the arenas everybody learns. In each of the others one side learns, and the other
    is played by somebody of the pool, who is drawn anew for each match.

    Args:
        game: What is played.
        body: Of each walker.
        world: Rates, drag and grip.
        arenas: Number of arenas.
        among: Share of the arenas in which everybody learns.
        seed: Of starts and of who is drawn.

    Attributes:
        pool: Earlier selves; while it is empty, walkers that they would play stand still.
    """

    def __init__(
        self, game: Game, body: Body, world: World, arenas: int, among: float, seed: int
    ) -> None:
        self.batch = ArenaBatch(arenas, game, body, world)
        self.pool: list[Brain] = []
        self.render_mode = None
        self._rng = np.random.default_rng(seed)
        learns = np.ones((arenas, game.walkers), dtype=bool)
        for number, arena in enumerate(range(round(among * arenas), arenas)):
            learns[arena] = seats(game, number % 2 == 1) == 0
        self._rows = np.flatnonzero(learns.ravel())
        self._learns, self._against = learns, np.full(arenas, LATEST)
        super().__init__(len(self._rows), *arena_spaces(self.batch))

    def reset(self) -> np.ndarray:
        """Begin a match in every arena."""
        arenas = self.batch.arenas
        seeds = self._rng.integers(TRAINING_LIMIT, size=arenas, dtype=np.uint64)
        self._obs = self.batch.reset(seeds=seeds)
        self._draw(np.arange(arenas))
        return self._obs[self._rows]

    def step_wait(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, list[dict[str, Any]]]:
        """Step all arenas; who is out is ``done`` in every step until its match is over."""
        batch, rows = self.batch, self._rows
        playing = batch.playing.ravel()[rows]
        outcome = batch.step(self._commands())
        done = (outcome.terminated | outcome.truncated)[rows] | ~playing
        infos: list[dict[str, Any]] = [{} for _ in rows]
        for i in np.flatnonzero(done):
            infos[i]["terminal_observation"] = outcome.observation[rows[i]]
            infos[i]["TimeLimit.truncated"] = bool(outcome.truncated[rows[i]])
        self._obs = outcome.observation
        if outcome.over.any():
            self._obs = np.where(
                np.repeat(outcome.over, batch.walkers)[:, None],
                batch.reset(outcome.over),
                self._obs,
            )
            self._draw(np.flatnonzero(outcome.over))
        return self._obs[rows], outcome.reward[rows].astype(np.float32), done, infos

    def close(self) -> None:
        """Nothing is held."""

    def get_attr(self, attr_name: str, indices: Any = None) -> list[Any]:
        """An attribute, the same for each row."""
        return [getattr(self, attr_name) for _ in self._get_indices(indices)]

    def seed(self, seed: int | None = None) -> Sequence[int | None]:
        """Seed what is drawn from the next reset on."""
        if seed is not None:
            self._rng = np.random.default_rng(seed)
        return [seed for _ in range(self.num_envs)]

    def _commands(self) -> np.ndarray:
        """Actions of all walkers; each member of the pool acts for all that it plays at once."""
        batch = self.batch
        commands = np.zeros((batch.n, batch.action_width), np.float32)
        commands[self._rows] = self._actions
        theirs = np.where(self._learns, LATEST, self._against[:, None]).ravel()
        for member in np.unique(theirs[theirs != LATEST]):
            rows = theirs == member
            commands[rows] = self.pool[member].act(self._obs[rows])
        return commands

    def _draw(self, arenas: np.ndarray) -> None:
        """Choose who plays the next match in some arenas."""
        if self.pool:
            self._against[arenas] = self._rng.integers(len(self.pool), size=len(arenas))
