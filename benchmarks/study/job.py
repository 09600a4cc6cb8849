"""One run in a condition, in a process of its own: train, walk the common courses, keep the record.

It may be killed at any moment and started again: training goes on from its checkpoint, and the
record appears whole or not at all. It ends with whoever started it. Two processes never work on the
same run: the folder is locked for as long as one lives.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from agents.ending import ROOT, end_on_signals, end_with_parent, hang_up
from agents.lock import lock
from agents.policy import Policy
from agents.provenance import commit, describe_machine, versions
from agents.training.budget import Budget
from agents.training.curve import Point, read_points
from agents.training.progress import Watchers
from agents.training.run_config import CONFIG, describe, for_policy
from agents.training.run_folder import RunFolder
from agents.training.train import make_config, train
from benchmarks.evaluation.conditions import VALIDATION, VERSION, Condition, looks
from benchmarks.gaits.gait import MeasuredGait, record_gait
from benchmarks.study.calibration import Calibration
from benchmarks.study.record import (
    BEST,
    LAST,
    About,
    Record,
    parts_of,
    record_path,
    run_name,
    save_record,
)
from benchmarks.study.walks import Walked, walk_all
from walker_env import Options


@dataclass(frozen=True)
class Job:
    """One run.

    Attributes:
        condition: In which it trains.
        algorithm: One of `agents.training.train.ALGORITHMS`.
        seed: Of training.
        folder: Where the run's folder and log go.
        records: Where its record goes.
    """

    condition: Condition
    algorithm: str
    seed: int
    folder: Path
    records: Path

    @property
    def name(self) -> str:
        """Unique among all runs."""
        return f"{self.condition.name}/{run_name(self.algorithm, self.seed)}"

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
        return record_path(self.records, self.condition.name, self.algorithm, self.seed)

    @property
    def steps(self) -> int:
        """When training ends [control step]."""
        return self.condition.steps[self.algorithm]

    @property
    def config(self) -> Any:
        """What trains: tuned settings, and those of the condition in their place."""
        own = {f"options.{name}": x for name, x in self.condition.options.as_keywords().items()}
        settings = {**self.condition.settings, **own, "seed": self.seed}
        return make_config(self.algorithm, settings)

    def command(self) -> list[str]:
        """How the process is started, from the checkout's root."""
        words = {"algorithm": self.algorithm, "seed": self.seed}
        places = {"folder": str(self.folder.resolve()), "records": str(self.records.resolve())}
        words |= {**places, "condition": self.condition.as_dict()}
        return [sys.executable, "-m", "benchmarks.study.job", json.dumps(words)]

    @classmethod
    def parse(cls, text: str) -> Job:
        """The job in the argument that `command` makes."""
        data = json.loads(text)
        data["condition"] = Condition.from_dict(data["condition"])
        return cls(**{**data, "folder": Path(data["folder"]), "records": Path(data["records"])})

    def points(self) -> list[Point]:
        """The learning curve on the validation courses so far."""
        return read_points(self.run)


def work(job: Job) -> None:
    """Do a job, unless its record is there already.

    Raises:
        KeyboardInterrupt: It was stopped; the same job goes on.
        RuntimeError: Training was broken off.
    """
    job.folder.mkdir(parents=True, exist_ok=True)
    job.run.parent.mkdir(parents=True, exist_ok=True)
    with lock(job.run.with_name(f"{job.run.name}.lock")):
        if job.record.exists():
            return
        calibration = Calibration(job.run)
        run = train(
            job.config,
            Budget(steps=job.steps),
            job.run,
            courses=VALIDATION,
            looks=looks(job.steps),
            resume=(job.run / CONFIG).exists(),
            watchers=Watchers(calibration),
        )
        if run.interrupted:
            raise KeyboardInterrupt
        save_record(_record(job, job.points(), calibration), job.record)


def _record(job: Job, points: Sequence[Point], calibration: Calibration) -> Record:
    place = RunFolder(job.run)
    policies = [Policy.load(place.policy_at(point.steps)) for point in points]
    condition = job.condition
    suite = condition.suite
    walked = walk_all(policies, condition.options, suite.public_seeds(condition.name), suite)
    steps = np.array([point.steps for point in points])
    spent = np.array([point.cpu_seconds for point in points])
    kernel, seconds = calibration.at(steps)
    unfinished = Record(
        about=_about(job, calibration.resumed),
        steps=steps,
        cpu_seconds=spent,
        kernel=kernel,
        seconds=seconds,
        validation=np.array([point.scores for point in points], np.float32),
        scores=walked.scores.astype(np.float32),
        left=walked.left.astype(np.int32),
        turns=walked.turns.astype(np.int32),
        energy=walked.energy.astype(np.float32),
        way=walked.way.astype(np.float32),
        closing=np.zeros((2, 1), np.float32),
        skills=np.zeros((0, 1), np.float32),
        policies={},
    )
    chosen = {LAST: len(steps) - 1, BEST: unfinished.best_look()}
    return _with_policies(unfinished, condition, policies, chosen, walked)


def _with_policies(
    record: Record,
    condition: Condition,
    policies: Sequence[Policy],
    chosen: dict[str, int],
    walked: Walked,
) -> Record:
    """The record with what is kept of the last and the best policy."""
    kept = {which: policies[look] for which, look in chosen.items()}
    parts = {which: parts_of(policy) for which, policy in kept.items()}
    gaits = {which: describe_gait(record_gait(policy)) for which, policy in kept.items()}
    arrays = {
        f"{which}.{name}": array for which, (own, _) in parts.items() for name, array in own.items()
    }
    return replace(
        record,
        about=replace(
            record.about,
            gaits=gaits,
            networks={which: words for which, (_, words) in parts.items()},
        ),
        closing=walked.closing[[*chosen.values()]].astype(np.float32),
        skills=_skills(kept[BEST], condition),
        policies=arrays,
    )


def _about(job: Job, resumed: list[int]) -> About:
    described = for_policy(describe(job.config, Budget(steps=job.steps)))
    return About(
        suite=VERSION,
        condition=job.condition.name,
        digest=job.condition.digest,
        algorithm=job.algorithm,
        seed=job.seed,
        config=described["config"],
        versions=versions(),
        machine=describe_machine(),
        commit=commit(ROOT),
        resumed=resumed,
        gaits={},
        networks={},
    )


def describe_gait(gait: MeasuredGait) -> dict[str, Any]:
    """What a record says of a gait, see `record.GAIT`."""
    walks = gait.kind != "none"
    return {
        "kind": gait.kind,
        "rhythm": round(gait.rhythm, 3) if walks else None,
        "speed": round(gait.speed, 2),
        "energy_per_1000": round(gait.energy_per_1000, 3) if walks else None,
    }


def _skills(policy: Policy, condition: Condition) -> np.ndarray:
    """``(S, C)`` float32, the policy in the condition's other skills."""
    suite = condition.suite
    found = np.full((len(condition.skills), suite.public), np.nan, np.float32)
    for row, skill in zip(found, condition.skills):
        seeds = suite.public_seeds(skill.name)
        options: Options = replace(policy.options, course=skill.course, world=skill.world)
        row[: len(seeds)] = walk_all([policy], options, seeds, suite).scores[0] * skill.worth
    return found


if __name__ == "__main__":
    end_on_signals()
    end_with_parent(0, hang_up)
    try:
        work(Job.parse(sys.argv[1]))
    except KeyboardInterrupt:
        sys.exit(130)
    except (RuntimeError, ValueError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        sys.exit(1)
