"""Watching a match: a window, or a film."""

from __future__ import annotations

from pathlib import Path

from agents.work import Work
from walker_env import WORLD
from walker_env.match import Match

GIF_FPS = 20
"""Pictures a second of a GIF: one for each control step."""


def watch(match: Match, size: int) -> None:
    """Show a match in a window, in real time, until it ends or the window is closed.

    Args:
        match: That is played again.
        size: Width and height of the picture [pixel].
    """
    from walker_env.render.arena_view import ArenaView

    view = None
    for batch, outcome in match.walk():
        view = view or ArenaView(batch, size)
        view.show(outcome)
        if view.closed:
            break
    if view is not None:
        view.close()


def film(match: Match, path: str | Path, size: int) -> None:
    """Write a match to a GIF or MP4, by the file's ending.

    Args:
        match: That is played again.
        path: The file; its ending is .gif or .mp4.
        size: Width and height of the picture [pixel].

    Raises:
        ValueError: Another ending.
    """
    from walker_env.render.arena_view import ArenaView
    from walker_env.render.video import check_ending, video_writer

    check_ending(path)
    still = Path(path).suffix.lower() == ".gif"
    pictures, rate = (1, GIF_FPS) if still else (WORLD.substeps, WORLD.physics_rate)
    view = None
    steps = len(match.actions) + 1
    with Work(f"drawing {Path(path).name}", steps) as work, video_writer(path, rate) as write:
        for batch, outcome in match.walk():
            view = view or ArenaView(batch, size)
            for frame in view.frames(outcome, pictures if outcome is not None else 1):
                write(frame)
            work.step()
