"""How policies are compared: versioned data. Whatever changes here needs a new version.

Seeds live in three namespaces that never meet: training draws below `TRAINING_END`, choosing
between policies uses `VALIDATION_BASE` and up, and the courses that count lie at `HELD_OUT_BASE`
and up, where nothing else may look.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from walker_env import ENV_ID, HORIZON

TRAINING_END = 1 << 32
HELD_OUT_BASE = 1 << 40
VALIDATION_BASE = 1 << 41

MAX_COURSES = 1 << 20
"""More courses than anybody walks; it keeps the namespaces apart."""

TURN_MIN = 0.1
"""A leg counts as a turn when the walker's heading, or the course, turns by more than this [rad]."""


@dataclass(frozen=True)
class Protocol:
    """What a result was measured on; results are compared only where all of it is the same."""

    version: str = "walker-v0.1"
    env_id: str = ENV_ID
    body: str = "quadruped"
    courses: int = 64  # one full episode each
    horizon: int = HORIZON  # [control step]
    seed_base: int = HELD_OUT_BASE  # course i is episode 0 of seed_base + i

    def __post_init__(self) -> None:
        if not 1 <= self.courses <= MAX_COURSES:
            raise ValueError(f"courses must lie in [1, {MAX_COURSES}], got {self.courses}")
        if self.horizon < 1:
            raise ValueError(f"horizon must be at least 1 control step, got {self.horizon}")

    def seeds(self) -> np.ndarray:
        """Seed of each course, ``(courses,)`` uint64."""
        return _seeds(self.seed_base, self.courses)


def held_out_seeds(count: int) -> np.ndarray:
    """Seeds of the first ``count`` courses that count, ``(count,)`` uint64."""
    return _seeds(HELD_OUT_BASE, count)


def validation_seeds(count: int) -> np.ndarray:
    """Seeds to choose between one's own policies with, ``(count,)`` uint64."""
    return _seeds(VALIDATION_BASE, count)


def check_training_seed(seed: int) -> int:
    """The seed, if training may draw from it.

    Raises:
        ValueError: It lies outside the namespace of training.
    """
    if not 0 <= seed < TRAINING_END:
        raise ValueError(
            f"a training seed must lie in [0, 2**32), got {seed}; the others are for validation "
            "and for the held-out courses"
        )
    return int(seed)


def _seeds(base: int, count: int) -> np.ndarray:
    if not 1 <= count <= MAX_COURSES:
        raise ValueError(f"the number of courses must lie in [1, {MAX_COURSES}], got {count}")
    return np.uint64(base) + np.arange(count, dtype=np.uint64)
