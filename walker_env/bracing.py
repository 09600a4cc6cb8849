"""Which nodes of a body its bones alone hold rigidly in the plane.

A part is rigid where no motion that keeps its bones' lengths changes its shape, for nearly all
places of its nodes (generic rigidity). Laman's theorem counts it without any coordinates: ``n``
nodes take ``2 n - 3`` bones, none of them wasted. The pebble game does the counting: Jacobs and
Hendrickson, "An algorithm for two-dimensional rigidity percolation" (1997).
"""

from __future__ import annotations

from collections.abc import Iterable

from walker_env.body import Body


def rigid_parts(body: Body) -> tuple[frozenset[int], ...]:
    """The largest sets of nodes that a body's bones hold rigidly, as `rigid_sets` orders them."""
    return rigid_sets(len(body.nodes), [(bone.a, bone.b) for bone in body.bones])


def rigid_sets(nodes: int, pairs: Iterable[tuple[int, int]]) -> tuple[frozenset[int], ...]:
    """The largest sets of nodes that rods between pairs of them hold rigidly.

    Two sets share one node at most, which is a hinge between them; a lone rod is a set of two, a
    node without rods a set of its own. Together they hold every node.

    Args:
        nodes: How many nodes there are.
        pairs: The two ends of each rod, in ``range(nodes)``.

    Returns:
        The sets by their lowest nodes, ``(0, 1, ...)`` before ``(0, 2, ...)``.
    """
    game, pairs = _PebbleGame(nodes), list(pairs)
    for a, b in pairs:
        game.add(a, b)
    found: list[frozenset[int]] = []
    for a, b in pairs:
        if not any(a in part and b in part for part in found):
            held = (c for c in range(nodes) if game.holds(a, c) and game.holds(b, c))
            found.append(frozenset((a, b, *held)))
    alone = set(range(nodes)).difference(*found)
    return tuple(sorted((*found, *(frozenset((node,)) for node in alone)), key=sorted))


class _PebbleGame:
    """Each node has two pebbles, one for each way it can move; a rod covers itself with one.

    A rod takes away a freedom where its ends can have four pebbles between them; where there are no
    more than three, which every rigid part keeps, something holds them already.
    """

    def __init__(self, nodes: int) -> None:
        self._rods: list[list[int]] = [[] for _ in range(nodes)]  # covered by a node's own pebbles

    def add(self, a: int, b: int) -> None:
        """Lay a rod between two nodes; one that holds nothing new is left out."""
        if not self.holds(a, b):
            self._rods[a].append(b)

    def holds(self, a: int, b: int) -> bool:
        """Whether the rods keep two nodes at their distance."""
        if a == b:
            return True
        while self._rods[a] or self._rods[b]:
            if not (self._fetch(a, b) or self._fetch(b, a)):
                return True
        return False

    def _fetch(self, node: int, other: int) -> bool:
        """Bring a free pebble to a node from anywhere but the other one."""
        came_from, frontier = {node: node, other: other}, [node] if self._rods[node] else []
        while frontier:
            here = frontier.pop()
            for there in self._rods[here]:
                if there not in came_from:
                    came_from[there] = here
                    frontier.append(there)
                    if len(self._rods[there]) < 2:
                        self._turn_round(there, came_from)
                        return True
        return False

    def _turn_round(self, end: int, came_from: dict[int, int]) -> None:
        """Let each rod on the way to ``end`` be covered from its other side."""
        while (start := came_from[end]) != end:
            self._rods[start].remove(end)
            self._rods[end].append(start)
            end = start
