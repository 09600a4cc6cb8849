"""Counts left and right turns between targets, to measure turning bias."""

from __future__ import annotations

import math

import numpy as np

from walker_env import WalkerBatch, sensing


class Legs:
    """Watches a batch and adds up each walker's turning between targets.

    A leg is the way from one target to the next, the first from the start; a leg counts once its
    target is reached. Turning is the heading's net rotation, whole turns included, so a walker
    that goes around to the left by 270 degrees turned left although the target lay to its right.

    Args:
        batch: Just reset; only read.
        turn_min: Legs that turn by less are neither left nor right [rad].
    """

    def __init__(self, batch: WalkerBatch, turn_min: float) -> None:
        self._batch, self._turn_min = batch, turn_min
        self._forward = sensing.heading(batch.state.position, batch.body)
        self._start = sensing.head_position(batch.state.position, batch.body)  # (N, 2)
        self._faced = self._forward
        self._turned = np.zeros(batch.n)  # (N,) [rad] on this leg, positive to the left
        self._reached = batch.state.target_index.copy()
        self._left = np.zeros(batch.n, dtype=np.int64)
        self._turns = np.zeros(batch.n, dtype=np.int64)

    def watch(self) -> None:
        """Look at the state after a control step."""
        state = self._batch.state
        forward = sensing.heading(state.position, self._batch.body)
        self._turned += _angle(self._forward, forward)
        self._forward = forward
        ended = state.target_index > self._reached
        if ended.any():
            self._left += ended & (self._turned > self._turn_min)
            self._turns += ended & (np.abs(self._turned) > self._turn_min)
            self._turned[ended] = 0.0
            self._reached = state.target_index.copy()

    def counts(self) -> dict[str, np.ndarray]:
        """Per walker, ``(N,)`` int: legs turned left, legs turned, and the same of its course."""
        course_left, course_turns = self._course()
        return {
            "left_turns": self._left,
            "turns": self._turns,
            "course_left_turns": course_left,
            "course_turns": course_turns,
        }

    def _course(self) -> tuple[np.ndarray, np.ndarray]:
        """How the straight lines from target to target turn, on the legs that were walked."""
        targets = self._batch.state.targets  # (N, P, 2)
        corners = np.concatenate([self._start[:, None], targets], axis=1)
        ways = np.diff(corners, axis=1)  # (N, P, 2), way to target p
        before = np.concatenate([self._faced[:, None], ways[:, :-1]], axis=1)
        turn = _angle(before, ways)  # (N, P)
        walked = np.arange(turn.shape[1]) < self._reached[:, None]
        left = (walked & (turn > self._turn_min)).sum(axis=1)
        return left, (walked & (np.abs(turn) > self._turn_min)).sum(axis=1)


def _angle(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Angle from vectors ``a`` to ``b`` (..., 2), in (-pi, pi], positive to the left."""
    cross = a[..., 0] * b[..., 1] - a[..., 1] * b[..., 0]
    return _arctangent(cross, a[..., 0] * b[..., 0] + a[..., 1] * b[..., 1])


def _arctangent(y: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Angle of the point (x, y), within 1e-12; unlike numpy's, to the last bit the same everywhere.

    The smaller coordinate over the larger one is halved in angle twice; there the series is short.
    """
    wide, tall = np.abs(x), np.abs(y)
    most = np.maximum(wide, tall)
    small = np.minimum(wide, tall) / np.where(most > 0, most, 1.0)
    for _ in range(2):
        small = small / (1.0 + np.sqrt(1.0 + small * small))
    square, series = small * small, np.zeros_like(small)
    for odd in range(17, -1, -2):
        series = 1.0 / odd - square * series
    angle = 4.0 * small * series
    angle = np.where(tall > wide, 0.5 * math.pi - angle, angle)
    angle = np.where(x < 0, math.pi - angle, angle)
    return np.where(y < 0, -angle, angle)
