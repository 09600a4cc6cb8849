"""All compiled code: Chipmunk's solver and the control step around it, for blocks of walkers.

numba keeps what it has compiled on disk for as long as this file is unchanged, so all compiled code
lies here. In a block, `LANES` walkers lie side by side as structure of arrays: the inner loops run
over walkers and the compiler turns them into vector instructions. float64 throughout, no fast-math,
no fused multiply-add: every line has the operations of its readable version, in their order, and
tests hold them to it bit for bit.

The readable versions: of `_solve` Chipmunk's `cpSpaceStep`, `cpDampedSpring` and `cpPivotJoint`; of
the rest `actuation`, `sensing`, `reward`, `observation` and `batch`.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
from numba import njit

from walker_env.atomics import address, doze, fetch, pause, peek, put, take

LANES = 64
"""Walkers in a block: with fewer, checking that rows do not overlap costs more than it wins."""

REST, STIFFNESS, DAMPING, MASS = range(4)  # rows of Plan.links
MIDDLE, UP, DOWN, LEAST, DECAY = range(5)  # rows of Rules.drive
DISTANCE, COSINE, SINE, GRIP, MUSCLE, VELOCITY, TURN = range(7)  # entries of Rules.column

JOB, COUNT, NEXT, DONE, BEYOND, STOP = range(0, 48, 8)
"""Words of a board, an int64 array, each on a cache line of its own: where the job lies, its parts,
the part to take next, parts that are done, whether a course needs more room, whether to stop."""

_SHORT_WAIT = 2000  # looks at the board, some 50 microseconds

_TINIEST = 2.2250738585072014e-308  # Chipmunk adds CPFLOAT_MIN to a length before dividing by it
_TINY = 1e-300  # as in `sensing`


class Plan(NamedTuple):
    """The body and the world as the solver wants them: K nodes, L links in order, F feet."""

    inverse_mass: np.ndarray  # (K,)
    ends: np.ndarray  # (2, L) int64, nodes a and b
    links: np.ndarray  # (4, L): rest length, stiffness, share of speed damped, effective mass
    feet: np.ndarray  # (F,) int64
    foot_mass: np.ndarray  # (F,)
    bones: int
    iterations: int
    substeps: int
    grip_force: float
    dt: float
    damping: float  # share of speed that drag leaves after a physics step; 1: there is none


class Rules(NamedTuple):
    """Constants of actuation, sensing and reward: A commands, M muscles, O observed numbers."""

    drive: np.ndarray  # (5, A): middle, up, down, least, decay, as in `Actuator`
    work: np.ndarray  # (M,)
    grip_cost: np.ndarray  # (F,)
    head: np.ndarray  # (H,) int64, nodes
    column: np.ndarray  # (7,) int64, where each channel starts; -1: not in the layout
    scale: np.ndarray  # (O,)
    left: int
    right: int
    hub: int
    stall_steps: int  # 0: nobody is stalled
    stall_progress: float
    target_radius: float
    progress_length: float
    target_worth: float
    energy_price: float


class Walkers(NamedTuple):
    """The arrays of `State` that a step reads or writes in place."""

    position: np.ndarray
    velocity: np.ndarray
    warm_start: np.ndarray
    drive: np.ndarray
    targets: np.ndarray
    target: np.ndarray
    target_count: np.ndarray
    target_index: np.ndarray
    distance: np.ndarray
    leg_length: np.ndarray
    best_distance: np.ndarray
    idle: np.ndarray
    steps: np.ndarray
    energy: np.ndarray
    path: np.ndarray


class Outcome(NamedTuple):
    """What a step came to, in new arrays."""

    position: np.ndarray
    velocity: np.ndarray
    drive: np.ndarray
    distance: np.ndarray
    observation: np.ndarray  # (N, O) float32
    reward: np.ndarray  # (4, N): progress, target, energy, and their sum
    terminated: np.ndarray  # (N,) bool
    targets: np.ndarray  # (N,) int64, reached so far
    tally: np.ndarray  # (4, N): score, distance, path, energy, as `WalkerBatch.tally`


class Block(NamedTuple):
    """The mechanics of one block."""

    px: np.ndarray  # (K, LANES)
    py: np.ndarray
    vx: np.ndarray
    vy: np.ndarray
    gx: np.ndarray  # (F, LANES), impulse of the ground, kept from step to step
    gy: np.ndarray
    limit: np.ndarray  # (F, LANES), its largest length
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


_INLINE: dict[str, Any] = {
    "error_model": "numpy",
    "forceinline": True,
    "no_cpython_wrapper": True,
    "no_cfunc_wrapper": True,
}
_CALLED: dict[str, Any] = {"error_model": "numpy", "nogil": True, "cache": True}


@njit(**_INLINE)
def _rows(count):
    """Uninitialised rows, each of which starts at a cache line."""
    raw = np.empty(count * LANES + 8)
    start = (-(raw.ctypes.data // 8)) % 8
    return raw[start : start + count * LANES].reshape(count, LANES)


@njit(**_INLINE)
def _make_block(plan):
    k, f, n = plan.inverse_mass.shape[0], plan.feet.shape[0], plan.links.shape[1]
    nodes, feet, links = _rows(4 * k), _rows(3 * f), _rows(5 * n)
    return Block(
        nodes[:k],
        nodes[k : 2 * k],
        nodes[2 * k : 3 * k],
        nodes[3 * k :],
        feet[:f],
        feet[f : 2 * f],
        feet[2 * f :],
        links[:n],
        links[n : 2 * n],
        links[2 * n : 3 * n],
        links[3 * n : 4 * n],
        links[4 * n :],
    )


@njit(**_INLINE)
def _make_senses(plan):
    r, m = _rows(15), plan.links.shape[1] - plan.bones
    return Senses(
        *(_rows(m), r[0], r[1], r[2], r[3], r[4], r[5], r[6]),
        *(r[7], r[8], r[9], r[10], r[11], r[12], r[13], r[14]),
    )


@njit(**_INLINE)
def _load(block, position, velocity, warm_start, first, lanes):
    """Copy ``lanes`` walkers, the first of them ``first``, into the block."""
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


@njit(**_INLINE)
def _command(plan, block, drive, first, lanes):
    """Set the limits of the feet and the rest lengths of the springs."""
    feet = plan.feet.shape[0]
    for f in range(feet):
        for w in range(lanes):
            block.limit[f, w] = drive[first + w, f] * plan.grip_force * plan.dt
    for s in range(plan.links.shape[1]):
        rest, c = plan.links[REST, s], feet + s - plan.bones
        if s < plan.bones:
            for w in range(lanes):
                block.rest[s, w] = rest
        else:
            for w in range(lanes):
                block.rest[s, w] = drive[first + w, c] * rest


@njit(**_INLINE)
def _store(block, position, velocity, warm_start, first, lanes):
    """Copy the block back."""
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


@njit(**_INLINE)
def _solve(plan, block, lanes):
    """One physics step of a block: springs, then feet, in the order of Chipmunk's Space."""
    px, py, vx, vy, gx, gy, limit, rest, nx, ny, goal, given = block
    dt = plan.dt
    for k in range(px.shape[0]):
        for w in range(lanes):
            px[k, w] += vx[k, w] * dt
            py[k, w] += vy[k, w] * dt
    for s in range(nx.shape[0]):  # springs pull
        a, b, stiffness = plan.ends[0, s], plan.ends[1, s], plan.links[STIFFNESS, s]
        inverse_a, inverse_b = plan.inverse_mass[a], plan.inverse_mass[b]
        for w in range(lanes):
            dx = px[b, w] - px[a, w]
            dy = py[b, w] - py[a, w]
            length = math.sqrt(dx * dx + dy * dy)
            inverse = 1.0 / (length if length != 0.0 else math.inf)
            x = dx * inverse
            y = dy * inverse
            impulse = (rest[s, w] - length) * stiffness * dt
            nx[s, w] = x
            ny[s, w] = y
            goal[s, w] = 0.0
            given[s, w] = impulse
            jx = x * impulse
            jy = y * impulse
            vx[a, w] -= jx * inverse_a
            vy[a, w] -= jy * inverse_a
            vx[b, w] += jx * inverse_b
            vy[b, w] += jy * inverse_b
    if plan.damping != 1.0:
        for k in range(px.shape[0]):  # drag
            for w in range(lanes):
                vx[k, w] *= plan.damping
                vy[k, w] *= plan.damping
    for f in range(gx.shape[0]):  # the ground starts from its last impulse
        k = plan.feet[f]
        inverse_k = plan.inverse_mass[k]
        for w in range(lanes):
            vx[k, w] += gx[f, w] * inverse_k
            vy[k, w] += gy[f, w] * inverse_k
    for _ in range(plan.iterations):
        for s in range(nx.shape[0]):  # dampers
            a, b, damping = plan.ends[0, s], plan.ends[1, s], plan.links[DAMPING, s]
            inverse_a, inverse_b = plan.inverse_mass[a], plan.inverse_mass[b]
            mass = plan.links[MASS, s]
            for w in range(lanes):
                x = nx[s, w]
                y = ny[s, w]
                speed = (vx[b, w] - vx[a, w]) * x + (vy[b, w] - vy[a, w]) * y
                change = (goal[s, w] - speed) * damping
                goal[s, w] = speed + change
                old = given[s, w]
                new = old + change * mass
                given[s, w] = new
                jx = x * (new - old)  # not change * mass: Chipmunk rounds twice
                jy = y * (new - old)
                vx[a, w] -= jx * inverse_a
                vy[a, w] -= jy * inverse_a
                vx[b, w] += jx * inverse_b
                vy[b, w] += jy * inverse_b
        for f in range(gx.shape[0]):  # the ground stops a foot, as far as its grip allows
            k = plan.feet[f]
            inverse_k, mass = plan.inverse_mass[k], plan.foot_mass[f]
            for w in range(lanes):
                old_x = gx[f, w]
                old_y = gy[f, w]
                x = old_x - vx[k, w] * mass
                y = old_y - vy[k, w] * mass
                square = x * x + y * y
                most = limit[f, w]
                slips = square > most * most
                inverse = 1.0 / (math.sqrt(square) + _TINIEST)
                x = x * inverse * most if slips else x
                y = y * inverse * most if slips else y
                gx[f, w] = x
                gy[f, w] = y
                vx[k, w] += (x - old_x) * inverse_k
                vy[k, w] += (y - old_y) * inverse_k


