"""The command that runs the matrix, with one progress display."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from agents.outputs import RUNS as OUTPUTS
from agents.outputs import to_folder
from agents.training.train import ALGORITHMS
from benchmarks.evaluation.published import RUNS
from benchmarks.evaluation.suite import SUITE_V1, TrainingBudget
from benchmarks.matrix.job import Job
from benchmarks.matrix.matrix import Done, LocalWorkers, Workers, pending, plan
from benchmarks.matrix.matrix import run as carry_out


def run(
    algorithms: Annotated[
        list[str] | None,
        typer.Option("--algorithms", "-a", help="Names, separated by commas [default: all]."),
    ] = None,
    seeds: Annotated[
        int, typer.Option(min=1, help="Number of training seeds of each, from 0 on.")
    ] = SUITE_V1.runs,
    budget: Annotated[
        list[str] | None, typer.Option(help="steps or cpu [default: both, one after the other].")
    ] = None,
    steps: Annotated[
        int | None, typer.Option(min=1, help="Another limit for the steps budget.")
    ] = None,
    cpu_seconds: Annotated[
        float | None, typer.Option(min=0, help="Another limit for the cpu budget [s].")
    ] = None,
    jobs: Annotated[int, typer.Option(min=1, help="Number of runs at a time on this machine.")] = 1,
    ray: Annotated[
        str | None, typer.Option(help="Address of a Ray cluster instead; local: one made here.")
    ] = None,
    out: Annotated[
        Path,
        typer.Option(
            help="Folder for the records, one JSON each.",
            callback=to_folder,
            show_default="benchmarks/runs",
        ),
    ] = RUNS,
    folder: Annotated[
        Path, typer.Option(help="Folder for run folders and logs.", callback=to_folder)
    ] = OUTPUTS / "matrix",
) -> None:
    """Train every algorithm with every seed and budget, and examine what each has learned.

    It can be killed at any moment and started again: it goes on where it was. A run that fails is
    reported with its log and stops no other; the next start tries it again.

    Example: `python -m benchmarks run -a snes -a ppo --seeds 10 --jobs 2`
    """
    names = dict.fromkeys(name for text in algorithms or ALGORITHMS for name in text.split(","))
    limits = dict.fromkeys(budget or ("steps", "cpu"))
    budgets = [_training_budget(name, steps, cpu_seconds) for name in limits]
    every = plan([*names], seeds, budgets, folder, out)
    left = pending(every, SUITE_V1, SUITE_V1.physics)
    typer.echo(f"{len(every) - len(left)} of {len(every)} runs are done, {len(left)} to go")
    if not left:
        return
    workers: Workers
    if ray is None:
        workers = LocalWorkers(jobs, SUITE_V1)
    else:
        from benchmarks.matrix.ray_workers import RayWorkers

        workers = RayWorkers(ray, SUITE_V1)
    failed = _watch(left, workers)
    if failed:
        typer.echo(f"{len(failed)} of {len(left)} runs failed:", err=True)
        for done in failed:
            typer.echo(f"  {done.job.name}: {done.problem} (log: {done.job.log})", err=True)
        raise typer.Exit(1)


def _training_budget(name: str, steps: int | None, cpu_seconds: float | None) -> TrainingBudget:
    budget = SUITE_V1.budget(name)
    if budget.steps is not None:
        return budget if steps is None else replace(budget, steps=steps)
    return budget if cpu_seconds is None else replace(budget, cpu_seconds=cpu_seconds)


def _watch(left: Sequence[Job], workers: Workers) -> list[Done]:
    """Carry out and show; returns what failed."""
    failed = []
    columns = (
        TextColumn("{task.description:>24}"),
        BarColumn(),
        TextColumn("{task.percentage:3.0f}%"),
        TimeElapsedColumn(),
        TextColumn("{task.fields[state]}"),
    )
    console = Console(stderr=True)
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        whole = bar.add_task("all runs", total=len(left), state="")
        rows: dict[str, TaskID] = {}
        with closing(carry_out(left, workers, SUITE_V1)) as events:
            for event in events:
                if isinstance(event, Done):
                    failed += [event] if event.problem else []
                    _tell(event)
                    bar.remove_task(rows.pop(event.job.name))
                    bar.advance(whole)
                    continue
                for job in event:
                    _show(bar, rows, job)
    return failed


def _show(bar: Progress, rows: dict[str, TaskID], job: Job) -> None:
    if job.name not in rows:
        rows[job.name] = bar.add_task(job.name, total=1.0, state="starting")
    points = job.points()
    if points:
        state = f"{points[-1].score:5.1f} targets after {points[-1].steps:,} steps"
        bar.update(rows[job.name], completed=min(1.0, job.share(points[-1])), state=state)


def _tell(done: Done) -> None:
    if done.problem:
        typer.echo(f"{done.job.name}: FAILED: {done.problem} (log: {done.job.log})", err=True)
    else:
        typer.echo(f"{done.job.name}: {done.score:.2f}")
