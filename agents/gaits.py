"""What a gait is called: by how the grips of its feet go together.

Two numbers describe a walk, each a correlation in [-1, 1] over time of the beat of its grips:

- *sides*: of left and right partners, +1 where they stand together, -1 where they take turns;
- *ends*: the same of front and rear neighbours on one side.

The beat is the grip's ground rhythm: short pulses and long ones count alike, only their phase
matters, so a correlation is about the cosine of the phase between two feet. The names are those of
the animals' gaits that lie there: a trot has its diagonal feet together, so both numbers are -1.
Every pair of feet counts alike, and one with an idle foot, whose grip hardly changes, as 0: who
uses few feet lies near the middle. A body without left and right partners, like the inchworm, has 0
for *sides*, and one without front and rear neighbours 0 for *ends*: its gaits fill one row or
column.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from walker_env import WORLD
from walker_env.body import Body

GAITS = (
    ("trot", "walk", "pace"),
    ("gallop", "crawl", "amble"),
    ("bound", "lope", "hop"),
)
"""Names by *sides* (rows) and *ends* (columns), each alternate, mixed, together."""

MEANINGS = {
    "trot": "left and right alternate, and so do front and rear: diagonal feet together",
    "walk": "left and right alternate, the rear a quarter of a cycle apart from the front",
    "pace": "left and right alternate, the feet of one side together",
    "gallop": "front and rear alternate, left and right a quarter of a cycle apart",
    "crawl": "one foot after another around the body, or one foot alone",
    "amble": "the feet of one side together, left and right a quarter of a cycle apart",
    "bound": "left and right together, front and rear alternate",
    "lope": "left and right together, front and rear a quarter of a cycle apart",
    "hop": "all feet together",
}
"""What is meant by a name here."""

EDGES = (-1 / 3, 1 / 3)
"""Correlations between alternate and mixed, and between mixed and together."""

_MIDDLE = 1e-6  # [unit] nearer to the middle line, a muscle is on neither side
_STILL = 5e-4  # variance of a beat below which a foot is idle
_QUICK = 0.05  # [s] over which a beat is smooth, so that its overtones fade
_SLOW = 0.1  # [s] over which it swings about zero, so that changes from turns fade


@dataclass(frozen=True)
class Pairs:
    """Feet that are compared, as indices into the body's feet."""

    sides: tuple[tuple[int, int], ...]  # (left, right)
    ends: tuple[tuple[int, int], ...]  # (front, rear)


def foot_pairs(body: Body) -> Pairs:
    """The partners among a body's feet, from where they are drawn.

    A left foot's partner is the right foot nearest to its mirror image; front and rear neighbours
    follow each other along the left side, the right side, and the middle line.
    """
    place = body.rest_positions()[list(body.feet)]  # (F, 2)
    left, right, middle = (
        [int(foot) for foot in np.flatnonzero(side)]
        for side in (place[:, 1] > 0, place[:, 1] < 0, place[:, 1] == 0)
    )
    ends = []
    for line in (left, right, middle):
        order = sorted(line, key=lambda foot: -place[foot, 0])
        ends += list(pairwise(order))
    return Pairs(_partners(place, left, right), tuple(ends))


def muscle_pairs(body: Body) -> tuple[tuple[int, int], ...]:
    """``(left, right)`` partners among a body's muscles, from where their middles are drawn."""
    place = body.rest_positions()
    middle = np.array([(place[muscle.a] + place[muscle.b]) / 2 for muscle in body.muscles])
    left, right = (
        [int(muscle) for muscle in np.flatnonzero(side)]
        for side in (middle[:, 1] > _MIDDLE, middle[:, 1] < -_MIDDLE)
    )
    return _partners(middle, left, right)


def _partners(place: np.ndarray, left: list[int], right: list[int]) -> tuple[tuple[int, int], ...]:
    """Pairs of left and right places, the nearest to being mirror images first."""
    mirror = place * (1.0, -1.0)
    apart = {(a, b): float(np.hypot(*(mirror[a] - place[b]))) for a in left for b in right}
    found: list[tuple[int, int]] = []
    for a, b in sorted(apart, key=lambda pair: (apart[pair], pair)):
        if all(a != c and b != d for c, d in found):
            found.append((a, b))
    return tuple(sorted(found))


class Beat:
    """The ground rhythm of grips, followed step by step: a band-pass filter of first orders.

    Args:
        grip: The grips at the start, ``(..., F)``.
    """

    RATES = tuple(-math.expm1(-WORLD.control_dt / span) for span in (_QUICK, _SLOW))
    """By which the quick and the slow filters follow in a control step."""

    def __init__(self, grip: np.ndarray) -> None:
        self._quick, self._smooth, self._slow = grip.copy(), grip.copy(), grip.copy()

    def follow(self, grip: np.ndarray) -> np.ndarray:
        """The beat after another control step, ``(..., F)``."""
        quick, slow = self.RATES
        self._quick += quick * (grip - self._quick)
        self._smooth += quick * (self._quick - self._smooth)
        self._slow += slow * (self._smooth - self._slow)
        return self._smooth - self._slow


def coordination(stance: np.ndarray, steps: np.ndarray, pairs: Pairs) -> np.ndarray:
    """Where P walks lie on the map.

    Args:
        stance: ``(P, 1 + F, F)`` sums over time as `trial.Stance` takes them.
        steps: ``(P,)`` over how many control steps.
        pairs: Of the body.

    Returns:
        ``(P, 2)`` float64: *sides* and *ends*, in [-1, 1].
    """
    common = stance[:, 1:] / np.maximum(steps, 1)[:, None, None]
    both = [_together(common, found) for found in (pairs.sides, pairs.ends)]
    return np.clip(np.stack(both, axis=1), -1.0, 1.0)


def _together(common: np.ndarray, pairs: tuple[tuple[int, int], ...]) -> np.ndarray:
    """Mean correlation of paired feet, ``(P,)``; 0 for a pair of which one foot is idle."""
    total = np.zeros(len(common))
    for a, b in pairs:
        idle = np.minimum(common[:, a, a], common[:, b, b]) < _STILL
        size = np.sqrt(np.where(idle, 1.0, common[:, a, a] * common[:, b, b]))
        total += np.where(idle, 0.0, common[:, a, b] / size)
    return total / max(len(pairs), 1)


def coordination_of(grip: np.ndarray, pairs: Pairs) -> tuple[float, float]:
    """The same of one walk's grips ``(T, F)``."""
    beat = Beat(grip[0])
    beats = np.array([beat.follow(moment) for moment in grip])
    stance = np.concatenate([grip.sum(axis=0)[None], beats.T @ beats])
    sides, ends = coordination(stance[None], np.array([len(grip)]), pairs)[0]
    return float(sides), float(ends)


def gait_name(sides: float, ends: float) -> str:
    """The gait that lies there."""
    row, column = np.searchsorted(EDGES, (sides, ends))
    return GAITS[row][column]
