"""Lets a policy walk every course of a suite and reports how it went.

What is stored depends on the policy file alone: the walk and the network use operations that IEEE
754 fixes, walkers do not know of each other, sums are rounded once (`math.fsum`), and the draws of
the bootstrap start from a fixed seed. So neither the processor nor the number of threads or the
size of the batch changes a digit.
"""

from __future__ import annotations

import contextlib
import hashlib
import math
import platform
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from msgspec import UNSET

from agents.baselines import Agent
from agents.foreign.held import Held, hold
from agents.policy import NAMED_VERSION
from agents.provenance import versions
from benchmarks.evaluation.report import Report, ReportedAgent, Scores, Summary, Walk
from benchmarks.evaluation.stats import bootstrap_interval, iqm, mean
from benchmarks.evaluation.suite import FILE, PUBLISHED_PHYSICS, SUITE_V1, WALKER, Skill, Suite
from benchmarks.evaluation.walk import walk
from walker_env import __version__
from walker_env.legacy import names_of
from walker_env.params import WORLD
from walker_env.plan import PlanError

PACKAGES = ("numpy", "pymunk", "gymnasium", "safetensors")
"""What moves a walker; a report has their versions."""

OnStep = Callable[[], object]


def examine(
    agent: Agent,
    suite: Suite = SUITE_V1,
    file: str | Path | Held | None = None,
    on_step: OnStep = lambda: None,
    exact: bool = True,
    engine: str = "compiled",
) -> Report:
    """Walk all courses of all skills.

    Args:
        agent: The policy. A random one must be freshly made to give the same report again.
        suite: What is walked.
        file: The policy's file, or its entry's folder: private courses come from it, as the suite's
            ``identity`` says.
        on_step: Called after each control step of each skill, to show progress.
        exact: Written down; False for a policy whose actions depend on the machine.
        engine: The compiled one is the official one, pymunk its check.

    Raises:
        gymnasium.error.DependencyNotInstalled: The engine's library is not installed.
        ValueError: The agent drives another body than the suite's, or its actions have a wrong
            shape or are not finite.
    """
    _check_body(agent, suite)
    names = _published_names(agent, suite)
    about = _describe(agent, suite, file, names or agent.options.as_dict())
    identity = identity_of(about)
    found = {
        skill.name: _walk_skill(agent, suite, skill, identity, engine, on_step)
        for skill in suite.skills
    }
    scores = {name: _scores(courses, suite, name) for name, courses in found.items()}
    return Report(
        suite=suite.version,
        physics=suite.physics,
        agent=about,
        scores=scores,
        summary={name: summarise(parts) for name, parts in scores.items()},
        walk=_describe_walk(found[suite.ranked], suite),
        suspicious=[name for name, parts in scores.items() if much_better(parts, suite)],
        exact=exact,
        versions={**_versions(), "engine": engine},
        plans=UNSET if names else suite.plans(),
    )


def _check_body(agent: Agent, suite: Suite) -> None:
    ours, theirs = suite.body, agent.options.body
    if theirs != ours:
        same = f", another plan of that name ({theirs.digest[:8]})" * (theirs.name == ours.name)
        raise ValueError(
            f"{agent.name}: {suite.version} walks the {ours.name!r}, this policy drives "
            f"{theirs.name!r}{same}"
        )


def _describe(
    agent: Agent, suite: Suite, file: str | Path | Held | None, options: dict[str, Any]
) -> ReportedAgent:
    held = file if file is None or isinstance(file, Held) else hold(file)
    walker = held.walker if held else None
    return ReportedAgent(
        name=agent.name,
        algorithm=str(agent.training.get("algorithm", "unknown")),
        file=held.name if held else None,
        sha256=held.sha256 if held else None,
        options=options,
        training=agent.training,
        walker=walker if suite.identity == WALKER else UNSET,
    )


def _published_names(agent: Agent, suite: Suite) -> dict[str, Any] | None:
    """The options by their names where 0.1 has published them, so that its results keep their text.

    That is so on the whole suite 1 for policies of 0.1 and baselines; None elsewhere.
    """
    named = getattr(agent, "format_version", NAMED_VERSION) == NAMED_VERSION
    if named and suite.identity == FILE and suite.physics in PUBLISHED_PHYSICS.values():
        with contextlib.suppress(PlanError):  # it has no name in 0.1
            return names_of(agent.options)
    return None


def _versions() -> dict[str, str]:
    installed = {"python": platform.python_version(), "walker_env": __version__}
    return installed | dict.fromkeys(PACKAGES, "not installed") | versions(PACKAGES)


def identity_of(about: ReportedAgent) -> str:
    """The hash that private courses come from: the walker's, else its file's, else its name's.

    A baseline has nothing but its name.
    """
    own = about.sha256 if about.walker is UNSET else about.walker
    return own or hashlib.sha256(f"baseline {about.name}".encode()).hexdigest()


def _walk_skill(
    agent: Agent, suite: Suite, skill: Skill, identity: str, engine: str, on_step: OnStep
) -> dict[str, list]:
    """Public courses first, then private ones, all in one batch."""
    options = replace(
        agent.options.for_evaluation(), course=skill.course, world=skill.world, engine=engine
    )
    public = suite.public_seeds(skill.name)
    seeds = np.concatenate([public, suite.private_seeds(skill.name, identity)])
    return walk(agent, options, seeds, suite.horizon, suite.turn_min, on_step)


def _scores(courses: dict[str, list], suite: Suite, name: str) -> Scores:
    worth = suite.skill(name).worth * (100.0 / (suite.horizon * WORLD.control_dt))
    figures = [score * worth for score in courses["score"]]
    public = len(suite.public_seeds(name))
    return Scores(public=figures[:public], private=figures[public:])


def summarise(parts: Scores) -> Summary:
    """A skill's figures on all courses put together."""
    private = np.array(parts.private)
    low, high = bootstrap_interval(private[:, None], np.random.default_rng(0))
    public = iqm(np.array(parts.public))
    return Summary(score=iqm(private), low=low, high=high, public=public)


def much_better(parts: Scores, suite: Suite) -> bool:
    """Whether the public figures are higher than chance explains."""
    public, private = parts.public, parts.private
    gap = mean(public) - mean(private)
    error = math.sqrt(_variance(public) / len(public) + _variance(private) / len(private))
    return gap > suite.much_better * error and gap > suite.least_gap * mean(private)


def _variance(values: list[float]) -> float:
    middle = mean(values)
    return math.fsum((x - middle) * (x - middle) for x in values) / max(len(values) - 1, 1)


def _describe_walk(courses: dict[str, list], suite: Suite) -> Walk:
    public = len(suite.public_seeds(suite.ranked))
    own = {name: values[public:] for name, values in courses.items()}
    seconds = suite.horizon * WORLD.control_dt
    way, energy = math.fsum(own["distance"]), math.fsum(own["energy"])
    first = mean([seconds if s is None else s for s in own["first_target"]])
    return Walk(
        speed=way / (seconds * len(own["distance"])),
        energy_per_1000=1000.0 * energy / way if way > 0 else None,
        first_target=first,
        left_share=_share(own, "left_turns", "turns"),
        course_left_share=_share(own, "course_left_turns", "course_turns"),
    )


def _share(courses: dict[str, list], part: str, whole: str) -> float | None:
    total = sum(courses[whole])
    return sum(courses[part]) / total if total else None
