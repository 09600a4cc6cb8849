"""Running mean and standard deviation of observations, from sums that are added up in order."""

from __future__ import annotations

import numpy as np

from agents.networks.network import Normaliser

_STD_MIN = 1e-2  # a channel that hardly moves is not blown up
_BOUND = 10.0  # of a normalised observation


class Moments:
    """Mean and variance of everything seen in training.

    Plain sums in float64 are exact enough: observations are scaled to about one when they are made.
    """

    def __init__(self, width: int) -> None:
        self.count = 0
        self.sums = np.zeros((2, width))  # of the values, and of their squares

    def add(self, seen: np.ndarray, count: int) -> None:
        """Take in sums ``(P, 2, O)`` over ``count`` observations."""
        self.sums = self.sums + seen.sum(axis=0)
        self.count += count

    def normaliser(self) -> Normaliser:
        """What a policy applies to observations; rounded to float32, as it stands in its file."""
        if self.count < 2:
            return Normaliser(
                np.zeros(self.sums.shape[1], np.float32), np.ones(self.sums.shape[1], np.float32)
            )
        mean = self.sums[0] / self.count
        variance = np.maximum(self.sums[1] / self.count - mean * mean, 0.0)
        std = np.maximum(np.sqrt(variance), _STD_MIN)
        return Normaliser(mean.astype(np.float32), std.astype(np.float32), _BOUND)

    def state_dict(self) -> dict:
        """What `load_state_dict` takes back."""
        return {"count": self.count, "sums": self.sums}

    def load_state_dict(self, state: dict) -> None:
        """Go on from what `state_dict` gave."""
        self.count, self.sums = int(state["count"]), np.array(state["sums"], np.float64)
