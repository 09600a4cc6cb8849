"""Races as films and pictures, or in a window."""

from __future__ import annotations

import copy
import io
import math
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from agents.work import Work
from benchmarks.race.camera import CameraPlace
from benchmarks.race.race import Race, Runner, Standing
from benchmarks.race.view import RaceView
from benchmarks.race.window import show_race
from walker_env.files import atomic_write
from walker_env.params import WORLD
from walker_env.render.video import check_ending, video_writer
from walker_env.sensing import centre

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
    start: float = 0.0,
    camera: CameraPlace = CameraPlace.course,
) -> list[Standing]:
    """Run a race and film it.

    Args:
        runners: Who takes part.
        path: A ``.gif`` or ``.mp4`` file; None shows the race in a window.
        seconds: Length of the race, or of what the film shows of it [s].
        seed: Of the course.
        size: Height of the film's picture [pixel].
        speed: Seconds of the race in a second of film or in the window.
        replay: Where its replay goes, a ``.npz``.
        start: Second of the race at which the film begins [s].
        camera: Of the film.

    Returns:
        The final ranking, best first.

    Raises:
        ValueError: Another ending, no runner, runners on different courses, or no time.
    """
    if not (seconds > 0 and speed > 0 and math.isfinite(seconds)):
        raise ValueError(f"seconds and speed must be positive, got {seconds!r} and {speed!r}")
    if not 0 <= start < math.inf:
        raise ValueError(f"a film must start at 0 s or later, got {start!r}")
    if path is None:
        if start or camera is not CameraPlace.course:
            raise ValueError("a window starts at 0 s and has the key C for its camera")
        race = Race(runners, seed)
        show_race(race, seconds, speed)
    else:
        check_ending(path)
        seen = _places(runners, seed, start, seconds) if camera is CameraPlace.close else None
        race = Race(runners, seed)
        view = RaceView(race, size)
        if seen is not None:
            view.overlook(seen)
        _film(race, view, Path(path), (start, seconds), speed, camera is CameraPlace.leader)
    _keep(race, replay)
    return race.ranking()


def _film(
    race: Race,
    view: RaceView,
    path: Path,
    shown: tuple[float, float],
    speed: float,
    leader: bool,
) -> None:
    """Run a race from its start and write what is seen from a second on, for so many seconds."""
    rate = WORLD.control_rate * speed
    most = GIF_FPS if path.suffix.lower() == ".gif" else MP4_FPS
    stride = max(1, math.ceil(rate / most))
    first = round(shown[0] * WORLD.control_rate)
    with video_writer(path, rate / stride) as write:
        if not first:
            write(view.frame())
        for step in _steps(race, sum(shown), f"filming {path.name}"):
            if leader:
                view.follow([race.ranking()[0].runner])
            view.watch()
            if step >= first and (step - first) % stride == 0:
                write(view.frame(glide=1.0) if step == first else view.frame())
        for _ in range(round(HOLD * rate / stride)):
            write(view.frame())


def _places(runners: Sequence[Runner], seed: int, start: float, seconds: float) -> np.ndarray:
    """Where runners and their targets are in a part of a race, ``(P, 2)`` [unit]."""
    race = Race(copy.deepcopy(runners), seed)  # a random one must not be a step ahead
    places = []
    for step in _steps(race, start + seconds, "looking ahead"):
        if step >= round(start * WORLD.control_rate):
            for batch in race.batches:
                places += [centre(batch.state.position)[0], batch.state.target[0].copy()]
    return np.array(places)


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
