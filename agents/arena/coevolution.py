"""Co-evolution: SNES whose solutions meet the present centre and a hall of fame of earlier ones."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
import torch
from evotorch import Problem, SolutionBatch
from evotorch.algorithms import SNES

from agents.algorithms.moments import Moments
from agents.arena.duel import seats
from agents.arena.player import Brain, Player, Still
from agents.networks.network import Normaliser
from agents.networks.population import MLPs, Shape
from agents.settings import check_positive, check_whole
from walker_env import Body, World
from walker_env.arena import ARENA, ArenaBatch, Game
from walker_env.observation import ACTION, width
from walker_env.seeds import TRAINING_LIMIT, check_training_seed


@dataclass(frozen=True)
class CoevolutionConfig:
    """Settings of co-evolution."""

    algorithm: ClassVar[str] = "coevolution"

    seed: int = 0
    population: int = 48
    rivals: int = 2  # whom each solution meets in a generation, in both roles or seats
    hidden: tuple[int, ...] = (24,)
    stdev: float = 0.6  # of the search distribution at the start
    centre_rate: float = 1.5  # learning rate of its centre
    first: float = 8.0  # [s] the longest match at the beginning, to learn to walk
    longer: int = 12_000_000  # control steps after which matches are as long as the game's
    hall: int = 32  # earlier centres that are kept
    every: int = 4  # generations between two that are kept, until the hall is full

    def __post_init__(self) -> None:
        check_training_seed(self.seed)
        object.__setattr__(self, "hidden", tuple(self.hidden))
        check_whole(self, population=2, rivals=1, hidden=1, hall=1, every=1, longer=0)
        check_positive(self, "stdev", "centre_rate", "first")

    def learner(self, game: Game, body: Body, world: World) -> Coevolution:
        """A search at its beginning.

        Args:
            game: What it learns to play.
            body: Of its walkers.
            world: Rates, drag and grip.
        """
        return Coevolution(self, game, body, world)


class MeetProblem(Problem):
    """Maximise the return against rivals that are the same for a whole generation.

    Args:
        config: Settings of the search.
        game: What is played.
        body: Of each walker.
        world: Rates, drag and grip.

    Attributes:
        hall: Earlier centres.
        walked: Control steps so far, of all walkers together.
    """

    def __init__(self, config: CoevolutionConfig, game: Game, body: Body, world: World) -> None:
        self._config, self._game, self._body = config, game, body
        self.shape = Shape((width(ARENA, body), *config.hidden, width(ACTION, body)))
        self.hall: list[Brain] = [Still(body)]
        self.walked = 0
        self._draws = np.random.default_rng(config.seed)
        self._moments = Moments(self.shape.sizes[0])
        sides = 2 * config.rivals  # each rival is met both ways
        brief = replace(game, seconds=min(config.first, game.seconds))
        arenas = config.population * sides
        self._brief, self._full = (ArenaBatch(arenas, g, body, world) for g in (brief, game))
        alike = np.stack([seats(game, side % 2 == 1) for side in range(sides)])  # (S, W)
        owners = np.tile(alike, (config.population, 1))  # whose walkers, 0: the solution's
        self._mine = np.flatnonzero(owners.ravel() == 0)
        theirs = np.tile(np.arange(sides) // 2, config.population)[:, None]
        self._theirs = np.where(owners == 0, -1, theirs).ravel()
        super().__init__(
            objective_sense="max",
            solution_length=self.shape.size,
            initial_bounds=(-config.stdev, config.stdev),
            dtype=torch.float32,
            seed=config.seed,
        )

    def normaliser(self) -> Normaliser:
        """What networks see of an observation."""
        return self._moments.normaliser()

    def player(self, name: str, values: np.ndarray) -> Player:
        """A solution as a player.

        Args:
            name: Of the player.
            values: The weights.
        """
        network = self.shape.network(values)
        return Player(name, network, self.normaliser(), self._game, self._body)

    def _evaluate_batch(self, solutions: SolutionBatch) -> None:
        config = self._config
        networks = MLPs(self.shape, solutions.values.numpy())
        # the latest is always met, whoever else is drawn
        drawn = self._draws.integers(len(self.hall), size=config.rivals - 1)
        rivals = [self.hall[-1], *(self.hall[i] for i in drawn)]
        seeds = self._draws.integers(TRAINING_LIMIT, size=config.rivals, dtype=np.uint64)
        returns = self._meet(networks, rivals, np.tile(np.repeat(seeds, 2), config.population))
        own = returns[self._mine].reshape(config.population, -1)
        solutions.set_evals(torch.from_numpy(own.mean(axis=1).astype(np.float32)))

    def _meet(self, networks: MLPs, rivals: list[Brain], seeds: np.ndarray) -> np.ndarray:
        """Play a match in each arena; the return of each walker, ``(N,)``."""
        batch = self._brief if self.walked < self._config.longer else self._full
        obs, eyes = batch.reset(seeds=seeds), self.normaliser()
        returns, actions = np.zeros(batch.n), np.zeros((batch.n, batch.action_width), np.float32)
        rows = [self._theirs == i for i in range(len(rivals))]
        while batch.playing.any():
            playing = batch.playing.ravel()
            self.walked += int(playing.sum())
            seen = obs[playing].astype(np.float64)
            self._moments.add(
                np.stack([seen.sum(axis=0), (seen * seen).sum(axis=0)])[None], len(seen)
            )
            actions[self._mine] = networks.act(obs[self._mine], eyes)
            for rival, own in zip(rivals, rows):
                actions[own] = rival.act(obs[own])
            outcome = batch.step(actions)
            returns += outcome.reward
            obs = outcome.observation
        return returns


class Coevolution:
    """The search, one generation at a time.

    Args:
        config: Its settings.
        game: What is played.
        body: Of each walker.
        world: Rates, drag and grip.
    """

    def __init__(self, config: CoevolutionConfig, game: Game, body: Body, world: World) -> None:
        torch.set_num_threads(1)
        logging.getLogger("evotorch").setLevel(logging.WARNING)
        self._config, self._generation = config, 0
        self._problem = MeetProblem(config, game, body, world)
        self._rng = np.random.default_rng([config.seed, 1])
        self._search = SNES(
            self._problem,
            popsize=config.population,
            stdev_init=config.stdev,
            center_learning_rate=config.centre_rate,
        )

    @property
    def steps(self) -> int:
        """Control steps so far, of all walkers together."""
        return self._problem.walked

    def advance(self) -> None:
        """One generation; every few of them its centre enters the hall."""
        self._search.step()
        self._generation += 1
        if self._generation % self._config.every == 0:
            hall, present = self._problem.hall, self.player(f"generation {self._generation}")
            if len(hall) >= self._config.hall:
                hall.pop(int(self._rng.integers(len(hall))))
            hall.append(present)

    def player(self, name: str) -> Player:
        """The centre of the distribution."""
        centre = self._search.status["center"] if self._generation else None
        size = self._problem.shape.size
        values = np.zeros(size) if centre is None else centre.clone().numpy()
        return self._problem.player(name, values)
