"""Ready-made bodies by name."""

from __future__ import annotations

from os import PathLike
from typing import Any

from walker_env.body.graph import Body, Bone, Muscle, Node
from walker_env.body.zoo import ZOO
from walker_env.plan import resolve


def _quadruped() -> Body:
    """Pezzza's walker: two stiff pairs of feet around a hub, a muscle along each side."""
    return Body(
        name="quadruped",
        nodes=(Node(50, 50), Node(50, -50), Node(-50, 50), Node(-50, -50), Node(0, 0)),
        bones=(Bone(0, 1), Bone(2, 3), Bone(0, 4), Bone(1, 4), Bone(2, 4), Bone(3, 4)),
        muscles=(Muscle(0, 2), Muscle(1, 3)),
        feet=(0, 1, 2, 3),
        head=(0, 1),
        across=(0, 1),
        hub=4,
        skin=((0, 1, 4), (2, 3, 4)),
    )


def _hexapod() -> Body:
    """Three stiff pairs of feet in a row on two hubs, muscles along both sides of each joint.

    It is the centipede of three segments, but written out: hashes of 0.1 tell 45 from 45.0.
    """
    pairs = [(x, y) for x in (90.0, 0.0, -90.0) for y in (45.0, -45.0)]
    nodes = (*(Node(x, y) for x, y in pairs), Node(45, 0), Node(-45, 0))
    spokes = ((0, 6), (1, 6), (2, 6), (3, 6), (2, 7), (3, 7), (4, 7), (5, 7))
    return Body(
        name="hexapod",
        nodes=nodes,
        bones=(Bone(0, 1), Bone(2, 3), Bone(4, 5), *(Bone(a, b) for a, b in spokes)),
        muscles=(Muscle(0, 2), Muscle(1, 3), Muscle(2, 4), Muscle(3, 5)),
        feet=(0, 1, 2, 3, 4, 5),
        head=(0, 1),
        across=(0, 1),
        hub=6,
        skin=((0, 1, 6), (2, 6, 3, 7), (4, 5, 7)),
    )


def _inchworm() -> Body:
    """One foot at each end and a stiff crossbar between: four muscles stretch it and bend it."""
    return Body(
        name="inchworm",
        nodes=(Node(70, 0), Node(-70, 0), Node(0, 40), Node(0, -40)),
        bones=(Bone(2, 3),),
        muscles=(Muscle(0, 2), Muscle(0, 3), Muscle(1, 2), Muscle(1, 3)),
        feet=(0, 1),
        head=(0,),
        across=(2, 3),
        hub=2,
        skin=((0, 2, 3), (1, 2, 3)),
    )


BODIES: dict[str, Body] = {body.name: body for body in (_quadruped(), _hexapod(), _inchworm())}
"""Ready-made bodies by name: those of the first release, which the tests of the engine walk."""


def get_body(body: str | PathLike[str] | dict[str, Any] | Body) -> Body:
    """A body from whatever names it.

    Args:
        body: A `Body`, its dict (`Body.as_dict`), a path to its JSON, or the name of one that is
            ready-made or in the zoo.

    Raises:
        BodyError: It is none of these, or no body that can be simulated.
    """
    return resolve(Body, "body", body, BODIES | ZOO)
