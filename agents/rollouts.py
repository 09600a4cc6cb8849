"""Whole episodes of a population in compiled calls, a group of networks at a time.

A group's walkers stay in the processor's cache for their episode, and threads take whole groups, so
they meet only at the end. `trial.Walkers.step` is the readable version; the bits are the same.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import numpy as np

from agents.compiled.entry import walk
from agents.compiled.graphs import Packed
from agents.compiled.rollout import GRAPHS, LAYERS, Plan, Sums
from agents.gaits import Beat
from agents.networks.network import Normaliser, activation_code
from agents.networks.population import MLPs, PackedGraphs
from walker_env import Options, WalkerBatch
from walker_env.compiled.pack import LANES

_GROUP = 64  # walkers in a group, about


class Rollouts:
    """Walks populations of known kinds.

    Args:
        options: The environment, with the compiled engine; its threads share a population.
    """

    def __init__(self, options: Options) -> None:
        self._options = options
        self._batch: WalkerBatch | None = None  # one walker for each course, at its start

    def run(
        self,
        population: MLPs | PackedGraphs,
        seeds: np.ndarray,
        steps: int,
        normaliser: Normaliser,
        gauge: bool,
    ) -> Sums:
        """Walk every course with every network of ``population``.

        Args:
            population: P networks.
            seeds: ``(C,)`` uint64, one course each.
            steps: How long at most [control step].
            normaliser: What the networks see of an observation.
            gauge: Whether to sum up how the feet stand.
        """
        if self._batch is None or self._batch.n != len(seeds):
            self._batch = WalkerBatch(len(seeds), self._options)
        batch = self._batch
        plan, packed = self._plan(population, len(seeds), steps, normaliser, gauge)
        while True:
            observation = batch.reset(seed=seeds)
            count, width = len(population), observation.shape[1]
            feet, walkers = batch.state.grip.shape[1], len(population) * len(seeds)
            sums = Sums(
                total=np.zeros(walkers),
                walked=np.zeros(walkers, np.int64),
                seen=np.zeros((count, 2, width)),
                stance=np.zeros((walkers if gauge else 0, 1 + feet, feet)),
            )
            begun = (*batch.compiled(), observation)
            call = partial(_walk, rest=(*begun, tuple(plan), tuple(packed), tuple(sums)))
            if not self._any(call, -(-count // plan.nets)):
                return sums
            batch.lengthen_courses()

    def _any(self, call: partial[bool], groups: int) -> bool:
        """Whether a course needs more room in any group."""
        threads = min(self._options.threads, groups)
        if threads == 1:
            return any(map(call, range(groups)))
        pool = ThreadPoolExecutor(threads)
        try:
            return any(list(pool.map(call, range(groups))))
        finally:
            pool.shutdown(cancel_futures=True)  # after Ctrl-C nobody waits for the rest

    def _plan(
        self,
        population: MLPs | PackedGraphs,
        courses: int,
        steps: int,
        normaliser: Normaliser,
        gauge: bool,
    ) -> tuple[Plan, Packed]:
        size, threads = len(population), self._options.threads
        most = LANES * -(-size // (LANES * threads))  # so that every thread has a group
        mean, std, bound = normaliser.arrays
        networks, packed = _networks(population)
        plan = Plan(
            nets=min(max(LANES, _GROUP // courses // LANES * LANES), most),
            steps=steps,
            delay=self._options.world.sensor_delay,
            gauge=gauge,
            quick=Beat.RATES[0],
            slow=Beat.RATES[1],
            mean=mean,
            std=std,
            bound=bound,
            **networks,
        )
        return plan, packed


def _networks(population: MLPs | PackedGraphs) -> tuple[dict[str, Any], Packed]:
    """What a plan says of its networks, and those of any shape."""
    if isinstance(population, PackedGraphs):
        order = np.argsort(np.diff(population.nodes), kind="stable")  # the like side by side
        return _NO_LAYERS | {"kind": GRAPHS, "who": order}, Packed(*population.arrays)
    shape = population.shape
    layers = {
        "kind": LAYERS,
        "who": np.arange(len(population)),
        "sizes": np.array(shape.sizes),
        "values": np.require(population.values, np.float32, ["C", "W"]),
        "places": shape.by_output,
        "hidden": activation_code(shape.hidden),
        "output": activation_code(shape.output),
    }
    return layers, _NO_GRAPHS


def _walk(group: int, rest: tuple) -> bool:
    return walk(group, *rest)


_NO_LAYERS = {
    "sizes": np.zeros(2, np.int64),
    "values": np.zeros((0, 0), np.float32),
    "places": np.zeros(0, np.int64),
    "hidden": 0,
    "output": 0,
}
_NO_GRAPHS = Packed(
    nodes=np.zeros(1, np.int64),
    bias=np.zeros(0),
    edges=np.zeros(1, np.int64),
    source=np.zeros(0, np.int64),
    weight=np.zeros(0),
)
