"""Cards with text that lie over the sand."""

from __future__ import annotations

import functools

import pygame

from walker_env.render.palette import INK, PAPER, SAND, Colour, mix

Box = tuple[int, int, int, int]

_BRIGHT = 380  # sum of a colour's parts above which dark digits stand out better


def font(size: int) -> pygame.font.Font:
    """The font that comes with pygame, the same everywhere; ``size`` in pixels."""
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
    surface: pygame.Surface, box: Box, colour: Colour = PAPER, opacity: float = 0.93
) -> None:
    """Draw a rounded card.

    Args:
        surface: Where to draw.
        box: Left, top, width and height [pixel].
        colour: Of the card.
        opacity: From 0 to 1.
    """
    left, top, width, height = box
    radius = max(2, min(min(width, height) // 5, 16))
    surface.blit(_card((width, height), radius, (0, 0, 0), 0.18), (left + 1, top + 2))
    surface.blit(_card((width, height), radius, colour, opacity), (left, top))


def draw_clock(surface: pygame.Surface, seconds: float) -> None:
    """The time on a card in the upper left corner."""
    unit = surface.get_height() / 100
    draw_card(surface, (round(2 * unit), round(2 * unit), round(17 * unit), round(6.5 * unit)))
    write(surface, f"{seconds:.1f} s", (17 * unit, 5.4 * unit), round(4.6 * unit), align=1.0)


def draw_place(
    surface: pygame.Surface, box: Box, entry: tuple[int, str, int, float], colour: Colour
) -> None:
    """A card of a ranking.

    Args:
        surface: Where to draw.
        box: Left, top, width and height [pixel].
        entry: Place, name, targets reached, and the fraction of the way to the next.
        colour: The runner's.
    """
    (left, top, wide, tall), (place, name, targets, share) = box, entry
    draw_card(surface, box)
    badge = (left + 0.5 * tall, top + 0.5 * tall)
    pygame.draw.aacircle(surface, mix(colour, INK, 0.6), badge, 0.34 * tall)
    pygame.draw.aacircle(surface, colour, badge, 0.3 * tall)
    digit = INK if sum(colour) > _BRIGHT else PAPER
    write(surface, str(place), badge, round(0.42 * tall), digit, align=0.5)
    start, end = left + tall, left + wide - 0.3 * tall
    room = round(end - start - (0.26 * len(str(targets)) + 0.1) * tall)
    write(surface, name, (start, top + 0.36 * tall), round(0.34 * tall), width=room)
    write(surface, str(targets), (end, top + 0.37 * tall), round(0.5 * tall), align=1.0)
    bar = pygame.Rect(start, top + 0.68 * tall, end - start, max(2, 0.12 * tall))
    pygame.draw.rect(surface, mix(SAND, INK, 0.15), bar, border_radius=bar.height // 2)
    bar.width = round(bar.width * share)
    if bar.width:
        pygame.draw.rect(surface, colour, bar, border_radius=bar.height // 2)


@functools.lru_cache(maxsize=128)
def _card(size: tuple[int, int], radius: int, colour: Colour, opacity: float) -> pygame.Surface:
    large = pygame.Surface((size[0] * 4, size[1] * 4), pygame.SRCALPHA)
    large.fill((*colour, 0))
    pygame.draw.rect(
        large, (*colour, round(255 * opacity)), large.get_rect(), border_radius=radius * 4
    )
    return pygame.transform.smoothscale(large, size)
