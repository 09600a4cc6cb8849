"""Measure, rank and race walkers: ``python -m benchmarks --help``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from agents.baselines import BASELINES, Agent, load_agent
from agents.cli import film_path, run_app
from benchmarks.commands import entries as entering
from benchmarks.commands import matrix as running
from benchmarks.commands.figure import app as figure_app
from benchmarks.commands.site import serve, site
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

app.add_typer(figure_app, name="figure")

Policies = Annotated[list[str], typer.Argument(help="Policy files, or still, random, gait.")]


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
    paths = _result_paths(agents, out)
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


@app.command()
def race(
    policies: Policies,
    gif: Annotated[Path | None, typer.Option(help="Write a GIF instead of a window.")] = None,
    mp4: Annotated[Path | None, typer.Option(help="Write an MP4 instead of a window.")] = None,
    seconds: Annotated[float, typer.Option(help="Length of the race [s].")] = 20.0,
    seed: Annotated[int, typer.Option(min=0, help="Which of the courses made for showing.")] = 0,
    size: Annotated[
        int, typer.Option(min=100, max=4000, help="Height of the picture [pixel].")
    ] = 480,
    replay: Annotated[
        Path | None, typer.Option(help="Keep the race, to be verified: FILE.npz.")
    ] = None,
) -> None:
    """Let policies walk the same course at the same time, in a window or as a film.

    Example: `python -m benchmarks race gait random still --gif race.gif`
    """
    from benchmarks.race.race import Runner, record_race

    path = film_path(gif, mp4)
    runners = [
        Runner.of(load_agent(text), None if text in BASELINES else text) for text in policies
    ]
    ranking = record_race(runners, path, seconds=seconds, seed=seed, size=size, replay=replay)
    for entry in ranking:
        typer.echo(f"{entry.place}. {entry.name}: {entry.score:.2f} targets")
    if path:
        typer.echo(f"Wrote {path}")
    if replay:
        typer.echo(f"Wrote {replay}; check it: python -m walker_env.replay verify {replay}")


@app.command()
def gait(
    policies: Policies,
    out: Annotated[
        Path | None,
        typer.Option(help="One page for all of them [default: runs/gait/NAME.html for each]"),
    ] = None,
    picture: Annotated[
        Path | None, typer.Option(help="Draw footfall diagrams to this PNG too.")
    ] = None,
) -> None:
    """Make a page on how a policy walks: footfalls, speed, rhythm, turning, energy, handedness.

    Example: `python -m benchmarks gait gait runs/first/policy.safetensors`
    """
    from benchmarks.figures.gait_page import portray, save_page, turns_table
    from benchmarks.gaits.gait import draw_gaits, gait_table

    portraits = [portray(load_agent(text)) for text in policies]
    typer.echo(gait_table([portrait.gait for portrait in portraits]))
    typer.echo(f"\n{turns_table(portraits)}\n")
    if out is not None:
        pages = {out: portraits}
    else:
        agents = [(text, portrait.agent) for text, portrait in zip(policies, portraits)]
        paths = _result_paths(agents, Path("runs/gait"), ".html")
        pages = {path: [portrait] for path, portrait in zip(paths, portraits)}
    for path, shown in pages.items():
        save_page(shown, path)
        typer.echo(f"Wrote {path}")
    if picture:
        draw_gaits([portrait.gait for portrait in portraits], picture)
        typer.echo(f"Wrote {picture}")


@app.command()
def throughput(
    seconds: Annotated[float, typer.Option(help="Length of one measurement [s].")] = 1.0,
    repeats: Annotated[int, typer.Option(help="Measurements of each; the median counts.")] = 5,
    out: Annotated[Path | None, typer.Option(help="Write the figures to this JSON file.")] = None,
    picture: Annotated[Path | None, typer.Option(help="Draw them to this PNG.")] = None,
) -> None:
    """Measure how many control steps a second this machine makes, beside installed peers.

    Example: `python -m benchmarks throughput --out speed.json --picture speed.png`
    """
    from benchmarks.speed.speed import report

    report(seconds, repeats, out, picture)


@app.command()
def drawing(
    seconds: Annotated[float, typer.Option(help="Length of one measurement [s].")] = 3.0,
) -> None:
    """Measure how many pictures a second this machine draws, on one core.

    Example: `python -m benchmarks drawing`
    """
    from benchmarks.speed.drawing import report as drawing_report

    Console().print(drawing_report(seconds))


@app.command()
def readme() -> None:
    """Renew the tables and pictures of the README and docs from layouts, figures and results."""
    from benchmarks.commands.readme import update, update_champions, update_reached

    update()
    update_reached()
    update_champions()
    typer.echo("Renewed README.md, docs/algorithms.md and docs/champions.md")


@app.command()
def demo(
    seconds: Annotated[float, typer.Option(help="Training time of each learner [s].")] = 120.0,
    out: Annotated[Path, typer.Option(help="Folder for everything the demo makes.")] = Path("demo"),
    race_seconds: Annotated[float, typer.Option(help="Length of the race [s].")] = 30.0,
) -> None:
    """Train PPO and an evolution strategy side by side, rank them and let them race.

    Example: `python -m benchmarks demo --seconds 60`
    """
    from benchmarks.commands.demo import run_demo

    run_demo(seconds, out, race_seconds)


app.command()(site)
app.command()(serve)
app.command()(running.run)
app.command()(entering.submit)
app.command()(entering.verify)
app.command()(entering.audit)


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


def _result_paths(
    agents: Sequence[tuple[str, Agent]], out: Path, ending: str = ".json"
) -> list[Path]:
    """One file for each policy, by its name.

    Raises:
        ValueError: Two policies would write the same file.
    """
    taken: dict[str, str] = {}
    for text, agent in agents:
        name = re.sub(r"[^\w.-]+", "-", agent.name).strip(".-") or "policy"
        if name in taken:
            raise ValueError(
                f"{taken[name]} and {text} are both named {name!r} and would share a file; "
                "evaluate them with different --out"
            )
        taken[name] = text
    return [out / f"{name}{ending}" for name in taken]


def main() -> None:
    """Run the command line."""
    run_app(app)


if __name__ == "__main__":
    main()
