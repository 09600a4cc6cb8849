"""Algorithms against each other, by condition: what the page is given to choose from.

All figures are those of `leaderboard.study`, `leaderboard.pairs` and `leaderboard.history`; the
page works out none.
"""

from __future__ import annotations

import csv
import io
import json
import math
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from agents.figure_style import looks
from benchmarks.evaluation.conditions import FAMILIES, FAMILY_NAMES, Condition
from benchmarks.evaluation.published import RECORDS, RUNS
from benchmarks.evaluation.suite import SUITE_V1, Suite
from benchmarks.leaderboard.history import history_standings
from benchmarks.leaderboard.pairs import condition_pairs
from benchmarks.leaderboard.standings import counted_records
from benchmarks.leaderboard.study_tables import condition_table
from benchmarks.reporting.page import Sources
from benchmarks.site import words
from benchmarks.site.algorithms import budget_words
from benchmarks.site.chapters import ShownCondition
from benchmarks.site.report import as_html

HISTORY = "suite-1"
"""Key of suite 1 among the conditions."""

DIGITS = 4
"""That count, of the numbers that the page draws; downloads have all."""

_RUN = ("steps", "seconds", "score", "last")


def read_study(source: Sources, records: Path = RECORDS) -> tuple[ShownCondition, ...]:
    """The conditions of suite 2, those with runs first in the suite's order.

    Args:
        source: The records, with the standings that were worked out from them.
        records: Where they lie.
    """
    data = source.data([one.name for one in source.found.conditions])
    shown = [_condition(source, one, data, records) for one in source.found.conditions]
    return (*(one for one in shown if one.runs), *(one for one in shown if not one.runs))


def _condition(
    source: Sources, condition: Condition, data: Mapping[str, Any], records: Path
) -> ShownCondition:
    found = data["conditions"][condition.name]
    pairs = condition_pairs(source.found, condition, found)
    limits = {
        name: {"algorithms": limit["algorithms"], **pairs[name]}
        for name, limit in found["limits"].items()
    }
    there = source.found.records[condition.name]
    paths = [records / condition.name / f"{record.about.name}.safetensors" for record in there]
    return ShownCondition(
        key=condition.name,
        title=condition.title,
        suite=data["suite"],
        runs=len(there),
        planned=sum(condition.seeds.values()),
        data=_data(condition.name, data["suite"], {**found, "limits": limits}, data["limits"]),
        records=tuple(sorted(paths)),
        fallback=as_html(condition_table({**data}, condition.name)) if there else as_html(""),
    )


def read_history(
    data: Mapping[str, Any], runs: Path = RUNS, suite: Suite = SUITE_V1
) -> ShownCondition | None:
    """Suite 1 as one more condition; None without runs.

    Args:
        data: Its standings.
        runs: Where its records lie.
        suite: What was walked.
    """
    records = counted_records(runs, suite)
    if not any(record.algorithm in FAMILIES for record in records):
        return None
    found = history_standings(data, records, suite)
    limits = [{"name": b.name, "title": f"after {budget_words(b)}"} for b in suite.budgets]
    planned = sum(one["planned"] for one in found["algorithms"].values()) * len(suite.budgets)
    return ShownCondition(
        key=HISTORY,
        title=f"{found['title']}, as history",
        suite=suite.version,
        runs=len(records),
        planned=planned,
        data=_data(HISTORY, suite.version, found, limits),
        records=tuple(sorted(runs / f"{record.name}.json" for record in records)),
    )


def _data(
    name: str, suite: str, found: Mapping[str, Any], limits: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    own = looks(found["algorithms"])
    algorithms = {
        algorithm: {
            **about,
            "words": words.ALGORITHMS.get(algorithm, ""),
            "look": f"hue{own[algorithm].hue} dash{own[algorithm].dash}",
        }
        for algorithm, about in found["algorithms"].items()
    }
    told = [{"name": limit["name"], "title": limit["title"]} for limit in limits]
    asked = {
        limit: {**one, "across": _across(one["pairs"])} for limit, one in found["limits"].items()
    }
    return {
        "name": name,
        "suite": suite,
        "of": told,
        "families": words.FAMILIES,
        **found,
        "algorithms": algorithms,
        "limits": asked,
        "reached": [{**level, "soonest": _soonest(level)} for level in found["reached"]],
    }


def _across(pairs: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """How many pairs of the two families are surely won by which, tied, and open."""
    counts = {"pairs": 0, **dict.fromkeys(FAMILY_NAMES, 0), "neither": 0, "open": 0}
    for pair in pairs:
        family = FAMILIES[pair["one"]]
        if family != FAMILIES[pair["other"]]:
            counts["pairs"] += 1
            sure = pair["sure"]
            counts["open" if sure is None else family if sure else "neither"] += 1
    return counts


def _soonest(level: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Of each family and cost the algorithm whose median run reached a level with the least."""
    found: dict[str, dict[str, Any]] = {}
    for family in FAMILY_NAMES:
        own = {n: costs for n, costs in level["algorithms"].items() if FAMILIES[n] == family}
        found[family] = {}
        for cost in ("steps", "seconds"):
            known = {n: c[cost] for n, c in own.items() if c[cost]["median"] is not None}
            best = min(known, key=lambda name: known[name]["median"], default=None)
            found[family][cost] = best and {"algorithm": best, **known[best]}
    return found


_PAIR = ("one", "other", "sure", "difference", "low", "high", "better", "better_low", "better_high")
_UNDRAWN = {"seeds", "last", "coverage", "settings", "physics", "digest", "body"}


def for_page(condition: ShownCondition) -> Any:
    """What the page draws of a condition, `shortened`: no single runs, and pairs as rows.

    Returns:
        As `ShownCondition.data`; ``pair`` names the columns of all ``pairs``.
    """
    limits = {
        name: {**limit, "pairs": [[pair[part] for part in _PAIR] for pair in limit["pairs"]]}
        for name, limit in condition.data["limits"].items()
    }
    return shortened(_drawn({**condition.data, "pair": _PAIR, "limits": limits}))


def _drawn(value: Any) -> Any:
    """The same without what nothing in the page shows."""
    if isinstance(value, Mapping):
        return {name: _drawn(one) for name, one in value.items() if name not in _UNDRAWN}
    return [_drawn(one) for one in value] if isinstance(value, (list, tuple)) else value


def shortened(value: Any, digits: int = DIGITS) -> Any:
    """The same with numbers of so many digits that count."""
    if isinstance(value, float):
        return float(f"{value:.{digits}g}") if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {key: shortened(one, digits) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [shortened(one, digits) for one in value]
    return value


def as_json(condition: ShownCondition) -> str:
    """Everything that is known of a condition, for somebody who works on with it."""
    return json.dumps(condition.data, indent=1, allow_nan=False) + "\n"


def as_csv(condition: ShownCondition) -> str:
    """A line for each run at each limit: what it had spent, what its chosen and last policy do."""
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(["suite", "condition", "limit", "algorithm", "family", "seed", *_RUN])
    for limit, found in condition.data["limits"].items():
        for one in found["algorithms"]:
            head = [condition.suite, condition.key, limit, one["algorithm"], one["family"]]
            for run in one["seeds"]:
                table.writerow([*head, run["seed"], *(run.get(name) for name in _RUN)])
    return text.getvalue()


def as_zip(condition: ShownCondition) -> bytes:
    """Its records, the same bytes whenever they are packed."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in condition.records:
            archive.writestr(zipfile.ZipInfo(f"{condition.key}/{path.name}"), path.read_bytes(),
                             zipfile.ZIP_DEFLATED)  # fmt: skip
    return packed.getvalue()