@njit(**_INLINE)
def _measure(plan, rules, block, senses, lanes):
    """Muscle ratios, the body's centre and its head."""
    px, py, cx, cy, hx, hy = (
        *(block.px, block.py, senses.centre_x, senses.centre_y),
        *(senses.head_x, senses.head_y),
    )
    for m in range(senses.ratio.shape[0]):
        s = plan.bones + m
        a, b, rest = plan.ends[0, s], plan.ends[1, s], plan.links[REST, s]
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
    share = 1.0 / rules.head.shape[0]
    for h in range(rules.head.shape[0]):
        k = rules.head[h]
        for w in range(lanes):
            hx[w] = px[k, w] + (hx[w] if h > 0 else 0.0)
            hy[w] = py[k, w] + (hy[w] if h > 0 else 0.0)
    for w in range(lanes):
        hx[w] *= share
        hy[w] *= share


@njit(**_INLINE)
def _aim(senses, target, first, lanes):
    """The way to the target and its length."""
    for w in range(lanes):
        x = target[first + w, 0] - senses.head_x[w]
        y = target[first + w, 1] - senses.head_y[w]
        senses.way_x[w] = x
        senses.way_y[w] = y
        senses.distance[w] = math.sqrt(x * x + y * y)


@njit(**_INLINE)
def _actuate(plan, rules, senses, action, old, new, first, lanes):
    """Move the drives towards their commands and reckon the energy, as `Actuator.apply`."""
    feet = plan.feet.shape[0]
    for w in range(lanes):
        senses.loaded[w] = 0.0
        senses.gripping[w] = 0.0
    for c in range(old.shape[1]):
        middle, up, down = rules.drive[MIDDLE, c], rules.drive[UP, c], rules.drive[DOWN, c]
        least, decay = rules.drive[LEAST, c], rules.drive[DECAY, c]
        for w in range(lanes):
            command = min(max(action[first + w, c], -1.0), 1.0)
            goal = max((up if command > 0.0 else down) * command + middle, least)
            new[first + w, c] = (old[first + w, c] - goal) * decay + goal
    for f in range(feet):
        cost = rules.grip_cost[f]
        for w in range(lanes):
            senses.gripping[w] += new[first + w, f] * cost
    for m in range(senses.ratio.shape[0]):
        work, c = rules.work[m], feet + m
        for w in range(lanes):
            was = old[first + w, c]
            now = new[first + w, c]
            load = (now - was) * (now + was - 2.0 * senses.ratio[m, w]) * work
            senses.loaded[w] += max(load, 0.0)


