"""One training run of the matrix, as data and as a file: ``benchmarks/runs/NAME.json``.

The file is JSON: ``format`` "walker-run", ``format_version`` 0, and exactly the fields of `Record`
with those of its parts inside.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from benchmarks.evaluation.report import (
    Numbers,
    Part,
    Report,
    ReportError,
    fields_of,
    to_text,
    without_head,
)
from walker_env import strict_json
from walker_env.files import atomic_write

FORMAT, FORMAT_VERSION = "walker-run", 0


class Budget(Part, frozen=True):
    """What the run might cost, see `suite.TrainingBudget`; one limit is None."""

    name: str
    steps: int | None
    cpu_seconds: float | None


class Cost(Part, frozen=True):
    """What the whole run took: control steps, and time by the clock and of processors [s]."""

    steps: int
    seconds: float
    cpu_seconds: float


class Curve(Part, frozen=True):
    """The T points of the learning curve.

    Attributes:
        steps: Control steps so far, T.
        seconds: Time by the clock so far, T [s].
        cpu_seconds: Processor time so far, T [s].
        scores: T lists with a figure for each validation course.
    """

    steps: list[int]
    seconds: Numbers
    cpu_seconds: Numbers
    scores: list[list[float]]

    def __post_init__(self) -> None:
        lengths = {len(getattr(self, name)) for name in self.__struct_fields__}
        if len(lengths) != 1:
            raise ValueError(f"curve must have lists of one length, got {sorted(lengths)}")
        if len({len(scores) for scores in self.scores}) != 1:
            raise ValueError("curve must have as many scores at every point")


class Record(Part, frozen=True):
    """See the head of this file.

    Attributes:
        suite: Its version.
        algorithm: What trained.
        seed: Of training.
        budget: When training ended.
        config: The run folder's config.json.
        versions: As there.
        machine: Processor, cores, system.
        commit: Of the code, with "+" when files had changed.
        cost: Of the whole run.
        curve: What was learned when.
        report: The best policy on the suite.
    """

    suite: str
    algorithm: str
    seed: int
    budget: Budget
    config: dict[str, Any]
    versions: dict[str, str]
    machine: dict[str, Any]
    commit: str
    cost: Cost
    curve: Curve
    report: Report

    @property
    def name(self) -> str:
        """The run's name in the matrix, also of its file and folder."""
        return run_name(self.algorithm, self.budget.name, self.seed)


def run_name(algorithm: str, budget: str, seed: int) -> str:
    """The name of a run of the matrix.

    Args:
        algorithm: What trains.
        budget: Its name in the suite.
        seed: Of training.
    """
    return f"{algorithm}-{budget}-{seed}"


def save_record(record: Record, path: str | Path) -> None:
    """Write a run's record, whole or not at all."""
    head = {"format": FORMAT, "format_version": FORMAT_VERSION}
    body = {**msgspec.to_builtins(record), "report": record.report.as_dict()}
    atomic_write(path, to_text(head | body))


def load_record(path: str | Path) -> Record:
    """Read a run's record.

    Raises:
        ReportError: Missing, or not written by `save_record`.
    """
    try:
        data = strict_json.loads(Path(path).read_text(encoding="utf-8"))
        body = without_head(data, FORMAT, (FORMAT_VERSION,))
        return msgspec.convert(body | {"report": fields_of(body.get("report"))}, Record)
    except OSError as error:
        raise ReportError(f"{path}: cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise ReportError(f"{path}: expected the record of a run: {error}") from error


def read_records(folder: str | Path) -> list[Record]:
    """All records ``*.json`` of a folder, by name; none where there is no folder.

    Raises:
        ReportError: One cannot be read, or is not called after its run: it may be there twice.
    """
    paths = sorted(path for path in Path(folder).glob("*.json") if path.name[0] != ".")
    records = [load_record(path) for path in paths]
    for path, record in zip(paths, records):
        if path.stem != record.name:
            raise ReportError(f"{path} must be called {record.name}.json, after the run it is of")
    return records
