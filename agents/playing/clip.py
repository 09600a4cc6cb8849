"""The last seconds of a game, kept to be filmed."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np

from walker_env.params import WORLD
from walker_env.render.actor import Actor
from walker_env.render.camera import MARGIN, square_around
from walker_env.render.canvas import pixels
from walker_env.render.moment import TICKS, Moment
from walker_env.render.scene import Scene
from walker_env.render.video import video_writer

SECONDS = 10.0
"""So much is kept."""

SIZE = 480
"""Width and height of the film [pixel]."""


class Clip:
    """Keeps moments of all walkers in a game and films them.

    Args:
        actors: Makes new actors for a film, in the order of the moments.
    """

    def __init__(self, actors: Callable[[], list[Actor]]) -> None:
        self._actors = actors
        room = round(SECONDS * WORLD.control_rate) + 1
        self._kept: deque[Sequence[Moment]] = deque(maxlen=room)

    def keep(self, moments: Sequence[Moment]) -> None:
        """Take note of a control step."""
        last = self._kept[-1] if self._kept else moments
        if len(last) != len(moments) or moments[0].step < last[0].step:
            self._kept.clear()  # another game began
        self._kept.append(moments)

    def save(self, path: Path) -> Iterator[float]:
        """Write what was kept to a GIF or MP4, by the ending, a control step at a time.

        Yields:
            The share that is done.
        """
        kept, still = list(self._kept), path.suffix.lower() == ".gif"
        scene = Scene(self._actors(), (SIZE, SIZE))
        if still:
            border = max(MARGIN, *(actor.room for actor in scene.actors))
            scene.camera.fix(*square_around(_places(kept), border))
        else:
            scene.followed = [0]
        count, below = 1 if still else TICKS, list(reversed(range(len(scene.actors))))
        with video_writer(path, WORLD.control_rate * count) as write:
            for number, moments in enumerate(kept):
                scene.watch(moments)
                for i in range(count if number else 1):
                    write(pixels(scene.draw((i + 1) / count, below)))
                yield (number + 1) / len(kept)


def _places(kept: Sequence[Sequence[Moment]]) -> np.ndarray:
    """Where everybody and their targets were, ``(P, 2)`` [unit]."""
    seen = [moment for moments in kept for moment in moments]
    goals = [moment.target for moment in seen if moment.target is not None]
    return np.array([*(moment.position.mean(axis=0) for moment in seen), *goals])
