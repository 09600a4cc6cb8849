"""Whether a stored report can be true: what its own figures and the suite tell, without walking.

Sums are worked out again from the scores, and no figure may lie beyond what a walk can give. That
the scores are those of the policy only another evaluation tells (`submit.verify`).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path

from benchmarks.evaluation.examine import much_better, summarise
from benchmarks.evaluation.report import Report, ReportError, Scores, Summary, check_courses
from benchmarks.evaluation.stats import iqm
from benchmarks.evaluation.suite import Suite
from walker_env.params import WORLD

MOST_SPEED = 10_000.0
"""No walker is faster [unit/s]; the fastest that is published reaches 283 on the straight."""


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


def _problems(report: Report, suite: Suite, intervals: bool) -> Iterator[str]:
    for name, parts in report.scores.items():
        most = most_score(suite, name)
        if off := [x for x in (*parts.public, *parts.private) if not 0 <= x <= most]:
            yield f"scores of {name} must lie in [0, {most:g}], got {off[0]:g}"
        elif not _sums_up(report.summary[name], parts, intervals):
            yield f"the summary of {name} is not that of its scores"
    better = [name for name, parts in report.scores.items() if much_better(parts, suite)]
    if report.suspicious != better:
        yield f"suspicious must be {better}, as the scores tell, got {report.suspicious}"
    yield from _walk_problems(report, suite)


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
