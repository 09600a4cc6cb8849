"""Named questions about N walkers: where is the head, where does it look, where is the target?

Positions are in the world frame unless a name says ``in_head_frame``: x forward, y to the left.
All functions take arrays with a leading walker axis and return arrays with one.
"""

from __future__ import annotations

import numpy as np

from walker_env.body import Body
from walker_env.schema import TINY


def head_position(position: np.ndarray, body: Body) -> np.ndarray:
    """Mean of the head nodes, ``(N, 2)`` [unit]."""
    total = position[:, body.head[0]]
    for node in body.head[1:]:
        total = total + position[:, node]
    return total * (1.0 / len(body.head))


def centre(position: np.ndarray) -> np.ndarray:
    """Mean of all nodes, ``(N, 2)`` [unit]."""
    return np.add.reduce(position, axis=1) * (1.0 / position.shape[1])


def length(vector: np.ndarray) -> np.ndarray:
    """Length of vectors ``(..., 2)``, as ``(...)``."""
    square = vector * vector
    return np.sqrt(square[..., 0] + square[..., 1])


def across(position: np.ndarray, body: Body) -> np.ndarray:
    """From the left to the right node of the ``across`` pair, ``(N, 2)`` [unit]."""
    left, right = body.across
    return position[:, right] - position[:, left]


def heading(position: np.ndarray, body: Body) -> np.ndarray:
    """Unit vector along which the body looks, ``(N, 2)``: the normal of its ``across`` pair."""
    arm = across(position, body)
    return arm[:, ::-1] * _QUARTER_TURN / (length(arm) + TINY)[:, None]


def in_head_frame(vector: np.ndarray, forward: np.ndarray) -> np.ndarray:
    """A world vector ``(N, 2)`` as seen by the head: ``[:, 0]`` forward, ``[:, 1]`` left."""
    along, aside = vector * forward, vector[:, ::-1] * forward
    seen = np.empty_like(vector)
    np.add(along[:, 0], along[:, 1], out=seen[:, 0])
    np.subtract(aside[:, 0], aside[:, 1], out=seen[:, 1])
    return seen


def turn_rate(position: np.ndarray, velocity: np.ndarray, body: Body) -> np.ndarray:
    """Rate at which the heading turns to the left, ``(N,)`` [rad/s].

    Args:
        position: ``(N, K, 2)`` [unit].
        velocity: ``(N, K, 2)`` [unit/s].
        body: Whose ``across`` pair gives the heading.
    """
    arm, speed = across(position, body), across(velocity, body)
    square, cross = arm * arm, arm * speed[:, ::-1]
    return (cross[:, 0] - cross[:, 1]) / (square[:, 0] + square[:, 1] + TINY)


class MuscleGauge:
    """Measures the muscles of one body: the index arrays are looked up once."""

    def __init__(self, body: Body) -> None:
        self._a = np.array([muscle.a for muscle in body.muscles])
        self._b = np.array([muscle.b for muscle in body.muscles])
        self._rest = body.rest_lengths()[len(body.bones) :]

    def ratio(self, position: np.ndarray) -> np.ndarray:
        """Present length of each muscle over its drawn length, ``(N, M)``."""
        span = position.take(self._a, axis=1) - position.take(self._b, axis=1)
        return length(span) / self._rest


_QUARTER_TURN = np.array([-1.0, 1.0])  # (x, y) -> (-y, x), applied to the reversed vector
