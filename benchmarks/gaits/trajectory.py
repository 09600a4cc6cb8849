"""What a walker does on a course, written down for figures."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from agents.baselines import Agent
from agents.labels import foot_names, muscle_names
from walker_env import WORLD, WalkerBatch
from walker_env.seeds import show_seed
from walker_env.sensing import MuscleGauge, centre, head_position, length


@dataclass(frozen=True, eq=False)
class Trajectory:
    """A walk of T control steps; F feet, M muscles, P targets."""

    name: str
    time: np.ndarray  # (T,) [s]
    head: np.ndarray  # (T, 2) [unit]
    speed: np.ndarray  # (T,) [unit/s] of the body's centre
    grip: np.ndarray  # (T, F) in [0, 1]
    muscle: np.ndarray  # (T, M) length over the drawn one
    wanted: np.ndarray  # (T, M) rest length over the drawn one
    reached: np.ndarray  # (T,) targets so far
    targets: np.ndarray  # (P, 2) [unit], those reached and the next one
    feet: tuple[str, ...]  # their names
    muscles: tuple[str, ...]  # their names


def record_trajectory(agent: Agent, seconds: float, course: int = 0) -> Trajectory:
    """Let an agent walk one of the courses made for showing.

    Args:
        agent: Who walks.
        seconds: How long [s].
        course: Number of the course.

    Raises:
        ValueError: No time, or no such course.
    """
    if not 0 < seconds < float("inf"):
        raise ValueError(f"seconds must be a positive number, got {seconds!r}")
    batch = WalkerBatch(1, agent.options.for_evaluation())
    seen = batch.reset(seed=np.array([show_seed(course)], dtype=np.uint64))
    gauge, state = MuscleGauge(batch.body), batch.state
    kept: list[tuple[np.ndarray, ...]] = []
    before = centre(state.position)
    for _ in range(max(1, round(seconds * WORLD.control_rate))):
        step = batch.step(agent.act(seen))
        seen, now = step.observation, centre(state.position)
        kept.append(
            (
                head_position(state.position, batch.body)[0],
                length(now - before)[0] * WORLD.control_rate,
                state.grip[0].copy(),
                gauge.ratio(state.position)[0],
                state.muscle[0].copy(),
                state.target_index[0].copy(),
            )
        )
        before = now
        if step.terminated[0]:
            break
    head, speed, grip, muscle, wanted, reached = (np.array(part) for part in zip(*kept))
    return Trajectory(
        name=agent.name,
        time=np.arange(1, len(kept) + 1) * WORLD.control_dt,
        head=head,
        speed=speed,
        grip=grip,
        muscle=muscle,
        wanted=wanted,
        reached=reached,
        targets=state.targets[0, : int(reached[-1]) + 1].copy(),
        feet=foot_names(batch.body),
        muscles=muscle_names(batch.body),
    )
