"""Who has children: roulette wheel selection."""

from __future__ import annotations

import numpy as np


def wheel(fitness: np.ndarray, floor: float) -> np.ndarray:
    """Each genome's share of the wheel: how far its fitness lies above that of the floor.

    Shares must not be negative and returns may be, so the wheel begins at a quantile of the
    generation. The original's scores begin at 0, what a walker gets that stands still.

    Args:
        fitness: ``(P,)``.
        floor: Quantile of the fitness from which on a genome has a share at all, in [0, 1).

    Returns:
        ``(P,)``, of sum 1; even shares where all are equal.
    """
    above = np.maximum(fitness - np.quantile(fitness, floor), 0.0)
    total = above.sum()
    return above / total if total > 0 else np.full(len(fitness), 1.0 / len(fitness))


def spin(shares: np.ndarray, count: int, rng: np.random.Generator) -> np.ndarray:
    """Draw the parents of children, each by a turn of the wheel.

    Args:
        shares: ``(P,)``, each genome's share of the wheel, none negative, some positive.
        count: Children, at least 1.
        rng: Draws them.

    Returns:
        ``(count,)`` int64, numbers of their parents; none has the share 0.
    """
    ends = np.cumsum(shares)
    parents = np.searchsorted(ends, rng.random(count) * ends[-1], side="right")
    return np.minimum(parents, np.flatnonzero(shares)[-1])


def ranking(fitness: np.ndarray) -> np.ndarray:
    """The genomes from the best to the worst, ``(P,)``; equals keep their order."""
    return np.argsort(-fitness, kind="stable")
