"""A block: walkers side by side, a row for each number of theirs."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from walker_env.compiled.jit import inlined
from walker_env.compiled.pack import LANES as PACK

LANES = 64
"""Walkers in a block of a batch."""


class Block(NamedTuple):
    """The mechanics of one block."""

    px: np.ndarray  # (K, LANES)
    py: np.ndarray
    vx: np.ndarray
    vy: np.ndarray
    gx: np.ndarray  # (F, LANES), impulse of the ground, kept from step to step
    gy: np.ndarray
    limit: np.ndarray  # (F, LANES), its largest length
    force: np.ndarray  # (F, LANES), its largest on firm ground [mass unit/s^2]; not on even ground
    share: np.ndarray  # (K, LANES), of its grip that a foot would have there; not on even ground
    at: np.ndarray  # (1, LANES), number of a cell; not on even ground, as the next
    found: np.ndarray  # (1, LANES), what is there
    rest: np.ndarray  # (L, LANES), rest length
    nx: np.ndarray  # (L, LANES), unit vector along the link
    ny: np.ndarray
    goal: np.ndarray  # (L, LANES), relative speed the damper aims at
    given: np.ndarray  # (L, LANES), impulse the link has given in this step


class Senses(NamedTuple):
    """What is measured of one block, each (LANES,) but for the first."""

    ratio: np.ndarray  # (M, LANES), muscle length over its drawn length
    centre_x: np.ndarray
    centre_y: np.ndarray
    old_x: np.ndarray  # the centre before the step
    old_y: np.ndarray
    head_x: np.ndarray
    head_y: np.ndarray
    way_x: np.ndarray  # from the head to the target
    way_y: np.ndarray
    distance: np.ndarray
    arm_x: np.ndarray  # from the left to the right node of the across pair
    arm_y: np.ndarray
    ahead_x: np.ndarray  # unit vector of the heading
    ahead_y: np.ndarray
    loaded: np.ndarray  # muscle work of the step
    gripping: np.ndarray  # price of the grips


@inlined
def rows(count, width):
    """Uninitialised rows, each of which starts at a cache line if ``width`` is a multiple of 8."""
    raw = np.empty(count * width + 8)
    start = (-(raw.ctypes.data // 8)) % 8
    return raw[start : start + count * width].reshape(count, width)


@inlined
def room(count):
    """Width of the blocks for a batch of ``count`` walkers, at most `LANES`."""
    return min(LANES, -(-count // PACK) * PACK)


@inlined
def make_block(model, width):
    """A block for ``width`` walkers of this body, uninitialised."""
    k, f, n = model.inverse_mass.shape[0], model.feet.shape[0], model.links.shape[1]
    nodes, feet, links = rows(5 * k + 2, width), rows(4 * f, width), rows(5 * n, width)
    return Block(
        nodes[:k],
        nodes[k : 2 * k],
        nodes[2 * k : 3 * k],
        nodes[3 * k : 4 * k],
        feet[:f],
        feet[f : 2 * f],
        feet[2 * f : 3 * f],
        feet[3 * f :],
        nodes[4 * k : 5 * k],
        nodes[5 * k : 5 * k + 1],
        nodes[5 * k + 1 :],
        links[:n],
        links[n : 2 * n],
        links[2 * n : 3 * n],
        links[3 * n : 4 * n],
        links[4 * n :],
    )


@inlined
def make_senses(model, width):
    """Room for what is measured of a block of ``width`` walkers."""
    r, m = rows(15, width), model.links.shape[1] - model.bones
    return Senses(
        *(rows(m, width), r[0], r[1], r[2], r[3], r[4], r[5], r[6]),
        *(r[7], r[8], r[9], r[10], r[11], r[12], r[13], r[14]),
    )


@inlined
def pad(rows, lanes):
    """Fill the last pack of each row with its last walker."""
    if lanes % PACK > 0:
        for r in range(rows.shape[0]):
            for w in range(lanes, lanes // PACK * PACK + PACK):
                rows[r, w] = rows[r, lanes - 1]


@inlined
def load(block, position, velocity, warm_start, first, lanes):
    """Copy ``lanes`` walkers, the first of them ``first``, into the block.

    Args:
        block: Written, lanes 0 to ``lanes``.
        position: ``(N, K, 2)`` [unit].
        velocity: ``(N, K, 2)`` [unit/s].
        warm_start: ``(N, F, 2)`` [mass unit/s], the ground's impulses.
        first: Number of the first walker.
        lanes: How many walkers, at most `LANES`.
    """
    for k in range(block.px.shape[0]):
        for w in range(lanes):
            block.px[k, w] = position[first + w, k, 0]
            block.py[k, w] = position[first + w, k, 1]
            block.vx[k, w] = velocity[first + w, k, 0]
            block.vy[k, w] = velocity[first + w, k, 1]
    for f in range(block.gx.shape[0]):
        for w in range(lanes):
            block.gx[f, w] = warm_start[first + w, f, 0]
            block.gy[f, w] = warm_start[first + w, f, 1]
    for part in (block.px, block.py, block.vx, block.vy, block.gx, block.gy):
        pad(part, lanes)


@inlined
def store(block, position, velocity, warm_start, first, lanes):
    """Copy the block back.

    Args:
        block: Read.
        position: ``(N, K, 2)`` [unit], written.
        velocity: ``(N, K, 2)`` [unit/s], written.
        warm_start: ``(N, F, 2)`` [mass unit/s], written.
        first: Number of the first walker.
        lanes: How many walkers, at most `LANES`.
    """
    for k in range(block.px.shape[0]):
        for w in range(lanes):
            position[first + w, k, 0] = block.px[k, w]
            position[first + w, k, 1] = block.py[k, w]
            velocity[first + w, k, 0] = block.vx[k, w]
            velocity[first + w, k, 1] = block.vy[k, w]
    for f in range(block.gx.shape[0]):
        for w in range(lanes):
            warm_start[first + w, f, 0] = block.gx[f, w]
            warm_start[first + w, f, 1] = block.gy[f, w]
