"""Train walkers and look at them: ``python -m agents --help``."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any

from agents.missing import command_line

with command_line():
    import typer
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from agents.arena.command import app as arena
    from agents.baselines import BASELINES, Agent, load_agent
    from agents.cli import POLICY as POLICY_HELP
    from agents.cli import BodyName, CourseSeed, Gif, Mp4, WorldName, film_path, run_app
    from agents.evolving.command import bestiary, evolve
    from agents.names import POLICY, find_policy
    from agents.outputs import RUNS, to_file, to_folder
    from agents.policy import Policy
    from agents.training.budget import Budget
    from agents.training.progress import make_watchers
    from agents.training.run_config import CONFIG
    from agents.training.train import ALGORITHMS, parse_settings, plan_run
    from agents.training.train import train as run_training
    from walker_env import Body, Options
    from walker_env.plan import NAME_MAX

Algorithm = Annotated[
    str, typer.Argument(help=f"One of {', '.join(ALGORITHMS)}, or FILE.py:CLASS of your own.")
]
Seconds = Annotated[float, typer.Option(help="How long to walk [s].")]

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",  # plain brackets, as in [s], are no markup then
    help="Train walkers and look at them.",
)


@app.command()
def train(
    algorithm: Algorithm,
    seconds: Annotated[float | None, typer.Option(help="Stop after this much time [s].")] = None,
    steps: Annotated[int | None, typer.Option(help="Stop after this many control steps.")] = None,
    cpu_seconds: Annotated[
        float | None, typer.Option(help="Stop after this much processor time [s].")
    ] = None,
    seed: Annotated[
        int | None, typer.Option(help="Seed of everything random [default: 0].")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(help="Run folder [default: runs/ALGORITHM-SEED].", callback=to_folder),
    ] = None,
    setting: Annotated[
        list[str] | None,
        typer.Option("--set", help="A setting, such as hidden=[32] or options.energy_price=0.1."),
    ] = None,
    body: BodyName = None,
    world: WorldName = None,
    tuned: Annotated[
        bool, typer.Option(help="Start from the tuned settings, or from the plain defaults.")
    ] = True,
    resume: Annotated[
        bool,
        typer.Option(
            "--resume",
            help="Continue the run in --out with its settings, whether it ended or was killed.",
        ),
    ] = False,
    workers: Annotated[
        int, typer.Option(min=1, help="Number of processes that share a population.")
    ] = 1,
    ray: Annotated[
        str | None, typer.Option(help="Address of a Ray cluster that shares it instead.")
    ] = None,
    courses: Annotated[
        int | None,
        typer.Option(
            min=1, help="Number of validation courses [default: 16, or that of a resumed run]."
        ),
    ] = None,
    validate_every: Annotated[
        float,
        typer.Option(
            min=0, help="Training between validations [s], of the budget's clock; --steps makes 20."
        ),
    ] = 10.0,
    live: Annotated[
        bool, typer.Option("--live", help="Show the best policy so far in a window.")
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
    trials: Annotated[
        int, typer.Option(min=1, help="Number of trials in all, counting earlier ones.")
    ] = 20,
    cpu_seconds: Annotated[
        float, typer.Option(help="Processor time of each training run [s].")
    ] = 20.0,
    seeds: Annotated[int, typer.Option(min=1, help="Number of training runs of each trial.")] = 2,
    confirm: Annotated[
        int,
        typer.Option(
            min=0, help="Number of runs with new seeds that compare the winner with the defaults."
        ),
    ] = 2,
    storage: Annotated[
        str | None,
        typer.Option(help="Address of the database [default: sqlite:///runs/tune/ALGORITHM.db]."),
    ] = None,
    jobs: Annotated[int, typer.Option(min=1, help="Number of processes that run trials.")] = 1,
    body: BodyName = None,
    world: WorldName = None,
    out: Annotated[
        Path | None,
        typer.Option(
            help="Folder for the settings [default: agents/tuning/found].", callback=to_folder
        ),
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
    policy: Annotated[str, typer.Argument(help=POLICY_HELP)],
    gif: Gif = None,
    mp4: Mp4 = None,
    seconds: Seconds = 30.0,
    seed: CourseSeed = 0,
    body: BodyName = None,
    world: WorldName = None,
    size: Annotated[
        int, typer.Option(min=100, max=4000, help="Width and height of the picture [pixel].")
    ] = 600,
    live: Annotated[
        bool,
        typer.Option("--live", help="Follow a run: switch to each better policy as it is written."),
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
        watch_live(find_policy(policy), size)
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
        typer.Argument(help="Policies; the first that fits is the ghost [default: gait]."),
    ] = None,
    seed: CourseSeed = 0,
    body: BodyName = None,
    world: WorldName = None,
    out: Annotated[Path, typer.Option(help="Folder for films and runs.", callback=to_folder)] = RUNS
    / "by-hand",
) -> None:
    """Drive a walker by hand beside a champion's ghost, or click targets for a policy.

    Example: python -m agents play trot
    """
    from agents.playing.play import play as run_game
    from agents.playing.session import Session

    told = Options(body=body or "quadruped")
    named = policies or (["gait"] if "gait" in _fitting(told) else ["random"])
    agents = [load_agent(text, told) for text in named]
    first = agents[0].options
    options = Options(body=body or first.body, world=world or first.world)
    _say_who_stays_out(agents, options.body)
    run_game(Session(agents, seed, options), out)


@app.command()
def compare(
    run: Annotated[
        Path, typer.Argument(help="A replay: of a run by hand that play saved, or of a race.")
    ],
    policies: Annotated[
        list[str] | None,
        typer.Argument(help="Policies [default: those of gait, random, still that fit]."),
    ] = None,
) -> None:
    """Verify a recorded run and rank it beside policies on the same course, for the same time.

    Who walked is told as the replay has it: a person, or a policy with the beginning of its file's
    SHA-256.

    Example: python -m agents compare runs/by-hand/RUN.npz gait
    """
    from agents.playing.hand_run import cells, load_runs
    from agents.playing.hand_run import compare as ranked

    recorded = load_runs(run)
    options = recorded[0].options
    agents = [load_agent(text, options) for text in policies or _fitting(options)]
    head, *rows = cells(ranked(recorded, agents))
    table = Table(box=box.SIMPLE_HEAD)
    for title in head:
        table.add_column(Text(title))  # a unit in brackets looks like markup
    for row in rows:
        table.add_row(*map(Text, row))  # a name may look like markup
    Console().print(table)
    _say_who_stays_out(agents, options.body)


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
        Path | None,
        typer.Option(
            help="Draw the map to FILE.png [default: RUN/atlas.png].", callback=to_file(".png")
        ),
    ] = None,
    cell: Annotated[
        str | None,
        typer.Option(help="Watch one cell: SIDES,ENDS as on the map, or a gait for its best."),
    ] = None,
    gif: Gif = None,
    mp4: Mp4 = None,
    save: Annotated[
        Path | None,
        typer.Option(
            help="Write the cell's policy to FILE.safetensors; no window.",
            callback=to_file(".safetensors"),
        ),
    ] = None,
    seconds: Seconds = 30.0,
    seed: CourseSeed = 0,
    courses: Annotated[
        int, typer.Option(min=1, help="Number of validation courses on which each cell is judged.")
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


@app.command()
def convert(
    model: Annotated[Path, typer.Argument(help="What model.save of stable-baselines3 wrote.")],
    out: Annotated[
        Path,
        typer.Option(
            help="Where the policy goes, FILE.safetensors.", callback=to_file(".safetensors")
        ),
    ],
    vec_normalize: Annotated[
        Path | None,
        typer.Option(help="What VecNormalize.save wrote, where it was trained with one."),
    ] = None,
    no_normalisation: Annotated[
        bool, typer.Option("--no-normalisation", help="Leave VecNormalize out of the policy.")
    ] = False,
    trust: Annotated[
        bool, typer.Option("--trust", help="Read that file, a pickle, which can run code.")
    ] = False,
    activation: Annotated[
        str | None,
        typer.Option(help="Of the hidden layers: tanh or relu [default: as the file says]."),
    ] = None,
    observation: Annotated[
        str | None, typer.Option(help="full or original [default: the one that is as wide].")
    ] = None,
    body: BodyName = None,
    world: WorldName = None,
    name: Annotated[
        str | None, typer.Option(help="Shown in tables [default: that of the file].")
    ] = None,
) -> None:
    """Turn a model of stable-baselines3 into a policy file; runs no code of the model's file.

    Example: python -m agents convert model.zip --vec-normalize vec.pkl --trust --out my.safetensors
    """
    from agents.convert.converted import OBSERVATIONS
    from agents.convert.sb3_zip import from_zip

    moments: Any = False if no_normalisation else None
    for what, path in (("MODEL", model), ("--vec-normalize", vec_normalize)):
        if path is not None and path.is_dir():  # as an empty name is
            raise ValueError(f"{what} must be the name of a file, got the folder {str(path)!r}")
    if no_normalisation and vec_normalize is not None:
        raise ValueError("--vec-normalize FILE or --no-normalisation: which one?")
    if trust and vec_normalize is None:
        raise ValueError("--trust is for --vec-normalize FILE: which one?")
    if vec_normalize is not None:
        from agents.convert.trusted import load_vec_normalize

        moments = load_vec_normalize(vec_normalize, trust)
    asked = {"observation": observation, "body": body, "world": world}
    given = {option: value for option, value in asked.items() if value is not None}
    parts, (words, *notes) = from_zip(model, moments, given, activation)
    Policy(model.stem[:NAME_MAX] if name is None else name, **vars(parts)).save(out)
    walks = parts.options
    typer.echo(f"{model}: {words}")
    typer.echo(f"Observation {walks.observation}, body {walks.body.name}, world {walks.world.name}")
    for note in notes:
        typer.echo(note)
    typer.echo(
        f"Largest difference of actions over {OBSERVATIONS:,} observations: {parts.difference:.1e}"
    )
    typer.echo(f"Wrote {out}")


app.command()(evolve)
app.command()(bestiary)
app.add_typer(arena, name="arena")


def main() -> None:
    """Run the command line."""
    run_app(app)


if __name__ == "__main__":
    main()
