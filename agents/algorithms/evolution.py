"""What evotorch's algorithms share here: the problem they solve, and the learner around them."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from evotorch import Problem, SolutionBatch
from evotorch.algorithms.searchalgorithm import SearchAlgorithm

from agents.algorithms.generations import EvolutionConfig, Generations
from agents.algorithms.search_state import load_search_state, search_state
from agents.learner import Crew
from agents.networks.population import MLPs
from agents.policy import Policy


class WalkProblem(Problem):
    """Maximise the mean return over a few courses.

    Args:
        config: Settings of the search; its seed seeds courses and solutions.
        crew: Walks the generations.
        bound: First solutions lie in [-bound, bound], each weight for itself.

    Attributes:
        generations: Walks them, and counts what they cost.
    """

    def __init__(self, config: EvolutionConfig, crew: Crew, bound: float) -> None:
        self.config, self.shape = config, config.shape
        self.generations = Generations(config, crew, np.random.default_rng(config.seed))
        super().__init__(
            objective_sense="max",
            solution_length=self.shape.size,
            initial_bounds=(-bound, bound),
            dtype=torch.float32,
            seed=config.seed,
        )

    def _evaluate_batch(self, solutions: SolutionBatch) -> None:
        outcome = self.generations.walk(MLPs(self.shape, solutions.values.numpy()))
        self.generations.learn(outcome)
        solutions.set_evals(torch.from_numpy(outcome.returns))


class EvolutionLearner:
    """An evotorch search as a `learner.Learner`.

    Args:
        config: Its settings.
        crew: Walks the generations.
        make_search: Makes the search on the problem.
        bound: First solutions of algorithms without a distribution lie within it.
        best: The key of the search's status that holds the solution to show.
    """

    def __init__(
        self,
        config: EvolutionConfig,
        crew: Crew,
        make_search: Callable[[WalkProblem], SearchAlgorithm],
        bound: float = 1.0,
        best: str = "center",
    ) -> None:
        torch.set_num_threads(1)
        logging.getLogger("evotorch").setLevel(logging.WARNING)  # it tells where every tensor lives
        self.problem = WalkProblem(config, crew, bound)
        self._search, self._best = make_search(self.problem), best
        self._shown: np.ndarray | None = None

    @property
    def steps(self) -> int:
        """Control steps so far, of all walkers together."""
        return self.problem.generations.walked

    @property
    def cpu_seconds(self) -> float:
        """Processor time spent by workers so far [s]."""
        return self.problem.generations.cpu_seconds

    @property
    def metrics(self) -> dict[str, float]:
        """Mean return of the last generation."""
        population = getattr(self._search, "population", None)
        if population is None or not len(population):
            return {}
        return {"return_mean": float(population.evals[:, 0].nanmean())}

    def advance(self) -> None:
        """One generation."""
        self._search.step()
        best = self._search.status[self._best]
        values = best if isinstance(best, torch.Tensor) else best.values
        self._shown = values.clone().numpy()

    def policy(self) -> Policy:
        """The centre of the distribution, or the best of the last generation."""
        problem = self.problem
        values = np.zeros(problem.shape.size) if self._shown is None else self._shown
        return Policy(
            name=problem.config.algorithm,
            network=problem.shape.network(values),
            normaliser=problem.generations.normaliser(),
            options=problem.config.options,
        )

    def state_dict(self) -> dict[str, Any]:
        """Everything that changes."""
        state = {"problem": self.problem.generations.state_dict(), "shown": self._shown}
        return state | search_state(self._search)

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on exactly as if it had never stopped."""
        self.problem.generations.load_state_dict(state["problem"])
        self._shown = state["shown"]
        load_search_state(self._search, state)
