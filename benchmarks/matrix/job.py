"""One run of the matrix, in a process of its own: train, examine the best policy, keep the record.

It may be killed at any moment and started again: training goes on from its checkpoint, and the
record appears whole or not at all. It ends with the matrix that started it, and its training with
it. Two processes never work on the same run: the folder is locked for as long as this one or its
training lives.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from agents.ending import ROOT, end_on_signals, end_with_parent, hang_up, start_bound, wait_bound
from agents.lock import lock
from agents.policy import Policy
from agents.provenance import commit, describe_machine, versions
from agents.training.curve import Point, read_points
from agents.training.run_config import CONFIG, read_config
from agents.training.run_folder import POLICY
from benchmarks.evaluation.examine import examine
from benchmarks.evaluation.report import Report
from benchmarks.evaluation.suite import Suite, TrainingBudget
from benchmarks.matrix.record import Budget, Cost, Curve, Record, run_name, save_record

COURSES = 16
"""Validation courses of each point of a learning curve."""

_POINTS = 20  # of the learning curve
_SPENT = 0.999  # a run that has used less of its budget was broken off


@dataclass(frozen=True)
class Job:
    """One cell of the matrix.

    Attributes:
        algorithm: One of `agents.training.train.ALGORITHMS`.
        seed: Of training.
        budget: When training ends.
        folder: Where the run's folder and log go.
        records: Where its record goes.
        settings: ``name=value`` for the trainer beside its tuned settings.
    """

    algorithm: str
    seed: int
    budget: TrainingBudget
    folder: Path
    records: Path
    settings: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Unique in the matrix."""
        return run_name(self.algorithm, self.budget.name, self.seed)

    @property
    def run(self) -> Path:
        """The run folder."""
        return self.folder / self.name

    @property
    def log(self) -> Path:
        """What training and examination print."""
        return self.folder / f"{self.name}.log"

    @property
    def record(self) -> Path:
        """The record's file; where it exists, the run is done."""
        return self.records / f"{self.name}.json"

    def command(self, suite: Suite) -> list[str]:
        """How the process is started, from the checkout's root."""
        words = {"algorithm": self.algorithm, "seed": self.seed, "budget": asdict(self.budget)}
        places = {"folder": str(self.folder.resolve()), "records": str(self.records.resolve())}
        words |= {**places, "settings": list(self.settings), "suite": asdict(suite)}
        return [sys.executable, "-m", "benchmarks.matrix.job", json.dumps(words)]

    def training(self) -> list[str]:
        """The command that trains, or goes on with it."""
        budget = self.budget
        command = [sys.executable, "-m", "agents.ending", "agents", "train", self.algorithm]
        command += ["--quiet", "--seed", str(self.seed), "--out", str(self.run)]
        command += ["--courses", str(COURSES)]
        if budget.steps is not None:
            command += ["--steps", str(budget.steps)]
        if budget.cpu_seconds is not None:
            command += ["--cpu-seconds", str(budget.cpu_seconds)]
            command += ["--validate-every", str(budget.cpu_seconds / _POINTS)]
        for setting in self.settings:
            command += ["--set", setting]
        return command + ["--resume"] * (self.run / CONFIG).exists()

    def points(self) -> list[Point]:
        """The learning curve so far."""
        return read_points(self.run)

    def share(self, point: Point) -> float:
        """Which share of the budget was spent at a point of the learning curve."""
        if self.budget.steps is not None:
            return point.steps / self.budget.steps
        return point.cpu_seconds / (self.budget.cpu_seconds or 1.0)


def work(job: Job, suite: Suite) -> None:
    """Do a job, unless its record is there already.

    Raises:
        RuntimeError: Training failed, or was broken off.
    """
    job.folder.mkdir(parents=True, exist_ok=True)
    with lock(job.folder / f"{job.name}.lock") as handle:
        if job.record.exists():
            return
        held: dict[str, Any] = {"pass_fds": [handle]} if os.name == "posix" else {}
        status = wait_bound(start_bound(job.training(), **held))
        if status:
            raise RuntimeError(f"training ended with exit status {status}")
        points = job.points()
        if not points or job.share(points[-1]) < _SPENT:
            raise RuntimeError("training was broken off before its budget was spent")
        path = job.run / POLICY
        report = examine(Policy.load(path), suite, path)
        save_record(_record(job, suite, points, report), job.record)


def _record(job: Job, suite: Suite, points: Sequence[Point], report: Report) -> Record:
    config = read_config(job.run)
    return Record(
        suite=suite.version,
        algorithm=job.algorithm,
        seed=job.seed,
        budget=Budget(**asdict(job.budget)),
        config=config["config"],
        versions=config.get("versions", versions()),
        machine=describe_machine(),
        commit=commit(ROOT),
        cost=Cost(**{n: getattr(points[-1], n) for n in Cost.__struct_fields__}),
        curve=Curve(**{n: [getattr(p, n) for p in points] for n in Curve.__struct_fields__}),
        report=report,
    )


def parse(text: str) -> tuple[Job, Suite]:
    """The job in the argument that `Job.command` makes."""
    data = json.loads(text)
    suite = Suite.from_dict(data.pop("suite"))
    data["budget"] = TrainingBudget(**data["budget"])
    data["settings"] = tuple(data["settings"])
    return Job(**{**data, "folder": Path(data["folder"]), "records": Path(data["records"])}), suite


if __name__ == "__main__":
    end_on_signals()
    end_with_parent(0, hang_up)
    try:
        work(*parse(sys.argv[1]))
    except KeyboardInterrupt:
        sys.exit(130)
    except (RuntimeError, ValueError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        sys.exit(1)
