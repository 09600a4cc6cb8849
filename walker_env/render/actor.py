"""One walker on the scene: its figure, its gaze, its footprints and what it just reached."""

from __future__ import annotations

import math

import numpy as np
import pygame

from walker_env import sensing
from walker_env.body import Body
from walker_env.params import WORLD
from walker_env.render import particles
from walker_env.render.camera import Camera
from walker_env.render.figure import Figure, Pose
from walker_env.render.moment import TICK, TICKS, Moment, between
from walker_env.render.palette import TARGET, Coat, Colour
from walker_env.render.scale import half_extent, room
from walker_env.render.trail import Trail

_GAZE_LAG = 0.13  # [s] time constant with which the eyes follow a target
_FIRM = 0.35  # a foot with more grip than this pushes grains aside
_BUDGE = 0.4  # [unit] so far a foot moves before it does so again
_LARGE = 110.0  # [unit] from its middle to its end, a body is more than its head to a camera
_LEAP = 1.5  # [control step] more between two moments, and nothing is drawn in between


class Actor:
    """Sees the moments of one walker and draws it at any time between the last two.

    Args:
        body: Its body.
        coat: Its colours.
        mark: Colour of its target and its bursts.
        opacity: Of the figure; a ghost has less than 1 and leaves no prints.

    Attributes:
        extent: Half the longer side of its drawn body [unit].
        room: What must be free around its middle for it to be in the picture [unit].
    """

    def __init__(
        self,
        body: Body,
        coat: Coat | None = None,
        mark: Colour = TARGET,
        opacity: float = 1.0,
    ) -> None:
        self.mark, self.ghost = mark, opacity < 1
        self.figure = Figure(body, coat)
        self.extent, self.room = half_extent(body), room(body)
        self._body, self._feet, self._opacity = body, list(body.feet), opacity
        tint = {} if coat is None else {"tint": coat.colour}
        self._trail = Trail(len(body.feet), 1.15 * self.figure.girth, **tint)
        self.clear()

    def clear(self) -> None:
        """Forget what was seen: a new episode begins."""
        self._trail.clear()
        self._bursts: list[tuple[np.ndarray, int]] = []  # place, tick of its birth
        self._before: Moment | None = None
        self._after: Moment | None = None
        self._gaze: np.ndarray | None = None
        self._cleared = np.zeros((len(self._feet), 3))  # where a foot pressed, and how far
        self._ticks = 0

    @property
    def seen(self) -> Moment | None:
        """The latest moment seen, None before the first."""
        return self._after

    @property
    def last(self) -> Moment:
        """The latest moment seen."""
        if self._after is None:
            raise RuntimeError("nothing to draw: the actor has not seen a moment yet")
        return self._after

    @property
    def gaze(self) -> np.ndarray | None:
        """The point it looks at, ``(2,)`` [unit]; None before there was a target."""
        return self._gaze

    def see(self, moment: Moment) -> bool:
        """Take note of a moment; returns whether time went on since the last one."""
        last = self._after
        if last is not None and moment.step < last.step:
            self.clear()
            last = None
        if last is not None and moment.step == last.step:
            self._after = moment
            return False
        near = last is not None and moment.step - last.step < _LEAP
        self._before, self._after = (last if near else moment), moment
        if last is not None and moment.reached > last.reached and last.target is not None:
            self._bursts.append((last.target, self._ticks + TICKS))
        return True

    def at(self, share: float) -> Moment:
        """The walker ``share`` of the way between the last two moments seen."""
        after = self.last
        assert self._before is not None
        return between(
            self._before, after, share, (after.step - self._before.step) * WORLD.control_dt
        )

    def tick(self, moment: Moment) -> tuple[np.ndarray, np.ndarray]:
        """Let a tick pass that ends with ``moment``.

        Returns:
            Where feet press the sand, ``(P, 2)`` [unit], and how far each reaches, ``(P,)``.
        """
        self._ticks += 1
        self._bursts = [b for b in self._bursts if self._ticks - b[1] < particles.LIFETIME]
        if moment.target is not None:
            gaze = moment.target if self._gaze is None else self._gaze
            self._gaze = gaze + (moment.target - gaze) * (1 - math.exp(-TICK / _GAZE_LAG))
        feet = moment.position[self._feet]
        if self.ghost:
            return feet[:0], moment.grip[:0]
        self._trail.press(feet, moment.grip, moment.step)
        return self._pressing(feet, moment.grip)

    def _pressing(self, feet: np.ndarray, grip: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The feet that grip; not those that stand where they have cleared the ground before."""
        radius = np.where(grip > _FIRM, self.figure.foot_radius(grip), 0.0)
        way = feet - self._cleared[:, :2]
        fresh = (way[:, 0] ** 2 + way[:, 1] ** 2 > _BUDGE**2) | (radius > self._cleared[:, 2])
        fresh &= radius > 0
        self._cleared[fresh, :2], self._cleared[fresh, 2] = feet[fresh], 1.02 * radius[fresh]
        return feet[fresh], radius[fresh]

    def head(self, moment: Moment) -> np.ndarray:
        """Where the head is, ``(2,)`` [unit]."""
        return sensing.head_position(moment.position[None], self._body)[0]

    def spots(self, moment: Moment) -> np.ndarray:
        """What a camera that goes along keeps in view, ``(P, 2)`` [unit]: the head comes first.

        Of a body that is large beside the nearest view, the whole.
        """
        head = self.head(moment)[None]
        if self.extent <= _LARGE:
            return head
        rim = 2 * self.figure.girth
        ends = [moment.position.min(axis=0) - rim, moment.position.max(axis=0) + rim]
        return np.concatenate([head, ends])

    def draw_trail(self, surface: pygame.Surface, camera: Camera, step: float) -> None:
        """Draw the footprints.

        Args:
            surface: Where to draw.
            camera: Where the world is in the picture.
            step: The present time [control step].
        """
        self._trail.draw(surface, camera, step)

    def draw(self, surface: pygame.Surface, camera: Camera, moment: Moment) -> None:
        """Draw the walker.

        Args:
            surface: Where to draw.
            camera: Where the world is in the picture.
            moment: What it does now.
        """
        pose = Pose(moment.position, moment.grip, self._gaze, moment.step)
        self.figure.draw(surface, camera, pose, self._opacity)

    def draw_bursts(self, surface: pygame.Surface, camera: Camera) -> None:
        """Sparks of the targets it reached lately."""
        for place, born in self._bursts:
            particles.draw_burst(surface, camera, place, self._ticks - born, self.mark)
