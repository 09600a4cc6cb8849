"""The leaderboard as data: everything that tables and pages show, worked out from results alone.

`standings` gives one JSON-ready dict:

- ``suite``: ``version``, ``physics``, ``ranked``, ``skills`` (list of ``name``, ``title``,
  ``unit``, ``course``, ``world``, ``fixed``), ``budgets`` (list of ``name``, ``steps``,
  ``cpu_seconds``), ``public``, ``private``, ``runs``;
- ``references``: skill -> ``{"still": figure, "random": figure, "gait": figure}``;
- ``entries``: best first, each ``id`` (its folder), ``rank``, ``name``, ``authors``, ``algorithm``,
  ``code``, ``description``, ``budget``, ``file``, ``sha256`` and what
  `ranking.report_figures` gives;
- ``entries_better``: row i, column j: chance that entry i beats entry j on a course of the ranked
  skill;
- ``algorithms``: budget -> list, best first, each ``rank`` (None where it is not complete),
  ``group`` (first and last rank of those that it may stand among, see `ranking.grouped`),
  ``algorithm``, ``runs`` (how many, of seeds below the suite's ``runs``), ``complete`` (whether
  those are all),
  ``skills``: skill -> `Figure` over all its runs, ``seeds``: its runs' ``{"seed", "score"}``,
  ``best``: name of its best run, ``cost``: mean ``{"steps", "seconds", "cpu_seconds"}``, and
  ``curves``: ``{"steps": curve, "cpu_seconds": curve}``, a curve being ``{"cost", "score", "low",
  "high"}``, lists over points of the budget, in the figure of the validation courses, and
  ``reached``: list of ``{"level", "runs": [{"steps", "cpu_seconds"} or None]}``, what each run had
  spent when it was first seen to reach the level on the validation courses, None if never;
- ``algorithms_better``: budget -> matrix as above, chance that a run of one beats a run of the
  other;
- ``algorithms_better_intervals``: the same with ``[low, high]``, its 95 % interval over runs;
- ``profiles``: budget -> ``{"thresholds": [...], "above": {algorithm: [...]}}``: share of the runs
  whose score on a course of the ranked skill exceeds each threshold.

A `Figure` is ``{"score", "low", "high", "public", "absolute"}``: interquartile mean over private
courses with its 95 % interval, the same over the public courses, and the score on the scale where
standing still is 0 and the gait written by hand is 100.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from agents.baselines import Agent
from agents.foreign.limits import LIMITS, Limits
from benchmarks.evaluation.published import ENTRIES, REFERENCES, RUNS
from benchmarks.evaluation.report import Report
from benchmarks.evaluation.stats import (
    cost_of,
    efficiency_curve,
    improvement_interval,
    iqm,
    mean,
    nested_interval,
    performance_profile,
    probability_of_improvement,
)
from benchmarks.evaluation.suite import SUITE_V1, Suite
from benchmarks.history.plausibility import check_records
from benchmarks.history.record import Budget, Cost, Record, read_records
from benchmarks.leaderboard.ranking import (
    Scale,
    absolute_scale,
    describe,
    grouped,
    ranked,
    reference_figures,
    report_figures,
)
from benchmarks.submission.card import EntryError
from benchmarks.submission.entries import Entry, entry_folders, read_entry
from benchmarks.submission.judge import open_entry
from benchmarks.submission.submit import stored

POINTS = 40
"""Points of an efficiency curve."""

LEVELS = (10.0, 20.0)
"""Scores on the validation courses of which the standings say when they were reached."""

THRESHOLDS = 61
"""Points of a performance profile."""

RANKED_SAMPLES, SAMPLES = 10_000, 1000
"""Resampled matrices behind an interval in the ranking skill, whose first decimal is shown, and
behind the others and the points of a curve."""


@dataclass(frozen=True)
class Entered:
    """An entry that has a result."""

    entry: Entry
    report: Report

    def open(self, suite: Suite = SUITE_V1, limits: Limits = LIMITS) -> Agent:
        """Its policy, which drives the suite's body; see `judge.open_entry`.

        Raises:
            EntryError: The policy is refused; the message names its file.
        """
        return open_entry(self.entry, suite, limits)


@dataclass(frozen=True)
class Standings:
    """The leaderboard, and what its entries are made from.

    Attributes:
        data: Everything on it, see the head of this file.
        entered: Its entries as they were read, by ``id``.
    """

    data: dict[str, Any]
    entered: dict[str, Entered]


def standings(
    entries: str | Path = ENTRIES,
    runs: str | Path = RUNS,
    references: str | Path = REFERENCES,
    suite: Suite = SUITE_V1,
) -> dict[str, Any]:
    """Work out everything on the leaderboard, as `read_standings` does.

    Args:
        entries: Folder of entries.
        runs: Folder of the records of training runs.
        references: Folder of the baselines' reports.
        suite: What was walked.

    Returns:
        `Standings.data`.

    Raises:
        EntryError, ReportError: As from `read_standings`.
    """
    return read_standings(entries, runs, references, suite).data


def read_standings(
    entries: str | Path = ENTRIES,
    runs: str | Path = RUNS,
    references: str | Path = REFERENCES,
    suite: Suite = SUITE_V1,
    on_bad: Callable[[str], object] | None = None,
) -> Standings:
    """Read entries and records and work out everything on the leaderboard.

    Args:
        entries: Folder of entries; those without a result of this suite are left out.
        runs: Folder of the records of training runs.
        references: Folder of the baselines' reports.
        suite: What was walked.
        on_bad: Called with what is wrong with an entry that cannot be read, and it is left out.
            None: the first such entry ends it.

    Raises:
        EntryError, ReportError: Something in these folders is broken or cannot be true. Results of
            another suite or physics, and runs of another budget or of more seeds than the suite
            asks for, are left out: nobody chooses among his runs.
    """
    marks = reference_figures(references, suite)
    scale = absolute_scale(marks)
    entered = _read_entered(entries, suite, on_bad)
    listed = ranked([entry_data(one, scale) for one in entered.values()], suite)
    records = counted_records(runs, suite)
    check_records(records, suite)
    budgets = {b.name: [r for r in records if r.budget.name == b.name] for b in suite.budgets}
    algorithms = {name: _algorithms(found, suite, scale) for name, found in budgets.items()}
    figures = {
        name: [_run_scores(_of(found, a["algorithm"]), suite) for a in algorithms[name]]
        for name, found in budgets.items()
    }
    surely = {name: _intervals(found) for name, found in figures.items()}
    scores = [entered[one["id"]].report.scores[suite.ranked].private for one in listed]
    data = {
        "suite": describe(suite),
        "references": marks,
        "entries": listed,
        "entries_better": _better([np.array(s)[:, None] for s in scores]),
        "algorithms": {name: grouped(found, surely[name]) for name, found in algorithms.items()},
        "algorithms_better": {name: _better(found) for name, found in figures.items()},
        "algorithms_better_intervals": surely,
        "profiles": {name: _profiles(found, suite) for name, found in budgets.items()},
    }
    return Standings(data, entered)


def counted_records(runs: str | Path = RUNS, suite: Suite = SUITE_V1) -> list[Record]:
    """The records of a folder that count: of the suite's physics, budgets and seeds.

    Raises:
        ReportError: One cannot be read.
    """
    return [record for record in read_records(runs) if _compares(record, suite)]


def _compares(record: Record, suite: Suite) -> bool:
    known = [Budget(**asdict(budget)) for budget in suite.budgets]
    same = record.suite == suite.version and record.report.physics == suite.physics
    return same and record.budget in known and record.seed < suite.runs


def _read_entered(
    root: str | Path, suite: Suite, on_bad: Callable[[str], object] | None
) -> dict[str, Entered]:
    """The entries of a folder that have a result, by the names of their folders."""
    entered = {}
    for folder in entry_folders(root):
        try:
            entry = read_entry(folder)
            report = stored(entry, suite)
        except EntryError as error:
            if on_bad is None:
                raise
            on_bad(str(error))
            continue
        if report is not None:
            entered[folder.name] = Entered(entry, report)
    return entered


def entry_data(one: Entered, scale: Scale) -> dict[str, Any]:
    """What the standings say of an entry."""
    entry, report = one.entry, one.report
    card = {k: v for k, v in asdict(entry.card).items() if k not in ("policy", "score")}
    return {
        "id": entry.folder.name,
        **card,
        "authors": list(entry.card.authors),
        "file": entry.file,
        "sha256": entry.sha256,
        **report_figures(report, scale),
    }


def _of(records: Sequence[Record], algorithm: str) -> list[Record]:
    return [record for record in records if record.algorithm == algorithm]


def _algorithms(records: Sequence[Record], suite: Suite, scale: Scale) -> list[dict[str, Any]]:
    names = sorted({record.algorithm for record in records})
    return ranked([_algorithm(_of(records, name), suite, scale) for name in names], suite)


def _algorithm(records: Sequence[Record], suite: Suite, scale: Scale) -> dict[str, Any]:
    best = max(records, key=lambda record: record.report.summary[suite.ranked].score)
    return {
        "algorithm": best.algorithm,
        "runs": len(records),
        "complete": {*range(suite.runs)} <= {record.seed for record in records},
        "skills": {
            skill.name: _figure(
                records,
                skill.name,
                scale,
                RANKED_SAMPLES if skill.name == suite.ranked else SAMPLES,
            )
            for skill in suite.skills
        },
        "seeds": [{"seed": r.seed, "score": r.report.summary[suite.ranked].score} for r in records],
        "best": best.name,
        "cost": {
            name: mean([getattr(record.cost, name) for record in records])
            for name in Cost.__struct_fields__
        },
        "curves": {name: _curve(records, name) for name in ("steps", "cpu_seconds")},
        "reached": [
            {"level": level, "runs": [_reached(record, level) for record in records]}
            for level in LEVELS
        ],
    }


def _figure(
    records: Sequence[Record], skill: str, scale: Scale, samples: int
) -> dict[str, float | None]:
    private = np.array([record.report.scores[skill].private for record in records])
    public = np.array([record.report.scores[skill].public for record in records])
    low, high = nested_interval(private, np.random.default_rng(0), samples=samples)
    score = iqm(private)
    figure = {"score": score, "low": low, "high": high, "public": iqm(public)}
    return {**figure, "absolute": scale(skill, score)}


def _curve(records: Sequence[Record], cost: str) -> dict[str, list[float]]:
    """The learning curve as far as the longest run goes; a run that ended keeps its last figure."""
    runs = [
        (np.array(getattr(r.curve, cost), float), np.array(r.curve.scores, float)) for r in records
    ]
    grid = np.linspace(0.0, max(costs[-1] for costs, _ in runs), POINTS + 1)
    curve = efficiency_curve(runs, grid, np.random.default_rng(0), samples=SAMPLES)
    return {"cost": grid.tolist(), **{name: values.tolist() for name, values in curve.items()}}


def _reached(record: Record, level: float) -> dict[str, float] | None:
    scores = np.mean(record.curve.scores, axis=1)
    found = {
        name: cost_of(np.array(getattr(record.curve, name)), scores, level)
        for name in ("steps", "cpu_seconds")
    }
    return found if math.isfinite(found["steps"]) else None


def _run_scores(records: Sequence[Record], suite: Suite) -> np.ndarray:
    """One figure for each run, ``(R, 1)``."""
    return np.array([[record.report.summary[suite.ranked].score] for record in records])


def _better(scores: Sequence[np.ndarray]) -> list[list[float]]:
    """Row i, column j: probability that i improves on j; each ``(R, 1)``."""
    return [[probability_of_improvement(one, other) for other in scores] for one in scores]


def _intervals(scores: Sequence[np.ndarray]) -> list[list[list[float]]]:
    """Row i, column j: the 95 % interval of the probability that i improves on j."""
    return [
        [list(improvement_interval(one, other, np.random.default_rng(0))) for other in scores]
        for one in scores
    ]


def _profiles(records: Sequence[Record], suite: Suite) -> dict[str, Any]:
    if not records:
        return {"thresholds": [], "above": {}}
    scores = {
        name: np.array([r.report.scores[suite.ranked].private for r in _of(records, name)])
        for name in sorted({record.algorithm for record in records})
    }
    most = max(float(found.max()) for found in scores.values())
    thresholds = np.linspace(0.0, most, THRESHOLDS)
    return {
        "thresholds": thresholds.tolist(),
        "above": {
            name: performance_profile(found, thresholds).tolist() for name, found in scores.items()
        },
    }
