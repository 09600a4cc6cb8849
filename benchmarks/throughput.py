"""Control steps per second of the environment, on one core, with random actions."""

from __future__ import annotations

import itertools
import json
import platform
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import gymnasium as gym
import numpy as np
from rich.console import Console
from rich.progress import track
from rich.table import Table

from agents.files import atomic_write
from walker_env import ENV_ID, WORLD, WalkerBatch

REPEATS = 5
SECONDS = 1.5  # of each repeat
SIZES = (1, 16, 64, 256, 1024, 4096)


def _rate(step: Callable[[], None], walkers: int) -> list[float]:
    """Steps per second of ``REPEATS`` repeats; the first moments are not counted."""
    for _ in range(5):
        step()
    rates = []
    for _ in range(REPEATS):
        count, start = 0, time.perf_counter()
        while (elapsed := time.perf_counter() - start) < SECONDS:
            step()
            count += walkers
        rates.append(count / elapsed)
    return rates


def _single() -> Callable[[], None]:
    env = gym.make(ENV_ID)
    env.reset(seed=0)
    actions = np.random.default_rng(0).uniform(-1, 1, (512, *(env.action_space.shape or ())))
    turn = itertools.count()

    def step() -> None:
        _, _, terminated, truncated, _ = env.step(actions[next(turn) % len(actions)])
        if terminated or truncated:
            env.reset()

    return step


def _vector(n: int) -> Callable[[], None]:
    env = gym.make_vec(ENV_ID, num_envs=n, vectorization_mode="vector_entry_point")
    env.reset(seed=0, options={"stagger": True})
    width = gym.spaces.flatdim(env.single_action_space)
    actions = np.random.default_rng(0).uniform(-1, 1, (16, n, width))
    turn = itertools.count()

    def step() -> None:
        env.step(actions[next(turn) % len(actions)])

    return step


def measure(sizes: tuple[int, ...] = SIZES) -> dict:
    """Measure the single and the vector environment.

    Args:
        sizes: Numbers of walkers N of the vector environment.

    Returns:
        JSON-ready: the machine, and for each case the rates of all repeats [control step/s].
    """
    cases = [("gym.make", 1, _single)] + [("make_vec", n, lambda n=n: _vector(n)) for n in sizes]
    rows = []
    for name, n, make in track(cases, description="Measuring", transient=True):
        rates = _rate(make(), n)
        rows.append({"case": name, "walkers": n, "rates": [round(rate) for rate in rates]})
    return {
        "machine": platform.processor() or platform.machine(),
        "python": platform.python_version(),
        "engine": WalkerBatch(1).engine.name,
        "substeps": WORLD.substeps,
        "rows": rows,
    }


def run(out: Path | None = None) -> dict:
    """Measure, print a table, and write the figures to ``out`` as JSON if it is given."""
    result = measure()
    table = Table(title=f"Control steps per second, one process, engine {result['engine']}")
    for column in ("how", "walkers", "median", "lowest", "highest"):
        table.add_column(column, justify="left" if column == "how" else "right")
    for row in result["rows"]:
        figures = (statistics.median(row["rates"]), min(row["rates"]), max(row["rates"]))
        table.add_row(row["case"], f"{row['walkers']:,}", *(f"{figure:,.0f}" for figure in figures))
    Console().print(table)
    if out is not None:
        atomic_write(out, json.dumps(result, indent=1) + "\n")
    return result
