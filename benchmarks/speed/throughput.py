"""How fast it is: control steps per second of everything that takes steps, measured in one run.

A case is a name and a function that makes a step and says how many control steps that was. Cases
are measured in turn, several times over, so that a machine whose speed drifts treats all alike; the
median counts.
"""

from __future__ import annotations

import itertools
import platform
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import gymnasium as gym
import numpy as np

from agents.provenance import processor
from walker_env import ENV_ID, WORLD, Options, WalkerBatch, WalkerVectorEnv
from walker_env.engine import ENGINES, resolve

SIZES = (1, 4, 16, 64, 256, 1024, 4096, 16_384, 65_536)
PYMUNK_LARGEST = 4096  # more only take longer to build

StepFunction = Callable[[], int]


@dataclass(frozen=True)
class Case:
    """Something that takes steps."""

    group: str
    name: str
    walkers: int
    make: Callable[[], StepFunction]


def available_engines() -> list[str]:
    """Engines whose libraries are installed, the fastest first."""
    engines = []
    for name in reversed(ENGINES):
        try:
            engines.append(resolve(name))
        except gym.error.DependencyNotInstalled:
            continue
    return engines


def single(engine: str) -> StepFunction:
    """``gym.make``, wrappers and all."""
    return gymnasium_step(gym.make(ENV_ID, engine=engine))


def gymnasium_step(env: gym.Env) -> StepFunction:
    """Step any single Gymnasium environment under random actions, resets included."""
    env.reset(seed=0)
    env.action_space.seed(0)
    actions = [env.action_space.sample() for _ in range(512)]
    turn = itertools.count()

    def step() -> int:
        _, _, terminated, truncated, _ = env.step(actions[next(turn) % len(actions)])
        if terminated or truncated:
            env.reset()
        return 1

    return step


def vector(n: int, engine: str, threads: int = 1) -> StepFunction:
    """The vector environment with everything: sensing, reward, targets, autoreset, info.

    Args:
        n: Number of walkers.
        engine: A name in `engine.ENGINES`.
        threads: That step it.
    """
    env = WalkerVectorEnv(n, engine=engine, threads=threads)
    env.reset(seed=0, options={"stagger": True})
    actions = _actions(min(16, 1 + 65_536 // n), n, gym.spaces.flatdim(env.single_action_space))
    turn = itertools.count()

    def step() -> int:
        env.step(actions[next(turn) % len(actions)])
        return n

    return step


def kernel(n: int, engine: str) -> StepFunction:
    """The engine alone: physics and nothing else, under the drives of random actions.

    Without drives walkers rest, and their ever smaller numbers take a processor longer.

    Args:
        n: Number of walkers.
        engine: A name in `engine.ENGINES`.
    """
    batch = WalkerBatch(n, Options(engine=engine))
    batch.reset(seed=np.arange(n))
    drives = []
    for action in _actions(16, n, batch.action_width):
        batch.step(action)
        drives.append(batch.state.drive)
    turn = itertools.cycle(drives)

    def step() -> int:
        batch.state.drive = next(turn)
        batch.engine.step(batch.state)
        return n

    return step


def cases(sizes: tuple[int, ...] = SIZES) -> list[Case]:
    """All cases of this project that this machine can run."""
    every, fastest = [], available_engines()[0]
    for engine in available_engines():
        every.append(Case("gym.make", engine, 1, partial(single, engine)))
        every.append(Case("physics alone", engine, 1024, partial(kernel, 1024, engine)))
        for n in sizes:
            if engine != "pymunk" or n <= PYMUNK_LARGEST:
                every.append(Case("make_vec", engine, n, partial(vector, n, engine)))
    if fastest == "compiled":
        for n in (1024, 65_536):
            make = partial(vector, n, "compiled", threads=2)
            every.append(Case("make_vec", "compiled, 2 threads", n, make))
    return every


def measure(
    chosen: list[Case], seconds: float, repeats: int, on_turn: Callable[[str], object]
) -> list[dict]:
    """Measure all cases in turn, ``repeats`` times over.

    Args:
        chosen: What to measure.
        seconds: Length of each measurement [s].
        repeats: Measurements of each case.
        on_turn: Called with a case's name before each, to show progress.

    Returns:
        For each case a JSON-ready row with its rates [control step/s] and their median.
    """
    rates: list[list[float]] = [[] for _ in chosen]
    for _ in range(repeats):
        for case, kept in zip(chosen, rates):
            on_turn(f"{case.group} {case.name} {case.walkers:,}")
            kept.append(_rate(case.make(), seconds))
    return [
        {
            "group": case.group,
            "name": case.name,
            "walkers": case.walkers,
            "median": round(statistics.median(kept)),
            "rates": [round(rate) for rate in kept],
        }
        for case, kept in zip(chosen, rates)
    ]


def machine() -> dict:
    """What it was measured on, JSON-ready."""
    return {
        "processor": processor(),
        "python": platform.python_version(),
        "numpy": np.__version__,
        "physics_steps_per_control_step": WORLD.substeps,
    }


def _rate(step: StepFunction, seconds: float) -> float:
    step()  # compiles, fills caches
    count, start = 0, time.perf_counter()
    while (elapsed := time.perf_counter() - start) < seconds:
        count += step()
    return count / elapsed


def _actions(*shape: int) -> np.ndarray:
    return np.random.default_rng(0).uniform(-1, 1, shape).astype(np.float32)
