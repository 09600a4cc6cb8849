"""The body's outline: webs of skin that curve from foot to hub to foot, for any body."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from walker_env.body import Body
from walker_env.skin import webs

_T = np.linspace(0.0, 1.0, 9)[:, None]  # along a curve
_WAIST = 0.3  # share by which a curve is thinner in its middle
_THIN = 1 - _WAIST * 4 * _T * (1 - _T)


class Curves(NamedTuple):
    """The edges of all webs, E curves of P points."""

    line: np.ndarray  # (E, P, 2) [unit]
    side: np.ndarray  # (E, P, 2) unit vectors square to it, shorter where it is thinner


class Skin:
    """The skin of a body as it is drawn.

    Attributes:
        webs: Edges ``(first, last)`` of each piece of skin; those of a bone alone have one.
        nodes: Those that have skin.
    """

    def __init__(self, body: Body) -> None:
        found = webs(body)
        self._edges = [edge for web in found for edge in web.edges]
        self._bow = np.array([bow for web in found for bow in web.bows])[:, None]
        self._web = [i for i, web in enumerate(found) for _ in web.edges]  # number of each edge's
        ends = np.cumsum([len(web.edges) for web in found]).tolist()
        self.webs = list(zip([0, *ends], ends))
        groups = [web.nodes for web in found]
        self._share = _shares(groups, len(body.nodes))
        self.nodes = sorted({node for group in groups for node in group})

    def curves(self, position: np.ndarray) -> Curves:
        """The edges as they lie now; ``position`` is ``(K, 2)`` [unit]."""
        ends = position[np.array(self._edges)]  # (E, 2, 2)
        a, b = ends[:, 0], ends[:, 1]
        half = (a + b) / 2
        control = half + self._bow * ((self._share @ position)[self._web] - half)
        return _bend(a, control, b)

    def covers(self, a: int, b: int) -> bool:
        """Whether nodes ``a`` and ``b`` are joined by skin."""
        return (a, b) in self._edges or (b, a) in self._edges


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
    """A web grown beyond its edges, as one polygon ``(P, 2)`` [unit].

    Corners are left open: the nodes' own discs close them.

    Args:
        curves: The edges of all webs.
        web: First and last edge, one of `Skin.webs`.
        radius: How far the web is grown [unit].
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
