"""CoSyNE, cooperative synapse neuroevolution (Gomez et al. 2008), from evotorch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from agents.algorithms.generations import EvolutionConfig
from agents.learner import Crew, Learner
from agents.search_space import Choice, Range, Space
from agents.settings import check_positive, check_whole, check_within


@dataclass(frozen=True)
class CosyneConfig(EvolutionConfig):
    """Settings of CoSyNE: weights are exchanged between networks, position by position."""

    algorithm: ClassVar[str] = "cosyne"
    search: ClassVar[Space] = EvolutionConfig.search | {
        "bound": Range(0.3, 3.0, log=True),
        "tournament": Choice((2, 4, 8)),
        "mutation": Range(0.05, 1.0, log=True),
        "mutated": Range(0.05, 1.0, log=True),
        "elites": Choice((1, 2, 4, 8)),
    }

    bound: float = 1.0  # of the first population's weights
    tournament: int = 4  # solutions that compete to become a parent
    mutation: float = 0.3  # standard deviation of what is added to a weight
    mutated: float = 0.3  # chance of a weight to be mutated
    elites: int = 4  # solutions that go on as they are

    def __post_init__(self) -> None:
        super().__post_init__()
        check_whole(self, tournament=2, elites=1)
        check_positive(self, "bound", "mutation")
        check_within(self, 0.0, 1.0, "mutated")
        if self.population < 8 or self.elites > self.population // 4:
            raise ValueError(
                "cosyne: population must be at least 8 and hold four times the elites, got "
                f"{self.population} and {self.elites}"
            )

    def learner(self, crew: Crew) -> Learner:
        """A search at its beginning."""
        from evotorch.algorithms import Cosyne

        from agents.algorithms.evolution import EvolutionLearner

        return EvolutionLearner(
            self,
            crew,
            lambda problem: Cosyne(
                problem,
                popsize=self.population,
                tournament_size=self.tournament,
                mutation_stdev=self.mutation,
                mutation_probability=self.mutated,
                num_elites=self.elites,
            ),
            bound=self.bound,
            best="pop_best",
        )
