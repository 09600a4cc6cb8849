"""A race: several walkers on the same course, each in a world of its own, in one picture."""

from __future__ import annotations

import hashlib
import io
import math
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from agents.baselines import Agent
from agents.files import atomic_write
from walker_env import Options, WalkerBatch
from walker_env.params import WORLD
from walker_env.replay import Recorder, Replay
from walker_env.seeds import show_seed
from walker_env.track import Walker

GIF_FPS, MP4_FPS = 14, 40
"""Most pictures a second of a recording; the rest of the control steps is left out."""

HOLD = 1.5
"""How long a recording stays on the final ranking [s]."""

_PANEL = 0.46  # the cards' share of the height
_ROWS = 6  # for which there is room at least
_GLIDE = 0.3
_BORDER = 75.0  # [unit] around the course
_COURSE_SHOWN = 40  # targets that the camera has in view


@dataclass(frozen=True)
class Runner:
    """Who takes part.

    Attributes:
        name: Shown on the card.
        act: Maps observations ``(1, O)`` to actions ``(1, A)``.
        options: The environment it was made for.
        sha256: Of its policy file, for the replay.
    """

    name: str
    act: Callable[[np.ndarray], np.ndarray]
    options: Options = field(default_factory=Options)
    sha256: str | None = None

    @classmethod
    def of(cls, agent: Agent, file: str | Path | None = None) -> Runner:
        """A policy, from its file where there is one, or a baseline as a runner."""
        content = None if file is None else Path(file).read_bytes()
        sha256 = None if content is None else hashlib.sha256(content).hexdigest()
        return cls(agent.name, agent.act, agent.options, sha256)


@dataclass(frozen=True)
class Standing:
    """A runner's place at some moment."""

    place: int  # from 1; equal scores share the better one
    runner: int  # index in the race
    name: str
    targets: int  # reached so far
    score: float  # targets and the fraction of the way to the next


class Race:
    """Runners on the same course at the same time; none knows of another.

    Args:
        runners: At least one; all with the same course.
        seed: Of the course.

    Attributes:
        batches: A `WalkerBatch` of one walker for each runner.
        step_count: Control steps since the start.

    Raises:
        ValueError: No runner, or runners whose courses differ.
    """

    def __init__(self, runners: Sequence[Runner], seed: int = 0) -> None:
        if not runners:
            raise ValueError("a race needs at least one runner, got none")
        courses = {runner.name: runner.options.course for runner in runners}
        if any(runner.options.course != runners[0].options.course for runner in runners):
            raise ValueError(f"all runners must have the same course, got {courses}")
        self.runners, self.step_count = list(runners), 0
        self.batches = [WalkerBatch(1, runner.options.judged()) for runner in runners]
        seeds = np.array([show_seed(seed)], dtype=np.uint64)
        self._seen = [batch.reset(seed=seeds) for batch in self.batches]
        self._recorder = Recorder(
            [Walker(r.name, r.options.judged(), show_seed(seed), r.sha256) for r in runners]
        )
        self._out = [False] * len(runners)

    @property
    def over(self) -> bool:
        """Whether every runner's episode has ended."""
        return all(self._out)

    def step(self) -> None:
        """Advance all runners one control step; one whose episode has ended stands still."""
        done: list[np.ndarray | None] = [None] * len(self.runners)
        for i, (runner, batch) in enumerate(zip(self.runners, self.batches)):
            if self._out[i]:
                continue
            action = np.asarray(runner.act(self._seen[i]), dtype=np.float32)
            if action.shape != (1, batch.action_width):
                raise ValueError(
                    f"{runner.name}: actions must have shape (1, {batch.action_width}), "
                    f"got {action.shape}"
                )
            step = batch.step(action)
            self._seen[i], self._out[i] = step.observation, bool(step.terminated[0])
            done[i] = action[0]
        self._recorder.note(done)
        self.step_count += 1

    def replay(self, title: str = "a race") -> Replay:
        """The race so far, to be saved, verified and shown elsewhere."""
        return self._recorder.replay(title, engine=self.batches[0].engine.name)

    def ranking(self) -> list[Standing]:
        """The runners, best first; equal ones in the order they were entered."""
        scores = [float(batch.score()[0]) for batch in self.batches]
        order = sorted(range(len(scores)), key=lambda i: -scores[i])
        return [
            Standing(
                place=1 + sum(other > scores[i] for other in scores),
                runner=i,
                name=self.runners[i].name,
                targets=int(self.batches[i].state.target_index[0]),
                score=scores[i],
            )
            for i in order
        ]


