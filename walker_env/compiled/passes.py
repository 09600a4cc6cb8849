"""Passes over all walkers: the physics alone, a whole step and its parts, a start, a look."""

from __future__ import annotations

from walker_env.compiled.atomics import address, doze, fetch, pause, peek, put, take
from walker_env.compiled.block import LANES, load, make_block, make_senses, room, store
from walker_env.compiled.control import aim, begin_leg, control_step, measure, put_at_rest
from walker_env.compiled.jit import unfolded
from walker_env.compiled.model import Data, Model, Result, TaskParams
from walker_env.compiled.observe import face, write_observation
from walker_env.compiled.pack import LANES as PACK
from walker_env.compiled.solver import hold, solve
from walker_env.compiled.terrain import tread

JOB, COUNT, NEXT, DONE, BEYOND, STOP = range(0, 48, 8)
"""Words of a board, an int64 array, each on a cache line of its own: where the job lies, its parts,
the part to take next, parts that are done, whether a course needs more room, whether to stop."""

_SHORT_WAIT = 2000  # looks at the board, some 50 microseconds


@unfolded
def advance(model, position, velocity, warm_start, drive, ground, new_position, new_velocity):
    """Move all walkers through one control step's physics.

    Args:
        model: The body and the world.
        position: ``(N, K, 2)`` [unit].
        velocity: ``(N, K, 2)`` [unit/s].
        warm_start: ``(N, F, 2)`` [mass unit/s], the ground's impulses; changed in place.
        drive: ``(N, A)``, grips and muscle lengths of this step.
        ground: Under the walkers, see `model.Data`; changed.
        new_position: Where the new positions are written.
        new_velocity: Where the new velocities are written.
    """
    model, last = Model(*model), position.shape[0]
    block = make_block(model, room(last))
    for start in range(0, last, LANES):
        lanes = min(LANES, last - start)
        load(block, position, velocity, warm_start, start, lanes)
        hold(model, block, drive, start, lanes)
        for _ in range(model.substeps):
            tread(model.soil, model, block, ground, start, lanes)
            solve(model, block, lanes)
        store(block, new_position, new_velocity, warm_start, start, lanes)


@unfolded
def step(board, model, task, data, result, action):
    """A whole control step of all walkers.

    Args:
        board: Where helpers, if there are any, find their work; see `help_step`.
        model: The body and the world.
        task: Constants of actuation, sensing and reward.
        data: The walkers before the step; what counts, and their targets, change in place.
        result: Where everything else is written.
        action: ``(N, A)`` float64.

    Returns:
        Whether a course needs more room.
    """
    count = peek(board, COUNT)
    put(board, JOB, address((model, task, data, result, action)))
    put(board, DONE, 0)
    put(board, BEYOND, 0)
    put(board, NEXT, 0)  # from here on helpers take parts
    model, task, data, result = Model(*model), TaskParams(*task), Data(*data), Result(*result)
    width = room(action.shape[0])
    block, senses, beyond = make_block(model, width), make_senses(model, width), False
    part = take(board, NEXT)
    while part < count:
        beyond |= control_step(part, model, task, data, result, action, block, senses)
        take(board, DONE)
        part = take(board, NEXT)
    idle = 0
    while peek(board, DONE) < count:
        idle += 1
        if idle < _SHORT_WAIT:
            pause()
        else:
            doze()  # a helper has lost its core to another process: it may have this one
    return beyond or peek(board, BEYOND) > 0


@unfolded
def help_step(board, patience, model, task, data, result, action):
    """Take parts of every `step` until none has begun for a while.

    A part once taken belongs to the job that is on the board now: `step` does not return before all
    parts are done.

    Args:
        board: Where `step` puts its job.
        patience: Looks at the board without finding a part, after which this returns.
        model: The body and the world.
        task: Constants of actuation, sensing and reward.
        data: Only its types count, and so for the others.
        result: See ``data``.
        action: See ``data``.
    """
    like = model, task, data, result, action
    model, task = Model(*model), TaskParams(*task)
    block, senses, idle = make_block(model, LANES), make_senses(model, LANES), 0
    count = peek(board, COUNT)
    while idle < patience and peek(board, STOP) == 0:
        idle += 1
        pause()
        if peek(board, NEXT) < count:
            part = take(board, NEXT)
            if part < count:
                job = fetch(peek(board, JOB), like)
                here, came, move = Data(*job[2]), Result(*job[3]), job[4]
                if control_step(part, model, task, here, came, move, block, senses):
                    put(board, BEYOND, 1)
                take(board, DONE)
                idle = 0


@unfolded
def begin(rows, model, task, data, position, drive, seen):
    """Put walkers at the start of their courses, at rest, and observe them.

    Args:
        rows: Those walkers by number, ``(R,)`` int64.
        model: The body and the world.
        task: Constants of actuation, sensing and reward.
        data: Changed in those rows.
        position: ``(K, 2)`` [unit], the body's at rest.
        drive: ``(A,)``, the body's at rest.
        seen: ``(N, O)`` float32; what they see is written into those rows.
    """
    model, task, data = Model(*model), TaskParams(*task), Data(*data)
    block, senses = make_block(model, PACK), make_senses(model, PACK)
    for i in rows:
        put_at_rest(data, i, position, drive)
        data.target_index[i] = data.steps[i] = 0
        data.energy[i] = data.path[i] = 0.0
        load(block, data.position, data.velocity, data.warm_start, i, 1)
        measure(model, task, block, senses, 1)
        data.distance[i] = begin_leg(senses, data, i, 0, 0)
        face(task, block, senses, 1)
        write_observation(model, task, block, senses, data.drive, data.ground, seen, i, 1)


@unfolded
def look(model, task, data, seen):
    """Observe all walkers.

    Args:
        model: The body and the world.
        task: Constants of actuation, sensing and reward.
        data: The walkers.
        seen: ``(N, O)`` float32; what they see is written here.
    """
    model, task, data = Model(*model), TaskParams(*task), Data(*data)
    last = seen.shape[0]
    block, senses = make_block(model, room(last)), make_senses(model, room(last))
    for start in range(0, last, LANES):
        lanes = min(LANES, last - start)
        load(block, data.position, data.velocity, data.warm_start, start, lanes)
        measure(model, task, block, senses, lanes)
        aim(senses, data.target, start, lanes)
        face(task, block, senses, lanes)
        rest = data.drive, data.ground, seen
        write_observation(model, task, block, senses, *rest, start, lanes)