@njit(**_INLINE)
def _settle(rules, senses, walkers, new, first, lanes):
    """Count, pay and switch targets; whether some course needs more room."""
    beyond = False
    for w in range(lanes):
        i, distance = first + w, senses.distance[w]
        spent = senses.loaded[w] + senses.gripping[w]
        x = senses.centre_x[w] - senses.old_x[w]
        y = senses.centre_y[w] - senses.old_y[w]
        walkers.steps[i] += 1
        walkers.energy[i] += spent
        walkers.path[i] += math.sqrt(x * x + y * y)
        count = walkers.target_count[i]
        arrived = 0 < count <= walkers.target_index[i]
        reached = distance < rules.target_radius and not arrived
        progress = (walkers.distance[i] - distance) / rules.progress_length
        worth = (1.0 if reached else 0.0) * rules.target_worth
        price = -rules.energy_price * spent
        new.reward[0, i] = progress
        new.reward[1, i] = worth
        new.reward[2, i] = price
        new.reward[3, i] = progress + worth + price
        if rules.stall_steps > 0:
            nearer = distance < walkers.best_distance[i] - rules.stall_progress
            walkers.idle[i] = 0 if nearer else walkers.idle[i] + 1
            if nearer:
                walkers.best_distance[i] = distance
        if reached:
            index = walkers.target_index[i] + 1
            walkers.target_index[i] = index
            arrived = 0 < count <= index
            if not arrived and index >= walkers.targets.shape[1]:
                beyond = True
            elif not arrived:
                distance = _begin_leg(senses, walkers, i, w, index)
        new.distance[i] = distance
        stalled = rules.stall_steps > 0 and walkers.idle[i] >= rules.stall_steps
        new.terminated[i] = arrived or stalled
        fraction = max(1.0 - distance / (walkers.leg_length[i] + _TINY), 0.0)
        new.targets[i] = walkers.target_index[i]
        new.tally[0, i] = walkers.target_index[i] + (0.0 if arrived else fraction)
        new.tally[1, i] = distance
        new.tally[2, i] = walkers.path[i]
        new.tally[3, i] = walkers.energy[i]
    return beyond


