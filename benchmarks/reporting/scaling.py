"""The scaling curve: centipedes that differ in nothing but their number of segments."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from agents.figure_style import new_figure, plain
from benchmarks.evaluation.comparison import compare
from benchmarks.evaluation.conditions import SCALING
from benchmarks.leaderboard.study_tables import cost_words, figure
from benchmarks.reporting.estimates import Estimate, sentence
from benchmarks.reporting.looks import legend_of_all, line_of, log_scale, marks_of
from benchmarks.study.collection import LIMITS, Collection, Limit

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ALGORITHMS = ("snes", "ppo", "sac")

_SHOWN = (LIMITS[0], LIMITS[3])  # a million steps, 120 s


def scaling_rows(data: dict[str, Any]) -> list[list[str]]:
    """Score and cost by the number of commands, the head first.

    Args:
        data: From `leaderboard.study.study_standings`.
    """
    heads = [limit.title for limit in _SHOWN]
    rows = [[f"body ({data['suite']})", "commands", "algorithm", "runs", *heads]]
    rows[0] += ["10 targets: million steps", "seconds"]
    for name in _there(data):
        condition = data["conditions"][name]
        for algorithm in _trained(condition):
            found = [_standing(condition, limit, algorithm) for limit in _SHOWN]
            about = condition["algorithms"][algorithm]
            row = [name, str(condition["commands"]), algorithm]
            row += [f"{about['runs']} of {about['planned']}", *map(figure, found)]
            costs = condition["reached"][0]["algorithms"].get(algorithm)
            scales = {"steps": 1e-6, "seconds": 1.0}
            row += [cost_words(costs[c], scale=x) if costs else "-" for c, x in scales.items()]
            rows.append(row)
    return rows


def _there(data: dict[str, Any]) -> list[str]:
    return [name for name in SCALING if name in data["conditions"]]


def _trained(condition: dict[str, Any]) -> list[str]:
    return [name for name in ALGORITHMS if name in condition["algorithms"]]


def _standing(condition: dict[str, Any], limit: Limit, algorithm: str) -> dict[str, Any]:
    ranked = condition["limits"][limit.name]["algorithms"]
    return next(one for one in ranked if one["algorithm"] == algorithm)


def scaling_text(found: Collection, data: dict[str, Any]) -> str:
    """Whether the longest body that all runs are there of is worse than the shortest."""
    said = [_trend(found, data, limit, name) for limit in _SHOWN for name in ALGORITHMS]
    return (
        " ".join(filter(None, said))
        or "No algorithm has all its runs on two of the centipedes yet."
    )


def _trend(found: Collection, data: dict[str, Any], limit: Limit, algorithm: str) -> str:
    runs = {name: found.complete(name, algorithm, limit) for name in _there(data)}
    whole = [name for name, kept in runs.items() if kept]
    if len(whole) < 2:
        return ""
    tables = [np.stack([k.record.scores[k.best] for k in runs[n]]) for n in (whole[-1], whole[0])]
    pair = compare(tables[0], tables[1], np.random.default_rng(0))
    gain = Estimate(pair.difference, pair.low, pair.high, 0)
    verdict = gain.choose("surely better", "surely worse", "not surely other")
    long, short = (data["conditions"][name]["commands"] for name in (whole[-1], whole[0]))
    return (
        f"{sentence(limit.title)} `{algorithm}` is {verdict} with {long} commands than with "
        f"{short} ({gain.words('+.1f')} targets)."
    )


def scaling_figure(data: dict[str, Any]) -> Figure | None:
    """Score and cost against the number of commands."""
    there = [data["conditions"][name] for name in _there(data)]
    if not any(one["runs"] for c in there for one in c["algorithms"].values()):
        return None
    figure = new_figure((13, 3.8))
    panels = figure.subplots(1, 4)
    for axes, limit in zip(panels, _SHOWN):
        for name in ALGORITHMS:
            own = [c for c in there if name in _trained(c)]
            points = [(c["commands"], _standing(c, limit, name)) for c in own]
            known = [(x, one["score"], one["low"], one["high"]) for x, one in points if one["runs"]]
            _draw(axes, name, known)
        axes.set_title(limit.title, loc="left")
        axes.set(ylabel="targets in 100 s", ylim=(0, None))
    for axes, (cost, scale, words) in zip(
        panels[2:], (("steps", 1e6, "million steps"), ("seconds", 1.0, "seconds"))
    ):
        for name in ALGORITHMS:
            _draw(axes, name, _cost_points(there, name, cost, scale))
        axes.set_title("cost of 10 targets", loc="left")
        axes.set(ylabel=words, yscale="log")
        log_scale(axes.yaxis)
    for axes in panels:
        axes.set(xlabel="commands")
        plain(axes)
    legend_of_all(figure)
    return figure


def _cost_points(
    there: list[dict[str, Any]], name: str, cost: str, scale: float
) -> list[tuple[float, float, float, float]]:
    points = []
    for condition in there:
        found = condition["reached"][0]["algorithms"].get(name)
        if found and None not in (found[cost][end] for end in ("median", "low", "high")):
            ends = (found[cost][end] / scale for end in ("median", "low", "high"))
            points.append((condition["commands"], *ends))
    return points


def _draw(axes: Axes, name: str, points: list[tuple[float, float, float, float]]) -> None:
    if points:
        x, middle, low, high = zip(*points)
        look = marks_of(name) | {"ls": line_of(name)["linestyle"], "lw": line_of(name)["lw"]}
        axes.plot(x, middle, **look, label=name)
        axes.vlines(x, low, high, color=look["color"], lw=1.2)
