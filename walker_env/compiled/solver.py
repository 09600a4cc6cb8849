"""Chipmunk's solver on a block: `cpSpaceStep`, `cpDampedSpring` and `cpPivotJoint`."""

from __future__ import annotations

import math

from walker_env.compiled.block import pad
from walker_env.compiled.jit import inlined
from walker_env.compiled.pack import LANES, load, root, spread, store, where
from walker_env.schema import Links, positions

_LINK = positions(Links)

_TINIEST = 2.2250738585072014e-308  # Chipmunk adds CPFLOAT_MIN to a length before dividing by it


@inlined
def hold(model, block, drive, first, lanes):
    """Set the limits of the feet and the rest lengths of the springs.

    Args:
        model: The body and the world.
        block: Its limits and rest lengths are written.
        drive: ``(N, A)``, grips in [0, 1], then muscle lengths over their drawn lengths.
        first: Number of the first walker.
        lanes: How many walkers.
    """
    feet = model.feet.shape[0]
    for f in range(feet):
        for w in range(lanes):
            block.force[f, w] = drive[first + w, f] * model.grip_force
            block.limit[f, w] = block.force[f, w] * model.dt
    for s in range(model.links.shape[1]):
        rest, c = model.links[_LINK.rest, s], feet + s - model.bones
        if s < model.bones:
            for w in range(lanes):
                block.rest[s, w] = rest
        else:
            for w in range(lanes):
                block.rest[s, w] = drive[first + w, c] * rest
    pad(block.limit, lanes)
    pad(block.rest, lanes)


@inlined
def solve(model, block, lanes):
    """One physics step of a block: springs, then feet, in the order of Chipmunk's Space."""
    glide(model, block, lanes)
    pull(model, block, lanes)
    vx, vy, gx, gy = block.vx, block.vy, block.gx, block.gy
    for f in range(gx.shape[0]):  # the ground starts from its last impulse
        k = model.feet[f]
        inverse_k = model.inverse_mass[k]
        for w in range(0, lanes, LANES):
            store(vx, k, w, load(vx, k, w) + load(gx, f, w) * inverse_k)
            store(vy, k, w, load(vy, k, w) + load(gy, f, w) * inverse_k)
    for _ in range(model.iterations):
        damp(model, block, lanes)
        grip(model, block, lanes)


@inlined
def glide(model, block, lanes):
    """Positions follow their velocities."""
    px, py, vx, vy, dt = block.px, block.py, block.vx, block.vy, model.dt
    for k in range(px.shape[0]):
        for w in range(0, lanes, LANES):
            store(px, k, w, load(px, k, w) + load(vx, k, w) * dt)
            store(py, k, w, load(py, k, w) + load(vy, k, w) * dt)


@inlined
def pull(model, block, lanes):
    """Springs pull, and the world drags."""
    px, py, vx, vy = block.px, block.py, block.vx, block.vy
    dt = model.dt
    for s in range(block.nx.shape[0]):
        a, b, stiffness = model.ends[0, s], model.ends[1, s], model.links[_LINK.stiffness, s]
        inverse_a, inverse_b = model.inverse_mass[a], model.inverse_mass[b]
        for w in range(0, lanes, LANES):
            dx = load(px, b, w) - load(px, a, w)
            dy = load(py, b, w) - load(py, a, w)
            length = root(dx * dx + dy * dy)
            inverse = 1.0 / where(length == 0.0, math.inf, length)
            x = dx * inverse
            y = dy * inverse
            impulse = (load(block.rest, s, w) - length) * stiffness * dt
            store(block.nx, s, w, x)
            store(block.ny, s, w, y)
            store(block.given, s, w, impulse)
            store(block.goal, s, w, spread(0.0))
            jx = x * impulse
            jy = y * impulse
            store(vx, a, w, load(vx, a, w) - jx * inverse_a)
            store(vy, a, w, load(vy, a, w) - jy * inverse_a)
            store(vx, b, w, load(vx, b, w) + jx * inverse_b)
            store(vy, b, w, load(vy, b, w) + jy * inverse_b)
    if model.damping != 1.0:
        for k in range(vx.shape[0]):
            for w in range(0, lanes, LANES):
                store(vx, k, w, load(vx, k, w) * model.damping)
                store(vy, k, w, load(vy, k, w) * model.damping)


@inlined
def damp(model, block, lanes):
    """Dampers slow their ends down along the link."""
    vx, vy = block.vx, block.vy
    for s in range(block.nx.shape[0]):
        a, b, damping = model.ends[0, s], model.ends[1, s], model.links[_LINK.damped, s]
        inverse_a, inverse_b = model.inverse_mass[a], model.inverse_mass[b]
        mass = model.links[_LINK.mass, s]
        for w in range(0, lanes, LANES):
            x, y = load(block.nx, s, w), load(block.ny, s, w)
            ax, ay, bx, by = load(vx, a, w), load(vy, a, w), load(vx, b, w), load(vy, b, w)
            speed = (bx - ax) * x + (by - ay) * y
            change = (load(block.goal, s, w) - speed) * damping
            store(block.goal, s, w, speed + change)
            old = load(block.given, s, w)
            new = old + change * mass
            store(block.given, s, w, new)
            jx = x * (new - old)  # not change * mass: Chipmunk rounds twice
            jy = y * (new - old)
            store(vx, a, w, ax - jx * inverse_a)
            store(vy, a, w, ay - jy * inverse_a)
            store(vx, b, w, bx + jx * inverse_b)
            store(vy, b, w, by + jy * inverse_b)


@inlined
def grip(model, block, lanes):
    """The ground stops a foot, as far as its grip allows."""
    vx, vy, gx, gy = block.vx, block.vy, block.gx, block.gy
    for f in range(gx.shape[0]):
        k = model.feet[f]
        inverse_k, mass = model.inverse_mass[k], model.foot_mass[f]
        for w in range(0, lanes, LANES):
            old_x, old_y = load(gx, f, w), load(gy, f, w)
            speed_x, speed_y = load(vx, k, w), load(vy, k, w)
            x = old_x - speed_x * mass
            y = old_y - speed_y * mass
            square = x * x + y * y
            most = load(block.limit, f, w)
            slips = square > most * most
            inverse = 1.0 / (root(square) + _TINIEST)
            x = where(slips, x * inverse * most, x)
            y = where(slips, y * inverse * most, y)
            store(gx, f, w, x)
            store(gy, f, w, y)
            store(vx, k, w, speed_x + (x - old_x) * inverse_k)
            store(vy, k, w, speed_y + (y - old_y) * inverse_k)
