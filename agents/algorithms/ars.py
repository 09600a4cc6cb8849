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

import torch
from evotorch import SolutionBatch
from evotorch.algorithms.searchalgorithm import SearchAlgorithm

from agents.algorithms.evolution import EvolutionConfig, EvolutionLearner, WalkProblem
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
        return EvolutionLearner(self, crew, lambda problem: ARS(problem, self), bound=self.noise)


class ARS(SearchAlgorithm):
    """The search on an evotorch problem that maximises.

    Args:
        problem: What is solved.
        config: Its settings.
    """

    _center: torch.Tensor

    def __init__(self, problem: WalkProblem, config: ARSConfig) -> None:
        super().__init__(problem, center=lambda: self._center)
        self._config = config
        self._center: torch.Tensor = torch.zeros(problem.solution_length)
        self.population: SolutionBatch | None = None

    def _step(self) -> None:
        config, problem = self._config, self.problem
        count = config.population // 2
        deltas = problem.make_gaussian((count, problem.solution_length))
        both = torch.cat([deltas, -deltas]) * config.noise
        self.population = SolutionBatch(problem, popsize=len(both), empty=True)
        self.population.set_values(self._center + both)
        problem.evaluate(self.population)
        returns = self.population.evals[:, 0].reshape(2, count)
        top = max(1, round(config.top * count))
        self._center = self._center + config.rate * follow(deltas, returns, top)


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
