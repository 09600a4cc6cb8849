"""Recording the walks that the page plays: every entry on every course it shows."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from agents.baselines import Agent
from benchmarks.site.content import Course
from benchmarks.site.tape import Walk, decode, encode
from walker_env import HORIZON, Options, WalkerBatch
from walker_env.body import get_body
from walker_env.observation import get_layout, slices
from walker_env.tasks import episode_rng, get_course

DERIVED = frozenset({"target_distance", "target_cos", "target_sin", "grip", "muscle_length"})
"""Channels that a browser computes from where nodes and target are; the others are recorded."""


def recorded_columns(options: Options) -> list[int]:
    """Which elements of the observation a tape holds."""
    layout, body = get_layout(options.observation), get_body(options.body)
    places = slices(layout, body)
    names = [channel.name for channel in layout if channel.name not in DERIVED]
    return [i for name in names for i in range(places[name].start, places[name].stop)]


def record_walk(agent: Agent, course: Course, steps: int = HORIZON) -> Walk:
    """Let an agent walk a course for so many control steps, exactly as it is evaluated.

    Raises:
        ValueError: Its actions have a wrong shape or are not finite.
    """
    options = replace(agent.options.judged(), course=course.draw)
    batch = WalkerBatch(1, options)
    seen = batch.reset(seed=np.array([course.seed], dtype=np.uint64), targets=course.targets)
    keep = recorded_columns(options)
    places, grips, sights = (
        [batch.state.position[0].copy()],
        [batch.state.grip[0].copy()],
        [seen[0]],
    )
    reached: list[int] = []
    for step in range(1, steps + 1):
        action = np.asarray(agent.act(seen))
        if action.shape != (1, batch.action_width) or not np.isfinite(action).all():
            raise ValueError(
                f"{agent.name}: expected finite actions of shape (1, {batch.action_width}), "
                f"got {action.shape}"
            )
        seen = batch.step(action).observation
        places.append(batch.state.position[0].copy())
        grips.append(batch.state.grip[0].copy())
        sights.append(seen[0])
        reached += [step] * (int(batch.state.target_index[0]) - len(reached))
    return Walk(
        position=np.array(places),
        grip=np.array(grips),
        seen=np.array(sights)[:, keep],
        reached=np.array(reached, dtype=np.int64),
        score=float(batch.score()[0]),
    )


def course_targets(course: Course, count: int) -> np.ndarray:
    """The first targets of a course, ``(count, 2)`` [unit], or all where it has fewer."""
    if course.targets is not None:
        return course.targets[:count]
    return get_course(course.draw)(episode_rng(course.seed, 0), count)


def checked_tape(walk: Walk) -> dict:
    """The encoded walk; what comes out of it again is what went in, to the quantum.

    Raises:
        ValueError: It is not.
    """
    data = encode(walk)
    again = decode(data)
    off = max(
        np.abs(again.position - walk.position).max() * data["quanta"][0],
        np.abs(again.grip - walk.grip).max() * data["quanta"][1],
    )
    if off > 0.5 + 1e-6 or not np.array_equal(again.reached, walk.reached):
        raise ValueError(f"a tape must give the walk again to half a quantum, it is off by {off}")
    return data
