"""The seam between the walker and what moves it: one small interface, several engines."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from walker_env.body import Body
from walker_env.params import World
from walker_env.state import State


class Engine(Protocol):
    """Moves N walkers of one body. Walker i must move exactly as if alone."""

    name: str

    def load(self, state: State, mask: np.ndarray) -> None:
        """Take over position, velocity and warm start of the walkers in ``mask`` (N,) bool."""

    def step(self, state: State) -> None:
        """Advance one control step under ``state.grip`` and ``state.muscle``.

        Writes the new ``state.position`` and ``state.velocity``.
        """

    def save(self, state: State) -> None:
        """Write what the engine keeps to itself, ``state.warm_start``, into ``state``."""


ENGINES = ("pymunk",)
"""Engines by name; ``"auto"`` takes the fastest one that is installed."""


def make_engine(name: str, n: int, body: Body, world: World) -> Engine:
    """Make the engine called ``name`` for ``n`` walkers.

    Raises:
        ValueError: No such engine.
    """
    if name in ("auto", "pymunk"):
        from walker_env.physics_pymunk import PymunkEngine

        return PymunkEngine(n, body, world)
    raise ValueError(f"engine must be 'auto' or one of {ENGINES}, got {name!r}")
