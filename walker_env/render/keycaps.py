"""Keys drawn beside what they move."""

from __future__ import annotations

import functools

import numpy as np
import pygame

from walker_env.render.camera import Camera
from walker_env.render.cards import write
from walker_env.render.palette import INK, PAPER, TARGET, Colour, mix

SIZE = 22
"""Width and height of a key [pixel]."""


def draw_cap(surface: pygame.Surface, spot: tuple[float, float], key: str, pressed: bool) -> None:
    """Draw a key, pushed in and coloured while it is pressed.

    Args:
        surface: Where to draw.
        spot: Middle of the key [pixel].
        key: Its letter.
        pressed: Whether it is down.
    """
    x, y = round(spot[0] - SIZE / 2), round(spot[1] - SIZE / 2) + (2 if pressed else 0)
    surface.blit(_cap(TARGET if pressed else PAPER, pressed), (x, y))
    tone = PAPER if pressed else INK
    write(surface, key.upper(), (x + SIZE / 2, y + SIZE / 2), round(0.8 * SIZE), tone, align=0.5)


def draw_caps(
    surface: pygame.Surface,
    camera: Camera,
    keys: list[tuple[str, np.ndarray]],
    middle: np.ndarray,
    held: set[str],
) -> None:
    """Keys beside places of a body, on the side away from its middle.

    Args:
        surface: Where to draw.
        camera: Where the world is in the picture.
        keys: Each key (several letters: a row of keys) and its place in the world, ``(2,)``.
        middle: Of the body, ``(2,)`` [unit].
        held: Keys that are down.
    """
    centre = camera.to_screen(middle)
    for letters, place in keys:
        spot = camera.to_screen(place)
        way = spot - centre
        spot = spot + way / max(1.0, float(np.hypot(*way))) * 1.4 * SIZE
        for i, letter in enumerate(letters):
            x = spot[0] + (i - (len(letters) - 1) / 2) * (SIZE + 2)
            draw_cap(surface, (float(x), float(spot[1])), letter, letter in held)


@functools.cache
def _cap(colour: Colour, pressed: bool) -> pygame.Surface:
    side = 4 * SIZE
    large = pygame.Surface((side, side + 12), pygame.SRCALPHA)
    box = pygame.Rect(0, 0, side, side)
    if not pressed:
        pygame.draw.rect(large, mix(INK, PAPER, 0.35), box.move(0, 12), border_radius=side // 5)
    pygame.draw.rect(large, mix(INK, PAPER, 0.2), box, border_radius=side // 5)
    pygame.draw.rect(large, colour, box.inflate(-10, -10), border_radius=side // 6)
    return pygame.transform.smoothscale(large, (SIZE, SIZE + 3))
