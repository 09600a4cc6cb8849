"""Families of courses: endless sequences of targets.

A course depends on its random generator alone, and drawing more of it never changes what came
before. All of them are worked out by operations whose result IEEE 754 fixes (no sine, no
exponential), so that a seed names the same course on every machine. A walker starts at the origin
and faces +x.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from walker_env.plan import NAME_MAX, PlanError, check_between, convert, is_number

FARTHEST = 1e6
"""Largest coordinate of a target [unit]."""

MOST_TARGETS = 10_000
"""Longest list of targets."""

DISC_RADIUS = 500.0
"""Radius of the disc in which targets of the main course lie [unit]."""

FAR_RADIUS = 2000.0
"""The same of the course whose targets are far apart [unit]."""

SPRINT_SPACING = 500.0
"""Way from target to target on the straight [unit]."""

CIRCUIT = (
    *((400, 0), (800, 0), (1200, 60), (1450, 300), (1420, 640), (1120, 800)),
    *((820, 700), (700, 450), (450, 400), (330, 640), (480, 900), (300, 1150)),
    *((-60, 1180), (-260, 900), (-120, 640), (-330, 420), (-260, 120), (0, 0)),
)
"""One lap of the race: a straight, a long bend, a chicane, a hairpin and the way home [unit]."""

Draw = Callable[..., np.ndarray]
"""``draw(rng, count, **parameters)`` gives targets ``(count, 2)`` [unit] of a Generator."""


def draw_disc(rng: np.random.Generator, count: int, *, radius: float = DISC_RADIUS) -> np.ndarray:
    """``count`` targets uniformly in a disc around the start, ``(count, 2)`` [unit].

    Args:
        rng: Where they are drawn from.
        count: How many.
        radius: Of the disc [unit].
    """
    return radius * _draw_where(_in_unit_disc, rng, count)


def draw_far(rng: np.random.Generator, count: int) -> np.ndarray:
    """``count`` targets uniformly in the disc of `FAR_RADIUS`, ``(count, 2)`` [unit]."""
    return draw_disc(rng, count, radius=FAR_RADIUS)


def draw_sprint(
    rng: np.random.Generator, count: int, *, spacing: float = SPRINT_SPACING
) -> np.ndarray:
    """A straight line within 17 degrees of straight ahead.

    Args:
        rng: The direction is drawn from it.
        count: How many targets.
        spacing: Way from one to the next [unit].
    """
    ahead = _direction(rng)
    return ahead * (spacing * np.arange(1, count + 1))[:, None]


def draw_left_turns(rng: np.random.Generator, count: int) -> np.ndarray:
    """Each target lies 90 to 180 degrees to the left of the line that led to the one before."""
    return _spiral(rng, count, 1.0)


def draw_right_turns(rng: np.random.Generator, count: int) -> np.ndarray:
    """The mirror image of `draw_left_turns`."""
    return _spiral(rng, count, -1.0)


def draw_slalom(rng: np.random.Generator, count: int) -> np.ndarray:
    """Gates to the left and right of a straight line in turn: 150 to 250 on, 60 to 140 aside."""
    ahead = _direction(rng)
    first = 1.0 if rng.random() < 0.5 else -1.0
    drawn = rng.random((count, 2))
    along = np.cumsum(150.0 + 100.0 * drawn[:, 0])  # summed from the first on
    side = first * np.where(np.arange(count) % 2 == 0, 1.0, -1.0)
    aside = side * (60.0 + 80.0 * drawn[:, 1])
    x = along * ahead[0] - aside * ahead[1]
    return np.stack([x, along * ahead[1] + aside * ahead[0]], axis=1)


def draw_race(rng: np.random.Generator, count: int) -> np.ndarray:
    """The one published race track, lap after lap of `CIRCUIT`; ``rng`` is not used."""
    return np.resize(np.array(CIRCUIT, dtype=np.float64), (count, 2))


COURSES: dict[str, Draw] = {
    "disc": draw_disc,
    "far": draw_far,
    "sprint": draw_sprint,
    "turn-left": draw_left_turns,
    "turn-right": draw_right_turns,
    "slalom": draw_slalom,
    "race": draw_race,
}
"""Generators by name; the first targets of a longer draw are those of a shorter one."""


@dataclass(frozen=True)
class Course:
    """A course as data: a list of targets, or a registered generator by name and its parameters.

    It may name a generator that is not registered here: a policy keeps the course it was trained
    on, and only who walks that course needs it.

    Attributes:
        name: Of the generator in `COURSES`.
        parameters: Its numbers by name, or pairs of both; the others keep their defaults.
        targets: ``((x, y), ...)`` [unit] instead; the episode terminates at the last one.

    Raises:
        PlanError: A name, a parameter or a target of a wrong kind or out of bounds.
    """

    name: str = "disc"
    parameters: tuple[tuple[str, float], ...] = ()
    targets: tuple[tuple[float, float], ...] | None = None

    def __post_init__(self) -> None:
        if self.targets is not None:
            object.__setattr__(self, "targets", _plain_targets(self.targets))
            object.__setattr__(self, "name", "targets")
        named = isinstance(self.name, str) and 0 < len(self.name) <= NAME_MAX
        if not (named and self.name.isprintable()):
            raise PlanError(
                f"course: its name must be 1 to {NAME_MAX} printable characters, "
                f"got {self.name!r:.80}"
            )
        object.__setattr__(self, "parameters", _plain_parameters(self.parameters))

    @classmethod
    def of(cls, data: Any) -> Course:
        """The course in data: a name, ``{"name", "parameters"}``, or a list of targets.

        Raises:
            PlanError: It is none of these.
        """
        if isinstance(data, cls):
            return data
        if isinstance(data, str):
            return cls(data)
        if isinstance(data, Mapping):
            if unknown := sorted(map(str, set(data) - {"name", "parameters", "targets"})):
                raise PlanError(f"course has name, parameters and targets, got {unknown}")
            return cls(**data)
        if isinstance(data, (Sequence, np.ndarray)):
            return cls("targets", targets=data)  # type: ignore[arg-type]
        raise PlanError(
            f"course must be a draw function or one of {sorted(COURSES)}, a dict with its name and "
            f"parameters, or a list of targets (x, y), got {data!r:.80}"
        )

    def as_data(self) -> Any:
        """JSON-ready; `of` takes it back. A generator without parameters is its name."""
        if self.targets is not None:
            return [list(target) for target in self.targets]
        if self.parameters:
            return {"name": self.name, "parameters": dict(self.parameters)}
        return self.name

    @property
    def registered(self) -> bool:
        """Whether it can be walked here."""
        try:
            return callable(self.draw)
        except PlanError:
            return False

    @property
    def draw(self) -> Draw:
        """What draws it; a list of targets is repeated.

        Raises:
            PlanError: No such generator is registered, or it has no such parameter.
        """
        if self.targets is not None:
            return functools.partial(_draw_listed, np.array(self.targets, dtype=np.float64))
        if self.name not in COURSES:
            raise PlanError(
                f"course must be a draw function or one of {sorted(COURSES)} or a list of targets, "
                f"got {self.name!r}; walker_env.register_course makes others known"
            )
        draw = COURSES[self.name]
        known = _parameters(draw)
        values = dict(self.parameters)
        if unknown := sorted(set(values) - set(known)):
            raise PlanError(f"course {self.name!r} has the parameters {known}, got {unknown}")
        return functools.partial(draw, **values) if values else draw


def get_course(course: Any) -> Course | Draw:
    """A course from whatever names it; a draw function of the caller's own stays as it is.

    Args:
        course: A name, ``{"name", "parameters"}``, a list of targets ``(x, y)``, a `Course`, or a
            function ``draw(rng, count) -> (count, 2)``.

    Raises:
        PlanError: It is none of these, or no such generator is registered.
    """
    if callable(course):
        return course
    resolved = Course.of(course)
    resolved.draw  # noqa: B018 - whether there is one
    return resolved


def register_course(name: str, draw: Draw) -> None:
    """Give a generator of one's own a name, so that policies trained on it can be saved.

    Args:
        name: Its name; not one that is taken.
        draw: ``draw(rng, count) -> (count, 2)`` [unit]. It depends on ``rng`` alone, and a longer
            draw begins with a shorter one. Keyword-only parameters with numbers as defaults can be
            set: ``course={"name": name, "parameters": {...}}``.

    Raises:
        PlanError: The name is taken by another generator, or it is none.
    """
    Course(name)
    if not callable(draw):
        raise PlanError(f"course {name!r}: expected a function draw(rng, count), got {draw!r:.80}")
    if COURSES.get(name, draw) is not draw:
        raise PlanError(f"course {name!r} is registered already, with another generator")
    COURSES[name] = draw


def checked_targets(targets: Any, what: str) -> np.ndarray:
    """Targets as ``(P, 2)`` float64 [unit].

    Args:
        targets: Numbers of that shape.
        what: Their name in errors.

    Raises:
        PlanError: Another shape, none, not finite, or beyond `FARTHEST`.
    """
    try:
        array = np.asarray(targets)
    except ValueError as error:  # rows of different lengths
        raise PlanError(f"{what} must be numbers of shape (n, 2): {error}") from error
    if array.dtype.kind not in "fiu" or array.ndim != 2 or array.shape[1:] != (2,):
        came = f"{array.dtype} {array.shape}"
        raise PlanError(f"{what} must be numbers of shape (n, 2), got {came}")
    if len(array) == 0 or not (np.abs(array) <= FARTHEST).all():
        raise PlanError(
            f"{what} needs at least one target, and finite coordinates within ±{FARTHEST:g} units"
        )
    return array.astype(np.float64)


def _plain_targets(targets: Any) -> tuple[tuple[float, float], ...]:
    if hasattr(targets, "__len__") and len(targets) > MOST_TARGETS:
        raise PlanError(f"course: expected at most {MOST_TARGETS:,} targets, got {len(targets):,}")
    return tuple((x, y) for x, y in checked_targets(targets, "course: targets").tolist())


def _plain_parameters(parameters: Any) -> tuple[tuple[str, float], ...]:
    pairs = parameters.items() if isinstance(parameters, Mapping) else parameters
    try:
        values = dict(pairs)
    except (TypeError, ValueError) as error:
        raise PlanError(f"course: parameters must be a dict, got {parameters!r:.80}") from error
    for name, value in values.items():
        convert(str, name, "course: the name of a parameter", PlanError)
        values[name] = convert(float, value, f"course: {name}", PlanError)
        check_between(PlanError, f"course: {name}", values[name], -FARTHEST, FARTHEST)
    return tuple(sorted(values.items()))


def _draw_listed(targets: np.ndarray, rng: np.random.Generator, count: int) -> np.ndarray:
    """The targets ``(P, 2)`` again and again; ``rng`` is not used."""
    return np.resize(targets, (count, 2))


def _parameters(draw: Draw) -> list[str]:
    """Names of a generator's own numbers."""
    try:
        parameters = inspect.signature(draw).parameters.values()
    except (TypeError, ValueError):  # written in C
        return []
    return [p.name for p in parameters if p.kind is p.KEYWORD_ONLY and is_number(p.default)]


