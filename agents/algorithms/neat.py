"""The original's learner: networks that grow from nothing by mutation, an elite, a roulette wheel.

neat-python cannot express it: its reproduction works by species, crossover and survival thresholds,
not by a wheel. Nor can it keep up: a step of one of its networks takes 25 us in Python, 40,000 a
second. So the population lies in arrays here (`genomes`) and is mutated, selected and computed as a
whole.

What differs from the original: inner nodes are tanh instead of relu; a weight moves a little most
of the time instead of not at all; new values are smaller, since observations are normalised;
parents come from the upper part of the generation; and nobody is put back to the centre after a
target, neither in training nor in the race.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from agents.algorithms.generations import Generations, PopulationConfig
from agents.algorithms.genomes import Genomes, bare, joined
from agents.algorithms.mutation import Rates, mutate
from agents.algorithms.selection import ranking, spin, wheel
from agents.learner import Crew, Learner
from agents.networks.network import Graph
from agents.policy import Policy
from agents.search_space import Choice, Range, Space
from agents.settings import check_positive, check_whole, check_within


@dataclass(frozen=True)
class NEATConfig(PopulationConfig):
    """Settings of the growing networks; chances are those of a child, as in the original."""

    algorithm: ClassVar[str] = "neat"
    search: ClassVar[Space] = {
        "population": Choice((300, 500, 1000)),
        "courses": Choice((1, 2, 4)),
        "rounds": Choice((1, 2, 3, 5)),
        "step": Range(0.1, 1.0, log=True),
        "spread": Range(0.5, 2.0, log=True),
        "floor": Range(0.0, 0.8),
    }

    population: int = 1000
    elite: float = 0.2  # share that goes on as it is
    floor: float = 0.5  # share that has no children, see `selection.wheel`
    rounds: int = 3  # of mutation between parent and child
    bias_chance: float = 0.8
    weight_chance: float = 0.7
    node_chance: float = 0.05
    edge_chance: float = 0.2
    renewal: float = 0.1  # chance of a changed value to be drawn anew instead of moved
    spread: float = 1.0  # standard deviation of a new value
    step: float = 0.4  # standard deviation of a move
    finalists: int = 8  # of a generation walk again, to tell the good from the lucky
    final_courses: int = 16

    def __post_init__(self) -> None:
        super().__post_init__()
        check_whole(self, rounds=1, finalists=1, final_courses=1)
        chances = ("bias_chance", "weight_chance", "node_chance", "edge_chance", "renewal")
        check_within(self, 0.0, 1.0, "elite", "floor", *chances)
        check_positive(self, "spread", "step")
        if self.elite_count >= self.population or self.floor == 1:
            raise ValueError(
                f"neat: elite must leave room for a child among {self.population} genomes and "
                f"floor lie below 1, got elite {self.elite!r} and floor {self.floor!r}"
            )

    @property
    def elite_count(self) -> int:
        """Genomes that go on as they are; the best at least, unless nobody is to."""
        return max(round(self.elite * self.population), int(self.elite > 0))

    @property
    def rates(self) -> Rates:
        """How children are mutated."""
        return Rates(
            bias=self.bias_chance,
            weight=self.weight_chance,
            node=self.node_chance,
            edge=self.edge_chance,
            renewal=self.renewal,
            spread=self.spread,
            step=self.step,
        )

    def learner(self, crew: Crew) -> Learner:
        """A population without a connection."""
        return NEATLearner(self, crew)


class NEATLearner:
    """Growing networks as a `learner.Learner`.

    Args:
        config: The settings.
        crew: Walks the generations.

    Attributes:
        genomes: The generation that walks next.
        champion: The best finalist of the generation that walked last.
    """

    def __init__(self, config: NEATConfig, crew: Crew) -> None:
        self.config = config
        self._rng = np.random.default_rng(config.seed)
        self._generations = Generations(config, crew, self._rng)
        self.genomes = bare(config.population, config.inputs, config.outputs)
        self.champion = self.genomes.take(np.arange(1))
        self._metrics: dict[str, float] = {}

    @property
    def steps(self) -> int:
        """Control steps so far, of all walkers together."""
        return self._generations.walked

    @property
    def cpu_seconds(self) -> float:
        """Processor time spent by workers so far [s]."""
        return self._generations.cpu_seconds

    @property
    def metrics(self) -> dict[str, float]:
        """Returns of the last generation and the champion's size."""
        return self._metrics

    def advance(self) -> None:
        """One generation: walk, choose the champion, select, mutate."""
        outcome = self._generations.walk(self.genomes.packed())
        order = ranking(outcome.returns)
        best = self._play_final(order[: self.config.finalists])
        self._generations.learn(outcome)
        self._metrics = {
            "return_mean": float(outcome.returns.mean()),
            "return_final": best,
            "nodes": float(self.champion.nodes[0]),
            "edges": float(self.champion.arcs[0]),
        }
        self.genomes = self._next(outcome.returns, order)

    def _play_final(self, finalists: np.ndarray) -> float:
        """Let the finalists walk further courses; the winner is the champion."""
        genomes = self.genomes.take(finalists)
        returns = self._generations.walk(genomes.packed(), self.config.final_courses).returns
        self.champion = genomes.take(ranking(returns)[:1])
        return float(returns.max())

    def _next(self, fitness: np.ndarray, order: np.ndarray) -> Genomes:
        """The elite, and mutated children of whom the wheel chose."""
        config = self.config
        count = config.elite_count
        children = self.genomes.take(
            spin(wheel(fitness, config.floor), config.population - count, self._rng)
        )
        for _ in range(config.rounds):
            children = mutate(children, config.rates, self._rng)
        return joined([self.genomes.take(order[:count]), children])

    def network(self) -> Graph:
        """The champion's network."""
        return self.champion.packed().network(0)

    def policy(self) -> Policy:
        """The champion."""
        return Policy(
            name=self.config.algorithm,
            network=self.network(),
            normaliser=self._generations.normaliser(),
            options=self.config.options,
        )

    def state_dict(self) -> dict[str, Any]:
        """Everything that changes."""
        return {
            "generations": self._generations.state_dict(),
            "genomes": self.genomes.arrays(),
            "champion": self.champion.arrays(),
            "metrics": dict(self._metrics),
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on exactly as if it had never stopped."""
        shape = (self.config.inputs, self.config.outputs)
        self._generations.load_state_dict(state["generations"])
        self.genomes = Genomes(*shape, **state["genomes"])
        self.champion = Genomes(*shape, **state["champion"])
        self._metrics = dict(state["metrics"])
