"""A portrait of how one policy walks: its gait, its turns, and whole courses."""

from __future__ import annotations

import math
from dataclasses import dataclass

from agents.baselines import Agent
from benchmarks.evaluation.legs import Legs
from benchmarks.evaluation.suite import SUITE_V1
from benchmarks.gaits.gait import MeasuredGait, record_gait
from benchmarks.gaits.turning import Turns, record_turns
from walker_env import HORIZON, WORLD, WalkerBatch
from walker_env.seeds import validation_seeds

COURSES = 16
"""Validation courses for the score and for the bias to one side."""


@dataclass(frozen=True)
class CourseSummary:
    """Whole episodes on validation courses."""

    score: float  # targets in 100 s, mean
    left: float  # share of turns to the left; NaN for one that never turns
    course_left: float  # the same of the courses' own turns
    turns: int  # that were counted


@dataclass(frozen=True)
class Portrait:
    """Everything that is measured of how one policy walks."""

    agent: Agent
    gait: MeasuredGait
    turns: Turns
    walk: CourseSummary


def portray(agent: Agent, courses: int = COURSES) -> Portrait:
    """Let an agent walk straight, turn, and walk whole courses.

    Args:
        agent: Who walks.
        courses: How many validation courses.
    """
    return Portrait(agent, record_gait(agent), record_turns(agent), record_courses(agent, courses))


def record_courses(agent: Agent, courses: int) -> CourseSummary:
    """Whole episodes, with the turns on them counted."""
    batch = WalkerBatch(courses, agent.options.for_evaluation())
    observation = batch.reset(seed=validation_seeds(courses))
    legs = Legs(batch, SUITE_V1.turn_min)
    for _ in range(HORIZON):
        observation = batch.step(agent.act(observation)).observation
        legs.watch()
    counts = {name: int(count.sum()) for name, count in legs.counts().items()}
    return CourseSummary(
        score=float(batch.score().mean()) * 100.0 / (HORIZON * WORLD.control_dt),
        left=_share(counts["left_turns"], counts["turns"]),
        course_left=_share(counts["course_left_turns"], counts["course_turns"]),
        turns=counts["turns"],
    )


def _share(part: int, whole: int) -> float:
    return part / whole if whole else math.nan
