"""Reports side by side: which compare, their order, and the scale from still to the gait."""

from __future__ import annotations

import contextlib
import dataclasses
import itertools
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from msgspec.structs import asdict

from agents.baselines import BASELINES
from benchmarks.evaluation.conditions import DISC, VERSION, ranked_suites
from benchmarks.evaluation.plausibility import check_report
from benchmarks.evaluation.published import REFERENCES
from benchmarks.evaluation.report import Report, ReportError, load_report
from benchmarks.evaluation.suite import SUITE_V1, Suite
from benchmarks.submission.suites import reference_path

Scale = Callable[[str, float], float | None]
"""A skill's figure on the scale where still is 0 and the gait 100; None where there is none."""


def read_reports(folder: str | Path, suite: Suite | None = None) -> list[Report]:
    """All reports ``*.json`` in a folder.

    Args:
        folder: Of the reports.
        suite: Of which all are; None: as `published_suite` finds it.

    Raises:
        ReportError: There is none, one cannot be read, or they do not compare: of another suite or
            physics, or over other skills or courses; or the figures of one cannot be true.
    """
    paths = sorted(path for path in Path(folder).glob("*.json") if path.name[0] != ".")
    if not paths:
        raise ReportError(
            f"{folder}: expected reports *.json, got none; "
            "make some: python -m benchmarks evaluate POLICY... --out FOLDER"
        )
    reports = {path: load_report(path) for path in paths}
    _check_same(reports)
    for path, report in reports.items():
        check_report(report, walked(report, suite or published_suite(report, path), path), path)
    return list(reports.values())


def published_suite(report: Report, where: str | Path) -> Suite:
    """Suite 1, or that of the condition of suite 2 that a report is of, whatever part of it.

    Raises:
        ReportError: It is of suite 2 and of none of its conditions.
    """
    if report.suite != VERSION:
        return SUITE_V1
    names = {*report.scores}
    for suite in ranked_suites().values():
        known = {skill.name for skill in suite.skills}
        if names <= known and suite.part([*names]).physics == report.physics:
            return suite
    raise ReportError(
        f"{where}: of no condition of {VERSION}, {[*ranked_suites()]}, in this physics: "
        f"skills {sorted(names)}"
    )


def walked(report: Report, suite: Suite, where: str | Path) -> Suite:
    """The part of a suite that a report is of.

    Args:
        report: Of this suite, whatever its body.
        suite: The whole of it.
        where: The report's place, for the error.

    Raises:
        ReportError: It is of none.
    """
    if report.suite != suite.version:
        raise ReportError(f"{where}: expected a report of {suite.version}, got {report.suite!r}")
    try:
        names = [*report.scores]
        free = [name for name in names if not suite.skill(name).fixed]
        return suite.part(names, len(report.scores[free[0]].private) if free else None)
    except ValueError as error:
        raise ReportError(f"{where}: {error}") from error


def ranking(
    reports: Sequence[Report], suite: Suite | None = None, references: str | Path = REFERENCES
) -> dict[str, Any]:
    """Reports that compare as a leaderboard of their own.

    Args:
        reports: Of the same skills, courses and physics; at least one.
        suite: Of which they walked a part; None: as `published_suite` finds it.
        references: Folder of the baselines' reports, the ends of the scale.

    Returns:
        ``suite`` and ``entries`` as in `standings`, as far as a report knows; ``remarks``: what
        keeps the figures from comparing with the leaderboard's, in sentences.
    """
    first = reports[0]
    suite = suite or published_suite(first, first.agent.name)
    part = walked(first, suite, first.agent.name)
    scale = _scale_of(first, part, suite, references)
    entries = [
        {
            "name": report.agent.name,
            "algorithm": report.agent.algorithm,
            "budget": _spent(report.agent.training),
            **report_figures(report, scale or no_scale),
        }
        for report in reports
    ]
    physics = suite.physics if scale else first.physics
    about = {"physics": physics, "private": part.courses(part.ranked)[1]}
    return {
        "suite": describe(part) | about,
        "entries": ranked(entries, part),
        "remarks": _remarks(part, suite, scale),
    }


def report_figures(report: Report, scale: Scale) -> dict[str, Any]:
    """What a table shows of a report.

    Returns:
        ``exact``, ``suspicious``, ``walk`` (fields of `report.Walk`), ``training`` and ``skills``:
        skill -> `Figure`.
    """
    return {
        "exact": report.exact,
        "suspicious": report.suspicious,
        "walk": asdict(report.walk),
        "training": report.agent.training,
        "skills": {
            name: asdict(summary) | {"absolute": scale(name, summary.score)}
            for name, summary in report.summary.items()
        },
    }


def ranked(entries: list[dict[str, Any]], suite: Suite) -> list[dict[str, Any]]:
    """Best first with their ranks; equal ones share the better one, in the order of names."""

    def score(one: dict[str, Any]) -> float:
        return one["skills"][suite.ranked]["score"]

    entries = sorted(entries, key=lambda one: (-score(one), one.get("name") or one["algorithm"]))
    counted = [score(one) for one in entries if one.get("complete", True)]

    def rank(one: dict[str, Any]) -> int | None:
        if not one.get("complete", True):
            return None
        return 1 + sum(other > score(one) for other in counted)

    return [{"rank": rank(one), **one} for one in entries]


