"""Populations that walk: their rates beside physics alone, and beside stepping them from Python."""

from __future__ import annotations

import functools
from functools import partial
from typing import Any

import numpy as np

from agents.algorithms.mutation import mutate
from agents.algorithms.neat import NEATLearner
from agents.learner import Learner
from agents.networks.network import plain_normaliser
from agents.networks.population import MLPs, Shape
from agents.training.train import make_config
from agents.trial import Outcome, Trial, Walkers
from benchmarks.speed.throughput import Case, StepFunction
from walker_env import Options, WalkerBatch

NETWORKS = 1024
_GROWN = 25  # rounds of mutation, after which networks have all shapes


class Stepped(Walkers):
    """Walks trials by stepping the batch from Python, as it is where numba is missing."""

    def run(self, trial: Trial) -> Outcome:
        """Walk one trial."""
        return self.step(trial)


def rollouts(count: int, threads: int = 1, steps: int = 200, hidden: int = 16) -> StepFunction:
    """Whole episodes of networks with weights of their own, one course each.

    Args:
        count: Number of networks.
        threads: That share them.
        steps: Length of an episode [control step].
        hidden: Units of their hidden layer.
    """
    walkers, batch = Walkers(Options(threads=threads)), WalkerBatch(1)
    inputs = batch.reset(seed=np.zeros(1)).shape[1]
    shape = Shape((inputs, hidden, batch.action_width))
    weights = np.random.default_rng(0).normal(size=(count, shape.size))
    seeds, see = np.zeros(1, np.uint64), plain_normaliser(inputs)
    trial = Trial(MLPs(shape, weights), seeds, steps, see)
    return lambda: walkers.run(trial).count


def training(algorithm: str, population: int, stepped: bool = False) -> StepFunction:
    """Whole generations of a search with two courses, everything included.

    Args:
        algorithm: Its name.
        population: Networks in a generation.
        stepped: Whether they walk step by step.
    """
    learner = _learner(algorithm, population, stepped)

    def step() -> int:
        before = learner.steps
        learner.advance()
        return learner.steps - before

    return step


@functools.lru_cache
def _learner(algorithm: str, population: int, stepped: bool) -> Learner:
    settings: dict[str, Any] = {"population": population, "courses": 2}
    config = make_config(algorithm, settings, tuned=False)
    crew = Stepped if stepped else Walkers
    learner = config.learner(crew(config.options))
    if isinstance(learner, NEATLearner):
        rng = np.random.default_rng(0)
        for _ in range(_GROWN):
            learner.genomes = mutate(learner.genomes, learner.config.rates, rng)
    return learner


def generation_cases() -> list[Case]:
    """Populations, compiled and stepped."""
    cases = [
        Case("rollouts", "own networks", NETWORKS, partial(rollouts, NETWORKS)),
        Case("rollouts", "own networks, 2 threads", NETWORKS, partial(rollouts, NETWORKS, 2)),
    ]
    for algorithm, population in (("snes", 64), ("neat", 10_000)):
        for stepped, how in ((False, ""), (True, ", stepped")):
            make = partial(training, algorithm, population, stepped)
            cases.append(Case("training", f"{algorithm}{how}", 2 * population, make))
    return cases


RATIOS = (
    (("training", "snes"), ("physics alone", "compiled")),
    (("training", "snes"), ("training", "snes, stepped")),
    (("rollouts", "own networks"), ("physics alone", "compiled")),
    (("training", "neat"), ("training", "neat, stepped")),
    (("rollouts", "own networks, 2 threads"), ("rollouts", "own networks")),
    (("gym.make", "compiled"), ("Gymnasium", "Pendulum-v1")),
)
"""Pairs of rows, by group and name, whose rates are worth comparing."""


def ratios(rows: list[dict]) -> dict[str, float]:
    """How many times the rate of the second row the first of each pair has, where both are there.

    Args:
        rows: As `throughput.measure` gives them.
    """
    rates = {(row["group"], row["name"]): row["median"] for row in rows}
    pairs = [pair for pair in RATIOS if rates.keys() >= set(pair)]
    return {f"{' '.join(a)} / {' '.join(b)}": rates[a] / rates[b] for a, b in pairs}
