"""The standings of suite 2 as Markdown tables; each says of which suite it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from benchmarks.leaderboard.tables import markdown_table, place_words

NOTHING = "-"

MEANING = (
    "In square brackets the 95 % interval over whole runs and courses. A rank such as 2-4: the "
    "runs tell no more than that it lies there; with a chance of 95 % all ranks of a column are "
    "right at once. No rank: runs are missing, so many of so many are there."
)
"""What figures and ranks mean."""


def condition_table(data: dict[str, Any], name: str) -> str:
    """One condition: the figure and the rank of each algorithm at each limit.

    Args:
        data: From `study.study_standings`.
        name: Of the condition.
    """
    condition, limits = data["conditions"][name], data["limits"]
    found = {limit["name"]: _by_name(condition, limit["name"]) for limit in limits}
    order = dict.fromkeys(one["algorithm"] for one in _listed(condition))
    rows = [["algorithm", "family", *(limit["title"] for limit in limits)]]
    for algorithm in order:
        cells = [cell(found[limit["name"]][algorithm]) for limit in limits]
        rows.append([algorithm, condition["algorithms"][algorithm]["family"], *cells])
    return f"{caption(data, name)}\n\n{markdown_table(rows, (0, 1))}"


def reached_table(data: dict[str, Any], name: str) -> str:
    """What certain scores cost in a condition: the median run, in million steps and in seconds."""
    condition = data["conditions"][name]
    rows = [["algorithm"]]
    for one in condition["reached"]:
        title = level_words(one)
        rows[0] += [f"{title}: million steps", "seconds", "runs"]
    for algorithm in (one["algorithm"] for one in _listed(condition)):
        row = [algorithm]
        for one in condition["reached"]:
            costs = one["algorithms"].get(algorithm)
            row += _cost_cells(costs, condition["algorithms"][algorithm]["runs"])
        rows.append(row)
    return f"{caption(data, name)}\n\n{markdown_table(rows, (0,))}"


def limit_table(data: dict[str, Any], name: str, limit: str) -> str:
    """One ranking in full.

    Args:
        data: From `study.study_standings`.
        name: Of the condition.
        limit: Name of the limit.
    """
    condition = data["conditions"][name]
    rows = [["#", "algorithm", "runs", "targets in 100 s", "last policy", "worst to best run"]]
    rows[0] += ["million steps", "seconds"]
    for one in condition["limits"][limit]["algorithms"]:
        scores = [run["score"] for run in one["seeds"]]
        rows.append(
            [
                place_words(one["ranks"]) or NOTHING,
                one["algorithm"],
                f"{one['runs']} of {one['planned']}",
                figure(one),
                figure(one["last"] or one),
                f"{min(scores):.1f} to {max(scores):.1f}" if scores else NOTHING,
                NOTHING if one["steps"] is None else f"{one['steps'] / 1e6:.3g}",
                NOTHING if one["seconds"] is None else f"{one['seconds']:,.3g}",
            ]
        )
    return f"{caption(data, name, limit)}\n\n{markdown_table(rows, (1,))}"


def study_markdown(data: dict[str, Any]) -> str:
    """All rankings of all ranked conditions that have runs."""
    parts = []
    for name, condition in data["conditions"].items():
        if condition["ranked"]:
            parts.append(f"### {heading(name, condition)}")
            parts += [
                limit_table(data, name, limit)
                for limit, found in condition["limits"].items()
                if any(one["runs"] for one in found["algorithms"])
            ] or [caption(data, name)]
    return "\n\n".join([*parts, MEANING])


def first_markdown(data: dict[str, Any]) -> str:
    """Who may be first in each ranked condition at each limit but the end, in one table."""
    limits = [limit for limit in data["limits"] if limit["name"] != "end"]
    rows = [[f"condition ({data['suite']})", *(limit["title"] for limit in limits)]]
    for name, condition in data["conditions"].items():
        if condition["ranked"]:
            found = [condition["limits"][limit["name"]]["algorithms"] for limit in limits]
            rows.append([name, *(_first(ranked) for ranked in found)])
    return markdown_table(rows, range(len(rows[0])))


def heading(name: str, condition: dict[str, Any]) -> str:
    """Of the part about a condition."""
    return f"{name}: {condition['title']}"


def caption(data: dict[str, Any], name: str, limit: str | None = None) -> str:
    """Of which suite, condition, limit and physics a table is, and how many runs are there.

    Args:
        data: From `study.study_standings`.
        name: Of the condition.
        limit: Name of the limit; None: the table is of all.
    """
    condition = data["conditions"][name]
    runs = sum(one["runs"] for one in condition["algorithms"].values())
    planned = sum(one["planned"] for one in condition["algorithms"].values())
    titles = [one["title"] for one in data["limits"] if one["name"] == limit]
    words = [f"`{data['suite']}`", f"`{name}`", *titles, f"physics {condition['physics']}"]
    return f"{', '.join(words)}; {runs} of {planned} runs:"


def cell(one: dict[str, Any]) -> str:
    """A figure with its interval and rank, or why there is none."""
    if one["short"]:
        return "runs end before"
    if one["rank"] is None:
        there = f"{one['runs']} of {one['planned']} runs"
        there += f", {one['ended']} ended before" if one["ended"] else ""
        return there if one["score"] is None else f"{figure(one)}, {there}"
    return f"{figure(one)} #{place_words(one['ranks'])}"


def figure(one: dict[str, Any]) -> str:
    """A figure with its interval."""
    if one["score"] is None:
        return NOTHING
    return f"{one['score']:.1f} [{one['low']:.1f}, {one['high']:.1f}]"


def level_words(one: dict[str, Any]) -> str:
    """A score whose cost is told."""
    targets = f"{one['level']:.3g} targets"
    return targets if one["share"] is None else f"{targets} ({one['share']:.0%} of the best)"


def cost_words(cost: dict[str, float | None], form: str = ".2g", scale: float = 1.0) -> str:
    """A median cost with its interval.

    Args:
        cost: See `curves.Reached`; None is infinite.
        form: Of each number.
        scale: They are multiplied by this.
    """

    def shown(value: float | None) -> str:
        return "never" if value is None else f"{float(format(scale * value, form)):,g}"

    median, low, high = (cost[name] for name in ("median", "low", "high"))
    return "never" if median is None else f"{shown(median)} [{shown(low)}, {shown(high)}]"


def _cost_cells(costs: dict[str, Any] | None, runs: int) -> list[str]:
    if costs is None:
        return [NOTHING, NOTHING, NOTHING]
    steps, seconds = costs["steps"], costs["seconds"]
    there = f"{round(steps['share'] * runs)} of {runs}"
    return [cost_words(steps, scale=1e-6), cost_words(seconds), there]


def _by_name(condition: dict[str, Any], limit: str) -> dict[str, dict[str, Any]]:
    return {one["algorithm"]: one for one in condition["limits"][limit]["algorithms"]}


def _listed(condition: dict[str, Any]) -> Sequence[dict[str, Any]]:
    """In the order at the end."""
    return condition["limits"]["end"]["algorithms"]


def _first(ranked: Sequence[dict[str, Any]]) -> str:
    """Those that may be first, the best figure first; before that how many runs there are."""
    whole = [one for one in ranked if one["ranks"] and one["ranks"][0] == 1]
    if whole:
        return f"{', '.join(one['algorithm'] for one in whole)}: {figure(whole[0])}"
    runs, planned = (sum(one[name] for one in ranked) for name in ("runs", "planned"))
    there = f"{runs} of {planned} runs"
    best = max(ranked, key=lambda one: one["score"] or 0.0, default=None)
    if best is None or best["score"] is None:
        return there
    return f"{there}; so far most: {best['algorithm']} {figure(best)}"
