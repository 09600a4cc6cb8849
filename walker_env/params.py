"""The world: time step, ground, muscles and how energy is counted."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields


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

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            kind = "a whole number" if field.type == "int" else "a finite number"
            if field.type == "int" and not isinstance(value, int):
                raise ValueError(f"World.{field.name} must be {kind}, got {value!r}")
            least = ">= 0" if field.name in ("grip_min", "grip_power") else "> 0"
            if not 0 <= value < math.inf or (value == 0 and least == "> 0"):
                raise ValueError(f"World.{field.name} must be {kind} {least}, got {value!r}")
        if self.grip_min > 1:
            raise ValueError(f"World.grip_min must be in [0, 1], got {self.grip_min!r}")

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
