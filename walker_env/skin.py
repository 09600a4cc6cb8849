"""The skin of a body: which nodes are webbed together, and how each edge of a web hangs.

Windows and pages draw it; the simulation does not know of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import NamedTuple

from walker_env.body import Body

_TAUT, _SLACK = 0.35, 0.75  # how far an edge is drawn towards its web's middle


class Web(NamedTuple):
    """A piece of skin; that of a bone alone has one edge."""

    nodes: tuple[int, ...]
    edges: tuple[tuple[int, int], ...]  # around it
    bows: tuple[float, ...]  # how far each edge is drawn to the web's middle: 0 is straight


def webs(body: Body) -> list[Web]:
    """The skin of a body.

    Its plan tells; without any, it lies over the triangles that its bones make and the bones left
    over, or over the muscles where there is no bone.
    """
    groups = [group for group in body.skin if len(group) > 1] or _enclosed(body)
    found = []
    for group in groups:
        ends = [*group[1:], group[0]] if len(group) > 2 else [group[-1]]
        edges = tuple(zip(group, ends))
        found.append(Web(group, edges, tuple(_bow(edge, groups) for edge in edges)))
    return found


def _enclosed(body: Body) -> list[tuple[int, ...]]:
    bones = [(min(bone.a, bone.b), max(bone.a, bone.b)) for bone in body.bones]
    inside = _triangles(bones)
    sides = {side for corners in inside for side in combinations(corners, 2)}
    found: list[tuple[int, ...]] = [*inside, *(bone for bone in bones if bone not in sides)]
    return found or [(muscle.a, muscle.b) for muscle in body.muscles]


def _triangles(bones: Sequence[tuple[int, int]]) -> list[tuple[int, int, int]]:
    """Every three nodes that are joined in pairs; none of a net so dense that they lie in heaps."""
    joined, nodes = set(bones), sorted({node for bone in bones for node in bone})
    found = [
        (a, b, c)
        for a, b in bones
        for c in nodes
        if c > b and (a, c) in joined and (b, c) in joined
    ]
    return found if len(found) <= len(bones) else []


def _bow(edge: tuple[int, int], groups: Sequence[tuple[int, ...]]) -> float:
    """Edges to a node that joins two webs hang slack, so that the silhouette runs on smoothly."""
    if sum(edge[0] in group and edge[1] in group for group in groups) > 1:
        return 0.0
    joins = [sum(node in group for group in groups) > 1 for node in edge]
    return _SLACK if any(joins) else _TAUT
