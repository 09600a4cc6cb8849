"""Watching one policy walk: a window, or a film."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from agents.baselines import Agent
from agents.work import Work
from walker_env import WORLD, WalkerBatch, WalkerEnv
from walker_env.seeds import show_seed
from walker_env.sensing import centre

if TYPE_CHECKING:
    from walker_env.render.view import View

GIF_FPS = 20
"""Pictures a second of a GIF: one for each control step."""


def watch(agent: Agent, seconds: float, seed: int, size: int) -> None:
    """Show the walk in a window, in real time, until it ends or the window is closed.

    Args:
        agent: Who walks.
        seconds: Most time it walks [s]; positive.
        seed: Which of the courses made for showing; at least 0.
        size: Width and height of the picture [pixel].

    Raises:
        ValueError: ``seconds`` is no positive number.
    """
    options = agent.options.for_evaluation().as_dict()
    env = WalkerEnv(**options, render_mode="human", render_size=size)
    try:
        observation, _ = env.reset(seed=show_seed(seed))
        for _ in range(_steps(seconds)):
            observation, _, terminated, _, _ = env.step(agent.act(observation[None])[0])
            if terminated or env.window_closed:
                break
    finally:
        env.close()


def film(agent: Agent, path: str | Path, seconds: float, seed: int, size: int) -> None:
    """Write the walk to a GIF or MP4, by the file's ending.

    An MP4 has a picture for every physics step and its camera goes along. A GIF keeps what did not
    change from one picture to the next, so its camera stands above the whole walk.

    Args:
        agent: Who walks.
        path: The file; its ending is .gif or .mp4.
        seconds: Most time it walks [s]; positive.
        seed: Which of the courses made for showing; at least 0.
        size: Width and height of the picture [pixel].

    Raises:
        ValueError: Another ending, or ``seconds`` is no positive number.
    """
    from walker_env.render.camera import MARGIN, square_around
    from walker_env.render.scale import room
    from walker_env.render.video import check_ending, video_writer
    from walker_env.render.view import View

    check_ending(path)
    steps, still = _steps(seconds), Path(path).suffix.lower() == ".gif"
    pictures = 1 if still else WORLD.substeps
    view = View(WalkerBatch(1, agent.options.for_evaluation()).body, size)
    if still:
        border = max(MARGIN, room(agent.options.body))
        view.overlook(*square_around(_places(agent, steps, seed), border))
    rate = GIF_FPS if still else WORLD.physics_rate
    with Work(f"drawing {Path(path).name}", steps + 1) as work, video_writer(path, rate) as write:
        for batch in _walk(agent, steps, seed):
            for frame in _frames(view, batch, pictures):
                write(frame)
            work.step()


def _frames(view: View, batch: WalkerBatch, count: int) -> Iterator[np.ndarray]:
    """The pictures of one control step; a single one of the start."""
    return view.frames(batch, count if batch.state.steps[0] else 1)


def _walk(agent: Agent, steps: int, seed: int) -> Iterator[WalkerBatch]:
    """Yield the walker at the start and after every control step until its episode ends."""
    batch = WalkerBatch(1, agent.options.for_evaluation())
    observation = batch.reset(seed=np.array([show_seed(seed)], dtype=np.uint64))
    yield batch
    for _ in range(steps):
        step = batch.step(agent.act(observation))
        observation = step.observation
        yield batch
        if step.terminated[0]:
            return


def _places(agent: Agent, steps: int, seed: int) -> np.ndarray:
    """Where the walk leads and the targets it meets, ``(P, 2)`` [unit]."""
    places = []
    for batch in _walk(copy.deepcopy(agent), steps, seed):  # a random one must not be a step ahead
        places += [centre(batch.state.position)[0], batch.state.target[0].copy()]
    return np.array(places)


def _steps(seconds: float) -> int:
    if not 0 < seconds < float("inf"):
        raise ValueError(f"seconds must be a positive number, got {seconds!r}")
    return round(seconds * WORLD.control_rate)
