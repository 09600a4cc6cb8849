"""Measure, rank and race walkers: ``python -m benchmarks --help``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from agents.baselines import BASELINES, Agent, load_agent
from agents.cli import run_app
from benchmarks.commands import demo, entries, figure, gait, matrix, race, readme, site, speed
from benchmarks.commands.arguments import Policies, result_paths
from benchmarks.evaluation.evaluate import Result, evaluate, save_result
from benchmarks.evaluation.protocol import PROTOCOL, Protocol
from benchmarks.leaderboard import result_table as board
from walker_env import Options
from walker_env.files import atomic_write

RESULTS = Path("runs/results")
"""Where results of `evaluate` go unless told otherwise."""

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    help="""Measure, rank and race walkers.

A POLICY is a file that training wrote, or one of the baselines: still, random, gait.

Begin with: `python -m benchmarks evaluate gait random`, then `python -m benchmarks leaderboard`.
""",
)

app.add_typer(figure.app, name="figure")


@app.command(name="evaluate")
def evaluate_command(
    policies: Policies,
    courses: Annotated[
        int, typer.Option(help="Held-out courses; other than the default do not compare.")
    ] = PROTOCOL.courses,
    body: Annotated[str, typer.Option(help="The body that walks.")] = PROTOCOL.body,
    out: Annotated[Path, typer.Option(help="Folder for the results, one JSON each.")] = RESULTS,
) -> None:
    """Walk policies over courses nobody trained on and write down how it went.

    Each policy walks the same 64 courses of 100 s, one full episode each; this takes seconds. The
    result goes to OUT/NAME.json, and the ranked table of these policies to the terminal.

    Example: `python -m benchmarks evaluate gait runs/first/policy.safetensors --out results`
    """
    protocol = Protocol(body=body, courses=courses)
    agents = [(text, load_agent(text, Options(body=body))) for text in policies]
    paths = result_paths(agents, out)
    results = []
    for (text, agent), path in zip(agents, paths):
        result = _evaluate(agent, protocol, None if text in BASELINES else text)
        save_result(result, path)
        results.append(result)
    _print(board.rank(results))
    typer.echo("Wrote " + ", ".join(str(path) for path in paths))


@app.command()
def leaderboard(
    folder: Annotated[
        Path | None, typer.Argument(help="Folder of results; none: the published standings.")
    ] = None,
    markdown: Annotated[Path | None, typer.Option(help="Write the table to this file.")] = None,
    readme: Annotated[
        Path | None, typer.Option(help="Renew the leaderboard inside this Markdown file.")
    ] = None,
) -> None:
    """Rank the entries and algorithms of this repository, or all results in a folder.

    Interquartile means of the targets with 95 % intervals. Results of different protocol versions
    are refused: their numbers do not compare.

    Example: `python -m benchmarks leaderboard runs/results --markdown table.md`
    """
    if folder is None:
        _print_standings()
        return
    results = board.read_results(folder)
    _print(results)
    if markdown is not None:
        atomic_write(markdown, board.markdown(results))
        typer.echo(f"Wrote {markdown}")
    if readme is not None:
        board.update_readme(readme, results)
        typer.echo(f"Renewed the leaderboard in {readme}")


for command in (
    race.race,
    gait.gait,
    gait.handedness,
    speed.throughput,
    speed.drawing,
    readme.readme,
    demo.demo,
    site.site,
    site.serve,
    matrix.run,
    entries.submit,
    entries.verify,
    entries.audit,
):
    app.command()(command)


def _print(results: Sequence[Result]) -> None:
    """The table on standard output, whole where that is no terminal."""
    console = Console()
    if not console.is_terminal:
        console = Console(width=board.WIDTH)
    console.print(board.terminal(results, console.width))


_WIDE = 130  # characters that the standings need


def _print_standings() -> None:
    """What is published, on standard output."""
    from benchmarks.leaderboard import tables
    from benchmarks.leaderboard.standings import standings

    data = standings()
    console = Console()
    if not console.is_terminal:
        console = Console(width=_WIDE)
    console.print(tables.terminal(tables.entries_rows(data), "Entries"))
    for budget in data["suite"]["budgets"]:
        rows = tables.algorithms_rows(data, budget["name"])
        if len(rows) > 1:
            console.print(tables.terminal(rows, f"Algorithms, budget {budget['name']}", (1,)))
    console.print(
        tables.terminal(
            tables.matrix_rows(data, data["entries"], "policy"),
            "Skills, gait written by hand = 100",
            (0,),
        )
    )


def _evaluate(agent: Agent, protocol: Protocol, file: str | None) -> Result:
    """Evaluate with a progress bar on stderr, where there is someone to see it."""
    console = Console(stderr=True)
    columns = (TextColumn("evaluating {task.description}"), BarColumn(), TimeRemainingColumn())
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as bar:
        task = bar.add_task(agent.name.replace("[", "("), total=protocol.horizon)
        return evaluate(agent, protocol, file, lambda: bar.advance(task))


def main() -> None:
    """Run the command line."""
    run_app(app)


if __name__ == "__main__":
    main()
