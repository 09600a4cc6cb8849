"""The camera: from the world, where y is up, to the picture, where y is down."""

from __future__ import annotations

import math

import numpy as np

from walker_env.render.moment import TICK

GRID = 512
"""Zooms are multiples of 1 / GRID [pixel/unit], so that a sand tile is a whole number of pixels."""

MARGIN = 105.0  # [unit] kept free around what is shown
NEAREST = 230.0  # [unit] half the lesser side of the smallest view
FARTHEST = 480.0  # [unit] half the lesser side of the widest view
SETTLE = 0.7  # [s] time constant of the camera's movements


class Camera:
    """Looks straight down on the world.

    Args:
        size: Width and height of the picture [pixel].
        panel: Pixels at the right that stay free for cards.
        farthest: Half the lesser side of the widest view that it follows somebody in [unit].

    Attributes:
        zoom: Pixels a unit.
        free: Width and height of the part without cards [pixel].
        origin: Where the world's origin lies in the picture, whole pixels.
    """

    def __init__(self, size: tuple[int, int], panel: int = 0, farthest: float = FARTHEST) -> None:
        self.free, self._size = (size[0] - panel, size[1]), np.array(size, dtype=np.float64)
        lesser = min(self.free)
        self._wide = np.array(self.free) / lesser  # the free part's sides over its lesser one
        self._placed = self._fixed = False
        self._follows = self._farthest = farthest
        self._look(np.zeros(2), NEAREST)

    @property
    def middle(self) -> np.ndarray:
        """World point in the middle of the whole picture, ``(2,)`` [unit]."""
        return (self._size / 2 - self._shift) / self._scale

    @property
    def widest(self) -> np.ndarray:
        """Width and height of the widest view there was or can be, ``(2,)`` [unit]."""
        return 2.1 * self._farthest * self._size / min(self.free)

    def to_screen(self, points: np.ndarray) -> np.ndarray:
        """World points ``(..., 2)`` [unit] in the picture, ``(..., 2)`` float64 [pixel]."""
        return points * self._scale + self._shift

    def to_pixels(self, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Columns and rows of the pixels that ``points`` ``(2, P)`` fall on, ``(P,)`` int32."""
        x = points[0] * self.zoom + self.origin[0]
        y = points[1] * -self.zoom + self.origin[1]
        return x.astype(np.int32), y.astype(np.int32)

    def to_world(self, spot: tuple[float, float]) -> np.ndarray:
        """The world point ``(2,)`` [unit] that is seen at a pixel."""
        return (np.array(spot, dtype=np.float64) - self._shift) / self._scale

    def fix(self, centre: np.ndarray, half: float) -> None:
        """Show at least the square of ``half`` a side [unit] around ``centre`` from now on."""
        self._placed = self._fixed = True
        self._farthest = max(self._farthest, half)
        self._look(np.array(centre, dtype=np.float64), half)

    def free_again(self) -> None:
        """Let `follow` move a fixed camera from where it is."""
        self._fixed = False

    def follow(self, points: np.ndarray, ticks: float) -> None:
        """Move towards a view of all points; the first one is in view however far the others are.

        Args:
            points: ``(P, 2)`` [unit], world frame.
            ticks: Since the last call; a camera never used before jumps. A fixed one stays.
        """
        if self._fixed:
            return
        low, high = points.min(axis=0), points.max(axis=0)
        wanted = (((high - low) / 2 + MARGIN) / self._wide).max()
        half = float(np.clip(wanted, NEAREST, self._follows))
        centre = (low + high) / 2
        if self._placed:
            way = 1 - math.exp(-ticks * TICK / SETTLE)
            centre = self._centre + (centre - self._centre) * way
            half = self._half + (half - self._half) * way
        self._placed = True
        room = np.maximum(half * self._wide - MARGIN, 0.0)
        self._look(points[0] + np.clip(centre - points[0], -room, room), half)

    def release(self) -> None:
        """Let the next `follow` jump."""
        self._placed = self._fixed

    def _look(self, centre: np.ndarray, half: float) -> None:
        self._centre, self._half = centre, half
        wanted = min(self.free) / (2 * half)
        self.zoom = max(1, round(wanted * GRID)) / GRID
        x, y = centre * self.zoom
        self.origin = round(self.free[0] / 2 - x), round(self.free[1] / 2 + y)
        self._scale = np.array([self.zoom, -self.zoom])
        self._shift = np.array(self.origin, dtype=np.float64)


def square_around(
    places: np.ndarray, border: float = MARGIN, least: float = 320.0
) -> tuple[np.ndarray, float]:
    """Centre ``(2,)`` and half the side [unit] of a square that holds ``places`` ``(P, 2)``.

    Args:
        places: World points [unit].
        border: Kept free around them [unit].
        least: Half the side of the smallest square [unit].
    """
    low, high = np.min(places, axis=0), np.max(places, axis=0)
    return (low + high) / 2, max(float((high - low).max()) / 2 + border, least)
