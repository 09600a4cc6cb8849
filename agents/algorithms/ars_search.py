"""The search of `ars`, on evotorch's frame."""

from __future__ import annotations

import torch
from evotorch import SolutionBatch
from evotorch.algorithms.searchalgorithm import SearchAlgorithm

from agents.algorithms.evolution import WalkProblem


class ARS(SearchAlgorithm):
    """The search on an evotorch problem that maximises.

    Args:
        problem: What is solved.
        count: Directions in a generation; each is tried both ways.
        noise: Standard deviation of the directions.
        rate: Step size.
        top: Share of the directions that are followed.
    """

    _center: torch.Tensor

    def __init__(
        self, problem: WalkProblem, count: int, noise: float, rate: float, top: float
    ) -> None:
        super().__init__(problem, center=lambda: self._center)
        self._how = count, noise, rate, top  # no part of what changes
        self._center: torch.Tensor = torch.zeros(problem.solution_length)
        self.population: SolutionBatch | None = None

    def _step(self) -> None:
        problem, (count, noise, rate, top) = self.problem, self._how
        deltas = problem.make_gaussian((count, problem.solution_length))
        both = torch.cat([deltas, -deltas]) * noise
        self.population = SolutionBatch(problem, popsize=len(both), empty=True)
        self.population.set_values(self._center + both)
        problem.evaluate(self.population)
        returns = self.population.evals[:, 0].reshape(2, count)
        followed = max(1, round(top * count))
        self._center = self._center + rate * follow(deltas, returns, followed)


def follow(deltas: torch.Tensor, returns: torch.Tensor, top: int) -> torch.Tensor:
    """The step ``(n,)`` for a step size of 1.

    Args:
        deltas: Directions ``(D, n)``.
        returns: Of the candidates along them and against them, ``(2, D)``.
        top: How many directions are followed: those with the best candidates.
    """
    best = torch.argsort(returns.max(dim=0).values, descending=True, stable=True)[:top]
    ahead, back = returns[:, best]
    spread = returns[:, best].std()
    return (ahead - back) @ deltas[best] / (top * spread + 1e-6)
