"""Entering the leaderboard, and checking again everything that is on it.

An entry whose card names a condition walks that condition's suite. One without walks suite 1, whose
results stay as history; an entry may have results in both.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from agents.baselines import BASELINES, load_agent
from agents.foreign.limits import LIMITS, Limits
from benchmarks.evaluation.conditions import DISC, ranked_suites
from benchmarks.evaluation.examine import OnStep, examine, summarise
from benchmarks.evaluation.plausibility import check_report
from benchmarks.evaluation.published import ENTRIES, OPEN, REFERENCES
from benchmarks.evaluation.report import (
    Report,
    ReportError,
    Summary,
    check_courses,
    load_report,
    save_report,
)
from benchmarks.evaluation.suite import SUITE_V1, WALKER, Suite
from benchmarks.submission.card import EntryError
from benchmarks.submission.entries import (
    Entry,
    entry_folders,
    read_entry,
    result_path,
    verified_folders,
)
from benchmarks.submission.judge import examine_entry
from benchmarks.submission.names import alike
from benchmarks.submission.suites import Suites, board_suite, fitting, reference_path, suite_of

CLAIM_TOLERANCE = 0.05
"""How far a card's claim may lie from the evaluation: half of its last shown digit."""

_ROUNDED = ("scores", "summary", "walk", "suspicious")  # differ where a network rounds otherwise


@dataclass(frozen=True)
class Submission:
    """An accepted entry.

    Attributes:
        entry: What was evaluated.
        report: The result, which has been written beside the policy.
        rank: The place it would take.
        others: How many entries there are beside it on its board.
        root: The folder that its board is made from.
        suite: What it walked: that of its condition; without one suite 1, or its open board's part.
        fitting: Conditions that it may name, where it names none.
    """

    entry: Entry
    report: Report
    rank: int
    others: int
    root: Path
    suite: Suite
    fitting: list[str]


def submit(
    folder: str | Path,
    root: str | Path | None = None,
    suite: Suite = SUITE_V1,
    limits: Limits = LIMITS,
    on_step: OnStep = lambda: None,
    conditions: Suites | None = None,
) -> Submission:
    """Check an entry, evaluate it and write the result beside it.

    It is ranked in the condition that its card names. Without one it enters suite 1, and where that
    does not rank its body, the open board of that body.

    Args:
        folder: The entry.
        root: The folder of entries that it is ranked among; None: the published ones.
        suite: What an entry without a condition walks.
        limits: What the evaluation may take.
        on_step: As for `examine`.
        conditions: What is walked in each; None: the ranked ones.

    Raises:
        EntryError: The entry is refused; the message has the reason. Nothing is written then.
    """
    entry = read_entry(folder)
    whole, suite = suite, suite_of(entry, suite, conditions)
    root = Path(root or (ENTRIES if suite.body == whole.body else OPEN))
    known = [read_entry(other) for other in _others(entry, root)]
    for other in known:
        _check_new(entry, other)
    others = [other for other in known if _on_board(other, entry, whole)]
    old, reports = _told(entry, suite), [stored(other, suite) for other in others]
    report = examine_entry(entry, suite, limits, on_step)
    _check_claims(entry, old, report, suite)
    for other, theirs in zip(others, reports):
        if theirs is not None and _same_walks(report, theirs):
            raise EntryError(f"{folder}: walks exactly as entry {other.folder.name}")
    save_report(report, result_path(entry, suite))
    scores = [r.summary[suite.ranked].score for r in reports if r]
    own = report.summary[suite.ranked].score
    rank = 1 + sum(score > own for score in scores)
    hints = [] if entry.card.condition else fitting(entry.options)
    return Submission(entry, report, rank, len(others), root, suite, hints)


def stored(entry: Entry, suite: Suite = SUITE_V1) -> Report | None:
    """The result stored beside an entry; None where there is none for this suite and physics.

    Raises:
        EntryError: The file is no report, or one of another policy file or of other courses, or
            its figures cannot be true.
    """
    report = _told(entry, suite)
    if report is not None:
        with _as_entry_error():
            check_report(report, suite, result_path(entry, suite))
    return report


def _told(entry: Entry, suite: Suite) -> Report | None:
    """What `stored` gives, for those who evaluate again: whether its figures can be true is open.

    Raises:
        EntryError: The file is no report, or one of another policy file or of other courses.
    """
    path = result_path(entry, suite)
    if not path.exists():
        return None
    with _as_entry_error():
        report = load_report(path)
        if report.suite != suite.version or report.physics != suite.physics:
            return None
        if report.agent.sha256 != entry.sha256:
            raise ReportError(f"{path}: the result of another policy file")
        if suite.identity == WALKER and report.agent.walker != entry.walker:
            raise ReportError(f"{path}: on the private courses of another walker")
        check_courses(report, suite, path)
        return report


@contextlib.contextmanager
def _as_entry_error() -> Iterator[None]:
    try:
        yield
    except ReportError as error:
        raise EntryError(f"{error}; remove it and submit again") from error


