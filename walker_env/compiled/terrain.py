"""The ground where it is not even; the readable version is `walker_env.terrain`.

Functions here are chosen by type: on even ground, where ``model.soil`` and ``ground`` are None,
they do nothing, and are compiled to nothing.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba.core import types
from numba.extending import overload

from walker_env.compiled.block import pad
from walker_env.compiled.jit import inlined
from walker_env.compiled.lookup import find, kinds, read
from walker_env.compiled.pack import LANES, floor, load, root, store, where
from walker_env.schema import (
    FEELERS,
    FIRM,
    FRESH,
    ICE,
    MUD,
    SAND,
    Channels,
    positions,
)

_COLUMN = positions(Channels)
_PER_LEVEL = 1.0 / FRESH


def _by_type(name: Any) -> Any:
    """Decorates a pair of functions, for even ground and for any other, by the type of ``soil``."""

    def choose(make: Any) -> Any:
        even, uneven = make()

        def chosen(soil: Any, *_: Any) -> Any:
            return even if isinstance(soil, types.NoneType) else uneven

        overload(name, jit_options={"error_model": "numpy"}, strict=False)(chosen)
        return chosen

    return choose


def tread(soil, model, block, ground, first, lanes):
    """Begin a physics step on ground that is not even, as `Terrain.tread`.

    Args:
        soil: The ground's constants, None where it is even.
        model: The body and the world.
        block: Its velocities and the limits of its feet are changed.
        ground: Fields ``(N, F)`` and sand ``(N, C, C)`` of the walkers; the sand is changed.
        first: Number of the first walker.
        lanes: How many walkers.
    """
    raise NotImplementedError  # only in compiled code


@_by_type(tread)
def _tread():
    def even(soil, model, block, ground, first, lanes):
        pass

    def uneven(soil, model, block, ground, first, lanes):
        field, sand = ground
        if soil.kind == SAND:
            _wade(soil, block, sand, first, lanes)
        else:
            _slip(soil, block, field, first, lanes)
        for f in range(block.limit.shape[0]):
            k = model.feet[f]
            for w in range(0, lanes, LANES):
                share = load(block.force, f, w) * load(block.share, k, w)
                store(block.limit, f, w, share * model.dt)

    return even, uneven


@inlined
def _slip(soil, block, field, first, lanes):
    px, py, vx, vy = block.px, block.py, block.vx, block.vy
    (_, icy, muddy), slow = soil.grip, soil.keep[MUD]
    for k in range(vx.shape[0]):
        low, high = kinds(soil, block, field, px, py, k, first, lanes)
        for w in range(0, lanes, LANES):
            found = load(block.found, 0, w)
            keep = where(found > high, slow, 1.0)
            store(vx, k, w, load(vx, k, w) * keep)
            store(vy, k, w, load(vy, k, w) * keep)
            share = where(found > high, muddy, 1.0)
            store(block.share, k, w, where(found < low, icy, share))


@inlined
def _wade(soil, block, sand, first, lanes):
    px, py, vx, vy, side = block.px, block.py, block.vx, block.vy, sand.shape[1]
    cells = sand.reshape((sand.shape[0], side * side))
    for k in range(vx.shape[0]):
        resist = soil.resist[k]
        find(soil, block, px, py, k, side, side, lanes)
        read(block, cells, first, FRESH, lanes)
        for w in range(0, lanes, LANES):
            level, x, y = load(block.found, 0, w), load(vx, k, w), load(vy, k, w)
            speed = root(x * x + y * y)
            keep = 1.0 / (1.0 + level * resist * speed)
            store(vx, k, w, x * keep)
            store(vy, k, w, y * keep)
            part = speed * keep * soil.pace
            part = where(part < 1.0, part, 1.0)
            store(block.found, 0, w, level - floor(level * part))
            store(block.share, k, w, 1.0 - level * soil.soften)
        for w in range(lanes):
            at = block.at[0, w]
            if at >= 0.0:
                cells[first + w, np.int64(at)] = np.uint8(block.found[0, w])


def feel(soil, block, ground, x, y, k, first, lanes):
    """Write grips and depths at places, as `Terrain.grip_and_depth`.

    Args:
        soil: The ground's constants, None where it is even.
        block: Its ``share`` and ``found``, row 0, get the grips and the depths.
        ground: Fields and sand of the walkers.
        x: ``(., LANES)`` [unit].
        y: ``(., LANES)`` [unit].
        k: Row of the places.
        first: Number of the first walker.
        lanes: How many walkers.
    """
    raise NotImplementedError  # only in compiled code


@_by_type(feel)
def _feel():
    def even(soil, block, ground, x, y, k, first, lanes):
        for w in range(lanes):
            block.share[0, w], block.found[0, w] = 1.0, 0.0

    def uneven(soil, block, ground, x, y, k, first, lanes):
        field, sand = ground
        if soil.kind == SAND:
            side = sand.shape[1]
            find(soil, block, x, y, k, side, side, lanes)
            read(block, sand.reshape((sand.shape[0], side * side)), first, FRESH, lanes)
            for w in range(lanes):
                level = block.found[0, w]
                block.share[0, w], block.found[0, w] = 1.0 - level * soil.soften, level * _PER_LEVEL
        else:
            low, high = kinds(soil, block, field, x, y, k, first, lanes)
            for w in range(lanes):
                found = block.found[0, w]
                kind = ICE if found < low else (MUD if found > high else FIRM)
                block.share[0, w], block.found[0, w] = soil.grip[kind], 1.0 if kind == MUD else 0.0

    return even, uneven


@inlined
def write_ground(model, task, block, senses, ground, out, first, lanes):
    """Write what a walker sees of the ground, as `NumpyStepper`.

    Args:
        model: The body and the world.
        task: Layout and scales.
        block: The block after the step.
        senses: What is measured of it.
        ground: Fields and sand of the walkers, None where it is even.
        out: ``(N, O)`` float32, written.
        first: Number of the first walker.
        lanes: How many walkers.
    """
    g, d = task.column[_COLUMN.foot_grip], task.column[_COLUMN.foot_depth]
    for f in range(model.feet.shape[0]):
        feel(model.soil, block, ground, block.px, block.py, model.feet[f], first, lanes)
        _write(task, block, out, g + f, d + f, first, lanes)
    g, d = task.column[_COLUMN.ahead_grip], task.column[_COLUMN.ahead_depth]
    for p in range(len(FEELERS)):
        ahead, left = FEELERS[p]
        for w in range(lanes):
            ahead_x, ahead_y = senses.ahead_x[w], senses.ahead_y[w]
            block.nx[0, w] = senses.head_x[w] + (ahead_x * ahead - ahead_y * left)
            block.ny[0, w] = senses.head_y[w] + (ahead_y * ahead + ahead_x * left)
        pad(block.nx, lanes)
        pad(block.ny, lanes)
        feel(model.soil, block, ground, block.nx, block.ny, 0, first, lanes)
        _write(task, block, out, g + p, d + p, first, lanes)


@inlined
def _write(task, block, out, g, d, first, lanes):
    """Write the grips and depths that `feel` has found into two columns."""
    for w in range(lanes):
        out[first + w, g] = block.share[0, w] * task.scale[g]
        out[first + w, d] = block.found[0, w] * task.scale[d]


def room_for(soil, ground, width):
    """Room for the ground of ``width`` walkers; None where it is even.

    Args:
        soil: The ground's constants, None where it is even.
        ground: Fields and sand of any walkers.
        width: How many.
    """
    raise NotImplementedError  # only in compiled code


@_by_type(room_for)
def _room_for():
    def even(soil, ground, width):
        return None

    def uneven(soil, ground, width):
        field, sand = ground
        cells = (width, sand.shape[1], sand.shape[2])
        return np.empty((width, field.shape[1]), np.uint32), np.empty(cells, np.uint8)

    return even, uneven


def lay(soil, there, w, ground, i):
    """Lay the ground of walker i under another one.

    Args:
        soil: The ground's constants, None where it is even.
        there: Fields and sand, of which row ``w`` is written.
        w: Number of the other walker.
        ground: Fields and sand of the walkers.
        i: Number of the walker.
    """
    raise NotImplementedError  # only in compiled code


@_by_type(lay)
def _lay():
    def even(soil, there, w, ground, i):
        pass

    def uneven(soil, there, w, ground, i):
        (field, sand), (own_field, own_sand) = there, ground
        field[w] = own_field[i]
        sand[w] = own_sand[i]

    return even, uneven
