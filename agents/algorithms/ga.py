"""A genetic algorithm on the weights of one network shape, from evotorch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from agents.algorithms.generations import EvolutionConfig
from agents.learner import Crew, Learner
from agents.search_space import Choice, Range, Space
from agents.settings import check_positive, check_whole, check_within


@dataclass(frozen=True)
class GAConfig(EvolutionConfig):
    """Settings of the genetic algorithm; parents compete with their children."""

    algorithm: ClassVar[str] = "ga"
    search: ClassVar[Space] = EvolutionConfig.search | {
        "bound": Range(0.3, 3.0, log=True),
        "tournament": Choice((2, 4, 8)),
        "mutation": Range(0.05, 1.0, log=True),
        "mutated": Range(0.05, 1.0, log=True),
    }

    bound: float = 1.0  # of the first population's weights
    tournament: int = 4  # solutions that compete to become a parent
    mutation: float = 0.2  # standard deviation of what is added to a weight
    mutated: float = 0.3  # chance of a weight to be mutated

    def __post_init__(self) -> None:
        super().__post_init__()
        check_whole(self, tournament=2)
        check_positive(self, "bound", "mutation")
        check_within(self, 0.0, 1.0, "mutated")
        if self.population % 2:
            raise ValueError(
                f"ga: population must be even, since children come in pairs, got {self.population}"
            )

    def learner(self, crew: Crew) -> Learner:
        """A search at its beginning."""
        from evotorch.algorithms import GeneticAlgorithm
        from evotorch.operators import GaussianMutation, OnePointCrossOver

        from agents.algorithms.evolution import EvolutionLearner

        return EvolutionLearner(
            self,
            crew,
            lambda problem: GeneticAlgorithm(
                problem,
                popsize=self.population,
                operators=[
                    OnePointCrossOver(problem, tournament_size=self.tournament),
                    GaussianMutation(
                        problem, stdev=self.mutation, mutation_probability=self.mutated
                    ),
                ],
            ),
            bound=self.bound,
            best="pop_best",
        )
