"""One training in arenas: until its budget is spent, with a player kept at a quarter of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Protocol

from agents.arena.duel import duel
from agents.arena.player import FILE, Player, Random
from agents.provenance import versions
from agents.training.budget import Budget, Clock, Cost
from walker_env import Body, World
from walker_env.arena import Game
from walker_env.files import atomic_write

QUARTER, CURVE = "quarter.safetensors", "curve.json"
"""What a run's folder holds: the player, its self after a quarter of the budget, and its curve."""

_MATCHES = 60  # of a point of the curve


class Learner(Protocol):
    """Something that gets better at a game."""

    @property
    def steps(self) -> int:
        """Control steps so far."""

    def advance(self) -> None:
        """Make one update."""

    def player(self, name: str) -> Player:
        """The present player."""


class Config(Protocol):
    """A frozen dataclass of settings, checked when made."""

    algorithm: str

    @property
    def seed(self) -> int:
        """Everything random comes from it."""

    def learner(self, game: Game, body: Body, world: World) -> Learner:
        """A learner at its beginning.

        Args:
            game: What it learns to play.
            body: Of its walkers.
            world: Rates, drag and grip.
        """


@dataclass(frozen=True)
class Point:
    """A point of a curve: what was spent, and the mean score against random walkers."""

    steps: int
    cpu_seconds: float
    score: float


def train(
    config: Any,
    game: Game,
    body: Body,
    world: World,
    budget: Budget,
    folder: Path,
    tell: Callable[[Point], None] = lambda point: None,
    points: int = 8,
) -> Player:
    """Train until the budget is spent; Ctrl-C ends it early and keeps what there is.

    Args:
        config: Of an algorithm, see `Config`.
        game: What is played.
        body: Of each walker.
        world: Rates, drag and grip.
        budget: What it may cost.
        folder: Where the players and the curve go.
        tell: Hears of each point of the curve.
        points: How many the curve gets, evenly over the budget.
    """
    learner, clock, curve = config.learner(game, body, world), Clock(), []
    rival, quarter = Random(body, config.seed), False
    due = 1.0 / points

    def spent() -> Cost:
        return Cost(learner.steps, clock.seconds, clock.cpu_seconds)

    def keep(file: str) -> Player:
        cost = spent()
        about = {"algorithm": config.algorithm, "config": asdict(config), "versions": versions()}
        made = replace(learner.player(config.algorithm), training=about | asdict(cost))
        made.save(folder / file)
        return made

    try:
        while budget.used(spent()) < 1.0:
            learner.advance()
            used = budget.used(spent())
            with clock.paused():
                if used >= 0.25 and not quarter:
                    quarter = True
                    keep(QUARTER)
                if used >= due:
                    due += 1.0 / points
                    player, cost = keep(FILE), spent()
                    score = duel([player, rival], game, body, _MATCHES, world).mean
                    curve.append(Point(cost.steps, cost.cpu_seconds, score))
                    text = json.dumps([asdict(point) for point in curve], indent=1)
                    atomic_write(folder / CURVE, text + "\n")
                    tell(curve[-1])
    except KeyboardInterrupt:
        pass
    return keep(FILE)
