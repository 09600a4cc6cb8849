"""Races as films and pictures, or in a window."""

from __future__ import annotations

import io
import math
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from agents.work import Work
from benchmarks.race.race import Race, Runner, Standing
from benchmarks.race.view import RaceView
from benchmarks.race.window import show_race
from walker_env.files import atomic_write
from walker_env.params import WORLD
from walker_env.render.video import check_ending, video_writer

GIF_FPS, MP4_FPS = 14, 40
"""Most pictures a second of a recording; the rest of the control steps is left out."""

HOLD = 1.5
"""How long a recording stays on the final ranking [s]."""


def record_race(
    runners: Sequence[Runner],
    path: str | os.PathLike[str] | None,
    seconds: float = 20.0,
    seed: int = 0,
    size: int = 480,
    speed: float = 2.0,
    replay: str | os.PathLike[str] | None = None,
) -> list[Standing]:
    """Run a race and film it.

    Args:
        runners: Who takes part.
        path: A ``.gif`` or ``.mp4`` file; None shows the race in a window.
        seconds: Length of the race [s].
        seed: Of the course.
        size: Height of the film's picture [pixel].
        speed: Seconds of the race in a second of film or in the window.
        replay: Where its replay goes, a ``.npz``.

    Returns:
        The final ranking, best first.

    Raises:
        ValueError: Another ending, no runner, runners on different courses, or no time.
    """
    if not (seconds > 0 and speed > 0 and math.isfinite(seconds)):
        raise ValueError(f"seconds and speed must be positive, got {seconds!r} and {speed!r}")
    if path is not None:
        check_ending(path)
    race = Race(runners, seed)
    if path is None:
        show_race(race, seconds, speed)
        _keep(race, replay)
        return race.ranking()
    view = RaceView(race, size)
    rate = WORLD.control_rate * speed
    most = GIF_FPS if Path(path).suffix.lower() == ".gif" else MP4_FPS
    stride = max(1, math.ceil(rate / most))
    with video_writer(path, rate / stride) as write:
        write(view.frame())
        for step in _steps(race, seconds, f"filming {Path(path).name}"):
            view.watch()
            if step % stride == 0:
                write(view.frame())
        for _ in range(round(HOLD * rate / stride)):
            write(view.frame())
    _keep(race, replay)
    return race.ranking()


def race_picture(
    runners: Sequence[Runner],
    path: str | os.PathLike[str],
    seconds: float = 12.0,
    seed: int = 0,
    size: int = 600,
) -> list[Standing]:
    """Run a race and save a picture of its last moment.

    Args:
        runners: Who takes part.
        path: A ``.png`` file.
        seconds: Length of the race [s].
        seed: Of the course.
        size: Height of the picture [pixel].

    Returns:
        The final ranking, best first.

    Raises:
        ValueError: Another ending, no runner, or runners on different courses.
    """
    from PIL import Image

    if Path(path).suffix.lower() != ".png":
        raise ValueError(f"a picture's name must end with .png, got {Path(path).name!r}")
    race = Race(runners, seed)
    view = RaceView(race, size)
    view.watch()
    for _ in _steps(race, seconds, f"running to {seconds:g} s"):
        view.watch()
    file = io.BytesIO()
    Image.fromarray(view.frame(glide=1.0)).save(file, "PNG", optimize=True)
    atomic_write(Path(path), file.getvalue())
    return race.ranking()


def _steps(race: Race, seconds: float, title: str) -> Iterator[int]:
    """Advance the race and yield the step's number, with a sign of life."""
    total = round(seconds * WORLD.control_rate)
    with Work(title, total) as work:
        for step in range(1, total + 1):
            if race.over:
                return
            race.step()
            yield step
            work.step()


def _keep(race: Race, path: str | os.PathLike[str] | None) -> None:
    if path is not None:
        race.replay().save(Path(path))