def verify(
    root: str | Path | None = None,
    references: str | Path = REFERENCES,
    suite: Suite = SUITE_V1,
    limits: Limits = LIMITS,
    names: Sequence[str] = (),
    renew: bool = False,
    on_step: OnStep = lambda: None,
    conditions: Suites | None = None,
) -> Iterator[tuple[str, str]]:
    """Evaluate every entry and every reference again.

    Args:
        root: The folder of entries; None: the published ones, of all boards.
        references: The folder of the baselines' reports.
        suite: Suite 1.
        limits: What the evaluation of an entry may take.
        names: Only these entries or references; none means all.
        renew: Write every result anew instead of comparing it: after a change of the suite.
        on_step: As for `examine`, of one after the other.
        conditions: What is walked in each; None: the ranked ones beside suite 1, and beside another
            suite none.

    Raises:
        ValueError: A name that is neither an entry nor a baseline.

    Yields:
        The name of each, with its condition if it has one, and what is wrong with it, ``""`` when
        its result came out exactly.
    """
    if conditions is None:
        conditions = ranked_suites() if suite is SUITE_V1 else {}
    folders = verified_folders(root)
    known = [folder.name for folder in folders] + list(BASELINES)
    if unknown := sorted(set(names) - set(known)):
        raise ValueError(f"expected names among {known}, got {unknown}")
    for folder in folders:
        if not names or folder.name in names:
            yield from _verify_folder(folder, suite, conditions, limits, renew, on_step)
    for name in BASELINES:
        if not names or name in names:
            path = Path(references) / f"{name}.json"
            yield name, _verify_reference(name, path, suite, renew, on_step)
            if DISC.name in conditions:
                path, own = reference_path(references, name), conditions[DISC.name]
                yield (
                    f"{name} ({DISC.name})",
                    _verify_reference(name, path, own, renew, on_step),
                )


def _others(entry: Entry, root: str | Path) -> list[Path]:
    own = entry.folder.resolve()
    return [folder for folder in entry_folders(root) if folder.resolve() != own]


def _on_board(other: Entry, entry: Entry, suite: Suite) -> bool:
    """Whether another entry is ranked where this one is; ``suite`` is suite 1."""
    if entry.card.condition:
        return other.card.condition == entry.card.condition
    return board_suite(other, suite).body == board_suite(entry, suite).body


def _check_new(entry: Entry, other: Entry) -> None:
    """A policy enters a condition once; another condition it may enter under another name."""
    name, theirs = entry.card.name, other.card.name
    conditions = {entry.card.condition, other.card.condition}
    apart = len(conditions) == 2 and "" not in conditions
    if other.sha256 == entry.sha256 and not apart:
        raise EntryError(f"{entry.folder}: the same policy file as entry {other.folder.name}")
    if other.walker == entry.walker and not apart:
        raise EntryError(f"{entry.folder}: the same policy as entry {other.folder.name}")
    if theirs == name:
        raise EntryError(f"{entry.folder}: {other.folder.name} has the same name {name!r}")
    if alike(name, theirs):
        raise EntryError(
            f"{entry.folder}: its name {name!a} looks like that of {other.folder.name}, {theirs!a}"
        )


def _same_walks(one: Report, other: Report) -> bool:
    """Whether two policies did the same on the courses that both walked, and did anything."""
    walks = [[parts.public for parts in report.scores.values()] for report in (one, other)]
    return walks[0] == walks[1] and any(map(any, walks[0]))


def _check_claims(entry: Entry, old: Report | None, report: Report, suite: Suite) -> None:
    found = report.summary[suite.ranked].score
    claim = entry.card.score
    if claim is not None and abs(claim - found) > CLAIM_TOLERANCE:
        raise EntryError(
            f"{entry.folder}: the card claims a score of {claim}, the evaluation gives {found:.2f}"
        )
    if old is not None and (different := _differences(old, report)):
        raise EntryError(
            f"{entry.folder}: {result_path(entry, suite).name} is not what the evaluation gives; "
            f"{different}; remove the file to have it written anew"
        )


def _differences(old: Report, new: Report) -> str:
    """What differs between the stored and the new report, ``""`` for nothing."""
    different = old.differences(new)
    if not old.exact and not new.exact and {*different} <= {*_ROUNDED}:
        return _apart(old, new)
    return f"these parts differ: {', '.join(different)}" if different else ""


def _apart(old: Report, new: Report) -> str:
    """For a network that rounds as the machine likes: whether the intervals still meet."""
    if old.summary != {name: summarise(parts) for name, parts in old.scores.items()}:
        return "its summary is not that of its scores"
    apart = [name for name, then in old.summary.items() if not _meet(then, new.summary[name])]
    return f"the intervals of {', '.join(apart)} do not meet" if apart else ""


def _meet(one: Summary, other: Summary) -> bool:
    return one.low <= other.high and other.low <= one.high


def _verify_folder(
    folder: Path, suite: Suite, conditions: Suites, limits: Limits, renew: bool, on_step: OnStep
) -> Iterator[tuple[str, str]]:
    """All results of an entry: in suite 1, where it has one or must have, and in its condition."""
    try:
        entry = read_entry(folder)
        first, condition = board_suite(entry, suite), entry.card.condition
        if not condition or result_path(entry, first).exists():
            yield folder.name, _verify_entry(entry, first, limits, renew, on_step)
        if condition and conditions:
            own = suite_of(entry, suite, conditions)
            problem = _verify_entry(entry, own, limits, renew, on_step)
            yield f"{folder.name} ({condition})", problem
    except EntryError as error:
        yield folder.name, str(error)


def _verify_entry(entry: Entry, suite: Suite, limits: Limits, renew: bool, on_step: OnStep) -> str:
    path = result_path(entry, suite)
    try:
        old = None if renew else _told(entry, suite)
        if old is None and not renew:
            return f"there is no {path.name} of {suite.version} in this physics"
        new = examine_entry(entry, suite, limits, on_step)
        if old is None:
            save_report(new, path)
            return ""
        return _differences(old, new)
    except EntryError as error:
        return str(error)


def _verify_reference(name: str, path: Path, suite: Suite, renew: bool, on_step: OnStep) -> str:
    new = examine(load_agent(name), suite, on_step=on_step)
    if renew:
        save_report(new, path)
        return ""
    try:
        different = load_report(path).differences(new)
    except ReportError as error:
        return str(error)
    return f"these parts differ: {', '.join(different)}" if different else ""
