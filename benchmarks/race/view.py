"""The picture of a race: the course, the walkers, and a card for each of them."""

from __future__ import annotations

import numpy as np
import pygame

from benchmarks.race.race import Race
from benchmarks.race.tags import Tags
from walker_env.params import WORLD
from walker_env.render.actor import Actor
from walker_env.render.camera import square_around
from walker_env.render.canvas import pixels
from walker_env.render.cards import Box, draw_clock, draw_place
from walker_env.render.moment import Moment
from walker_env.render.palette import RUNNERS, Coat
from walker_env.render.scale import body_length, draw_scale, room
from walker_env.render.scene import Scene
from walker_env.tasks import TARGET_RADIUS

_PANEL = 0.46  # the cards' share of the height
_ROWS = 6  # for which there is room at least
_GLIDE = 0.3
_BORDER = 75.0  # [unit] around the course
_COURSE_SHOWN = 40  # targets that the camera has in view
_GIRTH = 14.0  # [unit] around the nodes of a walker that belongs to it


class RaceView:
    """A race seen from above, with a card for each runner at the right.

    Args:
        race: What to watch.
        size: Height of the picture [pixel]; it is a card wider than high.
        wide: Width of the picture instead [pixel].

    Attributes:
        size: Width and height of the picture [pixel].
        colours: Of the runners.
    """

    def __init__(self, race: Race, size: int = 480, wide: int | None = None) -> None:
        self._race = race
        panel = round(_PANEL * size)
        self.size = (wide or size + panel, size)
        self.colours = [RUNNERS[i % len(RUNNERS)] for i in range(len(race.runners))]
        actors = [
            Actor(batch.body, Coat(colour), colour)
            for batch, colour in zip(race.batches, self.colours)
        ]
        self.scene = Scene(actors, self.size, panel)
        self.overlook()
        names = [runner.name for runner in race.runners]
        self._tags = Tags(names, self.colours, max(12, size // 32), self.scene.camera.free)
        bodies = [batch.body for batch in race.batches]
        self._length = body_length(bodies[0])
        self._whose = bodies[0].name if any(body != bodies[0] for body in bodies) else ""
        self._slots = {entry.runner: float(i) for i, entry in enumerate(race.ranking())}

    def overlook(self, places: np.ndarray | None = None) -> None:
        """Let the camera stay above places ``(P, 2)`` [unit]; by default the whole course."""
        if places is None:
            course = self._race.batches[0].state.targets[0, :_COURSE_SHOWN]
            places = np.vstack([np.zeros(2), course])
        border = max(_BORDER, *(room(batch.body) for batch in self._race.batches))
        self.scene.camera.fix(*square_around(places, border, least=0.0))

    def follow(self, runners: list[int]) -> None:
        """Let the camera go along with some of the runners."""
        self.scene.followed = runners
        self.scene.camera.free_again()

    def watch(self) -> None:
        """See the race as it is now, for the footprints."""
        self.scene.watch([Moment.of(batch) for batch in self._race.batches])

    def draw(self, glide: float = _GLIDE, share: float = 1.0) -> pygame.Surface:
        """The picture of what was seen last, on a surface that is drawn over next time.

        Args:
            glide: Share of the way to its new place that a card moves in this picture.
            share: How much of the last control step has passed, see `Scene.draw`.
        """
        ranking = self._race.ranking()
        order = [entry.runner for entry in reversed(ranking)]
        surface = self.scene.draw(share, order)
        self._draw_tags(surface, share)
        draw_clock(surface, (self._race.step_count - 1 + share) * WORLD.control_dt)
        draw_scale(surface, self.scene.camera, self._length, self._whose)
        for i, entry in enumerate(ranking):
            self._slots[entry.runner] += (i - self._slots[entry.runner]) * glide
            box, colour = self._box(self._slots[entry.runner]), self.colours[entry.runner]
            part = entry.score - entry.targets
            draw_place(surface, box, (entry.place, entry.name, entry.targets, part), colour)
        return surface

    def frame(self, glide: float = _GLIDE) -> np.ndarray:
        """The race as it is now, a new ``(height, width, 3)`` uint8 array; see `draw`."""
        self.watch()
        return pixels(self.draw(glide))

    def _draw_tags(self, surface: pygame.Surface, share: float) -> None:
        moments = [actor.at(share) for actor in self.scene.actors]
        goals = [moment.target[None] for moment in moments if moment.target is not None]
        walkers = [self._around(moment.position, _GIRTH) for moment in moments]
        self._tags.draw(surface, walkers, [self._around(goal, TARGET_RADIUS) for goal in goals])

    def _around(self, spots: np.ndarray, border: float) -> pygame.Rect:
        """The box in the picture around world points ``(P, 2)`` and a border [unit]."""
        places = self.scene.camera.to_screen(spots)
        low, high = places.min(axis=0), places.max(axis=0)
        box = pygame.Rect(low.astype(int).tolist(), np.ceil(high - low).astype(int).tolist())
        return box.inflate(*[round(2 * border * self.scene.camera.zoom)] * 2)

    def _box(self, slot: float) -> Box:
        """Left, top, width and height of the card at a place that may be between two."""
        width, height = self.size
        row = 0.96 * height / max(len(self._slots), _ROWS)
        wide = (_PANEL - 0.03) * height
        left, top = width - 0.02 * height - wide, 0.02 * height + slot * row
        return round(left), round(top), round(wide), round(min(0.9 * row, 0.13 * height))
