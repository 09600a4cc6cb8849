"""Whether the records of training runs can be true, each by itself and all beside each other."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Hashable, Iterator, Sequence

from benchmarks.evaluation.plausibility import check_report, most_score
from benchmarks.evaluation.report import ReportError
from benchmarks.evaluation.suite import Suite
from benchmarks.history.record import Record

MOST_OVER = {"steps": 200_000, "cpu_seconds": 5.0}
"""A run ends with the update that passes its budget; so far beyond it at most."""


def check_records(
    records: Sequence[Record],
    suite: Suite,
    intervals: bool = False,
    on_record: Callable[[], object] = lambda: None,
) -> None:
    """Check that records of a suite's budgets and physics could come from training runs.

    Args:
        records: To be ranked together.
        suite: What was walked.
        intervals: As for `check_report`; nothing is made of a record's own.
        on_record: Called after each.

    Raises:
        ReportError: One could not, or two are of the same run; the message names them.
    """
    for record in records:
        check_report(record.report, suite, f"record {record.name}", intervals)
        for problem in _problems(record, suite):
            raise ReportError(f"record {record.name}: {problem}")
        on_record()
    _check_copies(records)


def _problems(record: Record, suite: Suite) -> Iterator[str]:
    curve, cost = record.curve, record.cost
    if record.seed < 0 or record.config.get("seed", record.seed) != record.seed:
        yield f"seed must be that of its config, {record.config.get('seed')}, got {record.seed}"
    for name in ("steps", "seconds", "cpu_seconds"):
        spent, whole = getattr(curve, name), getattr(cost, name)
        if spent[0] < 0 or any(after < before for before, after in itertools.pairwise(spent)):
            yield f"{name} of the curve must be >= 0 and rise"
        if spent[-1] != whole:
            yield f"the curve must end at the whole cost, {name} {whole}, got {spent[-1]}"
    if len(set(curve.steps)) != len(curve.steps):
        yield "steps of the curve must rise from point to point"
    most = most_score(suite, suite.ranked)
    if any(not 0 <= x <= most for scores in curve.scores for x in scores):
        yield f"scores of the curve must lie in [0, {most:g}]"
    yield from _overdrawn(record)


def _overdrawn(record: Record) -> Iterator[str]:
    for name, over in MOST_OVER.items():
        limit, spent = getattr(record.budget, name), getattr(record.curve, name)
        if limit is None:
            continue
        if spent[-1] > limit + over or any(x > limit for x in spent[:-1]):
            yield (
                f"{name} must end with the update that passes the budget of {limit:,}, at most "
                f"{over:,} beyond it; got {[x for x in spent if x > limit][:3]}"
            )


def _check_copies(records: Sequence[Record]) -> None:
    seen: dict[Hashable, str] = {}
    for record in records:
        for key in _prints(record):
            if key in seen:
                raise ReportError(
                    f"records {seen[key]} and {record.name} are of the same run: {key[0]}"
                )
            seen[key] = record.name


def _prints(record: Record) -> Iterator[tuple[str, Hashable]]:
    """What no other run has; two that never moved may have the same scores."""
    if record.report.agent.sha256 is not None:
        yield "the same policy file", record.report.agent.sha256
    which = record.algorithm, record.budget.name
    learned = tuple(map(tuple, record.curve.scores))
    if any(map(any, learned)):
        yield "the same learning curve", (which, learned)
    scores = tuple(tuple(parts.private) for parts in record.report.scores.values())
    if any(map(any, scores)):
        yield "the same scores", scores
