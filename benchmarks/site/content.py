"""What the page shows, apart from where it comes from: `benchmarks.site.source` fills this."""

from __future__ import annotations

import re
import sys
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

import numpy as np

from agents.baselines import Agent
from agents.figure_style import Look
from benchmarks.site.chapters import Creature, ReportPart, ShownCondition

Cell = float | str | None
"""A number with its unit in the column's title, words, or nothing to tell."""


@dataclass(frozen=True)
class Score:
    """An estimate and the ends of its 95 % interval; the ends are equal where there is none."""

    value: float
    low: float
    high: float

    def words(self, unit: str = "") -> str:
        """All of it for people, ``unit`` after the estimate."""
        told = f"{self.value:.1f} {unit}".strip()
        if self.low == self.high:
            return told
        return f"{told}, 95 % interval {self.low:.1f} to {self.high:.1f}"


@dataclass(frozen=True)
class ShownEntry:
    """Somebody who walks.

    Attributes:
        id: Its part of file names and addresses, see `slugs`.
        name: As its authors wrote it; not to be trusted.
        algorithm: In a word or two; not to be trusted.
        agent: What is recorded for the race.
        sha256: Of its policy file; None for one that has no file.
        trained: How it was made, label and words; not to be trusted.
        link: Where its code is: an address (see `web_link`), or words.
        description: In its authors' words.
        marks: Remarks such as "better on the public courses".
    """

    id: str
    name: str
    algorithm: str
    agent: Agent
    sha256: str | None = None
    authors: str = ""
    trained: tuple[tuple[str, str], ...] = ()
    link: str | None = None
    description: str = ""
    marks: tuple[str, ...] = ()


@dataclass(frozen=True)
class BoardRow:
    """A line of a ranking.

    Attributes:
        name: Of the policy or algorithm; a policy's is not to be trusted.
        algorithm: In a word or two; not to be trusted.
        score: What ranks it.
        samples: ``(R, T)``, the scores behind it, runs x tasks.
        cells: Of the board's ``columns``.
        entry: Id of the entry whose page tells more.
        rank: None: stands beside the ranking.
        group: First and last rank of those it is not told apart from.
        common: ``(R, T)``, scores on tasks that all rows have, for comparisons; None: ``samples``.
    """

    name: str
    algorithm: str
    score: Score
    samples: np.ndarray
    cells: tuple[Cell, ...] = ()
    entry: str | None = None
    rank: int | None = None
    group: tuple[int, int] | None = None
    common: np.ndarray | None = None

    @property
    def place(self) -> str:
        """Its rank, or the ranks of its group."""
        first, last = self.group or (self.rank, self.rank)
        return f"{first}-{last}" if first != last else str(first)


_PLAIN = Look(0)

LESS_IS_BETTER = frozenset(
    {"energy for 1000 units", "first target [s]", "million steps", "CPU time [s]"}
)
"""Columns of which the least comes first."""


@dataclass(frozen=True)
class Line:
    """A line of a chart, and the band around it where there is one; T points.

    Lines of one name look the same in all charts and figures.
    """

    label: str
    x: np.ndarray  # (T,)
    y: np.ndarray  # (T,)
    low: np.ndarray | None = None  # (T,)
    high: np.ndarray | None = None  # (T,)
    look: Look = _PLAIN


@dataclass(frozen=True)
class Chart:
    """Lines in one picture."""

    key: str
    title: str
    across: str  # what x is
    up: str  # what y is
    lines: tuple[Line, ...]
    log: bool = False  # whether x is drawn by its logarithm; what is not above 0 is left out


@dataclass(frozen=True)
class SkillScore:
    """How somebody does in one skill."""

    score: Score  # in the skill's unit
    absolute: float  # the same where still is 0 and the gait written by hand 100


@dataclass(frozen=True)
class Skills:
    """Figures of every skill.

    Attributes:
        names: Of the skills, S of them.
        titles: What each is, in words, S of them.
        units: Of each one's scores, S of them.
        trained_on: Names of those that policies train on.
        rows: Name, id of an entry or None, and a figure for each skill.
    """

    names: tuple[str, ...]
    titles: tuple[str, ...]
    units: tuple[str, ...]
    trained_on: tuple[str, ...]
    rows: tuple[tuple[str, str | None, tuple[SkillScore | None, ...]], ...]


