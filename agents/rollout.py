"""Walking whole episodes with a policy, all at once."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from walker_env import Options, WalkerBatch
from walker_env.tasks import HORIZON

Act = Callable[[np.ndarray], np.ndarray]


def episode_scores(
    act: Act, options: Options, seeds: np.ndarray, steps: int = HORIZON
) -> np.ndarray:
    """Targets reached, with the fraction of the way to the next, in one episode for each seed.

    Args:
        act: Observations ``(N, O)`` to actions ``(N, A)``.
        options: The environment.
        seeds: ``(N,)``; walker i walks the first episode of seed i.
        steps: Length of an episode [control step].

    Returns:
        ``(N,)`` float64. A walker whose episode terminates keeps the score it had then.
    """
    batch = WalkerBatch(len(seeds), options)
    observation = batch.reset(seed=seeds)
    score, alive = np.zeros(batch.n), np.ones(batch.n, dtype=bool)
    for _ in range(steps):
        step = batch.step(act(observation))
        observation = step.observation
        score = np.where(alive, batch.score(), score)
        alive &= ~step.terminated
        if not alive.any():
            break
    return score
