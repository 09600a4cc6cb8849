"""The standings as tables in Markdown and for a terminal: made from results, never typed."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Sequence
from typing import Any

from rich import box
from rich.console import JustifyMethod
from rich.table import Table
from rich.text import Text

from benchmarks.evaluation.suite import FILE
from benchmarks.leaderboard.markers import escape

Standing = dict[str, Any]
Column = tuple[str, Callable[[Standing], str]]

WIDTH = 100
"""Characters that the table of entries needs in a terminal."""

_NOTHING = "-"

TIES = (
    "Ranks such as 2-4 are of algorithms that the runs do not tell apart: for each and the one "
    "above it, the 95 % interval of the chance that a run of the one beats a run of the other "
    "holds 0.5."
)
"""What a group of ranks means."""

PLACES = (
    "An entry's rank is that of its score on private courses of its own. The difference to the one "
    "above is on the common courses that every entry walks, course by course, of their means, with "
    "its 95 % interval over courses; = is a tie: the interval holds 0. Places are the ranks that "
    "these differences leave open, all pairs taken together."
)
"""What the columns of a condition's board mean."""


def entries_rows(data: dict[str, Any], costs: bool = True) -> list[list[str]]:
    """The ranked entries, the head first; the last two columns are the ``costs`` of training."""
    ranked = data["suite"]["ranked"]
    unit = next(skill["unit"] for skill in data["suite"]["skills"] if skill["name"] == ranked)
    columns: tuple[Column, ...] = (
        ("#", lambda e: str(e["rank"])),
        ("policy", lambda e: e["name"] + " (!)" * bool(e["suspicious"])),
        ("algorithm", lambda e: e["algorithm"]),
        (unit, lambda e: _interval(e["skills"][ranked])),
        ("scale", lambda e: _number(e["skills"][ranked]["absolute"], ".0f")),
        ("speed [unit/s]", lambda e: f"{e['walk']['speed']:.1f}"),
        ("energy for 1000 units", lambda e: _energy(e["walk"]["energy_per_1000"])),
        ("first target [s]", lambda e: f"{e['walk']['first_target']:.1f}"),
        ("left turns", lambda e: _left(e["walk"])),
        ("million steps", lambda e: _number(e["budget"].get("steps"), ".2f", 1e-6)),
        ("CPU time [s]", lambda e: _number(e["budget"].get("cpu_seconds"), ",.0f")),
    )
    return _rows(columns if costs else columns[:-2], data["entries"])


def algorithms_rows(data: dict[str, Any], budget: str) -> list[list[str]]:
    """The algorithms ranked at a budget, the head first."""
    ranked = data["suite"]["ranked"]
    columns: tuple[Column, ...] = (
        ("#", lambda a: place_words(a["group"]) or _NOTHING),
        ("algorithm", lambda a: a["algorithm"]),
        ("runs", lambda a: str(a["runs"])),
        ("targets in 100 s", lambda a: _interval(a["skills"][ranked])),
        ("scale", lambda a: f"{a['skills'][ranked]['absolute']:.0f}"),
        ("worst to best run", _spread),
        ("million steps", lambda a: _millions(a["cost"]["steps"])),
        ("CPU time [s]", lambda a: f"{a['cost']['cpu_seconds']:,.0f}"),
    )
    return _rows(columns, data["algorithms"][budget])


def place_words(group: Sequence[int] | None) -> str:
    """A group of ranks that are not told apart, such as "2-4"; a bare rank; ``""`` for None."""
    return "-".join(str(rank) for rank in dict.fromkeys(group or ()))


def matrix_rows(data: dict[str, Any], who: Sequence[Standing], title: str) -> list[list[str]]:
    """How entries or algorithms do in every skill, on the absolute scale; the head first.

    Args:
        data: The standings.
        who: Entries, or algorithms at one budget.
        title: Head of the first column, which has their names.
    """
    skills = [skill["name"] for skill in data["suite"]["skills"]]
    columns: list[Column] = [(title, lambda one: one.get("name") or one["algorithm"])]
    for skill in skills:
        columns.append((skill, lambda one, s=skill: _number(one["skills"][s]["absolute"], ".0f")))  # type: ignore[misc]
    return _rows(columns, who)


def top_markdown(data: dict[str, Any], count: int) -> str:
    """The first ``count`` entries of a condition, in as few columns as say who they are.

    Args:
        data: Of the condition, from `condition_boards.ConditionBoard`.
        count: How many are shown.
    """
    rows = condition_rows(data, costs=False)
    shown = [rows[0].index(name) for name in ("#", "places", "policy", "algorithm")]
    shown += [shown[-1] + 1, *([rows[0].index("scale")] if _has_scale(data) else [])]
    return markdown_table([[row[i] for i in shown] for row in rows[: count + 1]], (2, 3))


