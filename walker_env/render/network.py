"""The live picture of a network: what each neuron does now, and what drives it."""

from __future__ import annotations

import functools
from collections.abc import Sequence

import numpy as np
import pygame

from walker_env.render.cards import Box, draw_card, write
from walker_env.render.palette import INK, PAPER, Colour, mix

UP: Colour = (200, 70, 30)
"""A neuron that is active."""

DOWN: Colour = (20, 110, 180)
"""A neuron whose activation is negative."""

_IDLE: Colour = (228, 220, 204)
_TONES = 32  # shades of a neuron
_FILLED = 0.92  # of the card's height, by a full column
_LINES = 48  # strongest connections drawn into a column
_TALL = 17  # most neurons on top of each other; a larger column without names is several wide
_LINE, _LEAST_LINE = 12, 7  # [pixel] room that a name takes, and without which it is left out


class NetworkPicture:
    """Draws neurons in columns, N of them with E connections.

    Args:
        column: Of each neuron, ``(N,)``; those of column 0 are inputs, of the last one outputs.
        lines: Source, target and weight of each connection, ``(E,)`` each.
        inputs: Names of the inputs, or none.
        outputs: Names of the outputs, or none.
    """

    def __init__(
        self,
        column: np.ndarray,
        lines: tuple[np.ndarray, np.ndarray, np.ndarray],
        inputs: Sequence[str] = (),
        outputs: Sequence[str] = (),
    ) -> None:
        self._column = np.asarray(column)
        self._source, self._target, self._weight = (np.asarray(part) for part in lines)
        into = self._column[self._target]
        self._into = [np.flatnonzero(into == c) for c in range(1, int(self._column.max()) + 1)]
        self._inputs, self._outputs = tuple(inputs), tuple(outputs)
        self._drawn: tuple[tuple[int, int], np.ndarray, pygame.Surface] | None = None

    def height(self, least: int, most: int) -> int:
        """How tall a card must be [pixel] for all names to be read, between the two."""
        names = max(len(self._inputs), len(self._outputs))
        return min(max(least, round(_LINE * names / _FILLED)), most)

    def draw(self, surface: pygame.Surface, box: Box, activations: np.ndarray) -> None:
        """Draw the network on a card.

        Args:
            surface: Where to draw.
            box: Left, top, width and height of the card [pixel].
            activations: Of each neuron, ``(N,)``; 1 is fully active.
        """
        levels = np.clip(activations, -1.0, 1.0)
        if self._drawn is None or box[2:] != self._drawn[0] or (levels != self._drawn[1]).any():
            self._drawn = box[2:], levels, self._picture(box[2:], levels)
        draw_card(surface, box, opacity=0.85)
        surface.blit(self._drawn[2], box[:2])

    def _picture(self, size: tuple[int, int], levels: np.ndarray) -> pygame.Surface:
        """The network on nothing, drawn anew when an activation has changed."""
        card = pygame.Surface(size, pygame.SRCALPHA)
        card.fill((*PAPER, 0))
        places = self.places(size)
        for lines in self._into:
            self._draw_lines(card, places, lines, levels)
        named = max(len(self._inputs), len(self._outputs), 1)
        radius = max(2, round(min(min(size) / 62, 0.4 * _FILLED * size[1] / named)))
        tones = np.rint((levels + 1) / 2 * _TONES).astype(int).tolist()
        spots = (places - radius - 2).round().astype(int).tolist()
        card.fblits([(_neuron(radius, tone), spot) for tone, spot in zip(tones, spots)])
        first, last = self._column == 0, self._column == self._column.max()
        for names, spots, side in (
            (self._inputs, places[first], -1),
            (self._outputs, places[last], 1),
        ):
            line = _FILLED * size[1] / max(len(names), 1)
            if line < _LEAST_LINE:
                continue
            letters = max(11, round(3.4 * radius)) if line >= _LINE else round(line)
            for name, (x, y) in zip(names, spots.tolist()):
                write(card, name, (x + 2.2 * side * radius, y), letters, align=0.5 - 0.5 * side)
        return card

    def _draw_lines(
        self, card: pygame.Surface, places: np.ndarray, lines: np.ndarray, levels: np.ndarray
    ) -> None:
        """Those of some connections through which most flows now."""
        if not len(lines):
            return
        flow = levels[self._source[lines]] * self._weight[lines]
        count = min(_LINES, len(lines))
        strongest = np.argpartition(np.abs(flow), len(lines) - count)[len(lines) - count :]
        share = (flow / max(float(np.abs(flow).max()), 1e-9))[strongest].tolist()
        ends = places[self._source[lines[strongest]]], places[self._target[lines[strongest]]]
        for a, b, part in zip(ends[0].tolist(), ends[1].tolist(), share):
            colour = mix(PAPER, UP if part > 0 else DOWN, 0.12 + 0.75 * abs(part))
            pygame.draw.aaline(card, colour, a, b)

    def places(self, card: tuple[int, int]) -> np.ndarray:
        """Where the neurons stand on a card ``(width, height)``, ``(N, 2)`` [pixel]."""
        width, height = card
        first, last = (0.3 if self._inputs else 0.07), (0.75 if self._outputs else 0.93)
        places, final = np.zeros((len(self._column), 2)), int(self._column.max())
        for i in range(final + 1):
            who = np.flatnonzero(self._column == i)
            if not len(who):
                continue
            named = (i == 0 and self._inputs) or (i == final and self._outputs)
            wide = 1 if named else -(-len(who) // _TALL)
            rows = -(-len(who) // wide)
            row, part = np.arange(len(who)) % rows, np.arange(len(who)) // rows
            step = min(_FILLED / rows, 0.12) * height
            middle = width * (first + (last - first) * i / final)
            lean = (part % 2 - 0.5) * 0.4 * step if wide > 1 else 0.0
            places[who, 0] = middle + (part - (wide - 1) / 2) * 0.033 * width
            places[who, 1] = height / 2 + (row - (rows - 1) / 2) * step + lean
        return places


@functools.lru_cache(maxsize=256)
def _neuron(radius: int, tone: int) -> pygame.Surface:
    """A disc whose colour says how active it is; ``tone`` from 0 to `_TONES`."""
    value = 2 * tone / _TONES - 1
    side = 2 * (radius + 2)
    disc = pygame.Surface((4 * side, 4 * side), pygame.SRCALPHA)
    disc.fill((*mix(INK, PAPER, 0.3), 0))
    middle = (2 * side, 2 * side)
    pygame.draw.circle(disc, mix(INK, PAPER, 0.3), middle, 4 * (radius + 1))
    pygame.draw.circle(disc, mix(_IDLE, UP if value > 0 else DOWN, abs(value)), middle, 4 * radius)
    return pygame.transform.smoothscale(disc, (side, side))
