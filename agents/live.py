"""A window that shows the best policies of a run while it trains, in a process of its own.

It asks the system for the lowest priority: on a busy core it gets about one part in seventy, and
where a core is free it costs training nothing.
"""

from __future__ import annotations

import os
from pathlib import Path

from agents.baselines import Agent, load_agent
from agents.policy import PolicyError
from agents.training.progress import NICEST
from walker_env import WalkerEnv
from walker_env.seeds import show_seed

_LOOK_EVERY = 20  # [control step] between two looks at the file

BEST, TURN = 5, 300
"""How many of a folder's policies walk, and how long each at a time [control step]."""


def watch_live(path: Path, size: int, seed: int = 0) -> None:
    """Walk with the policy at ``path``, and with its successors, until the window is closed.

    It also ends when the process that started it is gone.

    Args:
        path: A run's ``policy.safetensors``; whenever it is replaced, the new one takes over. Or a
            folder of policies: the first ones by name walk in turn, each in its own body.
        size: Width and height of the window [pixel].
        seed: Which of the courses made for showing comes first.
    """
    if hasattr(os, "nice"):
        os.nice(NICEST)
    parent, shown = os.getppid(), _Shown(path)
    agent = shown.next(0)
    assert agent is not None  # the first look is at something new
    env = _env(agent, size)
    observation, _ = env.reset(seed=show_seed(seed))
    step = 0
    try:
        while not env.window_closed and os.getppid() == parent:
            observation, _, _, _, _ = env.step(agent.act(observation[None])[0])
            step += 1
            if step % _LOOK_EVERY == 0 and (new := shown.next(step)) is not None:
                if new.options.body != agent.options.body:
                    env.close()
                    env = _env(new, size)
                    observation, _ = env.reset(seed=show_seed(seed))
                agent = new
    finally:
        env.close()


class _Shown:
    """Which policy walks now."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._last: tuple[Path, int] | None = None

    def next(self, step: int) -> Agent | None:
        """The policy that takes over at this control step; None if the present one goes on."""
        path = self._path
        if path.is_dir():
            best = sorted(path.glob("[!.]*.safetensors"))[:BEST]  # none that is being written
            if not best:
                return None
            path = best[step // TURN % len(best)]
        try:
            now = (path, path.stat().st_mtime_ns)
            agent = load_agent(path) if now != self._last else None
        except (OSError, PolicyError):
            if self._last is None:
                raise
            return None  # it has just been replaced
        self._last = now
        return agent


def _env(agent: Agent, size: int) -> WalkerEnv:
    options = agent.options.for_evaluation().as_dict()
    return WalkerEnv(**options, render_mode="human", render_size=size)