def entries_markdown(data: dict[str, Any]) -> str:
    """All ranked entries, with a note below."""
    again = "`python -m benchmarks verify` evaluates all of it again."
    return f"{ranking_markdown(data)} {again}"


def boards_markdown(boards: Sequence[tuple[str, dict[str, Any]]]) -> str:
    """The open boards as one table.

    Args:
        boards: The title and the data of each, see `boards.OpenBoard`.
    """
    rows: list[list[str]] = []
    for title, data in boards:
        head, *found = board_rows(data)
        rows = rows or [["body", *head]]
        rows += [[title, *row] for row in found]
    return markdown_table(rows, (0, 2, 3)) if rows else "No entries yet."


def board_rows(data: dict[str, Any], costs: bool = True) -> list[list[str]]:
    """Entries as `entries_rows` has them, without the scale: raw targets."""
    head, *rows = entries_rows(data, costs)
    scale = head.index("scale")
    return [row[:scale] + row[scale + 1 :] for row in (head, *rows)]


def condition_rows(data: dict[str, Any], costs: bool = True) -> list[list[str]]:
    """A condition's entries, the head first; no scale where there is none.

    Beside the rank stand the places that the common courses leave open, and how much better each is
    on them than the one above it. The last two columns are the ``costs`` of training.
    """
    head, *rows = entries_rows(data, costs) if _has_scale(data) else board_rows(data, costs)
    score = head.index("algorithm") + 2
    ties = [["places", *(place_words(e["places"]) for e in data["entries"])]]
    ties.append(["to the one above", *(_above(e["above"]) for e in data["entries"])])
    return [
        [row[0], place, *row[1:score], above, *row[score:]]
        for row, place, above in zip((head, *rows), *ties)
    ]


def conditions_markdown(boards: Sequence[tuple[str, dict[str, Any]]]) -> str:
    """The boards of several conditions, a table for each that has entries, with one note.

    Args:
        boards: Name and data of each, see `condition_boards.ConditionBoard`.
    """
    shown = [(name, data) for name, data in boards if data["entries"]]
    parts = [
        f"`{name}`, {data['title']}:\n\n{markdown_table(condition_rows(data), (2, 3))}"
        for name, data in shown
    ]
    return "\n\n".join([*parts, PLACES]) if shown else "No entries yet."


def _has_scale(data: dict[str, Any]) -> bool:
    ranked = data["suite"]["ranked"]
    return any(e["skills"][ranked]["absolute"] is not None for e in data["entries"])


def _above(difference: dict[str, float] | None) -> str:
    """The difference with its interval; ``=`` where that holds 0."""
    if difference is None:
        return _NOTHING
    figure = {**difference, "score": difference["difference"]}
    return ("= " if difference["tie"] else "") + _interval(figure, "+.1f")


def ranking_markdown(data: dict[str, Any]) -> str:
    """Ranked reports as a table with a note below it."""
    return f"{markdown_table(entries_rows(data), (1, 2))}\n\n{note(data)}"


def note(data: dict[str, Any]) -> str:
    """What the figures of ranked reports mean."""
    suite = data["suite"]
    courses = f"{suite['private']} course{'s' * (suite['private'] > 1)}"
    meaning = (
        f"Suite {suite['version']}, physics {suite['physics']}: interquartile mean over "
        f"{courses} that come from the {_whose(suite)}'s own hash, with its 95 % "
        "bootstrap interval. Scale: standing still is 0, the gait written by hand 100. Left turns: "
        "of the walker, in brackets of its courses. (!): much better on the public courses."
    )
    return " ".join([*data.get("remarks", ()), meaning])


def _whose(suite: dict[str, Any]) -> str:
    return "policy file" if suite["identity"] == FILE else "walker"


def algorithms_markdown(data: dict[str, Any]) -> str:
    """The ranking of algorithms, a table for each budget."""
    parts = []
    for budget in data["suite"]["budgets"]:
        limit = (
            f"{budget['steps']:,} control steps"
            if budget["steps"] is not None
            else f"{budget['cpu_seconds']:g} s of processor time"
        )
        rows = algorithms_rows(data, budget["name"])
        table = markdown_table(rows, (1,)) if len(rows) > 1 else "No runs yet."
        parts.append(f"After {limit}:\n\n{table}")
    return "\n\n".join([*parts, TIES])


