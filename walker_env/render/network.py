"""The live picture of a network: what each neuron does now, and what drives it."""

from __future__ import annotations

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
_LINES = 70  # strongest connections drawn between two layers
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
        self._names = {0: tuple(inputs), len(weights): tuple(outputs)}
        self._sizes = [len(self._weights[0]), *(w.shape[1] for w in self._weights)]
        self._places: tuple[Box, list[np.ndarray]] | None = None

    def draw(self, surface: pygame.Surface, box: Box, activations: Sequence[np.ndarray]) -> None:
        """Draw the network on a card.

        Args:
            surface: Where to draw.
            box: Left, top, width and height of the card [pixel].
            activations: Of each layer ``(size,)``, the inputs first; 1 is fully active.
        """
        draw_card(surface, box, opacity=0.88)
        layers = self._layout(box)
        levels = [np.clip(values, -1.0, 1.0) for values in activations]
        for i, weights in enumerate(self._weights):
            self._draw_lines(surface, (layers[i], layers[i + 1]), levels[i][:, None] * weights)
        radius = max(2.0, min(box[2], box[3]) / 62)
        for i, (places, level) in enumerate(zip(layers, levels)):
            for place, value in zip(places.tolist(), level.tolist()):
                pygame.draw.aacircle(surface, mix(INK, PAPER, 0.3), place, radius + 1)
                pygame.draw.aacircle(surface, _tone(value), place, radius)
            self._draw_names(surface, places, i, radius)

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
        self, surface: pygame.Surface, places: np.ndarray, layer: int, radius: float
    ) -> None:
        size, last = round(4.6 * radius), layer == len(self._sizes) - 1
        for name, (x, y) in zip(self._names.get(layer, ()), places.tolist()):
            offset = 2.2 * radius if last else -2.2 * radius
            write(surface, name, (x + offset, y), max(11, size), align=0.0 if last else 1.0)

    def _layout(self, box: Box) -> list[np.ndarray]:
        """Where the neurons of each layer stand, ``(size, 2)`` [pixel]."""
        if self._places is not None and self._places[0] == box:
            return self._places[1]
        left, top, width, height = box
        first, last = left + 0.24 * width, left + 0.76 * width
        if not self._names[0]:
            first, last = left + 0.08 * width, left + 0.92 * width
        found = []
        for i, size in enumerate(self._sizes):
            middle = first + (last - first) * i / max(1, len(self._sizes) - 1)
            columns = -(-size // _TALL)
            rows = -(-size // columns)
            row, column = np.arange(size) % rows, np.arange(size) // rows
            step = min(0.92 / rows, 0.12) * height
            y = top + height / 2 + (row - (rows - 1) / 2) * step + (column % 2) * 0.3 * step
            x = middle + (column - (columns - 1) / 2) * 0.035 * width
            found.append(np.stack([x, y], axis=1))
        self._places = (box, found)
        return found


def _tone(value: float) -> Colour:
    """Colour of a neuron."""
    return mix(_IDLE, UP if value > 0 else DOWN, abs(value))
