"""SNES, separable natural evolution strategies (Schaul et al. 2011), from evotorch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from agents.algorithms.generations import EvolutionConfig
from agents.learner import Crew, Learner
from agents.search_space import Range, Space
from agents.settings import check_positive


@dataclass(frozen=True)
class SNESConfig(EvolutionConfig):
    """Settings of SNES."""

    algorithm: ClassVar[str] = "snes"
    search: ClassVar[Space] = EvolutionConfig.search | {
        "stdev": Range(0.3, 3.0, log=True),
        "centre_rate": Range(0.5, 4.0, log=True),
    }

    stdev: float = 1.0  # of the search distribution at the start
    centre_rate: float = 1.5  # learning rate of its centre

    def __post_init__(self) -> None:
        super().__post_init__()
        check_positive(self, "stdev", "centre_rate")

    def learner(self, crew: Crew) -> Learner:
        """A search at its beginning."""
        from evotorch.algorithms import SNES

        from agents.algorithms.evolution import EvolutionLearner

        return EvolutionLearner(
            self,
            crew,
            lambda problem: SNES(
                problem,
                popsize=self.population,
                stdev_init=self.stdev,
                center_learning_rate=self.centre_rate,
            ),
            bound=self.stdev,
        )
