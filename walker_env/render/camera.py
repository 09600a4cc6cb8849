"""The camera: from the world, where y is up, to the picture, where y is down."""

from __future__ import annotations

import math

import numpy as np

GRID = 512
"""Zooms are multiples of 1 / GRID [pixel/unit], so that a sand tile is a whole number of pixels."""

MARGIN = 105.0  # [unit] kept free around what is shown
NEAREST = 230.0  # [unit] half a side of the smallest view
FARTHEST = 680.0  # [unit] half a side of the widest view
SETTLE = 14.0  # [control step] time constant of the camera's movements


class Camera:
    """Looks straight down on the world.

    Args:
        size: Width and height of the picture [pixel].
        panel: Pixels at the right that stay free for cards.

    Attributes:
        zoom: Pixels a unit.
        free: Width and height of the part without cards [pixel].
        origin: Where the world's origin lies in the picture, whole pixels.
    """

    def __init__(self, size: tuple[int, int], panel: int = 0) -> None:
        self.free = (size[0] - panel, size[1])
        self._placed = False
        self._look(np.zeros(2), NEAREST)

    def to_screen(self, points: np.ndarray) -> np.ndarray:
        """World points ``(..., 2)`` [unit] in the picture, ``(..., 2)`` float64 [pixel]."""
        return points * self._scale + self._shift

    def fix(self, centre: np.ndarray, half: float) -> None:
        """Show the square of ``half`` a side [unit] around ``centre`` from now on."""
        self._placed = True
        self._look(np.array(centre, dtype=np.float64), half)

    def follow(self, points: np.ndarray, steps: int) -> None:
        """Move towards a view of all points; the first one is in view however far the others are.

        Args:
            points: ``(P, 2)`` [unit], world frame.
            steps: Control steps since the last call; a camera never used before jumps.
        """
        low, high = points.min(axis=0), points.max(axis=0)
        half = float(np.clip((high - low).max() / 2 + MARGIN, NEAREST, FARTHEST))
        centre = (low + high) / 2
        if self._placed:
            way = 1 - math.exp(-steps / SETTLE)
            centre = self._centre + (centre - self._centre) * way
            half = self._half + (half - self._half) * way
        self._placed = True
        room = half - MARGIN
        self._look(points[0] + np.clip(centre - points[0], -room, room), half)

    def release(self) -> None:
        """Let the next `follow` jump."""
        self._placed = False

    def _look(self, centre: np.ndarray, half: float) -> None:
        self._centre, self._half = centre, half
        wanted = min(self.free) / (2 * half)
        self.zoom = max(1, round(wanted * GRID)) / GRID
        x, y = centre * self.zoom
        self.origin = round(self.free[0] / 2 - x), round(self.free[1] / 2 + y)
        self._scale = np.array([self.zoom, -self.zoom])
        self._shift = np.array(self.origin, dtype=np.float64)
