"""The ranked table, made from result files and never typed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path

from rich import box
from rich.console import JustifyMethod
from rich.table import Table
from rich.text import Text

from benchmarks.evaluation.evaluate import Result, ResultError, load_result
from benchmarks.leaderboard.markers import escape, replace_section
from walker_env.files import atomic_write

SECTION = "leaderboard"
"""The README's leaderboard stands between markers of this name."""

WIDTH = 100
"""Characters that the whole table needs in a terminal."""


def read_results(folder: str | Path) -> list[Result]:
    """All results ``*.json`` in a folder, best first.

    Raises:
        ResultError: There is none, one cannot be read, or they do not compare: another protocol,
            or measured before the physics changed.
    """
    paths = sorted(path for path in Path(folder).glob("*.json") if path.name[0] != ".")
    if not paths:
        raise ResultError(
            f"{folder}: expected result files *.json, got none; "
            "make some: python -m benchmarks evaluate POLICY... --out FOLDER"
        )
    results = {path: load_result(path) for path in paths}
    _check_same(results)
    return rank(list(results.values()))


def rank(results: Sequence[Result]) -> list[Result]:
    """Best score first, equal ones by name."""
    return sorted(results, key=lambda r: (-_number(r, "score"), r.agent["name"]))


def rows(results: Sequence[Result]) -> list[list[str]]:
    """The cells under `COLUMNS` for ranked results; equal scores share a rank."""
    scores = [_number(result, "score") for result in results]
    return [
        [str(1 + sum(other > scores[i] for other in scores)), *(cell(r) for _, cell in COLUMNS[1:])]
        for i, r in enumerate(results)
    ]


def markdown(results: Sequence[Result]) -> str:
    """Ranked results as a Markdown table with the protocol below it."""
    head = [title for title, _ in COLUMNS]
    ruler = ["---" if i in TEXTS else "---:" for i in range(len(COLUMNS))]
    table = [
        [escape(cell) if i in TEXTS else cell for i, cell in enumerate(row)]
        for row in rows(results)
    ]
    lines = ["| " + " | ".join(line) + " |" for line in (head, ruler, *table)]
    return "\n".join([*lines, "", caption(results[0]), ""])


def terminal(results: Sequence[Result], width: int = WIDTH) -> Table:
    """Ranked results as a table for a terminal so many characters wide.

    In a narrow one the columns on training are left out rather than crushing the rest.
    """
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), caption_justify="left")
    table.caption = Text(caption(results[0]))
    shown = len(COLUMNS) if width >= WIDTH else len(COLUMNS) - 2
    for i, (title, _) in enumerate(COLUMNS[:shown]):
        words = Text(title.replace(" ", "\n"))
        least = 8 if i in TEXTS else None
        side: JustifyMethod = "left" if i in TEXTS else "right"
        table.add_column(words, justify=side, no_wrap=i not in TEXTS, min_width=least)
    for row in rows(results):
        table.add_row(*(Text(cell) for cell in row[:shown]))
    return table


def caption(result: Result) -> str:
    """What the table's numbers mean."""
    protocol = result.protocol
    return (
        f"Protocol {protocol.version}: {protocol.courses} held-out courses, "
        f"{protocol.horizon} control steps each, body {protocol.body}, physics {result.physics}. "
        "Targets: interquartile mean in 100 s with its 95 % bootstrap interval over the courses. "
        "Left turns: of the walker, in brackets of its courses."
    )


def update_readme(path: str | Path, results: Sequence[Result]) -> None:
    """Put the table of ranked results between the markers of `SECTION` in a Markdown file.

    Raises:
        ValueError: The markers are not there exactly once and in order.
    """
    text = Path(path).read_text(encoding="utf-8")
    try:
        renewed = replace_section(text, SECTION, markdown(results))
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from error
    atomic_write(path, renewed)


def _check_same(results: dict[Path, Result]) -> None:
    measured = {
        path.name: {**asdict(result.protocol), "physics": result.physics}
        for path, result in results.items()
    }
    first = next(iter(measured.values()))
    differing = [key for key in first if any(m[key] != first[key] for m in measured.values())]
    if not differing:
        return
    files: dict[str, list[str]] = {}
    for name, data in measured.items():
        files.setdefault(", ".join(f"{key} {data[key]}" for key in differing), []).append(name)
    groups = "; ".join(f"{which}: {', '.join(names)}" for which, names in files.items())
    raise ResultError(f"results do not compare, evaluate them again or move them: {groups}")


def _number(result: Result, name: str) -> float:
    value = result.summary[name]
    return float("nan") if value is None else float(value)


def _targets(result: Result) -> str:
    score, low, high = (_number(result, f"score{end}") for end in ("", "_low", "_high"))
    return f"{score:.1f} [{low:.1f}, {high:.1f}]"


def _plain(name: str, form: str) -> Callable[[Result], str]:
    def cell(result: Result) -> str:
        value = result.summary[name]
        return "-" if value is None else format(value, form)

    return cell


def _energy(result: Result) -> str:
    value = result.summary["energy_per_1000"]
    if value is None:
        return "-"
    return f"{value:.2f}" if value < 1000 else ">999"  # it hardly moved


def _left(result: Result) -> str:
    walker, course = result.summary["left_share"], result.summary["course_left_share"]
    if walker is None or course is None:
        return "-"
    return f"{walker:.0%} ({course:.0%})"


def _trained(name: str, scale: float, form: str) -> Callable[[Result], str]:
    def cell(result: Result) -> str:
        value = result.agent["training"].get(name)
        return format(value * scale, form) if isinstance(value, (int, float)) else "-"

    return cell


COLUMNS: tuple[tuple[str, Callable[[Result], str]], ...] = (
    ("#", lambda result: ""),  # the rank depends on the others
    ("policy", lambda result: result.agent["name"]),
    ("algorithm", lambda result: result.agent["algorithm"]),
    ("targets in 100 s", _targets),
    ("speed [unit/s]", _plain("speed", ".1f")),
    ("energy for 1000 units", _energy),
    ("first target [s]", _plain("first_target", ".1f")),
    ("left turns", _left),
    ("million steps", _trained("run_steps", 1e-6, ".2f")),
    ("training time [s]", _trained("run_seconds", 1, ",.0f")),
)
"""Title of each column and its cell."""


TEXTS = (1, 2)
"""Columns whose words come from whoever made the policy."""
