"""Open boards: entries with bodies that the suite does not rank, a board for each body.

Scores there are raw targets on the courses of the suite's ranking skill: there are no ranks of the
suite and no absolute scale, since nobody wrote a gait for these bodies by hand.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.evaluation.published import OPEN
from benchmarks.evaluation.suite import SUITE_V1, Suite
from benchmarks.leaderboard.ranking import describe, no_scale, ranked
from benchmarks.leaderboard.standings import Entered, entry_data
from benchmarks.submission.card import EntryError
from benchmarks.submission.entries import entry_folders, read_entry
from benchmarks.submission.submit import stored
from benchmarks.submission.suites import board_suite
from walker_env.body import BODIES, ZOO, Body


@dataclass(frozen=True)
class OpenBoard:
    """The board of a body.

    Attributes:
        suite: What is walked on it, and who walks.
        entered: Its entries as they were read, by ``id``.
    """

    suite: Suite
    entered: dict[str, Entered]

    @property
    def title(self) -> str:
        """The names that its body goes by."""
        return body_names(self.suite.body)

    @functools.cached_property
    def data(self) -> dict[str, Any]:
        """``suite`` and ``entries`` as in `standings`, without an absolute scale."""
        listed = [entry_data(one, no_scale) for one in self.entered.values()]
        return {"suite": describe(self.suite), "entries": ranked(listed, self.suite)}


def body_names(body: Body) -> str:
    """The ready-made names of a body, or the one that it has."""
    known = [name for name, one in (BODIES | ZOO).items() if one == body]
    return ", ".join(known or [body.name])


def read_boards(
    root: str | Path = OPEN,
    suite: Suite = SUITE_V1,
    on_bad: Callable[[str], object] | None = None,
) -> list[OpenBoard]:
    """The open boards of a folder, by the names of their bodies.

    Args:
        root: Folder of entries; those without a result are left out.
        suite: Whose ranking skill is walked; entries with its body are left out.
        on_bad: As in `standings.read_standings`.

    Raises:
        EntryError: Something in the folder is broken or cannot be true.
    """
    found: dict[Body, OpenBoard] = {}
    for folder in entry_folders(root):
        try:
            entry = read_entry(folder)
            part = board_suite(entry, suite)
            report = stored(entry, part)
        except EntryError as error:
            if on_bad is None:
                raise
            on_bad(str(error))
            continue
        if report is not None and part is not suite:
            board = found.setdefault(part.body, OpenBoard(part, {}))
            board.entered[folder.name] = Entered(entry, report)
    return sorted(found.values(), key=lambda board: board.title)
