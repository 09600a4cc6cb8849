"""What is drawn of one walker at one moment, and the moments between two control steps."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from walker_env.batch import WalkerBatch
from walker_env.params import WORLD
from walker_env.render.underfoot import Underfoot, underfoot

TICKS = WORLD.substeps
"""Ticks in a control step: the clock of all that moves in a picture runs at the physics' rate."""

TICK = WORLD.physics_dt
"""Length of a tick [s]."""


@dataclass(frozen=True, eq=False)
class Moment:
    """A walker as it is drawn; the arrays are its own."""

    position: np.ndarray  # (K, 2) [unit], world frame
    velocity: np.ndarray  # (K, 2) [unit/s]
    grip: np.ndarray  # (F,) in [0, 1]
    target: np.ndarray | None  # (2,) [unit]; None at the end of a course
    reached: int  # targets so far
    step: float  # [control step] since the episode began
    ground: Underfoot | None = None  # where it is not even

    @classmethod
    def of(cls, batch: WalkerBatch, walker: int = 0) -> Moment:
        """Walker number ``walker`` of a batch as it is now."""
        state = batch.state
        return cls(
            position=state.position[walker].copy(),
            velocity=state.velocity[walker].copy(),
            grip=state.grip[walker].copy(),
            target=target_of(batch, walker),
            reached=int(state.target_index[walker]),
            step=float(state.steps[walker]),
            ground=underfoot(batch, walker),
        )


def target_of(batch: WalkerBatch, walker: int = 0) -> np.ndarray | None:
    """The target a walker goes to, ``(2,)`` [unit]; None at the end of its course."""
    state = batch.state
    count, index = int(state.target_count[walker]), int(state.target_index[walker])
    return None if 0 < count <= index else state.target[walker].copy()


def between(before: Moment, after: Moment, share: float, seconds: float) -> Moment:
    """The moment ``share`` of the way from one to the next.

    Positions follow the cubic that has both moments' positions and velocities: the springs swing
    too fast for straight lines. What was reached and where to go is as before until the end.

    Args:
        before: The earlier moment.
        after: The later one.
        share: In [0, 1].
        seconds: Time between them [s].
    """
    if share >= 1:
        return after
    s, rest = share, 1 - share
    position = (
        rest * rest * (1 + 2 * s) * before.position
        + s * s * (3 - 2 * s) * after.position
        + seconds * s * rest * (rest * before.velocity - s * after.velocity)
    )
    return replace(
        before,
        position=position,
        velocity=rest * before.velocity + s * after.velocity,
        grip=rest * before.grip + s * after.grip,
        step=rest * before.step + s * after.step,
    )
