"""The body's outline: webs of skin that curve from foot to hub to foot, for any body."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import NamedTuple

import numpy as np

from walker_env.body import Body

_T = np.linspace(0.0, 1.0, 9)[:, None]  # along a curve
_TAUT, _SLACK = 0.35, 0.75  # how far an edge is drawn towards its web's middle
_WAIST = 0.3  # share by which a curve is thinner in its middle
_THIN = 1 - _WAIST * 4 * _T * (1 - _T)


class Curves(NamedTuple):
    """The edges of all webs, E curves of P points."""

    line: np.ndarray  # (E, P, 2) [unit]
    side: np.ndarray  # (E, P, 2) unit vectors square to it, shorter where it is thinner


def webbed(body: Body) -> list[tuple[int, ...]]:
    """Groups of nodes that skin is drawn over.

    Those of the body's plan; without any, the triangles that its bones make and the bones left
    over, or the muscles where there is no bone.
    """
    if groups := [group for group in body.skin if len(group) > 1]:
        return groups
    bones = [(min(bone.a, bone.b), max(bone.a, bone.b)) for bone in body.bones]
    inside = _triangles(bones)
    sides = {side for corners in inside for side in combinations(corners, 2)}
    found = [*inside, *(bone for bone in bones if bone not in sides)]
    return found or [(muscle.a, muscle.b) for muscle in body.muscles]


def _triangles(bones: Sequence[tuple[int, int]]) -> list[tuple[int, ...]]:
    """Every three nodes that are joined in pairs; none of a net so dense that they lie in heaps."""
    joined, nodes = set(bones), sorted({node for bone in bones for node in bone})
    found = [
        (a, b, c)
        for a, b in bones
        for c in nodes
        if c > b and (a, c) in joined and (b, c) in joined
    ]
    return found if len(found) <= len(bones) else []


class Skin:
    """Which nodes of a body are webbed together.

    Attributes:
        edges: ``(a, b)`` nodes of each edge.
        bows: How far each edge is drawn towards the middle of its web, from 0, straight, to 1.
        webs: Edges ``(first, last)`` of each piece of skin; those of a bone alone have one.
        nodes: Those that have skin.
    """

    def __init__(self, body: Body) -> None:
        groups = webbed(body)
        self.edges: list[tuple[int, int]] = []
        self.bows: list[float] = []
        self.webs: list[tuple[int, int]] = []
        self._web: list[int] = []  # number of each edge's web
        for number, group in enumerate(groups):
            ends = [*group[1:], group[0]] if len(group) > 2 else [group[-1]]
            first = len(self.edges)
            for edge in zip(group, ends):
                self.edges.append(edge)
                self._web.append(number)
                self.bows.append(_bow(edge, groups))
            self.webs.append((first, len(self.edges)))
        self._bow = np.array(self.bows)[:, None]
        self._share = _shares(groups, len(body.nodes))
        self.nodes = sorted({node for group in groups for node in group})

    def curves(self, position: np.ndarray) -> Curves:
        """The edges as they lie now; ``position`` is ``(K, 2)`` [unit]."""
        ends = position[np.array(self.edges)]  # (E, 2, 2)
        a, b = ends[:, 0], ends[:, 1]
        half = (a + b) / 2
        control = half + self._bow * ((self._share @ position)[self._web] - half)
        return _bend(a, control, b)

    def covers(self, a: int, b: int) -> bool:
        """Whether nodes ``a`` and ``b`` are joined by skin."""
        return (a, b) in self.edges or (b, a) in self.edges


def _bow(edge: tuple[int, int], groups: Sequence[tuple[int, ...]]) -> float:
    """Edges to a node that joins two webs hang slack, so that the silhouette runs on smoothly."""
    if sum(edge[0] in group and edge[1] in group for group in groups) > 1:
        return 0.0
    joins = [sum(node in group for group in groups) > 1 for node in edge]
    return _SLACK if any(joins) else _TAUT


def _shares(groups: Sequence[tuple[int, ...]], nodes: int) -> np.ndarray:
    """Weights ``(W, K)`` that give the middle of each web."""
    share = np.zeros((len(groups), nodes))
    for row, group in zip(share, groups):
        row[list(group)] = 1 / len(group)
    return share


def _bend(a: np.ndarray, control: np.ndarray, b: np.ndarray) -> Curves:
    """Curves from ``a`` to ``b`` that leave and arrive along ``control``, each ``(E, 2)``."""
    a, control, b = a[:, None], control[:, None], b[:, None]
    rest = 1 - _T
    line = rest * rest * a + 2 * _T * rest * control + _T * _T * b
    along = rest * (control - a) + _T * (b - control)
    length = np.sqrt((along * along).sum(axis=-1, keepdims=True))
    side = along[..., ::-1] * np.array([-1.0, 1.0]) / np.maximum(length, 1e-9) * _THIN
    return Curves(line, side)


def outline(curves: Curves, web: tuple[int, int], radius: float) -> np.ndarray:
    """A web grown by ``radius`` [unit] beyond its edges, as one polygon ``(P, 2)``.

    Corners are left open: the nodes' own discs close them.
    """
    first, last = web
    if last - first < 2:
        return ribbons(Curves(*(part[first:last] for part in curves)), radius)[0]
    line, side = curves.line[first:last].reshape(-1, 2), curves.side[first:last].reshape(-1, 2)
    x, y = line.T
    area = x[:-1] @ y[1:] - y[:-1] @ x[1:] + x[-1] * y[0] - y[-1] * x[0]
    turn = float(area)  # positive: around to the left
    return line - np.sign(turn) * radius * side


def ribbons(curves: Curves, radius: float) -> np.ndarray:
    """Bands along the curves, thinner in their middle, as polygons ``(E, 2 P, 2)``."""
    half = radius * curves.side
    return np.concatenate([curves.line + half, (curves.line - half)[:, ::-1]], axis=1)
