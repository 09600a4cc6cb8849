"""How fast time passes in a window: real time, slow motion, pause, single steps."""

from __future__ import annotations

import math

from walker_env.params import WORLD

SPEEDS = (0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0)
"""How many times faster than real time a window can run."""


class Pace:
    """Says how many control steps are due, and how far the present one has been seen.

    Attributes:
        paused: Whether time stands still.
        share: How much of the last control step has been shown, in (0, 1].
    """

    def __init__(self, speed: float = 1.0) -> None:
        if not 0 < speed < math.inf:
            raise ValueError(f"speed must be a positive number, got {speed!r}")
        self.speed, self.paused, self.share = speed, False, 1.0

    def advance(self, seconds: float) -> int:
        """Let ``seconds`` of real time pass; returns the control steps that are due now."""
        if self.paused:
            return 0
        self.share += seconds * self.speed * WORLD.control_rate
        due = max(0, math.ceil(self.share) - 1)
        self.share -= due
        return due

    def single(self) -> int:
        """One control step while time stands still; returns the steps that are due: one."""
        self.paused, self.share = True, 1.0
        return 1

    def toggle(self) -> None:
        """Stop time or let it go on."""
        self.paused = not self.paused

    def change(self, way: int) -> None:
        """To the next faster speed (``way`` 1) or the next slower one (-1)."""
        nearest = min(range(len(SPEEDS)), key=lambda i: abs(SPEEDS[i] - self.speed))
        self.speed = SPEEDS[min(max(nearest + way, 0), len(SPEEDS) - 1)]
