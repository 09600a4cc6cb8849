"""Train walkers and look at them: ``python -m agents --help``."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from agents.baselines import BASELINES, Agent, load_agent
from agents.cli import BodyName, Gif, Mp4, WorldName, film_path, run_app
from agents.evolving.command import bestiary, evolve
from agents.training.budget import Budget
from agents.training.progress import make_watchers
from agents.training.run_config import CONFIG
from agents.training.run_folder import POLICY
from agents.training.train import ALGORITHMS, parse_settings, plan_run
from agents.training.train import train as run_training
from walker_env import Body, Options

Algorithm = Annotated[
    str, typer.Argument(help=f"One of {', '.join(ALGORITHMS)}, or FILE.py:CLASS of your own.")
]
Seconds = Annotated[float, typer.Option(help="How long to walk.")]
ShowSeed = Annotated[int, typer.Option(min=0, help="Which of the courses made for showing.")]

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Train walkers and look at them.",
)


@app.command()
def train(
    algorithm: Algorithm,
    seconds: Annotated[float | None, typer.Option(help="Stop after so many seconds.")] = None,
    steps: Annotated[int | None, typer.Option(help="Stop after so many control steps.")] = None,
    cpu_seconds: Annotated[
        float | None, typer.Option(help="Stop after so much processor time [s].")
    ] = None,
    seed: Annotated[
        int | None, typer.Option(help="Everything random comes from it [default: 0]")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Run folder [default: runs/ALGORITHM-SEED]")
    ] = None,
    setting: Annotated[
        list[str] | None,
        typer.Option("--set", help="NAME=VALUE, e.g. hidden=[32] or options.energy_price=0.1."),
    ] = None,
    body: BodyName = None,
    world: WorldName = None,
    tuned: Annotated[
        bool, typer.Option(help="Begin with the tuned settings; --no-tuned: the plain defaults.")
    ] = True,
    resume: Annotated[
        bool,
        typer.Option("--resume", help="Go on with the run in --out, killed or not, as it was set."),
    ] = False,
    workers: Annotated[int, typer.Option(min=1, help="Processes that share a population.")] = 1,
    ray: Annotated[
        str | None, typer.Option(help="Address of a Ray cluster that shares it instead.")
    ] = None,
    courses: Annotated[
        int | None,
        typer.Option(min=1, help="Validation courses [default: 16, or those of a resumed run]."),
    ] = None,
    validate_every: Annotated[
        float, typer.Option(min=0, help="Seconds between validations (with --steps: 20 in all).")
    ] = 10.0,
    live: Annotated[
        bool, typer.Option("--live", help="A window in which the best policy walks meanwhile.")
    ] = False,
    quiet: Annotated[bool, typer.Option(help="No progress bar.")] = False,
) -> None:
    """Train a walker; the run folder is usable at any moment, after Ctrl-C or a kill too.

    Without a budget it trains for two minutes, or a resumed run for what is left of its own.

    Example: python -m agents train snes --seconds 120 --seed 1 --out runs/first
    """
    limits = (seconds, steps, cpu_seconds)
    budget = None if limits == (None, None, None) else Budget(*limits)
    asked = {"seed": seed, "options.body": body, "options.world": world}
    given = {name: value for name, value in asked.items() if value is not None}
    given |= parse_settings(setting or [])
    plan = plan_run(algorithm, given, budget, out, tuned, resume)
    with _told_where_it_goes_on(plan.folder):
        run = run_training(
            plan.config,
            plan.budget,
            plan.folder,
            validate_every=validate_every,
            courses=courses,
            resume=plan.resume,
            workers=workers,
            ray=ray,
            watchers=make_watchers(quiet, live),
        )
    typer.echo(
        f"Best policy: {plan.folder / POLICY} "
        f"({run.best_score:.1f} targets in 100 s on validation courses)"
    )


@contextlib.contextmanager
def _told_where_it_goes_on(folder: Path) -> Iterator[None]:
    """Ctrl-C inside, when training did not wait for it, ends the command with a word on the run."""
    try:
        yield
    except KeyboardInterrupt as stop:
        why = f" ({stop.__cause__})" if stop.__cause__ else ""
        kept = "; --resume goes on from the last checkpoint" if (folder / CONFIG).exists() else ""
        typer.echo(f"Stopped at once{why}{kept}.", err=True)
        raise typer.Exit(130) from None


@app.command()
def tune(
    algorithm: Algorithm,
    trials: Annotated[int, typer.Option(min=1, help="Trials in all, those before included.")] = 20,
    cpu_seconds: Annotated[
        float, typer.Option(help="Processor time of each training run [s].")
    ] = 20.0,
    seeds: Annotated[int, typer.Option(min=1, help="Training runs of each trial.")] = 2,
    confirm: Annotated[
        int, typer.Option(min=0, help="Runs with new seeds of the winner and of the defaults.")
    ] = 2,
    storage: Annotated[
        str | None, typer.Option(help="Database [default: sqlite:///runs/tune/ALGORITHM.db]")
    ] = None,
    jobs: Annotated[int, typer.Option(min=1, help="Processes that run trials.")] = 1,
    body: BodyName = None,
    world: WorldName = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder for the settings [default: agents/tuning/found]")
    ] = None,
) -> None:
    """Search for better settings; the same command goes on after Ctrl-C.

    Writes ALGORITHM.toml, which `train` begins with, and ALGORITHM.trials.csv, the record.

    Example: python -m agents tune pgpe --trials 30 --cpu-seconds 10
    """
    from agents.tuned import FOLDER
    from agents.tuning.outcome import settle
    from agents.tuning.progress import TuneBar
    from agents.tuning.tune import Search
    from agents.tuning.tune import tune as run_search

    asked = {"options.body": body, "options.world": world}
    walker = {name: value for name, value in asked.items() if value is not None}
    if walker and out is None:
        raise ValueError("settings for another body or world need a folder of their own: --out")
    search = Search(algorithm, trials, cpu_seconds, seeds, confirm, storage, jobs, walker)
    try:
        with TuneBar(search) as bar:
            study = run_search(search, bar)
        if confirm:
            typer.echo("Training the winner and the defaults once more, with new seeds ...")
        path = settle(search, study, out or FOLDER)
    except KeyboardInterrupt:
        typer.echo("Stopped; the same command goes on.")
        raise typer.Exit(130) from None
    typer.echo(f"Settings: {path}")


@app.command()
def show(
    policy: Annotated[str, typer.Argument(help="A policy file, or still, random or gait.")],
    gif: Gif = None,
    mp4: Mp4 = None,
    seconds: Seconds = 30.0,
    seed: ShowSeed = 0,
    body: BodyName = None,
    world: WorldName = None,
    size: Annotated[
        int, typer.Option(min=100, max=4000, help="Width and height of the picture [pixel].")
    ] = 600,
    live: Annotated[
        bool, typer.Option("--live", help="Take over each better policy that a run writes there.")
    ] = False,
) -> None:
    """Watch a policy walk, in a window or as a film.

    Example: python -m agents show runs/first/policy.safetensors --gif walk.gif
    """
    from agents.show import film, watch

    path = film_path(gif, mp4)
    if live:
        from agents.live import watch_live

        if body or world:
            raise ValueError("--live shows a run in its own body and world")
        watch_live(Path(policy), size)
        return
    agent = load_agent(policy, body=body, world=world)
    if path is None:
        watch(agent, seconds, seed, size)
        return
    film(agent, path, seconds, seed, size)
    typer.echo(f"Wrote {path}")


@app.command()
def play(
    policies: Annotated[
        list[str] | None,
        typer.Argument(help="Policy files or baselines; the first is the ghost [default: gait]."),
    ] = None,
    course: ShowSeed = 0,
    body: BodyName = None,
    world: WorldName = None,
    out: Annotated[Path, typer.Option(help="Folder for films and runs.")] = Path("runs/by-hand"),
) -> None:
    """Drive a walker by hand beside a champion's ghost, or click targets for a policy.

    Example: python -m agents play benchmarks/entries/trot/policy.safetensors
    """
    from agents.playing.play import play as run_game
    from agents.playing.session import Session

    told = Options(body=body or "quadruped")
    named = policies or (["gait"] if "gait" in _fitting(told) else ["random"])
    agents = [load_agent(text, told) for text in named]
    first = agents[0].options
    options = Options(body=body or first.body, world=world or first.world)
    _say_who_stays_out(agents, options.body)
    run_game(Session(agents, course, options), out)


@app.command()
def compare(
    run: Annotated[Path, typer.Argument(help="A run by hand that play has saved.")],
    policies: Annotated[
        list[str] | None,
        typer.Argument(help="Policy files or baselines [default: gait random still]."),
    ] = None,
) -> None:
    """Verify a run by hand and rank it beside policies on the same course, for the same time.

    Example: python -m agents compare runs/by-hand/RUN.npz gait
    """
    from agents.playing.hand_run import cells, load_run
    from agents.playing.hand_run import compare as ranked

    recorded = load_run(run)
    agents = [load_agent(text, recorded[1]) for text in policies or _fitting(recorded[1])]
    head, *rows = cells(ranked(recorded, agents))
    table = Table(*head, box=box.SIMPLE_HEAD)
    for row in rows:
        table.add_row(*map(Text, row))  # a name may look like markup
    Console().print(table)
    _say_who_stays_out(agents, recorded[1].body)


def _say_who_stays_out(agents: Sequence[Agent], body: Body) -> None:
    """Name the policies that drive another body."""
    for agent in agents:
        if agent.options.body != body:
            theirs = agent.options.body.name
            typer.echo(f"{agent.name} drives {theirs!r}, not {body.name!r}: left out.", err=True)


def _fitting(options: Options) -> list[str]:
    """The baselines that know how to move a body."""
    names = []
    for name in sorted(BASELINES):
        with contextlib.suppress(ValueError):
            load_agent(name, options)
            names.append(name)
    return names


@app.command()
def atlas(
    run: Annotated[Path, typer.Argument(help="Folder of a mapelites run.")],
    picture: Annotated[
        Path | None, typer.Option(help="Where to draw the map [default: RUN/atlas.png]")
    ] = None,
    cell: Annotated[
        str | None,
        typer.Option(help="Watch one cell: SIDES,ENDS as on the map, or a gait for its best."),
    ] = None,
    gif: Gif = None,
    mp4: Mp4 = None,
    save: Annotated[
        Path | None, typer.Option(help="Write the cell's policy to this file; no window.")
    ] = None,
    seconds: Seconds = 30.0,
    seed: ShowSeed = 0,
    courses: Annotated[
        int, typer.Option(min=1, help="Validation courses on which each cell is judged.")
    ] = 8,
) -> None:
    """Draw the map of gaits that a mapelites run found, and play its cells.

    Each cell is judged once on whole validation courses; RUN/atlas.safetensors keeps the map.

    Example: python -m agents atlas runs/mapelites-0 --cell trot --gif trot.gif
    """
    from agents.atlas import atlas_of_run
    from agents.atlas_map import atlas_table, draw_atlas
    from agents.show import film, watch
    from walker_env.files import atomic_path

    film_file = film_path(gif, mp4)
    gait_map = atlas_of_run(run, courses)
    if cell is None:
        if film_file or save:
            raise ValueError("--gif, --mp4 and --save need --cell: which one?")
        typer.echo(atlas_table(gait_map))
        with atomic_path(picture or run / "atlas.png") as part:
            draw_atlas(gait_map).savefig(part, dpi=110)
        typer.echo(f"Wrote {picture or run / 'atlas.png'}")
        return
    policy = gait_map.policy(gait_map.row(cell))
    typer.echo(f"{policy.name}: {policy.training['validation_score']:.1f} targets in 100 s")
    if save:
        policy.save(save)
        typer.echo(f"Wrote {save}")
    if film_file:
        film(policy, film_file, seconds, seed, 600)
        typer.echo(f"Wrote {film_file}")
    if not (save or film_file):
        watch(policy, seconds, seed, 600)


app.command()(evolve)
app.command()(bestiary)


def main() -> None:
    """Run the command line."""
    run_app(app)


if __name__ == "__main__":
    main()
