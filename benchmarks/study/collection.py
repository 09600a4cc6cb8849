"""The records of all conditions as far as there are any, and which runs count at a budget."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.evaluation.conditions import CONDITIONS, STEP_BUDGETS, TIME_BUDGETS, Condition
from benchmarks.evaluation.published import RECORDS
from benchmarks.study.record import Record, read_records


@dataclass(frozen=True)
class Limit:
    """What a run may have spent when it is looked at.

    Attributes:
        name: In data.
        title: For people.
        steps: Control steps; None: any number.
        seconds: Normalised processor time [s]; None: any time.
    """

    name: str
    title: str
    steps: int | None = None
    seconds: float | None = None

    def looks(self, record: Record, planned: int) -> int | None:
        """How many looks of a run lie within.

        Args:
            record: Of the run.
            planned: How long such runs are [control step].

        Returns:
            None where the run is shorter than the limit, or, without one, than planned; and where
            it has not been looked at so soon.
        """
        if self.seconds is not None:
            return record.looks_within_seconds(self.seconds) or None
        return record.looks_within_steps(planned if self.steps is None else self.steps)

    def ended(self, record: Record, planned: int) -> bool:
        """Whether a run came to its end before the limit.

        Args:
            record: Of the run.
            planned: How long such runs are [control step].
        """
        if self.seconds is not None:
            return bool(record.seconds[-1] < self.seconds)
        return bool(record.steps[-1] < (planned if self.steps is None else self.steps))


LIMITS = (
    *(
        Limit(f"steps-{n}", f"after {n / 1e6:g} million control steps", steps=n)
        for n in STEP_BUDGETS
    ),
    *(Limit(f"seconds-{t:g}", f"after {t:g} s of processor time", seconds=t) for t in TIME_BUDGETS),
    Limit("end", "at the end of each run"),
)
"""At which algorithms are ranked. At their ends, runs of two algorithms may have cost unlike."""


@dataclass(frozen=True)
class Kept:
    """One run at a limit.

    Attributes:
        record: Of the run.
        count: Looks within the limit, at least 1.
    """

    record: Record
    count: int

    @property
    def best(self) -> int:
        """The look that validation chooses."""
        return self.record.best_look(self.count)

    @property
    def last(self) -> int:
        """The last look within the limit."""
        return self.count - 1

    def score(self) -> float:
        """Mean of the chosen policy on the common courses [targets in 100 s]."""
        return float(self.record.scores[self.best].mean(dtype=np.float64))


@dataclass(frozen=True)
class Collection:
    """All records that count.

    Attributes:
        conditions: In which there are to be runs.
        records: Condition -> its records, of the algorithms and seeds that it asks for; more do
            not count: nobody chooses among his runs.
    """

    conditions: Sequence[Condition]
    records: Mapping[str, Sequence[Record]]

    def condition(self, name: str) -> Condition | None:
        """The condition called ``name``, if it is one of these."""
        return next((one for one in self.conditions if one.name == name), None)

    def of(self, condition: str, algorithm: str) -> list[Record]:
        """The records of an algorithm, by seed."""
        found = [r for r in self.records.get(condition, ()) if r.about.algorithm == algorithm]
        return sorted(found, key=lambda record: record.about.seed)

    def at(self, condition: str, algorithm: str, limit: Limit) -> list[Kept]:
        """The runs of an algorithm that are as long as a limit asks for, by seed.

        Args:
            condition: Its name; None are there where it is not one of these.
            algorithm: What trained.
            limit: What the runs may have spent.
        """
        where = self.condition(condition)
        if where is None or algorithm not in where.steps:
            return []
        planned, found = where.steps[algorithm], self.of(condition, algorithm)
        counts = [(record, limit.looks(record, planned)) for record in found]
        return [Kept(record, count) for record, count in counts if count is not None]

    def complete(self, condition: str, algorithm: str, limit: Limit) -> list[Kept]:
        """The same if all runs that the condition asks for are among them, else none.

        Args:
            condition: Its name.
            algorithm: What trained.
            limit: As in `at`.
        """
        where, found = self.condition(condition), self.at(condition, algorithm, limit)
        return found if where and len(found) == where.seeds.get(algorithm) else []

    def planned(self) -> int:
        """How many runs there are to be."""
        return sum(sum(condition.seeds.values()) for condition in self.conditions)

    def all(self) -> list[Record]:
        """Every record that counts."""
        return [record for condition in self.conditions for record in self.records[condition.name]]


def collect(root: Path = RECORDS, conditions: Sequence[Condition] = CONDITIONS) -> Collection:
    """Read the records of a folder.

    Raises:
        ReportError: One cannot be read, or is of a condition as it was once.
    """
    records = {
        condition.name: [
            record
            for record in read_records(root, condition)
            if record.about.seed < condition.seeds.get(record.about.algorithm, 0)
        ]
        for condition in conditions
    }
    return Collection(conditions, records)
