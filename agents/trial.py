"""Evaluates a generation: P networks on the same C courses, all at once.

The result depends on the networks, the courses and the normalisation alone: not on how the
population is split over workers, since every walker moves as if alone and every network computes as
if alone.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from agents.gaits import Beat
from agents.networks import network as networks
from agents.networks.network import Graph, Normaliser, plain_normaliser
from agents.networks.population import Graphs, MLPs, PackedGraphs, Population, Shape
from walker_env import Options, WalkerBatch
from walker_env.engine import resolve
from walker_env.observation import ACTION, get_layout, width

_SIZES_KEPT = 3
_WARM = 256  # walkers of a warm-up: enough for helper threads to be called


@dataclass(frozen=True)
class Trial:
    """What a population is asked to do; picklable, so that it can go to another process."""

    population: Population
    seeds: np.ndarray  # (C,) uint64, one course each, the same for all networks
    steps: int  # [control step] at most
    normaliser: Normaliser
    gauge: bool = False  # whether to measure how the feet stand

    def part(self, first: int, last: int) -> Trial:
        """The same for networks ``first`` to ``last``."""
        return replace(self, population=self.population.part(first, last))

    def parts(self, most: int) -> list[Trial]:
        """The trial in ``most`` parts of about the same size, in order; none is empty."""
        size = len(self.population)
        count = min(most, size)
        return [self.part(size * i // count, size * (i + 1) // count) for i in range(count)]


@dataclass(frozen=True)
class Outcome:
    """What a trial came to, for each of the P networks."""

    returns: np.ndarray  # (P,) float64, mean over the courses
    walked: np.ndarray  # (P,) int64 [control step] of all its walkers together
    seen: np.ndarray  # (P, 2, O) float64, sums over these steps of observations and their squares
    stance: np.ndarray | None  # (P, 1 + F, F) float64, the like of grips, see `Stance`
    cpu: float = 0.0  # [s] of processor time in other processes

    @property
    def looks(self) -> np.ndarray:
        """How many observations `seen` sums up, ``(P,)``: one for each step."""
        return self.walked

    @property
    def count(self) -> int:
        """Control steps of all walkers together."""
        return int(self.walked.sum())


def join(parts: list[Outcome]) -> Outcome:
    """The outcome of a whole trial from those of its parts, in order."""
    stances = [part.stance for part in parts if part.stance is not None]
    return Outcome(
        returns=np.concatenate([part.returns for part in parts]),
        walked=np.concatenate([part.walked for part in parts]),
        seen=np.concatenate([part.seen for part in parts]),
        stance=np.concatenate(stances) if stances else None,
        cpu=sum(part.cpu for part in parts),
    )


class Walkers:
    """Walks trials in this process.

    Args:
        options: The environment; its threads share a population where the engine is compiled.
    """

    def __init__(self, options: Options) -> None:
        self._options = options
        self._compiled = networks.COMPILED and resolve(options.engine) == "compiled"
        self._rollouts: Any = None
        self._batches: dict[int, WalkerBatch] = {}

    def run(self, trial: Trial) -> Outcome:
        """Walk one trial."""
        acts = type(trial.population).act  # a subclass may act in its own way
        if not (self._compiled and acts in (MLPs.act, PackedGraphs.act)):
            return self.step(trial)
        from agents.rollouts import Rollouts  # numba takes a while to import

        self._rollouts = self._rollouts or Rollouts(self._options)
        how = (trial.seeds, trial.steps, trial.normaliser, trial.gauge)
        sums = self._rollouts.run(trial.population, *how)
        by_network = (len(trial.population), len(trial.seeds))
        stance = sums.stance.reshape(*by_network, *sums.stance.shape[1:]) if trial.gauge else None
        return Outcome(
            returns=sums.total.reshape(by_network).mean(axis=1),
            walked=sums.walked.reshape(by_network).sum(axis=1),
            seen=sums.seen,
            stance=None if stance is None else stance.sum(axis=1),
        )

    def step(self, trial: Trial) -> Outcome:
        """Walk one trial step by step, with any population and engine: what `run` is held to."""
        population, courses = len(trial.population), len(trial.seeds)
        batch = self._of_size(population * courses)
        observation = batch.reset(seed=np.tile(trial.seeds, population))
        total, alive = np.zeros(batch.n), np.ones(batch.n, dtype=bool)
        walked, seen = np.zeros(batch.n, np.int64), np.zeros((population, 2, observation.shape[1]))
        stance = Stance(batch) if trial.gauge else None
        for _ in range(trial.steps):
            tally(observation, alive, seen)
            step = batch.step(trial.population.act(observation, trial.normaliser))
            observation = step.observation
            total += step.reward * alive
            walked += alive
            if stance is not None:
                stance.watch(batch, alive)
            if step.terminated.any():
                alive &= ~step.terminated
                if not alive.any():
                    break
        by_network = (population, courses)
        return Outcome(
            returns=total.reshape(by_network).mean(axis=1),
            walked=walked.reshape(by_network).sum(axis=1),
            seen=seen,
            stance=None if stance is None else stance.sums(population),
        )

    def warm_up(self, populations: bool = True) -> None:
        """Walk a step with every kind of network: what is compiled or loaded for it is then there.

        Both ways are walked, since a policy is validated step by step. It draws no random number
        and leaves nothing behind.

        Args:
            populations: Whether populations will walk; what only they need takes the longest.
        """
        body = self._options.body
        inputs, outputs = width(get_layout(self._options.observation), body), width(ACTION, body)
        shape, none = Shape((inputs, outputs)), np.zeros(0)
        bare = Graph(inputs, np.zeros(outputs), np.zeros(outputs + 1, int), none, none, outputs)
        for population in (MLPs(shape, np.zeros((1, shape.size))), Graphs([bare])):
            trial = Trial(population, np.zeros(_WARM, np.uint64), 1, plain_normaliser(inputs))
            self.step(trial)
            if populations:
                self.run(trial)
        self._batches.clear()
        self._rollouts = None

    def close(self) -> None:
        """Nothing to end."""

    def _of_size(self, n: int) -> WalkerBatch:
        """A batch of ``n`` walkers; some algorithms alternate between two sizes."""
        if n not in self._batches:
            if len(self._batches) >= _SIZES_KEPT:
                self._batches.clear()
            self._batches[n] = WalkerBatch(n, self._options)
        return self._batches[n]


def warm_walkers(options: Options) -> Walkers:
    """`Walkers` that have walked a step: whoever waits for them does not wait for compiling."""
    walkers = Walkers(options)
    walkers.warm_up()
    return walkers


class Stance:
    """How feet stand: sums over time from which a gait is classified, see `gaits.coordination`.

    Row 0 holds the sum of each foot's grip, row 1 + f the sums of the products of beats with foot
    f's beat.
    """

    def __init__(self, batch: WalkerBatch) -> None:
        self._feet = batch.state.grip.shape[1]
        self._sums = np.zeros((batch.n, 1 + self._feet, self._feet))
        self._beat = Beat(batch.state.grip)

    def watch(self, batch: WalkerBatch, alive: np.ndarray) -> None:
        """Take in a control step of the walkers that are ``alive`` (N,)."""
        beat = self._beat.follow(batch.state.grip) * alive[:, None]
        self._sums[:, 0] += batch.state.grip * alive[:, None]
        self._sums[:, 1:] += beat[:, :, None] * beat[:, None, :]

    def sums(self, population: int) -> np.ndarray:
        """The sums of each network's walkers together, ``(P, 1 + F, F)``."""
        return self._sums.reshape(population, -1, 1 + self._feet, self._feet).sum(axis=1)


def tally(observation: np.ndarray, alive: np.ndarray, seen: np.ndarray) -> None:
    """Add what the walkers of P networks see to each network's sums.

    Walkers that are not alive do not count: how long others go on must not matter.

    Args:
        observation: ``(P * C, O)`` float32, networks in turn, with their C courses each.
        alive: ``(P * C,)`` bool.
        seen: ``(P, 2, O)`` float64, sums of observations and of their squares; changed in place.
    """
    population = len(seen)
    if networks.COMPILED:
        from agents.networks.kernels import tally as compiled

        compiled(0, population, len(observation) // population, observation, alive, seen)
        return
    values = np.where(alive[:, None], observation.astype(np.float64), 0.0)
    values = values.reshape(population, -1, observation.shape[1])
    for c in range(values.shape[1]):
        seen[:, 0] += values[:, c]
        seen[:, 1] += values[:, c] * values[:, c]
