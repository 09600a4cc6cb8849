"""The whole matrix of the benchmark: every algorithm with every seed and budget.

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

from agents.ending import start_bound, wait_bound
from agents.training.train import ALGORITHMS, config_class
from benchmarks.evaluation.report import ReportError
from benchmarks.evaluation.suite import Suite, TrainingBudget
from benchmarks.matrix.job import Job
from benchmarks.matrix.record import load_record

_PAUSE = 0.5  # [s] between two looks at the processes


@dataclass(frozen=True)
class Done:
    """A job that has ended.

    Attributes:
        job: Which.
        problem: Why it failed, ``""`` when its record is there.
        score: Of the ranked skill; None when it failed.
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
        suite: What is examined.
    """

    def __init__(self, room: int, suite: Suite) -> None:
        if room < 1:
            raise ValueError(f"jobs must be at least 1, got {room}")
        self.room, self._suite = room, suite
        self._running: list[subprocess.Popen[bytes]] = []

    def start(self, job: Job) -> subprocess.Popen[bytes]:
        """Begin a job in a process whose output goes to its log."""
        job.log.parent.mkdir(parents=True, exist_ok=True)
        with open(job.log, "ab") as log:
            process = start_bound(
                job.command(self._suite),
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
    algorithms: Sequence[str],
    seeds: int,
    budgets: Sequence[TrainingBudget],
    folder: Path,
    records: Path,
    settings: Sequence[str] = (),
) -> list[Job]:
    """All jobs, seed by seed, so that a matrix broken off has about as many runs of each.

    Args:
        algorithms: Names in `train.ALGORITHMS`; at least one.
        seeds: How many; a job has one of 0 to seeds - 1.
        budgets: Of training; at least one.
        folder: Of the run folders.
        records: Folder of the records.
        settings: ``NAME=VALUE``, for every job.

    Raises:
        ValueError: An unknown algorithm, or no seed.
        ImportError: An algorithm's library is not installed.
    """
    if seeds < 1 or not algorithms or not budgets:
        raise ValueError(f"expected algorithms, budgets and seeds >= 1, got {seeds} seeds")
    for algorithm in algorithms:
        if algorithm not in ALGORITHMS:
            raise ValueError(f"algorithm must be one of {sorted(ALGORITHMS)}, got {algorithm!r}")
        config_class(algorithm)
    return [
        Job(algorithm, seed, budget, folder, records, tuple(settings))
        for seed in range(seeds)
        for budget in budgets
        for algorithm in algorithms
    ]


def pending(jobs: Sequence[Job], suite: Suite, physics: str) -> list[Job]:
    """The jobs that are not done; a record of another suite, physics or budget is in the way.

    Args:
        jobs: Of the matrix.
        suite: That it is examined on.
        physics: The suite's hash of its physics.

    Raises:
        ReportError: A record does not belong to this matrix; nothing is overwritten.
    """
    left = []
    for job in jobs:
        if not job.record.exists():
            left.append(job)
            continue
        record = load_record(job.record)
        found = (record.suite, record.report.physics, record.name)
        expected = (suite.version, physics, job.name)
        limits = (record.budget.steps, record.budget.cpu_seconds)
        if found != expected or limits != (job.budget.steps, job.budget.cpu_seconds):
            raise ReportError(
                f"{job.record} is of {found} with limits {limits}, this matrix of {expected} with "
                f"{(job.budget.steps, job.budget.cpu_seconds)}; move it or choose another --out"
            )
    return left


def run(
    jobs: Sequence[Job], workers: Workers, suite: Suite
) -> Generator[list[Job] | Done, None, None]:
    """Carry jobs out, as many at a time as there is room for.

    Args:
        jobs: Started in this order.
        workers: What carries them out; closed at the end.
        suite: Whose ranked skill gives the scores.

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
                yield _done(job, suite)
            if running:
                time.sleep(_PAUSE)
    finally:
        workers.close()


def _done(job: Job, suite: Suite) -> Done:
    try:
        score = load_record(job.record).report.summary[suite.ranked].score
        return Done(job, "", score)
    except ReportError:
        lines = job.log.read_text(errors="replace").splitlines() if job.log.exists() else []
        words = [line.strip() for line in lines if line.strip()][-3:]
        return Done(job, " | ".join(words)[-500:] or "it left no word", None)
