"""The reward is a sum of named terms; each is reported in ``info`` as ``reward_<name>``."""

from __future__ import annotations

from dataclasses import dataclass
from numbers import Real

import numpy as np

from walker_env.schema import Terms


@dataclass(frozen=True)
class RewardWeights:
    """What each term is worth."""

    progress_length: float = 50.0  # [unit] of way towards the target that earn 1
    target: float = 2.0  # for each target reached
    energy_price: float = 0.0  # for each unit of energy spent

    def __post_init__(self) -> None:
        if not self.progress_length > 0:
            raise ValueError(f"progress_length must be positive, got {self.progress_length!r}")
        price = self.energy_price
        if not (isinstance(price, Real) and 0 <= price < float("inf")):
            raise ValueError(f"energy_price must be a finite number >= 0, got {price!r}")


REWARDS = {"dense": RewardWeights.progress_length, "sparse": float("inf")}
"""Kinds of reward by name: how much way earns 1 [unit]; in the sparse one none does."""

TERMS = Terms(
    progress="way gained towards the present target / {progress_length:g} units",
    target="{target:g} for each target reached",
    energy="- energy_price ({energy_price:g} by default) x energy spent",
)._asdict()
"""The terms and what they mean, for the docs."""


def reward_terms(
    gained: np.ndarray, reached: np.ndarray, energy: np.ndarray, weights: RewardWeights
) -> dict[str, np.ndarray]:
    """The reward of one control step, term by term.

    Args:
        gained: Way gained towards the target that was current before the step, (N,) [unit].
        reached: Whether that target was reached, (N,) bool.
        energy: Energy spent in the step, (N,) [energy unit].
        weights: What each is worth.

    Returns:
        A float64 array (N,) for each name in `TERMS`.
    """
    return Terms(
        progress=gained / weights.progress_length,
        target=reached * weights.target,
        energy=-weights.energy_price * energy,
    )._asdict()


def sum_terms(terms: dict[str, np.ndarray]) -> np.ndarray:
    """The reward: the sum of the terms in their order, (N,)."""
    first, *rest = terms.values()
    return sum(rest, start=first)
