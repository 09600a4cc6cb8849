"""Do two figures of the same things rise together? Spearman's rank correlation."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def ranks(values: Sequence[float]) -> np.ndarray:
    """Ranks from 1 on, equal values sharing their mean rank."""
    _, inverse, counts = np.unique(np.asarray(values), return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    return (last - (counts - 1) / 2)[inverse]


def rank_correlation(
    one: Sequence[float], other: Sequence[float], groups: Sequence[object] | None = None
) -> float:
    """Spearman's; NaN where all values of one are equal.

    Args:
        one: A figure of each.
        other: Another figure of each.
        groups: Of each the group it is in; then ranks are compared within groups alone, as
            distances from their group's mean.
    """
    a, b = (_centred(ranks(values), groups) for values in (one, other))
    size = float(np.sqrt((a * a).sum() * (b * b).sum()))
    return float((a * b).sum()) / size if size > 1e-9 else float("nan")


def correlation_interval(
    one: Sequence[float],
    other: Sequence[float],
    draws: int = 500,
    groups: Sequence[object] | None = None,
) -> tuple[float, float]:
    """The 95 % interval of `rank_correlation`, by a seeded bootstrap over the things.

    Args:
        one: A figure of each.
        other: Another figure of each.
        draws: Of the bootstrap.
        groups: As in `rank_correlation`.

    Returns:
        The interval's ends, lower first; NaN where no draw has a correlation.
    """
    rng, a, b = np.random.default_rng(0), np.asarray(one), np.asarray(other)
    rows = rng.integers(len(a), size=(draws, len(a)))
    found = [
        rank_correlation(a[row], b[row], None if groups is None else [groups[i] for i in row])
        for row in rows
    ]
    known = [value for value in found if value == value]
    if not known:
        return float("nan"), float("nan")
    low, high = np.quantile(known, (0.025, 0.975))
    return float(low), float(high)


def _centred(values: np.ndarray, groups: Sequence[object] | None) -> np.ndarray:
    """Distances from the mean, or from the group's."""
    names = np.zeros(len(values), int) if groups is None else _numbers(groups)
    means = np.bincount(names, values) / np.maximum(np.bincount(names), 1)
    return values - means[names]


def _numbers(groups: Sequence[object]) -> np.ndarray:
    known = {group: i for i, group in enumerate(dict.fromkeys(groups))}
    return np.array([known[group] for group in groups])
