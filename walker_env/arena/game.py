"""Games as data: who meets whom, where, for how long, and what is paid."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from os import PathLike
from typing import Any

from walker_env.arena.field import Field, box
from walker_env.params import WORLD
from walker_env.plan import Plan, PlanError, check_between, convert, field_kinds, resolve

RULES = {"tag": ("chaser", "runner"), "sumo": ("walker",), "rush": ("walker",)}
"""What a game may be played by, with the names of its roles."""

MOST_WALKERS = 8
"""Most walkers in an arena."""

_BOUNDS = {
    "seconds": (0.05, 600),
    "ring": (50, 5000),
    "finish": (100, 9000),
    "prize": (0, 1000),
    "stride": (1, 1e6),
}


@dataclass(frozen=True)
class Game(Plan):
    """A game of two to eight walkers in one arena. `tag`, `sumo` and `rush` make them.

    Attributes:
        name: A label.
        rule: A key of `RULES`.
        sides: How many walkers have each role, in the order of `RULES`.
        field: Where it is played.
        seconds: After which the match is over [s].
        ring: Radius of the ring around the origin of sumo, and of no meaning elsewhere [unit].
        finish: Where the line of rush lies, x [unit], and of no meaning elsewhere.
        prize: Reward for winning; the loser's is its negative.
        stride: Way that is worth a reward of 1 while the match lasts [unit].

    Raises:
        PlanError: A value of a wrong kind or out of bounds.
    """

    rule: str
    sides: tuple[int, ...]
    field: Field
    name: str = dataclasses.field(default="own", compare=False)
    seconds: float = 30.0
    ring: float = 300.0
    finish: float = 2000.0
    prize: float = 10.0
    stride: float = 50.0

    def __post_init__(self) -> None:
        for part in dataclasses.fields(self):
            what, kind = f"Game.{part.name}", field_kinds(type(self))[part.name]
            value = convert(kind, getattr(self, part.name), what, PlanError)
            object.__setattr__(self, part.name, value)
            if part.name in _BOUNDS:
                check_between(PlanError, what, value, *_BOUNDS[part.name])
        if self.rule not in RULES:
            raise PlanError(f"Game.rule must be one of {sorted(RULES)}, got {self.rule!r}")
        roles = RULES[self.rule]
        if len(self.sides) != len(roles) or min(self.sides) < 1:
            raise PlanError(
                f"Game.sides of {self.rule} must be the number of {'s and '.join(roles)}s, each at "
                f"least 1, got {self.sides}"
            )
        if not 2 <= self.walkers <= MOST_WALKERS:
            raise PlanError(
                f"a game of {self.rule} is for 2 to {MOST_WALKERS} walkers, got {self.walkers}"
            )

    @property
    def walkers(self) -> int:
        """Walkers in an arena, W."""
        return sum(self.sides)

    @property
    def steps(self) -> int:
        """Length of a match [control step]."""
        return max(1, round(self.seconds * WORLD.control_rate))

    @property
    def agents(self) -> tuple[str, ...]:
        """A name for each walker: its role and number."""
        roles = zip(RULES[self.rule], self.sides)
        return tuple(f"{role}_{i}" for role, count in roles for i in range(count))

    @property
    def roles(self) -> tuple[int, ...]:
        """Of each walker: 0 for the first role, 1 for the second."""
        return tuple(role for role, count in enumerate(self.sides) for _ in range(count))


def tag(chasers: int = 1, runners: int = 1, half: float | None = None, **more: Any) -> Game:
    """Chasers and runners in a walled square; a runner that a chaser's head touches is out.

    Args:
        chasers: How many.
        runners: How many.
        half: Half a side of the square [unit]; by default it grows with the number of walkers.
        **more: Other fields of `Game`.
    """
    chasers, runners = _whole("chasers", chasers), _whole("runners", runners)
    half = _real("half", 300.0 + 50.0 * (chasers + runners) if half is None else half)
    field = Field("walled square", walls=_box("half", half, -half, half))
    given: dict[str, Any] = {"rule": "tag", "sides": (chasers, runners), "field": field}
    return Game(**given | {"name": "tag"} | more)


def sumo(walkers: int = 2, **more: Any) -> Game:
    """Who is pushed out of the ring has lost; when time is up, who is nearest to its middle wins.

    Args:
        walkers: How many.
        **more: Other fields of `Game`; the ring grows with the number of walkers by default, and a
            match takes 15 s.
    """
    ring = 150.0 + 50.0 * _whole("walkers", walkers)
    given: dict[str, Any] = {
        "rule": "sumo",
        "sides": (walkers,),
        "field": Field("open ground"),
        "ring": ring,
        "seconds": 15.0,
    }
    return Game(**given | {"name": "sumo"} | more)


def rush(walkers: int = 4, finish: float = 2000.0, width: float | None = None, **more: Any) -> Game:
    """A race along a walled lane in which walkers may push.

    Args:
        walkers: How many.
        finish: Where the line is, from the start at 0 [unit].
        width: Of the lane [unit]; by default it grows with the number of walkers.
        **more: Other fields of `Game`.
    """
    finish = _real("finish", finish)
    half = 0.5 * _real("width", 200.0 * _whole("walkers", walkers) if width is None else width)
    walls = _box("width / 2", half, -250.0, finish + 300.0)
    given: dict[str, Any] = {
        "rule": "rush",
        "sides": (walkers,),
        "field": Field("lane", walls=walls),
    }
    return Game(**given | {"finish": finish, "name": "rush"} | more)


GAMES: dict[str, Callable[..., Game]] = {"tag": tag, "sumo": sumo, "rush": rush}
"""Games by name, with the functions that make them."""


def get_game(game: str | PathLike[str] | Mapping[str, Any] | Game, **settings: Any) -> Game:
    """A game from whatever names it.

    Args:
        game: A `Game`, its dict, a path to its JSON, or a name in `GAMES`.
        **settings: For a name: arguments of the function that makes it, or fields of `Game`.

    Raises:
        PlanError: It is none of these, or a setting that it does not know.
    """
    if isinstance(game, str) and game in GAMES:
        known = {*_arguments(GAMES[game]), *(part.name for part in dataclasses.fields(Game))}
        if unknown := sorted(set(settings) - known):
            raise PlanError(f"{game} has no setting {unknown[0]!r}; expected {sorted(known)}")
        return GAMES[game](**settings)
    found = resolve(Game, "game", game, {name: make() for name, make in GAMES.items()})
    if unknown := sorted(set(settings) - {part.name for part in dataclasses.fields(Game)}):
        raise PlanError(f"a game has no setting {unknown[0]!r}")
    return dataclasses.replace(found, **settings)


def _arguments(make: Callable[..., Game]) -> list[str]:
    return [name for name in make.__annotations__ if name not in ("more", "return")]


def _box(what: str, half: float, left: float, right: float) -> tuple:
    check_between(PlanError, what, half, 50, 9000)
    return box(left, -half, right, half)


def _whole(what: str, value: Any) -> int:
    return convert(int, value, what, PlanError)


def _real(what: str, value: Any) -> float:
    return convert(float, value, what, PlanError)
