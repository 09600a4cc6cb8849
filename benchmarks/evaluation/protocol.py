"""How policies are compared: versioned data. Whatever changes here needs a new version.

The courses that count are those of `walker_env.seeds.held_out_seeds`: training draws its seeds from
far below, and choosing between one's own policies has `validation_seeds`, so neither meets them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from walker_env import ENV_ID, HORIZON
from walker_env.seeds import check_training_seed, held_out_seeds, validation_seeds

__all__ = ["PROTOCOL", "Protocol", "check_training_seed", "held_out_seeds", "validation_seeds"]

MAX_COURSES = 1 << 20
"""More courses than anybody walks; it keeps the ranges of seeds apart."""


@dataclass(frozen=True)
class Protocol:
    """What a result was measured on; results are compared only where all of it is the same."""

    version: str = "walker-v0.2"
    env_id: str = ENV_ID
    body: str = "quadruped"
    course: str = "disc"
    world: str = "standard"
    courses: int = 64  # one full episode each
    horizon: int = HORIZON  # [control step]
    turn_min: float = 0.1  # [rad] a leg that turns by less is no turn

    def __post_init__(self) -> None:
        if not 1 <= self.courses <= MAX_COURSES:
            raise ValueError(f"courses must lie in [1, {MAX_COURSES}], got {self.courses}")
        if self.horizon < 1:
            raise ValueError(f"horizon must be at least 1 control step, got {self.horizon}")

    def seeds(self) -> np.ndarray:
        """Seed of each course, ``(courses,)`` uint64; a course is episode 0 of its seed."""
        return held_out_seeds(self.courses)


PROTOCOL = Protocol()
"""The protocol of the published leaderboard."""
