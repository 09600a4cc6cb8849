"""A league: every player meets every other, on a schedule that is written down before it is played.

Its folder gets ``schedule.json``, who meets whom on which starts; ``league.json``, the scores of
each two and the ranking, with intervals; and recordings of the first start of each pair, both ways.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from itertools import combinations
from pathlib import Path

from agents.arena.duel import Tally, duel, seats, wilson
from agents.arena.player import Brain
from agents.arena.recording import record
from walker_env import Body, World
from walker_env.arena import Game
from walker_env.files import atomic_write
from walker_env.seeds import held_out_seeds

SCHEDULE, RESULT = "schedule.json", "league.json"


@dataclass(frozen=True)
class Standing:
    """How a player did against all the others together."""

    name: str
    score: float  # mean over its matches; a draw is half
    low: float  # of the 95 % interval
    high: float
    matches: int


def play_league(
    entries: Sequence[tuple[str, Brain]],
    game: Game,
    body: Body,
    world: World,
    matches: int,
    folder: Path,
    watch: Callable[[], None] = lambda: None,
) -> list[Standing]:
    """Play a league and write it down.

    Args:
        entries: Two or more players, each with the name that it has here.
        game: What is played.
        body: Of each walker.
        world: Rates, drag and grip.
        matches: Of each two, rounded up to an even number.
        folder: Where it goes.
        watch: Called after each match.

    Returns:
        The players, the best first.

    Raises:
        ValueError: Fewer than two, or two of one name.
    """
    names = [name for name, _ in entries]
    if len(names) < 2 or len(set(names)) < len(names):
        raise ValueError(f"a league needs two or more players of different names, got {names}")
    pairs = list(combinations(range(len(entries)), 2))
    seeds = held_out_seeds((matches + 1) // 2).tolist()
    plan = [{"first": names[a], "second": names[b], "starts": seeds} for a, b in pairs]
    about = {"game": game.stored(), "body": body.stored(), "world": world.stored()}
    _write(folder / SCHEDULE, about | {"each_start": "both ways", "pairs": plan})
    tallies: dict[tuple[int, int], Tally] = {}
    for number, (a, b) in enumerate(pairs):
        both = [entries[a][1], entries[b][1]]
        tallies[a, b] = duel(both, game, body, matches, world, watch)
        for swapped in (False, True):
            kept, _ = record(both, seats(game, swapped), game, body, world, int(seeds[0]))
            kept.verify()
            kept.save(folder / "matches" / f"{number:03d}-{'ba' if swapped else 'ab'}.npz")
    standings = sorted(
        (_standing(i, name, tallies) for i, name in enumerate(names)), key=lambda s: -s.score
    )
    results = [
        {"first": names[a], "second": names[b], "score": t.mean, "interval": t.interval()}
        for (a, b), t in tallies.items()
    ]
    _write(folder / RESULT, {"standings": [asdict(s) for s in standings], "pairs": results})
    return standings


def _standing(player: int, name: str, tallies: dict[tuple[int, int], Tally]) -> Standing:
    scores = [
        score if player == a else 1.0 - score
        for (a, b), tally in tallies.items()
        if player in (a, b)
        for score in tally.scores
    ]
    mean = math.fsum(scores) / len(scores)
    return Standing(name, mean, *wilson(mean, len(scores)), len(scores))


def _write(path: Path, data: dict) -> None:
    atomic_write(path, json.dumps(data, indent=1) + "\n")
