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
_LINES = 48  # strongest connections drawn between two layers
_TALL = 17  # most neurons on top of each other; a larger layer stands in several columns


class NetworkPicture:
    """Draws a network of layers that are fully connected.

    Args:
        weights: Matrices ``(I, O)`` from each layer to the next.
        inputs: Names of the inputs, or none.
        outputs: Names of the outputs, or none.
    """

    def __init__(
        self,
        weights: Sequence[np.ndarray],
        inputs: Sequence[str] = (),
        outputs: Sequence[str] = (),
    ) -> None:
        self._weights = [np.asarray(w, dtype=np.float64) for w in weights]
        self._names = tuple(inputs), tuple(outputs)
        self._sizes = [len(self._weights[0]), *(w.shape[1] for w in self._weights)]
        self._drawn: tuple[tuple[int, int], np.ndarray, pygame.Surface] | None = None

    def draw(self, surface: pygame.Surface, box: Box, activations: Sequence[np.ndarray]) -> None:
        """Draw the network on a card.

        Args:
            surface: Where to draw.
            box: Left, top, width and height of the card [pixel].
            activations: Of each layer ``(size,)``, the inputs first; 1 is fully active.
        """
        levels = np.concatenate([np.clip(values, -1.0, 1.0) for values in activations])
        if self._drawn is None or box[2:] != self._drawn[0] or (levels != self._drawn[1]).any():
            self._drawn = box[2:], levels, self._picture(box[2:], levels)
        draw_card(surface, box, opacity=0.85)
        surface.blit(self._drawn[2], box[:2])

    def _picture(self, size: tuple[int, int], levels: np.ndarray) -> pygame.Surface:
        """The network on nothing, drawn anew when an activation has changed."""
        card = pygame.Surface(size, pygame.SRCALPHA)
        card.fill((*PAPER, 0))
        layers = self._layout(size)
        parts = np.split(levels, np.cumsum(self._sizes)[:-1])
        for i, weights in enumerate(self._weights):
            self._draw_lines(card, (layers[i], layers[i + 1]), parts[i][:, None] * weights)
        radius = max(2, round(min(size) / 62))
        tones = np.rint((levels + 1) / 2 * _TONES).astype(int).tolist()
        spots = (np.concatenate(layers) - radius - 2).round().astype(int).tolist()
        card.fblits([(_neuron(radius, tone), spot) for tone, spot in zip(tones, spots)])
        for i, places in enumerate(layers):
            self._draw_names(card, places, i, radius)
        return card

    def _draw_lines(
        self, surface: pygame.Surface, ends: tuple[np.ndarray, np.ndarray], drive: np.ndarray
    ) -> None:
        """The connections ``(I, O)`` through which most flows now."""
        flat = np.abs(drive).ravel()
        count = min(_LINES, len(flat))
        strongest = np.argpartition(flat, len(flat) - count)[len(flat) - count :]
        most = max(float(flat.max()), 1e-9)
        start, stop = np.divmod(strongest, drive.shape[1])
        for a, b, flow in zip(ends[0][start].tolist(), ends[1][stop].tolist(), strongest.tolist()):
            share = float(drive.flat[flow]) / most
            colour = mix(PAPER, UP if share > 0 else DOWN, 0.12 + 0.75 * abs(share))
            pygame.draw.aaline(surface, colour, a, b)

    def _draw_names(
        self, surface: pygame.Surface, places: np.ndarray, layer: int, radius: int
    ) -> None:
        last = layer == len(self._sizes) - 1
        if layer and not last:
            return
        size = round(3.4 * radius)
        for name, (x, y) in zip(self._names[int(last)], places.tolist()):
            offset = 2.2 * radius if last else -2.2 * radius
            write(surface, name, (x + offset, y), max(11, size), align=0.0 if last else 1.0)

    def _layout(self, card: tuple[int, int]) -> list[np.ndarray]:
        """Where the neurons of each layer stand on the card, ``(size, 2)`` [pixel]."""
        width, height = card
        first, last = (0.3 if self._names[0] else 0.07), (0.75 if self._names[1] else 0.93)
        found = []
        for i, size in enumerate(self._sizes):
            middle = width * (first + (last - first) * i / (len(self._sizes) - 1))
            columns = -(-size // _TALL)
            rows = -(-size // columns)
            row, column = np.arange(size) % rows, np.arange(size) // rows
            step = min(0.92 / rows, 0.12) * height
            y = height / 2 + (row - (rows - 1) / 2) * step + (column % 2 - 0.5) * 0.4 * step
            x = middle + (column - (columns - 1) / 2) * 0.033 * width
            found.append(np.stack([x, y if columns > 1 else y + 0.2 * step], axis=1))
        return found


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
