"""What is not a rate: memory, start of a cold process, gain of a second thread, PPO's rollouts."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable
from dataclasses import fields
from typing import Any

import numpy as np

from walker_env import WalkerBatch, WalkerVectorEnv

_FIRST_STEP = """
import time
start = time.perf_counter()
import gymnasium, walker_env
env = gymnasium.make("walker_env/Walker-v0")
env.reset(seed=0)
env.step(env.action_space.sample())
print(time.perf_counter() - start)
"""


def state_bytes(n: int = 1024) -> float:
    """Bytes of state for each walker in a batch of ``n``."""
    state = WalkerBatch(n).state
    return sum(getattr(state, field.name).nbytes for field in fields(state)) / n


def peak_bytes(n: int = 16_384) -> float:
    """Most bytes in use for each walker while a vector environment of ``n`` is stepped.

    That is the state, what the engine holds and what a step hands out. The blocks in which compiled
    code calculates do not grow with ``n`` and are not counted.
    """
    _stepper(WalkerVectorEnv(1))  # what is imported and compiled does not grow with n either
    actions = np.zeros((n, WalkerBatch(1).action_width), dtype=np.float32)
    tracemalloc.start()
    try:
        env = WalkerVectorEnv(n)
        env.reset(seed=0)
        env.step(actions)
        return tracemalloc.get_traced_memory()[1] / n
    finally:
        tracemalloc.stop()


def thread_gain(n: int = 1024, threads: int = 2, seconds: float = 4.0) -> float:
    """How many times faster several threads step a vector environment than one, measured in turn.

    Args:
        n: Number of walkers.
        threads: Compared with one; at least 2.
        seconds: Time for measuring [s].

    Returns:
        Time with one thread over time with ``threads``, of the medians.
    """
    steps = [_stepper(WalkerVectorEnv(n, threads=t)) for t in (1, threads)]
    times: list[list[float]] = [[], []]
    end = time.perf_counter() + seconds
    while time.perf_counter() < end or not times[0]:
        for step, kept in zip(steps, times):
            for _ in range(4):
                step()  # the helpers wake up
            start = time.perf_counter()
            for _ in range(50):
                step()
            kept.append(time.perf_counter() - start)
    one, many = (statistics.median(kept) for kept in times)
    return one / many


def _stepper(env: WalkerVectorEnv) -> Callable[[], object]:
    env.reset(seed=0, options={"stagger": True})
    actions = env.action_space.sample()
    env.step(actions)  # compiles
    return lambda: env.step(actions)


def first_step_seconds() -> float:
    """From the first import to the first step in a new process, compiled code on disk [s]."""
    command = [sys.executable, "-c", _FIRST_STEP]
    times = [
        float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
        for _ in range(3)
    ]
    return float(np.median(times))


def ppo_shares(walkers: int = 256, epochs: int = 10, batch: int = 8192) -> dict[str, float]:
    """Steps per second of SB3's PPO, and which share of the time its rollouts take.

    Args:
        walkers: Environments.
        epochs: SB3's default.
        batch: Minibatch.
    """
    import torch
    from stable_baselines3.common.callbacks import BaseCallback

    from agents.algorithms.ppo import PPOConfig, make_ppo

    class Clock(BaseCallback):
        rollouts = 0.0

        def _on_rollout_start(self) -> None:
            self.start = time.perf_counter()

        def _on_rollout_end(self) -> None:
            self.rollouts += time.perf_counter() - self.start

        def _on_step(self) -> bool:
            return True

    torch.set_num_threads(1)
    model: Any = make_ppo(PPOConfig(walkers=walkers, epochs=epochs, batch=batch))
    steps, clock = walkers * model.n_steps * 4, Clock()
    model.learn(walkers * model.n_steps)  # warm
    start = time.perf_counter()
    model.learn(steps, callback=clock)
    seconds = time.perf_counter() - start
    return {"steps_per_second": steps / seconds, "rollout_share": clock.rollouts / seconds}
