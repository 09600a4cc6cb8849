"""``python -m benchmarks figure``: a command for each figure."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from agents.baselines import Agent, load_agent
from agents.cli import POLICY, BodyName, CourseSeed, WorldName
from agents.outputs import RUNS as OUTPUTS
from agents.outputs import to_file
from benchmarks.commands.arguments import Policies
from benchmarks.evaluation.published import RUNS
from benchmarks.figures.figures import (
    ENDINGS,
    algorithm_curves,
    footfall,
    learning_curves,
    paths,
    save_figure,
    timeline,
)
from benchmarks.leaderboard.standings import standings

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Draw figures for papers and slides: PNG, SVG or PDF, by the ending of --out.",
)

FIGURES = OUTPUTS / "figures"
"""Where figures go unless told otherwise."""

Picture = Annotated[
    Path, typer.Option(help="FILE.png, FILE.svg or FILE.pdf.", callback=to_file(*ENDINGS))
]


@app.command("footfall")
def footfall_command(
    policies: Policies,
    body: BodyName = None,
    world: WorldName = None,
    out: Picture = FIGURES / "footfall.png",
) -> None:
    """Which foot grips when, on the straight.

    Example: `python -m benchmarks figure footfall gait --out footfall.svg`
    """
    from benchmarks.gaits.gait import record_gait

    _write(footfall([record_gait(one) for one in _agents(policies, body, world)]), out)


@app.command("paths")
def paths_command(
    policies: Policies,
    seconds: Annotated[float, typer.Option(help="Length of the walk [s].")] = 30.0,
    seed: CourseSeed = 0,
    body: BodyName = None,
    world: WorldName = None,
    out: Picture = FIGURES / "paths.png",
) -> None:
    """The way over a course, coloured by speed.

    Example: `python -m benchmarks figure paths gait random --seconds 20`
    """
    from benchmarks.gaits.trajectory import record_trajectory

    _write(
        paths([record_trajectory(one, seconds, seed) for one in _agents(policies, body, world)]),
        out,
    )


@app.command("timeline")
def timeline_command(
    policy: Annotated[str, typer.Argument(help=POLICY)],
    seconds: Annotated[float, typer.Option(help="Length of the walk [s].")] = 6.0,
    seed: CourseSeed = 0,
    body: BodyName = None,
    world: WorldName = None,
    out: Picture = FIGURES / "timeline.png",
) -> None:
    """Grips, muscles and speed over time.

    Example: `python -m benchmarks figure timeline gait --seconds 4`
    """
    from benchmarks.gaits.trajectory import record_trajectory

    (agent,) = _agents([policy], body, world)
    _write(timeline(record_trajectory(agent, seconds, seed)), out)


@app.command("curves")
def curves_command(
    folders: Annotated[list[Path], typer.Argument(help="Folders of training runs.")],
    over: Annotated[str, typer.Option(help="What the axis counts: seconds or steps.")] = "seconds",
    out: Picture = FIGURES / "curves.png",
) -> None:
    """Learning curves of training runs.

    Example: `python -m benchmarks figure curves runs/snes-0 runs/ppo-0 --over steps`
    """
    from agents.training.curve import read_curve

    _write(learning_curves({f.name: read_curve(f) for f in folders}, over=over), out)


@app.command("algorithms")
def algorithms_command(
    runs: Annotated[
        Path,
        typer.Option(
            exists=True,
            file_okay=False,
            help="Folder of records of runs.",
            show_default="benchmarks/runs",
        ),
    ] = RUNS,
    out: Picture = FIGURES / "algorithms.png",
) -> None:
    """Learning curves of all algorithms with published runs, against what training cost.

    Example: `python -m benchmarks figure algorithms --out algorithms.svg`
    """
    _write(algorithm_curves(standings(runs=runs)), out)


@app.command("atlas")
def atlas_command(
    run: Annotated[Path, typer.Argument(help="Folder of a mapelites run, or its atlas file.")],
    out: Picture = FIGURES / "atlas.png",
) -> None:
    """The map of gaits that a search for many of them has found.

    Example: `python -m benchmarks figure atlas runs/mapelites-0 --out atlas.svg`
    """
    from agents.atlas import atlas_of_run, load_atlas
    from agents.atlas_map import draw_atlas

    _write(draw_atlas(load_atlas(run) if run.is_file() else atlas_of_run(run)), out)


def _agents(policies: list[str], body: str | None, world: str | None) -> list[Agent]:
    return [load_agent(text, body=body, world=world) for text in policies]


def _write(figure: object, out: Path) -> None:
    save_figure(figure, out)  # type: ignore[arg-type]
    typer.echo(f"Wrote {out}")
