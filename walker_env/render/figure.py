"""One walker: shadow, muscles, skin, bones, feet and eyes, for any body."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pygame

from walker_env import sensing
from walker_env.body import Body
from walker_env.render.camera import Camera
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
_BELLY = np.sin(np.linspace(0, np.pi, 9))[:, None]  # a muscle's outline from end to end


@dataclass(frozen=True)
class Pose:
    """What a figure shows of a walker."""

    position: np.ndarray  # (K, 2) [unit], world frame
    grip: np.ndarray  # (F,) in [0, 1]
    gaze: np.ndarray | None  # (2,) [unit], the point it looks at
    step: int  # [control step]


def foot_look(grip: float) -> tuple[float, Colour]:
    """Radius, in girths, and colour of a foot: the firmer, the larger and darker."""
    return 0.8 + 0.65 * grip, mix(FOOT_LOOSE, FOOT_FIRM, grip)


def muscle_look(contraction: float) -> tuple[float, Colour]:
    """Half the thickness, in girths, and colour of a muscle; ``contraction`` in [0, 1]."""
    return 0.3 + 0.9 * contraction, mix(MUSCLE_LONG, MUSCLE_SHORT, contraction)


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
        self._skin = [list(group) for group in body.skin]

    def contraction(self, position: np.ndarray) -> np.ndarray:
        """How contracted each muscle is, from 0 at its longest to 1 at its shortest, ``(M,)``."""
        ratio = self._gauge.ratio(position[None])[0]
        span = self._longest - self._shortest
        return np.clip((self._longest - ratio) / np.where(span > 0, span, 1.0), 0, 1)

    def draw(self, surface: pygame.Surface, camera: Camera, pose: Pose) -> None:
        """Draw a walker with its shadow."""
        low, high = pose.position.min(axis=0), pose.position.max(axis=0)
        patch = Patch(camera, (low + high) / 2, (high - low) / 2 + 3 * self.girth)
        self._draw_skin(patch, pose.position)
        self._draw_muscles(patch, pose.position)
        self._draw_joints(patch, pose.position)
        self._draw_feet(patch, pose)
        self._draw_eyes(patch, pose)
        patch.stamp(surface, shadow=(0.7 * self.girth, -0.9 * self.girth))

    def _draw_muscles(self, patch: Patch, position: np.ndarray) -> None:
        for muscle, contraction in zip(self._body.muscles, self.contraction(position)):
            half, colour = muscle_look(float(contraction))
            ends = position[muscle.a], position[muscle.b]
            rim = 0.18
            patch.polygon(_spindle(*ends, 0.3 + rim, half + rim, self.girth), mix(colour, INK, 0.6))
            patch.polygon(_spindle(*ends, 0.3, half, self.girth), colour)
            shine = mix(colour, EYE, 0.35)
            patch.polygon(_spindle(*ends, 0.05, 0.3 * half, self.girth), shine)

    def _draw_skin(self, patch: Patch, position: np.ndarray) -> None:
        girth, coat = self.girth, self._coat
        for bone in self._body.bones:
            patch.capsule(position[bone.a], position[bone.b], 0.62 * girth, coat.dark)
        for group in self._skin:
            patch.rounded(position[group], 0.85 * girth, coat.dark)
        for group in self._skin:
            patch.rounded(position[group], 0.62 * girth, coat.colour)
        for bone in self._body.bones:
            patch.capsule(position[bone.a], position[bone.b], 0.36 * girth, coat.light)

    def _draw_joints(self, patch: Patch, position: np.ndarray) -> None:
        for joint in position[self._joints]:
            patch.circle(joint, 0.75 * self.girth, self._coat.dark)
            patch.circle(joint, 0.5 * self.girth, BONE)

    def _draw_feet(self, patch: Patch, pose: Pose) -> None:
        for foot, grip in zip(pose.position[self._feet], pose.grip):
            radius, colour = foot_look(float(grip))
            patch.circle(foot, (radius + 0.2) * self.girth, INK)
            patch.circle(foot, radius * self.girth, colour)
            patch.circle(foot, 0.45 * radius * self.girth, mix(colour, EYE, 0.25))

    def _draw_eyes(self, patch: Patch, pose: Pose) -> None:
        body, girth = self._body, self.girth
        head = sensing.head_position(pose.position[None], body)[0]
        forward = sensing.heading(pose.position[None], body)[0]
        left = np.array([-forward[1], forward[0]])
        blinking = pose.step % _BLINK >= _BLINK - 2
        for side in (1.35, -1.35):
            eye = head + (side * left + 0.35 * forward) * girth
            patch.circle(eye, 1.42 * girth, self._coat.dark)
            patch.circle(eye, 1.2 * girth, self._coat.colour if blinking else EYE)
            if not blinking:
                gaze = forward if pose.gaze is None else _towards(eye, pose.gaze)
                patch.circle(eye + 0.5 * girth * gaze, 0.6 * girth, INK)


def _towards(origin: np.ndarray, goal: np.ndarray) -> np.ndarray:
    """Unit vector from ``origin`` to ``goal``, zero where they coincide."""
    way = goal - origin
    length = float(np.hypot(*way))
    return way / length if length > 0 else way


def _spindle(a: np.ndarray, b: np.ndarray, end: float, middle: float, girth: float) -> np.ndarray:
    """Outline of a muscle from ``a`` to ``b``, ``(P, 2)``; half thicknesses in girths."""
    ahead = _towards(a, b)
    side = np.array([-ahead[1], ahead[0]])
    spine = a + np.linspace(0, 1, len(_BELLY))[:, None] * (b - a)
    half = (end + (middle - end) * _BELLY) * girth * side
    return np.concatenate([spine + half, (spine - half)[::-1]])
