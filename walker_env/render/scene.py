"""The whole picture: sand, grains, footprints, targets and walkers, as arrays of pixels."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence

import numpy as np
import pygame

from walker_env.render.actor import Actor
from walker_env.render.camera import FARTHEST, Camera
from walker_env.render.grains import COUNT, Grains
from walker_env.render.ground import draw_ground
from walker_env.render.marks import draw_arrow, draw_target
from walker_env.render.moment import TICKS, Moment
from walker_env.render.palette import Colour
from walker_env.render.sand import Sand

Paint = Callable[[pygame.Surface, Camera], None]
"""Draws something of the world onto the picture."""

_BACKLOG = 400  # moments seen and not drawn that are kept for their footprints


class Scene:
    """Actors on sand under one camera.

    `watch` only notes what is seen; the work is done when somebody draws. The picture depends on
    what was seen and on the time between the last two moments, not on how often it is drawn.

    Args:
        actors: Who is shown, from the bottom to the top.
        size: Width and height of the picture [pixel].
        panel: Pixels at the right that the camera leaves for cards.
        grains: Number of loose grains in the field of view.
        under: Draws what lies on the sand, beneath the actors.
        over: Draws what is above them.
        targets: Whether targets are drawn, and arrows to those out of sight.

    Attributes:
        camera: Fix it, or let it follow the actors in ``followed``.
        followed: Indices of actors that a free camera keeps in view, with their targets.
    """

    def __init__(
        self,
        actors: Sequence[Actor],
        size: tuple[int, int],
        panel: int = 0,
        grains: int = COUNT,
        under: Paint | None = None,
        over: Paint | None = None,
        targets: bool = True,
    ) -> None:
        self.actors = list(actors)
        self._under, self._over, self._targets = under, over, targets
        largest = max(actor.room for actor in self.actors)
        self.camera = Camera(size, panel, max(FARTHEST, largest + FARTHEST / 2))
        self.followed: Sequence[int] = range(len(self.actors))
        self.surface = pygame.Surface(size, depth=32)
        self._sand, self._count = Sand(), grains
        self._grains: Grains | None = None
        self._waiting: deque[Sequence[Moment]] = deque(maxlen=_BACKLOG)
        self._ticks = TICKS  # of the present control step that have passed

    def watch(self, moments: Sequence[Moment]) -> None:
        """See the walkers after a control step, in the order of the actors."""
        if len(moments) != len(self.actors):
            raise ValueError(f"expected {len(self.actors)} moments, got {len(moments)}")
        self._waiting.append(moments)

    def draw(self, share: float = 1.0, order: Sequence[int] | None = None) -> pygame.Surface:
        """Draw the scene; the surface is drawn over next time.

        Args:
            share: How much of the time between the last two moments has passed, in [0, 1].
            order: Actors from the bottom to the top; by default as they are.
        """
        self._catch_up()
        self._advance(share)
        moments = [actor.at(share) for actor in self.actors]
        surface, camera = self.surface, self.camera
        self._sand.draw(surface, camera)
        if (ground := moments[self.followed[0] if self.followed else 0].ground) is not None:
            draw_ground(surface, camera, ground)
        for actor, moment in zip(self.actors, moments):
            actor.draw_trail(surface, camera, moment.step)
        self._field().draw(surface, camera)
        if self._under is not None:
            self._under(surface, camera)
        marks = _targets(self.actors, moments) if self._targets else []
        for place, colours in marks:
            draw_target(surface, camera, place, moments[0].step, colours)
        for i in order if order is not None else range(len(moments)):
            self.actors[i].draw(surface, camera, moments[i])
        for actor in self.actors:
            actor.draw_bursts(surface, camera)
        if self._over is not None:
            self._over(surface, camera)
        for place, colours in marks:
            draw_arrow(surface, camera, place, colours[0])
        return surface

    def clear(self) -> None:
        """Begin anew: level the sand, let the camera jump."""
        self._waiting.clear()
        for actor in self.actors:
            actor.clear()
        self._level()

    def _level(self) -> None:
        self._ticks = TICKS
        self.camera.release()
        if self._grains is not None:
            self._grains.clear()

    def _catch_up(self) -> None:
        """See what was watched since the last picture."""
        while self._waiting:
            self._advance(1.0)
            moments = self._waiting.popleft()
            last = [actor.seen for actor in self.actors]
            if any(s is not None and m.step < s.step for s, m in zip(last, moments)):
                self._level()
            passed = [actor.see(moment) for actor, moment in zip(self.actors, moments)]
            if any(passed):
                self._ticks = 0

    def _advance(self, share: float) -> None:
        """Let the ticks pass that lie before ``share`` of the present control step."""
        until = int(share * TICKS + 1e-6)
        while self._ticks < until:
            self._ticks += 1
            moments = [actor.at(self._ticks / TICKS) for actor in self.actors]
            pressed = [actor.tick(moment) for actor, moment in zip(self.actors, moments)]
            self._look_after(moments)
            feet, radius = (np.concatenate(parts) for parts in zip(*pressed))
            if len(feet):
                self._field().push(feet, radius)

    def _look_after(self, moments: Sequence[Moment]) -> None:
        """Move the camera along with the followed actors."""
        shown = []
        for i in self.followed:
            shown += [*self.actors[i].spots(moments[i])]
            target = moments[i].target
            if target is not None:
                shown.append(target)
        if shown:
            self.camera.follow(np.stack(shown), 1)

    def _field(self) -> Grains:
        """The grains, brought along with the camera; a wider view needs a field of its own."""
        wanted = self.camera.widest
        if self._grains is None or (wanted > self._grains.field).any():
            self._grains = Grains((float(wanted[0]), float(wanted[1])), self._count)
        self._grains.centre(self.camera.middle)
        return self._grains


def _targets(
    actors: Sequence[Actor], moments: Sequence[Moment]
) -> list[tuple[np.ndarray, list[Colour]]]:
    """Each place that somebody walks to, with the colours of all who do."""
    found: dict[tuple[float, float], list[Colour]] = {}
    for actor, moment in zip(actors, moments):
        if moment.target is not None:
            x, y = moment.target.tolist()
            found.setdefault((x, y), []).append(actor.mark)
    return [(np.array(place), colours) for place, colours in found.items()]
