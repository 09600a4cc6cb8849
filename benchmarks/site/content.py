"""What the page shows, apart from where it comes from: `benchmarks.site.source` fills this."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import numpy as np

from agents.baselines import Agent

Cell = float | str | None
"""A number with its unit in the column's title, words, or nothing to tell."""


@dataclass(frozen=True)
class Score:
    """An estimate and the ends of its 95 % interval; the ends are equal where there is none."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Entry:
    """Somebody who walks.

    Attributes:
        id: Its part of file names and addresses, see `slugs`.
        name: As its authors wrote it; not to be trusted.
        algorithm: In a word or two; not to be trusted.
        agent: What is recorded for the race.
        sha256: Of its policy file; None for one that has no file.
        trained: How it was made, label and words; not to be trusted.
        link: Address of its code, see `web_link`.
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
    marks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Row:
    """A line of a ranking; ``samples`` ``(R, T)`` are scores, runs x courses."""

    name: str
    algorithm: str
    score: Score
    samples: np.ndarray
    cells: tuple[Cell, ...] = ()
    entry: str | None = None  # id of the entry whose page tells more


@dataclass(frozen=True)
class Board:
    """One ranking, best first.

    Attributes:
        key: Its part of addresses.
        title: Over the table, and on the button that shows it.
        note: What was measured, in a sentence.
        unit: Of the score.
        columns: Titles of the rows' ``cells``.
        rows: The ranking.
    """

    key: str
    title: str
    note: str
    unit: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Skills:
    """Scores on every skill, still = 0 and the gait written by hand = 100."""

    names: tuple[str, ...]
    trained_on: tuple[str, ...]
    rows: tuple[tuple[str, str | None, tuple[float | None, ...]], ...]  # name, entry, score each


@dataclass(frozen=True)
class Curve:
    """A learning curve: the middle of several runs and the band around it, T points."""

    label: str
    steps: np.ndarray  # (T,)
    seconds: np.ndarray  # (T,) of training
    middle: np.ndarray  # (T,) targets in 100 s
    low: np.ndarray  # (T,)
    high: np.ndarray  # (T,)


@dataclass(frozen=True)
class Course:
    """A course that the page shows: drawn from a seed, or laid out target by target."""

    id: str
    title: str
    seed: int = 0
    targets: np.ndarray | None = None  # (P, 2) [unit]; None: drawn from the seed
    draw: str = "disc"


@dataclass(frozen=True)
class Content:
    """All of it."""

    version: str  # of the protocol
    entries: tuple[Entry, ...]
    boards: tuple[Board, ...]
    courses: tuple[Course, ...]
    skills: Skills | None = None
    curves: tuple[Curve, ...] = ()
    protocol: tuple[str, ...] = ()  # sentences on how it is measured
    featured: tuple[str, ...] = field(default=())  # ids of those who race on the first page


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
