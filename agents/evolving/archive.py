"""Which bodies are kept: the fittest of every kind, or the fittest of all.

pyribs' archive holds random states that cannot be read from outside, so it is made anew from the
elites whenever some may have changed; see `agents.algorithms.mapelites`.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence

import numpy as np
from ribs.archives import GridArchive

from agents.evolving.shape import AXES, Shape

CELLS = tuple(count for _, count, _ in AXES)
RANGES = tuple(span for _, _, span in AXES)


@functools.cache
def cell_of(shape: Shape) -> int:
    """The cell of the bestiary that a body belongs to."""
    return int(_archive().index_of_single(np.array(shape.measures)))


def fittest_of_each_kind(shapes: Sequence[Shape], fitness: Sequence[float]) -> list[int]:
    """Places of the fittest in each cell, in the order of the cells; of equals, the first.

    Args:
        shapes: Of the bodies.
        fitness: Of each.
    """
    if not shapes:
        return []
    archive = _archive()
    for row, (shape, value) in enumerate(zip(shapes, fitness)):
        archive.add_single(np.zeros(1), value, np.array(shape.measures), row=row)
    data = archive.data(["index", "row"])
    return data["row"][np.argsort(data["index"])].tolist()


def fittest_of_all(fitness: Sequence[float], most: int) -> list[int]:
    """Places of the fittest, the best first; of equals, the first.

    Args:
        fitness: Of each body.
        most: How many.
    """
    return np.argsort(-np.array(fitness), kind="stable")[:most].tolist()


def _archive() -> GridArchive:
    return GridArchive(
        solution_dim=1,
        dims=CELLS,
        ranges=RANGES,
        seed=0,
        extra_fields={"row": ((), np.int64)},
    )
