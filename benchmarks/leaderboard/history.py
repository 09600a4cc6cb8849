"""The algorithms of suite 1 in the form of a condition of suite 2, so that both read alike.

What `standings` has worked out is taken as it is: ranks, groups, curves, and the chance that a run
of one beats a run of another. Added are the differences with their intervals and the crossings.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from benchmarks.evaluation.comparison import compare
from benchmarks.evaluation.conditions import FAMILIES, FAMILY_NAMES
from benchmarks.evaluation.curves import reached
from benchmarks.evaluation.families import compare_families
from benchmarks.evaluation.suite import SUITE_V1, Suite, TrainingBudget
from benchmarks.history.record import Record
from benchmarks.leaderboard.study import crossings

COSTS = {"steps": ("steps", "steps"), "seconds": ("cpu", "cpu_seconds")}
"""Cost of a condition -> the budget whose runs are held against it, and what records call it."""


@dataclass(frozen=True, eq=False)
class Looked:
    """A record as `study.crossings` reads it."""

    steps: np.ndarray
    seconds: np.ndarray
    scores: np.ndarray

    @classmethod
    def of(cls, record: Record) -> Looked:
        """What was seen of a run on the validation courses."""
        curve = record.curve
        parts = (curve.steps, curve.cpu_seconds, curve.scores)
        return cls(*(np.asarray(part, np.float64) for part in parts))


def history_standings(
    data: Mapping[str, Any], records: Sequence[Record], suite: Suite = SUITE_V1
) -> dict[str, Any]:
    """Suite 1 in the form of `study.condition_standings`.

    Args:
        data: `standings.Standings.data`.
        records: The runs that count, see `standings.counted_records`.
        suite: What was walked.

    Returns:
        ``title``, ``physics``, ``algorithms``, ``limits``, ``curves``, ``reached`` and
        ``crossings``; ``ranks`` are the groups of `ranking.grouped`, and of its ``pairs`` (as in
        `pairs.condition_pairs`) those are sure whose chance leaves out one half.
    """
    names = sorted({record.algorithm for record in records if record.algorithm in FAMILIES})
    budgets = {b.name: [r for r in records if r.budget.name == b.name] for b in suite.budgets}
    return {
        "title": suite.skill(suite.ranked).title,
        "physics": suite.physics,
        "algorithms": {name: _about(name, data, suite) for name in names},
        "limits": {b.name: _limit(data, b, names, suite) for b in suite.budgets},
        "curves": {cost: _curves(data, cost, names) for cost in COSTS},
        "reached": _reached(data, names),
        "crossings": {
            cost: crossings(_whole(budgets.get(budget, []), names, suite), cost)
            for cost, (budget, _) in COSTS.items()
        },
    }


def _about(name: str, data: Mapping[str, Any], suite: Suite) -> dict[str, Any]:
    found = [_find(data, budget.name, name) for budget in suite.budgets]
    runs = min(one["runs"] if one else 0 for one in found)
    return {"family": FAMILIES[name], "planned": suite.runs, "runs": runs}


def _find(data: Mapping[str, Any], budget: str, name: str) -> dict[str, Any] | None:
    listed = data["algorithms"].get(budget, ())
    return next((one for one in listed if one["algorithm"] == name), None)


def _limit(
    data: Mapping[str, Any], budget: TrainingBudget, names: Sequence[str], suite: Suite
) -> dict[str, Any]:
    listed = [one for one in data["algorithms"][budget.name] if one["algorithm"] in names]
    return {
        "algorithms": [_standing(one, suite) for one in listed],
        "pairs": _pairs(data, budget.name, names),
        "family": _families(listed),
    }


def _standing(one: Mapping[str, Any], suite: Suite) -> dict[str, Any]:
    figure = one["skills"][suite.ranked]
    return {
        "algorithm": one["algorithm"],
        "family": FAMILIES[one["algorithm"]],
        "rank": one["rank"],
        "ranks": one["group"],
        "runs": one["runs"],
        "planned": suite.runs,
        "short": False,
        "ended": 0,
        **{end: figure[end] for end in ("score", "low", "high")},
        "last": None,
        "seeds": one["seeds"],
        "steps": one["cost"]["steps"],
        "seconds": one["cost"]["cpu_seconds"],
    }


def _scores(one: Mapping[str, Any]) -> np.ndarray:
    return np.array([[run["score"]] for run in one["seeds"]])


def _pairs(data: Mapping[str, Any], budget: str, names: Sequence[str]) -> list[dict[str, Any]]:
    """The better one first; chance and interval as the standings have them."""
    listed, found = data["algorithms"][budget], []
    for i, j in itertools.combinations(range(len(listed)), 2):
        one, other = listed[i], listed[j]
        if not {one["algorithm"], other["algorithm"]} <= {*names}:
            continue
        apart = compare(_scores(one), _scores(other), np.random.default_rng(0), courses=False)
        low, high = data["algorithms_better_intervals"][budget][i][j]
        whole = one["rank"] is not None and other["rank"] is not None
        chance = {
            "better": data["algorithms_better"][budget][i][j],
            "better_low": low,
            "better_high": high,
        }
        pair = {"one": one["algorithm"], "other": other["algorithm"], **asdict(apart), **chance}
        found.append(pair | {"sure": not low <= 0.5 <= high if whole else None})
    return found


def _families(listed: Sequence[Mapping[str, Any]]) -> dict[str, Any] | None:
    members = {
        family: [one for one in listed if FAMILIES[one["algorithm"]] == family and one["runs"] > 1]
        for family in FAMILY_NAMES
    }
    if not all(members.values()):
        return None
    sides = [[_scores(one) for one in ones] for ones in members.values()]
    found = compare_families(sides[0], sides[1], np.random.default_rng(0), courses=False)
    names = {family: [one["algorithm"] for one in ones] for family, ones in members.items()}
    whole = all(one["complete"] for ones in members.values() for one in ones)
    return {**asdict(found), "members": names, "whole": whole}


def _curves(data: Mapping[str, Any], cost: str, names: Sequence[str]) -> dict[str, Any]:
    """Of the runs under the budget of that cost, from their first point on that cost something."""
    budget, key = COSTS[cost]
    found = {name: _find(data, budget, name) for name in names}
    curves = {name: one["curves"][key] for name, one in found.items() if one}
    return {
        name: {part: [x for x, spent in zip(values, curve["cost"]) if spent > 0]
               for part, values in curve.items()}
        for name, curve in curves.items()
    }  # fmt: skip


def _reached(data: Mapping[str, Any], names: Sequence[str]) -> list[dict[str, Any]]:
    """What levels cost the runs under the budget of processor time."""
    found = {name: one for name in names if (one := _find(data, COSTS["seconds"][0], name))}
    levels = [level["level"] for one in [*found.values()][:1] for level in one["reached"]]
    return [
        {
            "level": level,
            "share": None,
            "algorithms": {
                name: {cost: _costs(one["reached"][i]["runs"], key) for cost, (_, key) in
                       COSTS.items()}
                for name, one in found.items()
            },
        }
        for i, level in enumerate(levels)
    ]  # fmt: skip


def _costs(runs: Sequence[Mapping[str, float] | None], key: str) -> dict[str, float | None]:
    told = asdict(reached([math.inf if run is None else run[key] for run in runs]))
    return {name: value if math.isfinite(value) else None for name, value in told.items()}


def _whole(
    records: Sequence[Record], names: Sequence[str], suite: Suite
) -> dict[str, list[Looked]]:
    """The runs of those algorithms that have all of them."""
    runs = {name: [Looked.of(r) for r in records if r.algorithm == name] for name in names}
    return {name: own for name, own in runs.items() if len(own) == suite.runs}
