"""Suite 2 as data: in which conditions policies are trained and ranked, by whom, for how long.

A condition is a body, a world and a reward, or settings that a learner is given; each has a ranking
of its own, and no mean is taken over unlike numbers. A run is defined by its control steps: it goes
on to its last one whatever the load of the machine, so that it can be repeated to the bit.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from benchmarks.evaluation.suite import SUITE_V1, WALKER, Skill, Suite
from walker_env import Options, World
from walker_env.plan import digest

VERSION = "walker-suite-2"

STEP_BUDGETS = (1_000_000, 10_000_000)
"""Control steps after which algorithms are ranked."""

TIME_BUDGETS = (30.0, 120.0)
"""Processor time after which they are ranked, as the idle reference machine needs it [s]."""

PER_DECADE = (10, 12.5, 16, 20, 25, 31.5, 40, 50, 63, 80)
"""Looks lie at these multiples of powers of ten: ten to a decade of control steps."""

FIRST_LOOK = 10_000
"""Control steps before the first look."""

CANDIDATES = 10
"""At a budget the best policy is the best of so many last looks, for every algorithm."""

VALIDATION = 16
"""Validation courses of each look."""

COMMON = 128
"""Held-out courses that every look of every run walks."""

PRIVATE = 256
"""Courses of an entry's own; these rank entries."""

SEEDS = 10
"""Training runs of each algorithm in `disc`; elsewhere there are half as many."""


def looks(steps: int) -> tuple[int, ...]:
    """When a run of so many control steps is validated; its end is one of them."""
    grid, power = [], FIRST_LOOK // 10
    while power <= steps:
        grid += [round(power * multiple) for multiple in PER_DECADE]
        power *= 10
    return (*(look for look in grid if look < steps), steps)


@dataclass(frozen=True)
class Condition:
    """What is trained and ranked by itself.

    Attributes:
        name: In tables, files and cards.
        title: For people.
        options: What a policy is trained in.
        settings: Of the learner, by field name, beside its tuned ones.
        seeds: Algorithm -> how many runs, of seeds 0, 1 and so on.
        steps: Algorithm -> length of a run [control step].
        ranked: Whether algorithms are ranked in it; else it answers a question of the report.
        skills: What a policy can do beside it, measured on its best one.
    """

    name: str
    title: str
    options: Options
    seeds: Mapping[str, int]
    steps: Mapping[str, int]
    settings: Mapping[str, Any] = field(default_factory=dict)
    ranked: bool = True
    skills: tuple[Skill, ...] = ()

    @functools.cached_property
    def suite(self) -> Suite:
        """What its policies walk."""
        own = Skill(self.name, self.title, self.options.course, self.options.world)
        return Suite(
            version=VERSION,
            skills=(own, *self.skills),
            ranked=self.name,
            budgets=(),
            body=self.options.body,
            runs=max(self.seeds.values(), default=SEEDS),
            public=COMMON,
            private=PRIVATE,
            identity=WALKER,
        )

    @functools.cached_property
    def digest(self) -> str:
        """A hash over all that a run in it depends on beside algorithm, seed and tuned settings."""
        options = self.options
        parts = {
            "physics": self.suite.physics,
            "reward": options.weights.digest,
            "observation": options.observation,
            "stall_limit": options.stall_limit,
            "settings": dict(self.settings),
        }
        return digest(parts)[:16]

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready; `from_dict` takes it back."""
        own = {name: getattr(self, name) for name in ("name", "title", "ranked")}
        told = {name: dict(getattr(self, name)) for name in ("seeds", "steps", "settings")}
        skills = [skill.as_dict() for skill in self.skills]
        return {**own, **told, "skills": skills, "options": self.options.as_dict()}

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Condition:
        """The condition that `as_dict` wrote down."""
        skills = tuple(Skill.from_dict(skill) for skill in data["skills"])
        options = Options.from_dict(data["options"])
        return cls(**{**data, "skills": skills, "options": options})


SEARCHES = ("snes", "pgpe", "cmaes", "cem", "ga", "ars", "neat")
"""The algorithms that compare whole episodes."""

GRADIENTS = ("ppo", "sac", "tqc")
"""The algorithms that follow the gradient of a policy or a critic."""

FAMILIES = {
    **dict.fromkeys(GRADIENTS, "gradient"),
    **dict.fromkeys(SEARCHES, "evolution"),
}
"""Algorithm -> its family."""

FAMILY_NAMES = ("gradient", "evolution")

_MILLION = 1_000_000

_LENGTHS = {
    "snes": 560,
    "pgpe": 650,
    "cmaes": 610,
    "cem": 550,
    "ga": 560,
    "ars": 730,
    "neat": 550,
}
"""Million control steps of a search with the quadruped: 120 s of processor time pass before, by a
tenth or more. With another body fewer are enough, as its steps cost more."""

_PPO = 1_600_000
"""Control steps of PPO's runs but in `disc`: 120 s pass before; ten million take 16 minutes."""

