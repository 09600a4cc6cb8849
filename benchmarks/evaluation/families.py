"""Two families of algorithms against each other: what their members reach on average."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.evaluation.intervals import (
    SAMPLES,
    Draws,
    Resampled,
    check_settings,
    draw_courses,
    draw_runs,
    resample,
    runs_by_courses,
    spread,
)


@dataclass(frozen=True)
class FamilyDifference:
    """What one family's members reach on average, less what the other one's do.

    Attributes:
        difference: Of the means of the members' figures, in the unit of the scores.
        low: Lower end of its interval.
        high: Upper end of its interval.
        score: The mean of the first family's figures.
        other: That of the other one's.
    """

    difference: float
    low: float
    high: float
    score: float
    other: float


def compare_families(
    family: Sequence[np.ndarray],
    others: Sequence[np.ndarray],
    rng: np.random.Generator,
    samples: int = SAMPLES,
    coverage: float = 0.95,
    courses: bool = True,
) -> FamilyDifference:
    """Compare the means of the figures (`intervals.run_score`) of two families' members.

    Every member counts once, however many runs it has. The members are those that there are, not a
    sample of more: what is resampled are their runs, and the courses, which are common to all.

    Args:
        family: Of each member ``(R, T)``, two runs or more; R may differ.
        others: The same of the other family, on the same T courses.
        rng: Where the resampling draws from.
        samples: Number of resampled sets.
        coverage: How often the interval should hold the true value.
        courses: As in `comparison.compare`.

    Raises:
        ValueError: A family has no member, or a member fewer than two runs; they walk different
            courses; or a bad coverage or count.
    """
    check_settings(samples, coverage)
    sides = [
        [runs_by_courses(one, f"{name}[{i}]") for i, one in enumerate(members)]
        for name, members in (("family", family), ("others", others))
    ]
    tables = [table for side in sides for table in side]
    shapes = [table.shape for table in tables]
    if not all(sides) or min(runs for runs, _ in shapes) < 2 or len({c for _, c in shapes}) != 1:
        raise ValueError(
            "expected two families of members with two runs or more on the same courses, got "
            f"{len(sides[0])} and {len(sides[1])} members of shapes {shapes}"
        )
    counts = draw_courses(shapes[0][1], samples, rng) if courses else None
    found = [
        [resample(table, Draws(draw_runs(len(table), samples, rng), counts)) for table in side]
        for side in sides
    ]
    score, other = (math.fsum(one.score for one in side) / len(side) for side in found)
    moved = spread(_parts(found[0], found[1]))
    return FamilyDifference(score - other, *moved.interval(score - other, coverage), score, other)


def _parts(
    family: Sequence[Resampled], others: Sequence[Resampled]
) -> list[tuple[np.ndarray, int]]:
    """Deviations of the difference, by each member's runs and by the courses."""
    weighed = [(1 / len(family), one) for one in family] + [(-1 / len(others), o) for o in others]
    parts = [(weight * one.by_runs, one.runs) for weight, one in weighed]
    courses = np.sum([weight * one.by_courses for weight, one in weighed], axis=0)
    return [*parts, (courses, family[0].courses)]
