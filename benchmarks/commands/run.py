"""The command that makes the runs of suite 2, with one progress display."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from agents.outputs import RUNS as OUTPUTS
from agents.outputs import to_folder
from benchmarks.evaluation.conditions import CONDITIONS, find_condition
from benchmarks.evaluation.published import RECORDS
from benchmarks.study.job import Job
from benchmarks.study.matrix import Done, LocalWorkers, Workers, pending, plan
from benchmarks.study.matrix import run as carry_out


def run(
    conditions: Annotated[
        list[str] | None,
        typer.Option("--conditions", "-c", help="Names, separated by commas [default: all]."),
    ] = None,
    algorithms: Annotated[
        list[str] | None,
        typer.Option("--algorithms", "-a", help="Names, separated by commas [default: all]."),
    ] = None,
    seeds: Annotated[
        int | None, typer.Option(min=1, help="At most so many training seeds, from 0 on.")
    ] = None,
    jobs: Annotated[int, typer.Option(min=1, help="Number of runs at a time on this machine.")] = 1,
    ray: Annotated[
        str | None, typer.Option(help="Address of a Ray cluster instead; local: one made here.")
    ] = None,
    out: Annotated[
        Path,
        typer.Option(
            help="Folder for the records, a folder of them for each condition.",
            callback=to_folder,
            show_default="benchmarks/records",
        ),
    ] = RECORDS,
    folder: Annotated[
        Path, typer.Option(help="Folder for run folders and logs.", callback=to_folder)
    ] = OUTPUTS / "study",
) -> None:
    """Train every algorithm with every seed in every condition, and keep a record of each run.

    It can be killed at any moment and started again: it goes on where it was. A run that fails is
    reported with its log and stops no other; the next start tries it again.

    Example: `python -m benchmarks run -c disc -a snes,ppo --seeds 3 --jobs 2`
    """
    chosen = [find_condition(name) for name in _names(conditions)] or [*CONDITIONS]
    every = plan(chosen, folder, out, _names(algorithms), seeds)
    left = pending(every)
    typer.echo(f"{len(every) - len(left)} of {len(every)} runs are done, {len(left)} to go")
    if not left:
        return
    workers: Workers
    if ray is None:
        workers = LocalWorkers(jobs)
    else:
        from benchmarks.study.ray_workers import RayWorkers

        workers = RayWorkers(ray)
    failed = _watch(left, workers)
    if failed:
        typer.echo(f"{len(failed)} of {len(left)} runs failed:", err=True)
        for done in failed:
            typer.echo(f"  {done.job.name}: {done.problem} (log: {done.job.log})", err=True)
        raise typer.Exit(1)


def _names(texts: Sequence[str] | None) -> list[str]:
    return [*dict.fromkeys(name for text in texts or () for name in text.split(","))]


def _watch(left: Sequence[Job], workers: Workers) -> list[Done]:
    """Carry out and show; returns what failed."""
    failed = []
    columns = (
        TextColumn("{task.description:>28}"),
        BarColumn(),
        TextColumn("{task.percentage:3.0f}%"),
        TimeElapsedColumn(),
        TextColumn("{task.fields[state]}"),
    )
    console = Console(stderr=True)
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        whole = bar.add_task("all runs", total=len(left), state="")
        rows: dict[str, TaskID] = {}
        with closing(carry_out(left, workers)) as events:
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
        bar.update(rows[job.name], completed=min(1.0, points[-1].steps / job.steps), state=state)


def _tell(done: Done) -> None:
    if done.problem:
        typer.echo(f"{done.job.name}: FAILED: {done.problem} (log: {done.job.log})", err=True)
    else:
        typer.echo(f"{done.job.name}: {done.score:.2f}")
