"""What flies when a target is reached: sparks, each a function of its age alone."""

from __future__ import annotations

import functools

import numpy as np
import pygame

from walker_env.render.camera import Camera
from walker_env.render.moment import TICK
from walker_env.render.palette import PAPER, SAND_LIGHT, TARGET, Colour, mix
from walker_env.tasks import TARGET_RADIUS

LIFETIME = round(0.9 / TICK)
"""Ticks for which a burst is seen."""

_SEED = 9  # of the decoration alone
_SPARKS = 70
_DRAG = 5.0  # [1/s]
_LEVELS = 5  # of opacity


@functools.cache
def _throw() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """First speeds ``(S, 2)`` [unit/s], radii ``(S,)`` [unit] and shades ``(S,)`` of the sparks."""
    rng = np.random.default_rng(_SEED)
    turn = 2 * np.pi * (np.arange(_SPARKS) + rng.random(_SPARKS)) / _SPARKS
    speed = 420 * np.sqrt(0.05 + 0.95 * rng.random(_SPARKS))
    heading = np.stack([np.cos(turn), np.sin(turn)], axis=1)
    return (
        speed[:, None] * heading,
        1.2 + 3.2 * rng.random(_SPARKS) ** 2,
        rng.integers(0, 3, _SPARKS),
    )


def draw_burst(
    surface: pygame.Surface, camera: Camera, place: np.ndarray, age: float, colour: Colour = TARGET
) -> None:
    """Draw the sparks of a target that was reached.

    Args:
        surface: Where to draw.
        camera: Where the world is in the picture.
        place: Where the target was, ``(2,)`` [unit].
        age: Time since it was reached [tick]; nothing is drawn beyond `LIFETIME`.
        colour: Of the sparks.
    """
    share = age / LIFETIME
    if not 0 <= share < 1:
        return
    speed, radius, shade = _throw()
    flown = (1 - np.exp(-_DRAG * age * TICK)) / _DRAG
    spots = camera.to_screen(place + speed * flown)
    size = np.maximum(1.0, radius * camera.zoom * (1 - share**2))
    tones = (colour, mix(colour, PAPER, 0.45), mix(colour, SAND_LIGHT, 0.75))
    level = min(_LEVELS, 1 + int((1 - share) * 2 * _LEVELS))
    sprites = [_spark(round(2 * float(r)), tones[tone], level) for r, tone in zip(size, shade)]
    corner = (spots - size[:, None] - 1).round().astype(int).tolist()
    surface.fblits(list(zip(sprites, corner)))
    _wave(surface, camera, place, share, colour)


def _wave(
    surface: pygame.Surface, camera: Camera, place: np.ndarray, share: float, colour: Colour
) -> None:
    """A ring that widens and thins out."""
    radius = TARGET_RADIUS * (1 + 3 * share**0.5) * camera.zoom
    width = 5 * (1 - share) * camera.zoom
    if width >= 1:
        tone, spot = mix(colour, PAPER, 0.55), camera.to_screen(place).tolist()
        pygame.draw.aacircle(surface, tone, spot, radius, max(1, round(width)))


@functools.lru_cache(maxsize=512)
def _spark(diameter: int, colour: Colour, level: int) -> pygame.Surface:
    side = diameter + 3
    sprite = pygame.Surface((4 * side, 4 * side), pygame.SRCALPHA)
    sprite.fill((*colour, 0))
    opacity = 255 * level // _LEVELS
    pygame.draw.circle(sprite, (*colour, opacity), (2 * side, 2 * side), 2 * diameter)
    return pygame.transform.smoothscale(sprite, (side, side))
