"""The command ``coverage``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from agents.work import Work
from benchmarks.evaluation.published import RUNS
from benchmarks.evaluation.suite import SUITE_V1


def coverage(
    repeats: Annotated[
        int, typer.Option(min=1, help="Simulated sets of runs of each population.")
    ] = 200,
    seed: Annotated[int, typer.Option(min=0, help="Seed of all that is drawn.")] = 0,
    runs: Annotated[
        Path | None,
        typer.Option(help="Folder of records that populations look like; none: the published."),
    ] = None,
) -> None:
    """Simulate how often 95 % intervals over five and ten runs hold the true value.

    Example: `python -m benchmarks coverage --repeats 20`
    """
    from benchmarks.evaluation.coverage import RUNS as NUMBERS
    from benchmarks.evaluation.coverage import populations, simulate, table

    shapes = populations(_scores(runs or RUNS))
    with Work("drawing runs", len(NUMBERS) * len(shapes)) as work:
        typer.echo(table(simulate(shapes, repeats, seed, work.step)))


def _scores(folder: Path) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Scores of each algorithm at each budget, private and public."""
    from benchmarks.history.record import read_records

    found: dict[str, list[tuple[list[float], list[float]]]] = {}
    for record in read_records(folder):
        parts = record.report.scores[SUITE_V1.ranked]
        name = f"{record.algorithm} {record.budget.name}"
        found.setdefault(name, []).append((parts.private, parts.public))
    if not found:
        raise ValueError(f"{folder}: expected records of runs *.json, got none")
    return {
        name: (np.array([own for own, _ in parts]), np.array([common for _, common in parts]))
        for name, parts in found.items()
    }
