"""The command ``leaderboard``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.text import Text

from agents.outputs import to_file
from benchmarks.evaluation.suite import SUITE_V1
from benchmarks.leaderboard import tables
from benchmarks.leaderboard.boards import OpenBoard, read_boards
from benchmarks.leaderboard.ranking import ranking, read_reports
from walker_env.body import Body, get_body
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
    body: Annotated[
        str | None, typer.Option(help="The open board of this body alone, by name or a JSON file.")
    ] = None,
) -> None:
    """Rank the entries and algorithms of this repository, or all reports in a folder.

    Interquartile means with 95 % intervals. Reports of another suite or physics, or over other
    skills or courses, are refused: their numbers do not compare. Entries with a body that the suite
    does not rank have open boards, one for each body, where scores are raw targets.

    Example: `python -m benchmarks leaderboard runs/results --markdown table.md`
    """
    if body is not None:
        if folder is not None:
            raise ValueError("--body shows a published board; leave it or the folder out")
        data = _show_board_of(get_body(body))
    elif folder is None:
        data = _show_standings()
        _show_boards(read_boards())
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


def _show_board_of(body: Body) -> dict[str, Any]:
    """The board of one body, on standard output."""
    if body == SUITE_V1.body:
        return _show_standings()
    boards = {board.suite.body: board for board in read_boards()}
    if body not in boards:
        titles = [board.title for board in boards.values()]
        raise ValueError(f"{body.name!r} has no open board, expected one of {titles}")
    _show_boards([boards[body]])
    return boards[body].data


def _show_boards(boards: Sequence[OpenBoard]) -> None:
    """Open boards on standard output."""
    for board in boards:
        title = f"Open board of {board.title}: targets in 100 s, no scale"
        _console().print(tables.terminal(tables.board_rows(board.data), title))


def _show_skills(console: Console, data: dict[str, Any]) -> None:
    rows = tables.matrix_rows(data, data["entries"], "policy")
    console.print(tables.terminal(rows, "Skills, gait written by hand = 100", (0,)))


def _console() -> Console:
    """Standard output; where that is no terminal, as wide as the tables are."""
    console = Console()
    return console if console.is_terminal else Console(width=WIDE)
