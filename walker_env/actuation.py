"""From commands to grips and muscle lengths, and what that costs."""

from __future__ import annotations

import math

import numpy as np

from walker_env.body import Body
from walker_env.params import World
from walker_env.sensing import MuscleGauge
from walker_env.state import State


class Actuator:
    """Applies the commands of N walkers of one body once a control step."""

    def __init__(self, body: Body, world: World) -> None:
        self._feet = len(body.feet)
        self._gauge = MuscleGauge(body)
        self._world = world
        self._grip_decay = math.exp(-world.grip_rate * world.control_dt)
        self._muscle_decay = math.exp(-world.muscle_rate * world.control_dt)
        self._stretch = np.array([muscle.longest - 1 for muscle in body.muscles])
        self._shrink = np.array([1 - muscle.shortest for muscle in body.muscles])
        stiffness = np.array([muscle.stiffness for muscle in body.muscles])
        rest = body.rest_lengths()[len(body.bones) :]
        self._work = 0.5 * stiffness * rest**2 / world.energy_unit  # (M,) per squared ratio

    def rest(self, state: State, mask: np.ndarray) -> None:
        """Put the walkers in ``mask`` at rest: weakest grip, muscles at their drawn length."""
        state.grip[mask] = self._world.grip_min
        state.muscle[mask] = 1.0

    def apply(self, action: np.ndarray, state: State) -> np.ndarray:
        """Move grips and muscles towards their commands and return the energy that takes.

        A muscle is a spring; changing its rest length at its present length loads the spring by
        exactly the work done on it. Work gained back from a loaded spring is not credited. A foot
        pays for gripping, in proportion to the grip.

        Args:
            action: Commands in [-1, 1], ``(N, F + M)``: grips, then muscles.
            state: ``grip`` and ``muscle`` are written, the positions read.

        Returns:
            Energy spent by each walker in this control step, ``(N,)`` [energy unit].
        """
        world = self._world
        grip_goal = np.maximum((action[:, : self._feet] + 1) * 0.5, world.grip_min)
        command = action[:, self._feet :]
        muscle_goal = 1 + np.where(command > 0, self._stretch, self._shrink) * command
        grip = grip_goal + (state.grip - grip_goal) * self._grip_decay
        muscle = muscle_goal + (state.muscle - muscle_goal) * self._muscle_decay

        length = self._gauge.ratio(state.position)
        loaded = ((muscle - length) ** 2 - (state.muscle - length) ** 2) * self._work
        energy = np.maximum(loaded, 0).sum(axis=1)
        energy += grip.sum(axis=1) * (world.grip_power * world.control_dt)
        state.grip, state.muscle = grip, muscle
        return energy
