"""The whole picture: sand, footprints, targets and walkers, as arrays of pixels."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pygame

from walker_env.batch import WalkerBatch
from walker_env.render.actor import Actor, target_of
from walker_env.render.camera import Camera
from walker_env.render.marks import draw_arrow, draw_target
from walker_env.render.palette import Colour
from walker_env.render.sand import Sand


class Scene:
    """Actors on sand under one camera.

    Args:
        actors: One for each batch it will be shown.
        size: Width and height of the picture [pixel].
        panel: Pixels at the right that the camera leaves for cards.
    """

    def __init__(self, actors: Sequence[Actor], size: tuple[int, int], panel: int = 0) -> None:
        self.actors, self.camera = list(actors), Camera(size, panel)
        self.surface = pygame.Surface(size, depth=32)
        self._sand = Sand()

    def draw(
        self, batches: Sequence[WalkerBatch], step: int, order: Sequence[int] | None = None
    ) -> pygame.Surface:
        """Draw walker 0 of each batch; the surface is drawn over next time.

        Args:
            batches: In the order of the actors.
            step: Control step, the clock of what pulses.
            order: Actors from the bottom to the top; by default as they are.
        """
        self._sand.draw(self.surface, self.camera)
        for actor in self.actors:
            actor.draw_trail(self.surface, self.camera)
        targets = self._targets(batches)
        for place, colours in targets:
            draw_target(self.surface, self.camera, place, step, colours)
        for i in order if order is not None else range(len(batches)):
            self.actors[i].draw(self.surface, self.camera, batches[i])
        for place, colours in targets:
            draw_arrow(self.surface, self.camera, place, colours[0])
        return self.surface

    def _targets(self, batches: Sequence[WalkerBatch]) -> list[tuple[np.ndarray, list[Colour]]]:
        """Each place that somebody walks to, with the colours of all who do."""
        found: dict[tuple[float, float], list[Colour]] = {}
        for actor, batch in zip(self.actors, batches):
            place = target_of(batch)
            if place is not None:
                found.setdefault((float(place[0]), float(place[1])), []).append(actor.mark)
        return [(np.array(place), colours) for place, colours in found.items()]


def pixels(surface: pygame.Surface) -> np.ndarray:
    """A copy of the picture, ``(height, width, 3)`` uint8."""
    width, height = surface.get_size()
    data = bytearray(pygame.image.tobytes(surface, "RGB"))
    return np.frombuffer(data, dtype=np.uint8).reshape(height, width, 3)
