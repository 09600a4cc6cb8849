"""The standings of suite 2 as data: a ranking for each condition and limit, from records alone.

`study_standings` gives one JSON-ready dict, in which nothing is guessed: an algorithm that lacks a
run has figures from the runs there are, and no rank.

- ``suite``: version; ``candidates``, ``common``, ``validation``: as in `conditions`;
- ``runs``: ``{"found", "planned", "resumed"}``; ``commits``, ``machines``: sorted lists;
- ``limits``: list of ``{"name", "title", "steps", "seconds"}``, see `collection.LIMITS`;
- ``conditions``: name -> ``title``, ``ranked``, ``body``, ``commands`` (width of an action),
  ``settings``, ``physics``, ``digest``, ``algorithms`` and the parts below. ``algorithms``: name ->
  ``{"family", "planned", "runs", "steps", "resumed"}``: how many runs there are to be and are, how
  long they are to be [control step], how many of them were stopped and went on.
- ``limits``: limit -> ``algorithms`` (list of `Standing`, ranked ones first and best first) and
  ``differences``: list of ``{"one", "other", "difference", "low", "high", "better", "better_low",
  "better_high", "sure"}``, every pair of ranked ones once, the better one first; see
  `comparison.Difference`; ``sure``: all pairs of the limit together, see `comparison.rank`;
- ``curves``: ``"steps"`` and ``"seconds"`` -> algorithm -> ``{"cost", "score", "low", "high"}``,
  lists: the policy as it was, not the best so far, from the first look of all runs there are to
  the end of the shortest;
- ``reached``: list of ``{"level", "share", "algorithms"}``: a score (``share``: of the condition's
  best figure at the end, or None), and algorithm -> ``"steps"`` and ``"seconds"`` -> ``{"median",
  "low", "high", "coverage", "share"}``, see `curves.Reached`; None where it is infinite;
- ``crossings``: ``"steps"`` and ``"seconds"`` -> list of ``{"before", "ahead", "start", "end",
  "estimate"}``: up to ``start`` the one was surely ahead, from ``end`` on the other one is.

A `Standing` is ``algorithm``, ``family``, ``rank`` (by figure; None where a run lacks), ``ranks``
(``[best, worst]`` that it may have, see `comparison.rank`), ``runs``, ``planned``, ``short`` (its
runs are planned to end before the limit), ``ended`` (how many of its runs did), ``score``, ``low``,
``high`` (the policy that validation chooses among the last looks; figure: `intervals.run_score`),
``last`` (the same three of the last look's policy), ``seeds`` (list of ``{"seed", "score", "last",
"steps", "seconds"}``), ``steps`` and ``seconds``: medians of what the runs had spent; figures are
None where there is no run.
"""

from __future__ import annotations

import dataclasses
import itertools
import math
from collections.abc import Mapping, Sequence
from statistics import median
from typing import Any, Protocol, cast

import numpy as np

from benchmarks.evaluation.comparison import Difference, Ranking, rank
from benchmarks.evaluation.conditions import (
    CANDIDATES,
    COMMON,
    FAMILIES,
    VALIDATION,
    VERSION,
    Condition,
)
from benchmarks.evaluation.curves import Reached, compare_curves, reached
from benchmarks.evaluation.intervals import (
    Draws,
    draw_courses,
    draw_runs,
    resample,
    run_interval,
    run_score,
)
from benchmarks.evaluation.stats import cost_of, scores_at
from benchmarks.study.collection import LIMITS, Collection, Kept, Limit
from benchmarks.study.record import Record
from walker_env.observation import ACTION, width

LEVELS = (10.0, 20.0)
"""Targets in 100 s of which it is said what they cost."""

SHARE = 0.8
"""And this share of the best figure of the condition."""

COSTS = ("steps", "seconds")
"""In which learning is measured."""

PER_DECADE, RACED = 8, 6
"""Points of a curve, and of those that are held against each other, for each decade of costs."""

CURVE_SAMPLES, RACE_SAMPLES = 1000, 500
"""Resampled sets behind a curve's band, and behind a crossing."""


class Looked(Protocol):
    """A run of L looks, on C courses each: a `Record`, or what there is of an older one."""

    @property
    def steps(self) -> np.ndarray:
        """``(L,)``, control steps so far."""

    @property
    def seconds(self) -> np.ndarray:
        """``(L,)``, processor time so far [s]."""

    @property
    def scores(self) -> np.ndarray:
        """``(L, C)``."""


def study_standings(found: Collection) -> dict[str, Any]:
    """Work out all rankings; see the head of this file."""
    conditions = {one.name: condition_standings(found, one) for one in found.conditions}
    return {**study_head(found), "conditions": conditions}


