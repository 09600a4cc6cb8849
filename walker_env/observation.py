"""Observations: layouts as data, and the one function that fills them.

A layout is a tuple of `Channel`. Spaces, slices, the reference's tables and the tests come from it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from walker_env.body import Body
from walker_env.schema import FEELERS, Channels

LAYOUT_VERSION = 0
"""Bumped whenever a channel changes meaning; policy files carry it."""


@dataclass(frozen=True)
class Channel:
    """A named part of the observation or action vector.

    ``width`` is a number, or the parts of the body that have one element each.
    """

    name: str
    meaning: str
    unit: str
    low: float
    high: float
    width: int | str = 1  # or "feet", "muscles"
    scale: float = 1.0  # the element is the quantity in its unit divided by this

    def size(self, body: Body) -> int:
        """Elements of this channel for ``body``."""
        return len(getattr(body, self.width)) if isinstance(self.width, str) else self.width


_INF = float("inf")
_TOUCHED = len(FEELERS)

ORIGINAL = (
    Channel("target_distance", "distance from the head to the target", "unit", 0, _INF, scale=1000),
    Channel("target_cos", "cosine of the target's bearing", "-", -1, 1),
    Channel("target_sin", "sine of the target's bearing, positive to the left", "-", -1, 1),
    Channel("grip", "how hard each foot grips", "-", 0, 1, "feet"),
    Channel(
        "muscle_length", "length of each muscle over its drawn length", "-", 0, _INF, "muscles"
    ),
)
"""What the walker of the video sees."""

FULL = (
    *ORIGINAL,
    Channel("velocity", "hub velocity: forward, left", "unit/s", -_INF, _INF, 2, scale=100),
    Channel("turn_rate", "how fast the heading turns left", "rad/s", -_INF, _INF, scale=5),
)
"""The original's observation and how the body moves."""

GROUND = (
    *FULL,
    Channel("foot_grip", "share of its grip that the ground leaves each foot", "-", 0, 1, "feet"),
    Channel("foot_depth", "depth of mud or sand under each foot, 1: fresh", "-", 0, 1, "feet"),
    Channel("ahead_grip", "the same share at the feelers: ahead, left, right", "-", 0, 1, _TOUCHED),
    Channel("ahead_depth", "depth at the feelers", "-", 0, 1, _TOUCHED),
)
"""The full observation and the ground: under the feet, and at `FEELERS` before the head."""

ACTION = (
    Channel("grip", "grip command of each foot", "-", -1, 1, "feet"),
    Channel("muscle", "length command of each muscle: shortest to longest", "-", -1, 1, "muscles"),
)
"""What a controller commands each control step."""

LAYOUTS = {"full": FULL, "original": ORIGINAL, "ground": GROUND}


def get_layout(name: str) -> tuple[Channel, ...]:
    """The observation layout called ``name``.

    Raises:
        ValueError: No such layout.
    """
    if not isinstance(name, str) or name not in LAYOUTS:
        raise ValueError(f"observation must be one of {sorted(LAYOUTS)}, got {name!r}")
    return LAYOUTS[name]


def slices(layout: tuple[Channel, ...], body: Body) -> dict[str, slice]:
    """The slice of the vector that each channel of ``layout`` occupies, by name."""
    found, start = {}, 0
    for channel in layout:
        found[channel.name] = slice(start, start + channel.size(body))
        start = found[channel.name].stop
    return found


def width(layout: tuple[Channel, ...], body: Body) -> int:
    """Length of the whole vector."""
    return sum(channel.size(body) for channel in layout)


def fitting_layouts(elements: int, body: Body) -> list[str]:
    """Names of the layouts that have so many elements for ``body``."""
    return [name for name, layout in LAYOUTS.items() if width(layout, body) == elements]


def bounds(layout: tuple[Channel, ...], body: Body) -> tuple[np.ndarray, np.ndarray]:
    """Lowest and highest value of each element, two ``(O,)`` float32 arrays."""
    low = np.concatenate([np.full(c.size(body), c.low, np.float32) for c in layout])
    high = np.concatenate([np.full(c.size(body), c.high, np.float32) for c in layout])
    return low, high


class Observer:
    """Fills a layout for one body; where each channel goes is worked out once."""

    def __init__(self, layout: tuple[Channel, ...], body: Body) -> None:
        unknown = [channel.name for channel in layout if channel.name not in Channels._fields]
        if unknown:
            raise ValueError(f"a layout has channels of {Channels._fields}, got {unknown}")
        self._places = [(channel.name, part) for channel, part in _places(layout, body)]
        self.scale = np.concatenate([np.full(c.size(body), 1.0 / c.scale) for c in layout])

    def observe(self, values: dict[str, np.ndarray]) -> np.ndarray:
        """Fill the layout from named quantities in their units.

        Args:
            values: For each channel's name its quantity, ``(N, size)``, or ``(N,)`` for width 1.

        Returns:
            A new ``(N, O)`` float32 array.
        """
        n = len(values[self._places[0][0]])
        out = np.empty((n, len(self.scale)))
        for name, part in self._places:
            out[:, part] = values[name]
        out *= self.scale
        return out.astype(np.float32)


def _places(layout: tuple[Channel, ...], body: Body) -> list[tuple[Channel, slice | int]]:
    """Each channel with its column, or with its slice where its quantity is ``(N, size)``."""
    columns = slices(layout, body)
    return [(c, columns[c.name].start if c.width == 1 else columns[c.name]) for c in layout]
