"""Where walkers stand on ground that is not even: grip, drag, and sand that is pushed aside.

A physics step on such ground begins with it, before anything moves (`Terrain.tread`). Node by node,
in the order of the body: what is under the node is looked up; its velocity is multiplied by what
that leaves of it; a foot there has that share of its grip; and in sand the node lowers its cell. So
where two nodes share a cell, the later one finds what the earlier one left. Then comes the step as
on even ground. The compiled version, in `compiled.terrain`, has these operations in this order, and
so has the page.
"""

from __future__ import annotations

import numpy as np

from walker_env.body import Body
from walker_env.exponential import power
from walker_env.ground import CARD_CELL, CARD_LEFT, CARD_LOW, EVEN, track_card
from walker_env.hashing import mixed
from walker_env.params import World
from walker_env.schema import (
    FARTHEST_POINT,
    FEELERS,
    FIRM,
    FRESH,
    ICE,
    ICE_BELOW,
    LATTICE_X,
    LATTICE_Y,
    MUD,
    MUD_ABOVE,
    PATCHES,
    SAND,
    TRACK,
    Soil,
)

MOST_SAND = 1 << 30
"""Sand of all walkers of a batch together [byte]."""

Land = tuple[np.ndarray, np.ndarray]
"""The ground of N walkers as `State.ground` has it: fields ``(N, 1)`` and sand ``(N, C, C)``."""

_KINDS = {"patches": PATCHES, "track": TRACK, "sand": SAND}
_HALF_WORD = 1.0 / (1 << 31)


def field_number(seed: np.ndarray, episode: np.ndarray) -> np.ndarray:
    """Which field of patches belongs to episodes, ``(N,)`` uint32.

    Args:
        seed: ``(N,)`` uint64.
        episode: ``(N,)`` int64 from 0 on.
    """
    low, high = seed.astype(np.uint32), (seed >> np.uint64(32)).astype(np.uint32)
    return mixed(low ^ mixed(high ^ mixed(episode.astype(np.uint32) + np.uint32(LATTICE_X))))


def make_soil(body: Body, world: World) -> Soil | None:
    """The constants of a world's ground; None where it is even.

    Args:
        body: Whose nodes stand on it.
        world: Its ground and its time step.
    """
    ground, dt = world.ground, world.physics_dt
    if ground.kind == EVEN.kind:
        return None
    sand = ground.kind == "sand"
    edge = -0.5 * (ground.cells * ground.cell)
    per_level = ground.density * dt / FRESH
    return Soil(
        kind=_KINDS[ground.kind],
        grip=(1.0, float(ground.ice_grip), float(ground.mud_grip)),  # a plan may have whole numbers
        keep=(1.0, 1.0, power(ground.mud_drag, dt)),
        per_patch=1.0 / ground.patch,
        card=track_card().copy() if ground.kind == "track" else np.zeros((0, 0), np.uint8),
        left=edge if sand else CARD_LEFT,
        low=edge if sand else CARD_LOW,
        per_cell=1.0 / (ground.cell if sand else CARD_CELL),
        resist=np.array([per_level / node.mass for node in body.nodes]),
        pace=dt / ground.cell,
        soften=(1.0 - ground.sand_grip) / FRESH,
    )


def check_room(n: int, world: World) -> None:
    """Refuse more sand than a batch has room for.

    Raises:
        ValueError: More than `MOST_SAND`.
    """
    each = world.ground.memory
    if n * each > MOST_SAND:
        side = world.ground.cells
        raise ValueError(
            f"World.ground.cells: sand of {side} x {side} cells takes {each:,} bytes a walker, "
            f"{n * each:,} for {n:,} walkers, and a batch has room for {MOST_SAND:,}; take fewer "
            "cells or walkers"
        )


