"""What is not a rate: memory of a walker, start of a cold process, PPO's share of rollouts."""

from __future__ import annotations

import subprocess
import sys
import time
from dataclasses import fields
from typing import Any

import numpy as np

from walker_env import WalkerBatch

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

    from agents.ppo import PPOConfig, make_ppo

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
