"""SAC, soft actor-critic (Haarnoja et al. 2018), from stable-baselines3."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from agents.algorithms.off_policy import OffPolicyConfig


@dataclass(frozen=True)
class SACConfig(OffPolicyConfig):
    """Settings of SAC."""

    algorithm: ClassVar[str] = "sac"

    def model(self) -> Any:
        """The model at its beginning, on its normalised environment."""
        from stable_baselines3 import SAC

        return SAC(**self._keywords())
