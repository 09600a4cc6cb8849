"""The physics of one walker as one reads it: Chipmunk's step for a graph of springs with feet.

An oracle for tests: scalars and pairs, nothing clever, in the order and rounding of Chipmunk's
`cpSpaceStep`, `cpDampedSpring` and `cpPivotJoint`.
"""

from __future__ import annotations

from math import exp, sqrt
from sys import float_info


def dot(a, b):
    return a[0] * b[0] + a[1] * b[1]


def physics_step(body, world, position, velocity, ground, grip, muscle):
    """Advance one walker by ``world.physics_dt``, in place.

    Args:
        body: Its plan; springs act in the order of ``body.links``.
        world: The physics.
        position: Of the nodes, (K, 2) [unit].
        velocity: Of the nodes, (K, 2) [unit/s].
        ground: Impulse of the ground on each foot in the last step, (F, 2) [mass unit/s].
        grip: Of each foot, (F,) in [0, 1].
        muscle: Rest length of each muscle over its drawn one, (M,).
    """
    dt, inverse = world.physics_dt, [1.0 / node.mass for node in body.nodes]
    rest = body.rest_lengths()
    rest[len(body.bones) :] *= muscle

    def push(a, b, impulse):
        velocity[a] -= impulse * inverse[a]
        velocity[b] += impulse * inverse[b]

    position += velocity * dt
    normal, given, goal = [], [], [0.0] * len(rest)
    for link, drawn in zip(body.links, rest):  # springs pull
        way = position[link.b] - position[link.a]
        length = sqrt(dot(way, way))
        normal.append(way * (1.0 / length))
        given.append((drawn - length) * link.stiffness * dt)
        push(link.a, link.b, normal[-1] * given[-1])
    velocity *= world.damping**dt  # drag
    for foot, impulse in zip(body.feet, ground):  # the ground starts from its last impulse
        velocity[foot] += impulse * inverse[foot]
    for _ in range(world.iterations):
        for s, link in enumerate(body.links):  # dampers: each slows its spring by a share
            k = inverse[link.a] + inverse[link.b]
            speed = dot(velocity[link.b] - velocity[link.a], normal[s])
            change = (goal[s] - speed) * (1.0 - exp(-link.damping * dt * k))
            goal[s] = speed + change
            old, given[s] = given[s], given[s] + change * (1.0 / k)
            push(link.a, link.b, normal[s] * (given[s] - old))
        for f, foot in enumerate(body.feet):  # the ground stops a foot as far as its grip allows
            mass = inverse[foot] * (1.0 / (inverse[foot] * inverse[foot]))
            most, old = grip[f] * world.grip_force * dt, ground[f].copy()
            new = old - velocity[foot] * mass
            if dot(new, new) > most * most:
                new = new * (1.0 / (sqrt(dot(new, new)) + float_info.min)) * most
            ground[f] = new
            velocity[foot] += (new - old) * inverse[foot]
