"""The environment's view of its walker: as pictures or in a window."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pygame

from walker_env.batch import WalkerBatch
from walker_env.body import Body
from walker_env.courses import DISC_RADIUS
from walker_env.params import WORLD
from walker_env.render.actor import Actor
from walker_env.render.canvas import pixels
from walker_env.render.cards import draw_card, write
from walker_env.render.moment import TICKS, Moment
from walker_env.render.scale import body_length, draw_scale, room
from walker_env.render.scene import Scene
from walker_env.render.window import Window

_BORDER = 70.0  # [unit] around the disc of targets


class View:
    """One walker of a batch in its world.

    Pictures depend on the states it has seen and on nothing else.

    Args:
        body: The walker's body.
        size: Width and height of the picture [pixel].
        fps: Control steps a second in the window.
        follow: Whether the camera goes along with the walker; without, it stays above the disc of
            targets, which makes GIFs much smaller.
        walker: Its number in the batch.
    """

    def __init__(
        self,
        body: Body,
        size: int = 600,
        fps: float = WORLD.control_rate,
        follow: bool = True,
        walker: int = 0,
    ) -> None:
        if size < 32:
            raise ValueError(f"the picture's size must be at least 32 pixels, got {size!r}")
        self._walker = walker
        self._scene = Scene([Actor(body)], (size, size))
        if not follow:
            self._scene.camera.fix(np.zeros(2), DISC_RADIUS + max(_BORDER, room(body)))
        self._window = Window((size, size), TICKS * fps, f"walker_env: {body.name}")
        self._length = body_length(body)

    def overlook(self, centre: np.ndarray, half: float) -> None:
        """Let the camera stay above the square of ``half`` a side [unit] around ``centre``."""
        self._scene.camera.fix(centre, half)

    @property
    def closed(self) -> bool:
        """Whether the user has closed the window."""
        return self._window.closed

    def watch(self, batch: WalkerBatch) -> None:
        """See a state without drawing it, so that no footprint is missing later."""
        self._scene.watch([Moment.of(batch, self._walker)])

    def frame(self, batch: WalkerBatch) -> np.ndarray:
        """The picture, a new ``(size, size, 3)`` uint8 array; opens no display."""
        self.watch(batch)
        return pixels(self._draw(batch, 1.0))

    def frames(self, batch: WalkerBatch, count: int) -> Iterator[np.ndarray]:
        """The way from the last state seen to this one in ``count`` pictures, see `frame`."""
        self.watch(batch)
        for i in range(1, count + 1):
            yield pixels(self._draw(batch, i / count))

    def show(self, batch: WalkerBatch) -> None:
        """Show the way to this state in a window: a picture for each physics step, at ``fps``.

        Once the window is closed, with its button or the escape key, this does nothing.
        """
        if self.closed:
            return
        self.watch(batch)
        for i in range(1 if batch.state.steps[self._walker] == 0 else TICKS):
            self._window.show(self._draw(batch, (i + 1) / TICKS))

    def clear(self) -> None:
        """Begin anew: level the sand, let the camera jump."""
        self._scene.clear()

    def close(self) -> None:
        """Close the window if there is one."""
        self._window.close()

    def _draw(self, batch: WalkerBatch, share: float) -> pygame.Surface:
        surface = self._scene.draw(share)
        seconds = float(batch.state.steps[self._walker]) * batch.world.control_dt
        _draw_counter(surface, int(batch.state.target_index[self._walker]), seconds)
        draw_scale(surface, self._scene.camera, self._length)
        return surface


def _draw_counter(surface: pygame.Surface, reached: int, seconds: float) -> None:
    """A card with targets reached and time."""
    unit = max(8, surface.get_width() // 24)
    draw_card(surface, (unit // 2, unit // 2, round(5.4 * unit), round(1.5 * unit)))
    middle = round(1.25 * unit)
    noun = "target" if reached == 1 else "targets"
    write(surface, f"{reached} {noun}", (unit, middle), round(0.85 * unit))
    write(surface, f"{seconds:.1f} s", (round(5.55 * unit), middle), round(0.85 * unit), align=1.0)
