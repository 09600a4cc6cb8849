"""CMA-ES (Hansen and Ostermeier 2001), from evotorch; separable where the matrix does not fit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from agents.algorithms.generations import EvolutionConfig
from agents.learner import Crew, Learner
from agents.search_space import Choice, Range, Space
from agents.settings import check_positive

LARGEST = 1000
"""Most weights with a full covariance; larger networks are searched with its diagonal alone."""


@dataclass(frozen=True)
class CMAESConfig(EvolutionConfig):
    """Settings of CMA-ES."""

    algorithm: ClassVar[str] = "cmaes"
    search: ClassVar[Space] = EvolutionConfig.search | {
        "hidden": Choice(((8,), (16,))),
        "stdev": Range(0.1, 2.0, log=True),
        "separable": Choice((None, True)),
    }

    stdev: float = 0.5  # of the search distribution at the start
    separable: bool | None = None  # None: where a network has more than `LARGEST` weights

    def __post_init__(self) -> None:
        super().__post_init__()
        check_positive(self, "stdev")
        if self.separable not in (None, True, False):
            raise ValueError(f"cmaes: separable must be true, false or null, got {self.separable}")

    def learner(self, crew: Crew) -> Learner:
        """A search at its beginning."""
        from evotorch.algorithms import CMAES

        from agents.algorithms.evolution import EvolutionLearner

        separable = self.shape.size > LARGEST if self.separable is None else self.separable
        return EvolutionLearner(
            self,
            crew,
            lambda problem: CMAES(
                problem,
                popsize=self.population,
                stdev_init=self.stdev,
                separable=separable,
            ),
            bound=self.stdev,
        )