def _draw_where(
    keep: Callable[[np.ndarray], np.ndarray], rng: np.random.Generator, count: int
) -> np.ndarray:
    """The first ``count`` points ``(count, 2)`` of the square [-1, 1)² that ``keep`` accepts."""
    kept = np.empty((0, 2))
    while len(kept) < count:
        drawn = 2.0 * rng.random((count - len(kept) + count // 2 + 8, 2)) - 1.0
        kept = np.concatenate([kept, drawn[keep(drawn)]])
    return kept[:count]


def _in_unit_disc(points: np.ndarray) -> np.ndarray:
    square = points * points
    return square[:, 0] + square[:, 1] <= 1.0


def _behind(points: np.ndarray) -> np.ndarray:
    """Points that serve as directions, 90 to 180 degrees to the left of +x."""
    square = points * points
    near = square[:, 0] + square[:, 1] < 0.01  # too short to have a precise direction
    return _in_unit_disc(points) & ~near & (points[:, 0] <= 0) & (points[:, 1] >= 0)


def _direction(rng: np.random.Generator) -> np.ndarray:
    """A unit vector within 17 degrees of +x, ``(2,)``."""
    aside = 0.6 * rng.random() - 0.3
    return np.array([np.sqrt(1.0 - aside * aside), aside])


def _spiral(rng: np.random.Generator, count: int, side: float) -> np.ndarray:
    """A chain of legs of 150 to 350 units that all turn to one side, ``(count, 2)`` [unit]."""
    lengths, turns = rng.spawn(2)  # so that neither depends on how much of the other is drawn
    leg = 150.0 + 200.0 * lengths.random(count)
    turn = _draw_where(_behind, turns, count)
    targets = np.empty((count, 2))
    x, y, ahead_x, ahead_y = 0.0, 0.0, 1.0, 0.0
    for i, (along, aside) in enumerate(turn.tolist()):
        aside *= side
        new_x, new_y = ahead_x * along - ahead_y * aside, ahead_x * aside + ahead_y * along
        size = np.sqrt(new_x * new_x + new_y * new_y)
        ahead_x, ahead_y = new_x / size, new_y / size
        x, y = x + leg[i] * ahead_x, y + leg[i] * ahead_y
        targets[i] = x, y
    return targets
