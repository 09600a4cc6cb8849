"""Families of courses: endless sequences of targets.

A course depends on its random generator alone, and drawing more of it never changes what came
before. All of them are worked out by operations whose result IEEE 754 fixes (no sine, no
exponential), so that a seed names the same course on every machine. A walker starts at the origin
and faces +x.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

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

Draw = Callable[[np.random.Generator, int], np.ndarray]


def draw_disc(rng: np.random.Generator, count: int) -> np.ndarray:
    """``count`` targets uniformly in the disc of `DISC_RADIUS`, ``(count, 2)`` [unit]."""
    return DISC_RADIUS * _draw_where(_in_unit_disc, rng, count)


def draw_far(rng: np.random.Generator, count: int) -> np.ndarray:
    """``count`` targets uniformly in the disc of `FAR_RADIUS`, ``(count, 2)`` [unit]."""
    return FAR_RADIUS * _draw_where(_in_unit_disc, rng, count)


def draw_sprint(rng: np.random.Generator, count: int) -> np.ndarray:
    """A straight line within 17 degrees of straight ahead, a target every `SPRINT_SPACING`."""
    ahead = _direction(rng)
    return ahead * (SPRINT_SPACING * np.arange(1, count + 1))[:, None]


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
"""Courses by name: ``draw(rng, count) -> (count, 2)``, where the first targets of a longer draw are
those of a shorter one."""


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
