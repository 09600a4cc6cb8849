"""Overlays in the middle of the picture: a big word, a table, a list of keys."""

from __future__ import annotations

from collections.abc import Sequence

import pygame

from walker_env.render.cards import draw_card, font, write
from walker_env.render.palette import INK, PAPER, Colour, mix


def draw_word(surface: pygame.Surface, word: str, share: float = 0.0) -> None:
    """Draw a big word in the middle that shrinks and fades.

    Args:
        surface: Where to draw.
        word: What it says.
        share: How far it has shrunk and faded, from 0 to 1.
    """
    height = surface.get_height()
    size = round(height * (0.32 - 0.1 * share))
    for offset, colour in ((height / 150, mix(INK, PAPER, 0.1)), (0.0, PAPER)):
        line = font(size).render(word, True, colour)
        line.set_alpha(round(255 * (1 - 0.7 * share)))
        x, y = (surface.get_width() - line.get_width()) / 2, (height - line.get_height()) / 2
        surface.blit(line, (x + offset, y + offset))


def draw_table(
    surface: pygame.Surface,
    title: str,
    rows: Sequence[Sequence[str]],
    colours: Sequence[Colour] = (),
) -> None:
    """A table on a card in the middle.

    Args:
        surface: Where to draw.
        title: Above the table.
        rows: Cells; the first row is the head. Words begin at the left, the rest ends at the right.
        colours: Of a dot before each row but the head.
    """
    width, height = surface.get_size()
    size = max(13, min(round(height / 26), round(0.9 * height / (1.5 * len(rows) + 4))))
    while size > 9 and _wide(rows, size) > 0.96 * width:
        size -= 1
    columns, gap, line = _columns(rows, size), size, round(1.5 * size)
    wide = _wide(rows, size)
    tall = line * len(rows) + round(2.6 * size)
    left, top = (width - wide) // 2, (height - tall) // 2
    draw_card(surface, (left, top, wide, tall), opacity=0.95)
    write(surface, title, (left + gap, top + 1.2 * size), round(1.25 * size))
    for number, row in enumerate(rows):
        middle, x = top + 2.2 * size + (number + 0.5) * line, left + 2 * gap
        if 0 < number <= len(colours):
            pygame.draw.aacircle(surface, colours[number - 1], (left + gap, middle), 0.3 * size)
        tone = mix(INK, PAPER, 0.4) if number == 0 else INK
        for i, (text, room) in enumerate(zip(row, columns)):
            word = i < 2
            write(
                surface, text, (x if word else x + room, middle), size, tone, 0.0 if word else 1.0
            )
            x += room + gap


def _columns(rows: Sequence[Sequence[str]], size: int) -> list[int]:
    """Widths of the columns [pixel]."""
    face = font(size)
    return [max(face.size(row[i])[0] for row in rows) for i in range(len(rows[0]))]


def _wide(rows: Sequence[Sequence[str]], size: int) -> int:
    """Width of the whole table with the gaps between its columns [pixel]."""
    columns = _columns(rows, size)
    return sum(columns) + size * (len(columns) + 2)


def draw_keys(
    surface: pygame.Surface, keys: Sequence[tuple[str, str]], right: int = 0, top: int = 0
) -> None:
    """What each key does, in the lower right corner.

    Args:
        surface: Where to draw.
        keys: Name of the key and what it does.
        right: Pixels left free at the right.
        top: With it, the list stands so far below the upper edge instead.
    """
    width, height = surface.get_size()
    size = max(11, height // 42)
    line, face = round(1.35 * size), font(size)
    first = max(face.size(key)[0] for key, _ in keys) + size
    wide = first + max(face.size(what)[0] for _, what in keys) + 2 * size
    tall = line * len(keys) + size
    left = width - wide - right - size
    upper = top or height - tall - size
    draw_card(surface, (left, upper, wide, tall), opacity=0.75)
    for i, (key, what) in enumerate(keys):
        middle = upper + size / 2 + (i + 0.5) * line
        write(surface, key, (left + size, middle), size, mix(INK, (200, 70, 30), 0.6))
        write(surface, what, (left + size + first, middle), size)


def draw_notice(surface: pygame.Surface, text: str) -> None:
    """A line on a card at the top, in the middle."""
    width, height = surface.get_size()
    size = max(13, height // 32)
    wide = font(size).size(text)[0] + 2 * size
    draw_card(surface, ((width - wide) // 2, size // 2, wide, 2 * size), opacity=0.9)
    write(surface, text, (width / 2, 1.5 * size), size, align=0.5)
