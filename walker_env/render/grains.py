"""Loose grains on the sand: gripping feet push them aside, and there they stay."""

from __future__ import annotations

import numpy as np
import pygame

from walker_env.render.camera import Camera
from walker_env.render.canvas import flat
from walker_env.render.palette import GRAINS, grain_sides

COUNT = 20_000
"""Grains in a picture's field of view."""

_SEED = 7  # of the decoration alone
_SPARE = 1.06  # a field is so much larger than the widest view
_RIM = 0.5  # how far beyond its edge a foot strews, as a share of its radius
_REFRESH = 0.025  # share of the field the camera moves before grains are brought along
_LANE = 40.0  # [unit] the field is sorted into lanes about so wide
_PLOUGHED = 26.0  # [unit] a grain is found again so far from where it lay at first


class Grains:
    """Grains in a field that goes along with the camera.

    A grain that the field leaves behind comes in again on the other side, where it has never been
    touched. Positions are exact functions of what feet pressed where, in which order.

    Args:
        field: Width and height of the field [unit].
        count: Number of grains.
    """

    def __init__(self, field: tuple[float, float], count: int = COUNT) -> None:
        rng = np.random.default_rng(_SEED)
        self.field = np.array(field, dtype=np.float64)
        home = rng.random((2, count)) * self.field[:, None]
        self._lanes = max(1, int(self.field[0] // _LANE))
        lane = (home[0] * (self._lanes / self.field[0])).astype(np.int64)
        key = lane * self.field[1] + home[1]  # grains in order of lanes, in a lane of y
        order = np.argsort(key)
        self._home, self._key = home[:, order], key[order]  # (2, G): x and y apart are faster
        self._spread = 1 + _RIM * rng.random(count)
        shades = np.array([_sides(tone) for tone in GRAINS], dtype=np.uint32)  # (tones, 3)
        self._light, self._base, self._dark = shades[rng.integers(0, len(shades), count)].T.copy()
        self._large = rng.random(count) < 0.4
        self.clear()

    def clear(self) -> None:
        """Put every grain back."""
        self._cell = np.zeros_like(self._home)
        self._around: np.ndarray | None = None
        self._place = self._home.copy()

    @property
    def place(self) -> np.ndarray:
        """Where the grains lie, a view ``(G, 2)`` [unit], world frame."""
        return self._place.T

    def centre(self, middle: np.ndarray) -> None:
        """Bring the field's middle near ``middle`` ``(2,)`` [unit]."""
        if self._around is not None:
            off = np.abs(middle - self._around) / self.field
            if off.max() < _REFRESH:
                return
        self._around = np.array(middle, dtype=np.float64)
        for axis in range(2):
            home, width = self._home[axis], self.field[axis]
            cell = np.floor((middle[axis] - home) / width + 0.5)
            fresh = np.flatnonzero(cell != self._cell[axis])
            self._cell[axis] = cell
            self._bring(fresh)

    def _bring(self, grains: np.ndarray) -> None:
        """Lay some grains where they lie at first in their present cell of the field."""
        home, cell = self._home[:, grains], self._cell[:, grains]
        self._place[:, grains] = home + cell * self.field[:, None]

    def push(self, feet: np.ndarray, radius: np.ndarray) -> None:
        """Clear the ground under feet.

        Args:
            feet: Where they press, ``(F, 2)`` [unit].
            radius: How far each reaches, ``(F,)`` [unit].
        """
        near, foot = self._near(feet, radius)
        x, y = self._place[:, near] - feet.T[:, foot]
        distance = np.hypot(x, y)
        under = np.flatnonzero((distance < radius[foot]) & (distance > 1e-6))
        near = near[under]
        beyond = radius[foot[under]] * self._spread[near] / distance[under] - 1
        self._place[0, near] += x[under] * beyond
        self._place[1, near] += y[under] * beyond

    def draw(self, surface: pygame.Surface, camera: Camera) -> None:
        """Draw all grains in the picture: lit from the upper left, at least a pixel wide."""
        (width, height), pitch = surface.get_size(), surface.get_pitch() // 4
        x, y = camera.to_pixels(self._place)
        # as unsigned numbers, what lies left of or above the picture is huge
        inside = ((x - 1).view(np.uint32) < width - 3) & ((y - 1).view(np.uint32) < height - 3)
        at = y * pitch + x
        canvas = flat(surface)
        seen = np.flatnonzero(inside)
        where = at[seen]
        if camera.zoom < 0.6:
            canvas[where] = self._base[seen]
            return
        light, base, dark = (shade[seen] for shade in (self._light, self._base, self._dark))
        if camera.zoom > 0.9:
            large = self._large[seen]
            self._draw_rim(canvas, where[large], base[large], dark[large], pitch)
        canvas[where + pitch + 1] = dark
        canvas[where + 1] = canvas[where + pitch] = base
        canvas[where] = light

    def _draw_rim(
        self, canvas: np.ndarray, at: np.ndarray, base: np.ndarray, dark: np.ndarray, pitch: int
    ) -> None:
        """What makes a large grain three pixels wide."""
        canvas[at - 1] = canvas[at - pitch] = canvas[at - pitch + 1] = base
        canvas[at + pitch - 1] = base
        canvas[at + 2] = canvas[at + pitch + 2] = dark
        canvas[at + 2 * pitch] = canvas[at + 2 * pitch + 1] = dark

    def _near(self, feet: np.ndarray, radius: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Grains that may lie under feet, and the foot of each.

        They are looked up by where they lay at first, in the lanes a foot reaches; a range that
        runs over the field's end goes on at its beginning.
        """
        width, height = self.field
        reach = radius + _PLOUGHED
        per_unit = self._lanes / width
        leftmost = np.floor((feet[:, 0] - reach) * per_unit)
        across = int(np.ceil(2 * reach.max() * per_unit)) + 1
        lane = (leftmost[:, None] + np.arange(across)) % self._lanes  # (F, lanes)
        low = ((feet[:, 1] - reach) % height)[:, None]
        high = low + 2 * reach[:, None]
        begin = lane * height
        first = np.concatenate([begin + low, begin + np.zeros_like(low)], axis=1)
        last = np.concatenate([begin + np.minimum(high, height), begin + high - height], axis=1)
        a, b = np.searchsorted(self._key, first.ravel()), np.searchsorted(self._key, last.ravel())
        count = np.maximum(b - a, 0)
        start = np.repeat(a - np.cumsum(count) + count, count)
        foot = np.repeat(np.repeat(np.arange(len(feet)), 2 * across), count)
        return start + np.arange(len(start)), foot


def _sides(tone: tuple[int, int, int]) -> tuple[int, int, int]:
    """A grain's lit side, itself and its shaded side as pixels of a 32-bit picture."""
    return tuple((r << 16) | (g << 8) | b for r, g, b in grain_sides(tone))  # type: ignore[return-value]
