"""The scale bar: how long a body length is in the picture."""

from __future__ import annotations

import pygame

from walker_env.body import Body
from walker_env.render.camera import Camera
from walker_env.render.cards import write
from walker_env.render.palette import INK, PAPER

_STEPS = (1, 2, 3, 5, 10, 20, 50)  # body lengths a bar may stand for
_PARTS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5)  # of a body that is large in the picture
_STRETCHED = 1.25  # times the drawn size, a walker is at most in general
_LEAST, _MOST = 0.14, 0.5  # of the picture's width


def body_length(body: Body) -> float:
    """From the foremost to the rearmost node of the drawn body [unit]; its width if it is flat."""
    extent = body.rest_positions().max(axis=0) - body.rest_positions().min(axis=0)
    return float(extent[0]) or float(extent[1])


def half_extent(body: Body) -> float:
    """Half the longer side of the upright box around the drawn body [unit]."""
    place = body.rest_positions()
    return float((place.max(axis=0) - place.min(axis=0)).max()) / 2


def room(body: Body) -> float:
    """What must be free around a walker's middle for it to be in the picture, stretched or bent."""
    return _STRETCHED * half_extent(body)


def bar(zoom: float, width: int, length: float) -> tuple[float, float]:
    """How many body lengths the bar stands for, and how long it is [pixel].

    A part of one where a whole one would take too much of the picture.

    Args:
        zoom: Pixels a unit.
        width: Of the picture [pixel].
        length: A body length [unit].
    """
    steps = _STEPS if length * zoom <= _MOST * width else _PARTS
    count = next((n for n in steps if n * length * zoom >= _LEAST * width), steps[-1])
    return count, count * length * zoom


def draw_scale(surface: pygame.Surface, camera: Camera, length: float, whose: str = "") -> None:
    """A bar of body lengths in the lower left corner.

    Args:
        surface: Where to draw.
        camera: Where the world is in the picture.
        length: A body length [unit].
        whose: The body's name, where there are several.
    """
    width, height = surface.get_size()
    count, pixels = bar(camera.zoom, width, length)
    unit = max(8, height // 40)
    left, base = unit, height - unit
    for colour, thick in ((PAPER, 4), (INK, 2)):
        half, rim = thick // 2, (thick - 2) // 2
        pygame.draw.rect(surface, colour, (left - rim, base - half, pixels + 2 * rim, thick))
        for end in (left, left + pixels):
            pygame.draw.rect(surface, colour, (end - half, base - 5 - rim, thick, 10 + 2 * rim))
    noun = "body length" if count <= 1 else "body lengths"
    words, align = (f"{count:g} {noun} ({whose})", 0.0) if whose else (f"{count:g} {noun}", 0.5)
    place = (left + align * pixels, base - 0.9 * unit)
    write(surface, words, place, max(12, height // 36), align=align)
