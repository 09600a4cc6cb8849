"""All colours of the picture."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

Colour = tuple[int, int, int]

SAND: Colour = (223, 198, 152)
SAND_LIGHT: Colour = (250, 236, 205)
SAND_DARK: Colour = (150, 118, 76)
INK: Colour = (52, 42, 36)
PAPER: Colour = (255, 250, 238)
BONE: Colour = (244, 232, 206)
EYE: Colour = (255, 255, 255)
MUSCLE_LONG: Colour = (246, 212, 194)
MUSCLE_SHORT: Colour = (186, 12, 28)
FOOT_LOOSE: Colour = (236, 214, 180)
FOOT_FIRM: Colour = (58, 40, 34)
TARGET: Colour = (226, 92, 38)
ICE: Colour = (206, 230, 240)
MUD: Colour = (112, 82, 56)
TRODDEN: Colour = (166, 128, 82)
PEBBLE: Colour = (170, 146, 116)
GRAINS: tuple[Colour, ...] = ((206, 174, 122), (184, 148, 98), (222, 196, 148), (164, 128, 88))
"""Loose grains on the sand."""

RUNNERS: tuple[Colour, ...] = (
    (0, 114, 178),
    (213, 94, 0),
    (0, 158, 115),
    (204, 121, 167),
    (240, 228, 66),
    (86, 180, 233),
    (70, 64, 72),
    (230, 159, 0),
)
"""Okabe and Ito's colours, told apart by every kind of colour vision; best on sand first."""


def mix(a: Colour, b: Colour, share: float) -> Colour:
    """A blend of two colours.

    Args:
        a: Where ``share`` is 0.
        b: Where ``share`` is 1.
        share: From 0 to 1.
    """
    r, g, blue = (round(p + (q - p) * share) for p, q in zip(a, b))
    return r, g, blue


def grain_sides(tone: Colour) -> tuple[Colour, Colour, Colour]:
    """The lit side of a grain, the grain itself, and its shaded side."""
    return mix(tone, SAND_LIGHT, 0.55), tone, mix(tone, INK, 0.35)


@dataclass(frozen=True)
class Coat:
    """The colours of one walker: its own and two shades of it."""

    colour: Colour = (62, 118, 140)

    @property
    def dark(self) -> Colour:
        """For outlines."""
        return mix(self.colour, INK, 0.65)

    @property
    def light(self) -> Colour:
        """For bones on the skin."""
        return mix(self.colour, BONE, 0.62)


def sands() -> np.ndarray:
    """A few tones of calm sand, ``(C, 3)`` uint8, from dark to light: each part rises."""
    dark = [mix(SAND_DARK, SAND, i / 6) for i in range(6)]
    light = [mix(SAND, SAND_LIGHT, i / 3) for i in range(4)]
    return np.array(dark + light, dtype=np.uint8)


def grains() -> np.ndarray:
    """The colours of all sides of grains, ``(C, 3)`` uint8."""
    return np.array([side for tone in GRAINS for side in grain_sides(tone)], dtype=np.uint8)


def inks() -> np.ndarray:
    """The colours of walkers, targets and cards that may turn up in a video, ``(C, 3)`` uint8.

    A GIF's palette is fixed before the walkers move, so it has to hold these from the start.
    """
    coats = [Coat(), *(Coat(colour) for colour in RUNNERS)]
    shades = [c for coat in coats for c in (coat.colour, coat.dark, coat.light)]
    shades += [mix(coat.colour, SAND, 0.5) for coat in coats]
    shades += [mix(MUSCLE_LONG, MUSCLE_SHORT, i / 7) for i in range(8)]
    shades += [mix(FOOT_LOOSE, FOOT_FIRM, i / 7) for i in range(8)]
    shades += [mix(TARGET, SAND, i / 4) for i in range(4)]
    shades += [mix(INK, PAPER, i / 8) for i in range(9)]
    return np.unique(np.array(shades, dtype=np.uint8), axis=0)
