"""The ground of a world as data, and the map of the track.

Grip and drag are looked up where a foot or a node stands, at every physics step, by operations that
IEEE 754 fixes (no sine, no exponential), so that a seed names the same ground on every machine.
`terrain` has the rules.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from walker_env.courses import CIRCUIT
from walker_env.plan import PlanError, check_between, convert, field_kinds
from walker_env.schema import FIRM, ICE, MUD

USES = {
    "even": (),
    "patches": ("ice_grip", "mud_grip", "mud_drag", "patch"),
    "track": ("ice_grip", "mud_grip", "mud_drag"),
    "sand": ("sand_grip", "density", "cell", "cells"),
}
"""Kinds of ground, each with its numbers."""

_BOUNDS = {
    "ice_grip": (0, 1),
    "mud_grip": (0, 1),
    "mud_drag": (1e-6, 1),
    "patch": (10, 1e5),
    "sand_grip": (0, 1),
    "density": (0, 100),
    "cell": (1, 1e4),
    "cells": (2, 1024),
}
"""The least and the most of each number, in its unit."""

TRACK_WIDTH = 180.0
"""Of the road along the circuit of the race [unit]; beside it is mud."""

BEND_REACH = 130.0
"""A bend is icy so far around its corner [unit]."""

_SHARP = 0.57  # cosine of the turn at a corner that is a bend

CARD_CELL, CARD_LEFT, CARD_LOW, CARD_SIZE = 10.0, -460.0, -140.0, (146, 206)
"""The track's map: side of a cell, where it begins [unit], rows and columns; beyond it is mud."""


@dataclass(frozen=True)
class Ground:
    """What a walker stands on.

    ``even``: alike everywhere, as the world says. ``patches``: ice, mud and firm ground in fields
    drawn from the walker's seed and episode. ``track``: a road along the circuit of the race with
    icy bends, mud beside it. ``sand``: cells of sand that resist a node the more the faster it is,
    and which it pushes aside for the rest of the episode; beyond the cells it closes up behind.

    Raises:
        PlanError: A value of a wrong kind or out of bounds, or a number that this kind of ground
            has no use for.
    """

    kind: str = "even"
    ice_grip: float = 0.25  # share of its grip that a foot has on ice
    mud_grip: float = 0.6  # the same in mud
    mud_drag: float = 0.05  # share of a node's speed that mud leaves after a second
    patch: float = 150.0  # [unit] from one drawn height to the next: about a patch's width
    sand_grip: float = 0.7  # share of its grip that a foot has in fresh sand
    density: float = 0.05  # [mass unit/unit] fresh sand resists with this times the speed squared
    cell: float = 20.0  # [unit] side of a cell of sand
    cells: int = 64  # in a row and in a column; the middle is the start

    def __post_init__(self) -> None:
        for part in fields(self):
            what, kind = f"World.ground.{part.name}", field_kinds(type(self))[part.name]
            value = convert(kind, getattr(self, part.name), what, PlanError)
            object.__setattr__(self, part.name, value)
            if part.name in _BOUNDS:
                check_between(PlanError, what, value, *_BOUNDS[part.name])
        if self.kind not in USES:
            raise PlanError(f"World.ground.kind must be one of {[*USES]}, got {self.kind!r}")
        self._check_used()

    def _check_used(self) -> None:
        for part in fields(self):
            unused = part.name in _BOUNDS and part.name not in USES[self.kind]
            if unused and getattr(self, part.name) != part.default:
                raise PlanError(
                    f"World.ground.{part.name} means nothing on ground of the kind {self.kind!r}, "
                    f"got {getattr(self, part.name)!r}; leave it out"
                )

    @property
    def memory(self) -> int:
        """What a walker keeps of it [byte]."""
        return self.cells * self.cells if self.kind == "sand" else 0


EVEN = Ground()
"""The ground of all worlds before there were others."""


@functools.cache
def track_card() -> np.ndarray:
    """The track from above: `FIRM`, `ICE` or `MUD` in each cell, `CARD_SIZE` uint8, read only."""
    rows, columns = CARD_SIZE
    x = CARD_LEFT + (np.arange(columns) + 0.5) * CARD_CELL
    y = (CARD_LOW + (np.arange(rows) + 0.5) * CARD_CELL)[:, None]
    road, icy = np.zeros(CARD_SIZE, dtype=bool), np.zeros(CARD_SIZE, dtype=bool)
    for i, (bx, by) in enumerate(CIRCUIT):
        ax, ay = CIRCUIT[i - 1]
        dx, dy = bx - ax, by - ay
        along = ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy)
        along = np.minimum(np.maximum(along, 0.0), 1.0)
        square = _square(x - (ax + along * dx), y - (ay + along * dy))
        road |= square <= TRACK_WIDTH * TRACK_WIDTH * 0.25
        if _is_bend(i):
            icy |= _square(x - bx, y - by) <= BEND_REACH * BEND_REACH
    card = np.where(road, np.where(icy, ICE, FIRM), MUD).astype(np.uint8)
    card.flags.writeable = False
    return card


def _is_bend(i: int) -> bool:
    """Whether the circuit turns sharply at corner i."""
    (ax, ay), (bx, by), (cx, cy) = CIRCUIT[i - 1], CIRCUIT[i], CIRCUIT[(i + 1) % len(CIRCUIT)]
    ux, uy, vx, vy = bx - ax, by - ay, cx - bx, cy - by
    sharp = _SHARP * np.sqrt((ux * ux + uy * uy) * (vx * vx + vy * vy))
    return bool(ux * vx + uy * vy < sharp)


def _square(x: Any, y: Any) -> Any:
    return x * x + y * y
