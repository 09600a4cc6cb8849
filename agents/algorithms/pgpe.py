"""PGPE, policy gradients with parameter-based exploration (Sehnke et al. 2010), from evotorch.

Symmetric samples, centred ranks and the ClipUp optimiser (Toklu et al. 2020), as evotorch advises.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from agents.algorithms.generations import EvolutionConfig
from agents.learner import Crew, Learner
from agents.search_space import Range, Space
from agents.settings import check_positive


@dataclass(frozen=True)
class PGPEConfig(EvolutionConfig):
    """Settings of PGPE."""

    algorithm: ClassVar[str] = "pgpe"
    search: ClassVar[Space] = EvolutionConfig.search | {
        "stdev": Range(0.05, 1.0, log=True),
        "centre_rate": Range(0.03, 0.6, log=True),
        "max_speed": Range(0.06, 1.2, log=True),
        "stdev_rate": Range(0.02, 0.3, log=True),
    }

    stdev: float = 0.3  # of the search distribution at the start
    centre_rate: float = 0.15  # step size of ClipUp
    max_speed: float = 0.3  # of the centre, largest length of a step
    stdev_rate: float = 0.1  # learning rate of the standard deviation

    def __post_init__(self) -> None:
        super().__post_init__()
        check_positive(self, "stdev", "centre_rate", "max_speed", "stdev_rate")
        if self.population % 2:
            raise ValueError(
                f"pgpe: population must be even, since samples come in pairs, got {self.population}"
            )

    def learner(self, crew: Crew) -> Learner:
        """A search at its beginning."""
        from evotorch.algorithms import PGPE

        from agents.algorithms.evolution import EvolutionLearner

        return EvolutionLearner(
            self,
            crew,
            lambda problem: PGPE(
                problem,
                popsize=self.population,
                stdev_init=self.stdev,
                center_learning_rate=self.centre_rate,
                stdev_learning_rate=self.stdev_rate,
                optimizer="clipup",
                optimizer_config={"max_speed": self.max_speed},
                ranking_method="centered",
            ),
            bound=self.stdev,
        )
