"""All runs of suite 2: every algorithm with every seed in every condition.

Each run is a process (`job`) that ends with this one; what is done stands in its record, so the
command can be killed at any moment and started again. A run that fails is reported and tried again
by the next start.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from agents.ending import start_bound, wait_bound
from agents.training.train import config_class
from benchmarks.evaluation.conditions import VERSION, Condition
from benchmarks.evaluation.report import ReportError
from benchmarks.study.job import Job
from benchmarks.study.record import load_record

_PAUSE = 0.5  # [s] between two looks at the processes


@dataclass(frozen=True)
class Done:
    """A job that has ended.

    Attributes:
        job: Which.
        problem: Why it failed, ``""`` when its record is there.
        score: Mean of its best policy on the common courses; None when it failed.
    """

    job: Job
    problem: str
    score: float | None


class Workers(Protocol):
    """What carries jobs out, several at a time."""

    room: int

    def start(self, job: Job) -> Any:
        """Begin a job; what `ended` is asked with."""

    def ended(self, token: Any) -> bool:
        """Whether a job has ended, well or not."""

    def close(self) -> None:
        """End whatever still runs."""


class LocalWorkers:
    """Processes on this machine.

    Args:
        room: How many at a time.
    """

    def __init__(self, room: int) -> None:
        if room < 1:
            raise ValueError(f"jobs must be at least 1, got {room}")
        self.room = room
        self._running: list[subprocess.Popen[bytes]] = []

    def start(self, job: Job) -> subprocess.Popen[bytes]:
        """Begin a job in a process whose output goes to its log."""
        job.log.parent.mkdir(parents=True, exist_ok=True)
        with open(job.log, "ab") as log:
            process = start_bound(
                job.command(),
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # with its training, to be ended together
            )
        self._running.append(process)
        return process

    def ended(self, token: subprocess.Popen[bytes]) -> bool:
        """Whether the process has ended."""
        return token.poll() is not None

    def close(self) -> None:
        """End the processes and what they started; the next start goes on from checkpoints."""
        for process in self._running:
            if process.poll() is None:
                _end(process)
            wait_bound(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ask a process and what it started to end, where there are groups of processes."""
    if not hasattr(os, "killpg"):
        process.terminate()
        return
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)


def plan(
    conditions: Sequence[Condition],
    folder: Path,
    records: Path,
    algorithms: Sequence[str] = (),
    seeds: int | None = None,
) -> list[Job]:
    """All runs, seed by seed, so that a matrix broken off has about as many of each.

    Args:
        conditions: In which there are runs.
        folder: Of the run folders.
        records: Folder of the records.
        algorithms: Only these; none means all that a condition has.
        seeds: At most so many of each; None means all.

    Raises:
        ValueError: An algorithm that no condition has, or no seed.
        ImportError: An algorithm's library is not installed.
    """
    known = sorted({name for condition in conditions for name in condition.seeds})
    unknown = sorted({*algorithms} - {*known})
    if unknown:
        raise ValueError(f"algorithms must be among {known}, got {unknown}")
    if seeds is not None and seeds < 1:
        raise ValueError(f"seeds must be at least 1, got {seeds}")
    jobs = [
        Job(condition, algorithm, seed, folder, records)
        for condition in conditions
        for algorithm, runs in condition.seeds.items()
        for seed in range(runs if seeds is None else min(runs, seeds))
        if algorithm in (algorithms or known)
    ]
    for algorithm in {job.algorithm for job in jobs}:
        config_class(algorithm)
    return sorted(jobs, key=lambda job: job.seed)


def pending(jobs: Sequence[Job]) -> list[Job]:
    """The jobs that are not done.

    Raises:
        ReportError: A record is in the way that does not belong to its job; nothing is overwritten.
    """
    left = []
    for job in jobs:
        if not job.record.exists():
            left.append(job)
            continue
        record = load_record(job.record)
        found = (record.about.suite, record.about.digest, record.name)
        expected = (VERSION, job.condition.digest, job.name)
        if found != expected or record.steps[-1] < job.steps:
            raise ReportError(
                f"{job.record} is of {found} with {record.steps[-1]:,} control steps, this matrix "
                f"of {expected} with {job.steps:,}; move it or choose another --out"
            )
    return left


def run(jobs: Sequence[Job], workers: Workers) -> Generator[list[Job] | Done, None, None]:
    """Carry jobs out, as many at a time as there is room for.

    Args:
        jobs: Started in this order.
        workers: What carries them out; closed at the end.

    Yields:
        Again and again the jobs that run now, and each job once when it has ended.
    """
    waiting = list(jobs)
    running: list[tuple[Job, Any]] = []
    try:
        while waiting or running:
            while waiting and len(running) < workers.room:
                job = waiting.pop(0)
                running.append((job, workers.start(job)))
            yield [job for job, _ in running]
            for job, token in [pair for pair in running if workers.ended(pair[1])]:
                running.remove((job, token))
                yield _done(job)
            if running:
                time.sleep(_PAUSE)
    finally:
        workers.close()


def _done(job: Job) -> Done:
    try:
        record = load_record(job.record)
        return Done(job, "", float(record.scores[record.best_look()].mean(dtype=np.float64)))
    except ReportError:
        lines = job.log.read_text(errors="replace").splitlines() if job.log.exists() else []
        words = [line.strip() for line in lines if line.strip()][-3:]
        return Done(job, " | ".join(words)[-500:] or "it left no word", None)
