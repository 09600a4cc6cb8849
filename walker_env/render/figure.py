"""One walker: shadow, muscles, skin, feet and eyes, for any body."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pygame

from walker_env import sensing
from walker_env.body import Body
from walker_env.render.camera import Camera
from walker_env.render.outline import Curves, Skin, outline, ribbons
from walker_env.render.palette import (
    BONE,
    EYE,
    FOOT_FIRM,
    FOOT_LOOSE,
    INK,
    MUSCLE_LONG,
    MUSCLE_SHORT,
    Coat,
    Colour,
    mix,
)
from walker_env.render.patch import Patch

_BLINK = 90  # [control step] between two blinks
_ALONG = np.linspace(0, 1, 11)[:, None]
_BELLY = np.sin(np.pi * _ALONG)  # a muscle's outline from end to end
_LIGHT = np.array([-0.5, 0.9])  # where light comes from, in girths from the middle of a web


@dataclass(frozen=True)
class Pose:
    """What a figure shows of a walker."""

    position: np.ndarray  # (K, 2) [unit], world frame
    grip: np.ndarray  # (F,) in [0, 1]
    gaze: np.ndarray | None  # (2,) [unit], the point it looks at
    step: float  # [control step]


def foot_look(grip: float) -> tuple[float, Colour]:
    """Radius, in girths, and colour of a foot: the firmer, the larger and darker."""
    return 0.75 + 0.75 * grip, mix(FOOT_LOOSE, FOOT_FIRM, grip)


def muscle_look(contraction: float) -> tuple[float, Colour]:
    """Half the thickness, in girths, and colour of a muscle; ``contraction`` in [0, 1]."""
    return 0.3 + 1.0 * contraction, mix(MUSCLE_LONG, MUSCLE_SHORT, contraction)


class Figure:
    """Draws walkers of one body in one coat.

    Attributes:
        girth: The measure of all thicknesses, from the body's own links [unit].
    """

    def __init__(self, body: Body, coat: Coat | None = None) -> None:
        self._body, self._coat = body, coat or Coat()
        self.girth = 0.1 * float(body.rest_lengths().mean())
        self._gauge = sensing.MuscleGauge(body)
        self._feet = list(body.feet)
        self._joints = [i for i in range(len(body.nodes)) if i not in body.feet]
        self._shortest = np.array([muscle.shortest for muscle in body.muscles])
        self._longest = np.array([muscle.longest for muscle in body.muscles])
        self._skin = Skin(body)
        lies = [self._skin.covers(muscle.a, muscle.b) for muscle in body.muscles]
        self._lying = [i for i, on_skin in enumerate(lies) if on_skin]
        self._hanging = [i for i, on_skin in enumerate(lies) if not on_skin]
        self._bare = [b for b in body.bones if not self._skin.covers(b.a, b.b)]

    def foot_radius(self, grip: np.ndarray) -> np.ndarray:
        """How far gripping feet ``(F,)`` push sand aside, ``(F,)`` [unit]."""
        return self.girth * (0.6 + 1.1 * grip)

    def contraction(self, position: np.ndarray) -> np.ndarray:
        """How contracted each muscle is, from 0 at its longest to 1 at its shortest, ``(M,)``."""
        ratio = self._gauge.ratio(position[None])[0]
        span = self._longest - self._shortest
        return np.clip((self._longest - ratio) / np.where(span > 0, span, 1.0), 0, 1)

    def draw(
        self, surface: pygame.Surface, camera: Camera, pose: Pose, opacity: float = 1.0
    ) -> None:
        """Draw a walker with its shadow; a ghost has none.

        Args:
            surface: Where to draw.
            camera: Where the world is in the picture.
            pose: What the walker does now.
            opacity: From 0 to 1; below 1 it is a ghost.
        """
        low, high = pose.position.min(axis=0), pose.position.max(axis=0)
        patch = Patch(camera, (low + high) / 2, (high - low) / 2 + 3.6 * self.girth)
        self._draw_muscles(patch, pose.position, self._hanging)
        self._draw_skin(patch, pose.position)
        self._draw_muscles(patch, pose.position, self._lying)
        self._draw_joints(patch, pose.position)
        self._draw_feet(patch, pose)
        self._draw_head(patch, pose)
        shadow = (0.7 * self.girth, -0.9 * self.girth) if opacity >= 1 else (0.0, 0.0)
        patch.stamp(surface, opacity, shadow)

    def _draw_muscles(self, patch: Patch, position: np.ndarray, which: list[int]) -> None:
        contraction = self.contraction(position) if which else np.zeros(0)
        for i in which:
            muscle = self._body.muscles[i]
            half, colour = muscle_look(float(contraction[i]))
            a, b = position[muscle.a], position[muscle.b]
            patch.polygon(_spindle(a, b, 0.5, half + 0.2, self.girth), mix(colour, INK, 0.6))
            patch.polygon(_spindle(a, b, 0.3, half, self.girth), colour)
            for offset, tone in ((0.4, mix(colour, EYE, 0.4)), (-0.45, mix(colour, INK, 0.25))):
                patch.polygon(_fibre(a, b, half, offset, self.girth), tone)

    def _draw_skin(self, patch: Patch, position: np.ndarray) -> None:
        girth, coat = self.girth, self._coat
        for bone in self._bare:
            patch.capsule(position[bone.a], position[bone.b], 0.5 * girth, coat.dark)
            patch.capsule(position[bone.a], position[bone.b], 0.28 * girth, coat.light)
        curves = self._skin.curves(position)
        for radius, colour in ((1.2, coat.dark), (0.95, coat.colour)):
            for web in self._skin.webs:
                patch.polygon(outline(curves, web, radius * girth), colour)
            nodes = position[self._skin.nodes]
            patch.circles(nodes, [radius * girth] * len(nodes), [colour] * len(nodes))
        self._draw_shine(patch, curves)

    def _draw_shine(self, patch: Patch, curves: Curves) -> None:
        """A lit inner part of each web, and a pale seam along its edges."""
        for first, last in self._skin.webs:
            if last - first > 1:
                rim = curves.line[first:last].reshape(-1, 2)
                middle = rim.mean(axis=0)
                lit = middle + 0.75 * (rim - middle) + 0.2 * self.girth * _LIGHT
                patch.polygon(lit, mix(self._coat.colour, BONE, 0.16))
        patch.polygons(ribbons(curves, 0.22 * self.girth), self._coat.light)

    def _draw_joints(self, patch: Patch, position: np.ndarray) -> None:
        for joint in position[self._joints]:
            patch.circle(joint, 0.7 * self.girth, self._coat.dark)
            patch.circle(joint, 0.45 * self.girth, self._coat.light)

    def _draw_feet(self, patch: Patch, pose: Pose) -> None:
        feet = pose.position[self._feet]
        looks = [foot_look(grip) for grip in pose.grip.tolist()]
        radii = np.array([radius for radius, _ in looks]) * self.girth
        shines = feet + 0.3 * radii[:, None] * _LIGHT
        patch.circles(
            np.concatenate([feet, feet, shines]),
            [*(radii + 0.2 * self.girth).tolist(), *radii.tolist(), *(0.3 * radii).tolist()],
            [
                *[INK] * len(looks),
                *(colour for _, colour in looks),
                *(mix(colour, EYE, 0.35) for _, colour in looks),
            ],
        )

    def _draw_head(self, patch: Patch, pose: Pose) -> None:
        body, girth, coat = self._body, self.girth, self._coat
        head = sensing.head_position(pose.position[None], body)[0]
        forward = sensing.heading(pose.position[None], body)[0]
        left = np.array([-forward[1], forward[0]])
        sides = [head + (side * left + 0.3 * forward) * girth for side in (1.45, -1.45)]
        for radius, colour in ((1.75, coat.dark), (1.5, coat.colour)):
            patch.capsule(sides[0], sides[1], radius * girth, colour)
        blinking = pose.step % _BLINK >= _BLINK - 2
        for eye in sides:
            patch.circle(eye, 1.25 * girth, coat.dark if blinking else EYE)
            if blinking:
                patch.capsule(eye - 0.9 * girth * left, eye + 0.9 * girth * left, 1.0, coat.light)
                continue
            gaze = forward if pose.gaze is None else _towards(eye, pose.gaze)
            pupil = eye + 0.5 * girth * gaze
            patch.circle(pupil, 0.68 * girth, INK)
            patch.circle(pupil + 0.24 * girth * _LIGHT, 0.2 * girth, EYE)


def _towards(origin: np.ndarray, goal: np.ndarray) -> np.ndarray:
    """From ``origin`` towards ``goal``: a unit vector, shorter where they nearly coincide."""
    way = goal - origin
    return way / max(float(np.hypot(*way)), 10.0)


def _across(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Unit vector square to the way from ``a`` to ``b``."""
    way = b - a
    return np.array([-way[1], way[0]]) / max(float(np.hypot(*way)), 1e-9)


def _spindle(a: np.ndarray, b: np.ndarray, end: float, middle: float, girth: float) -> np.ndarray:
    """Outline of a muscle from ``a`` to ``b``, ``(P, 2)``; half thicknesses in girths."""
    spine = a + _ALONG * (b - a)
    half = (end + (middle - end) * _BELLY) * girth * _across(a, b)
    return np.concatenate([spine + half, (spine - half)[::-1]])


def _fibre(a: np.ndarray, b: np.ndarray, half: float, offset: float, girth: float) -> np.ndarray:
    """A thin stripe along a muscle, ``offset`` of its half thickness aside, ``(P, 2)``."""
    spine = a + (0.12 + 0.76 * _ALONG) * (b - a)
    side = girth * half * _across(a, b)
    middle, width = offset * _BELLY * side, 0.14 * _BELLY * side
    return np.concatenate([spine + middle + width, (spine + middle - width)[::-1]])
