"""Named questions about N walkers: where is the head, where does it look, where is the target?

Positions are in the world frame unless a name says ``in_head_frame``: x forward, y to the left.
All functions take arrays with a leading walker axis and return arrays with one.
"""

from __future__ import annotations

import numpy as np

from walker_env.body import Body


def head_position(position: np.ndarray, body: Body) -> np.ndarray:
    """Mean of the head nodes, ``(N, 2)`` [unit]."""
    total = position[:, body.head[0]]
    for node in body.head[1:]:
        total = total + position[:, node]
    return total / len(body.head)


def heading(position: np.ndarray, body: Body) -> np.ndarray:
    """Unit vector along which the body looks, ``(N, 2)``: the normal of its ``across`` pair."""
    left, right = body.across
    across = position[:, right] - position[:, left]
    length = np.sqrt(across[:, 0] ** 2 + across[:, 1] ** 2)
    normal = np.empty_like(across)
    normal[:, 0] = -across[:, 1]
    normal[:, 1] = across[:, 0]
    # two nodes in one place look nowhere; dividing by 1 keeps the answer finite
    return normal / np.where(length > 0, length, 1.0)[:, None]


def in_head_frame(vector: np.ndarray, forward: np.ndarray) -> np.ndarray:
    """A world vector ``(N, 2)`` as seen by the head: ``[:, 0]`` forward, ``[:, 1]`` left."""
    x, y = vector[:, 0], vector[:, 1]
    fx, fy = forward[:, 0], forward[:, 1]
    seen = np.empty_like(vector)
    seen[:, 0] = x * fx + y * fy
    seen[:, 1] = y * fx - x * fy
    return seen


def turn_rate(position: np.ndarray, velocity: np.ndarray, body: Body) -> np.ndarray:
    """Rate at which the heading turns to the left, ``(N,)`` [rad/s]."""
    left, right = body.across
    arm = position[:, right] - position[:, left]
    speed = velocity[:, right] - velocity[:, left]
    square = arm[:, 0] ** 2 + arm[:, 1] ** 2
    cross = arm[:, 0] * speed[:, 1] - arm[:, 1] * speed[:, 0]
    return cross / np.where(square > 0, square, 1.0)


class MuscleGauge:
    """Measures the muscles of one body: the index arrays are looked up once."""

    def __init__(self, body: Body) -> None:
        self._a = np.array([muscle.a for muscle in body.muscles])
        self._b = np.array([muscle.b for muscle in body.muscles])
        self._rest = body.rest_lengths()[len(body.bones) :]

    def ratio(self, position: np.ndarray) -> np.ndarray:
        """Present length of each muscle over its drawn length, ``(N, M)``."""
        span = position[:, self._a] - position[:, self._b]
        return np.sqrt(span[..., 0] ** 2 + span[..., 1] ** 2) / self._rest