@njit(**_INLINE)
def _begin_leg(senses, walkers, i, w, index):
    """Turn walker i, in lane w, to another target and return its distance."""
    target_x, target_y = walkers.targets[i, index, 0], walkers.targets[i, index, 1]
    x, y = target_x - senses.head_x[w], target_y - senses.head_y[w]
    distance = math.sqrt(x * x + y * y)
    walkers.target[i, 0], walkers.target[i, 1] = target_x, target_y
    walkers.leg_length[i] = walkers.best_distance[i] = distance
    walkers.idle[i] = 0
    senses.way_x[w], senses.way_y[w], senses.distance[w] = x, y, distance
    return distance


@njit(**_INLINE)
def _face(rules, block, senses, lanes):
    """The arm of the across pair and the heading, its normal."""
    for w in range(lanes):
        x = block.px[rules.right, w] - block.px[rules.left, w]
        y = block.py[rules.right, w] - block.py[rules.left, w]
        span = math.sqrt(x * x + y * y) + _TINY
        senses.arm_x[w] = x
        senses.arm_y[w] = y
        senses.ahead_x[w] = -y / span
        senses.ahead_y[w] = x / span


@njit(**_INLINE)
def _see(rules, block, senses, drive, out, first, lanes):
    """Write the observation, channel by channel, as `WalkerBatch.observe`."""
    scale, feet = rules.scale, block.gx.shape[0]
    ahead_x, ahead_y, way_x, way_y = senses.ahead_x, senses.ahead_y, senses.way_x, senses.way_y
    c = rules.column[DISTANCE]
    if c >= 0:
        for w in range(lanes):
            out[first + w, c] = senses.distance[w] * scale[c]
    c = rules.column[COSINE]
    if c >= 0:
        for w in range(lanes):
            along = way_x[w] * ahead_x[w] + way_y[w] * ahead_y[w]
            out[first + w, c] = along / (senses.distance[w] + _TINY) * scale[c]
    c = rules.column[SINE]
    if c >= 0:
        for w in range(lanes):
            aside = way_y[w] * ahead_x[w] - way_x[w] * ahead_y[w]
            out[first + w, c] = aside / (senses.distance[w] + _TINY) * scale[c]
    c = rules.column[GRIP]
    if c >= 0:
        for f in range(feet):
            for w in range(lanes):
                out[first + w, c + f] = drive[first + w, f] * scale[c + f]
    c = rules.column[MUSCLE]
    if c >= 0:
        for m in range(senses.ratio.shape[0]):
            for w in range(lanes):
                out[first + w, c + m] = senses.ratio[m, w] * scale[c + m]
    c = rules.column[VELOCITY]
    if c >= 0:
        for w in range(lanes):
            x = block.vx[rules.hub, w]
            y = block.vy[rules.hub, w]
            out[first + w, c] = (x * ahead_x[w] + y * ahead_y[w]) * scale[c]
            out[first + w, c + 1] = (y * ahead_x[w] - x * ahead_y[w]) * scale[c + 1]
    c = rules.column[TURN]
    if c >= 0:
        for w in range(lanes):
            arm_x = senses.arm_x[w]
            arm_y = senses.arm_y[w]
            x = block.vx[rules.right, w] - block.vx[rules.left, w]
            y = block.vy[rules.right, w] - block.vy[rules.left, w]
            turn = (arm_x * y - arm_y * x) / (arm_x * arm_x + arm_y * arm_y + _TINY)
            out[first + w, c] = turn * scale[c]


