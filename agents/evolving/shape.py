"""Where a body lies among all bodies: the four numbers that a bestiary is ordered by."""

from __future__ import annotations

from dataclasses import dataclass

from agents.evolving.viability import trunk_of
from walker_env import Body


@dataclass(frozen=True)
class Shape:
    """What a body looks like."""

    muscles: int
    size: float  # [unit], of its longer side
    elongation: float  # length / (length + width): 0 wide, 1 long
    limbs: int  # pieces that are left without the trunk

    @property
    def measures(self) -> tuple[float, float, float, float]:
        """The numbers in the order of `AXES`."""
        return float(self.muscles), self.size, self.elongation, float(self.limbs)


AXES = (
    ("muscles", 6, (0.5, 12.5)),
    ("size", 3, (40.0, 280.0)),
    ("elongation", 3, (0.2, 0.8)),
    ("limbs", 4, (0.5, 4.5)),
)
"""Name of each descriptor, how many cells it is cut into, and its range; beyond is the last one."""


def shape_of(body: Body) -> Shape:
    """The shape of a viable body."""
    xs = [node.x for node in body.nodes]
    ys = [node.y for node in body.nodes]
    length, width = max(xs) - min(xs), max(ys) - min(ys)
    return Shape(
        muscles=len(body.muscles),
        size=max(length, width),
        elongation=length / (length + width),
        limbs=limb_count(body),
    )


def limb_count(body: Body) -> int:
    """The connected pieces that are left of a body without the part that carries its head."""
    left = set(range(len(body.nodes))) - trunk_of(body)
    count = 0
    while left:
        count += 1
        frontier = [min(left)]
        while frontier:
            node = frontier.pop()
            left.discard(node)
            joined = {link.a + link.b - node for link in body.links if node in (link.a, link.b)}
            frontier += sorted(joined & left)
    return count
