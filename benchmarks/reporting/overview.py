"""Each condition by itself: who is ranked how, and how the algorithms learn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from agents.figure_style import INK, new_figure, plain
from benchmarks.evaluation.conditions import FAMILIES, FAMILY_NAMES
from benchmarks.leaderboard.study_tables import figure as figure_words
from benchmarks.reporting.estimates import millions, names, sentence
from benchmarks.reporting.looks import (
    legend_by_family,
    line_of,
    log_scale,
    marks_of,
    order_of,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_AXES = {"seconds": ("processor time [s]", 1.0), "steps": ("million control steps", 1e6)}
_SHOWN_FROM = {"seconds": 0.1, "steps": 2e4}


def condition_text(data: dict[str, Any], name: str) -> str:
    """Who is first at each limit, who is not told apart from it, and whose order changes."""
    condition = data["conditions"][name]
    said = [_first(limit, condition["limits"][limit["name"]]) for limit in data["limits"]]
    said = [words for words in said if words]
    if not said:
        return "No algorithm has all of its runs yet, so none is ranked."
    return " ".join([*said, *_short(data, condition), _crossings(condition)]).strip()


def _first(limit: dict[str, Any], found: dict[str, Any]) -> str:
    """Who has most at a limit, and who is not told apart from it."""
    ranked = [one for one in found["algorithms"] if one["rank"]]
    if not ranked:
        return ""
    top = ranked[0]["algorithm"]
    said = f"{sentence(limit['title'])} `{top}` has most, {figure_words(ranked[0])} targets"
    ties = [p["other"] for p in found["differences"] if p["one"] == top and not p["sure"]]
    if ties:
        return f"{said}; the runs do not tell it apart from {names(ties)}."
    return f"{said}, and is surely first." if len(ranked) > 1 else f"{said}; it is alone there."


def _short(data: dict[str, Any], condition: dict[str, Any]) -> list[str]:
    """Which algorithms some limits leave out."""
    found = []
    for limit in data["limits"]:
        ranked = condition["limits"][limit["name"]]["algorithms"]
        short = sorted(one["algorithm"] for one in ranked if one["short"])
        if short:
            verb = "is" if len(short) == 1 else "are"
            found.append(f"{names(short)} {verb} not trained for {limit['title'][6:]}.")
    return found


def _crossings(condition: dict[str, Any]) -> str:
    """Where a gradient method and an evolutionary one surely change places, by time."""
    found = [
        crossing
        for crossing in condition["crossings"]["seconds"]
        if FAMILIES[crossing["before"]] != FAMILIES[crossing["ahead"]]
    ]
    if not found:
        pairs = condition["limits"]["end"]["differences"]
        across = any(FAMILIES[pair["one"]] != FAMILIES[pair["other"]] for pair in pairs)
        none = "No gradient method and no evolutionary one surely change places over time."
        return none if across else ""
    said = [
        f"`{one['ahead']}` overtakes `{one['before']}` between {one['start']:.2g} and "
        f"{one['end']:.2g} s"
        for one in found
    ]
    return f"Across the families, by processor time: {'; '.join(said)}."


def condition_figure(data: dict[str, Any], name: str) -> Figure | None:
    """Learning curves against time and against steps; None where there are no runs."""
    curves = data["conditions"][name]["curves"]
    if not curves["steps"]:
        return None
    figure = new_figure((11, 4.3))
    panels = figure.subplots(1, 2, sharey=True)
    for axes, cost in zip(panels, _AXES):
        handles = _draw(axes, curves[cost], cost)
        words, _ = _AXES[cost]
        axes.set(xscale="log", xlabel=words, ylim=(0, None))
        log_scale(axes.xaxis)
    panels[0].set_ylabel("targets in 100 s (common courses)")
    for axes in panels:
        plain(axes)
    legend_by_family(panels[1], handles)
    figure.suptitle(f"{name}  ({data['suite']})", x=0.01, ha="left", color=INK, fontsize=11.5)
    return figure


def _draw(axes: Axes, curves: dict[str, Any], cost: str) -> dict[str, Any]:
    """One panel; what stands for each algorithm."""
    scale, handles = _AXES[cost][1], {}
    for algorithm in order_of([*curves]):
        curve, look = curves[algorithm], line_of(algorithm)
        shown = [i for i, spent in enumerate(curve["cost"]) if spent >= _SHOWN_FROM[cost]]
        x = [curve["cost"][i] / scale for i in shown]
        score, low, high = ([curve[key][i] for i in shown] for key in ("score", "low", "high"))
        (handles[algorithm],) = axes.plot(x, score, **look)
        axes.fill_between(x, low, high, color=look["color"], alpha=0.1, lw=0)
    return handles


def families_text(data: dict[str, Any]) -> str:
    """Which family is ahead where, pair by pair, and how soon each gets anywhere."""
    said = [_pairs_words(limit, data) for limit in data["limits"] if limit["name"] != "end"]
    said = [words for words in said if words]
    if not said:
        return "No condition has all runs of an algorithm of each family yet."
    intro = (
        "Held against each other are all pairs of a gradient method and an evolutionary one in "
        "the same condition."
    )
    return " ".join([intro, *said, _soon_words(data)])


def pairs(data: dict[str, Any], condition: str, limit: str) -> dict[str, int]:
    """How many pairs across the families are surely won by which, and how many by neither.

    Args:
        data: From `leaderboard.study.study_standings`.
        condition: Its name.
        limit: Its name.
    """
    counts = {**dict.fromkeys(FAMILY_NAMES, 0), "neither": 0}
    for pair in data["conditions"][condition]["limits"][limit]["differences"]:
        family, other = FAMILIES[pair["one"]], FAMILIES[pair["other"]]
        if family != other:
            counts[family if pair["sure"] else "neither"] += 1
    return counts


def _ranked_names(data: dict[str, Any]) -> list[str]:
    return [name for name, condition in data["conditions"].items() if condition["ranked"]]


def _pairs_words(limit: dict[str, Any], data: dict[str, Any]) -> str:
    found = [pairs(data, name, limit["name"]) for name in _ranked_names(data)]
    total = {key: sum(counts[key] for counts in found) for key in (*FAMILY_NAMES, "neither")}
    whole = sum(total.values())
    if not whole:
        return ""
    won, lost, open_ = (total[key] for key in (*FAMILY_NAMES, "neither"))
    return (
        f"{sentence(limit['title'])} the gradient method is surely better in {won} of {whole} "
        f"pairs, the evolutionary one in {lost}, and neither in {open_}."
    )


def _soon_words(data: dict[str, Any]) -> str:
    """The least that each family spends until the first level, in each condition."""
    said = []
    for name in _ranked_names(data):
        level = data["conditions"][name]["reached"][0]
        parts = [_soonest(level, family) for family in FAMILY_NAMES]
        if all(parts):
            said.append(f"in `{name}` {' and '.join(parts)}")
    if not said:
        return ""
    return f"{level['level']:g} targets cost least, in the median run: {'; '.join(said)}."


def _soonest(level: dict[str, Any], family: str) -> str:
    """Who of a family reaches a level with the fewest steps, and who in the least time."""
    own = {n: found for n, found in level["algorithms"].items() if FAMILIES[n] == family}
    parts = []
    for cost, show in (("steps", _steps_words), ("seconds", _seconds_words)):
        costs = {n: f[cost]["median"] for n, f in own.items() if f[cost]["median"] is not None}
        if costs:
            least = min(costs, key=lambda name: costs[name])
            parts.append(f"{show(costs[least])} (`{least}`)")
    return f"{family} {' or '.join(parts)}" if parts else ""


def _steps_words(steps: float) -> str:
    return f"{millions(steps)} million steps"


def _seconds_words(seconds: float) -> str:
    return f"{float(format(seconds, '.2g')):g} s"


def families_table(data: dict[str, Any]) -> list[list[str]]:
    """Pairs across the families by condition and limit, the head first."""
    limits = [limit for limit in data["limits"] if limit["name"] != "end"]
    head = [f"sure for gradient / evolution / neither ({data['suite']})"]
    rows = [[*head, *(limit["title"] for limit in limits)]]
    for name in _ranked_names(data):
        found = [pairs(data, name, limit["name"]) for limit in limits]
        cells = [" / ".join(map(str, counts.values())) for counts in found]
        rows.append([name, *cells])
    return rows


def families_figure(data: dict[str, Any]) -> Figure | None:
    """Every algorithm in every ranked condition, a panel for each limit; None without runs."""
    limits = [limit for limit in data["limits"] if limit["name"] != "end"]
    conditions = _ranked_names(data)
    figure = new_figure((12, 1.2 + 1.25 * len(conditions)))
    panels = figure.subplots(1, len(limits), sharey=True, sharex=True)
    handles: dict[str, Any] = {}
    for axes, limit in zip(panels, limits):
        for row, name in enumerate(conditions):
            found = data["conditions"][name]["limits"][limit["name"]]["algorithms"]
            handles |= _dots(axes, row, {one["algorithm"]: one for one in found if one["runs"]})
        axes.set_title(limit["title"], loc="left")
        axes.set_xlim(left=0)
    if not handles:
        return None
    panels[0].set_yticks(range(len(conditions)), conditions)
    panels[0].set_ylim(len(conditions) - 0.45, -0.55)
    figure.supxlabel("targets in 100 s", color=INK, fontsize=10.5)
    for axes in panels:
        plain(axes)
        axes.grid(visible=False, axis="y")
        for row in range(len(conditions) - 1):
            axes.axhline(row + 0.5, color="#d8c9a8", lw=1)
    legend_by_family(panels[-1], {name: handles[name] for name in order_of([*handles])})
    return figure


def _dots(axes: Axes, row: int, found: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """The algorithms of one condition below each other, each with its interval."""
    handles, order = {}, order_of([*FAMILIES])
    for algorithm, one in found.items():
        y, look = row - 0.4 + 0.8 * order.index(algorithm) / (len(order) - 1), marks_of(algorithm)
        axes.plot([one["low"], one["high"]], [y, y], color=look["color"], lw=1.4)
        (handles[algorithm],) = axes.plot(one["score"], y, **{**look, "ms": 5})
    return handles
