"""A portrait of how one policy walks: its gait, its turns, and whole courses."""

from __future__ import annotations

import math
from dataclasses import dataclass

from agents.baselines import Agent
from benchmarks.evaluation.stats import mean
from benchmarks.evaluation.suite import SUITE_V1
from benchmarks.evaluation.walk import walk
from benchmarks.gaits.gait import MeasuredGait, record_gait
from benchmarks.gaits.turning import Turns, record_turns
from walker_env import HORIZON, WORLD
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
    seeds, turn_min = validation_seeds(courses), SUITE_V1.turn_min
    found = walk(agent, agent.options.judged(), seeds, HORIZON, turn_min)
    turns = sum(found["turns"])
    return CourseSummary(
        score=mean(found["score"]) * 100.0 / (HORIZON * WORLD.control_dt),
        left=_share(sum(found["left_turns"]), turns),
        course_left=_share(sum(found["course_left_turns"]), sum(found["course_turns"])),
        turns=turns,
    )


def _share(part: int, whole: int) -> float:
    return part / whole if whole else math.nan
