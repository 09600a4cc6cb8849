"""What evotorch's algorithms share here: the problem they solve, and the learner around them.

All solutions of a generation walk the same courses, under one normalisation, at once.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np
import torch
from evotorch import Problem, SolutionBatch
from evotorch.algorithms.searchalgorithm import SearchAlgorithm

from agents.learner import Crew
from agents.moments import Moments
from agents.network import plain_normaliser
from agents.policy import Policy
from agents.population import MLPs, Shape
from agents.search_state import load_search_state, search_state
from agents.settings import check_whole
from agents.trial import Trial
from walker_env import WORLD, Options
from walker_env.body import get_body
from walker_env.observation import ACTION, get_layout, width
from walker_env.seeds import TRAINING_LIMIT, check_training_seed


@dataclass(frozen=True)
class EvolutionConfig:
    """Settings that every population shares."""

    algorithm: ClassVar[str] = "evolution"

    seed: int = 0
    population: int = 64  # small ones learn sooner: more generations for the same steps
    courses: int = 2  # walked by every solution in a generation
    episodes: tuple[tuple[int, float], ...] = ((0, 10.0), (10_000_000, 20.0), (40_000_000, 40.0))
    """Episode length [s] from so many control steps on: first learn to walk, then to go on."""
    hidden: tuple[int, ...] = (16,)  # units of the hidden layers
    normalise: bool = True  # observations, by their running moments
    options: Options = field(default_factory=Options)

    def __post_init__(self) -> None:
        check_training_seed(self.seed)
        hidden = (self.hidden,) if isinstance(self.hidden, int) else tuple(self.hidden)
        object.__setattr__(self, "hidden", hidden)
        check_whole(self, population=2, courses=1, hidden=1)
        object.__setattr__(self, "episodes", check_episodes(self.episodes))

    def episode_steps(self, walked: int) -> int:
        """Length of a training episode after ``walked`` control steps [control step]."""
        seconds = [s for start, s in self.episodes if start <= walked][-1]
        return round(seconds * WORLD.control_rate)

    @property
    def shape(self) -> Shape:
        """The networks' shape."""
        body = get_body(self.options.body)
        inputs = width(get_layout(self.options.observation), body)
        return Shape((inputs, *self.hidden, width(ACTION, body)))


def check_episodes(episodes: Any) -> tuple[tuple[int, float], ...]:
    """The schedule of episode lengths in its plain form.

    Raises:
        ValueError: Not pairs of (from so many steps on, seconds), or not rising from 0.
    """
    try:
        found = tuple((int(steps), float(seconds)) for steps, seconds in episodes)
    except (TypeError, ValueError) as error:
        raise ValueError(f"episodes must be pairs (steps, seconds), got {episodes!r}") from error
    starts = [steps for steps, _ in found]
    good = all(WORLD.control_dt <= seconds < math.inf for _, seconds in found)
    if starts[:1] != [0] or starts != sorted(starts) or not good:
        raise ValueError(
            f"episodes must be (steps from 0 up, seconds of at least one control step), got {found}"
        )
    return found


class WalkProblem(Problem):
    """Maximise the mean return over a few courses.

    Attributes:
        walked: Control steps so far, of all walkers together.
        cpu_seconds: Processor time spent by workers so far [s].
    """

    def __init__(self, config: EvolutionConfig, crew: Crew, bound: float) -> None:
        self.config, self.shape, self._crew = config, config.shape, crew
        self.moments = Moments(self.shape.sizes[0])
        self.walked, self.cpu_seconds = 0, 0.0
        self._courses = np.random.default_rng(config.seed)
        super().__init__(
            objective_sense="max",
            solution_length=self.shape.size,
            initial_bounds=(-bound, bound),
            dtype=torch.float32,
            seed=config.seed,
        )

    def _evaluate_batch(self, solutions: SolutionBatch) -> None:
        config = self.config
        seeds = self._courses.integers(TRAINING_LIMIT, size=config.courses, dtype=np.uint64)
        outcome = self._crew.run(
            Trial(
                population=MLPs(self.shape, solutions.values.numpy()),
                seeds=seeds,
                steps=config.episode_steps(self.walked),
                normaliser=self.normaliser(),
            )
        )
        self.walked += outcome.count
        self.cpu_seconds += outcome.cpu
        if config.normalise:  # the next generation is judged under what this one saw
            self.moments.add(outcome.seen, int(outcome.looks.sum()))
        solutions.set_evals(torch.from_numpy(outcome.returns))

    def normaliser(self) -> Any:
        """What the networks see of an observation."""
        if self.config.normalise:
            return self.moments.normaliser()
        return plain_normaliser(self.shape.sizes[0])

    def state_dict(self) -> dict[str, Any]:
        """What changes from generation to generation."""
        return {
            "moments": self.moments.state_dict(),
            "walked": self.walked,
            "cpu_seconds": self.cpu_seconds,
            "courses": self._courses.bit_generator.state,
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on from what `state_dict` gave."""
        self.moments.load_state_dict(state["moments"])
        self.walked, self.cpu_seconds = state["walked"], state["cpu_seconds"]
        self._courses.bit_generator.state = state["courses"]


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
        return self.problem.walked

    @property
    def cpu_seconds(self) -> float:
        """Processor time spent by workers so far [s]."""
        return self.problem.cpu_seconds

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
        found = self._search.status[self._best]
        values = found if isinstance(found, torch.Tensor) else found.values
        self._shown = values.clone().numpy()

    def policy(self) -> Policy:
        """The centre of the distribution, or the best of the last generation."""
        problem = self.problem
        values = np.zeros(problem.shape.size) if self._shown is None else self._shown
        return Policy(
            name=problem.config.algorithm,
            network=problem.shape.network(values),
            normaliser=problem.normaliser(),
            options=problem.config.options,
        )

    def state_dict(self) -> dict[str, Any]:
        """Everything that changes."""
        state = {"problem": self.problem.state_dict(), "shown": self._shown}
        return state | search_state(self._search)

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on exactly as if it had never stopped."""
        self.problem.load_state_dict(state["problem"])
        self._shown = state["shown"]
        load_search_state(self._search, state)
