"""XNES, exponential natural evolution strategies with a full covariance (Glasmachers et al. 2010).

From evotorch. The covariance of n weights has n x n numbers and each generation costs n^3: small
networks only.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from agents.algorithms.generations import EvolutionConfig
from agents.learner import Crew, Learner
from agents.search_space import Choice, Range, Space
from agents.settings import check_positive

LARGEST = 1000
"""Most weights of a network; a generation would take longer than the walk."""


@dataclass(frozen=True)
class XNESConfig(EvolutionConfig):
    """Settings of XNES."""

    algorithm: ClassVar[str] = "xnes"
    search: ClassVar[Space] = EvolutionConfig.search | {
        "hidden": Choice(((4,), (6,), (8,))),
        "stdev": Range(0.3, 3.0, log=True),
        "centre_rate": Range(0.5, 2.0, log=True),
    }

    hidden: tuple[int, ...] = (6,)
    stdev: float = 1.0  # of the search distribution at the start
    centre_rate: float = 1.0  # learning rate of its centre

    def __post_init__(self) -> None:
        super().__post_init__()
        check_positive(self, "stdev", "centre_rate")
        if self.shape.size > LARGEST:
            raise ValueError(
                f"xnes: networks may have {LARGEST} weights at most, hidden={self.hidden} makes "
                f"{self.shape.size}; use snes for larger ones"
            )

    def learner(self, crew: Crew) -> Learner:
        """A search at its beginning."""
        from evotorch.algorithms import XNES

        from agents.algorithms.evolution import EvolutionLearner

        return EvolutionLearner(
            self,
            crew,
            lambda problem: XNES(
                problem,
                popsize=self.population,
                stdev_init=self.stdev,
                center_learning_rate=self.centre_rate,
            ),
            bound=self.stdev,
        )
