"""The command ``leaderboard``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.text import Text

from agents.outputs import to_file
from benchmarks.evaluation.conditions import ranked_suites
from benchmarks.evaluation.suite import SUITE_V1
from benchmarks.leaderboard import tables
from benchmarks.leaderboard.boards import OpenBoard, read_boards
from benchmarks.leaderboard.condition_boards import ConditionBoard, read_condition_boards
from benchmarks.leaderboard.ranking import ranking, read_reports
from walker_env.body import Body, get_body
from walker_env.files import atomic_write

WIDE = 145
"""Characters that all tables need."""


def leaderboard(
    folder: Annotated[
        Path | None, typer.Argument(help="Folder of reports; none: the published standings.")
    ] = None,
    markdown: Annotated[
        Path | None,
        typer.Option(help="Write the ranking to FILE.md too.", callback=to_file(".md")),
    ] = None,
    condition: Annotated[
        str | None, typer.Option(help="The board of this condition of suite 2 alone.")
    ] = None,
    body: Annotated[
        str | None,
        typer.Option(help="Suite 1's open board of this body alone, by name or a JSON file."),
    ] = None,
) -> None:
    """Rank the entries of this repository, or all reports in a folder.

    First the boards of suite 2, one for each condition that a card may name, then suite 1 as
    history: its ranking, and its open boards of the bodies that it does not rank. Interquartile
    means with 95 % intervals. Reports of another suite or physics, or over other skills or courses,
    are refused: their numbers do not compare.

    Example: `python -m benchmarks leaderboard runs/results --markdown table.md`
    """
    if sum(given is not None for given in (body, condition, folder)) > 1:
        raise ValueError("a folder, --condition and --body are three boards; give one of them")
    if condition is not None:
        data = _show_condition(condition)
    elif body is not None:
        data = _show_board_of(get_body(body))
    elif folder is None:
        for board in read_condition_boards():
            _show_condition_board(board)
        data = _show_standings()
        _show_boards(read_boards())
    else:
        data = ranking(read_reports(folder))
        show_ranking(data, "Policies")
    if markdown is not None:
        atomic_write(markdown, _markdown(data) + "\n")
        typer.echo(f"Wrote {markdown}")


def show_ranking(data: dict[str, Any], title: str) -> None:
    """Ranked reports and their skills on standard output."""
    console = _console()
    rows = tables.entries_rows(data, costs=console.width >= tables.WIDTH)
    console.print(tables.terminal(rows, title))
    if len(data["suite"]["skills"]) > 1:
        _show_skills(console, data)
    console.print(Text(tables.note(data)))


def _markdown(data: dict[str, Any]) -> str:
    if "condition" in data:
        return tables.conditions_markdown([(data["condition"], data)])
    return tables.ranking_markdown(data)


def _show_condition(name: str) -> dict[str, Any]:
    """The board of one condition, on standard output, with what its columns mean."""
    suites = ranked_suites()
    if name not in suites:
        raise ValueError(f"condition must be one of {[*suites]}, got {name!r}")
    (board,) = read_condition_boards(conditions={name: suites[name]})
    data = _show_condition_board(board)
    if data["entries"]:
        if len(data["suite"]["skills"]) > 1:
            _show_skills(_console(), data)
        _console().print(Text(f"{tables.note(data)} {tables.PLACES}"))
    return data


def _show_condition_board(board: ConditionBoard) -> dict[str, Any]:
    """A condition's board on standard output."""
    data, console = board.data, _console()
    title = f"{board.suite.version}, condition {board.name}: {data['title']}"
    if data["entries"]:
        rows = tables.condition_rows(data, costs=console.width >= WIDE)
        console.print(tables.terminal(rows, title, (2, 3)))
    else:
        console.print(Text(f"{title}: no entries yet"))
    return data


def _show_standings() -> dict[str, Any]:
    """What is published on suite 1, on standard output."""
    from benchmarks.leaderboard.standings import standings

    data, console = standings(), _console()
    console.print(tables.terminal(tables.entries_rows(data), "Entries of walker-suite-1"))
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
