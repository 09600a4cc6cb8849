"""What the parts of a body are called, for people: in words, and short for pictures.

A foot and a muscle are called after where they are drawn: "front left", "rear", "middle right 2".
Windows, pages and figures say the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from walker_env.body import Body
from walker_env.observation import Channel

_TITLES = {
    "target_distance": "distance",
    "target_cos": "ahead",
    "target_sin": "left",
    "muscle_length": "muscle",
    "velocity": "speed",
    "turn_rate": "turning",
}
_PARTS = {"velocity": ("ahead", "left")}

_SAME = 6  # decimals of a unit in which places differ


def foot_names(body: Body) -> tuple[str, ...]:
    """What each foot is called, ``"front left"`` or ``"rear"``; all are different."""
    return _numbered(_ends(_feet(body)), _feet(body))


def muscle_names(body: Body) -> tuple[str, ...]:
    """What each muscle is called after its middle: ``"front left"``; all are different.

    Where there is at most one on each side and none between, ``"left"`` and ``"right"`` will do.
    """
    place = _muscles(body)
    sides = np.sign(place[:, 1]).tolist()
    if 0 not in sides and len(set(sides)) == len(sides):
        return tuple("left" if side > 0 else "right" for side in sides)
    return _numbered(_ends(place), place)


def foot_labels(body: Body) -> tuple[str, ...]:
    """Short names of the feet: ``"FL"``, ``"MR2"``; all are different."""
    return tuple(_short(name) for name in foot_names(body))


def muscle_labels(body: Body) -> tuple[str, ...]:
    """Short names of the muscles: ``"L"``, ``"FR"``, ``"ML3"``; all are different."""
    return tuple(_short(name) for name in muscle_names(body))


def element_labels(layout: Sequence[Channel], body: Body) -> tuple[str, ...]:
    """A short name for each element of an observation or action: ``"grip FL"``, ``"distance"``."""
    groups = {"feet": foot_labels, "muscles": muscle_labels}
    found: list[str] = []
    for channel in layout:
        title, size = _TITLES.get(channel.name, channel.name.replace("_", " ")), channel.size(body)
        if isinstance(channel.width, str):
            parts = groups[channel.width](body)
        else:
            parts = _PARTS.get(channel.name) or tuple(str(i + 1) for i in range(size))
        found += [title] if channel.width == 1 else [f"{title} {part}" for part in parts]
    return tuple(found)


def _feet(body: Body) -> np.ndarray:
    """Where the feet are drawn, ``(F, 2)`` [unit]."""
    return body.rest_positions()[list(body.feet)].round(_SAME)


def _muscles(body: Body) -> np.ndarray:
    """Where the middles of the muscles are drawn, ``(M, 2)`` [unit]."""
    place = body.rest_positions()
    return np.array([(place[m.a] + place[m.b]) / 2 for m in body.muscles]).round(_SAME)


def _ends(place: np.ndarray) -> list[str]:
    """Front, middle or rear of its side, and which side; not all different."""
    names = []
    for x, y in place.tolist():
        line = sorted({float(other) for other in place[np.sign(place[:, 1]) == np.sign(y), 0]})
        rank = line.index(x)
        end = "rear" if rank == 0 else "front" if rank == len(line) - 1 else "middle"
        if len(line) == 1:
            end = "front" if x > 0 else "rear"
        side = "left" if y > 0 else "right" if y < 0 else ""
        names.append(f"{end} {side}".strip())
    return names


def _numbered(names: Sequence[str], place: np.ndarray) -> tuple[str, ...]:
    """The same; those that are called alike get numbers, the foremost the first."""
    several, seen, found = Counter(names), Counter[str](), list(names)
    for i in sorted(range(len(names)), key=lambda i: (-place[i, 0], -abs(place[i, 1]), i)):
        if several[names[i]] > 1:
            seen[names[i]] += 1
            found[i] = f"{names[i]} {seen[names[i]]}"
    return tuple(found)


def _short(name: str) -> str:
    return "".join(word if word.isdigit() else word[0].upper() for word in name.split())
