"""How far N walkers have come on their courses: the next target, the score, the tally."""

from __future__ import annotations

import numpy as np

from walker_env import sensing
from walker_env.body import Body
from walker_env.schema import TINY, Counts
from walker_env.state import State


def complete(state: State) -> np.ndarray:
    """Who has reached the last target of a course that has an end, ``(N,)`` bool."""
    return (state.target_index >= state.target_count) & (state.target_count > 0)


def begin_leg(state: State, rows: np.ndarray, body: Body) -> np.ndarray:
    """Turn walkers to the target that ``state.target_index`` names.

    Args:
        state: Its target, distance and what is counted of a leg are written.
        rows: Those walkers by number, ``(R,)``.
        body: Whose head is to get there.

    Returns:
        From the head to the target, ``(R, 2)`` [unit].
    """
    state.target[rows] = state.targets[rows, state.target_index[rows]]
    way = state.target[rows] - sensing.head_position(state.position[rows], body)
    # a new array: the old one may have been handed out
    state.distance = state.distance.copy()
    for part in (state.distance, state.leg_length, state.best_distance):
        part[rows] = sensing.length(way)
    state.idle[rows] = 0
    return way


def score(state: State, rows: slice | np.ndarray = slice(None)) -> np.ndarray:
    """Targets reached plus the fraction of the way to the next, ``(R,)``."""
    index, count = state.target_index[rows], state.target_count[rows]
    fraction = np.maximum(1.0 - state.distance[rows] / (state.leg_length[rows] + TINY), 0.0)
    if np.count_nonzero(count):  # some course has an end
        fraction[(index >= count) & (count > 0)] = 0.0
    return index + fraction


def tally(state: State, rows: slice | np.ndarray = slice(None)) -> dict[str, np.ndarray]:
    """What the episodes have come to so far, ``(R,)`` each, all new; `space.INFO` explains them."""
    counts = Counts(
        score=score(state, rows),
        distance=state.distance[rows].copy(),
        path=state.path[rows].copy(),
        energy=state.energy[rows].copy(),
    )
    return {"targets": state.target_index[rows].copy(), **counts._asdict()}
