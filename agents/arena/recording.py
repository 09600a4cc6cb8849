"""One match, played to be kept: a recording that verifies."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from agents.arena.player import Brain
from walker_env import Body, World
from walker_env.arena import ArenaBatch, Game
from walker_env.match import Match, MatchRecorder, Seat


def record(
    players: Sequence[Brain], owners: np.ndarray, game: Game, body: Body, world: World, seed: int
) -> tuple[Match, list[float]]:
    """Play a match to its end.

    Args:
        players: Whom ``owners`` count.
        owners: Who plays each walker, ``(W,)``.
        game: What is played.
        body: Of each walker.
        world: Rates, drag and grip.
        seed: Of the start.

    Returns:
        The match, sealed, and the score of each walker.
    """
    batch = ArenaBatch(1, game, body, world)
    seen = batch.reset(seeds=np.array([seed], dtype=np.uint64))
    recorder = MatchRecorder(batch, [Seat(players[owner].name) for owner in owners])
    actions = np.zeros((batch.n, batch.action_width), np.float32)
    while batch.playing.any():
        for i, player in enumerate(players):
            if (owners == i).any():
                actions[owners == i] = player.act(seen[owners == i])
        recorder.note(actions)
        seen = batch.step(actions).observation
    names = " - ".join(player.name for player in players)
    return recorder.match(f"{game.name}: {names}"), batch.score[0].tolist()
