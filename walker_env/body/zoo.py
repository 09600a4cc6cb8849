"""Bodies drawn in a few lines each, none of them special to the engine."""

from __future__ import annotations

from walker_env.body.graph import Body
from walker_env.body.sketch import Sketch

SEGMENTS = (3, 12)
"""The shortest and the longest centipede."""


def centipede(segments: int) -> Body:
    """Stiff pairs of feet in a row, a joint between neighbours, muscles along both its sides.

    Args:
        segments: How many pairs; three are the hexapod.

    Raises:
        ValueError: Fewer or more than there are names for.
    """
    low, high = SEGMENTS
    if not low <= segments <= high:
        raise ValueError(f"a centipede has {low} to {high} segments, got {segments}")
    sketch = (
        Sketch() if segments == low else Sketch(0.8, 1.2)
    )  # a long row that bends more, tangles
    left, right, joints = sketch.chain(segments, length=90, width=90)
    for pair in zip(left, right):
        sketch.grip(*pair)
    front = (left[0], right[0])
    return sketch.body(f"centipede-{segments}", head=front, across=front, hub=joints[0])


def spider() -> Body:
    """A braced square, and from each of its corners a limb of a knee and a foot."""
    sketch = Sketch(0.8, 1.2)
    front, rear = sketch.node(30, 30), sketch.node(-30, 30)
    sketch.limb(front, knee=(30, 65), foot=(55, 90), pulls=[rear])
    sketch.limb(rear, knee=(-30, 65), foot=(-55, 90), pulls=[front])
    twin = sketch.mirror()
    for root, knee in ((front, 2), (rear, 4)):
        sketch.muscle(twin[root], knee)
        sketch.muscle(root, twin[knee])
    sketch.brace(front, rear, twin[rear], twin[front])
    ahead = (front, twin[front])
    return sketch.body("spider", head=ahead, across=ahead, hub=front)


def star() -> Body:
    """A wheel of five corners, and on each an arm that two muscles swing."""
    sketch = Sketch(0.8, 1.2)
    rim = sketch.ring(5, radius=45)
    sketch.brace(*rim)
    for i, corner in enumerate(rim):
        x, y = sketch.places[corner]
        foot = sketch.node(2 * x, 2 * y)
        sketch.bone(corner, foot)
        sketch.muscle(rim[i - 1], foot, rim[(i + 1) % 5])
        sketch.grip(foot)
    return sketch.body("star", head=(rim[0],), across=(rim[1], rim[4]), hub=rim[0])


def snake() -> Body:
    """A chain of narrow segments that grip with their joints, a snout and a tail."""
    sketch = Sketch(0.8, 1.2)
    left, right, joints = sketch.chain(5, length=42, width=44)
    snout, tail = sketch.node(110, 0), sketch.node(-110, 0)
    sketch.brace(left[0], right[0], snout)
    sketch.brace(left[-1], right[-1], tail)
    sketch.grip(snout, *joints, tail)
    return sketch.body("snake", head=(snout,), across=(left[0], right[0]), hub=joints[0])


def lopsided() -> Body:
    """A braced triangle with a long limb on its left and two short arms on its right."""
    sketch = Sketch(0.8, 1.2)
    nose, left, right = sketch.node(45, 0), sketch.node(-25, 35), sketch.node(-25, -35)
    sketch.brace(nose, left, right)
    sketch.limb(left, knee=(0, 75), foot=(55, 95), pulls=[nose, right])
    front, rear = sketch.node(45, -60), sketch.node(-85, -35)
    sketch.bone(nose, front)
    sketch.bone(right, rear)
    sketch.muscle(right, front)
    sketch.muscle(left, rear)
    sketch.muscle(rear, front)
    sketch.grip(front, rear)
    return sketch.body("lopsided", head=(nose,), across=(left, right), hub=nose)


ZOO: dict[str, Body] = {
    body.name: body
    for body in (
        *(centipede(segments) for segments in range(SEGMENTS[0], SEGMENTS[1] + 1)),
        spider(),
        star(),
        snake(),
        lopsided(),
    )
}
"""More bodies by name: ``centipede-3`` to ``centipede-12`` and those drawn above."""