def study_head(found: Collection) -> dict[str, Any]:
    """All but the conditions, which take a while."""
    records = found.all()
    return {
        "suite": VERSION,
        "candidates": CANDIDATES,
        "common": COMMON,
        "validation": VALIDATION,
        "runs": {
            "found": len(records),
            "planned": found.planned(),
            "resumed": sum(bool(record.about.resumed) for record in records),
        },
        "commits": sorted({record.about.commit for record in records}),
        "machines": sorted({_machine(record) for record in records}),
        "limits": [dataclasses.asdict(limit) for limit in LIMITS],
    }


def condition_standings(found: Collection, condition: Condition) -> dict[str, Any]:
    """All of one condition."""
    body = condition.options.body
    there = {name: found.of(condition.name, name) for name in condition.seeds}
    there = {name: records for name, records in there.items() if records}
    limits = {limit.name: _at(found, condition, limit) for limit in LIMITS}
    return {
        "title": condition.title,
        "ranked": condition.ranked,
        "body": body.name,
        "commands": width(ACTION, body),
        "settings": dict(condition.settings),
        "physics": condition.suite.physics,
        "digest": condition.digest,
        "algorithms": {
            name: {
                "family": FAMILIES[name],
                "planned": planned,
                "runs": len(there.get(name, ())),
                "steps": condition.steps[name],
                "resumed": sum(bool(record.about.resumed) for record in there.get(name, ())),
            }
            for name, planned in condition.seeds.items()
        },
        "limits": limits,
        "curves": {cost: {n: _curve(r, cost) for n, r in there.items()} for cost in COSTS},
        "reached": [_reached(there, *level) for level in _levels(limits["end"]["algorithms"])],
        "crossings": {cost: crossings(_whole(found, condition), cost) for cost in COSTS},
    }


def _machine(record: Record) -> str:
    machine = record.about.machine
    return ", ".join(str(machine[name]) for name in ("processor", "system") if name in machine)


def _at(found: Collection, condition: Condition, limit: Limit) -> dict[str, Any]:
    """The ranking at a limit."""
    runs = {name: found.at(condition.name, name, limit) for name in condition.seeds}
    standings = {name: _standing(condition, name, limit, kept) for name, kept in runs.items()}
    for name, one in standings.items():
        steps, records = condition.steps[name], found.of(condition.name, name)
        one["ended"] = sum(limit.ended(record, steps) for record in records)
    whole = [name for name, one in standings.items() if one["runs"] == one["planned"]]
    ranking = rank([_scores(runs[n]) for n in whole], np.random.default_rng(0)) if whole else None
    for name, kept in runs.items():
        if ranking is not None and name in whole:
            standings[name].update(_ranked(ranking, whole.index(name)))
        elif kept:
            standings[name].update(_figure(_scores(kept)))
    return {
        "algorithms": sorted(standings.values(), key=_place),
        "differences": _differences(ranking, whole) if ranking is not None else [],
    }


def _ranked(ranking: Ranking, i: int) -> dict[str, Any]:
    """What a ranking says of the one at place i in it."""
    score, (low, high) = ranking.scores[i], ranking.intervals[i]
    better = sum(other > score for other in ranking.scores)
    ends = {"low": low, "high": high}
    return {"rank": 1 + better, "ranks": [*ranking.ranks[i]], "score": score, **ends}


def _differences(ranking: Ranking, names: Sequence[str]) -> list[dict[str, Any]]:
    """Every pair once, the better one first."""
    order = sorted(range(len(names)), key=lambda i: -ranking.scores[i])
    return [
        {
            "one": names[i],
            "other": names[j],
            **dataclasses.asdict(cast("Difference", ranking.differences[i][j])),
            "sure": bool(ranking.surely_better[i, j]),
        }
        for place, i in enumerate(order)
        for j in order[place + 1 :]
    ]


def _place(one: dict[str, Any]) -> tuple[bool, float, str]:
    return one["rank"] is None, -(one["score"] or 0.0), one["algorithm"]


def _standing(
    condition: Condition, algorithm: str, limit: Limit, kept: Sequence[Kept]
) -> dict[str, Any]:
    last = [one.record.scores[one.last] for one in kept]
    spent = {cost: [float(getattr(k.record, cost)[k.last]) for k in kept] for cost in COSTS}
    return {
        "algorithm": algorithm,
        "family": FAMILIES[algorithm],
        "rank": None,
        "ranks": None,
        "runs": len(kept),
        "planned": condition.seeds[algorithm],
        "short": limit.steps is not None and condition.steps[algorithm] < limit.steps,
        **dict.fromkeys(("score", "low", "high")),
        "last": _figure(np.stack(last)) if kept else None,
        "seeds": [
            {
                "seed": one.record.about.seed,
                "score": one.score(),
                "last": float(row.mean(dtype=np.float64)),
                "steps": int(steps),
                "seconds": seconds,
            }
            for one, row, steps, seconds in zip(kept, last, spent["steps"], spent["seconds"])
        ],
        **{cost: median(values) if values else None for cost, values in spent.items()},
    }


