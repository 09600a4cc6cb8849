"""Measure, rank and race walkers: ``python -m benchmarks --help``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from agents.baselines import BASELINES, load_agent
from agents.cli import film_path, run_app
from benchmarks.commands import entries as entering
from benchmarks.commands import matrix as running
from benchmarks.commands.arguments import Policies, result_paths
from benchmarks.commands.evaluate import evaluate
from benchmarks.commands.figure import app as figure_app
from benchmarks.commands.leaderboard import leaderboard
from benchmarks.commands.site import serve, site

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

app.command()(evaluate)
app.command()(leaderboard)
app.add_typer(figure_app, name="figure")


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
        paths = result_paths(agents, Path("runs/gait"), ".html")
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


def main() -> None:
    """Run the command line."""
    run_app(app)


if __name__ == "__main__":
    main()
