"""The memory of a picture as arrays; 32-bit surfaces only."""

from __future__ import annotations

import numpy as np
import pygame


def flat(surface: pygame.Surface) -> np.ndarray:
    """All pixels in rows of ``surface.get_pitch() // 4``, a view ``(n,)`` uint32 to write to."""
    return np.frombuffer(surface.get_buffer(), dtype=np.uint32)  # type: ignore[call-overload]


def pixels(surface: pygame.Surface) -> np.ndarray:
    """A copy of the picture, ``(height, width, 3)`` uint8."""
    width, height = surface.get_size()
    rows = flat(surface).view(np.uint8).reshape(height, surface.get_pitch())
    seen = rows[:, : 4 * width].reshape(height, width, 4)
    copy = np.empty((height, width, 3), dtype=np.uint8)
    for channel in range(3):  # the surface has blue first
        copy[..., channel] = seen[..., 2 - channel]
    return copy
