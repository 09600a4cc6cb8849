"""The control step of a block; the readable versions are `actuation`, `sensing` and `reward`."""

from __future__ import annotations

import math

from walker_env.compiled.block import LANES, load, store
from walker_env.compiled.jit import inlined, unfolded
from walker_env.compiled.observe import face, write_observation
from walker_env.compiled.solver import hold, solve
from walker_env.compiled.terrain import tread
from walker_env.schema import (
    FIRST_COUNT,
    FIRST_TERM,
    REWARD,
    TARGETS,
    TERMINATED,
    TINY,
    Counts,
    Drive,
    Links,
    Terms,
    Weights,
    positions,
)

_LINK, _DRIVE = positions(Links), positions(Drive)
_COUNT = Counts(*(FIRST_COUNT + place for place in positions(Counts)))


@inlined
def measure(model, task, block, senses, lanes):
    """Muscle ratios, the body's centre and its head."""
    px, py, cx, cy, hx, hy = (
        *(block.px, block.py, senses.centre_x, senses.centre_y),
        *(senses.head_x, senses.head_y),
    )
    for m in range(senses.ratio.shape[0]):
        s = model.bones + m
        a, b, rest = model.ends[0, s], model.ends[1, s], model.links[_LINK.rest, s]
        for w in range(lanes):
            x = px[a, w] - px[b, w]
            y = py[a, w] - py[b, w]
            senses.ratio[m, w] = math.sqrt(x * x + y * y) / rest
    share = 1.0 / px.shape[0]
    for k in range(px.shape[0]):
        for w in range(lanes):
            cx[w] = px[k, w] + (cx[w] if k > 0 else 0.0)
            cy[w] = py[k, w] + (cy[w] if k > 0 else 0.0)
    for w in range(lanes):
        cx[w] *= share
        cy[w] *= share
    share = 1.0 / task.head.shape[0]
    for h in range(task.head.shape[0]):
        k = task.head[h]
        for w in range(lanes):
            hx[w] = px[k, w] + (hx[w] if h > 0 else 0.0)
            hy[w] = py[k, w] + (hy[w] if h > 0 else 0.0)
    for w in range(lanes):
        hx[w] *= share
        hy[w] *= share


@inlined
def aim(senses, target, first, lanes):
    """The way to the target and its length.

    Args:
        senses: Its head is read, its way and distance are written.
        target: ``(N, 2)`` [unit], world frame.
        first: Number of the first walker.
        lanes: How many walkers.
    """
    for w in range(lanes):
        x = target[first + w, 0] - senses.head_x[w]
        y = target[first + w, 1] - senses.head_y[w]
        senses.way_x[w] = x
        senses.way_y[w] = y
        senses.distance[w] = math.sqrt(x * x + y * y)


@inlined
def actuate(model, task, senses, action, old, new, first, lanes):
    """Move the drives towards their commands and reckon the energy, as `Actuator.apply`.

    Args:
        model: The body and the world.
        task: Drives and prices.
        senses: Its muscle ratios are read, its work and price are written.
        action: ``(N, A)`` float64, commands.
        old: ``(N, A)``, the drives before the step.
        new: ``(N, A)``, the drives of this step, written.
        first: Number of the first walker.
        lanes: How many walkers.
    """
    feet = model.feet.shape[0]
    for w in range(lanes):
        senses.loaded[w] = 0.0
        senses.gripping[w] = 0.0
    for c in range(old.shape[1]):
        middle, least = task.drive[_DRIVE.middle, c], task.drive[_DRIVE.least, c]
        up, down = task.drive[_DRIVE.up, c], task.drive[_DRIVE.down, c]
        decay = task.drive[_DRIVE.decay, c]
        for w in range(lanes):
            command = min(max(action[first + w, c], -1.0), 1.0)
            goal = max((up if command > 0.0 else down) * command + middle, least)
            new[first + w, c] = (old[first + w, c] - goal) * decay + goal
    for f in range(feet):
        cost = task.grip_cost[f]
        for w in range(lanes):
            senses.gripping[w] += new[first + w, f] * cost
    for m in range(senses.ratio.shape[0]):
        work, c = task.work[m], feet + m
        for w in range(lanes):
            was = old[first + w, c]
            now = new[first + w, c]
            load = (now - was) * (now + was - 2.0 * senses.ratio[m, w]) * work
            senses.loaded[w] += max(load, 0.0)


