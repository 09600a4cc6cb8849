"""The commands ``throughput``, ``drawing`` and ``arenas``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from agents.outputs import to_file


def throughput(
    seconds: Annotated[float, typer.Option(help="Length of one measurement [s].")] = 1.0,
    repeats: Annotated[
        int, typer.Option(help="Number of measurements of each; the median counts.")
    ] = 5,
    out: Annotated[
        Path | None,
        typer.Option(help="Write the figures to FILE.json.", callback=to_file(".json")),
    ] = None,
    picture: Annotated[
        Path | None, typer.Option(help="Draw them to FILE.png.", callback=to_file(".png"))
    ] = None,
) -> None:
    """Measure how many control steps a second this machine makes, beside installed peers.

    Example: `python -m benchmarks throughput --out speed.json --picture speed.png`
    """
    from benchmarks.speed.speed import report

    report(seconds, repeats, out, picture)


def drawing(
    seconds: Annotated[float, typer.Option(help="Length of one measurement [s].")] = 3.0,
) -> None:
    """Measure how many pictures a second this machine draws, on one core.

    Example: `python -m benchmarks drawing`
    """
    from benchmarks.speed.drawing import report as drawing_report

    Console().print(drawing_report(seconds))


def arenas(
    seconds: Annotated[
        float, typer.Option(help="Length of one measurement, of processor time [s].")
    ] = 2.0,
    repeats: Annotated[
        int, typer.Option(min=1, help="Number of measurements of each; the median counts.")
    ] = 5,
    peers: Annotated[bool, typer.Option(help="Measure others that are installed, too.")] = True,
) -> None:
    """Measure arenas of walkers that meet, beside installed multi-agent environments, on one core.

    Example: `python -m benchmarks arenas`
    """
    from benchmarks.speed.arenas import report as arenas_report

    Console().print(arenas_report(seconds, repeats, peers))
