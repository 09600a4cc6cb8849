"""The boards of suite 2: the entries of each ranked condition, compared on common courses.

Entries are ranked by their scores on private courses, to which nobody can tune. Which of them are
surely different the common courses tell, which all of them walk: there the luck of the courses
cancels out, and no entry chooses them by the bits of its weights.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.evaluation.comparison import Difference
from benchmarks.evaluation.comparison import rank as compare_all
from benchmarks.evaluation.conditions import ranked_suites
from benchmarks.evaluation.published import ENTRIES, OPEN, REFERENCES
from benchmarks.evaluation.suite import Suite
from benchmarks.leaderboard.ranking import Scale, describe, ranked, scale_of
from benchmarks.leaderboard.standings import Entered, entry_data
from benchmarks.submission.card import EntryError
from benchmarks.submission.entries import entry_folders, read_entry
from benchmarks.submission.submit import stored
from benchmarks.submission.suites import suite_of


@dataclass(frozen=True)
class ConditionBoard:
    """The board of a condition.

    Attributes:
        suite: What is walked on it; the ranking skill has the condition's name and title.
        entered: Its entries as they were read, by ``id``.
        scale: The absolute one, if there is one.
    """

    suite: Suite
    entered: dict[str, Entered]
    scale: Scale

    @property
    def name(self) -> str:
        """The condition's."""
        return self.suite.ranked

    @functools.cached_property
    def data(self) -> dict[str, Any]:
        """Everything on the board, JSON-ready.

        ``condition``, ``title``, ``suite`` and ``entries`` as in `standings`, each of these with
        ``places`` (first and last rank that the common courses leave open) and ``above`` (its
        `Difference` to the one above it, with ``tie``; None for the first); ``differences``: row i,
        column j: that of entry i to entry j, None on the diagonal.
        """
        listed = [entry_data(one, self.scale) for one in self.entered.values()]
        entries = ranked(listed, self.suite)
        scores = [self._common(one["id"]) for one in entries]
        places, differences = compare_entries(scores)
        for i, one in enumerate(entries):
            above = differences[i][i - 1] if i else None
            entries[i] = {**one, "places": places[i], "above": above}
        title = self.suite.skill(self.name).title
        return {
            "condition": self.name,
            "title": title,
            "suite": describe(self.suite),
            "entries": entries,
            "differences": differences,
        }

    def _common(self, entry: str) -> np.ndarray:
        return np.array(self.entered[entry].report.scores[self.name].public)


def compare_entries(
    scores: Sequence[np.ndarray],
) -> tuple[list[list[int]], list[list[dict[str, Any] | None]]]:
    """Compare entries course by course.

    Args:
        scores: Of each ``(C,)``, on the same courses.

    Returns:
        Of each the first and the last rank that it may have; row i, column j: how much better entry
        i is than j.
    """
    if len(scores) < 2:
        return [[1, 1] for _ in scores], [[None] for _ in scores]
    found = compare_all([one[None] for one in scores], np.random.default_rng(0))
    differences = [[_as_data(one) for one in row] for row in found.differences]
    return [[*places] for places in found.ranks], differences


def _as_data(difference: Difference | None) -> dict[str, Any] | None:
    return None if difference is None else {**asdict(difference), "tie": difference.tie}


def read_condition_boards(
    roots: Iterable[str | Path] = (ENTRIES, OPEN),
    conditions: Mapping[str, Suite] | None = None,
    references: str | Path = REFERENCES,
    on_bad: Callable[[str], object] | None = None,
    reference: Suite | None = None,
) -> list[ConditionBoard]:
    """The boards of all conditions, also of those that nobody has entered.

    Args:
        roots: Folders of entries; those without a condition, or a result in it, are left out.
        conditions: What is walked in each; None: the ranked ones.
        references: Folder of the baselines' reports.
        on_bad: As in `standings.read_standings`.
        reference: As in `ranking.scale_of`.

    Raises:
        EntryError, ReportError: Something in the folders is broken or cannot be true.
    """
    conditions = ranked_suites() if conditions is None else conditions
    found = {
        name: ConditionBoard(suite, {}, scale_of(suite, references, reference))
        for name, suite in conditions.items()
    }
    for folder in [folder for root in roots for folder in entry_folders(root)]:
        try:
            entry = read_entry(folder)
            board = found.get(entry.card.condition)
            report = stored(entry, suite_of(entry, conditions=conditions)) if board else None
        except EntryError as error:
            if on_bad is None:
                raise
            on_bad(str(error))
            continue
        if board is not None and report is not None:
            board.entered[folder.name] = Entered(entry, report)
    return [*found.values()]