@njit(**_CALLED)
def advance(plan, position, velocity, warm_start, drive, new_position, new_velocity):
    """Move all walkers through one control step's physics."""
    plan, last = Plan(*plan), position.shape[0]
    block = _make_block(plan)
    for start in range(0, last, LANES):
        lanes = min(LANES, last - start)
        _load(block, position, velocity, warm_start, start, lanes)
        _command(plan, block, drive, start, lanes)
        for _ in range(plan.substeps):
            _solve(plan, block, lanes)
        _store(block, new_position, new_velocity, warm_start, start, lanes)


@njit(inline="always", **_INLINE)
def _walk(part, plan, rules, walkers, new, action, block, senses):
    """A whole control step of one block of walkers; whether a course needs more room."""
    first = part * LANES
    lanes = min(LANES, action.shape[0] - first)
    _load(block, walkers.position, walkers.velocity, walkers.warm_start, first, lanes)
    _measure(plan, rules, block, senses, lanes)
    for w in range(lanes):
        senses.old_x[w] = senses.centre_x[w]
        senses.old_y[w] = senses.centre_y[w]
    _actuate(plan, rules, senses, action, walkers.drive, new.drive, first, lanes)
    _command(plan, block, new.drive, first, lanes)
    for _ in range(plan.substeps):
        _solve(plan, block, lanes)
    _store(block, new.position, new.velocity, walkers.warm_start, first, lanes)
    _measure(plan, rules, block, senses, lanes)
    _aim(senses, walkers.target, first, lanes)
    beyond = _settle(rules, senses, walkers, new, first, lanes)
    _face(rules, block, senses, lanes)
    _see(rules, block, senses, new.drive, new.observation, first, lanes)
    return beyond


