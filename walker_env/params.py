"""The world: time step, ground, muscles and how energy is counted."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from os import PathLike
from types import MappingProxyType
from typing import Any, ClassVar

from walker_env.ground import EVEN, Ground
from walker_env.plan import Plan, PlanError, check_between, convert, field_kinds, resolve

_BOUNDS = {
    "physics_rate": (1, 1000),
    "substeps": (1, 100),
    "iterations": (1, 64),
    "grip_rate": (1e-3, 1e4),
    "grip_min": (0, 1),
    "grip_force": (1e-12, 1e7),
    "muscle_rate": (1e-3, 1e4),
    "grip_power": (0, 1e4),
    "energy_unit": (1e-3, 1e15),
    "damping": (1e-6, 1),
    "left_strength": (1e-3, 1),
    "sensor_delay": (0, 100),
}
"""The least and the most of each number of a world, in its unit."""


@dataclass(frozen=True)
class World(Plan):
    """Everything about the physics that is not part of a body.

    One control step is ``substeps`` physics steps. Grips and muscles follow their commands once a
    control step, as first-order lags solved exactly, and are held in between.

    A ground that is not even changes the grip and the drag from place to place.

    Two worlds are equal when they differ in their name at most. An environment takes worlds of the
    standard rate and substeps only: an episode is 100 s in all of them.

    Raises:
        PlanError: A value of a wrong kind or out of bounds.
    """

    NEUTRAL: ClassVar[MappingProxyType[str, Any]] = MappingProxyType({"ground": EVEN})

    name: str = field(default="own", compare=False)  # a label
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
    ground: Ground = EVEN

    def __post_init__(self) -> None:
        for part in fields(self):
            what, kind = f"World.{part.name}", field_kinds(type(self))[part.name]
            value = convert(kind, getattr(self, part.name), what, PlanError)
            object.__setattr__(self, part.name, value)
            if part.name in _BOUNDS:
                check_between(PlanError, what, value, *_BOUNDS[part.name])
        if not self.name:
            raise PlanError("World.name must not be empty")

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


WORLD = World("standard")
"""The world of version 0. Changing it needs a new environment version."""

WORLDS = {
    world.name: world
    for world in (
        WORLD,
        World("ice", grip_force=15_000.0),
        World("heavy", damping=0.2),
        World("weak", left_strength=0.6),
        World("delay", sensor_delay=1),
        World("patches", ground=Ground("patches")),
        World("track", ground=Ground("track")),
        World("sand", ground=Ground("sand")),
    )
}
"""Worlds by name: slippery ground, drag, weaker muscles on the left, sensors one step late; and
grounds that differ from place to place."""


def get_world(world: str | PathLike[str] | dict[str, Any] | World) -> World:
    """A world from whatever names it.

    Args:
        world: A `World`, its dict (`World.as_dict`), a path to its JSON, or a ready name.

    Raises:
        PlanError: It is none of these, or its rates are not those of `WORLD`.
    """
    resolved = resolve(World, "world", world, WORLDS)
    for name in ("physics_rate", "substeps"):
        if getattr(resolved, name) != getattr(WORLD, name):
            raise PlanError(
                f"World.{name} must be {getattr(WORLD, name)}, so that an episode is 100 s, "
                f"got {getattr(resolved, name)}"
            )
    return resolved
