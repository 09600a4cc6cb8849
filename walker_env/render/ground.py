"""Ground that is not even: ice, mud, and the paths that walkers have cleared in sand."""

from __future__ import annotations

import numpy as np
import pygame

from walker_env.render.camera import Camera
from walker_env.render.palette import ICE, MUD, TRODDEN
from walker_env.render.underfoot import Underfoot

_GRAIN = 4  # [pixel] the ground is looked at so closely
_ICE, _MUD, _PATH = 0.86, 0.78, 0.75  # how much of the sand each covers


def draw_ground(surface: pygame.Surface, camera: Camera, ground: Underfoot) -> None:
    """Cover the sand of a picture with what lies there.

    Args:
        surface: The picture.
        camera: Where the world is in it.
        ground: Of the walker that is followed.
    """
    (left, top), (width, height) = camera.origin, surface.get_size()
    first = left % _GRAIN - 2 * _GRAIN, top % _GRAIN - 2 * _GRAIN  # it stays put in the world
    x = (np.arange(first[0], width + 2 * _GRAIN, _GRAIN) + _GRAIN / 2 - left) / camera.zoom
    y = (top - np.arange(first[1], height + 2 * _GRAIN, _GRAIN) - _GRAIN / 2) / camera.zoom
    places = np.stack(np.meshgrid(x, y, indexing="ij"), axis=-1)
    grip, depth = ground.terrain.grip_and_depth(places.reshape(1, -1, 2), ground.land)
    cover = _paths(depth) if ground.sandy else _kinds(grip, depth)
    layer = pygame.Surface((len(x), len(y)), pygame.SRCALPHA)
    pixels = _softened(cover.reshape(len(x), len(y), 4))
    pygame.surfarray.pixels3d(layer)[:] = pixels[..., :3]
    pygame.surfarray.pixels_alpha(layer)[:] = pixels[..., 3]
    large = pygame.transform.smoothscale(layer, (len(x) * _GRAIN, len(y) * _GRAIN))
    surface.blit(large, first, special_flags=pygame.BLEND_PREMULTIPLIED)


def _kinds(grip: np.ndarray, depth: np.ndarray) -> np.ndarray:
    """Ice and mud, ``(1, P, 4)`` premultiplied."""
    icy, muddy = (grip < 1) & (depth == 0), depth > 0
    return _blend([(ICE, _ICE * icy), (MUD, _MUD * muddy)])


def _paths(depth: np.ndarray) -> np.ndarray:
    """Trodden sand, the darker the deeper it was cleared, ``(1, P, 4)`` premultiplied."""
    return _blend([(TRODDEN, _PATH * (1 - depth))])


def _softened(pixels: np.ndarray) -> np.ndarray:
    """The same with soft edges, ``(W, H, 4)`` uint8; the margin beyond the picture wraps around."""
    for axis in (0, 1, 0, 1):
        near = np.roll(pixels, 1, axis) + np.roll(pixels, -1, axis)
        pixels = 0.25 * near + 0.5 * pixels
    return pixels.astype(np.uint8)


def _blend(parts: list[tuple[tuple[int, int, int], np.ndarray]]) -> np.ndarray:
    """Colours that cover shares of places, no two the same place."""
    covered = np.zeros((*parts[0][1].shape, 4))
    for colour, share in parts:
        covered += share[..., None] * np.array([*colour, 255.0])
    return covered
