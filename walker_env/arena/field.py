"""The field of an arena as data: its walls and posts, and how things slide and bounce there."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, fields

import numpy as np

from walker_env.plan import Plan, PlanError, check_between, convert, field_kinds

FARTHEST = 10_000.0
"""Largest coordinate of a wall's end or a post [unit]."""

MOST_PARTS = 32
"""Most walls, and most posts."""


@dataclass(frozen=True)
class Wall:
    """A straight wall with round ends."""

    ax: float  # [unit], one end
    ay: float
    bx: float  # [unit], the other
    by: float
    thick: float = 20.0  # [unit], half of it on either side of the line


@dataclass(frozen=True)
class Post:
    """A round post."""

    x: float  # [unit]
    y: float
    radius: float = 40.0  # [unit]


@dataclass(frozen=True)
class Field(Plan):
    """What stands in an arena, and what walkers that touch do to each other.

    Two things that touch slide with the product of their frictions and bounce with the product of
    their elasticities, so ``friction`` and ``elasticity``, which are those of a pair, hold for
    walkers, walls and posts alike.

    Raises:
        PlanError: A value of a wrong kind or out of bounds.
    """

    name: str = field(default="own", compare=False)  # a label
    walls: tuple[Wall, ...] = ()
    posts: tuple[Post, ...] = ()
    friction: float = 0.3  # Coulomb's, of two things that touch
    elasticity: float = 0.2  # share of the speed of approach that a bump gives back

    def __post_init__(self) -> None:
        for part in fields(self):
            what, kind = f"Field.{part.name}", field_kinds(type(self))[part.name]
            value = convert(kind, getattr(self, part.name), what, PlanError)
            object.__setattr__(self, part.name, value)
        check_between(PlanError, "Field.friction", self.friction, 0, 4)
        check_between(PlanError, "Field.elasticity", self.elasticity, 0, 1)
        for what, parts in (("walls", self.walls), ("posts", self.posts)):
            if len(parts) > MOST_PARTS:
                raise PlanError(f"Field.{what} must be at most {MOST_PARTS}, got {len(parts)}")
        for i, wall in enumerate(self.walls):
            _check_places(f"Field.walls[{i}]", wall, ("ax", "ay", "bx", "by"))
            check_between(PlanError, f"Field.walls[{i}].thick", wall.thick, 1, 1000)
            if (wall.ax, wall.ay) == (wall.bx, wall.by):
                raise PlanError(f"Field.walls[{i}] has no length: both ends are in one place")
        for i, post in enumerate(self.posts):
            _check_places(f"Field.posts[{i}]", post, ("x", "y"))
            check_between(PlanError, f"Field.posts[{i}].radius", post.radius, 1, 1000)

    def clearance(self, points: np.ndarray) -> np.ndarray:
        """From each point to the nearest surface of a wall or post, negative inside, ``(P,)``.

        Args:
            points: ``(P, 2)`` [unit].

        Returns:
            Distances [unit]; infinite where nothing stands in the field.
        """
        gaps = np.full(len(points), np.inf)
        for wall in self.walls:
            start, end = np.array([wall.ax, wall.ay]), np.array([wall.bx, wall.by])
            along = end - start
            share = np.clip((points - start) @ along / (along @ along), 0.0, 1.0)
            away = points - (start + share[:, None] * along)
            gaps = np.minimum(gaps, np.sqrt((away * away).sum(axis=1)) - wall.thick / 2)
        for post in self.posts:
            away = points - np.array([post.x, post.y])
            gaps = np.minimum(gaps, np.sqrt((away * away).sum(axis=1)) - post.radius)
        return gaps


def box(left: float, bottom: float, right: float, top: float) -> tuple[Wall, ...]:
    """Four walls around a rectangle.

    Args:
        left: Least x [unit].
        bottom: Least y [unit].
        right: Largest x [unit].
        top: Largest y [unit].
    """
    corners = [(left, bottom), (right, bottom), (right, top), (left, top)]
    return tuple(Wall(*a, *b) for a, b in zip(corners, corners[1:] + corners[:1]))


def _check_places(what: str, part: Wall | Post, names: tuple[str, ...]) -> None:
    for name in names:
        value = getattr(part, name)
        if not (math.isfinite(value) and abs(value) <= FARTHEST):
            raise PlanError(f"{what}.{name} must lie within ±{FARTHEST:g} units, got {value:g}")
