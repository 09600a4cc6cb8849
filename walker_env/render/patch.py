"""A small layer drawn several times larger and scaled down: smooth edges for any shape."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pygame

from walker_env.render.camera import Camera
from walker_env.render.palette import Colour

_DENSITY = 2.0  # [pixel/unit] to draw at, roughly
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
        self._turn = np.array([self._scale, -self._scale])
        self._shift = (np.array(camera.origin) - self._corner) * self._many
        large = (self._size[0] * self._many, self._size[1] * self._many)
        self._surface = pygame.Surface(large, pygame.SRCALPHA)

    def circle(self, centre: np.ndarray, radius: float, colour: Colour) -> None:
        """Draw a disc.

        Args:
            centre: ``(2,)`` [unit].
            radius: Of the disc [unit].
            colour: Of the disc.
        """
        self.circles(centre[None], [radius], [colour])

    def glow(self, centre: np.ndarray, radius: float, colour: Colour, opacity: float) -> None:
        """Draw a translucent disc; what is drawn later covers it.

        Args:
            centre: ``(2,)`` [unit].
            radius: Of the disc [unit].
            colour: Of the disc.
            opacity: From 0 to 1.
        """
        level = max(0.0, min(1.0, opacity))
        tone = tuple(round(level * part) for part in (*colour, 255))
        (spot,) = self._points(centre[None])
        pygame.draw.circle(self._surface, tone, spot, max(1.0, radius * self._scale))

    def circles(
        self, centres: np.ndarray, radii: Sequence[float], colours: Sequence[Colour]
    ) -> None:
        """Draw discs, each of its own radius and colour.

        Args:
            centres: ``(C, 2)`` [unit].
            radii: C of them [unit].
            colours: C of them.
        """
        for centre, radius, colour in zip(self._points(centres), radii, colours):
            pygame.draw.circle(self._surface, colour, centre, max(1.0, radius * self._scale))

    def polygon(self, points: np.ndarray, colour: Colour) -> None:
        """A filled polygon ``(P, 2)``, P at least 3."""
        pygame.draw.polygon(self._surface, colour, self._points(points))

    def polygons(self, points: np.ndarray, colour: Colour) -> None:
        """Filled polygons of one size, ``(Q, P, 2)``."""
        for corners in self._points(points):
            pygame.draw.polygon(self._surface, colour, corners)

    def capsule(self, a: np.ndarray, b: np.ndarray, radius: float, colour: Colour) -> None:
        """Draw a thick line with round ends.

        Args:
            a: One end, ``(2,)`` [unit].
            b: The other end, ``(2,)`` [unit].
            radius: Half the thickness [unit].
            colour: Of the line.
        """
        (ax, ay), (bx, by) = ends = self._points(np.array([a, b]))
        grown = max(1.0, radius * self._scale)
        for end in ends:
            pygame.draw.circle(self._surface, colour, end, grown)
        length = math.hypot(bx - ax, by - ay)
        if length > 0:
            dx, dy = (ay - by) * grown / length, (bx - ax) * grown / length
            side = [(ax + dx, ay + dy), (bx + dx, by + dy), (bx - dx, by - dy), (ax - dx, ay - dy)]
            pygame.draw.polygon(self._surface, colour, side)

    def stamp(
        self, surface: pygame.Surface, opacity: float = 1.0, shadow: tuple[float, float] = (0, 0)
    ) -> None:
        """Blend the patch onto a picture.

        Args:
            surface: The picture that the camera looks at.
            opacity: From 0 to 1.
            shadow: How far the shadow is moved, to the right and up [unit]; zeros: none is drawn.
        """
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
        return (world * self._turn + self._shift).tolist()
