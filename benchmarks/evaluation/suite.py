"""The benchmark as versioned data: skills, budgets and courses. Any change needs a new version.

Every policy walks the same public courses and private ones of its own: their seeds come from a
hash of the policy (`Suite.identity`) together with the suite's version. Nobody can tune to them,
since any change of the policy changes them all, and everybody can repeat them. What it gains to
change a policy a thousand times and to enter the luckiest, `fishing` measures.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, TypeVar

import numpy as np

from walker_env import ENV_ID, HORIZON, Options
from walker_env.body import Body, get_body
from walker_env.courses import SPRINT_SPACING, Course, get_course
from walker_env.identity import physics_of
from walker_env.params import get_world
from walker_env.plan import PlanError, digest
from walker_env.seeds import held_out_seeds

PRIVATE_LEAST = 1 << 63
"""Seeds of private courses start here, far from those of training, validation and shows."""

FILE, WALKER = "file", "walker"
"""What private courses come from: the policy's file, every byte of it, or what the policy is."""

PUBLISHED_PHYSICS = {"6079c46ff4db5577": "1836a96e6b4de29a"}
"""Hashes under which results were published before there was `walker_env.identity`."""


@dataclass(frozen=True)
class Skill:
    """One thing a walker may be good at: a family of courses in a world.

    Attributes:
        name: Its name in tables and files.
        title: For people.
        course: What is walked, as `walker_env.courses.get_course` takes it.
        world: Where, as `walker_env.params.get_world` takes it.
        worth: The figure is the score (targets reached and the fraction of the way to the next, in
            100 s) times this.
        unit: Of the figure.
        fixed: Whether every seed gives the same course; it is then walked once only.
    """

    name: str
    title: str
    course: Any = "disc"  # a `Course` once made
    world: Any = "standard"  # a `World` once made
    worth: float = 1.0
    unit: str = "targets in 100 s"
    fixed: bool = False

    def __post_init__(self) -> None:
        try:
            course = self.course if isinstance(self.course, Course) else get_course(self.course)
            plans: dict[str, Any] = {"course": course, "world": get_world(self.world)}
        except PlanError as error:
            raise ValueError(f"skill {self.name}: {error}") from error
        if not isinstance(plans["course"], Course):
            raise ValueError(f"skill {self.name}: course must have a name or be a list of targets")
        for what, plan in plans.items():
            object.__setattr__(self, what, plan)

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready; `from_dict` takes it back."""
        plans = {"course": self.course.as_data(), "world": self.world.as_dict()}
        return {field.name: getattr(self, field.name) for field in fields(self)} | plans

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Skill:
        """The skill that `as_dict` wrote down."""
        return cls(**{**data, "course": Course.of(data["course"])})


@dataclass(frozen=True)
class TrainingBudget:
    """What a training run may cost in one of the rankings; exactly one of the two limits is set."""

    name: str
    steps: int | None = None  # [control step] of all walkers together
    cpu_seconds: float | None = None  # [s] of processor time, validation left out

    def __post_init__(self) -> None:
        limits = [limit for limit in (self.steps, self.cpu_seconds) if limit is not None]
        if len(limits) != 1 or not 0 < limits[0] < float("inf"):
            raise ValueError(
                f"budget {self.name}: expected either steps or cpu_seconds, positive; got "
                f"steps={self.steps!r}, cpu_seconds={self.cpu_seconds!r}"
            )


Item = TypeVar("Item", Skill, TrainingBudget)


@dataclass(frozen=True)
class Suite:
    """All that a result depends on beside the policy and the physics.

    Attributes:
        version: Changes with everything else here.
        skills: What is measured; policies train on the first one's courses unless they say so.
        ranked: Name of the skill that ranks.
        budgets: Of training; each has a ranking of its own.
        body: Who walks, as `walker_env.body.get_body` takes it.
        runs: Training runs of each algorithm, of seeds 0, 1 and so on; more do not count.
        public: Courses that everybody walks.
        private: Courses whose seeds come from a hash of the policy; these rank.
        identity: Of what that hash is: `FILE`, the SHA-256 of the policy's file; or `WALKER`, that
            of its weights, normalisation and options alone (`agents.foreign.held.Held.walker`), so
            that the same walker in another file has the same courses.
        horizon: Length of an episode [control step].
        turn_min: A leg that turns by less is no turn [rad].
        much_better: A policy is marked when its public figure is higher than its private one by
            more standard errors than this, and by more than `least_gap` of it.
        least_gap: As a share of the private figure.
    """

    version: str
    skills: tuple[Skill, ...]
    ranked: str
    budgets: tuple[TrainingBudget, ...]
    env_id: str = ENV_ID
    body: Any = "quadruped"  # a `Body` once made
    runs: int = 10
    public: int = 64
    private: int = 256
    horizon: int = HORIZON
    turn_min: float = 0.1
    much_better: float = 4.0
    least_gap: float = 0.02
    identity: str = FILE

    def __post_init__(self) -> None:
        object.__setattr__(self, "body", get_body(self.body))
        names = [skill.name for skill in self.skills]
        if self.ranked not in names or len(set(names)) != len(names):
            raise ValueError(f"expected skills of different names, {self.ranked!r} among: {names}")
        counts = (self.public, self.private, self.horizon, self.runs)
        if any(not isinstance(count, int) or count < 1 for count in counts):
            raise ValueError(f"public, private, horizon and runs must be ints >= 1, got {counts}")
        if self.identity not in (FILE, WALKER):
            raise ValueError(f"identity must be {FILE!r} or {WALKER!r}, got {self.identity!r}")

    def part(self, skills: Sequence[str] = (), courses: int | None = None) -> Suite:
        """The same suite with fewer skills or courses; on what is left a policy does the same.

        Args:
            skills: Names of those that stay; none means all. Without the ranking one, the first of
                them ranks.
            courses: How many private ones stay, from 1 to all; of the public ones the same share,
                at least one. None means all.

        Raises:
            ValueError: No such skill, or not so many courses.
        """
        chosen = [self.skill(name).name for name in skills]
        kept = tuple(skill for skill in self.skills if skill.name in chosen or not chosen)
        private = self.private if courses is None else courses
        if not 1 <= private <= self.private:
            raise ValueError(f"courses must lie in [1, {self.private}], got {private}")
        public = max(1, self.public * private // self.private)
        ranked = self.ranked if self.ranked in (chosen or [self.ranked]) else kept[0].name
        return replace(self, skills=kept, ranked=ranked, public=public, private=private)

    def open_to(self, body: Body) -> Suite:
        """What another body walks on its open board: the ranking skill alone."""
        return replace(self.part((self.ranked,)), body=body)

    def skill(self, name: str) -> Skill:
        """The skill called ``name``.

        Raises:
            ValueError: No such skill.
        """
        return _named(self.skills, "skill", name)

    def budget(self, name: str) -> TrainingBudget:
        """The budget called ``name``.

        Raises:
            ValueError: No such budget.
        """
        return _named(self.budgets, "budget", name)

    @functools.cached_property
    def physics(self) -> str:
        """A short hash over all that the figures depend on beside policies and seeds.

        For each skill its own body, world, course and worth, and no others. Results of version 0.1
        hold another hash of the same thing; those go by that one for ever.
        """
        skills = [self._identity(skill) for skill in self.skills]
        short = digest({"horizon": self.horizon, "skills": skills})[:16]
        return PUBLISHED_PHYSICS.get(short, short)

    def plans(self) -> dict[str, Any]:
        """Who walks and where, JSON-ready: the body, and of each skill course and world."""
        return {
            "body": self.body.stored(),
            "skills": {
                skill.name: {"course": skill.course.as_data(), "world": skill.world.stored()}
                for skill in self.skills
            },
        }

    def _identity(self, skill: Skill) -> dict[str, Any]:
        drawn = skill.course.draw(np.random.default_rng(np.random.SeedSequence(0)), 64)
        return {
            "physics": physics_of(Options(body=self.body, world=skill.world)),
            "course": skill.course.as_data(),
            "targets": hashlib.sha256(np.asarray(drawn, "<f8").tobytes()).hexdigest(),
            "fixed": skill.fixed,
            "worth": skill.worth,
        }

    def courses(self, skill: str) -> tuple[int, int]:
        """How many public and private courses a skill has."""
        return (1, 1) if self.skill(skill).fixed else (self.public, self.private)

    def public_seeds(self, skill: str) -> np.ndarray:
        """Seeds of the courses that everybody walks, ``(public,)`` uint64."""
        return held_out_seeds(self.courses(skill)[0])

    def private_seeds(self, skill: str, sha256: str) -> np.ndarray:
        """Seeds of a policy's own courses, ``(private,)`` uint64.

        Args:
            skill: Each skill has its own.
            sha256: Of the policy, see `identity`, in hexadecimal.
        """
        root = f"{sha256} {self.version} {skill}"
        indices = range(self.courses(skill)[1])
        digests = (hashlib.sha256(f"{root} {i}".encode()).digest() for i in indices)
        words = [int.from_bytes(digest[:8], "big") | PRIVATE_LEAST for digest in digests]
        return np.array(words, dtype=np.uint64)


def _named(those: Sequence[Item], what: str, name: str) -> Item:
    """The one with this name, or a ValueError with the names there are."""
    for one in those:
        if one.name == name:
            return one
    raise ValueError(f"{what} must be one of {[one.name for one in those]}, got {name!r}")


_SPRINT_WORTH = SPRINT_SPACING / 100.0  # targets in 100 s to units in a second

SUITE_V1 = Suite(
    version="walker-suite-1",
    skills=(
        Skill("disc", "random targets"),
        Skill("far", "targets far apart", course="far"),
        Skill("sprint", "straight ahead", course="sprint", worth=_SPRINT_WORTH, unit="unit/s"),
        Skill("turn-left", "behind and beside, to the left", course="turn-left"),
        Skill("turn-right", "behind and beside, to the right", course="turn-right"),
        Skill("slalom", "left and right in turn", course="slalom"),
        Skill("race", "the race track", course="race", fixed=True),
        Skill("ice", "slippery ground", world="ice"),
        Skill("heavy", "drag", world="heavy"),
        Skill("weak", "weak muscle on the left", world="weak"),
        Skill("delay", "sensors a step late", world="delay"),
    ),
    ranked="disc",
    budgets=(
        TrainingBudget("steps", steps=1_000_000),
        TrainingBudget("cpu", cpu_seconds=30.0),
    ),
)
"""The published suite."""
