"""A window that shows the best policy of a run while it trains, in a process of its own.

It asks the system for the lowest priority: on a busy core it gets about one part in seventy, and
where a core is free it costs training nothing.
"""

from __future__ import annotations

import os
from pathlib import Path

from agents.baselines import Agent, load_agent
from agents.training.progress import NICEST
from walker_env import WalkerEnv
from walker_env.seeds import show_seed

_LOOK_EVERY = 20  # [control step] between two looks at the file


def watch_live(path: Path, size: int, seed: int = 0) -> None:
    """Walk with the policy at ``path``, and with its successors, until the window is closed.

    It also ends when the process that started it is gone.

    Args:
        path: A run's ``policy.safetensors``; whenever it is replaced, the new one takes over.
        size: Width and height of the window [pixel].
        seed: Which of the courses made for showing comes first.
    """
    if hasattr(os, "nice"):
        os.nice(NICEST)
    parent, stamp = os.getppid(), path.stat().st_mtime_ns
    agent = load_agent(path)
    env = _env(agent, size)
    observation, _ = env.reset(seed=show_seed(seed))
    step = 0
    try:
        while not env.window_closed and os.getppid() == parent:
            observation, _, _, _, _ = env.step(agent.act(observation[None])[0])
            step += 1
            if step % _LOOK_EVERY == 0 and (now := path.stat().st_mtime_ns) != stamp:
                agent, stamp = load_agent(path), now
    finally:
        env.close()


def _env(agent: Agent, size: int) -> WalkerEnv:
    options = agent.options.for_evaluation().as_dict()
    return WalkerEnv(**options, render_mode="human", render_size=size)
