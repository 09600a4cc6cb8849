"""Bodies that nobody has ready-made: from one foot to two dozen, for whoever takes any body."""

from __future__ import annotations

from itertools import pairwise

from walker_env.body import Body, Bone, Muscle, Node


def spider() -> Body:
    """A square of four nodes, and from each corner a leg of a knee and a foot."""
    corners = [(30, 30), (30, -30), (-30, -30), (-30, 30)]  # around
    out = [(x / 30, y / 30) for x, y in corners]
    far = (35 / 2**0.5, 70 / 2**0.5)  # knee and foot, along the diagonal
    places = corners + [(x + d * u, y + d * v) for d in far for (x, y), (u, v) in zip(corners, out)]
    around = [(i, (i + 1) % 4) for i in range(4)]
    bones = [*around, (0, 2), (1, 3), *((i, 4 + i) for i in range(4))]
    bones += [(4 + i, 8 + i) for i in range(4)]
    muscles = [pair for i, j in around for pair in ((i, 4 + j), (j, 4 + i))]
    muscles += [pair for i, j in around for pair in ((i, 8 + i), (j, 8 + i))]
    return Body(
        name="spider",
        nodes=tuple(Node(x, y) for x, y in places),
        bones=tuple(Bone(a, b) for a, b in bones),
        muscles=tuple(Muscle(a, b, stiffness=2000, damping=50) for a, b in muscles),
        feet=(8, 9, 10, 11),
        head=(0, 1),
        across=(0, 1),
        hub=0,
    )


def centipede(segments: int = 12) -> Body:
    """Stiff pairs of feet in a row, a hub between neighbours, muscles along both sides."""
    middle = 45.0 * (segments - 1)
    pairs = [(middle - 90 * i, y) for i in range(segments) for y in (45, -45)]
    hubs = [(middle - 45 - 90 * i, 0) for i in range(segments - 1)]
    first, joints = 2 * segments, list(pairwise(range(segments)))
    bones = [(2 * i, 2 * i + 1) for i in range(segments)]
    for hub, (i, j) in enumerate(joints):
        bones += [(foot, first + hub) for foot in (2 * i, 2 * i + 1, 2 * j, 2 * j + 1)]
    muscles = [(2 * i + side, 2 * j + side) for i, j in joints for side in (0, 1)]
    return Body(
        name=f"centipede-{segments}",
        nodes=tuple(Node(x, y, 12) for x, y in (*pairs, *hubs)),
        bones=tuple(Bone(a, b) for a, b in bones),
        muscles=tuple(Muscle(a, b) for a, b in muscles),
        feet=tuple(range(first)),
        head=(0, 1),
        across=(0, 1),
        hub=first,
    )


def three_nodes() -> Body:
    """A triangle of three muscles on three feet; its head is a single node."""
    return Body(
        name="three",
        nodes=(Node(40, 0), Node(-30, 35), Node(-30, -35)),
        bones=(),
        muscles=(Muscle(0, 1), Muscle(0, 2), Muscle(1, 2)),
        feet=(0, 1, 2),
        head=(0,),
        across=(1, 2),
        hub=0,
    )


def one_foot() -> Body:
    """A foot before a bar, muscles on its left side alone."""
    return Body(
        name="one foot",
        nodes=(Node(50, 20), Node(-20, 30), Node(-20, -30)),
        bones=(Bone(1, 2), Bone(0, 2)),
        muscles=(Muscle(0, 1),),
        feet=(0,),
        head=(0,),
        across=(1, 2),
        hub=1,
    )


OWN = {body.name: body for body in (spider(), centipede(), three_nodes(), one_foot())}
