"""Two players meet: many matches with seats and roles changed, and how well each does."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from agents.arena.player import Brain
from walker_env import Body, World
from walker_env.arena import ArenaBatch, Game
from walker_env.params import WORLD
from walker_env.seeds import held_out_seeds

ARENAS = 64
"""Matches that are played at the same time; it changes no result of players without chance."""


@dataclass(frozen=True)
class Tally:
    """How the first of two players did.

    Attributes:
        scores: Of each match, its mean over the player's walkers, in [0, 1]; a draw is 0.5.
        firsts: Whether it had the first role, or the first seat, in that match.
    """

    scores: tuple[float, ...]
    firsts: tuple[bool, ...]

    @property
    def mean(self) -> float:
        """Mean over roles and seats."""
        return math.fsum(self.scores) / len(self.scores)

    def part(self, first: bool) -> float:
        """Mean in the matches in which it had the first role or seat, or the other."""
        own = [score for score, was in zip(self.scores, self.firsts) if was == first]
        return math.fsum(own) / len(own)

    def interval(self, coverage: float = 0.95) -> tuple[float, float]:
        """Wilson's interval of the mean."""
        return wilson(self.mean, len(self.scores), coverage)


def wilson(share: float, count: int, coverage: float = 0.95) -> tuple[float, float]:
    """Wilson's score interval of a share.

    Args:
        share: In [0, 1].
        count: How many matches it is of.
        coverage: How often the interval should hold the true value.
    """
    z = NormalDist().inv_cdf(0.5 + coverage / 2)
    square = z * z / count
    middle = (share + square / 2) / (1 + square)
    half = z / (1 + square) * math.sqrt(share * (1 - share) / count + square / (4 * count))
    return max(0.0, middle - half), min(1.0, middle + half)


def seats(game: Game, swapped: bool) -> np.ndarray:
    """Which of two players, 0 or 1, has each walker, ``(W,)``.

    In a game of several roles a player has a role, elsewhere every other walker.

    Args:
        game: That is played.
        swapped: Whether the second player begins.
    """
    number = np.array(game.roles) if len(game.sides) > 1 else np.arange(game.walkers) % 2
    return 1 - number if swapped else number


def duel(
    players: Sequence[Brain],
    game: Game,
    body: Body,
    matches: int = 1000,
    world: World = WORLD,
    watch: Callable[[], None] = lambda: None,
) -> Tally:
    """Let two players meet, on starts that no training sees; every start is played both ways.

    Args:
        players: Two of them.
        game: What is played.
        body: Of each walker.
        matches: How many, rounded up to an even number.
        world: Rates, drag and grip.
        watch: Called after each match.
    """
    pairs = (matches + 1) // 2
    seeds = np.repeat(held_out_seeds(pairs), 2)
    owners = np.stack([seats(game, match % 2 == 1) for match in range(2 * pairs)])
    found = play(players, game, body, seeds, owners, world, watch)
    scores = [float(row[own == 0].mean()) for row, own in zip(found, owners)]
    return Tally(tuple(scores), tuple(match % 2 == 0 for match in range(2 * pairs)))


def play(
    players: Sequence[Brain],
    game: Game,
    body: Body,
    seeds: np.ndarray,
    owners: np.ndarray,
    world: World = WORLD,
    watch: Callable[[], None] = lambda: None,
) -> np.ndarray:
    """Play matches, several at a time; an arena that is free takes the next one.

    Args:
        players: Whom ``owners`` count.
        game: What is played.
        body: Of each walker.
        seeds: Of the matches' starts, ``(M,)`` uint64.
        owners: Who plays each walker of each match, ``(M, W)``.
        world: Rates, drag and grip.
        watch: Called after each match.

    Returns:
        The score of each walker in each match, ``(M, W)``.
    """
    count = len(seeds)
    batch = ArenaBatch(min(ARENAS, count), game, body, world)
    match = np.arange(batch.arenas)
    obs = batch.reset(seeds=seeds[match])
    found, begun, done = np.zeros(owners.shape), batch.arenas, 0
    actions = np.zeros((batch.n, batch.action_width), np.float32)
    while done < count:
        for i, player in enumerate(players):
            rows = (owners[match] == i).ravel()
            if rows.any():
                actions[rows] = player.act(obs[rows])
        outcome = batch.step(actions)
        obs, over = outcome.observation, np.flatnonzero(outcome.over)
        if not len(over):
            continue
        found[match[over]] = batch.score[over]
        for _ in over:
            watch()
        done += len(over)
        free = over[: count - begun]
        match[free] = begun + np.arange(len(free))
        begun += len(free)
        if len(free):
            obs = batch.reset(np.isin(np.arange(batch.arenas), free), seeds[match])
    return found