_SAC = 250_000
"""Control steps of SAC's runs in the scaling curve: 120 s pass before."""

_ASKED = 100 * _MILLION
"""Control steps of searches that answer a question on the quadruped; looks of `disc` lie there."""

_FIVE = SEEDS // 2


def _steps(names: Iterable[str], share: float = 1.0) -> dict[str, int]:
    """Lengths of runs; ``share`` is that of a body's searches in the quadruped's."""
    lengths = {n: round(share * length) * _MILLION for n, length in _LENGTHS.items()}
    lengths |= {"ppo": _PPO, "sac": _MILLION, "tqc": _MILLION}
    return {name: lengths[name] for name in names}


def _ranked(
    name: str, title: str, sac: bool = False, share: float = 1.0, **options: Any
) -> Condition:
    """A condition beside `DISC`: half as many seeds, no TQC, SAC in some."""
    names = ("ppo", *(("sac",) if sac else ()), *SEARCHES)
    seeds = dict.fromkeys(names, _FIVE)
    return Condition(name, title, Options(**options), seeds, _steps(names, share))


def _centipede(segments: int, share: float) -> Condition:
    """A point of the scaling curve."""
    names = ("snes", "ppo", "sac")
    return Condition(
        f"centipede-{segments}",
        f"a body with {4 * segments - 2} commands",
        Options(body=f"centipede-{segments}"),
        seeds=dict.fromkeys(names, _FIVE),
        steps=_steps(names, share) | {"sac": _SAC},
        ranked=False,
    )


def _asked(
    name: str,
    title: str,
    seeds: Mapping[str, int],
    options: Options | None = None,
    **settings: Any,
) -> Condition:
    """A condition of the quadruped that answers a question of the report."""
    steps = {algorithm: _PPO if algorithm == "ppo" else _ASKED for algorithm in seeds}
    return Condition(name, title, options or Options(), seeds, steps, settings, ranked=False)


def _starting() -> Options:
    """The physics that the search in docs/tuning.md began with."""
    body = Options().body
    bones = [replace(bone, stiffness=6000.0, damping=20.0) for bone in body.bones]
    muscles = [replace(muscle, stiffness=2000.0, damping=100.0) for muscle in body.muscles]
    world = World("starting", grip_min=0.1, grip_rate=30.0, muscle_rate=10.0)
    soft = replace(body, name="soft quadruped", bones=tuple(bones), muscles=tuple(muscles))
    return Options(body=soft, world=world)


DISC = Condition(
    "disc",
    "random targets",
    Options(),
    seeds={name: _FIVE if name in ("sac", "tqc") else SEEDS for name in FAMILIES},
    steps=_steps(FAMILIES) | {"ppo": 10 * _MILLION},
    skills=tuple(skill for skill in SUITE_V1.skills if skill.name != "disc"),
)

CONDITIONS = (
    DISC,
    _ranked("centipede-8", "a body with 30 commands", sac=True, share=0.24, body="centipede-8"),
    _ranked("sparse", "only targets are rewarded", reward="sparse"),
    _ranked("ice", "slippery ground", world="ice"),
    _ranked("spider", "a body with knees", sac=True, share=0.4, body="spider"),
    _asked("many-courses", "16 courses a generation", {"snes": SEEDS}, courses=16),
    _asked("large", "a population of 512", {"snes": SEEDS}, population=512),
    _asked("linear", "a linear policy", {"ppo": SEEDS}, hidden=[]),
    _asked("priced", "energy has a price", {"snes": _FIVE, "ppo": _FIVE}, Options(energy_price=1)),
    Condition(
        "starting",
        "the physics before it was tuned",
        _starting(),
        seeds=dict.fromkeys(("snes", "ppo", "cmaes"), _FIVE),
        steps=_steps(("snes", "ppo", "cmaes")),
        ranked=False,
    ),
    _centipede(3, 0.62),
    _centipede(4, 0.5),
    _centipede(6, 0.32),
    _centipede(12, 0.15),
)
"""All that there are; those that are not ranked answer a question of the report."""

SCALING = ("centipede-3", "centipede-4", "centipede-6", "centipede-8", "centipede-12")
"""Conditions whose bodies differ in nothing but their number of segments."""


def find_condition(name: str) -> Condition:
    """The condition called ``name``.

    Raises:
        ValueError: There is none.
    """
    for condition in CONDITIONS:
        if condition.name == name:
            return condition
    known = [condition.name for condition in CONDITIONS]
    raise ValueError(f"condition must be one of {known}, got {name!r}")


@functools.cache
def ranked_suites() -> dict[str, Suite]:
    """What entries walk: the suite of each ranked condition, by its name."""
    return {condition.name: condition.suite for condition in CONDITIONS if condition.ranked}
