"""What both command lines share."""

from __future__ import annotations

import sys

import gymnasium as gym
import typer

USER_ERRORS = (ValueError, TypeError, OSError, ImportError, RuntimeError, gym.error.Error)


def run_app(app: typer.Typer) -> None:
    """Run a command line; a user's error is one line, not a traceback."""
    try:
        app()
    except USER_ERRORS as error:
        typer.secho(f"error: {error}", fg=typer.colors.RED, err=True)
        sys.exit(2)
