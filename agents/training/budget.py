"""What a run may cost, and the clock that counts it.

Imports, compiling, validation, checkpoints and drawing cost nothing: only training counts, by the
same rule for every algorithm. Processor time is that of this process and of its workers.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass(frozen=True)
class Cost:
    """What has been spent on training."""

    steps: int = 0  # [control step] of all walkers together
    seconds: float = 0.0  # [s] of wall time
    cpu_seconds: float = 0.0  # [s] of processor time


@dataclass(frozen=True)
class Budget:
    """When a run ends: whichever comes first; at least one is given."""

    seconds: float | None = None  # [s] of wall time
    steps: int | None = None  # [control step] of all walkers together
    cpu_seconds: float | None = None  # [s] of processor time

    def __post_init__(self) -> None:
        limits = {name: getattr(self, name) for name in ("seconds", "steps", "cpu_seconds")}
        if all(value is None for value in limits.values()):
            raise ValueError("a budget needs seconds, steps or cpu_seconds")
        for name, value in limits.items():
            number = isinstance(value, (int, float)) and not isinstance(value, bool)
            if value is not None and not (number and 0 < value < math.inf):
                raise ValueError(f"budget: {name} must be a positive number, got {value!r}")

    def used(self, cost: Cost) -> float:
        """Fraction of the budget that is spent."""
        return max(
            cost.seconds / (self.seconds or math.inf),
            cost.steps / (self.steps or math.inf),
            cost.cpu_seconds / (self.cpu_seconds or math.inf),
        )

    @property
    def clock(self) -> str:
        """The field of a `Cost` by which a run is timed: what its budget counts.

        That is wall time where it is limited, else processor time where that is. Steps alone make a
        run that does not depend on the machine's speed.
        """
        return next(n for n in ("seconds", "cpu_seconds", "steps") if getattr(self, n) is not None)


class Clock:
    """Counts wall and processor time of training, from where an earlier run stopped.

    Args:
        seconds: Wall time already spent [s].
        cpu_seconds: Processor time already spent [s].
    """

    def __init__(self, seconds: float = 0.0, cpu_seconds: float = 0.0) -> None:
        self._wall = time.perf_counter() - seconds
        self._cpu = time.process_time() - cpu_seconds

    @property
    def seconds(self) -> float:
        """Wall time of training so far [s]."""
        return time.perf_counter() - self._wall

    @property
    def cpu_seconds(self) -> float:
        """Processor time of training in this process so far [s]."""
        return time.process_time() - self._cpu

    @contextmanager
    def paused(self) -> Iterator[None]:
        """What happens inside is not counted."""
        wall, cpu = time.perf_counter(), time.process_time()
        try:
            yield
        finally:
            self._wall += time.perf_counter() - wall
            self._cpu += time.process_time() - cpu