class RaceView:
    """The picture of a race: the whole course at the left, a card for each runner at the right.

    Args:
        race: What to watch.
        size: Height of the picture [pixel]; it is a card wider than high.
    """

    def __init__(self, race: Race, size: int = 480) -> None:
        from walker_env.render.actor import Actor
        from walker_env.render.palette import RUNNERS, Coat
        from walker_env.render.scene import Scene

        self._race = race
        panel = round(_PANEL * size)
        self.size = (size + panel, size)
        self.colours = [RUNNERS[i % len(RUNNERS)] for i in range(len(race.runners))]
        actors = [
            Actor(batch.body, Coat(colour), colour)
            for batch, colour in zip(race.batches, self.colours)
        ]
        self._scene = Scene(actors, self.size, panel)
        self._scene.camera.fix(*_extent(race))
        self._slots = {entry.runner: float(i) for i, entry in enumerate(race.ranking())}

    def watch(self) -> None:
        """See the race as it is now, for the footprints."""
        for actor, batch in zip(self._scene.actors, self._race.batches):
            actor.watch(batch)

    def draw(self, glide: float = _GLIDE) -> Any:
        """The picture as a pygame surface that is drawn over next time.

        Args:
            glide: Share of the way to its new place that a card moves in this picture.
        """
        from walker_env.render.cards import draw_clock, draw_place

        self.watch()
        race, ranking = self._race, self._race.ranking()
        order = [entry.runner for entry in reversed(ranking)]
        surface = self._scene.draw(race.batches, race.step_count, order)
        draw_clock(surface, race.step_count * WORLD.control_dt)
        for i, entry in enumerate(ranking):
            self._slots[entry.runner] += (i - self._slots[entry.runner]) * glide
            box, colour = self._box(self._slots[entry.runner]), self.colours[entry.runner]
            share = entry.score - entry.targets
            draw_place(surface, box, (entry.place, entry.name, entry.targets, share), colour)
        return surface

    def frame(self, glide: float = _GLIDE) -> np.ndarray:
        """The picture, a new ``(height, width, 3)`` uint8 array; see `draw`."""
        from walker_env.render.scene import pixels

        return pixels(self.draw(glide))

    def _box(self, slot: float) -> tuple[int, int, int, int]:
        """Left, top, width and height of the card at a place that may be between two."""
        width, height = self.size
        row = 0.96 * height / max(len(self._slots), _ROWS)
        wide = (_PANEL - 0.03) * height
        left, top = width - 0.02 * height - wide, 0.02 * height + slot * row
        return round(left), round(top), round(wide), round(min(0.9 * row, 0.13 * height))


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
        size: Height of the picture [pixel].
        speed: Seconds of the race in a second of film.
        replay: Where its replay goes, a ``.npz``.

    Returns:
        The final ranking, best first.

    Raises:
        ValueError: Another ending, no runner, runners on different courses, or no time.
    """
    from walker_env.render.video import check_ending, video_writer

    if not (seconds > 0 and speed > 0 and math.isfinite(seconds)):
        raise ValueError(f"seconds and speed must be positive, got {seconds!r} and {speed!r}")
    if path is not None:
        check_ending(path)
    race = Race(runners, seed)
    view = RaceView(race, size)
    rate = WORLD.control_rate * speed
    if path is None:
        _show(race, view, seconds, rate)
        _keep(race, replay)
        return race.ranking()
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
    """Run a race and save a PNG of its last moment; see `record_race`."""
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
    """Advance the race and yield the step's number, with a progress bar where one can be seen."""
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True)
    total = round(seconds * WORLD.control_rate)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(title, total=total)
        for step in range(1, total + 1):
            if race.over:
                return
            race.step()
            yield step
            bar.advance(task)


def _keep(race: Race, path: str | os.PathLike[str] | None) -> None:
    if path is not None:
        race.replay().save(Path(path))


def _show(race: Race, view: RaceView, seconds: float, fps: float) -> None:
    """The race in a window until it is over or the window is closed."""
    from walker_env.render.window import Window

    window = Window(view.size, fps, "walker_env: race")
    try:
        while not (window.closed or race.over) and race.step_count < seconds * WORLD.control_rate:
            window.show(view.draw())
            race.step()
    finally:
        window.close()


def _extent(race: Race) -> tuple[np.ndarray, float]:
    """Centre and half the side of a square that holds the start and the course."""
    places = np.vstack([np.zeros(2), race.batches[0].state.targets[0, :_COURSE_SHOWN]])
    low, high = places.min(axis=0), places.max(axis=0)
    return (low + high) / 2, float((high - low).max() / 2 + _BORDER)
