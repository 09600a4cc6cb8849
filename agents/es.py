"""Evolution strategies: evotorch's SNES on a batch in which the whole population walks."""

from __future__ import annotations

import logging
import math
from dataclasses import dataclass, field

import numpy as np
import torch
from evotorch import Problem, SolutionBatch
from evotorch.algorithms import SNES

from agents.moments import Moments
from agents.policy import Policy
from agents.run import Run
from walker_env import WORLD, Options, WalkerBatch
from walker_env.body import get_body
from walker_env.observation import get_layout, width
from walker_env.seeds import TRAINING_LIMIT, check_training_seed


@dataclass(frozen=True)
class ESConfig:
    """Settings of `train_es`."""

    seed: int = 0
    population: int = 64  # small ones learn sooner: more generations for the same steps
    courses: int = 2  # walked by every solution in a generation
    episodes: tuple[tuple[int, float], ...] = ((0, 10.0), (10_000_000, 20.0), (40_000_000, 40.0))
    """Episode length [s] from so many control steps on: first learn to walk, then to go on."""
    hidden: int = 16  # units of the one hidden layer
    stdev: float = 1.0  # of the search distribution at the start
    centre_rate: float = 1.5  # learning rate of its centre
    options: Options = field(default_factory=Options)

    def __post_init__(self) -> None:
        check_training_seed(self.seed)
        for name, least in (("population", 2), ("courses", 1), ("hidden", 1)):
            value = getattr(self, name)
            if not isinstance(value, int) or value < least:
                raise ValueError(f"es: {name} must be an int >= {least}, got {value!r}")
        for name in ("stdev", "centre_rate"):
            if not getattr(self, name) > 0:
                raise ValueError(f"es: {name} must be positive, got {getattr(self, name)!r}")
        episodes = tuple((int(steps), float(seconds)) for steps, seconds in self.episodes)
        object.__setattr__(self, "episodes", episodes)
        starts = [steps for steps, _ in episodes]
        if (
            starts[:1] != [0]
            or starts != sorted(starts)
            or not all(WORLD.control_dt <= s < math.inf for _, s in episodes)
        ):
            raise ValueError(
                "es: episodes must be (steps from 0 up, seconds of at least one control step), "
                f"got {episodes}"
            )

    def episode_steps(self, walked: int) -> int:
        """Length of a training episode after ``walked`` control steps [control step]."""
        seconds = [s for start, s in self.episodes if start <= walked][-1]
        return round(seconds * WORLD.control_rate)


class Networks:
    """P networks with one hidden layer, their weights the rows of one array."""

    def __init__(self, inputs: int, hidden: int, outputs: int) -> None:
        self._shapes = ((inputs, hidden), (hidden,), (hidden, outputs), (outputs,))
        self._ends = np.cumsum([int(np.prod(shape)) for shape in self._shapes])
        self.size = int(self._ends[-1])

    def split(self, values: np.ndarray) -> list[np.ndarray]:
        """Weights ``(P, size)`` as views ``(P, I, H), (P, H), (P, H, A), (P, A)``."""
        parts = np.split(values, self._ends[:-1], axis=1)
        return [part.reshape(-1, *shape) for part, shape in zip(parts, self._shapes)]

    def act(self, parts: list[np.ndarray], obs: np.ndarray) -> np.ndarray:
        """Actions ``(P, C, A)`` of every network for its own observations ``(P, C, I)``."""
        w0, b0, w1, b1 = parts
        hidden = np.tanh(obs @ w0 + b0[:, None])
        return np.tanh(hidden @ w1 + b1[:, None])


class WalkProblem(Problem):
    """Maximise the mean return; all solutions of a generation walk the same courses at once."""

    def __init__(self, config: ESConfig) -> None:
        body = get_body(config.options.body)
        inputs = width(get_layout(config.options.observation), body)
        self.config = config
        self.networks = Networks(inputs, config.hidden, len(body.feet) + len(body.muscles))
        self.moments = Moments(inputs)
        self.walked = 0  # [control step] of all walkers together
        self._courses = np.random.default_rng(config.seed)
        self._batch = WalkerBatch(config.population * config.courses, config.options)
        super().__init__(
            objective_sense="max",
            solution_length=self.networks.size,
            initial_bounds=(-config.stdev, config.stdev),
            dtype=torch.float32,
            seed=config.seed,
        )

    def _evaluate_batch(self, solutions: SolutionBatch) -> None:
        values = solutions.values.numpy()
        population, courses = len(values), self.config.courses
        batch = self._batch
        if batch.n != population * courses:
            raise ValueError(f"expected {self.config.population} solutions, got {population}")
        seeds = self._courses.integers(TRAINING_LIMIT, size=courses, dtype=np.uint64)
        observation = batch.reset(seed=np.tile(seeds, population))
        parts = self.networks.split(values)
        total, alive = np.zeros(batch.n), np.ones(batch.n, dtype=bool)
        moments = self.moments.copy()
        for _ in range(self.config.episode_steps(self.walked)):
            moments.add(observation)
            seen = self.moments.normalise(observation).reshape(population, courses, -1)
            step = batch.step(self.networks.act(parts, seen).reshape(batch.n, -1))
            observation = step.observation
            total += step.reward * alive
            self.walked += int(alive.sum())
            alive &= ~step.terminated
            if not alive.any():
                break
        self.moments = moments  # a generation is judged under one normalisation
        solutions.set_evals(torch.from_numpy(total.reshape(population, courses).mean(axis=1)))

    def policy(self, name: str, values: np.ndarray) -> Policy:
        """The policy with the weights ``(size,)``."""
        w0, b0, w1, b1 = (part[0] for part in self.networks.split(values[None]))
        return Policy(
            name=name,
            weights=((w0, b0), (w1, b1)),
            mean=self.moments.mean,
            std=self.moments.std,
            obs_clip=self.moments.clip,
            output="tanh",
            options=self.config.options,
        )


def train_es(config: ESConfig, run: Run) -> None:
    """Train until the run's budget is spent; the run keeps the best policy."""
    torch.set_num_threads(1)
    logging.getLogger("evotorch").setLevel(logging.WARNING)  # it tells where every tensor lives
    problem = WalkProblem(config)
    search = SNES(
        problem,
        popsize=config.population,
        stdev_init=config.stdev,
        center_learning_rate=config.centre_rate,
    )

    def centre() -> Policy:
        return problem.policy(run.name, search.status["center"].numpy())

    search.step()
    while run.report(problem.walked, centre):
        search.step()
