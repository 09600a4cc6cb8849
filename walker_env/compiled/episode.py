"""Episodes of a group of walkers that stay in their block: steps without the arrays of a batch.

A group is stepped by the functions that step a batch. What these index by walker and channel,
``[w, c]``, lies here channel by channel, so that loops over walkers run along memory.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from walker_env.compiled.block import Block, Senses, make_block, make_senses, rows
from walker_env.compiled.control import aim, follow, measure, move, pay
from walker_env.compiled.jit import inlined, unfolded
from walker_env.compiled.observe import face, write_observation
from walker_env.compiled.terrain import lay, room_for
from walker_env.schema import FIGURES


class Walk(NamedTuple):
    """W walkers before a step, as in `model.Data`; what has two axes is in Fortran's order."""

    drive: np.ndarray  # (W, A)
    targets: np.ndarray  # (W, P, 2), in C's order
    target: np.ndarray  # (W, 2)
    target_count: np.ndarray  # (W,) int64
    target_index: np.ndarray  # (W,) int64
    distance: np.ndarray  # (W,)
    leg_length: np.ndarray  # (W,)
    best_distance: np.ndarray  # (W,)
    idle: np.ndarray  # (W,) int64
    ground: Any  # in C's order


class Gain(NamedTuple):
    """What a step came to, as in `model.Result`."""

    drive: np.ndarray  # (W, A), in Fortran's order
    distance: np.ndarray  # (W,)
    figures: np.ndarray  # (FIGURES, W)


class Group(NamedTuple):
    """W walkers that stay together."""

    block: Block
    senses: Senses
    walk: Walk
    gain: Gain
    action: np.ndarray  # (W, A), commands, in Fortran's order


@unfolded
def make_group(model, task, data, width):
    """Room for a group.

    Args:
        model: The body and the world.
        task: Constants of actuation, sensing and reward.
        data: The batch that will enter: how much room its courses and its ground need.
        width: Number of walkers W.
    """
    commands = task.drive.shape[1]
    real, whole = rows(4, width), np.empty((3, width), np.int64)
    return Group(
        make_block(model, width),
        make_senses(model, width),
        Walk(
            rows(commands, width).T,
            np.empty((width, data.targets.shape[1], 2)),
            rows(2, width).T,
            *(whole[0], whole[1], real[0], real[1], real[2], whole[2]),
            room_for(model.soil, data.ground, width),
        ),
        Gain(rows(commands, width).T, real[3], rows(FIGURES, width)),
        rows(commands, width).T,
    )


@inlined
def enter(model, group, data, w, i):
    """Put walker i of a batch, which begins an episode, into lane w.

    Args:
        model: The body and the world.
        group: Its lane w is written.
        data: The batch, `model.Data`.
        w: The lane.
        i: Number of the walker.
    """
    block, walk = group.block, group.walk
    for k in range(block.px.shape[0]):
        block.px[k, w], block.py[k, w] = data.position[i, k, 0], data.position[i, k, 1]
        block.vx[k, w], block.vy[k, w] = data.velocity[i, k, 0], data.velocity[i, k, 1]
    for f in range(block.gx.shape[0]):
        block.gx[f, w], block.gy[f, w] = data.warm_start[i, f, 0], data.warm_start[i, f, 1]
    for c in range(walk.drive.shape[1]):
        walk.drive[w, c] = data.drive[i, c]
    for p in range(walk.targets.shape[1]):
        walk.targets[w, p, 0], walk.targets[w, p, 1] = data.targets[i, p, 0], data.targets[i, p, 1]
    walk.target[w, 0], walk.target[w, 1] = data.target[i, 0], data.target[i, 1]
    walk.target_count[w], walk.target_index[w] = data.target_count[i], data.target_index[i]
    walk.distance[w], walk.leg_length[w] = data.distance[i], data.leg_length[i]
    walk.best_distance[w], walk.idle[w] = data.best_distance[i], data.idle[i]
    lay(model.soil, walk.ground, w, data.ground, i)


@unfolded
def step_group(model, task, group, seen):
    """A control step of a group under ``group.action``.

    Args:
        model: The body and the world.
        task: Constants of actuation, sensing and reward.
        group: Changed; ``measure`` has been called for its present positions.
        seen: ``(O, W)`` float32, what the walkers see after the step is written.

    Returns:
        Whether a course needs more room.
    """
    block, senses, walk, gain = group.block, group.senses, group.walk, group.gain
    width = gain.distance.shape[0]
    move(model, task, block, senses, group.action, walk.drive, gain.drive, walk.ground, 0, width)
    measure(model, task, block, senses, width)
    aim(senses, walk.target, 0, width)
    pay(task, senses, walk, gain, 0, width)
    beyond = follow(task, senses, walk, gain, 0, width)
    face(task, block, senses, width)
    write_observation(model, task, block, senses, gain.drive, walk.ground, seen.T, 0, width)
    for c in range(walk.drive.shape[1]):
        for w in range(width):
            walk.drive[w, c] = gain.drive[w, c]
    for w in range(width):
        walk.distance[w] = gain.distance[w]
    return beyond
