"""The commands ``python -m agents evolve`` and ``python -m agents bestiary``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from agents.cli import BodyName, WorldName
from agents.evolving.settings import GOALS
from agents.names import POLICY
from agents.outputs import RUNS, to_file, to_folder
from agents.training.budget import Budget
from agents.training.progress import Live, Watcher, Watchers
from agents.training.train import parse_settings, plan_run, train

OUT = RUNS / "bodies"


def evolve(
    steps: Annotated[int | None, typer.Option(help="Stop after so many control steps.")] = None,
    seconds: Annotated[float | None, typer.Option(help="Stop after so many seconds.")] = None,
    cpu_seconds: Annotated[
        float | None, typer.Option(help="Stop after so much processor time [s].")
    ] = None,
    seed: Annotated[
        int | None, typer.Option(help="Seed of everything random [default: 0].")
    ] = None,
    out: Annotated[Path, typer.Option(help="Run folder.", callback=to_folder)] = OUT,
    goal: Annotated[
        str | None,
        typer.Option(help="bestiary, the best of every kind, or best [default: bestiary]."),
    ] = None,
    free: Annotated[
        bool | None, typer.Option("--free", help="Bodies without mirror symmetry, too.")
    ] = None,
    inherit: Annotated[
        bool | None,
        typer.Option(
            "--inherit/--from-scratch",
            help="A child's learner goes on from its parent's where it fits [default: scratch].",
        ),
    ] = None,
    learner: Annotated[
        str | None, typer.Option(help="The population algorithm that trains [default: snes].")
    ] = None,
    rungs: Annotated[
        str | None,
        typer.Option(
            help="Steps after which bodies are judged [default: 2000000,4000000,8000000]."
        ),
    ] = None,
    brood: Annotated[
        int | None, typer.Option(min=1, help="Children in a generation [default: 18].")
    ] = None,
    energy_price: Annotated[
        float | None, typer.Option(min=0, help="Targets that a unit of energy costs.")
    ] = None,
    node_price: Annotated[
        float | None, typer.Option(min=0, help="Targets that a node costs.")
    ] = None,
    muscle_price: Annotated[
        float | None, typer.Option(min=0, help="Targets that a muscle costs.")
    ] = None,
    setting: Annotated[
        list[str] | None, typer.Option("--set", help="NAME=VALUE of the learners, e.g. hidden=[8].")
    ] = None,
    body: BodyName = None,
    world: WorldName = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with the run in --out, killed or not.")
    ] = False,
    workers: Annotated[int, typer.Option(min=1, help="Processes that share the bodies.")] = 1,
    ray: Annotated[
        str | None, typer.Option(help="Address of a Ray cluster that shares them instead.")
    ] = None,
    live: Annotated[
        bool, typer.Option("--live", help="A window in which the best bodies walk meanwhile.")
    ] = False,
    quiet: Annotated[bool, typer.Option(help="Show nothing meanwhile.")] = False,
) -> None:
    """Evolve bodies, each worth what a learner makes of it; leaves a bestiary.

    The run folder is usable at any moment; docs/bestiary.md shows what an hour brings. Ctrl-C and
    budgets end it after a rung of a generation: 18 bodies and 2 million steps each by default.

    Example: python -m agents evolve --steps 200000000 --workers 2 --out runs/bodies
    """
    from agents.evolving.config import EvolveConfig
    from agents.evolving.display import Display, ElitesKeeper
    from agents.evolving.outcome import ELITES, write_outcome

    asked: dict[str, Any] = {
        "seed": seed,
        "goal": goal,
        "free": free,
        "inherit": inherit,
        "learner_algorithm": learner,
        "rungs": _numbers(rungs),
        "brood": brood,
        "energy_price": energy_price,
        "node_price": node_price,
        "muscle_price": muscle_price,
        "settings": parse_settings(setting) if setting else None,
        "options.body": body,
        "options.world": world,
    }
    given = {name: value for name, value in asked.items() if value is not None}
    if goal is not None and goal not in GOALS:
        raise ValueError(f"--goal must be one of {', '.join(GOALS)}, got {goal!r}")
    limits = (seconds, steps, cpu_seconds)
    budget = None if limits == (None, None, None) else Budget(*limits)
    plan = plan_run(EvolveConfig, given, budget, out, tuned=False, resume=resume)
    display, keeper, met = Display(), ElitesKeeper(), list[Any]()
    watchers: list[Watcher] = [keeper]
    watchers += [] if quiet else [display]
    watchers += [Live(ELITES)] if live else []

    def meet(search: Any) -> None:
        met.append(search)
        display.meet(search)
        keeper.meet(search)

    run = train(
        plan.config,
        plan.budget,
        plan.folder,
        resume=plan.resume,
        workers=workers,
        ray=ray,
        watchers=Watchers(*watchers),
        meet=meet,
    )
    for path in write_outcome(met[0], plan.folder):
        typer.echo(f"Wrote {path}")
    typer.echo(f"Best body: {plan.folder / POLICY} ({run.best_score:.1f} targets in 100 s)")


def bestiary(
    run: Annotated[Path, typer.Argument(help="Folder of an evolution.")],
    tree: Annotated[
        int | None, typer.Option(min=0, help="Draw how the body with this number came about.")
    ] = None,
    picture: Annotated[
        Path | None,
        typer.Option(
            help="Draw the tree to FILE.png [default: RUN/tree-NUMBER.png].",
            callback=to_file(".png"),
        ),
    ] = None,
) -> None:
    """Write what an evolution found until now: policies, pictures, a table of all bodies.

    Example: python -m agents bestiary runs/bodies --tree 137
    """
    from agents.evolving.outcome import search_of_run, write_outcome, write_tree

    if picture is not None and tree is None:
        raise ValueError("--picture needs --tree: of which body?")
    search = search_of_run(run)
    if tree is not None:
        path = picture or run / f"tree-{tree}.png"
        write_tree(search.records, tree, path)
        typer.echo(f"Wrote {path}")
        return
    for path in write_outcome(search, run):
        typer.echo(f"Wrote {path}")


def _numbers(text: str | None) -> tuple[int, ...] | None:
    """The rungs that ``--rungs`` names.

    Raises:
        ValueError: They are no whole numbers.
    """
    if text is None:
        return None
    try:
        return tuple(int(number.replace("_", "")) for number in text.split(","))
    except ValueError as error:
        raise ValueError(
            f"--rungs must be whole numbers such as 2000000,4000000, got {text!r}"
        ) from error
