"""A body drawn in a few lines: chains of segments, rings, limbs with a joint, mirrors.

It is drawn facing +x, its left side is +y. Each word adds nodes and links and gives the numbers of
its nodes; `Sketch.body` makes the plan, with masses that the time step bears.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import combinations, pairwise
from typing import NamedTuple

from walker_env.body.graph import STABILITY_LIMIT, Body, Bone, Muscle, Node
from walker_env.params import WORLD

LEAST_MASS = 10.0
"""Mass of a node whose springs ask for no more."""

_DIGITS = 3  # of places on a circle: sines differ between machines in their last one

Place = tuple[float, float]


class Chain(NamedTuple):
    """Nodes of a row of segments, each from the front to the rear."""

    left: list[int]
    right: list[int]
    joints: list[int]


class Sketch:
    """A body being drawn.

    Args:
        shortest: Length of its muscles at command -1, as a share of the drawn one.
        longest: At command 1.

    Attributes:
        places: Where its nodes lie, ``(x, y)`` [unit].
        bones: Pairs of nodes in the order of drawing.
        muscles: The same.
        feet: Nodes that grip.
        skin: Groups of nodes that are shown as one segment.
    """

    def __init__(self, shortest: float = 0.6, longest: float = 1.35) -> None:
        self._range = shortest, longest
        self.places: list[Place] = []
        self.bones: list[tuple[int, int]] = []
        self.muscles: list[tuple[int, int]] = []
        self.feet: list[int] = []
        self.skin: list[tuple[int, ...]] = []

    def node(self, x: float, y: float) -> int:
        """A node."""
        self.places.append((x, y))
        return len(self.places) - 1

    def bone(self, *nodes: int) -> None:
        """A bone from each of these nodes to the next."""
        self.bones += pairwise(nodes)

    def muscle(self, *nodes: int) -> None:
        """A muscle from each of these nodes to the next."""
        self.muscles += pairwise(nodes)

    def grip(self, *nodes: int) -> None:
        """Make these nodes feet."""
        self.feet += nodes

    def brace(self, *nodes: int) -> None:
        """A segment that keeps its shape: a bone between every two of these nodes."""
        known = {frozenset(pair) for pair in self.bones}
        self.bones += [pair for pair in combinations(nodes, 2) if frozenset(pair) not in known]
        self.skin.append(nodes)

    def ring(self, count: int, radius: float) -> list[int]:
        """Nodes evenly on a circle, the first one in front, the others anticlockwise.

        Args:
            count: Nodes on the circle.
            radius: Of the circle [unit].

        Returns:
            These nodes, which no bone joins yet.
        """
        return [self.node(*_polar(radius, i / count)) for i in range(count)]

    def chain(self, segments: int, length: float, width: float) -> Chain:
        """Stiff crossbars in a row, a joint between neighbours, muscles along both its sides.

        Args:
            segments: How many crossbars there are.
            length: From one to the next [unit].
            width: Of a crossbar [unit].

        Returns:
            The ends of the crossbars, and the joints.
        """
        front, side = length * (segments - 1) / 2, width / 2
        ends = [self.node(front - length * i, y) for i in range(segments) for y in (side, -side)]
        joints = [self.node(front - length * (i + 0.5), 0) for i in range(segments - 1)]
        left, right = ends[::2], ends[1::2]
        self.bones += zip(left, right)
        for i, joint in enumerate(joints):
            self.bones += [(end, joint) for end in ends[2 * i : 2 * i + 4]]
            self.muscles += [(left[i], left[i + 1]), (right[i], right[i + 1])]
        for i, (one, other) in enumerate(zip(left, right)):
            before, behind = joints[max(i - 1, 0) : i], joints[i : i + 1]
            inner = (one, *before, other, *behind)
            self.skin.append(inner if before and behind else (one, other, *before, *behind))
        return Chain(left, right, joints)

    def limb(self, root: int, knee: Place, foot: Place, pulls: Sequence[int]) -> tuple[int, int]:
        """Two bones with a joint between them, and a foot at the end.

        Args:
            root: The node that it hangs on.
            knee: Where the joint lies.
            foot: Where the foot lies.
            pulls: Nodes whose muscles move the knee; the root and the first of them move the foot.

        Returns:
            Its knee and its foot.
        """
        joint, end = self.node(*knee), self.node(*foot)
        self.bone(root, joint, end)
        self.muscles += [(node, joint) for node in pulls]
        self.muscles += [(node, end) for node in (root, pulls[0])]
        self.skin += [(root, joint), (joint, end)]
        self.grip(end)
        return joint, end

    def mirror(self) -> list[int]:
        """Draw all of it once more on the other side; what lies on the axis stays alone.

        Returns:
            For each node so far, the one on the other side.
        """
        drawn = list(enumerate(self.places))
        twin = [i if y == 0 else self.node(x, -y) for i, (x, y) in drawn]
        for parts in (self.bones, self.muscles, self.skin):
            there = [tuple(twin[i] for i in part) for part in parts]
            parts += [new for new, old in zip(there, parts) if set(new) != set(old)]  # type: ignore[misc]
        self.feet += [twin[i] for i in self.feet if twin[i] != i]
        return twin

    def body(self, name: str, head: Sequence[int], across: tuple[int, int], hub: int) -> Body:
        """The plan, whose masses are as light as the time step bears, but no less than 10.

        Args:
            name: A label.
            head: Nodes whose mean must reach the targets.
            across: ``(left, right)`` nodes; the body looks along the normal of this pair.
            hub: Node whose velocity is observed.

        Raises:
            BodyError: What was drawn is no body.
        """
        bones = tuple(Bone(a, b) for a, b in self.bones)
        low, high = self._range
        muscles = tuple(Muscle(a, b, shortest=low, longest=high) for a, b in self.muscles)
        ends = [(part.a, part.b, part.stiffness) for part in bones]
        ends += [(part.a, part.b, part.stiffness) for part in muscles]
        load = [sum(k for a, b, k in ends if i in (a, b)) for i in range(len(self.places))]
        return Body(
            name=name,
            nodes=tuple(Node(x, y, _mass(k)) for (x, y), k in zip(self.places, load)),
            bones=bones,
            muscles=muscles,
            feet=tuple(self.feet),
            head=tuple(head),
            across=across,
            hub=hub,
            skin=tuple(self.skin),
        )


def _mass(stiffness: float) -> float:
    """The lightest node, in whole numbers, that bears springs so stiff together."""
    least = stiffness * (WORLD.physics_dt / STABILITY_LIMIT) ** 2
    return max(LEAST_MASS, float(math.ceil(least)))


def _polar(radius: float, turns: float) -> Place:
    turn = 2 * math.pi * turns
    return round(radius * math.cos(turn), _DIGITS), round(radius * math.sin(turn), _DIGITS)