def _scores(kept: Sequence[Kept]) -> np.ndarray:
    """Of the chosen policies on the common courses, ``(R, C)``."""
    return np.stack([one.record.scores[one.best] for one in kept]).astype(np.float64)


def _figure(scores: np.ndarray) -> dict[str, float]:
    low, high = run_interval(scores, np.random.default_rng(0))
    return {"score": run_score(scores), "low": low, "high": high}


def _grid(records: Sequence[Looked], cost: str, density: int) -> np.ndarray:
    """Costs at which every run has been looked at, evenly spaced on a log axis."""
    spent = [np.asarray(getattr(record, cost), np.float64) for record in records]
    start, end = max(costs[0] for costs in spent), min(costs[-1] for costs in spent)
    if not 0 < start < end:
        return np.array([end])
    points = 2 + int(density * math.log10(end / start))
    grid = np.geomspace(start, end, points)
    grid[[0, -1]] = start, end
    return grid


def _read(records: Sequence[Looked], cost: str, grid: np.ndarray) -> np.ndarray:
    """What the runs scored at certain costs, ``(R, K, C)``."""
    return np.stack([scores_at(getattr(r, cost), r.scores, grid) for r in records])


def _curve(records: Sequence[Record], cost: str) -> dict[str, list[float]]:
    grid, rng = _grid(records, cost, PER_DECADE), np.random.default_rng(0)
    scores = _read(records, cost, grid)
    runs, _, courses = scores.shape
    counts = draw_courses(courses, CURVE_SAMPLES, rng)
    draws = Draws(draw_runs(runs, CURVE_SAMPLES, rng), counts)
    found = [resample(scores[:, k], draws) for k in range(len(grid))]
    ends = [one.spread().interval(one.score) for one in found]
    return {
        "cost": grid.tolist(),
        "score": [one.score for one in found],
        "low": [low for low, _ in ends],
        "high": [high for _, high in ends],
    }


def _levels(ranked: Sequence[dict[str, Any]]) -> list[tuple[float, float | None]]:
    """Scores whose cost is told, with the share of the best that they are."""
    best = [one["score"] for one in ranked if one["rank"] == 1]
    return [*((level, None) for level in LEVELS), *((SHARE * score, SHARE) for score in best[:1])]


def _reached(there: dict[str, list[Record]], level: float, share: float | None) -> dict[str, Any]:
    found = {
        name: {cost: _costs(records, cost, level) for cost in COSTS}
        for name, records in there.items()
    }
    return {"level": level, "share": share, "algorithms": found}


def _costs(records: Sequence[Record], cost: str, level: float) -> dict[str, float | None]:
    curves = [(getattr(r, cost), r.scores.mean(axis=1, dtype=np.float64)) for r in records]
    found: Reached = reached([cost_of(costs, scores, level) for costs, scores in curves])
    told = dataclasses.asdict(found)
    return {name: value if math.isfinite(value) else None for name, value in told.items()}


def _whole(found: Collection, condition: Condition) -> dict[str, list[Record]]:
    """The runs of those algorithms that have all of them."""
    runs = {name: found.complete(condition.name, name, LIMITS[-1]) for name in condition.seeds}
    return {name: [one.record for one in kept] for name, kept in runs.items() if kept}


def crossings(whole: Mapping[str, Sequence[Looked]], cost: str) -> list[dict[str, Any]]:
    """Where the order of two algorithms surely changes, of all pairs.

    Args:
        whole: Algorithm -> its runs.
        cost: One of `COSTS`.
    """
    changes = []
    for one, other in itertools.combinations(whole, 2):
        grid = _grid([*whole[one], *whole[other]], cost, RACED)
        scores, others = (_read(whole[name], cost, grid) for name in (one, other))
        raced = compare_curves(grid, scores, others, np.random.default_rng(0), samples=RACE_SAMPLES)
        for crossing in raced.crossings:
            pair = (other, one) if crossing.ahead == 0 else (one, other)
            changes.append(
                {
                    "before": pair[0],
                    "ahead": pair[1],
                    "start": crossing.after,
                    "end": crossing.before,
                    "estimate": crossing.estimate,
                }
            )
    return changes
