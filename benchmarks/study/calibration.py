"""How fast is this machine at this moment? A fixed piece of work, timed in the run's own process.

Processor time depends on load: two runs of the same bits took 27.6 s and 33.0 s. So a run times
this work again and again, at every look, and its processor time between two looks is divided by how
much slower the work was than on the idle reference machine. Half of it is a compiled walk, half
gradients of a small network, since learners spend their time on the one or the other.
"""

from __future__ import annotations

import itertools
import json
import statistics
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from agents.networks.network import plain_normaliser
from agents.networks.population import MLPs, Shape
from agents.training.budget import Cost
from agents.trial import Trial, Walkers
from walker_env import Options
from walker_env.files import atomic_write
from walker_env.observation import ACTION, get_layout, width

REFERENCE = 0.0169
"""The work on the idle reference machine: an AMD EPYC with 2 cores, Python 3.11 [s]."""

_REPEATS = 3  # the middle one counts
_NETWORKS, _COURSES, _STEPS = 64, 1, 600  # that are walked
_BATCH, _UPDATES = 256, 24  # that are learned from


class Kernel:
    """The work, ready to be timed: compiling and memory come before."""

    def __init__(self) -> None:
        import torch

        options, rng = Options(), np.random.default_rng(0)
        inputs = width(get_layout(options.observation), options.body)
        shape = Shape((inputs, 16, width(ACTION, options.body)))
        weights = rng.normal(size=(_NETWORKS, shape.size)).astype(np.float32)
        seeds = np.arange(_COURSES, dtype=np.uint64)
        normaliser = plain_normaliser(inputs)
        self._walkers = Walkers(options)
        self._trial = Trial(MLPs(shape, weights), seeds, _STEPS, normaliser)
        sizes = (inputs, 64, 64, 1)
        self._layers = [
            torch.from_numpy(rng.normal(size=pair).astype(np.float32)).requires_grad_()
            for pair in itertools.pairwise(sizes)
        ]
        self._seen = torch.from_numpy(rng.normal(size=(_BATCH, inputs)).astype(np.float32))
        self._work()

    def seconds(self) -> float:
        """Processor time of the work now [s]."""
        return statistics.median(self._time() for _ in range(_REPEATS))

    def _time(self) -> float:
        begun = time.process_time()
        self._work()
        return time.process_time() - begun

    def _work(self) -> None:
        import torch

        self._walkers.run(self._trial)
        for _ in range(_UPDATES):
            value = self._seen
            for layer in self._layers:
                value = torch.tanh(value @ layer)
            torch.autograd.grad(value.square().mean(), self._layers)


def normalised(cpu_seconds: Sequence[float], kernel: Sequence[float]) -> np.ndarray:
    """Processor time as the idle reference machine would have needed it.

    Args:
        cpu_seconds: ``(T,)`` rising, of training until each timing of the kernel [s].
        kernel: ``(T,)``, the kernel's time then [s].

    Returns:
        ``(T,)`` [s].

    Raises:
        ValueError: The lengths differ, a time of the kernel is not positive, or time runs back.
    """
    spent, timed = np.asarray(cpu_seconds, float), np.asarray(kernel, float)
    passed = np.diff(spent, prepend=0.0)
    if timed.shape != spent.shape or not (timed > 0).all() or (passed < 0).any():
        raise ValueError(
            "expected rising processor times and a positive time of the kernel for each, got "
            f"{spent.tolist()} and {timed.tolist()}"
        )
    before = np.concatenate([timed[:1], timed[:-1]])
    return np.cumsum(passed * (2.0 * REFERENCE) / (before + timed))


@dataclass(frozen=True)
class Timing:
    """The kernel at a moment of a run."""

    steps: int  # [control step] so far
    cpu_seconds: float  # [s] of training so far
    kernel: float  # [s]
    began: bool  # whether a process began or went on here; else it is a look


class Calibration:
    """Watches a run: times the kernel where a process begins, and at every look.

    Args:
        folder: The run's folder; what was timed lies there, for a run that goes on.

    Attributes:
        timings: All so far, in order.
    """

    FILE = "calibration.json"

    def __init__(self, folder: Path) -> None:
        self._path, self._kernel, self._begun = folder / self.FILE, Kernel(), False
        lines = json.loads(self._path.read_text()) if self._path.exists() else []
        self.timings = [Timing(**line) for line in lines]

    @property
    def resumed(self) -> list[int]:
        """Control steps at which the run went on after it was stopped."""
        return [timing.steps for timing in self.timings[1:] if timing.began]

    def at(self, steps: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The kernel's time and the normalised processor time at looks, ``(L,)`` each [s].

        Raises:
            ValueError: A look was not timed.
        """
        kernel = [timing.kernel for timing in self.timings]
        seconds = normalised([timing.cpu_seconds for timing in self.timings], kernel)
        rows = {timing.steps: i for i, timing in enumerate(self.timings) if not timing.began}
        missing = [int(look) for look in steps if int(look) not in rows]
        if missing:
            raise ValueError(f"{self._path}: the kernel was not timed at the looks {missing}")
        places = [rows[int(look)] for look in steps]
        return np.array(kernel)[places], seconds[places]

    def start(self, algorithm: str, folder: Path, points: int) -> None:
        """The first update tells where the run is."""

    def update(self, cost: Cost, used: float, metrics: dict[str, Any]) -> None:
        """Time the kernel where this process begins; what came after its checkpoint is undone."""
        if not self._begun:
            self._begun = True
            self.timings = [timing for timing in self.timings if timing.steps <= cost.steps]
            self._add(cost, began=True)

    def validated(self, cost: Cost, score: float, folder: Path) -> None:
        """Time the kernel at a look."""
        self._add(cost, began=False)

    def stop(self) -> None:
        """Nothing to do."""

    def _add(self, cost: Cost, began: bool) -> None:
        spent = max([cost.cpu_seconds, *(timing.cpu_seconds for timing in self.timings[-1:])])
        self.timings.append(Timing(cost.steps, spent, self._kernel.seconds(), began))
        text = ",\n".join(json.dumps(asdict(timing)) for timing in self.timings)
        atomic_write(self._path, f"[\n{text}\n]\n")