@inlined
def move(model, task, block, senses, action, old, new, ground, first, lanes):
    """Move a block through a control step.

    Args:
        model: The body and the world.
        task: Drives and prices.
        block: Changed.
        senses: Its muscle ratios are read, its work and price are written.
        action: ``(N, A)`` float64, commands.
        old: ``(N, A)``, the drives before the step.
        new: ``(N, A)``, the drives of this step, written.
        ground: Under the walkers, see `model.Data`; changed.
        first: Number of the first walker.
        lanes: How many walkers.
    """
    actuate(model, task, senses, action, old, new, first, lanes)
    hold(model, block, new, first, lanes)
    for _ in range(model.substeps):
        tread(model.soil, model, block, ground, first, lanes)
        solve(model, block, lanes)


@inlined
def reward_terms(gained, reached, energy, weights):
    """The reward of one walker term by term, as `reward.reward_terms`.

    Args:
        gained: Way to the target covered in this step [unit].
        reached: Whether a target was reached.
        energy: Spent in this step [energy unit].
        weights: `schema.Weights`.
    """
    return Terms(
        progress=gained / weights.progress_length,
        target=(1.0 if reached else 0.0) * weights.target,
        energy=-weights.energy_price * energy,
    )


@inlined
def count(senses, data, first, lanes):
    """Count the step, its energy and its way."""
    for w in range(lanes):
        x = senses.centre_x[w] - senses.old_x[w]
        y = senses.centre_y[w] - senses.old_y[w]
        data.steps[first + w] += 1
        data.energy[first + w] += senses.loaded[w] + senses.gripping[w]
        data.path[first + w] += math.sqrt(x * x + y * y)


@inlined
def pay(task, senses, data, result, first, lanes):
    """Write the reward and its terms, and the distance, of all walkers of a block."""
    radius, weights = task.target_radius, Weights(*task.weights)
    for w in range(lanes):
        i, distance = first + w, senses.distance[w]
        arrived = 0 < data.target_count[i] <= data.target_index[i]
        reached = distance < radius and not arrived
        spent = senses.loaded[w] + senses.gripping[w]
        terms = reward_terms(data.distance[i] - distance, reached, spent, weights)
        reward = terms[0]
        result.figures[FIRST_TERM, i] = terms[0]
        for t in range(1, len(terms)):
            reward += terms[t]
            result.figures[FIRST_TERM + t, i] = terms[t]
        result.figures[REWARD, i] = reward
        result.distance[i] = distance


@inlined
def follow(task, senses, data, result, first, lanes):
    """Switch targets and see whose episode is over; whether some course needs more room.

    Args:
        task: Constants of the task.
        senses: What was measured; a new target changes it.
        data: Targets and what is counted of a leg, changed.
        result: Its distances may change; who has ended is written.
        first: Number of the first walker.
        lanes: How many walkers.
    """
    beyond = False
    for w in range(lanes):
        i, distance = first + w, senses.distance[w]
        course, index = data.target_count[i], data.target_index[i]
        if task.stall_steps > 0:
            nearer = distance < data.best_distance[i] - task.stall_progress
            data.idle[i] = 0 if nearer else data.idle[i] + 1
            if nearer:
                data.best_distance[i] = distance
        arrived = 0 < course <= index
        if distance < task.target_radius and not arrived:
            index += 1
            data.target_index[i] = index
            arrived = 0 < course <= index
            if not arrived and index >= data.targets.shape[1]:
                beyond = True
                data.idle[i] = 0
            elif not arrived:
                result.distance[i] = begin_leg(senses, data, i, w, index)
        stalled = task.stall_steps > 0 and data.idle[i] >= task.stall_steps
        result.figures[TERMINATED, i] = 1.0 if arrived or stalled else 0.0
    return beyond


