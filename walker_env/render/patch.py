"""A small layer drawn several times larger and scaled down: smooth edges for any shape."""

from __future__ import annotations

import math

import numpy as np
import pygame

from walker_env.render.camera import Camera
from walker_env.render.palette import Colour

_DENSITY = 2.2  # [pixel/unit] to draw at, roughly
_LEAST, _MOST = 2, 4  # oversampling


class Patch:
    """Shapes in world units, blended onto a picture in one go.

    Opaque shapes on nothing, averaged, are colours premultiplied with their coverage; that is how
    they are blended.

    Args:
        camera: Where the world is in the picture.
        centre: Middle of the patch, ``(2,)`` [unit].
        reach: Half its sides, ``(2,)`` or a number [unit].
    """

    def __init__(self, camera: Camera, centre: np.ndarray, reach: np.ndarray | float) -> None:
        zoom = camera.zoom
        self._many = int(np.clip(round(_DENSITY / zoom), _LEAST, _MOST))
        extent = np.broadcast_to(np.asarray(reach, dtype=np.float64) * zoom, (2,))
        self._corner = np.floor(camera.to_screen(centre) - extent) - 1
        self._size = tuple(int(side) for side in np.ceil(2 * extent) + 3)
        self._camera, self._scale = camera, zoom * self._many
        large = (self._size[0] * self._many, self._size[1] * self._many)
        self._surface = pygame.Surface(large, pygame.SRCALPHA)

    def circle(self, centre: np.ndarray, radius: float, colour: Colour) -> None:
        """A disc around ``centre`` ``(2,)``."""
        pygame.draw.circle(
            self._surface, colour, self._points(centre), max(1.0, radius * self._scale)
        )

    def ring(self, centre: np.ndarray, radius: float, width: float, colour: Colour) -> None:
        """The outermost ``width`` of a disc."""
        pixels = max(1, round(width * self._scale))
        pygame.draw.circle(
            self._surface, colour, self._points(centre), radius * self._scale, pixels
        )

    def polygon(self, points: np.ndarray, colour: Colour) -> None:
        """A filled polygon ``(P, 2)``, P at least 3."""
        pygame.draw.polygon(self._surface, colour, self._points(points))

    def capsule(self, a: np.ndarray, b: np.ndarray, radius: float, colour: Colour) -> None:
        """A line from ``a`` to ``b`` of thickness ``2 * radius`` with round ends."""
        self.rounded(np.array([a, b]), radius, colour)

    def rounded(self, points: np.ndarray, radius: float, colour: Colour) -> None:
        """The polygon of ``points`` ``(P, 2)`` grown by ``radius``, with round corners."""
        corners, grown = self._points(points), max(1.0, radius * self._scale)
        if len(corners) > 2:
            pygame.draw.polygon(self._surface, colour, corners)
        last = corners[-1] if len(corners) > 2 else corners[0]
        for x, y in corners:
            pygame.draw.circle(self._surface, colour, (x, y), grown)
            length = math.hypot(x - last[0], y - last[1])
            if length > 0:
                dx, dy = (last[1] - y) * grown / length, (x - last[0]) * grown / length
                side = [(last[0] + dx, last[1] + dy), (x + dx, y + dy)]
                side += [(x - dx, y - dy), (last[0] - dx, last[1] - dy)]
                pygame.draw.polygon(self._surface, colour, side)
            last = (x, y)

    def stamp(
        self, surface: pygame.Surface, opacity: float = 1.0, shadow: tuple[float, float] = (0, 0)
    ) -> None:
        """Blend the patch onto ``surface``, its shadow moved by ``shadow`` [unit]."""
        small = pygame.transform.smoothscale(self._surface, self._size)
        x, y = (int(value) for value in self._corner)
        if shadow != (0, 0):
            dark = small.copy()
            dark.fill((0, 0, 0, 72), special_flags=pygame.BLEND_RGBA_MULT)
            zoom = self._camera.zoom
            place = (x + round(shadow[0] * zoom), y - round(shadow[1] * zoom))
            surface.blit(dark, place, special_flags=pygame.BLEND_PREMULTIPLIED)
        if opacity < 1:
            level = round(255 * max(0.0, opacity))
            small.fill((level,) * 4, special_flags=pygame.BLEND_RGBA_MULT)
        surface.blit(small, (x, y), special_flags=pygame.BLEND_PREMULTIPLIED)

    def _points(self, world: np.ndarray) -> list:
        return ((self._camera.to_screen(world) - self._corner) * self._many).tolist()
