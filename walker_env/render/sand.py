"""The ground: one tile of wind-blown sand, repeated without a seam."""

from __future__ import annotations

import functools

import numpy as np
import pygame

from walker_env.render.camera import GRID, Camera
from walker_env.render.palette import INK, PEBBLE, SAND, SAND_DARK, SAND_LIGHT, mix

_SEED = 20  # of the texture alone
_PEBBLES = 26


class Sand:
    """Draws the ground under a camera; `GRID` units are one tile."""

    def __init__(self) -> None:
        self._tile, self._zoom = sand_tile(), 1.0
        self._scaled = self._tile

    def draw(self, surface: pygame.Surface, camera: Camera) -> None:
        """Cover ``surface`` with sand that stays put in the world."""
        side = round(GRID * camera.zoom)
        if camera.zoom != self._zoom:
            self._scaled = pygame.transform.smoothscale(self._tile, (side, side))
            self._zoom = camera.zoom
        (left, top), (width, height) = camera.origin, surface.get_size()
        places = [
            (self._scaled, (x, y))
            for x in range(left % side - side, width, side)
            for y in range(top % side - side, height, side)
        ]
        surface.fblits(places)


@functools.cache
def sand_tile() -> pygame.Surface:
    """A periodic picture of sand, `GRID` pixels a side."""
    rng = np.random.default_rng(_SEED)
    dunes = _cloud(rng, 2.0, 2)
    ripples = np.sin(2 * np.pi * 22 * _ramp() + 2.6 * dunes + 0.9 * _cloud(rng, 1.2, 6))
    height = 0.45 * dunes + 0.16 * ripples * np.clip(0.6 + 0.5 * dunes, 0, 1.4)
    light = np.roll(height, 1, (0, 1)) - np.roll(height, -1, (0, 1))
    tone = 0.8 * light + 0.05 * dunes + 0.045 * rng.standard_normal(dunes.shape)
    tone = np.clip(tone, -1, 1)[..., None]
    shade = np.where(tone < 0, np.array(SAND_DARK) - SAND, np.array(SAND_LIGHT) - SAND)
    pixels = np.clip(np.array(SAND) + np.abs(tone) * shade, 0, 255).astype(np.uint8)
    tile = pygame.Surface((GRID, GRID), depth=32)
    pygame.surfarray.blit_array(tile, pixels)
    _strew(tile, rng)
    return tile


def _ramp() -> np.ndarray:
    """Rises from 0 to 1 across the tile, slanted, so that a wave along it is periodic."""
    axis = np.arange(GRID) / GRID
    return axis[None, :] + axis[:, None] * (6 / 22)


def _cloud(rng: np.random.Generator, roughness: float, coarsest: int) -> np.ndarray:
    """Periodic smooth noise of unit variance, made from its spectrum."""
    fx, fy = np.fft.fftfreq(GRID) * GRID, np.fft.rfftfreq(GRID) * GRID
    frequency = np.hypot(fx[:, None], fy[None, :])
    power = np.where(frequency >= coarsest, np.maximum(frequency, 1) ** -roughness, 0)
    noise = np.fft.rfft2(rng.standard_normal((GRID, GRID))) * power * np.exp(-frequency / 24)
    cloud = np.fft.irfft2(noise, s=(GRID, GRID))
    return cloud / cloud.std()


def _strew(tile: pygame.Surface, rng: np.random.Generator) -> None:
    """Small stones, away from the seam."""
    for x, y, size, tone in rng.random((_PEBBLES, 4)):
        centre = (12 + x * (GRID - 24), 12 + y * (GRID - 24))
        radius = 1.2 + 2.4 * size**2
        stone = mix(PEBBLE, INK, 0.3 * tone)
        pygame.draw.aacircle(
            tile, mix(SAND, SAND_DARK, 0.7), (centre[0] + 1, centre[1] + 1), radius
        )
        pygame.draw.aacircle(tile, stone, centre, radius)
