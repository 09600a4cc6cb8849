"""CEM, the cross-entropy method (Rubinstein 1999), from evotorch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from agents.algorithms.generations import EvolutionConfig
from agents.learner import Crew, Learner
from agents.search_space import Range, Space
from agents.settings import check_positive, check_within


@dataclass(frozen=True)
class CEMConfig(EvolutionConfig):
    """Settings of CEM."""

    algorithm: ClassVar[str] = "cem"
    search: ClassVar[Space] = EvolutionConfig.search | {
        "stdev": Range(0.3, 3.0, log=True),
        "parents": Range(0.1, 0.5),
        "stdev_min": Range(0.01, 0.3, log=True),
        "stdev_max_change": Range(0.05, 0.5, log=True),
    }

    stdev: float = 1.0  # of the search distribution at the start
    parents: float = 0.25  # share of the population that the next distribution is fitted to
    stdev_min: float = 0.05  # it shrinks no further, so that the search goes on
    stdev_max_change: float = 0.2  # of one generation, as a share

    def __post_init__(self) -> None:
        super().__post_init__()
        check_positive(self, "stdev", "stdev_min", "stdev_max_change")
        check_within(self, 0.0, 1.0, "parents")
        if self.population * self.parents < 2:
            raise ValueError(
                f"cem: parents must be at least two of the population, got {self.parents} of "
                f"{self.population}"
            )

    def learner(self, crew: Crew) -> Learner:
        """A search at its beginning."""
        from evotorch.algorithms import CEM

        from agents.algorithms.evolution import EvolutionLearner

        return EvolutionLearner(
            self,
            crew,
            lambda problem: CEM(
                problem,
                popsize=self.population,
                parenthood_ratio=self.parents,
                stdev_init=self.stdev,
                stdev_min=self.stdev_min,
                stdev_max_change=self.stdev_max_change,
            ),
            bound=self.stdev,
        )
