"""Which suite an entry walks: its condition's, or suite 1."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from benchmarks.evaluation.conditions import VERSION, ranked_suites
from benchmarks.evaluation.suite import SUITE_V1, Suite
from benchmarks.submission.card import EntryError
from benchmarks.submission.entries import Entry
from walker_env import Options

Suites = Mapping[str, Suite]
"""What is walked in each ranked condition, by its name."""


def fitting(options: Options | None) -> list[str]:
    """The ranked conditions whose body and world are those that a policy was made for."""
    if options is None:
        return []
    suites = ranked_suites().values()
    return [
        suite.ranked
        for suite in suites
        if (suite.body, suite.skill(suite.ranked).world) == (options.body, options.world)
    ]


def suite_of(entry: Entry, suite: Suite = SUITE_V1, conditions: Suites | None = None) -> Suite:
    """What an entry walks: its condition's suite, or `board_suite` where it names none.

    Args:
        entry: An ONNX network drives whatever body that is.
        suite: Suite 1.
        conditions: What is walked in each; None: the ranked ones.

    Raises:
        EntryError: Its condition walks another body.
    """
    name = entry.card.condition
    if not name:
        return board_suite(entry, suite)
    chosen = (ranked_suites() if conditions is None else conditions)[name]
    if entry.body not in (None, chosen.body):
        known = fitting(entry.options)
        fits = f"conditions of its body and world: {known}" if known else "none has its body"
        raise EntryError(
            f"{entry.folder}: condition {name!r} walks the {chosen.body.name!r}, this policy "
            f"drives {entry.body.name!r}; {fits}"
        )
    return chosen


def board_suite(entry: Entry, suite: Suite = SUITE_V1) -> Suite:
    """Suite 1 where that ranks an entry's body, else its open board's part of it.

    Args:
        entry: An ONNX network drives the suite's body.
        suite: Suite 1.
    """
    return suite if entry.body in (None, suite.body) else suite.open_to(entry.body)


def reference_path(references: str | Path, name: str) -> Path:
    """Where a baseline's report on suite 2 lies; it walks the skills of `DISC`."""
    return Path(references) / VERSION / f"{name}.json"
