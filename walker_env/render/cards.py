"""Cards with text that lie over the sand."""

from __future__ import annotations

import functools

import pygame

from walker_env.render.palette import INK, PAPER, Colour

Box = tuple[int, int, int, int]


def font(size: int) -> pygame.font.Font:
    """pygame's own font, so that pictures look the same everywhere; ``size`` in pixels."""
    if not pygame.font.get_init():
        pygame.font.init()
        _font.cache_clear()
    return _font(size)


@functools.cache
def _font(size: int) -> pygame.font.Font:
    return pygame.font.Font(None, size)


def write(
    surface: pygame.Surface,
    text: str,
    place: tuple[float, float],
    size: int,
    colour: Colour = INK,
    align: float = 0.0,
    width: int | None = None,
) -> None:
    """Write a line of text.

    Args:
        surface: Where to write.
        text: What to write; cut with an ellipsis when wider than ``width``.
        place: Its left end and its middle's height [pixel].
        size: Of the font [pixel].
        colour: Of the text.
        align: 0 begins at ``place``, 0.5 centres there, 1 ends there.
        width: Most room it may take [pixel].
    """
    line = _line(text, size, colour, width)
    x, y = place[0] - align * line.get_width(), place[1] - line.get_height() / 2
    surface.blit(line, (round(x), round(y)))


@functools.lru_cache(maxsize=256)
def _line(text: str, size: int, colour: Colour, width: int | None) -> pygame.Surface:
    """Rendered twice as large and scaled down: even spacing at any size."""
    face = font(2 * size)
    if width is not None and face.size(text)[0] > 2 * width:
        while text and face.size(text + "…")[0] > 2 * width:
            text = text[:-1]
        text += "…"
    large = face.render(text, True, colour)
    return pygame.transform.smoothscale(large, (large.get_width() // 2, large.get_height() // 2))


def draw_card(
    surface: pygame.Surface, box: Box, colour: Colour = PAPER, opacity: float = 0.86
) -> None:
    """A rounded card over ``box`` (left, top, width, height) [pixel]."""
    left, top, width, height = box
    radius = max(2, min(width, height) // 5)
    surface.blit(_card((width, height), radius, (0, 0, 0), 0.18), (left + 1, top + 2))
    surface.blit(_card((width, height), radius, colour, opacity), (left, top))


@functools.lru_cache(maxsize=128)
def _card(size: tuple[int, int], radius: int, colour: Colour, opacity: float) -> pygame.Surface:
    large = pygame.Surface((size[0] * 4, size[1] * 4), pygame.SRCALPHA)
    large.fill((*colour, 0))
    pygame.draw.rect(
        large, (*colour, round(255 * opacity)), large.get_rect(), border_radius=radius * 4
    )
    return pygame.transform.smoothscale(large, size)