def reached_markdown(data: dict[str, Any], budget: str) -> str:
    """How soon the algorithms reach certain scores at a budget, the soonest first."""
    who = data["algorithms"][budget]
    levels = [found["level"] for found in who[0]["reached"]] if who else []
    columns: list[Column] = [("algorithm", lambda a: a["algorithm"])]
    for i, level in enumerate(levels):
        title = f"{level:g} targets"
        columns += [
            (f"{title} after [s]", lambda a, i=i: _soon(a, i, "cpu_seconds", "{:.1f}".format)),  # type: ignore[misc]
            ("million steps", lambda a, i=i: _soon(a, i, "steps", _millions)),  # type: ignore[misc]
            ("runs", lambda a, i=i: _share(a["reached"][i]["runs"])),  # type: ignore[misc]
        ]
    return markdown_table(_rows(columns, sorted(who, key=_soonest)), (0,))


def skills_markdown(data: dict[str, Any]) -> str:
    """How the entries do in every skill."""
    return markdown_table(matrix_rows(data, data["entries"], "policy"), (0,))


def matrix_markdown(data: dict[str, Any]) -> str:
    """How the algorithms do in every skill, a table for each budget."""
    parts = []
    for name, algorithms in data["algorithms"].items():
        if algorithms:
            rows = matrix_rows(data, algorithms, f"algorithm, budget {name}")
            parts.append(markdown_table(rows, (0,)))
    return "\n\n".join(parts)


def markdown_table(rows: Sequence[Sequence[str]], texts: Sequence[int]) -> str:
    """Rows, the head first, as a table in Markdown.

    Args:
        rows: Cells; all rows are of one length.
        texts: Columns that are aligned left, whose markup is escaped; numbers are aligned right.
    """
    ruler = ["---" if i in texts else "---:" for i in range(len(rows[0]))]
    body = [[escape(c) if i in texts else c for i, c in enumerate(row)] for row in rows[1:]]
    return "\n".join("| " + " | ".join(line) + " |" for line in (rows[0], ruler, *body))


def terminal(rows: Sequence[Sequence[str]], title: str, texts: Sequence[int] = (1, 2)) -> Table:
    """Rows, the head first, as a table for a terminal.

    Args:
        rows: Cells; all rows are of one length.
        title: Above the table.
        texts: Columns that are aligned left and may be wrapped; numbers are aligned right.
    """
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), title=title, title_justify="left")
    for i, name in enumerate(rows[0]):
        side: JustifyMethod = "left" if i in texts else "right"
        least = 8 if i in texts else None
        words = Text(name.replace(" ", "\n"))
        table.add_column(words, justify=side, no_wrap=i not in texts, min_width=least)
    for row in rows[1:]:
        table.add_row(*(Text(cell) for cell in row))
    return table


def _rows(columns: Sequence[Column], who: Sequence[Standing]) -> list[list[str]]:
    head = [title for title, _ in columns]
    return [head, *([cell(one) for _, cell in columns] for one in who)]


def _interval(figure: dict[str, float], form: str = ".1f") -> str:
    score, low, high = (format(figure[name], form) for name in ("score", "low", "high"))
    return f"{score} [{low}, {high}]"


def _number(value: float | None, form: str, scale: float = 1.0) -> str:
    return _NOTHING if value is None else format(value * scale, form)


def _energy(value: float | None) -> str:
    return _number(value, ".2f") if value is None or value < 1000 else ">999"  # it hardly moved


def _left(walk: dict[str, float | None]) -> str:
    walker, course = walk["left_share"], walk["course_left_share"]
    return _NOTHING if walker is None or course is None else f"{walker:.0%} ({course:.0%})"


def _costs(algorithm: Standing, level: int, cost: str) -> list[float]:
    """What each run spent until a level, rising; infinite where a run never reached it."""
    runs = algorithm["reached"][level]["runs"]
    return sorted(math.inf if run is None else run[cost] for run in runs)


def _soon(algorithm: Standing, level: int, cost: str, show: Callable[[float], str]) -> str:
    """The median over runs and in brackets the slowest that reached it."""
    costs = _costs(algorithm, level, cost)
    middle = statistics.median(costs)
    if middle == math.inf:
        return _NOTHING
    return f"{show(middle)} ({show(max(one for one in costs if one < math.inf))})"


def _millions(steps: float) -> str:
    millions = steps / 1e6
    return f"{millions:.{1 if millions >= 1 else 2}f}"


def _soonest(algorithm: Standing) -> list[float]:
    levels = range(len(algorithm["reached"]))
    return [statistics.median(_costs(algorithm, i, "cpu_seconds")) for i in reversed(levels)]


def _share(runs: Sequence[object]) -> str:
    return f"{sum(run is not None for run in runs)} of {len(runs)}"


def _spread(algorithm: Standing) -> str:
    scores = [seed["score"] for seed in algorithm["seeds"]]
    return f"{min(scores):.1f} to {max(scores):.1f}"
