"""Whether a stored report can be true: what its own figures and the suite tell, without walking.

Sums are worked out again from the scores, and no figure may lie beyond what a walk can give. That
the scores are those of the policy only another evaluation tells (`submit.verify`).
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from msgspec import UNSET

from benchmarks.evaluation.examine import identity_of, much_better, summarise
from benchmarks.evaluation.report import (
    Report,
    ReportedAgent,
    ReportError,
    Scores,
    Summary,
    check_courses,
)
from benchmarks.evaluation.stats import iqm
from benchmarks.evaluation.suite import FILE, Suite
from walker_env.params import WORLD
from walker_env.tasks import TARGET_RADIUS, episode_rng

MOST_SPEED = 1000.0
"""No walker is faster [unit/s]; the fastest that is published reaches 301 on the straight."""

_SLACK = 200.0  # [unit], more than lies between the head and where a walker stands

_PLAIN = 100.0
"""Targets in 100 s up to which no course is drawn anew: `MOST_SPEED` would reach more on any."""


def check_report(report: Report, suite: Suite, where: str | Path, intervals: bool = True) -> None:
    """Check that a report is of a suite's courses and could come from an evaluation.

    Args:
        report: Of this suite and its physics.
        suite: What was walked.
        where: The report's place, for the error.
        intervals: Whether the intervals are worked out again too, which takes a quarter of a
            second; else they must hold the score.

    Raises:
        ReportError: It could not; the message has ``where`` and the reason.
    """
    check_courses(report, suite, where)
    for problem in _problems(report, suite, intervals):
        raise ReportError(f"{where}: {problem}")


def most_score(suite: Suite, skill: str) -> float:
    """What nobody can exceed in a skill, in its unit: a target at every control step."""
    return suite.skill(skill).worth * (100.0 / WORLD.control_dt) * (1.0 + 1.0 / suite.horizon)


def reach(suite: Suite, skill: str, seed: int) -> float:
    """What nobody can exceed on a course, in the skill's unit: `MOST_SPEED` from target to target.

    Args:
        suite: What is walked.
        skill: Whose course.
        seed: Of the course.
    """
    seconds, most = suite.horizon * WORLD.control_dt, suite.horizon + 1
    drawn = suite.skill(skill).course.draw(episode_rng(seed, 0), most)
    legs = np.hypot(*np.diff(drawn, axis=0, prepend=np.zeros((1, 2))).T)
    way = np.maximum(legs - 2 * TARGET_RADIUS, 0.0).cumsum()
    passed = int(np.searchsorted(way, MOST_SPEED * seconds + _SLACK, side="right"))
    return suite.skill(skill).worth * (100.0 / seconds) * min(passed + 1, most)


def _out_of_reach(report: Report, suite: Suite, skill: str) -> Iterator[str]:
    """Scores that the courses themselves refute."""
    parts, plain = report.scores[skill], _PLAIN * suite.skill(skill).worth
    identity = identity_of(report.agent)
    for kind, scores, seeds in (
        ("public", parts.public, suite.public_seeds(skill)),
        ("private", parts.private, suite.private_seeds(skill, identity)),
    ):
        for i, score in enumerate(scores):
            if score > plain and score > (most := reach(suite, skill, int(seeds[i]))):
                yield f"the {kind} course {i} of {skill} allows at most {most:g}, got {score:g}"


def _problems(report: Report, suite: Suite, intervals: bool) -> Iterator[str]:
    yield from _identity_problems(report.agent, suite)
    for name, parts in report.scores.items():
        most = most_score(suite, name)
        if off := [x for x in (*parts.public, *parts.private) if not 0 <= x <= most]:
            yield f"scores of {name} must lie in [0, {most:g}], got {off[0]:g}"
        elif beyond := [*_out_of_reach(report, suite, name)]:
            yield beyond[0]
        elif not _sums_up(report.summary[name], parts, intervals):
            yield f"the summary of {name} is not that of its scores"
    better = [name for name, parts in report.scores.items() if much_better(parts, suite)]
    if report.suspicious != better:
        yield f"suspicious must be {better}, as the scores tell, got {report.suspicious}"
    yield from _walk_problems(report, suite)


def _identity_problems(agent: ReportedAgent, suite: Suite) -> Iterator[str]:
    """What is wrong with the hashes that private courses come from."""
    if (agent.walker is UNSET) != (suite.identity == FILE):
        yield f"private courses of {suite.version} come from the {suite.identity}, these do not"
    hashes = {"sha256": agent.sha256, "walker": None if agent.walker is UNSET else agent.walker}
    for name, found in hashes.items():
        if found is not None and not re.fullmatch("[0-9a-f]{64}", found):
            yield f"agent.{name} must be 64 hexadecimal digits, got {found!r:.80}"
    if agent.walker is not UNSET and (agent.sha256 is None) != (agent.walker is None):
        yield "agent must have both sha256 and walker, or neither"


def _sums_up(told: Summary, parts: Scores, intervals: bool) -> bool:
    if intervals:
        return told == summarise(parts)
    score, public = iqm(parts.private), iqm(parts.public)  # type: ignore[arg-type]
    held = min(parts.private) <= told.low <= score <= told.high <= max(parts.private)
    return held and (told.score, told.public) == (score, public)


def _walk_problems(report: Report, suite: Suite) -> Iterator[str]:
    walk, seconds = report.walk, suite.horizon * WORLD.control_dt
    for name, value, most in (
        ("speed", walk.speed, MOST_SPEED),
        ("energy_per_1000", walk.energy_per_1000, math.inf),
        ("first_target", walk.first_target, seconds),
        ("left_share", walk.left_share, 1.0),
        ("course_left_share", walk.course_left_share, 1.0),
    ):
        if value is not None and not (0 <= value <= most and math.isfinite(value)):
            yield f"walk.{name} must be finite and lie in [0, {most:g}], got {value:g}"