def grouped(
    listed: list[dict[str, Any]], intervals: Sequence[Sequence[Sequence[float]]]
) -> list[dict[str, Any]]:
    """Ranked ones with their ``group``, ``[first, last]``: ranks that the runs do not tell apart.

    One shares the group of the one above it unless the interval of the chance that the one above
    improves on it leaves out 0.5. Those without a rank have None.

    Args:
        listed: Best first, from `ranked`.
        intervals: Row i, column j: the interval of the chance that i improves on j.
    """
    counted = [i for i, one in enumerate(listed) if one["rank"] is not None]
    groups = [counted[:1]] if counted else []
    for above, i in itertools.pairwise(counted):
        low, high = intervals[above][i]
        if low <= 0.5 <= high:
            groups[-1].append(i)
        else:
            groups.append([i])
    places = {i: group for group in groups for i in group}
    ends = {i: [listed[g[0]]["rank"], counted.index(g[-1]) + 1] for i, g in places.items()}
    return [{**one, "group": ends.get(i)} for i, one in enumerate(listed)]


def reference_figures(
    folder: str | Path = REFERENCES, suite: Suite = SUITE_V1
) -> dict[str, dict[str, float]]:
    """For each skill the figures of the baselines.

    Raises:
        ReportError: A report is missing, broken, or of another suite or physics.
    """
    reports = {name: _reference(Path(folder) / f"{name}.json", suite) for name in BASELINES}
    return {
        skill.name: {name: r.summary[skill.name].score for name, r in reports.items()}
        for skill in suite.skills
    }


def scale_of(
    suite: Suite, references: str | Path = REFERENCES, reference: Suite | None = None
) -> Scale:
    """The absolute scale of a suite; none for a body that the gait cannot drive.

    Args:
        suite: Suite 1, or a condition's.
        references: Folder of the baselines' reports.
        reference: What they walked in suite 2; None: the skills of `DISC`. A skill of another
            condition is measured by the one that has its course and its world.

    Raises:
        ReportError: As `reference_figures` does.
    """
    if suite.version != VERSION:
        return absolute_scale(reference_figures(references, suite))
    reference = reference or DISC.suite
    if suite.body != reference.body:
        return no_scale
    marks = reference_figures(reference_path(references, "").parent, reference)
    alike = {
        skill.name: known.name
        for skill in suite.skills
        for known in reversed(reference.skills)
        if (skill.course, skill.world) == (known.course, known.world)
    }
    known_scale = absolute_scale(marks)
    return lambda skill, figure: known_scale(alike[skill], figure) if skill in alike else None


def absolute_scale(marks: dict[str, dict[str, float]]) -> Scale:
    """Figures of a skill on the scale where still is 0 and the gait written by hand is 100."""

    def scale(skill: str, figure: float) -> float:
        still, gait = marks[skill]["still"], marks[skill]["gait"]
        return 100.0 * (figure - still) / (gait - still)

    return scale


def _reference(path: Path, suite: Suite) -> Report:
    report = load_report(path)
    if (report.suite, report.physics) != (suite.version, suite.physics):
        raise ReportError(
            f"{path} is of another suite or physics; write it anew: "
            f"python -m benchmarks verify {path.stem} --renew"
        )
    check_report(report, suite, path, intervals=False)
    return report


def describe(suite: Suite) -> dict[str, Any]:
    """What the standings say of the suite."""
    skills = [
        {
            "name": skill.name,
            "title": skill.title,
            "course": skill.course.as_data(),
            "world": skill.world.name,
            "unit": skill.unit,
            "fixed": skill.fixed,
        }
        for skill in suite.skills
    ]
    counts = {name: getattr(suite, name) for name in ("version", "ranked", "public", "private")}
    return {
        **counts,
        "runs": suite.runs,
        "physics": suite.physics,
        "identity": suite.identity,
        "skills": skills,
        "budgets": [dataclasses.asdict(budget) for budget in suite.budgets],
    }


def _scale_of(report: Report, part: Suite, suite: Suite, references: str | Path) -> Scale | None:
    if report.physics == part.physics:
        with contextlib.suppress(ReportError):  # the references are of other physics
            return scale_of(suite, references)
    return None


def _remarks(part: Suite, suite: Suite, scale: Scale | None) -> list[str]:
    without = "does not compare with the leaderboard."
    remarks = [] if scale else [f"Another body or physics: it {without}"]
    if part.private < suite.private:
        remarks.append(f"A quick look, {part.private} of {suite.private} courses: it {without}")
    return remarks


def no_scale(skill: str, figure: float) -> None:
    """The scale where there are no references: no figure has a place on it."""


def _spent(training: dict[str, Any]) -> dict[str, float | None]:
    """What training cost, as far as the policy file says so in numbers."""
    costs = {"steps": training.get("run_steps"), "cpu_seconds": training.get("run_cpu_seconds")}
    return {name: x if isinstance(x, (int, float)) else None for name, x in costs.items()}


def _check_same(reports: dict[Path, Report]) -> None:
    walks = {path.name: _walk_of(report) for path, report in reports.items()}
    first = next(iter(walks.values()))
    differing = [key for key in first if any(walk[key] != first[key] for walk in walks.values())]
    if not differing:
        return
    files: dict[str, list[str]] = {}
    for name, walk in walks.items():
        files.setdefault(", ".join(f"{key} {walk[key]}" for key in differing), []).append(name)
    groups = "; ".join(f"{which}: {', '.join(names)}" for which, names in files.items())
    raise ReportError(f"reports do not compare, evaluate them again or move them: {groups}")


def _walk_of(report: Report) -> dict[str, str]:
    """What must be the same for reports to compare."""
    counts = {len(parts.private) for parts in report.scores.values()}
    return {
        "suite": report.suite,
        "physics": report.physics,
        "skills": "+".join(sorted(report.scores)),
        "courses": str(max(counts, default=0)),
    }
