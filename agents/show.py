"""Watching one policy walk: a window, or a film."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from rich.progress import track

from agents.baselines import Agent
from walker_env import WORLD, WalkerEnv
from walker_env.seeds import show_seed


def _walk(
    agent: Agent, render_mode: str, seconds: float, seed: int, size: int
) -> Iterator[WalkerEnv]:
    """Yield the environment before every control step of one episode."""
    if not 0 < seconds < float("inf"):
        raise ValueError(f"seconds must be a positive number, got {seconds!r}")
    env = WalkerEnv(**agent.options.judged().as_dict(), render_mode=render_mode, render_size=size)
    try:
        observation, _ = env.reset(seed=show_seed(seed))
        for _ in range(round(seconds * WORLD.control_rate)):
            yield env
            observation, _, terminated, _, _ = env.step(agent.act(observation[None])[0])
            if terminated or env.window_closed:
                break
    finally:
        env.close()


def watch(agent: Agent, seconds: float, seed: int, size: int) -> None:
    """Show the walk in a window, in real time, until it ends or the window is closed."""
    for _ in _walk(agent, "human", seconds, seed, size):
        pass


def film(agent: Agent, path: str | Path, seconds: float, seed: int, size: int) -> None:
    """Write the walk to a GIF or MP4, by the file's ending."""
    from walker_env.render.video import video_writer

    with video_writer(path, round(WORLD.control_rate)) as write:
        steps = _walk(agent, "rgb_array", seconds, seed, size)
        total = round(seconds * WORLD.control_rate)
        for env in track(steps, description="Drawing", total=total, transient=True):
            frame = env.render()
            assert frame is not None  # rgb_array
            write(frame)
