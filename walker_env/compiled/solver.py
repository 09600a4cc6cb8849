"""Chipmunk's solver on a block: `cpSpaceStep`, `cpDampedSpring` and `cpPivotJoint`."""

from __future__ import annotations

import math

from walker_env.compiled.jit import inlined
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
            block.limit[f, w] = drive[first + w, f] * model.grip_force * model.dt
    for s in range(model.links.shape[1]):
        rest, c = model.links[_LINK.rest, s], feet + s - model.bones
        if s < model.bones:
            for w in range(lanes):
                block.rest[s, w] = rest
        else:
            for w in range(lanes):
                block.rest[s, w] = drive[first + w, c] * rest


@inlined
def solve(model, block, lanes):
    """One physics step of a block: springs, then feet, in the order of Chipmunk's Space."""
    px, py, vx, vy, gx, gy, limit, rest, nx, ny, goal, given = block
    dt = model.dt
    for k in range(px.shape[0]):
        for w in range(lanes):
            px[k, w] += vx[k, w] * dt
            py[k, w] += vy[k, w] * dt
    for s in range(nx.shape[0]):  # springs pull
        a, b, stiffness = model.ends[0, s], model.ends[1, s], model.links[_LINK.stiffness, s]
        inverse_a, inverse_b = model.inverse_mass[a], model.inverse_mass[b]
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
    if model.damping != 1.0:
        for k in range(px.shape[0]):  # drag
            for w in range(lanes):
                vx[k, w] *= model.damping
                vy[k, w] *= model.damping
    for f in range(gx.shape[0]):  # the ground starts from its last impulse
        k = model.feet[f]
        inverse_k = model.inverse_mass[k]
        for w in range(lanes):
            vx[k, w] += gx[f, w] * inverse_k
            vy[k, w] += gy[f, w] * inverse_k
    for _ in range(model.iterations):
        for s in range(nx.shape[0]):  # dampers
            a, b, damping = model.ends[0, s], model.ends[1, s], model.links[_LINK.damped, s]
            inverse_a, inverse_b = model.inverse_mass[a], model.inverse_mass[b]
            mass = model.links[_LINK.mass, s]
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
            k = model.feet[f]
            inverse_k, mass = model.inverse_mass[k], model.foot_mass[f]
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
