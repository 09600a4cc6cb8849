"""SAC, soft actor-critic (Haarnoja et al. 2018), from stable-baselines3."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from stable_baselines3 import SAC

from agents.algorithms.off_policy import OffPolicyConfig


@dataclass(frozen=True)
class SACConfig(OffPolicyConfig):
    """Settings of SAC."""

    algorithm: ClassVar[str] = "sac"

    def model(self) -> SAC:
        """The model at its beginning, on its normalised environment."""
        return SAC(**self._keywords())
