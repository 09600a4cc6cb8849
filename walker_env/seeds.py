"""Disjoint seed ranges for training, validation, testing and display.

A course depends on its walker's seed and episode alone. Training takes seeds below
`TRAINING_LIMIT`; validation and test courses come from ranges that lie far above.
"""

from __future__ import annotations

import numpy as np

TRAINING_LIMIT = 1 << 32
"""Training seeds are smaller than this."""

_HELD_OUT = 1 << 40
_VALIDATION = 1 << 41
_SHOW = 3 << 40
_TUNING = 5 << 40


def check_training_seed(seed: int) -> int:
    """Return ``seed`` if training may use it.

    Raises:
        ValueError: Not an int in [0, `TRAINING_LIMIT`).
    """
    whole = isinstance(seed, (int, np.integer)) and not isinstance(seed, bool)
    if not whole or not 0 <= seed < TRAINING_LIMIT:
        raise ValueError(f"a training seed must be an int in [0, {TRAINING_LIMIT}), got {seed!r}")
    return int(seed)


def held_out_seeds(count: int) -> np.ndarray:
    """Seeds of the test courses, ``(count,)`` uint64; training and validation never draw them."""
    return _HELD_OUT + np.arange(count, dtype=np.uint64)


def validation_seeds(count: int) -> np.ndarray:
    """Seeds of the courses that learning curves are measured on, ``(count,)`` uint64."""
    return _VALIDATION + np.arange(count, dtype=np.uint64)


def tuning_seeds(count: int) -> np.ndarray:
    """Seeds of the courses that settings are searched on, ``(count,)`` uint64; nothing else is."""
    return _TUNING + np.arange(count, dtype=np.uint64)


def show_seed(number: int) -> int:
    """Seed of the course with this number that is shown to people, in films and races.

    Raises:
        ValueError: Not a number from 0 on.
    """
    if not 0 <= number < TRAINING_LIMIT:
        raise ValueError(f"seed must be an int in [0, {TRAINING_LIMIT}), got {number!r}")
    return _SHOW + number
