"""One training run of the matrix, as data and as a file: ``benchmarks/runs/NAME.json``.

The file is JSON with exactly these keys:

- ``format`` "walker-run", ``format_version`` 0; ``suite``: its version;
- ``algorithm``, ``seed``, and ``budget`` ``{"name", "steps", "cpu_seconds"}``, one limit None;
- ``config``: the run folder's config.json; ``versions``: as there;
- ``machine``: processor, cores, system; ``commit``: of the code, with "+" when files had changed;
- ``cost``: ``{"steps", "seconds", "cpu_seconds"}`` that the whole run took;
- ``curve``: lists over the T points of the learning curve: ``steps``, ``seconds`` (wall),
  ``cpu_seconds`` and ``scores``, T lists with a figure for each validation course;
- ``report``: the best policy on the suite, see `benchmarks.evaluation.report`.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from benchmarks.evaluation.report import Report, ReportError, from_dict, to_text
from walker_env import strict_json
from walker_env.files import atomic_write

FORMAT, FORMAT_VERSION = "walker-run", 0

COST = ("steps", "seconds", "cpu_seconds")


@dataclass(frozen=True)
class Record:
    """See the head of this file."""

    suite: str
    algorithm: str
    seed: int
    budget: dict[str, Any]
    config: dict[str, Any]
    versions: dict[str, str]
    machine: dict[str, Any]
    commit: str
    cost: dict[str, float]
    curve: dict[str, list]
    report: Report

    @property
    def name(self) -> str:
        """The run's name in the matrix, also of its file and folder."""
        return run_name(self.algorithm, self.budget["name"], self.seed)


def run_name(algorithm: str, budget: str, seed: int) -> str:
    """The name of a run of the matrix."""
    return f"{algorithm}-{budget}-{seed}"


def save_record(record: Record, path: str | Path) -> None:
    """Write a run's record, whole or not at all."""
    head = {"format": FORMAT, "format_version": FORMAT_VERSION}
    body = {**asdict(record), "report": record.report.as_dict()}
    atomic_write(path, to_text(head | body))


def load_record(path: str | Path) -> Record:
    """Read a run's record.

    Raises:
        ReportError: Missing, or not written by `save_record`.
    """
    try:
        data = strict_json.loads(Path(path).read_text(encoding="utf-8"))
        found = (data.pop("format", None), data.pop("format_version", None))
        if found != (FORMAT, FORMAT_VERSION):
            raise ValueError(f"format must be {(FORMAT, FORMAT_VERSION)}, got {found}")
        record = Record(**{**data, "report": from_dict(data["report"])})
        _check(record)
        return record
    except OSError as error:
        raise ReportError(f"{path}: cannot be read: {error.strerror}") from error
    except (ValueError, TypeError, KeyError, AttributeError) as error:
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


def _check(record: Record) -> None:
    """What standings count with must be there."""
    if type(record.seed) is not int or not isinstance(record.budget["name"], str):
        raise ValueError(f"seed must be an int and budget named, got {record.name}")
    lengths = {len(record.curve[name]) for name in (*COST, "scores")}
    if len(lengths) != 1 or 0 in lengths:
        raise ValueError(f"curve must have lists of one length >= 1, got {sorted(lengths)}")
    rows = [[record.cost[name] for name in COST], *(record.curve[name] for name in COST)]
    numbers = [number for row in (*rows, *record.curve["scores"]) for number in row]
    if not all(isinstance(number, (int, float)) for number in numbers):
        raise ValueError("cost and curve must hold numbers")
    if len({len(scores) for scores in record.curve["scores"]}) != 1:
        raise ValueError("curve must have as many scores at every point")
