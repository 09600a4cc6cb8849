"""Where the page's content comes from: the standings, the entries, and what is shown of them.

This and `algorithms` are the only parts of the page that know how results are stored.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import Any

from agents.baselines import BASELINES
from agents.foreign.limits import LIMITS, Limits
from benchmarks.evaluation.conditions import CANDIDATES, COMMON, PRIVATE, VALIDATION, VERSION
from benchmarks.evaluation.published import ENTRIES, REFERENCES, RUNS
from benchmarks.evaluation.report import load_report
from benchmarks.evaluation.suite import SUITE_V1, Suite
from benchmarks.leaderboard.boards import OpenBoard, read_boards
from benchmarks.leaderboard.condition_boards import ConditionBoard, read_condition_boards
from benchmarks.leaderboard.standings import Entered, read_standings
from benchmarks.reporting.page import Sources
from benchmarks.site.algorithms import Newcomer, learning, line_looks, run_board
from benchmarks.site.bestiary import read_creatures
from benchmarks.site.boards import condition_board, open_board, suite_board
from benchmarks.site.chapters import ShownCondition
from benchmarks.site.content import Board, Content, ShownCourse, name_on_stderr
from benchmarks.site.lineage import read_lineage
from benchmarks.site.report import read_report
from benchmarks.site.study import read_history, read_study
from benchmarks.site.walkers import (
    Shown,
    costs_of,
    from_baseline,
    from_entry,
    from_newcomer,
    renamed,
)
from benchmarks.study.collection import collect
from benchmarks.submission.entries import entry_folders
from benchmarks.submission.suites import reference_path
from walker_env.params import WORLD
from walker_env.seeds import show_seed

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


def read_content(
    entries: Path = ENTRIES,
    runs: Path = RUNS,
    references: Path = REFERENCES,
    newcomers: Sequence[Newcomer] = (),
    suite: Suite = SUITE_V1,
    limits: Limits = LIMITS,
    on_bad: Callable[[str], object] = name_on_stderr,
    open_entries: Path | None = None,
    records: Path | None = None,
    creatures: Path | None = None,
) -> Content:
    """The content of the page.

    Args:
        entries: Folder of entries; those without a result of this suite are left out.
        runs: Folder of the records of training runs.
        references: Folder of the baselines' reports; boards of suite 2 are shown where it holds
            those on that suite, too.
        newcomers: Who is shown beside them.
        suite: What was walked.
        limits: What an entry's network may take while it walks for the page.
        on_bad: Called with what is wrong with an entry that cannot be read or opened, and it is
            left out.
        open_entries: Folder of entries with other bodies, each of which has a board; None: no such
            boards.
        records: Folder of the records of suite 2; None: algorithms are not compared, and there is
            no report.
        creatures: Folder of a published bestiary; None: it is not shown.

    Returns:
        All of it; the boards of suite 2 come first, unless newcomers are shown, who have walked
        suite 1.

    Raises:
        ValueError: A report or a record that cannot be read.
    """
    source = Sources(collect(records)) if records else None
    on_bad = _once(on_bad, [*entry_folders(entries), *entry_folders(open_entries or entries)])
    held, found = read_standings(entries, runs, references, suite, on_bad), list[Shown]()
    for one in held.data["entries"]:
        found += _opened(one, held.entered[one["id"]], suite, limits, on_bad)
    found += [from_newcomer(newcomer) for newcomer in newcomers]
    found += [from_baseline(name, references) for name in BASELINES]
    found = sorted(found, key=lambda one: -one.report.summary[suite.ranked].score)
    opened = read_boards(open_entries, suite, on_bad) if open_entries else []
    guests = [_guests(board, limits, on_bad) for board in opened]
    known = {one.folder for one in (*found, *itertools.chain(*guests))}
    roots = [entries, *([open_entries] if open_entries else [])]
    there = reference_path(references, "").parent.is_dir()  # else no scale of suite 2
    conditions = read_condition_boards(roots, references=references, on_bad=on_bad) if there else []
    others = _only_there(conditions, known, limits, on_bad)
    everybody = renamed([*found, *itertools.chain(*guests), *others])
    found, rest = everybody[: len(found)], iter(everybody[len(found) :])
    guests = [list(itertools.islice(rest, len(group))) for group in guests]
    styles = line_looks(held.data, newcomers)
    policies = (suite_board(found, suite, references),)
    boards = _condition_boards(conditions, everybody, references)
    bodies = [open_board(board, group) for board, group in zip(opened, guests)]
    history = [*policies, *(run_board(held.data, b.name, suite, styles) for b in suite.budgets)]
    history = [board for board in history if board.rows]
    first = [] if newcomers else [board for board in boards if board.rows]
    return Content(
        version=suite.version,
        entries=tuple(one.entry for one in everybody),
        boards=tuple(first or history),
        courses=COURSES,
        charts=learning(held.data, newcomers, styles),
        protocol=PROTOCOL if first else history_protocol(suite),
        featured=_featured(found),
        history=tuple(history) if first else (),
        history_protocol=history_protocol(suite) if first else (),
        bodies=tuple(board for board in bodies if board.rows),
        study=_study(source, records, held.data, runs, suite),
        report=read_report(source) if source else (),
        bestiary=read_creatures(creatures) if creatures else (),
        lineage=read_lineage(),
    )


def _once(on_bad: Callable[[str], object], folders: Sequence[Path]) -> Callable[[str], object]:
    """The same, for the first trouble of each of some folders: both suites read them."""
    told: set[Path] = set()

    def tell(problem: str) -> None:
        named = {folder for folder in folders if str(folder) in problem}
        if not named or named - told:
            told.update(named)
            on_bad(problem)

    return tell


def _study(
    source: Sources | None, records: Path | None, data: dict[str, Any], runs: Path, suite: Suite
) -> tuple[ShownCondition, ...]:
    """The conditions with runs, suite 1 behind them, and then those without."""
    if source is None or records is None:
        return ()
    shown, old = read_study(source, records), read_history(data, runs, suite)
    there = [one for one in shown if one.runs]
    return (*there, *([old] if old else []), *(one for one in shown if not one.runs))


def _opened(
    one: dict[str, Any],
    entered: Entered,
    suite: Suite,
    limits: Limits,
    on_bad: Callable[[str], object],
) -> list[Shown]:
    """An entry, or none where it is refused."""
    try:
        return [from_entry(one, entered, suite, limits)]
    except ValueError as error:  # an EntryError
        on_bad(str(error))
        return []


def _guests(board: OpenBoard, limits: Limits, on_bad: Callable[[str], object]) -> list[Shown]:
    """The entries of an open board, best first."""
    found = [
        _opened(one, board.entered[one["id"]], board.suite, limits, on_bad)
        for one in board.data["entries"]
    ]
    return [*itertools.chain(*found)]


def _only_there(
    boards: Sequence[ConditionBoard],
    known: Collection[Path | None],
    limits: Limits,
    on_bad: Callable[[str], object],
) -> list[Shown]:
    """Entries that have entered a condition of suite 2 alone."""
    found = [
        _opened(one, entered, board.suite, limits, on_bad)
        for board in boards
        for one in board.data["entries"]
        if (entered := board.entered[one["id"]]).entry.folder not in known
    ]
    return [*itertools.chain(*found)]


def _condition_boards(
    boards: Sequence[ConditionBoard], everybody: Sequence[Shown], references: Path
) -> list[Board]:
    by_folder = {one.folder: one for one in everybody if one.folder}
    own = {one.entry.name: one.entry for one in everybody if not one.folder and not one.ranked}
    there = {name: reference_path(references, name) for name in own}
    baselines = [
        Shown(own[name], load_report(path), costs_of({}, {}), ranked=False)
        for name, path in there.items()
        if path.exists()
    ]
    return [condition_board(board, by_folder, baselines) for board in boards]


def _featured(found: Sequence[Shown]) -> tuple[str, ...]:
    """The best of those who learned to walk."""
    walkers = [one.entry.id for one in found if one.entry.algorithm not in ("none", "chance")]
    return tuple(walkers[:FEATURED])


PROTOCOL = (
    f"{VERSION}. Each condition, a body, a world and a reward, has rankings of its own; no mean is "
    "taken over unlike ones.",
    f"Algorithms: every look of every run walks the same {COMMON} courses. At a limit counts the "
    f"policy that {VALIDATION} validation courses choose among the last {CANDIDATES} looks. A "
    "condition asks for five or ten runs of each; while some are missing there are figures, and "
    "no places.",
    "Limits are control steps, and processor time as the idle reference machine needs it. "
    "Validation, compiling and tuning are free.",
    f"Policies: {PRIVATE} courses that come from a policy's weights rank it, so nobody can tune to "
    f"them and everybody can repeat them; {COMMON} common courses say who is surely better.",
    "Nobody is reset or stopped early. The score is targets in 100 s, with the fraction of the way "
    "to the next, and stands with its 95 % interval.",
    "The physics was tuned with SNES: 8,080 of its training runs chose body and muscles, so the "
    "world may suit it, and methods like it.",
    "Evaluation gives the same numbers to the last bit on every machine; every entry, and both "
    "policies of every record, are walked again before they are published.",
)
"""How suite 2 is measured, in sentences."""


def history_protocol(suite: Suite) -> tuple[str, ...]:
    """How suite 1 is measured, in sentences."""
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
