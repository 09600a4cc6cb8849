"""Watching one policy walk: a window, or a film."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from walker_env import WORLD, WalkerEnv


def _walk(agent: Any, render_mode: str, seconds: float, seed: int, size: int) -> Any:
    """Yield the environment after every control step of one episode."""
    if not 0 < seconds < float("inf"):
        raise ValueError(f"seconds must be positive, got {seconds!r}")
    options = replace(agent.options).as_dict()
    env = WalkerEnv(**options, render_mode=render_mode, render_size=size)
    observation, _ = env.reset(seed=seed)
    try:
        for _ in range(round(seconds * WORLD.control_rate)):
            yield env
            observation, _, terminated, _, _ = env.step(agent.act(observation[None])[0])
            if terminated:
                break
    finally:
        env.close()


def watch(agent: Any, seconds: float, seed: int, size: int) -> None:
    """Show the walk in a window, in real time, until it ends or the window is closed."""
    for _ in _walk(agent, "human", seconds, seed, size):
        pass


def film(agent: Any, path: str | Path, seconds: float, seed: int, size: int) -> None:
    """Write the walk to a GIF or MP4, by the file's ending."""
    from walker_env.render.video import VideoWriter

    with VideoWriter(path, fps=WORLD.control_rate) as video:
        for env in _walk(agent, "rgb_array", seconds, seed, size):
            video.add(env.render())
