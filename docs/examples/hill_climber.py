"""An algorithm of one's own: keep what walks farthest, try changes of it next.

python -m agents train docs/examples/hill_climber.py:HillClimberConfig --seconds 30
"""

from dataclasses import dataclass

import torch
from evotorch import SolutionBatch
from evotorch.algorithms.searchalgorithm import SearchAlgorithm

from agents.algorithms.evolution import EvolutionConfig, EvolutionLearner


@dataclass(frozen=True)
class HillClimberConfig(EvolutionConfig):
    """Its settings, beside those of every evolution."""

    algorithm = "hill-climber"
    size: float = 0.2  # standard deviation of a change

    def learner(self, crew):
        """A climber at the foot of the hill."""
        return EvolutionLearner(self, crew, lambda problem: HillClimber(problem, self))


class HillClimber(SearchAlgorithm):
    """Walks the present best beside its changes, all on the same courses."""

    def __init__(self, problem, config):
        super().__init__(problem, center=lambda: self._center)
        self._center, self._size = torch.zeros(problem.solution_length), config.size
        self.population = SolutionBatch(problem, popsize=config.population, empty=True)

    def _step(self):
        changes = self.problem.make_gaussian(self.population.values_shape)
        changes[0] = 0.0
        self.population.set_values(self._center + self._size * changes)
        self.problem.evaluate(self.population)
        self._center = self.population.values[self.population.argbest()].clone()
