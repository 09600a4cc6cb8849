"""Are the published courses solvable? A reference walks each of them and must reach its targets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from agents.baselines import Agent
from benchmarks.evaluation.suite import SUITE_V1, Skill, Suite
from walker_env import WalkerBatch

TARGETS = 10
"""So many targets of a course must be reached."""

PATIENCE = 5
"""A reference that is not made for a world may take so many episodes' time."""


@dataclass(frozen=True)
class Verdict:
    """What the audit of one skill found.

    Attributes:
        skill: Its name.
        courses: How many were walked.
        unsolved: Seeds of those on which no reference reached `TARGETS` targets.
        slowest: When the last of the others was solved by its fastest reference [s].
    """

    skill: str
    courses: int
    unsolved: tuple[int, ...]
    slowest: float


def audit(
    references: Sequence[Agent],
    suite: Suite = SUITE_V1,
    targets: int = TARGETS,
    patience: int = PATIENCE,
    on_skill: Callable[[str], object] = lambda name: None,
) -> list[Verdict]:
    """Let references walk every published course of every skill.

    Args:
        references: A course is solvable when one of them solves it.
        suite: Whose courses.
        targets: How many must be reached.
        patience: How long they may take, in episodes.
        on_skill: Called with the name of each skill before it is walked.
    """
    verdicts = []
    for skill in suite.skills:
        on_skill(skill.name)
        verdicts.append(_audit_skill(references, suite, skill, targets, patience))
    return verdicts


def _audit_skill(
    references: Sequence[Agent], suite: Suite, skill: Skill, targets: int, patience: int
) -> Verdict:
    seeds = suite.public_seeds(skill.name)
    best = np.full(len(seeds), np.inf)  # [s]
    for agent in references:
        open_ = np.isinf(best)
        if open_.any():
            took = time_to_solve(agent, skill, seeds[open_], targets, patience * suite.horizon)
            best[open_] = np.minimum(best[open_], took)
    unsolved = tuple(seeds[np.isinf(best)].tolist())
    solved = best[np.isfinite(best)]
    return Verdict(skill.name, len(seeds), unsolved, float(solved.max()) if len(solved) else 0.0)


def time_to_solve(
    agent: Agent, skill: Skill, seeds: np.ndarray, targets: int, most: int
) -> np.ndarray:
    """When each course's targets were reached, ``(N,)`` [s]; infinite where they were not.

    Args:
        agent: Who walks.
        skill: Its courses and world.
        seeds: ``(N,)``, of the courses.
        targets: How many must be reached.
        most: How long it may take [control step].
    """
    options = replace(agent.options.for_evaluation(), course=skill.course, world=skill.world)
    batch = WalkerBatch(len(seeds), options)
    seen, took = batch.reset(seed=seeds), np.full(len(seeds), np.inf)
    for step in range(1, most + 1):
        seen = batch.step(agent.act(seen)).observation
        now = np.isinf(took) & (batch.state.target_index >= targets)
        took[now] = step * batch.world.control_dt
        if np.isfinite(took).all():
            break
    return took
