"""What lies where, of a block's walkers; the readable version is `walker_env.terrain`."""

from __future__ import annotations

import numpy as np

from walker_env.compiled.block import pad
from walker_env.compiled.jit import inlined
from walker_env.compiled.pack import LANES, floor, load, numbers, store, where, words
from walker_env.schema import (
    FARTHEST_POINT,
    ICE_BELOW,
    LATTICE_X,
    LATTICE_Y,
    MIX_A,
    MIX_B,
    MUD,
    MUD_ABOVE,
    PATCHES,
)

_HALF_WORD = 1.0 / (1 << 31)


@inlined
def _drawn(word):
    """Heights in [0, 1) from MurmurHash3's finalizer of words."""
    word = (word ^ (word >> 16)) * MIX_A
    word = (word ^ (word >> 13)) * MIX_B
    return numbers((word ^ (word >> 16)) >> 1) * _HALF_WORD


@inlined
def _lattice(soil, x):
    """The lattice point below and how far the next one counts, as `Terrain`."""
    at = x * soil.per_patch
    at = where(at > -FARTHEST_POINT, at, 0.0)
    at = where(at < FARTHEST_POINT, at, 0.0)
    below = floor(at)
    rest = at - below
    return words(below), rest * rest * (3.0 - 2.0 * rest)


@inlined
def _height(soil, field, x, y):
    """Value noise of a pack, as `Terrain.height`."""
    column, along = _lattice(soil, x)
    row, aside = _lattice(soil, y)
    corner = field + column * LATTICE_X + row * LATTICE_Y
    a, b = _drawn(corner), _drawn(corner + LATTICE_X)
    low = a + (b - a) * along
    a, b = _drawn(corner + LATTICE_Y), _drawn(corner + LATTICE_X + LATTICE_Y)
    high = a + (b - a) * along
    return low + (high - low) * aside


@inlined
def find(soil, block, x, y, k, rows, columns, lanes):
    """Write into ``block.at`` the number of the cell at each place, -1 where there is none.

    Args:
        soil: The ground's constants.
        block: Changed.
        x: ``(., LANES)`` [unit].
        y: ``(., LANES)`` [unit].
        k: Row of the places.
        rows: Of cells.
        columns: Of cells.
        lanes: How many walkers.
    """
    for w in range(0, lanes, LANES):
        column = floor((load(x, k, w) - soil.left) * soil.per_cell)
        row = floor((load(y, k, w) - soil.low) * soil.per_cell)
        at = row * (1.0 * columns) + column
        at = where(column > -1.0, at, -1.0)
        at = where(column < 1.0 * columns, at, -1.0)
        at = where(row > -1.0, at, -1.0)
        store(block.at, 0, w, where(row < 1.0 * rows, at, -1.0))


@inlined
def read(block, cells, i, beyond, lanes):
    """Write into ``block.found`` what the cells ``block.at`` hold.

    Args:
        block: Changed.
        cells: ``(N, rows * columns)`` uint8.
        i: The row of the first walker; all have this one where there is only one.
        beyond: What lies beyond the cells.
        lanes: How many walkers.
    """
    own = 1 if cells.shape[0] > 1 else 0
    for w in range(lanes):
        at = block.at[0, w]
        block.found[0, w] = cells[i + own * w, np.int64(at)] if at >= 0.0 else beyond
    pad(block.found, lanes)


@inlined
def _heights(soil, block, field, x, y, k, first, lanes):
    """Write into ``block.found`` the field's heights at places."""
    for w in range(lanes):
        block.at[0, w] = np.int32(field[first + w, 0])
    pad(block.at, lanes)
    for w in range(0, lanes, LANES):
        height = _height(soil, words(load(block.at, 0, w)), load(x, k, w), load(y, k, w))
        store(block.found, 0, w, height)


@inlined
def kinds(soil, block, field, x, y, k, first, lanes):
    """Write into ``block.found`` numbers that tell what places are.

    Args:
        soil: The ground's constants.
        block: Changed.
        field: ``(N, F)`` uint32, which patches walkers have.
        x: ``(., LANES)`` [unit].
        y: ``(., LANES)`` [unit].
        k: Row of the places.
        first: Number of the first walker.
        lanes: How many walkers.

    Returns:
        Two bounds: below the first it is ice, above the second mud, between them firm.
    """
    if soil.kind == PATCHES:
        _heights(soil, block, field, x, y, k, first, lanes)
        return ICE_BELOW, MUD_ABOVE
    rows, columns = soil.card.shape
    find(soil, block, x, y, k, rows, columns, lanes)
    read(block, soil.card.reshape((1, rows * columns)), 0, MUD, lanes)
    for w in range(0, lanes, LANES):  # firm 0.5, ice 0, mud 1
        found = load(block.found, 0, w)
        level = where(found > 1.5, 1.0, 0.5)
        store(block.found, 0, w, where(found == 1.0, 0.0, level))
    return 0.25, 0.75
