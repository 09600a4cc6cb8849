"""The rankings of policies: of the conditions of suite 2, of suite 1, and of open boards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from msgspec.structs import asdict

from benchmarks.evaluation.report import Report
from benchmarks.evaluation.suite import Suite
from benchmarks.leaderboard.boards import OpenBoard
from benchmarks.leaderboard.condition_boards import ConditionBoard
from benchmarks.leaderboard.ranking import Scale, absolute_scale, no_scale, reference_figures
from benchmarks.site.algorithms import ABSOLUTE, skill_table
from benchmarks.site.content import Board, BoardRow, Cell, Score, Skills
from benchmarks.site.walkers import Shown
from walker_env.params import WORLD

COLUMNS = (
    "absolute",
    "on public courses",
    "speed [unit/s]",
    "energy for 1000 units",
    "first target [s]",
    "million steps",
    "CPU time [s]",
)

ABOVE = "to the one above"
"""Title of the column with the difference on the common courses."""


def condition_board(
    board: ConditionBoard, shown: Mapping[Path, Shown], baselines: Sequence[Shown]
) -> Board:
    """The board of a condition of suite 2.

    Args:
        board: Its entries as they were read.
        shown: Those that are shown, by their folders; others are left out.
        baselines: With reports of this suite; shown where they drive its body.
    """
    suite, found = board.suite, list[tuple[BoardRow, Report]]()
    for one in board.data["entries"]:
        entered = board.entered[one["id"]]
        if own := shown.get(entered.entry.folder):
            row = _condition_row(replace(own, report=entered.report), board, one["above"])
            found.append(
                (replace(row, rank=one["rank"], group=tuple(one["places"])), entered.report)
            )
    known = [base for base in baselines if suite.ranked in base.report.scores]
    if found and board.scale(suite.ranked, 0.0) is not None:
        found += [(_condition_row(base, board, None), base.report) for base in known]
    found.sort(key=lambda pair: -pair[0].score.value)
    rows = [row for row, _ in found]
    scaled = any(row.cells[0] is not None for row in rows)
    return Board(
        key=board.name,
        title=f"{board.name}: {board.data['title']}",
        note=f"{suite.version}, {board.name}: {suite.private} courses of "
        f"{suite.horizon * WORLD.control_dt:.0f} s that a policy's weights choose rank it. Which "
        f"policies differ the {suite.public} common courses tell, course by course: places that "
        f"they leave open, and the difference to the one above with its 95 % interval; = is a tie."
        f"{f' {ABSOLUTE}' if scaled else ''}",
        suite=suite.version,
        unit=suite.skill(suite.ranked).unit,
        who="policy",
        sample="course",
        columns=_columns(scaled),
        rows=tuple(row if scaled else replace(row, cells=row.cells[1:]) for row in rows),
        skills=_skills(found, suite, board.scale) if scaled and len(suite.skills) > 1 else None,
    )


def _columns(scaled: bool) -> tuple[str, ...]:
    columns = (COLUMNS[0], ABOVE, *COLUMNS[2:])
    return columns if scaled else columns[1:]


def _condition_row(one: Shown, board: ConditionBoard, above: Mapping[str, Any] | None) -> BoardRow:
    """A row with the difference to the one above where suite 1 has the public figure."""
    suite = board.suite
    row, words = _row(one, suite, [], board.scale), None
    if above is not None:
        figures = [above[name] for name in ("difference", "low", "high")]
        words = "= " * above["tie"] + "{:+.1f} [{:+.1f}, {:+.1f}]".format(*figures)
    common = np.array(one.report.scores[suite.ranked].public)[None]
    cells = (row.cells[0], words, *row.cells[2:])
    return replace(row, cells=cells, common=common, rank=None)


def suite_board(found: Sequence[Shown], suite: Suite, references: Path) -> Board:
    """The ranking of suite 1, baselines beside it.

    Args:
        found: Who is shown, best first.
        suite: What was walked.
        references: Folder of the baselines' reports.
    """
    skill, seconds = suite.skill(suite.ranked), suite.horizon * WORLD.control_dt
    scale = absolute_scale(reference_figures(references, suite))
    scores = [one.report.summary[suite.ranked].score for one in found if one.ranked]
    rows = [_row(one, suite, scores, scale) for one in found]
    return Board(
        key="entries",
        title="Policies",
        note=f"{suite.version}: {suite.private} courses of {seconds:.0f} s that each "
        f"policy's own hash chooses. Lines without a number are references. {ABSOLUTE}",
        suite=suite.version,
        unit=skill.unit,
        who="policy",
        sample="course",
        columns=COLUMNS,
        rows=tuple(rows),
        skills=_skills([*zip(rows, (one.report for one in found))], suite, scale),
    )


def open_board(board: OpenBoard, found: Sequence[Shown]) -> Board:
    """The board of a body that the suite does not rank.

    Args:
        board: As it was read.
        found: Its entries, best first.
    """
    suite = board.suite
    skill = suite.skill(suite.ranked)
    scores = [one.report.summary[suite.ranked].score for one in found]
    rows = [_row(one, suite, scores, no_scale) for one in found]
    return Board(
        key=f"open-{suite.body.digest[:8]}",
        title=board.title,
        note=f"An open board, of the body {board.title}, which {suite.version} does not rank: raw "
        f"{skill.unit} on {suite.private} courses that each policy's own hash chooses.",
        suite=suite.version,
        unit=skill.unit,
        who="policy",
        sample="course",
        columns=COLUMNS[1:],
        rows=tuple(replace(row, cells=row.cells[1:]) for row in rows),
        walker=rows[0].entry if rows else None,
    )


def _row(one: Shown, suite: Suite, scores: Sequence[float], scale: Scale) -> BoardRow:
    summary, walk = one.report.summary[suite.ranked], one.report.walk
    energy, steps = walk.energy_per_1000, one.costs["steps"]
    cells: tuple[Cell, ...] = (
        scale(suite.ranked, summary.score),
        summary.public,
        walk.speed,
        None if energy is None or energy > 1000 else energy,
        walk.first_target,
        None if steps is None else steps / 1e6,
        one.costs["cpu_seconds"],
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


def _skills(found: Sequence[tuple[BoardRow, Report]], suite: Suite, scale: Scale) -> Skills:
    rows = []
    for row, report in found:
        summaries = report.summary.items()
        figures = {name: asdict(s) | {"absolute": scale(name, s.score)} for name, s in summaries}
        rows.append((row.name, row.entry, figures))
    return skill_table(suite, rows)