@dataclass(frozen=True)
class Board:
    """One ranking, best first.

    Attributes:
        key: Its part of addresses.
        title: Over the table, and on the button that shows it.
        note: What was measured, in a sentence.
        unit: Of the score.
        who: What a row is: "policy" or "algorithm".
        sample: What a sample is: "course" or "run".
        columns: Titles of the rows' ``cells``.
        rows: The ranking.
        charts: What belongs to it.
        skills: How the rows do in other skills.
        least_first: Of ``columns`` those of which less is better.
        walker: Id of the entry that walks beside it, on boards of a body.
        suite: Of what was walked, its version.
    """

    key: str
    title: str
    note: str
    unit: str
    who: str
    sample: str
    columns: tuple[str, ...]
    rows: tuple[BoardRow, ...]
    charts: tuple[Chart, ...] = ()
    skills: Skills | None = None
    least_first: frozenset[str] = LESS_IS_BETTER
    walker: str | None = None
    suite: str = ""


@dataclass(frozen=True)
class ShownCourse:
    """A course that the page shows."""

    id: str
    title: str
    seed: int
    draw: str = "disc"  # a name in `walker_env.COURSES`
    world: str = "standard"  # a name in `walker_env.WORLDS`


@dataclass(frozen=True)
class Content:
    """All of it."""

    version: str  # of the protocol, whose skills have every course here
    entries: tuple[ShownEntry, ...]
    boards: tuple[Board, ...]
    courses: tuple[ShownCourse, ...]
    charts: tuple[Chart, ...] = ()  # learning curves, one of them shown at a time
    protocol: tuple[str, ...] = ()  # sentences on how it is measured
    featured: tuple[str, ...] = field(default=())  # ids of those who race on the first page
    lineage: tuple[ShownEntry, ...] = ()  # generations of one training; they only race
    history: tuple[Board, ...] = ()  # of suite 1, with a page of its own
    history_protocol: tuple[str, ...] = ()
    bodies: tuple[Board, ...] = ()  # open boards, likewise
    study: tuple[ShownCondition, ...] = ()  # algorithms are compared in them; the first at first
    address: str = ""  # where the page will be, for previews of it elsewhere
    report: tuple[ReportPart, ...] = ()
    bestiary: tuple[Creature, ...] = ()

    @property
    def all_boards(self) -> tuple[Board, ...]:
        """Of the first page and of the others."""
        return (*self.boards, *self.bodies, *self.history)


def name_on_stderr(problem: str) -> None:
    """Say which entry is not on the page, and why."""
    print(f"left out of the page: {problem}", file=sys.stderr)


def without(content: Content, ids: Collection[str]) -> Content:
    """The content without some entries, and the ranks of the others as if they had never entered.

    Args:
        content: Of a page.
        ids: Of the entries that are left out.
    """
    if not ids:
        return content
    return replace(
        content,
        entries=tuple(entry for entry in content.entries if entry.id not in ids),
        boards=_boards_without(content.boards, ids),
        history=_boards_without(content.history, ids),
        bodies=_boards_without(content.bodies, ids),
        featured=tuple(id_ for id_ in content.featured if id_ not in ids),
    )


def _boards_without(boards: Iterable[Board], ids: Collection[str]) -> tuple[Board, ...]:
    return tuple(_board_without(board, ids) for board in boards)


def _board_without(board: Board, ids: Collection[str]) -> Board:
    rows = [row for row in board.rows if row.entry not in ids]
    gone = [row.rank for row in board.rows if row.entry in ids and row.rank]
    moved = [
        replace(row, rank=row.rank - sum(rank < row.rank for rank in gone)) if row.rank else row
        for row in rows
    ]
    skills = board.skills and replace(
        board.skills, rows=tuple(row for row in board.skills.rows if row[1] not in ids)
    )
    walker = None if board.walker in ids else board.walker
    return replace(board, rows=tuple(moved), skills=skills, walker=walker)


def slugs(names: Iterable[str]) -> list[str]:
    """Names made fit for files and addresses, each one different: a-z, 0-9 and dashes."""
    taken: set[str] = set()
    found = []
    for name in names:
        plain = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:40] or "entry"
        slug, count = plain, 2
        while slug in taken:
            slug, count = f"{plain}-{count}", count + 1
        taken.add(slug)
        found.append(slug)
    return found


def web_link(text: object) -> str | None:
    """``text`` where it is a plain http or https address, else None."""
    if not isinstance(text, str) or len(text) > 300 or not text.isprintable() or " " in text:
        return None
    try:
        parts = urlsplit(text)
    except ValueError:
        return None
    return text if parts.scheme in ("http", "https") and parts.hostname else None
