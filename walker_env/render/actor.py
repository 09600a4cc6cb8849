"""One walker on the scene: its figure, its footprints and what it just reached."""

from __future__ import annotations

import numpy as np
import pygame

from walker_env import sensing
from walker_env.batch import WalkerBatch
from walker_env.body import Body
from walker_env.render.camera import Camera
from walker_env.render.figure import Figure, Pose
from walker_env.render.marks import BURST, draw_burst
from walker_env.render.palette import TARGET, Coat, Colour
from walker_env.render.trail import Trail


class Actor:
    """Watches walker 0 of a batch and draws it.

    Args:
        body: Its body.
        coat: Its colours.
        mark: Colour of its target and its bursts.
    """

    def __init__(self, body: Body, coat: Coat | None = None, mark: Colour = TARGET) -> None:
        self.mark = mark
        self._body, self._feet = body, list(body.feet)
        self._figure = Figure(body, coat)
        tint = {} if coat is None else {"tint": coat.colour}
        self._trail = Trail(len(body.feet), 1.15 * self._figure.girth, **tint)
        self.clear()

    def clear(self) -> None:
        """Forget what was seen: a new episode begins."""
        self._trail.clear()
        self._bursts: list[tuple[np.ndarray, int]] = []
        self._reached = 0
        self._step = -1

    def watch(self, batch: WalkerBatch) -> int:
        """Take note of a state; the same one twice changes nothing.

        Returns:
            Control steps since the last one seen.
        """
        state = batch.state
        step, reached = int(state.steps[0]), int(state.target_index[0])
        if step < self._step:
            self.clear()
        if step == self._step:
            return 0
        passed, self._step = step - self._step, step
        self._trail.press(state.position[0, self._feet], state.grip[0], step)
        self._bursts = [burst for burst in self._bursts if step - burst[1] < BURST]
        self._bursts += [(state.targets[0, i].copy(), step) for i in range(self._reached, reached)]
        self._reached = reached
        return passed

    def head(self, batch: WalkerBatch) -> np.ndarray:
        """Where the head is, ``(2,)`` [unit]."""
        return sensing.head_position(batch.state.position[:1], self._body)[0]

    def draw_trail(self, surface: pygame.Surface, camera: Camera) -> None:
        """The footprints."""
        self._trail.draw(surface, camera, self._step)

    def draw(self, surface: pygame.Surface, camera: Camera, batch: WalkerBatch) -> None:
        """The walker and its bursts."""
        state = batch.state
        pose = Pose(state.position[0], state.grip[0], target_of(batch), int(state.steps[0]))
        self._figure.draw(surface, camera, pose)
        for place, born in self._bursts:
            draw_burst(surface, camera, place, self._step - born, self.mark)


def target_of(batch: WalkerBatch) -> np.ndarray | None:
    """The target walker 0 walks to, ``(2,)`` [unit]; None at the end of its course."""
    count, index = int(batch.state.target_count[0]), int(batch.state.target_index[0])
    return None if 0 < count <= index else batch.state.target[0]
