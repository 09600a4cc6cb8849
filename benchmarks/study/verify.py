"""Do records come out again? The policies that they keep walk once more."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np

from benchmarks.evaluation.conditions import CONDITIONS, Condition
from benchmarks.evaluation.plausibility import most_score
from benchmarks.gaits.gait import record_gait
from benchmarks.study.job import describe_gait
from benchmarks.study.record import BEST, LAST, Record, read_records
from benchmarks.study.walks import walk_all

_TOGETHER = 8  # records whose policies walk in one batch


def verify_records(
    root: Path,
    conditions: Sequence[Condition] = CONDITIONS,
    on_record: Callable[[], object] = lambda: None,
) -> Iterator[tuple[str, str]]:
    """Let the last and the best policy of every record walk the common courses again.

    What other looks did rests on trust, as far as it is possible at all; training a run again from
    its record gives the same bits.

    Args:
        root: Folder of the records.
        conditions: In which they were made.
        on_record: Called after each.

    Raises:
        ReportError: A record cannot be read or is of another condition.

    Yields:
        The name of each and what is wrong with it, ``""`` when it came out exactly.
    """
    seen: dict[bytes, str] = {}
    for condition in conditions:
        records = read_records(root, condition)
        for first in range(0, len(records), _TOGETHER):
            some = records[first : first + _TOGETHER]
            problems = walk_again(some, condition)
            for record, problem in zip(some, problems):
                key = record.scores.tobytes()
                twin = seen.setdefault(key, record.name)
                if twin != record.name and record.scores.any():
                    problem = f"it is the same run as {twin}"
                on_record()
                yield record.name, problem


def walk_again(records: Sequence[Record], condition: Condition) -> list[str]:
    """What is wrong with each record, ``""`` for nothing."""
    suite = condition.suite
    pairs = [(record, which) for record in records for which in (LAST, BEST)]
    try:
        policies = [record.policy(which, condition) for record, which in pairs]
    except ValueError as error:
        if len(records) == 1:
            return [str(error)]
        return list(itertools.chain(*(walk_again([record], condition) for record in records)))
    walked = walk_all(policies, condition.options, suite.public_seeds(suite.ranked), suite)
    problems = []
    for i, record in enumerate(records):
        wrong = _impossible(record, condition)
        for row, which in ((2 * i, LAST), (2 * i + 1, BEST)):
            look = record.best_look() if which == BEST else len(record.steps) - 1
            for name in ("scores", "left", "turns", "energy", "way"):
                told = getattr(record, name)[look]
                again = getattr(walked, name)[row].astype(told.dtype)
                if not np.array_equal(told, again):
                    wrong.append(f"{name} of the {which} policy do not come out")
            kept = record.closing[row % 2]
            if not np.array_equal(kept, walked.closing[row].astype(kept.dtype), equal_nan=True):
                wrong.append(f"closing of the {which} policy does not come out")
            if record.about.gaits.get(which) != describe_gait(record_gait(policies[row])):
                wrong.append(f"the gait of the {which} policy does not come out")
        problems.append("; ".join(wrong))
    return problems


def _impossible(record: Record, condition: Condition) -> list[str]:
    """What no run can have done."""
    suite = condition.suite
    most = most_score(suite, suite.ranked)
    for name in ("scores", "validation"):
        values = getattr(record, name)
        if values.min() < 0 or values.max() > most:
            return [f"{name} must lie in [0, {most:g}]"]
    expected = suite.courses(suite.ranked)[0]
    if record.scores.shape[1] != expected:
        return [f"scores must be of {expected} courses, got {record.scores.shape[1]}"]
    return []
