"""The command ``race``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from agents.baselines import load_agent, policy_file
from agents.cli import BodyName, CourseSeed, Gif, Mp4, WorldName, film_path
from agents.outputs import to_file
from benchmarks.commands.arguments import Policies
from benchmarks.race.camera import CameraPlace

COMMON = "disc"
"""Where policies race that were made for different courses."""


def race(
    policies: Policies,
    gif: Gif = None,
    mp4: Mp4 = None,
    seconds: Annotated[
        float, typer.Option(help="Length of the race, or of what the film shows of it [s].")
    ] = 20.0,
    start: Annotated[
        float, typer.Option("--from", help="Second of the race at which the film begins [s].")
    ] = 0.0,
    camera: Annotated[
        CameraPlace,
        typer.Option(
            help="Of the film: above the course, close above the runners, or with the leader."
        ),
    ] = CameraPlace.course,
    speed: Annotated[
        float, typer.Option(help="Seconds of the race in a second of film or in the window.")
    ] = 2.0,
    seed: CourseSeed = 0,
    body: BodyName = None,
    world: WorldName = None,
    size: Annotated[
        int, typer.Option(min=100, max=4000, help="Height of the picture [pixel].")
    ] = 480,
    replay: Annotated[
        Path | None,
        typer.Option(help="Keep the race, to be verified: FILE.npz.", callback=to_file(".npz")),
    ] = None,
) -> None:
    """Let policies walk the same course at the same time, in a window or as a film.

    Example: `python -m benchmarks race gait random still --gif race.gif`
    """
    from benchmarks.race.film import record_race
    from benchmarks.race.race import Runner

    path = film_path(gif, mp4)
    agents = [load_agent(text, body=body, world=world) for text in policies]
    runners = [Runner.of(agent, policy_file(text)) for text, agent in zip(policies, agents)]
    if len({runner.options.for_evaluation().course for runner in runners}) > 1:
        typer.echo(f"Made for different courses; all of them walk {COMMON!r}.")
        runners = [runner.on(COMMON) for runner in runners]
    ranking = record_race(
        runners,
        path,
        seconds=seconds,
        seed=seed,
        size=size,
        speed=speed,
        replay=replay,
        start=start,
        camera=camera,
    )
    for entry in ranking:
        typer.echo(f"{entry.place}. {entry.name}: {entry.score:.2f} targets")
    if path:
        typer.echo(f"Wrote {path}")
    if replay:
        typer.echo(f"Wrote {replay}; check it: python -m walker_env.replay verify {replay}")
