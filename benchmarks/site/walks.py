"""Recording the walks that the page shows: every entry on every course."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from agents.baselines import Agent
from benchmarks.site.content import ShownCourse
from benchmarks.site.tape import TapedWalk, decode, encode
from walker_env import HORIZON, Options, WalkerBatch
from walker_env.observation import get_layout, slices
from walker_env.replay import Replay, ReplayError
from walker_env.track import Walker, simulate

DERIVED = frozenset({"target_distance", "target_cos", "target_sin", "grip", "muscle_length"})
"""Channels that a browser computes from where nodes and target are; the others are recorded."""


@dataclass(frozen=True)
class Recording:
    """A walk to be shown, and the verified replay that it was taken from."""

    walk: TapedWalk
    replay: Replay


def recorded_columns(options: Options) -> list[int]:
    """Which elements of the observation a tape holds."""
    layout, body = get_layout(options.observation), options.body
    places = slices(layout, body)
    names = [channel.name for channel in layout if channel.name not in DERIVED]
    return [i for name in names for i in range(places[name].start, places[name].stop)]


def record_walk(
    agent: Agent,
    course: ShownCourse,
    steps: int = HORIZON,
    sha256: str | None = None,
    suite: str | None = None,
) -> Recording:
    """Let an agent walk a course, and take the walk from a replay that gives the same states.

    Args:
        agent: Who walks.
        course: Where.
        steps: For how many control steps.
        sha256: Of its policy file.
        suite: The version of the one that has such courses.

    Raises:
        ValueError: Its actions have a wrong shape or are not finite.
        ReplayError: Walking again does not give the same states.
    """
    options = replace(agent.options.for_evaluation(), course=course.draw, world=course.world)
    batch = WalkerBatch(1, options)
    places, actions = _walk(agent, batch, course.seed, steps)
    walker = Walker(agent.name, options, course.seed, sha256)
    track = simulate(walker, actions, batch.engine.name)
    if not np.array_equal(track.position, places):
        raise ReplayError(f"{agent.name} on {course.title}: its actions do not give its states")
    feet = len(batch.body.feet)
    return Recording(
        walk=TapedWalk(
            position=track.position,
            grip=track.drive[:, :feet],
            seen=track.observation[:, recorded_columns(agent.options)].astype(np.float64),
            reached=np.repeat(np.arange(1, steps + 1), np.diff(track.target_index)),
            score=float(track.score[-1]),
        ),
        replay=Replay(
            walkers=(replace(walker, states=track.digest()),),
            actions=actions[None],
            lengths=np.array([steps]),
            title=f"{agent.name}: {course.title}",
            suite=suite,
            engine=batch.engine.name,
        ),
    )


def _walk(agent: Agent, batch: WalkerBatch, seed: int, steps: int) -> tuple[np.ndarray, np.ndarray]:
    """Where the nodes were, ``(T + 1, K, 2)``, and what was commanded, ``(T, A)`` float32."""
    seen = batch.reset(seed=np.array([seed], dtype=np.uint64))
    places, actions = [batch.state.position[0].copy()], []
    for _ in range(steps):
        action = np.asarray(agent.act(seen), dtype=np.float32)
        if action.shape != (1, batch.action_width) or not np.isfinite(action).all():
            raise ValueError(
                f"{agent.name}: expected finite actions of shape (1, {batch.action_width}), "
                f"got {action.shape}"
            )
        actions.append(np.clip(action[0], -1, 1))
        seen = batch.step(actions[-1][None]).observation
        places.append(batch.state.position[0].copy())
    return np.array(places), np.array(actions)


def checked_tape(walk: TapedWalk) -> dict:
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
