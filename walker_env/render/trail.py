"""Footprints: where a foot pressed the sand, until the wind has levelled it."""

from __future__ import annotations

import functools

import numpy as np
import pygame

from walker_env.render.camera import Camera
from walker_env.render.palette import SAND_DARK, SAND_LIGHT, Colour, mix

LIFETIME = 600
"""Control steps after which a print is gone."""

_ROOM = 1500  # prints kept; the oldest goes first
_LEVELS = 12  # of depth


class Trail:
    """The footprints of one walker.

    Args:
        feet: Number of feet, F.
        size: Radius of a print at full grip [unit].
        tint: Colour mixed into the prints.
    """

    def __init__(self, feet: int, size: float, tint: Colour = SAND_DARK) -> None:
        self._size, self._colour = size, mix(SAND_DARK, tint, 0.22)
        self._last = np.full(feet, -1)  # index of each foot's latest print
        self._place = np.zeros((_ROOM, 2))
        self._depth = np.zeros(_ROOM)
        self._born = np.full(_ROOM, -float(LIFETIME))
        self._count = 0

    def press(self, feet: np.ndarray, grip: np.ndarray, step: float) -> None:
        """Record feet that press the sand.

        A foot that stays in place deepens its print; one that moves leaves another.

        Args:
            feet: Where they are, ``(F, 2)`` [unit].
            grip: How hard they press, ``(F,)`` in [0, 1].
            step: The present time [control step].
        """
        near = ((self._place[self._last] - feet) ** 2).sum(axis=1) < (0.6 * self._size) ** 2
        near &= (self._last >= 0) & (self._born[self._last] > step - LIFETIME)
        stay, new = self._last[near], np.flatnonzero(~near)
        self._depth[stay] = np.maximum(self._depth[stay], grip[near])
        self._born[stay] = step
        slots = (self._count + np.arange(len(new))) % _ROOM
        self._place[slots], self._depth[slots], self._born[slots] = feet[new], grip[new], step
        self._last[new] = slots
        self._count += len(new)

    def draw(self, surface: pygame.Surface, camera: Camera, step: float) -> None:
        """Draw the prints as they are at a time.

        Args:
            surface: Where to draw.
            camera: Where the world is in the picture.
            step: The present time [control step].
        """
        left = 1 - (step - self._born) / LIFETIME
        level = np.rint(self._depth**2 * np.clip(left, 0, 1) * _LEVELS).astype(int)
        sprites = _prints(max(2, round(self._size * camera.zoom)), self._colour)
        side = sprites[0].get_width()
        corner = np.rint(camera.to_screen(self._place)).astype(int) - side // 2
        inside = ((corner > -side) & (corner < surface.get_size())).all(axis=1)
        alive = np.flatnonzero((level > 0) & inside)
        shown = [sprites[i] for i in level[alive].tolist()]
        surface.fblits(list(zip(shown, corner[alive].tolist())))

    def clear(self) -> None:
        """Level the sand."""
        self._born[:] = -LIFETIME
        self._last[:] = -1


@functools.lru_cache(maxsize=64)
def _prints(radius: int, colour: Colour) -> list[pygame.Surface]:
    """A print of each depth."""
    return [_print(radius, level, colour) for level in range(_LEVELS + 1)]


def _print(radius: int, level: int, colour: Colour) -> pygame.Surface:
    """A hollow lit from the upper left: dark inside, a bright rim at the lower right."""
    share = level / _LEVELS
    half = int(np.ceil(radius * 1.5)) + 1
    y, x = np.mgrid[-half : half + 1, -half : half + 1]
    spot = np.clip(radius * (0.55 + 0.4 * share) + 0.5 - np.hypot(x, y), 0, 1)
    rim = np.clip(radius * (0.6 + 0.45 * share) + 0.5 - np.hypot(x - 1, y - 1), 0, 1) * (1 - spot)
    dark, bright = 0.45 * share * spot, 0.5 * share * rim
    alpha = dark + bright
    weight = (dark / np.where(alpha > 0, alpha, 1))[..., None]
    pixels = np.array(colour) * weight + np.array(SAND_LIGHT) * (1 - weight)
    sprite = pygame.Surface(spot.shape, pygame.SRCALPHA)
    pygame.surfarray.blit_array(sprite, pixels.transpose(1, 0, 2).astype(np.uint8))
    pygame.surfarray.pixels_alpha(sprite)[:] = (255 * alpha.T).astype(np.uint8)
    return sprite