@njit(**_CALLED)
def step(board, plan, rules, walkers, new, action):
    """A whole control step of all walkers; whether a course needs more room.

    ``board`` is where helpers, if there are any, find their work; see `help_step`.
    """
    count = peek(board, COUNT)
    put(board, JOB, address((plan, rules, walkers, new, action)))
    put(board, DONE, 0)
    put(board, BEYOND, 0)
    put(board, NEXT, 0)  # from here on helpers take parts
    plan, rules, walkers, new = Plan(*plan), Rules(*rules), Walkers(*walkers), Outcome(*new)
    block, senses, beyond = _make_block(plan), _make_senses(plan), False
    part = take(board, NEXT)
    while part < count:
        beyond |= _walk(part, plan, rules, walkers, new, action, block, senses)
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


@njit(**_CALLED)
def help_step(board, patience, plan, rules, walkers, new, action):
    """Take parts of every `step` on this ``board`` until none has begun for ``patience`` looks.

    Of the arrays only the types count, but for those of ``plan``. A part once taken belongs to the
    job that is on the board now: `step` does not return before all parts are done.
    """
    like = plan, rules, walkers, new, action
    plan, rules = Plan(*plan), Rules(*rules)
    block, senses, idle = _make_block(plan), _make_senses(plan), 0
    count = peek(board, COUNT)
    while idle < patience and peek(board, STOP) == 0:
        idle += 1
        pause()
        if peek(board, NEXT) < count:
            part = take(board, NEXT)
            if part < count:
                job = fetch(peek(board, JOB), like)
                here, came, move = Walkers(*job[2]), Outcome(*job[3]), job[4]
                if _walk(part, plan, rules, here, came, move, block, senses):
                    put(board, BEYOND, 1)
                take(board, DONE)
                idle = 0


@njit(**_INLINE)
def _rest(walkers, i, position, drive):
    """Put walker i at rest."""
    for k in range(position.shape[0]):
        for x in range(2):
            walkers.position[i, k, x] = position[k, x]
            walkers.velocity[i, k, x] = 0.0
    for f in range(walkers.warm_start.shape[1]):
        for x in range(2):
            walkers.warm_start[i, f, x] = 0.0
    for c in range(drive.shape[0]):
        walkers.drive[i, c] = drive[c]


@njit(**_CALLED)
def begin(rows, plan, rules, walkers, position, drive, seen):
    """Put the walkers ``rows`` at the start of their courses, at rest, and observe them.

    ``position`` (K, 2) and ``drive`` (A,) are the body's at rest.
    """
    plan, rules, walkers = Plan(*plan), Rules(*rules), Walkers(*walkers)
    block, senses = _make_block(plan), _make_senses(plan)
    for i in rows:
        _rest(walkers, i, position, drive)
        walkers.target_index[i] = walkers.steps[i] = 0
        walkers.energy[i] = walkers.path[i] = 0.0
        _load(block, walkers.position, walkers.velocity, walkers.warm_start, i, 1)
        _measure(plan, rules, block, senses, 1)
        walkers.distance[i] = _begin_leg(senses, walkers, i, 0, 0)
        _face(rules, block, senses, 1)
        _see(rules, block, senses, walkers.drive, seen, i, 1)


@njit(**_CALLED)
def look(plan, rules, walkers, seen):
    """Observe all walkers."""
    plan, rules, walkers = Plan(*plan), Rules(*rules), Walkers(*walkers)
    block, senses, last = _make_block(plan), _make_senses(plan), seen.shape[0]
    for start in range(0, last, LANES):
        lanes = min(LANES, last - start)
        _load(block, walkers.position, walkers.velocity, walkers.warm_start, start, lanes)
        _measure(plan, rules, block, senses, lanes)
        _aim(senses, walkers.target, start, lanes)
        _face(rules, block, senses, lanes)
        _see(rules, block, senses, walkers.drive, seen, start, lanes)
