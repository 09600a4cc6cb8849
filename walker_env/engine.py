"""The seam between the walker and what moves it: one small interface, several engines."""

from __future__ import annotations

import importlib.util
from typing import Protocol

import numpy as np
from gymnasium.error import DependencyNotInstalled

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


ENGINES = ("pymunk", "compiled")
"""Engines by name; ``"auto"`` takes the compiled one where numba is installed."""


def resolve(name: str) -> str:
    """The engine that ``name`` stands for on this machine.

    Raises:
        ValueError: No such engine.
        DependencyNotInstalled: The compiled engine was asked for by name, without numba.
    """
    compilable = importlib.util.find_spec("numba") is not None
    if name == "auto":
        return "compiled" if compilable else "pymunk"
    if name not in ENGINES:
        raise ValueError(f"engine must be 'auto' or one of {ENGINES}, got {name!r}")
    if name == "compiled" and not compilable:
        raise DependencyNotInstalled(
            'engine "compiled" needs numba: pip install "walker_env[fast]"'
        )
    return name
