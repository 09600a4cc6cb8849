"""Targets in the sand, and the arrow to one out of sight."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pygame

from walker_env.render.camera import Camera
from walker_env.render.palette import INK, PAPER, TARGET, Colour, mix
from walker_env.render.patch import Patch
from walker_env.tasks import TARGET_RADIUS

_PULSE = 24  # [control step] a beat of the target
_ARROW = 16  # [pixel] from the border


def draw_target(
    surface: pygame.Surface,
    camera: Camera,
    place: np.ndarray,
    step: float,
    colours: Sequence[Colour] = (TARGET,),
) -> None:
    """Draw a pulsing target; several colours share the disc as sectors.

    Args:
        surface: Where to draw.
        camera: Where the world is in the picture.
        place: Its middle, ``(2,)`` [unit].
        step: The present time [control step].
        colours: Of the walkers whose target it is; at least one.
    """
    beat = 0.5 - 0.5 * math.cos(2 * math.pi * step / _PULSE)
    disc = Patch(camera, place, 2 * TARGET_RADIUS)
    halo = mix(colours[0], PAPER, 0.3)
    disc.glow(place, TARGET_RADIUS * (1.2 + 0.45 * beat), halo, 0.45 - 0.25 * beat)
    disc.glow(place + np.array([2.0, -3.0]), TARGET_RADIUS, INK, 0.4)
    disc.circle(place, TARGET_RADIUS, INK)
    disc.circle(place, TARGET_RADIUS * 0.92, PAPER)
    _sectors(disc, place, TARGET_RADIUS * 0.78, colours)
    disc.circle(place, TARGET_RADIUS * (0.3 + 0.12 * beat), PAPER)
    disc.stamp(surface)


def _sectors(patch: Patch, place: np.ndarray, radius: float, colours: Sequence[Colour]) -> None:
    patch.circle(place, radius, colours[0])
    for i, colour in enumerate(colours[1:], start=1):
        turn = np.linspace(i, i + 1, 24) * (2 * np.pi / len(colours)) + np.pi / 2
        rim = place + radius * np.stack([np.cos(turn), np.sin(turn)], axis=1)
        patch.polygon(np.vstack([rim, place]), colour)


def draw_arrow(
    surface: pygame.Surface, camera: Camera, place: np.ndarray, colour: Colour = TARGET
) -> None:
    """Draw an arrow at the border towards a place out of the picture; nothing where it is in it.

    Args:
        surface: Where to draw.
        camera: Where the world is in the picture.
        place: ``(2,)`` [unit].
        colour: Of the arrow.
    """
    spot, size = camera.to_screen(place), np.array(camera.free, dtype=np.float64)
    if ((spot >= 0) & (spot <= size)).all():
        return
    edge = np.clip(spot, _ARROW, size - _ARROW)
    ahead = (spot - edge) / max(1e-9, float(np.hypot(*(spot - edge))))
    side = np.array([-ahead[1], ahead[0]])
    corners = [edge + 12 * ahead, edge - 8 * ahead + 9 * side, edge - 8 * ahead - 9 * side]
    pygame.draw.polygon(surface, colour, corners)
    pygame.draw.aalines(surface, INK, True, corners)
