"""The command ``leaderboard``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.text import Text

from agents.outputs import to_file
from benchmarks.leaderboard import tables
from benchmarks.leaderboard.ranking import ranking, read_reports
from walker_env.files import atomic_write

WIDE = 130
"""Characters that all tables need."""


def leaderboard(
    folder: Annotated[
        Path | None, typer.Argument(help="Folder of reports; none: the published standings.")
    ] = None,
    markdown: Annotated[
        Path | None,
        typer.Option(help="Write the ranking to FILE.md too.", callback=to_file(".md")),
    ] = None,
) -> None:
    """Rank the entries and algorithms of this repository, or all reports in a folder.

    Interquartile means with 95 % intervals. Reports of another suite or physics, or over other
    skills or courses, are refused: their numbers do not compare.

    Example: `python -m benchmarks leaderboard runs/results --markdown table.md`
    """
    if folder is None:
        data = _show_standings()
    else:
        data = ranking(read_reports(folder))
        show_ranking(data, "Policies")
    if markdown is not None:
        atomic_write(markdown, tables.ranking_markdown(data) + "\n")
        typer.echo(f"Wrote {markdown}")


def show_ranking(data: dict[str, Any], title: str) -> None:
    """Ranked reports and their skills on standard output."""
    console = _console()
    rows = tables.entries_rows(data, costs=console.width >= tables.WIDTH)
    console.print(tables.terminal(rows, title))
    if len(data["suite"]["skills"]) > 1:
        _show_skills(console, data)
    console.print(Text(tables.note(data)))


def _show_standings() -> dict[str, Any]:
    """What is published, on standard output."""
    from benchmarks.leaderboard.standings import standings

    data, console = standings(), _console()
    console.print(tables.terminal(tables.entries_rows(data), "Entries"))
    for budget in data["suite"]["budgets"]:
        rows = tables.algorithms_rows(data, budget["name"])
        if len(rows) > 1:
            console.print(tables.terminal(rows, f"Algorithms, budget {budget['name']}", (1,)))
    _show_skills(console, data)
    return data


def _show_skills(console: Console, data: dict[str, Any]) -> None:
    rows = tables.matrix_rows(data, data["entries"], "policy")
    console.print(tables.terminal(rows, "Skills, gait written by hand = 100", (0,)))


def _console() -> Console:
    """Standard output; where that is no terminal, as wide as the tables are."""
    console = Console()
    return console if console.is_terminal else Console(width=WIDE)
