"""Worlds and bodies as a later version may have them: with fields that do nothing by default."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from walker_env import Body, World


@dataclass(frozen=True)
class SlopedWorld(World):
    """A world with a field that came later."""

    NEUTRAL: ClassVar[dict] = {**World.NEUTRAL, "slope": 0.0}

    slope: float = 0.0


@dataclass(frozen=True)
class StoppedBody(Body):
    """A body with a field that came later."""

    NEUTRAL: ClassVar[dict] = {**Body.NEUTRAL, "stops": ()}

    stops: tuple[int, ...] = ()


def later(plan, kind):
    """The same plan as a later version has it."""
    return kind(**{name: getattr(plan, name) for name in plan.as_dict()})
