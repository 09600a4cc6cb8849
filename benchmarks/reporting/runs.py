"""Runs by family and algorithm: what the riddles are asked of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from benchmarks.evaluation.conditions import DISC, FAMILIES
from benchmarks.reporting.looks import order_of
from benchmarks.study.collection import LIMITS, Collection, Kept, Limit

WALKS = 10.0
"""Targets in 100 s from which on a policy walks well enough for its gait and its turns to count."""

END = LIMITS[-1]


@dataclass(frozen=True)
class Walker:
    """The policy that validation chooses at the end of a run.

    Attributes:
        kept: The run with all its looks.
    """

    kept: Kept

    @property
    def algorithm(self) -> str:
        """What trained it."""
        return self.kept.record.about.algorithm

    @property
    def family(self) -> str:
        """Of the algorithm."""
        return FAMILIES[self.algorithm]

    @property
    def name(self) -> str:
        """Of the run."""
        return self.kept.record.about.name

    @property
    def score(self) -> float:
        """On the common courses [targets in 100 s]."""
        return self.kept.score()


def finished(found: Collection, condition: str = DISC.name) -> list[Walker]:
    """The runs of a condition that came to their end, by algorithm and seed; not all need be."""
    where = found.condition(condition)
    names = order_of([*where.seeds]) if where else []
    return [Walker(kept) for name in names for kept in found.at(condition, name, END)]


def walking(found: Collection, condition: str = DISC.name) -> list[Walker]:
    """Those of them that reach `WALKS`."""
    return [walker for walker in finished(found, condition) if walker.score >= WALKS]


def of_family(walkers: Iterable[Walker], family: str) -> list[Walker]:
    """Those of a family."""
    return [walker for walker in walkers if walker.family == family]


def of_algorithm(walkers: Iterable[Walker], algorithm: str) -> list[Walker]:
    """Those of an algorithm."""
    return [walker for walker in walkers if walker.algorithm == algorithm]


def equal_steps(found: Collection, pairs: Sequence[tuple[str, str]]) -> Limit | None:
    """The most control steps that all runs of some conditions and algorithms have.

    Args:
        found: The records.
        pairs: Condition and algorithm.

    Returns:
        None where one of them has no run.
    """
    runs = [found.of(condition, algorithm) for condition, algorithm in pairs]
    if not all(runs):
        return None
    planned = [found.condition(condition).steps[name] for condition, name in pairs]  # type: ignore[union-attr]
    ends = [int(record.steps[-1]) for records in runs for record in records]
    steps = min([*planned, *ends])
    return Limit("equal", f"after {steps / 1e6:g} million control steps", steps=steps)


def count_words(found: Collection, conditions: Sequence[str], runs: int) -> str:
    """How many runs a paragraph is about, and of how many.

    Args:
        found: The records.
        conditions: Which it is about.
        runs: How many it counts.
    """
    known = [found.condition(name) for name in conditions]
    planned = sum(sum(one.seeds.values()) for one in known if one)
    return f"{runs} of {planned} runs"
