"""Running mean and standard deviation of observations."""

from __future__ import annotations

import copy

import numpy as np

_STD_MIN = 1e-2  # a channel that hardly moves is not blown up


class Moments:
    """Mean and variance of everything seen, updated by batches (Chan et al. 1979)."""

    clip = 10.0
    """Bound of a normalised observation."""

    def __init__(self, width: int) -> None:
        self.count = 0
        self.mean = np.zeros(width)
        self._square = np.zeros(width)  # sum of squared deviations

    @property
    def std(self) -> np.ndarray:
        """Standard deviation of each channel, ``(O,)``; 1 before anything was seen."""
        if self.count < 2:
            return np.ones_like(self.mean)
        return np.maximum(np.sqrt(self._square / self.count), _STD_MIN)

    def add(self, observation: np.ndarray) -> None:
        """Take in observations ``(N, O)``."""
        n = len(observation)
        mean = observation.mean(axis=0, dtype=np.float64)
        square = np.square(observation - mean).sum(axis=0)
        shift, total = mean - self.mean, self.count + n
        self._square += square + shift**2 * (self.count * n / total)
        self.mean = self.mean + shift * (n / total)
        self.count = total

    def normalise(self, observation: np.ndarray) -> np.ndarray:
        """Observations ``(N, O)`` with mean 0 and deviation 1, float32, bounded by ``clip``."""
        scaled = (observation - self.mean) / self.std
        return np.clip(scaled, -self.clip, self.clip).astype(np.float32)

    def copy(self) -> Moments:
        """An independent copy."""
        return copy.deepcopy(self)
