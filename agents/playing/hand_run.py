"""Runs by hand: saved as replays, and beside the algorithms in one table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from agents.baselines import Agent
from agents.playing.session import BY_HAND, Session
from walker_env import Options, WalkerBatch
from walker_env.params import WORLD
from walker_env.replay import Recorder, Replay
from walker_env.track import Walker

PERSON = "a person"
"""Who drives by hand, in the column of algorithms."""

LEAST = 1.0
"""Shortest run that is worth saving [s]."""


@dataclass(frozen=True)
class Row:
    """What somebody did on a course."""

    name: str
    kind: str  # `PERSON`, or the algorithm
    score: float  # targets and the fraction of the way to the next
    first: float | None  # [s] to the first target
    speed: float  # [unit/s]
    energy: float | None  # [energy unit] for 1000 units of way


def save_run(session: Session, path: Path) -> Path:
    """Save what a person did since the start as a replay that can be verified.

    Raises:
        ValueError: Too short, or not by hand alone on the course as it is.
    """
    if not session.fair:
        raise ValueError("only a whole run by hand on the course can be saved: F5 starts one")
    if len(session.actions) < LEAST * WORLD.control_rate:
        raise ValueError(f"a run must last at least {LEAST:g} s to be saved")
    recorder = Recorder([Walker(BY_HAND, session.options, session.seed)])
    for action in session.actions:
        recorder.note([action])
    title = f"by hand on course {session.course}"
    recorder.replay(title, engine=session.player.engine.name).save(path)
    return path


def walk_row(
    name: str, kind: str, options: Options, seed: int, acts: Agent | np.ndarray, steps: int
) -> Row:
    """Walk a course for so many control steps and say how it went.

    Args:
        name: Who walks.
        kind: `PERSON`, or the algorithm.
        options: The environment.
        seed: Of the course.
        acts: A policy, or the actions ``(T, A)`` of a run.
        steps: Control steps.
    """
    batch = WalkerBatch(1, options.for_evaluation())
    seen = batch.reset(seed=np.array([seed], dtype=np.uint64))
    first = None
    for t in range(steps):
        action = acts[t][None] if isinstance(acts, np.ndarray) else acts.act(seen)
        seen = batch.step(action).observation
        if first is None and batch.state.target_index[0]:
            first = (t + 1) * WORLD.control_dt
    way, energy = float(batch.state.path[0]), float(batch.state.energy[0])
    return Row(
        name=name,
        kind=kind,
        score=float(batch.score()[0]),
        first=first,
        speed=way / (steps * WORLD.control_dt),
        energy=1000 * energy / way if way > 1 else None,
    )


def compare(run: tuple[str, Options, int, np.ndarray], agents: Sequence[Agent]) -> list[Row]:
    """A run by hand and policies on the same course for the same time, best first.

    Args:
        run: Its name, environment, course's seed and actions ``(T, A)``.
        agents: Those that drive another body are left out.
    """
    name, options, seed, actions = run
    rows = [walk_row(name, PERSON, options, seed, actions, len(actions))]
    for agent in agents:
        if agent.options.body == options.body:
            kind = str(agent.training.get("algorithm", "unknown"))
            theirs = replace(options, observation=agent.options.observation)
            rows.append(walk_row(agent.name, kind, theirs, seed, agent, len(actions)))
    return sorted(rows, key=lambda row: -row.score)


def cells(rows: Sequence[Row]) -> list[list[str]]:
    """The table's cells, head first."""
    found = [["#", "who", "how", "targets", "first [s]", "speed [unit/s]", "energy / 1000 units"]]
    for row in rows:
        place = 1 + sum(other.score > row.score for other in rows)
        first = "-" if row.first is None else f"{row.first:.1f}"
        energy = "-" if row.energy is None else f"{row.energy:.2f}"
        score, speed = f"{row.score:.2f}", f"{row.speed:.0f}"
        found.append([str(place), row.name, row.kind, score, first, speed, energy])
    return found


def table(session: Session) -> list[list[str]]:
    """The present run by hand beside the session's policies."""
    run = ("you", session.options, session.seed, np.array(session.actions))
    return cells(compare(run, session.agents))


def load_run(path: str | Path) -> tuple[str, Options, int, np.ndarray]:
    """A run from a replay, after its states came out exactly.

    Returns:
        Its name, environment, course's seed and actions ``(T, A)``; of the first walker.

    Raises:
        ValueError: It is no replay, or not true.
    """
    replay = Replay.load(path)
    replay.verify()
    walker = replay.walkers[0]
    return Path(path).stem, walker.options, walker.seed, replay.commands(0)
