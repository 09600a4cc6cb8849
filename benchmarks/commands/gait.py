"""The commands ``gait`` and ``handedness``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from agents.baselines import load_agent
from agents.cli import BodyName, WorldName
from agents.outputs import RUNS, to_file
from agents.work import Work
from benchmarks.commands.arguments import Policies, result_paths


def gait(
    policies: Policies,
    out: Annotated[
        Path | None,
        typer.Option(
            help="One page for all of them, FILE.html [default: runs/gait/NAME.html for each].",
            callback=to_file(".html"),
        ),
    ] = None,
    picture: Annotated[
        Path | None,
        typer.Option(
            help="Draw footfall diagrams too: FILE.png, FILE.svg or FILE.pdf.",
            callback=to_file(".png", ".svg", ".pdf"),
        ),
    ] = None,
    body: BodyName = None,
    world: WorldName = None,
) -> None:
    """Make a page on how a policy walks: footfalls, speed, rhythm, turning, energy, handedness.

    Example: `python -m benchmarks gait gait runs/first/policy.safetensors`
    """
    from benchmarks.figures.figures import draw_gaits
    from benchmarks.figures.gait_page import save_page, turns_table
    from benchmarks.gaits.gait import gait_table
    from benchmarks.gaits.portrait import portray

    portraits = []
    agents = [load_agent(text, body=body, world=world) for text in policies]
    if out is None:
        paths = result_paths([*zip(policies, agents)], RUNS / "gait", ".html")
    with Work("walking", len(agents)) as work:
        for agent in agents:
            work.step(f"how {agent.name} walks", 0)
            portraits.append(portray(agent))
            work.step()
    typer.echo(gait_table([portrait.gait for portrait in portraits]))
    typer.echo(f"\n{turns_table(portraits)}\n")
    if out is not None:
        pages = {out: portraits}
    else:
        pages = {path: [portrait] for path, portrait in zip(paths, portraits)}
    for path, shown in pages.items():
        save_page(shown, path)
        typer.echo(f"Wrote {path}")
    if picture:
        draw_gaits([portrait.gait for portrait in portraits], picture)
        typer.echo(f"Wrote {picture}")


def handedness(
    body: Annotated[
        str, typer.Option(help="A body that looks alike on both sides: a name or a JSON file.")
    ] = "quadruped",
    walkers: Annotated[
        int, typer.Option(min=2, help="Number of sequences of random commands.")
    ] = 256,
    seconds: Annotated[float, typer.Option(min=1, help="Length of each walk [s].")] = 100.0,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the commands.")] = 0,
    world: Annotated[str, typer.Option(help="A world, by name or a JSON file.")] = "standard",
) -> None:
    """Measure how much left and right differ because the solver works in a fixed order.

    Example: `python -m benchmarks handedness --body hexapod --seconds 20`
    """
    from benchmarks.gaits.handedness import measure, table
    from walker_env.body import get_body
    from walker_env.params import get_world

    typer.echo(table(measure(get_body(body), walkers, seconds, seed, get_world(world))))
