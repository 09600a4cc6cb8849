"""Everybody who is shown: entries, newcomers and baselines, with what is known of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from agents.baselines import load_agent
from agents.foreign.limits import Limits
from benchmarks.evaluation.report import Report, load_report
from benchmarks.evaluation.suite import Suite
from benchmarks.leaderboard.standings import Entered
from benchmarks.site.algorithms import Newcomer
from benchmarks.site.content import ShownEntry, slugs


@dataclass(frozen=True)
class Shown:
    """An entry, a newcomer or a baseline with everything that is known of it.

    Attributes:
        entry: What the page says of it.
        report: What ranks it.
        costs: ``steps`` and ``cpu_seconds`` of its training, None where nobody says.
        ranked: Whether it has a place, or stands beside the ranking.
        folder: Of an entry.
    """

    entry: ShownEntry
    report: Report
    costs: dict[str, float | None]
    ranked: bool
    folder: Path | None = None


def from_entry(one: dict[str, Any], entered: Entered, suite: Suite, limits: Limits) -> Shown:
    """An entry.

    Args:
        one: What the standings say of it.
        entered: The entry as it was read.
        suite: What it walked.
        limits: What its network may take while it walks for the page.

    Raises:
        EntryError: Its policy is refused.
    """
    marks = [f"much better on the public courses: {name}" for name in one["suspicious"]]
    marks += [] if one["exact"] else ["its figures may differ a little on other machines"]
    costs = costs_of(one["training"], one["budget"])
    entry = ShownEntry(
        id=one["id"],
        name=one["name"],
        algorithm=one["algorithm"],
        agent=entered.open(suite, limits),
        sha256=one["sha256"],
        authors=", ".join(one["authors"]),
        trained=trained(one["training"], costs),
        link=one["code"],
        description=one["description"],
        marks=tuple(marks),
    )
    return Shown(entry, entered.report, costs, ranked=True, folder=entered.entry.folder)


def from_newcomer(newcomer: Newcomer) -> Shown:
    """A policy that was just trained."""
    about = newcomer.report.agent
    costs = costs_of(about.training, {})
    courses = len(next(iter(newcomer.report.scores.values())).private)
    entry = ShownEntry(
        id=about.name,
        name=about.name,
        algorithm=about.algorithm,
        agent=load_agent(newcomer.file),
        sha256=about.sha256,
        trained=trained(about.training, costs),
        marks=("trained on this machine", f"walked {courses} courses of its own here"),
    )
    return Shown(entry, newcomer.report, costs, ranked=True)


def from_baseline(name: str, references: Path) -> Shown:
    """A reference: it stands beside the ranking."""
    report = load_report(Path(references) / f"{name}.json")
    entry = ShownEntry(name, name, report.agent.algorithm, load_agent(name))
    return Shown(entry, report, costs_of({}, {}), ranked=False)


def renamed(found: Sequence[Shown]) -> list[Shown]:
    """The same with ids that are fit for file names and differ."""
    ids = slugs(one.entry.id for one in found)
    return [replace(one, entry=replace(one.entry, id=id_)) for one, id_ in zip(found, ids)]


def costs_of(training: dict[str, Any], budget: dict[str, Any]) -> dict[str, float | None]:
    """What training cost, the same for tables and for its own page.

    Args:
        training: What the policy's file says.
        budget: What the entry's card says, which counts before that.
    """
    known = {"steps": training.get("run_steps"), "cpu_seconds": training.get("run_cpu_seconds")}
    told = {name: budget.get(name, value) for name, value in known.items()}
    return {name: x if isinstance(x, (int, float)) else None for name, x in told.items()}


def trained(
    training: dict[str, Any], costs: dict[str, float | None]
) -> tuple[tuple[str, str], ...]:
    """How a policy was made, as label and words.

    Args:
        training: What its file says.
        costs: From `costs_of`.
    """
    config = training.get("config")
    config = config if isinstance(config, dict) else {}
    numbers = (
        ("Control steps", costs["steps"], "{:,.0f}"),
        ("CPU time", costs["cpu_seconds"], "{:,.0f} s"),
        ("Time by the clock", training.get("run_seconds"), "{:,.0f} s"),
        ("Score in validation", training.get("validation_score"), "{:.1f} targets in 100 s"),
    )
    found = [(n, form.format(x)) for n, x, form in numbers if isinstance(x, (int, float))]
    plain = {k: v for k, v in config.items() if isinstance(v, (int, float, str))}
    found += [(key.replace("_", " ").capitalize(), str(value)) for key, value in plain.items()]
    versions = training.get("versions")
    if isinstance(versions, dict):
        found.append(("Versions", ", ".join(f"{k} {v}" for k, v in versions.items())))
    return tuple(found)