class Terrain:
    """The ground under N walkers of one body; what differs between them is a `Land`.

    Args:
        body: The walkers' body.
        soil: The ground's constants, see `make_soil`.
    """

    def __init__(self, body: Body, soil: Soil) -> None:
        self._soil, self._feet = soil, list(body.feet)
        self._grip, self._keep = np.array(soil.grip), np.array(soil.keep)

    def tread(self, position: np.ndarray, velocity: np.ndarray, ground: Land) -> np.ndarray:
        """Begin a physics step.

        Args:
            position: ``(N, K, 2)`` [unit].
            velocity: ``(N, K, 2)`` [unit/s], changed.
            ground: Its sand is changed.

        Returns:
            The share of its grip that each foot has, ``(N, F)``.
        """
        if self._soil.kind == SAND:
            return self._wade(position, velocity, ground)
        found = self._kinds(position[..., 0], position[..., 1], ground[0])
        velocity *= self._keep[found][..., None]
        return self._grip[found[:, self._feet]]

    def grip_and_depth(self, points: np.ndarray, ground: Land) -> tuple[np.ndarray, np.ndarray]:
        """Shares of grip, and of the depth of mud or fresh sand, at points.

        Args:
            points: ``(N, P, 2)`` [unit].
            ground: Under these walkers.

        Returns:
            Two arrays ``(N, P)`` in [0, 1].
        """
        if self._soil.kind == SAND:
            each = range(points.shape[1])
            found = np.stack([self._level(points[:, p], ground[1])[0] for p in each], axis=1)
            return 1.0 - found * self._soil.soften, found * (1.0 / FRESH)
        found = self._kinds(points[..., 0], points[..., 1], ground[0])
        return self._grip[found], np.where(found == MUD, 1.0, 0.0)

    def _wade(self, position: np.ndarray, velocity: np.ndarray, ground: Land) -> np.ndarray:
        """Let every node push through the sand, the first one first."""
        soil, walkers = self._soil, np.arange(len(position))
        share = np.empty(position.shape[:2])
        for k in range(position.shape[1]):
            level, row, column, inside = self._level(position[:, k], ground[1])
            vx, vy = velocity[:, k, 0], velocity[:, k, 1]
            speed = np.sqrt(vx * vx + vy * vy)
            keep = 1.0 / (1.0 + level * soil.resist[k] * speed)
            velocity[:, k] *= keep[:, None]
            part = speed * keep * soil.pace
            part = np.where(part < 1.0, part, 1.0)
            left = level - np.floor(level * part)
            w = walkers[inside]
            ground[1][w, row[inside], column[inside]] = left[inside].astype(np.uint8)
            share[:, k] = 1.0 - level * soil.soften
        return share[:, self._feet]

    def _level(self, point: np.ndarray, sand: np.ndarray) -> tuple[np.ndarray, ...]:
        """Levels of sand at ``(N, 2)``, rows and columns of the cells, and whether there is one."""
        soil, side = self._soil, sand.shape[1]
        column = np.floor((point[:, 0] - soil.left) * soil.per_cell)
        row = np.floor((point[:, 1] - soil.low) * soil.per_cell)
        inside = (column >= 0.0) & (column < side) & (row >= 0.0) & (row < side)
        row, column = (np.where(inside, at, 0.0).astype(np.int64) for at in (row, column))
        level = sand[np.arange(len(point)), row, column]
        return np.where(inside, level, FRESH).astype(np.float64), row, column, inside

    def _kinds(self, x: np.ndarray, y: np.ndarray, field: np.ndarray) -> np.ndarray:
        """`FIRM`, `ICE` or `MUD` at places ``(N, P)``."""
        if self._soil.kind == TRACK:
            return self._on_track(x, y)
        height = self.height(x, y, field)
        return np.where(height < ICE_BELOW, ICE, np.where(height > MUD_ABOVE, MUD, FIRM))

    def _on_track(self, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        soil, (rows, columns) = self._soil, self._soil.card.shape
        column = np.floor((x - soil.left) * soil.per_cell)
        row = np.floor((y - soil.low) * soil.per_cell)
        inside = (column >= 0.0) & (column < columns) & (row >= 0.0) & (row < rows)
        row, column = (np.where(inside, at, 0.0).astype(np.int64) for at in (row, column))
        return np.where(inside, soil.card[row, column], MUD)

    def height(self, x: np.ndarray, y: np.ndarray, field: np.ndarray) -> np.ndarray:
        """Value noise: heights in [0, 1) drawn at lattice points, and blended between them.

        Args:
            x: ``(N, P)`` [unit].
            y: ``(N, P)`` [unit].
            field: ``(N, 1)`` uint32, see `field_number`.
        """
        column, along = self._lattice(x)
        row, aside = self._lattice(y)
        corner = field + column * np.uint32(LATTICE_X) + row * np.uint32(LATTICE_Y)
        step_x, step_y = np.uint32(LATTICE_X), np.uint32(LATTICE_Y)
        low = _blend(_drawn(corner), _drawn(corner + step_x), along)
        high = _blend(_drawn(corner + step_y), _drawn(corner + step_x + step_y), along)
        return _blend(low, high, aside)

    def _lattice(self, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The lattice point below, uint32, and how far the next one counts, in [0, 1]."""
        at = x * self._soil.per_patch
        at = np.where((at > -FARTHEST_POINT) & (at < FARTHEST_POINT), at, 0.0)
        below = np.floor(at)
        rest = at - below
        return below.astype(np.int64).astype(np.uint32), rest * rest * (3.0 - 2.0 * rest)


def feelers(head: np.ndarray, forward: np.ndarray) -> np.ndarray:
    """Where the feelers touch the ground, ``(N, 3, 2)`` [unit].

    Args:
        head: ``(N, 2)`` [unit].
        forward: ``(N, 2)``, unit vectors of the heading.
    """
    found = np.empty((len(head), len(FEELERS), 2))
    for p, (ahead, left) in enumerate(FEELERS):
        found[:, p, 0] = head[:, 0] + (forward[:, 0] * ahead - forward[:, 1] * left)
        found[:, p, 1] = head[:, 1] + (forward[:, 1] * ahead + forward[:, 0] * left)
    return found


def _drawn(word: np.ndarray) -> np.ndarray:
    return (mixed(word) >> np.uint32(1)) * _HALF_WORD


def _blend(a: np.ndarray, b: np.ndarray, share: np.ndarray) -> np.ndarray:
    return a + (b - a) * share
