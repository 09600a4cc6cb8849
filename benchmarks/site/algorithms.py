"""The part of the page on algorithms: rankings of their runs, profiles and learning curves."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from agents.figure_style import Look, looks
from agents.training.curve import read_curve
from benchmarks.evaluation.report import Report
from benchmarks.evaluation.suite import Suite, TrainingBudget
from benchmarks.site.content import Board, BoardRow, Chart, Line, Score, Skills, SkillScore

RUN_COLUMNS = ("absolute", "runs", "million steps", "CPU time [s]")

ABSOLUTE = "Absolute: standing still is 0, the gait written by hand 100."
"""What the column of that name means."""

TIED = "Ranks such as 2-4: the runs do not tell these apart."
"""What a group of ranks means."""

_LONG = 120.0  # [s] shorter times are told in seconds


@dataclass(frozen=True)
class Newcomer:
    """A policy that is no entry, shown beside them: one that was just trained.

    Attributes:
        report: Its evaluation.
        file: Its policy file.
        run: Its run folder, whose learning curve is drawn.
    """

    report: Report
    file: Path
    run: Path | None = None


def run_board(data: dict[str, Any], budget: str, suite: Suite, styles: dict[str, Look]) -> Board:
    """The ranking of algorithms that all spent the same.

    Args:
        data: The standings.
        budget: Its name.
        suite: What was walked.
        styles: See `line_looks`.
    """
    told = budget_words(suite.budget(budget))
    rows = []
    for one in data["algorithms"][budget]:
        figure, cost = one["skills"][suite.ranked], one["cost"]
        rows.append(
            BoardRow(
                name=one["algorithm"],
                algorithm=one["algorithm"],
                score=Score(figure["score"], figure["low"], figure["high"]),
                samples=np.array([[run["score"]] for run in one["seeds"]]),
                cells=(figure["absolute"], one["runs"], cost["steps"] / 1e6, cost["cpu_seconds"]),
                rank=one["rank"],
                group=one["group"] and tuple(one["group"]),
            )
        )
    short = "" if all(row.rank for row in rows) else " Those without a number lack runs."
    return Board(
        key=budget,
        title=f"Algorithms, {told}",
        note=f"Every run trained for {told}; the score is over all its runs and courses, the "
        f"interval over both. {ABSOLUTE} {TIED}{short}",
        unit=suite.skill(suite.ranked).unit,
        who="algorithm",
        sample="run",
        columns=RUN_COLUMNS,
        rows=tuple(rows),
        charts=_profile(data["profiles"][budget], budget, styles),
        skills=_run_skills(data["algorithms"][budget], suite),
    )


def budget_words(limit: TrainingBudget) -> str:
    """What a training run may cost, for people."""
    if limit.steps is not None:
        return f"{limit.steps / 1e6:g} million steps"
    seconds = limit.cpu_seconds or 0.0
    time = f"{seconds:g} s" if seconds < _LONG else f"{seconds / 60:g} minutes"
    return f"{time} of processor time"


def _profile(profile: dict[str, Any], budget: str, styles: dict[str, Look]) -> tuple[Chart, ...]:
    x = np.array(profile["thresholds"])
    lines = [
        Line(name, x, 100 * np.array(y), look=styles[name]) for name, y in profile["above"].items()
    ]
    chart = Chart(
        key=f"profile-{budget}",
        title="Performance profile",
        across="targets in 100 s",
        up="% of runs and courses with more",
        lines=tuple(lines),
    )
    return (chart,) if lines else ()


def _run_skills(algorithms: Sequence[dict[str, Any]], suite: Suite) -> Skills:
    return skill_table(suite, [(one["algorithm"], None, one["skills"]) for one in algorithms])


def skill_table(
    suite: Suite, rows: Sequence[tuple[str, str | None, dict[str, dict[str, float]]]]
) -> Skills:
    """The table of a suite's skills.

    Args:
        suite: What was walked.
        rows: Name, id of an entry or None, and skill -> figure as in the standings.
    """
    return Skills(
        names=tuple(skill.name for skill in suite.skills),
        titles=tuple(skill.title for skill in suite.skills),
        units=tuple(skill.unit for skill in suite.skills),
        trained_on=(suite.ranked,),
        rows=tuple(
            (name, id_, tuple(_figure(found[skill.name]) for skill in suite.skills))
            for name, id_, found in rows
        ),
    )


def _figure(found: dict[str, float]) -> SkillScore:
    return SkillScore(Score(found["score"], found["low"], found["high"]), found["absolute"])


def line_looks(data: dict[str, Any], newcomers: Sequence[Newcomer]) -> dict[str, Look]:
    """A look for each name that has a line, so that it is the same everywhere."""
    names = {one["algorithm"] for ranked in data["algorithms"].values() for one in ranked}
    own = [_own_label(newcomer) for newcomer in newcomers]
    return looks([*sorted(names), *own])


def learning(
    data: dict[str, Any], newcomers: Sequence[Newcomer], styles: dict[str, Look]
) -> tuple[Chart, ...]:
    """Learning curves against steps and against time, each of the runs with that budget.

    Args:
        data: The standings.
        newcomers: Policies that are not on the leaderboard; those with a run have a line too.
        styles: A look for each name that has a line, from `line_looks`.

    Returns:
        Those charts that have any line.
    """
    charts = []
    for key, title, budget, cost, scale, across in (
        ("by-steps", "Steps", "steps", "steps", 1e6, "million control steps"),
        ("by-time", "Time", "cpu", "cpu_seconds", 1.0, "processor time [s]"),
    ):
        lines = [
            _curve(one["algorithm"], one["curves"][cost], scale, styles)
            for one in data["algorithms"].get(budget, [])
        ]
        most = _FAR * max((line.x[-1] for line in lines), default=math.inf)
        lines += [_own_curve(n, cost, scale, most, styles) for n in newcomers if n.run is not None]
        charts.append(Chart(key, title, across, "targets in 100 s", tuple(lines), log=True))
    return tuple(chart for chart in charts if chart.lines)


def _curve(
    label: str, curve: dict[str, list[float]], scale: float, styles: dict[str, Look]
) -> Line:
    x, y, low, high = (np.array(curve[name]) for name in ("cost", "score", "low", "high"))
    return Line(label, x / scale, y, low, high, styles[label])


_FAR = 3.0  # times the cost of the published runs: so far a newcomer's line goes, or they shrink


def _own_curve(
    newcomer: Newcomer, cost: str, scale: float, most: float, styles: dict[str, Look]
) -> Line:
    assert newcomer.run is not None
    found, label = read_curve(newcomer.run), _own_label(newcomer)
    shown = found[cost] / scale <= most
    x, scores = found[cost][shown] / scale, found["scores"][shown]  # (T,), (T, courses)
    middle = scores.mean(axis=1)
    error = scores.std(axis=1) / np.sqrt(scores.shape[1])
    return Line(label, x, middle, middle - error, middle + error, styles[label])


def _own_label(newcomer: Newcomer) -> str:
    """Its name may be that of a published algorithm."""
    return f"{newcomer.report.agent.name}, newcomer"
