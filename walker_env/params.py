"""The world: time step, ground, muscles and how energy is counted."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields

_MAY_BE_ZERO = ("grip_min", "grip_power", "sensor_delay")


@dataclass(frozen=True)
class World:
    """Everything about the physics that is not part of a body.

    One control step is ``substeps`` physics steps. Grips and muscles follow their commands once a
    control step, as first-order lags solved exactly, and are held in between.
    """

    physics_rate: int = 60  # [Hz]
    substeps: int = 3  # physics steps in a control step
    iterations: int = 4  # of the constraint solver
    grip_rate: float = 60.0  # [1/s] how fast a grip follows its command
    grip_min: float = 0.05  # a foot cannot let go entirely
    grip_force: float = 60_000.0  # [mass unit/s^2] friction limit of a foot at full grip
    muscle_rate: float = 15.0  # [1/s] how fast a muscle follows its command
    grip_power: float = 0.05  # [energy/s] price of one foot at full grip
    energy_unit: float = 1e8  # [mass unit^2/s^2] one unit of reported energy
    damping: float = 1.0  # share of every node's speed that drag leaves after a second
    left_strength: float = 1.0  # stiffness of the muscles on the left, as a share of the body's
    sensor_delay: int = 0  # [control step] by which observations are late

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            kind = "a whole number" if field.type == "int" else "a finite number"
            if field.type == "int" and not isinstance(value, int):
                raise ValueError(f"World.{field.name} must be {kind}, got {value!r}")
            least = ">= 0" if field.name in _MAY_BE_ZERO else "> 0"
            if not 0 <= value < math.inf or (value == 0 and least == "> 0"):
                raise ValueError(f"World.{field.name} must be {kind} {least}, got {value!r}")
        if self.grip_min > 1:
            raise ValueError(f"World.grip_min must be in [0, 1], got {self.grip_min!r}")
        for name in ("damping", "left_strength"):
            if getattr(self, name) > 1:
                raise ValueError(f"World.{name} must be in (0, 1], got {getattr(self, name)!r}")

    @property
    def physics_dt(self) -> float:
        """Length of a physics step [s]."""
        return 1.0 / self.physics_rate

    @property
    def control_rate(self) -> float:
        """Control steps a second [Hz]."""
        return self.physics_rate / self.substeps

    @property
    def control_dt(self) -> float:
        """Length of a control step [s]."""
        return self.substeps / self.physics_rate


WORLD = World()
"""The world of version 0. Changing it needs a new environment version."""

WORLDS = {
    "standard": WORLD,
    "ice": World(grip_force=15_000.0),
    "heavy": World(damping=0.2),
    "weak": World(left_strength=0.6),
    "delay": World(sensor_delay=1),
}
"""Worlds by name: slippery ground, drag, weaker muscles on the left, sensors one step late."""


def get_world(name: str) -> World:
    """The world called ``name``.

    Raises:
        ValueError: No such world.
    """
    if not isinstance(name, str) or name not in WORLDS:
        raise ValueError(f"world must be one of {sorted(WORLDS)}, got {name!r}")
    return WORLDS[name]
