"""Train walkers and look at them: ``python -m agents --help``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from agents.cli import film_path, run_app
from agents.run import Budget
from agents.train import ALGORITHMS, make_config, parse_settings
from agents.train import train as run_training

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Train walkers and look at them.",
)


@app.command()
def train(
    algorithm: Annotated[str, typer.Argument(help=f"One of: {', '.join(ALGORITHMS)}.")],
    seconds: Annotated[float | None, typer.Option(help="Stop after so many seconds.")] = None,
    steps: Annotated[int | None, typer.Option(help="Stop after so many control steps.")] = None,
    seed: Annotated[int, typer.Option(help="Everything random comes from it.")] = 0,
    out: Annotated[
        Path | None, typer.Option(help="Run folder [default: runs/ALGORITHM-SEED]")
    ] = None,
    setting: Annotated[
        list[str] | None,
        typer.Option("--set", help="NAME=VALUE, e.g. hidden=32 or options.energy_price=0.1."),
    ] = None,
    courses: Annotated[
        int, typer.Option(min=1, help="Validation courses for the learning curve.")
    ] = 16,
    validate_every: Annotated[
        float, typer.Option(min=0, help="Seconds between validations (with --steps: 20 in all).")
    ] = 10.0,
    quiet: Annotated[bool, typer.Option(help="No progress bar.")] = False,
) -> None:
    """Train a walker; the run folder is usable at any moment, after Ctrl-C too.

    Without --seconds and --steps it trains for two minutes.

    Example: python -m agents train es --seconds 120 --seed 1 --out runs/first
    """
    if seconds is None and steps is None:
        seconds = 120.0
    budget = Budget(seconds, steps)
    config = make_config(algorithm, {"seed": seed, **parse_settings(setting or [])})
    folder = out or Path("runs") / f"{algorithm}-{config.seed}"
    run = run_training(
        algorithm,
        config,
        budget,
        folder,
        courses=courses,
        validate_every=validate_every,
        quiet=quiet,
    )
    if run.best is None:
        typer.echo(f"Stopped before the first validation; {folder} holds no policy.")
        raise typer.Exit(1)
    typer.echo(
        f"Best policy: {folder / 'policy.safetensors'} "
        f"({run.best_score:.1f} targets in 100 s on validation courses)"
    )


@app.command()
def show(
    policy: Annotated[str, typer.Argument(help="A policy file, or still, random or gait.")],
    gif: Annotated[Path | None, typer.Option(help="Write a GIF instead of a window.")] = None,
    mp4: Annotated[Path | None, typer.Option(help="Write an MP4 instead of a window.")] = None,
    seconds: Annotated[float, typer.Option(help="How long to walk.")] = 30.0,
    seed: Annotated[int, typer.Option(min=0, help="Which of the courses made for showing.")] = 0,
    size: Annotated[
        int, typer.Option(min=100, max=4000, help="Width and height of the picture [pixel].")
    ] = 600,
) -> None:
    """Watch a policy walk, in a window or as a film.

    Example: python -m agents show runs/first/policy.safetensors --gif walk.gif
    """
    from agents.baselines import load_agent
    from agents.show import film, watch

    path = film_path(gif, mp4)
    agent = load_agent(policy)
    if path is None:
        watch(agent, seconds, seed, size)
        return
    film(agent, path, seconds, seed, size)
    typer.echo(f"Wrote {path}")


def main() -> None:
    """Run the command line."""
    run_app(app)


if __name__ == "__main__":
    main()