@inlined
def report(data, result, first, lanes):
    """Write what the episodes have come to so far."""
    for w in range(lanes):
        i = first + w
        index, distance = data.target_index[i], result.distance[i]
        arrived = 0 < data.target_count[i] <= index
        fraction = max(1.0 - distance / (data.leg_length[i] + TINY), 0.0)
        result.figures[TARGETS, i] = index
        result.figures[_COUNT.score, i] = index + (0.0 if arrived else fraction)
        result.figures[_COUNT.distance, i] = distance
        result.figures[_COUNT.path, i] = data.path[i]
        result.figures[_COUNT.energy, i] = data.energy[i]


@inlined
def begin_leg(senses, data, i, w, index):
    """Turn walker ``i``, in lane ``w``, to another target.

    Args:
        senses: Its way and distance are written.
        data: The walkers, changed in row ``i``.
        i: Number of the walker.
        w: Its lane.
        index: Of the target on the walker's course.

    Returns:
        The distance from the head to the target [unit].
    """
    target_x, target_y = data.targets[i, index, 0], data.targets[i, index, 1]
    x, y = target_x - senses.head_x[w], target_y - senses.head_y[w]
    distance = math.sqrt(x * x + y * y)
    data.target[i, 0], data.target[i, 1] = target_x, target_y
    data.leg_length[i] = data.best_distance[i] = distance
    data.idle[i] = 0
    senses.way_x[w], senses.way_y[w], senses.distance[w] = x, y, distance
    return distance


@inlined
def put_at_rest(data, i, position, drive):
    """Put walker i at rest.

    Args:
        data: The walkers, changed in row ``i``.
        i: Number of the walker.
        position: ``(K, 2)`` [unit], the body's at rest.
        drive: ``(A,)``, the body's at rest.
    """
    for k in range(position.shape[0]):
        for x in range(2):
            data.position[i, k, x] = position[k, x]
            data.velocity[i, k, x] = 0.0
    for f in range(data.warm_start.shape[1]):
        for x in range(2):
            data.warm_start[i, f, x] = 0.0
    for c in range(drive.shape[0]):
        data.drive[i, c] = drive[c]


@unfolded
def control_step(part, model, task, data, result, action, block, senses):
    """A whole control step of one block of walkers.

    Args:
        part: Number of the block.
        model: The body and the world.
        task: Constants of actuation, sensing and reward.
        data: The walkers before the step; counters and targets change in place.
        result: Where everything else is written.
        action: ``(N, A)`` float64, commands.
        block: Room for the block's mechanics.
        senses: Room for what is measured of it.

    Returns:
        Whether a course needs more room.
    """
    first = part * LANES
    lanes = min(LANES, action.shape[0] - first)
    load(block, data.position, data.velocity, data.warm_start, first, lanes)
    measure(model, task, block, senses, lanes)
    for w in range(lanes):
        senses.old_x[w] = senses.centre_x[w]
        senses.old_y[w] = senses.centre_y[w]
    drives = data.drive, result.drive
    move(model, task, block, senses, action, *drives, data.ground, first, lanes)
    store(block, result.position, result.velocity, data.warm_start, first, lanes)
    measure(model, task, block, senses, lanes)
    aim(senses, data.target, first, lanes)
    count(senses, data, first, lanes)
    pay(task, senses, data, result, first, lanes)
    beyond = follow(task, senses, data, result, first, lanes)
    report(data, result, first, lanes)
    face(task, block, senses, lanes)
    seen = result.observation
    write_observation(model, task, block, senses, result.drive, data.ground, seen, first, lanes)
    return beyond
