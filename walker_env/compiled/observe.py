"""What a walker sees; the readable versions are `sensing` and `observation`."""

from __future__ import annotations

import math

from walker_env.compiled.jit import inlined
from walker_env.compiled.terrain import write_ground
from walker_env.schema import TINY, Channels, positions

_COLUMN = positions(Channels)


@inlined
def face(task, block, senses, lanes):
    """The arm of the across pair and the heading, its normal."""
    for w in range(lanes):
        x = block.px[task.right, w] - block.px[task.left, w]
        y = block.py[task.right, w] - block.py[task.left, w]
        span = math.sqrt(x * x + y * y) + TINY
        senses.arm_x[w] = x
        senses.arm_y[w] = y
        senses.ahead_x[w] = -y / span
        senses.ahead_y[w] = x / span


@inlined
def write_observation(model, task, block, senses, drive, ground, out, first, lanes):
    """Write the observation, channel by channel, as `WalkerBatch.observe`.

    Args:
        model: The body and the world.
        task: Layout and scales.
        block: The block after the step.
        senses: What is measured of it; `face` has been called.
        drive: ``(N, A)``, grips and muscle lengths of this step.
        ground: Under the walkers, see `model.Data`.
        out: ``(N, O)`` float32, written.
        first: Number of the first walker.
        lanes: How many walkers.
    """
    scale, feet = task.scale, block.gx.shape[0]
    ahead_x, ahead_y, way_x, way_y = senses.ahead_x, senses.ahead_y, senses.way_x, senses.way_y
    c = task.column[_COLUMN.target_distance]
    if c >= 0:
        for w in range(lanes):
            out[first + w, c] = senses.distance[w] * scale[c]
    c = task.column[_COLUMN.target_cos]
    if c >= 0:
        for w in range(lanes):
            along = way_x[w] * ahead_x[w] + way_y[w] * ahead_y[w]
            out[first + w, c] = along / (senses.distance[w] + TINY) * scale[c]
    c = task.column[_COLUMN.target_sin]
    if c >= 0:
        for w in range(lanes):
            aside = way_y[w] * ahead_x[w] - way_x[w] * ahead_y[w]
            out[first + w, c] = aside / (senses.distance[w] + TINY) * scale[c]
    c = task.column[_COLUMN.grip]
    if c >= 0:
        for f in range(feet):
            for w in range(lanes):
                out[first + w, c + f] = drive[first + w, f] * scale[c + f]
    c = task.column[_COLUMN.muscle_length]
    if c >= 0:
        for m in range(senses.ratio.shape[0]):
            for w in range(lanes):
                out[first + w, c + m] = senses.ratio[m, w] * scale[c + m]
    c = task.column[_COLUMN.velocity]
    if c >= 0:
        for w in range(lanes):
            x = block.vx[task.hub, w]
            y = block.vy[task.hub, w]
            out[first + w, c] = (x * ahead_x[w] + y * ahead_y[w]) * scale[c]
            out[first + w, c + 1] = (y * ahead_x[w] - x * ahead_y[w]) * scale[c + 1]
    c = task.column[_COLUMN.turn_rate]
    if c >= 0:
        for w in range(lanes):
            arm_x = senses.arm_x[w]
            arm_y = senses.arm_y[w]
            x = block.vx[task.right, w] - block.vx[task.left, w]
            y = block.vy[task.right, w] - block.vy[task.left, w]
            turn = (arm_x * y - arm_y * x) / (arm_x * arm_x + arm_y * arm_y + TINY)
            out[first + w, c] = turn * scale[c]
    if task.column[_COLUMN.foot_grip] >= 0:
        write_ground(model, task, block, senses, ground, out, first, lanes)
