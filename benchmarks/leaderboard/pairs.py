"""Every pair of algorithms, and the two families, against each other: also while runs lack.

`study` compares those that have all their runs, all of them together. Here is the rest of what
somebody may ask: any two with `FEWEST` runs each, and the families. Of an open comparison nothing
is called sure.
"""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from benchmarks.evaluation.comparison import compare
from benchmarks.evaluation.conditions import FAMILIES, FAMILY_NAMES, Condition
from benchmarks.evaluation.families import compare_families
from benchmarks.study.collection import LIMITS, Collection, Limit

FEWEST = 2
"""Runs of an algorithm from which on it is compared; of one run there is no interval."""


def condition_pairs(
    found: Collection, condition: Condition, standings: Mapping[str, Any]
) -> dict[str, dict[str, Any]]:
    """All comparisons of a condition, by the name of the limit.

    Args:
        found: The records.
        condition: One of the collection's.
        standings: Of the condition, from `study.condition_standings`.

    Returns:
        ``pairs``: list of those of the standings and of the open ones, whose ``sure`` is None; all
        others fields are those of `study`'s ``differences``. ``family``: gradient less evolution,
        the fields of `families.FamilyDifference` with ``members``: family -> the algorithms that
        count, and ``whole``: whether they have all their runs; None where a family has none.
    """
    return {limit.name: _at(found, condition, limit, standings) for limit in LIMITS}


def _at(
    found: Collection, condition: Condition, limit: Limit, standings: Mapping[str, Any]
) -> dict[str, Any]:
    tables = {name: _scores(found, condition, name, limit) for name in condition.seeds}
    tables = {name: table for name, table in tables.items() if len(table) >= FEWEST}
    known = standings["limits"][limit.name]["differences"]
    there = {frozenset((pair["one"], pair["other"])) for pair in known}
    opened = [
        open_pair(one, other, tables[one], tables[other])
        for one, other in itertools.combinations(tables, 2)
        if frozenset((one, other)) not in there
    ]
    return {"pairs": [*known, *opened], "family": _families(condition, tables)}


def _scores(found: Collection, condition: Condition, name: str, limit: Limit) -> np.ndarray:
    """Of the chosen policies, ``(R, C)`` float; R is 0 where there are none."""
    kept = found.at(condition.name, name, limit)
    return np.array([one.record.scores[one.best] for one in kept], np.float64)


def open_pair(
    one: str, other: str, scores: np.ndarray, others: np.ndarray, courses: bool = True
) -> dict[str, Any]:
    """A comparison of two of which nothing is called sure, the better one first.

    Args:
        one: Name of the first.
        other: Name of the second.
        scores: ``(R, T)``.
        others: ``(S, T)``, on the same courses.
        courses: As in `comparison.compare`.
    """
    found = compare(scores, others, np.random.default_rng(0), courses=courses)
    if found.difference < 0:
        one, other, found = other, one, found.reversed()
    return {"one": one, "other": other, **dataclasses.asdict(found), "sure": None}


def _families(condition: Condition, tables: Mapping[str, np.ndarray]) -> dict[str, Any] | None:
    members = {
        family: [name for name in tables if FAMILIES[name] == family] for family in FAMILY_NAMES
    }
    if not all(members.values()):
        return None
    sides: Sequence[Sequence[np.ndarray]] = [
        [tables[name] for name in names] for names in members.values()
    ]
    found = compare_families(sides[0], sides[1], np.random.default_rng(0))
    whole = all(len(tables[n]) == condition.seeds[n] for n in tables)
    return {**dataclasses.asdict(found), "members": members, "whole": whole}
