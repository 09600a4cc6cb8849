"""Walks one full episode on each of N courses, in one batch."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from agents.baselines import Agent
from benchmarks.evaluation.legs import Legs
from walker_env import Options, WalkerBatch


def walk(
    agent: Agent,
    options: Options,
    seeds: np.ndarray,
    horizon: int,
    turn_min: float,
    on_step: Callable[[], object] = lambda: None,
) -> dict[str, list]:
    """Walk one full episode for each seed, walker i on course i.

    Args:
        agent: Who walks.
        options: Where.
        seeds: ``(N,)`` uint64; a course is episode 0 of its seed.
        horizon: Length of an episode [control step].
        turn_min: A leg that turns by less is no turn [rad].
        on_step: Called after each control step.

    Returns:
        Per-course lists of length N: ``seed``, ``score`` (targets and the fraction to the next),
        ``targets``, ``distance`` [unit], ``energy`` [energy unit], ``first_target`` [s] (None where
        it was never reached) and the counts of `Legs`.

    Raises:
        ValueError: Actions of a wrong shape, or not finite.
    """
    batch = WalkerBatch(len(seeds), options)
    state, dt = batch.state, batch.world.control_dt
    obs = batch.reset(seed=seeds)
    legs = Legs(batch, turn_min)
    first = np.full(batch.n, np.nan)
    for t in range(horizon):
        action = _checked(agent.act(obs), batch, agent.name)
        obs = batch.step(action).observation
        legs.watch()
        first = np.where(np.isnan(first) & (state.target_index > 0), (t + 1) * dt, first)
        on_step()
    return {
        "seed": seeds.tolist(),
        "score": batch.score().tolist(),
        "targets": state.target_index.tolist(),
        "distance": state.path.tolist(),
        "energy": state.energy.tolist(),
        "first_target": [None if np.isnan(s) else float(s) for s in first],
        **{name: count.tolist() for name, count in legs.counts().items()},
    }


def _checked(action: np.ndarray, batch: WalkerBatch, name: str) -> np.ndarray:
    shape = (batch.n, batch.action_width)
    if action.shape != shape or not np.isfinite(action).all():
        raise ValueError(
            f"{name}: expected finite actions of shape (N, A) = {shape}, got {action.shape}"
            + (" with values that are not finite" if action.shape == shape else "")
        )
    return action
