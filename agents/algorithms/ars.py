"""ARS, augmented random search (Mania, Guy and Recht 2018), version V2-t.

A linear policy on normalised observations: random directions are tried both ways, the best of them
are followed, and the step is divided by the spread of their returns.

This is a search of our own on evotorch's frame. That of sb3-contrib walks one candidate after the
other through a loop in Python and draws from torch's global generator; here the population walks
at once, shared with workers like every other, and a killed run goes on exactly. A test holds the
step to sb3-contrib's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from agents.algorithms.generations import EvolutionConfig
from agents.learner import Crew, Learner
from agents.search_space import Choice, Range, Space
from agents.settings import check_positive, check_within


@dataclass(frozen=True)
class ARSConfig(EvolutionConfig):
    """Settings of ARS."""

    algorithm: ClassVar[str] = "ars"
    search: ClassVar[Space] = EvolutionConfig.search | {
        "hidden": Choice(((), (16,))),
        "noise": Range(0.03, 1.0, log=True),
        "rate": Range(0.03, 1.0, log=True),
        "top": Range(0.1, 1.0),
    }

    hidden: tuple[int, ...] = ()  # none: a linear policy, as published
    noise: float = 0.3  # standard deviation of the directions
    rate: float = 0.3  # step size
    top: float = 0.5  # share of the directions that are followed, the best

    def __post_init__(self) -> None:
        super().__post_init__()
        check_positive(self, "noise", "rate")
        check_within(self, 0.0, 1.0, "top")
        if self.population % 2:
            raise ValueError(
                f"ars: population must be even, since directions are tried both ways, "
                f"got {self.population}"
            )

    def learner(self, crew: Crew) -> Learner:
        """A search at its beginning."""
        from agents.algorithms.ars_search import ARS
        from agents.algorithms.evolution import EvolutionLearner

        return EvolutionLearner(
            self,
            crew,
            lambda problem: ARS(
                problem, self.population // 2, noise=self.noise, rate=self.rate, top=self.top
            ),
            bound=self.noise,
        )
