"""Whole numbers that look drawn, with the same bits in every language."""

from __future__ import annotations

import numpy as np

from walker_env.schema import MIX_A, MIX_B


def mixed(word: np.ndarray) -> np.ndarray:
    """MurmurHash3's finalizer of uint32 numbers, in new ones."""
    for shift, factor in ((16, MIX_A), (13, MIX_B)):
        word = (word ^ (word >> np.uint32(shift))) * np.uint32(factor)
    return word ^ (word >> np.uint32(16))
