"""From commands to grips and muscle lengths, and what that costs."""

from __future__ import annotations

import numpy as np

from walker_env.body import Body
from walker_env.exponential import exponential
from walker_env.params import World
from walker_env.state import State


class Actuator:
    """Applies the commands of N walkers of one body once a control step.

    Grips and muscles are one array, the drive: a command above or below zero moves the goal from
    its middle towards its highest or lowest value.
    """

    def __init__(self, body: Body, world: World) -> None:
        self._feet = feet = len(body.feet)
        self.middle = _drive(body, 0.5, [1.0 for _ in body.muscles])
        self.up = _drive(body, 0.5, [muscle.longest - 1 for muscle in body.muscles])
        self.down = _drive(body, 0.5, [1 - muscle.shortest for muscle in body.muscles])
        self.least = _drive(body, world.grip_min, [muscle.shortest for muscle in body.muscles])
        self.at_rest = _drive(body, world.grip_min, [1.0 for _ in body.muscles])
        grip_decay, muscle_decay = (
            exponential(-rate * world.control_dt) for rate in (world.grip_rate, world.muscle_rate)
        )
        self.decay = _drive(body, grip_decay, [muscle_decay for _ in body.muscles])
        stiffness = np.array([muscle.stiffness for muscle in body.muscles])
        length = body.rest_lengths()[len(body.bones) :]
        self.work = 0.5 * stiffness * length**2 / world.energy_unit  # (M,) per squared ratio
        self.grip_cost = np.full(feet, world.grip_power * world.control_dt)  # (F,)

    def rest(self, state: State, rows: np.ndarray) -> None:
        """Put the walkers ``rows`` at rest: weakest grip, muscles at their drawn length."""
        state.drive[rows] = self.at_rest

    def follow(self, action: np.ndarray, drive: np.ndarray) -> np.ndarray:
        """The drive ``(N, F + M)`` a control step later, under commands in [-1, 1]."""
        goal = np.where(action > 0, self.up, self.down)
        goal *= action
        goal += self.middle
        np.maximum(goal, self.least, out=goal)
        new = drive - goal
        new *= self.decay
        new += goal
        return new

    def apply(self, action: np.ndarray, length: np.ndarray, state: State) -> np.ndarray:
        """Move grips and muscles towards their commands and return the energy that takes.

        A muscle is a spring; changing its rest length at its present length loads the spring by
        exactly the work done on it. Work gained back from a loaded spring is not credited. A foot
        pays for gripping, in proportion to the grip.

        Args:
            action: Commands in [-1, 1], ``(N, F + M)``: grips, then muscles.
            length: Present length of each muscle over its drawn length, ``(N, M)``.
            state: Its ``drive`` is replaced.

        Returns:
            Energy spent by each walker in this control step, ``(N,)`` [energy unit].
        """
        old = state.drive
        state.drive = new = self.follow(action, old)

        was, now = old[:, self._feet :], new[:, self._feet :]
        # the load is (now - length)^2 - (was - length)^2, factored
        loaded = (now - was) * (now + was - 2.0 * length) * self.work
        spent = np.add.reduce(np.maximum(loaded, 0.0), axis=1)
        spent += np.add.reduce(new[:, : self._feet] * self.grip_cost, axis=1)
        return spent


def _drive(body: Body, grip: float, muscle: list[float]) -> np.ndarray:
    """One value for every foot, then one for each muscle, ``(F + M,)``."""
    return np.array([grip] * len(body.feet) + muscle, dtype=np.float64)
