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
_LINES = 48  # strongest connections drawn into a column
_TALL = 17  # most neurons on top of each other; a larger column is several wide


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
        places = self._places(size)
        for lines in self._into:
            self._draw_lines(card, places, lines, levels)
        radius = max(2, round(min(size) / 62))
        tones = np.rint((levels + 1) / 2 * _TONES).astype(int).tolist()
        spots = (places - radius - 2).round().astype(int).tolist()
        card.fblits([(_neuron(radius, tone), spot) for tone, spot in zip(tones, spots)])
        first, last = self._column == 0, self._column == self._column.max()
        for names, spots, side in (
            (self._inputs, places[first], -1),
            (self._outputs, places[last], 1),
        ):
            for name, (x, y) in zip(names, spots.tolist()):
                place = (x + 2.2 * side * radius, y)
                write(card, name, place, max(11, round(3.4 * radius)), align=0.5 - 0.5 * side)
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

    def _places(self, card: tuple[int, int]) -> np.ndarray:
        """Where the neurons stand on the card, ``(N, 2)`` [pixel]."""
        width, height = card
        first, last = (0.3 if self._inputs else 0.07), (0.75 if self._outputs else 0.93)
        places, final = np.zeros((len(self._column), 2)), int(self._column.max())
        for i in range(final + 1):
            who = np.flatnonzero(self._column == i)
            if not len(who):
                continue
            wide = -(-len(who) // _TALL)
            rows = -(-len(who) // wide)
            row, part = np.arange(len(who)) % rows, np.arange(len(who)) // rows
            step = min(0.92 / rows, 0.12) * height
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
