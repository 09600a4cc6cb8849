"""What both command lines share."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import gymnasium as gym
import typer

from agents.ending import end_on_signals
from agents.outputs import to_file
from walker_env.compiling import announce

BodyName = Annotated[
    str | None,
    typer.Option(
        "--body", help="Another body, by name or a JSON file [default: the policy's, or quadruped]."
    ),
]
WorldName = Annotated[
    str | None,
    typer.Option(
        "--world",
        help="Another world, by name or a JSON file [default: the policy's, or standard].",
    ),
]

Gif = Annotated[
    Path | None,
    typer.Option(help="Write a GIF instead of a window: FILE.gif.", callback=to_file(".gif")),
]
Mp4 = Annotated[
    Path | None,
    typer.Option(help="Write an MP4 instead of a window: FILE.mp4.", callback=to_file(".mp4")),
]

CourseSeed = Annotated[
    int, typer.Option("--seed", min=0, help="Number of the course, of those made for showing.")
]

POLICY = "A policy file or folder, an entry's name, or still, random or gait."
"""What a command that takes a policy says of it."""

COMPILING = "Compiling the simulation for this machine: once, half a minute or more ..."
"""Said before the first function that numba compiles; afterwards it finds them on disk."""

USER_ERRORS = (ValueError, TypeError, OSError, ImportError, RuntimeError, gym.error.Error)


def run_app(app: typer.Typer) -> None:
    """Run a command line; a user's error is one line, not a traceback.

    SIGTERM, as a cluster sends it, and SIGHUP end it as Ctrl-C does.
    """
    end_on_signals()
    announce(lambda: typer.echo(COMPILING, err=True))
    try:
        app()
    except USER_ERRORS as error:
        typer.secho(f"error: {error}", fg=typer.colors.RED, err=True)
        sys.exit(2)


def film_path(gif: Path | None, mp4: Path | None) -> Path | None:
    """The file that ``--gif`` or ``--mp4`` names; None for a window.

    Raises:
        ValueError: Both were given.
    """
    if gif and mp4:
        raise ValueError("choose one of --gif and --mp4")
    return gif or mp4
