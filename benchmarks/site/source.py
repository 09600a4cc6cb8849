"""Where the page's content comes from: the standings, the entries, and what is shown of them.

This and `algorithms` are the only parts of the page that know how results are stored.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from msgspec.structs import asdict

from agents.baselines import BASELINES, load_agent
from agents.foreign.limits import LIMITS, Limits
from benchmarks.evaluation.published import ENTRIES, REFERENCES, RUNS
from benchmarks.evaluation.report import Report, load_report
from benchmarks.evaluation.suite import SUITE_V1, Suite
from benchmarks.leaderboard.boards import OpenBoard, read_boards
from benchmarks.leaderboard.ranking import (
    Scale,
    absolute_scale,
    no_scale,
    reference_figures,
)
from benchmarks.leaderboard.standings import Entered, read_standings
from benchmarks.site.algorithms import (
    ABSOLUTE,
    Newcomer,
    learning,
    line_looks,
    run_board,
    skill_table,
)
from benchmarks.site.content import (
    Board,
    BoardRow,
    Cell,
    Content,
    Score,
    ShownCourse,
    ShownEntry,
    Skills,
    name_on_stderr,
    slugs,
)
from benchmarks.site.lineage import read_lineage
from walker_env.params import WORLD
from walker_env.seeds import show_seed

COLUMNS = (
    "absolute",
    "on public courses",
    "speed [unit/s]",
    "energy for 1000 units",
    "first target [s]",
    "million steps",
    "CPU time [s]",
)

FEATURED = 4
"""So many race on the first page."""

COURSES = (
    ShownCourse("disc-1", "Random targets", show_seed(0)),
    ShownCourse("disc-2", "Random targets, again", show_seed(1)),
    ShownCourse("race", "Race track", show_seed(0), "race"),
    ShownCourse("slalom", "Slalom", show_seed(0), "slalom"),
    ShownCourse("sprint", "Straight", show_seed(0), "sprint"),
    ShownCourse("ice", "Random targets on ice", show_seed(2), world="ice"),
)
"""Courses that are good to watch; nobody trains or is ranked on them."""


@dataclass(frozen=True)
class _Shown:
    """An entry, a newcomer or a baseline with everything that is known of it."""

    entry: ShownEntry
    report: Report
    spent: dict[str, Any]  # steps, cpu_seconds
    ranked: bool


def read_content(
    entries: Path = ENTRIES,
    runs: Path = RUNS,
    references: Path = REFERENCES,
    newcomers: Sequence[Newcomer] = (),
    suite: Suite = SUITE_V1,
    limits: Limits = LIMITS,
    on_bad: Callable[[str], object] = name_on_stderr,
    open_entries: Path | None = None,
) -> Content:
    """The content of the page.

    Args:
        entries: Folder of entries; those without a result of this suite are left out.
        runs: Folder of the records of training runs.
        references: Folder of the baselines' reports.
        newcomers: Who is shown beside them.
        suite: What was walked.
        limits: What an entry's network may take while it walks for the page.
        on_bad: Called with what is wrong with an entry that cannot be read or opened, and it is
            left out.
        open_entries: Folder of entries with other bodies, each of which has a board; None: no such
            boards.

    Raises:
        ValueError: A report or a record that cannot be read.
    """
    held = read_standings(entries, runs, references, suite, on_bad)
    data, found = held.data, []
    for one in data["entries"]:
        try:
            found.append(_from_entry(one, held.entered[one["id"]], suite, limits))
        except ValueError as error:  # an EntryError
            on_bad(str(error))
    found += [_from_newcomer(newcomer) for newcomer in newcomers]
    found += [_from_baseline(name, references) for name in BASELINES]
    found = sorted(found, key=lambda one: -one.report.summary[suite.ranked].score)
    opened = read_boards(open_entries, suite, on_bad) if open_entries else []
    guests = [_guests(board, limits, on_bad) for board in opened]
    everybody = _renamed([*found, *(one for group in guests for one in group)])
    found, rest = everybody[: len(found)], iter(everybody[len(found) :])
    guests = [list(itertools.islice(rest, len(group))) for group in guests]
    named = [one.entry for one in found]
    styles = line_looks(data, newcomers)
    boards = [_entry_board(found, suite, references)]
    boards += [run_board(data, budget.name, suite, styles) for budget in suite.budgets]
    boards += [_open_board(board, group) for board, group in zip(opened, guests)]
    walkers = [e.id for e in named if e.algorithm not in ("none", "chance")]
    return Content(
        version=suite.version,
        entries=tuple(one.entry for one in everybody),
        boards=tuple(board for board in boards if board.rows),
        courses=COURSES,
        charts=learning(data, newcomers, styles),
        protocol=_protocol(suite),
        featured=tuple(walkers[:FEATURED]),
        lineage=read_lineage(),
    )


def _guests(board: OpenBoard, limits: Limits, on_bad: Callable[[str], object]) -> list[_Shown]:
    """The entries of an open board, best first."""
    found = []
    for one in board.data["entries"]:
        try:
            found.append(_from_entry(one, board.entered[one["id"]], board.suite, limits))
        except ValueError as error:  # an EntryError
            on_bad(str(error))
    return found


def _open_board(board: OpenBoard, found: Sequence[_Shown]) -> Board:
    suite = board.suite
    skill = suite.skill(suite.ranked)
    scores = [one.report.summary[suite.ranked].score for one in found]
    rows = [_row(one, suite, scores, no_scale) for one in found]
    return Board(
        key=f"open-{suite.body.digest[:8]}",
        title=board.title,
        note=f"An open board, of the body {board.title}, which {suite.version} does not rank: raw "
        f"{skill.unit} on {suite.private} courses that each policy's own hash chooses.",
        unit=skill.unit,
        who="policy",
        sample="course",
        columns=COLUMNS[1:],
        rows=tuple(replace(row, cells=row.cells[1:]) for row in rows),
    )


def _protocol(suite: Suite) -> tuple[str, ...]:
    seconds = suite.horizon * WORLD.control_dt
    skills = ", ".join(f"{skill.name} ({skill.title})" for skill in suite.skills)
    return (
        f"Everybody walks {suite.public} public courses of {seconds:.0f} s, and {suite.private} of "
        "its own: their seeds come from the hash of the policy file, so nobody can tune to them "
        "and everybody can repeat them. The latter rank.",
        "Nobody is reset or stopped early. The score is targets in 100 s, with the fraction of "
        "the way to the next: the interquartile mean over the courses, with its 95 % interval.",
        f"Skills: {skills}. Policies train on {suite.ranked} alone unless they say otherwise.",
        f"Algorithms are ranked over {suite.runs} training runs each, once with equal "
        "control steps and once with equal processor time.",
        "Evaluation gives the same numbers to the last bit on every machine, and every entry is "
        "evaluated again before it is published.",
        "Policies with other bodies have open boards, one for each body, of raw targets: ranks and "
        "the absolute scale are the suite's.",
        "The race plays replays that were simulated again and came out exactly.",
    )


def _from_entry(one: dict[str, Any], entered: Entered, suite: Suite, limits: Limits) -> _Shown:
    marks = [f"much better on the public courses: {name}" for name in one["suspicious"]]
    marks += [] if one["exact"] else ["its figures may differ a little on other machines"]
    entry = ShownEntry(
        id=one["id"],
        name=one["name"],
        algorithm=one["algorithm"],
        agent=entered.open(suite, limits),
        sha256=one["sha256"],
        authors=", ".join(one["authors"]),
        trained=_trained(one["training"], one["budget"]),
        link=one["code"],
        description=one["description"],
        marks=tuple(marks),
    )
    return _Shown(entry, entered.report, one["budget"], ranked=True)


def _from_newcomer(newcomer: Newcomer) -> _Shown:
    about = newcomer.report.agent
    training = about.training
    courses = len(next(iter(newcomer.report.scores.values())).private)
    entry = ShownEntry(
        id=about.name,
        name=about.name,
        algorithm=about.algorithm,
        agent=load_agent(newcomer.file),
        sha256=about.sha256,
        trained=_trained(training, {}),
        marks=("trained on this machine", f"walked {courses} courses of its own here"),
    )
    return _Shown(entry, newcomer.report, _spent(training), ranked=True)


def _from_baseline(name: str, references: Path) -> _Shown:
    report = load_report(Path(references) / f"{name}.json")
    entry = ShownEntry(name, name, report.agent.algorithm, load_agent(name))
    return _Shown(entry, report, {}, ranked=False)


def _renamed(found: Sequence[_Shown]) -> list[_Shown]:
    """The same with ids that are fit for file names and differ."""
    ids = slugs(one.entry.id for one in found)
    return [replace(one, entry=replace(one.entry, id=id_)) for one, id_ in zip(found, ids)]


def _spent(training: dict[str, Any]) -> dict[str, Any]:
    seconds = training.get("run_cpu_seconds", training.get("run_seconds"))
    return {"steps": training.get("run_steps"), "cpu_seconds": seconds}


def _trained(training: dict[str, Any], budget: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    """How it was made, as label and words."""
    spent = _spent(training) | budget
    config = training.get("config")
    config = config if isinstance(config, dict) else {}
    numbers = (
        ("Control steps", spent.get("steps"), "{:,.0f}"),
        ("Training time", spent.get("cpu_seconds"), "{:,.0f} s"),
        ("Score in validation", training.get("validation_score"), "{:.1f} targets in 100 s"),
    )
    found = [(n, form.format(x)) for n, x, form in numbers if isinstance(x, (int, float))]
    plain = {k: v for k, v in config.items() if isinstance(v, (int, float, str))}
    found += [(key.replace("_", " ").capitalize(), str(value)) for key, value in plain.items()]
    versions = training.get("versions")
    if isinstance(versions, dict):
        found.append(("Versions", ", ".join(f"{k} {v}" for k, v in versions.items())))
    return tuple(found)


def _entry_board(found: Sequence[_Shown], suite: Suite, references: Path) -> Board:
    skill, seconds = suite.skill(suite.ranked), suite.horizon * WORLD.control_dt
    scale = absolute_scale(reference_figures(references, suite))
    scores = [one.report.summary[suite.ranked].score for one in found if one.ranked]
    return Board(
        key="entries",
        title="Policies",
        note=f"{suite.version}: {suite.private} courses of {seconds:.0f} s that each "
        f"policy's own hash chooses. Lines without a number are references. {ABSOLUTE}",
        unit=skill.unit,
        who="policy",
        sample="course",
        columns=COLUMNS,
        rows=tuple(_row(one, suite, scores, scale) for one in found),
        skills=_skills(found, suite, scale),
    )


def _row(one: _Shown, suite: Suite, scores: Sequence[float], scale: Scale) -> BoardRow:
    summary, walk = one.report.summary[suite.ranked], one.report.walk
    energy, steps = walk.energy_per_1000, one.spent.get("steps")
    cells: tuple[Cell, ...] = (
        scale(suite.ranked, summary.score),
        summary.public,
        walk.speed,
        None if energy is None or energy > 1000 else energy,
        walk.first_target,
        None if steps is None else steps / 1e6,
        one.spent.get("cpu_seconds"),
    )
    return BoardRow(
        name=one.entry.name,
        algorithm=one.entry.algorithm,
        score=Score(summary.score, summary.low, summary.high),
        samples=np.array(one.report.scores[suite.ranked].private)[:, None],
        cells=cells,
        entry=one.entry.id,
        rank=1 + sum(s > summary.score for s in scores) if one.ranked else None,
    )


def _skills(found: Sequence[_Shown], suite: Suite, scale: Scale) -> Skills:
    rows = []
    for one in found:
        summaries = one.report.summary.items()
        figures = {name: asdict(s) | {"absolute": scale(name, s.score)} for name, s in summaries}
        rows.append((one.entry.name, one.entry.id, figures))
    return skill_table(suite, rows)
