"""What the page shows beside entries and their boards: studies, the report, the bestiary."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from markupsafe import Markup

from agents.policy import Policy

_NOTHING = Markup("")


@dataclass(frozen=True)
class Creature:
    """A body that evolved, with the policy that drives it.

    Attributes:
        id: Its part of addresses.
        name: Its own.
        score: Targets in 100 s on the courses that it was judged on.
        kind: What it is like, in a few words.
        policy: What drives it.
    """

    id: str
    name: str
    score: float
    kind: str
    policy: Policy


@dataclass(frozen=True)
class ReportPart:
    """A question of the report.

    Attributes:
        name: Its part of addresses.
        title: The question.
        html: Its paragraphs and tables, made from our own words alone; empty before any run.
        picture: Its figure as a PNG; None where there are no runs for one.
        size: Of the figure, width and height [pixel].
    """

    name: str
    title: str
    html: Markup
    picture: bytes | None = None
    size: tuple[int, int] = (0, 0)


@dataclass(frozen=True)
class ShownCondition:
    """A condition in which algorithms are compared.

    Attributes:
        key: Its part of addresses and files.
        title: For people.
        suite: Its version.
        runs: How many there are.
        planned: How many there are to be.
        data: ``limits`` (list of name and title), ``condition`` as from `study` with ``pairs`` and
            ``family`` in its limits, and ``words``: algorithm -> a sentence.
        records: Its files, by their names.
        fallback: A table of it for those without scripts, made from our own words alone.
    """

    key: str
    title: str
    suite: str
    runs: int
    planned: int
    data: dict[str, Any]
    records: tuple[Path, ...] = ()
    fallback: Markup = _NOTHING

    @property
    def of(self) -> str:
        """How many of how many runs."""
        return f"{self.runs} of {self.planned} runs"
