"""The reward is a sum of named terms; each is reported in ``info`` as ``reward_<name>``."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from os import PathLike
from typing import Any

import numpy as np

from walker_env.plan import Plan, PlanError, check_between, convert, resolve
from walker_env.schema import Terms

MOST = 1e6
"""Largest size of a weight."""


@dataclass(frozen=True)
class RewardWeights(Plan):
    """What each term is worth.

    As data, a ``progress_length`` of None says that way earns nothing, since JSON has no infinity.

    Raises:
        PlanError: A weight of a wrong kind or out of bounds.
    """

    progress_length: float = 50.0  # [unit] of way towards the target that earn 1; inf: none does
    target: float = 2.0  # for each target reached
    energy_price: float = 0.0  # for each unit of energy spent

    def __post_init__(self) -> None:
        for part in fields(self):
            value = convert(float, getattr(self, part.name), part.name, PlanError)
            object.__setattr__(self, part.name, value)
        if not (0 < self.progress_length <= MOST or self.progress_length == math.inf):
            raise PlanError(
                f"progress_length must be positive, got {self.progress_length!r} "
                f"(the most is {MOST:g}, or infinite)"
            )
        check_between(PlanError, "target", self.target, -MOST, MOST)
        if not 0 <= self.energy_price <= MOST:
            raise PlanError(
                f"energy_price must be a finite number >= 0, got {self.energy_price!r} "
                f"(the most is {MOST:g})"
            )

    def as_dict(self) -> dict[str, Any]:
        """Every weight, JSON-ready."""
        data = super().as_dict()
        return data | {"progress_length": _finite(data["progress_length"])}

    @classmethod
    def from_dict(cls, data: Any) -> RewardWeights:
        """The weights in data; see `Plan.from_dict`."""
        if isinstance(data, Mapping) and data.get("progress_length", 0.0) is None:
            data = {**data, "progress_length": math.inf}
        return super().from_dict(data)


REWARDS = {"dense": RewardWeights(), "sparse": RewardWeights(progress_length=math.inf)}
"""Rewards by name; in the sparse one no way earns anything, only targets do."""


def get_reward(reward: str | PathLike[str] | dict[str, Any] | RewardWeights) -> RewardWeights:
    """A reward from whatever names it.

    Args:
        reward: `RewardWeights`, their dict, a path to their JSON, or a name in `REWARDS`.

    Raises:
        PlanError: It is none of these.
    """
    return resolve(RewardWeights, "reward", reward, REWARDS)


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


def _finite(number: float) -> float | None:
    return None if math.isinf(number) else number
