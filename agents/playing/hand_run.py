"""Recorded runs, by hand or not: saved as replays, and beside policies in one table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from agents.baselines import BASELINES, Agent
from agents.playing.session import BY_HAND, Session
from walker_env import Options, WalkerBatch
from walker_env.params import WORLD
from walker_env.replay import Recorder, Replay
from walker_env.track import Walker

PERSON = "a person"
"""Who drives by hand, in the column of algorithms."""

UNKNOWN = "unknown"
"""Who drives where a replay does not say."""

LEAST = 1.0
"""Shortest run that is worth saving [s]."""


@dataclass(frozen=True)
class Row:
    """What somebody did on a course."""

    name: str
    kind: str  # `PERSON`, the algorithm, or the beginning of a policy file's hash
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
        kind: See `Row`.
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


@dataclass(frozen=True)
class Run:
    """Who walked where, and what was commanded."""

    name: str
    kind: str  # see `Row`
    options: Options
    seed: int  # of the course
    actions: np.ndarray  # (T, A)


def compare(runs: Sequence[Run], agents: Sequence[Agent]) -> list[Row]:
    """Recorded runs and policies on the course of the first, policies for its time; best first.

    Args:
        runs: At least one.
        agents: Those that drive another body are left out.
    """
    rows = [walk_row(r.name, r.kind, r.options, r.seed, r.actions, len(r.actions)) for r in runs]
    options, seed, actions = runs[0].options, runs[0].seed, runs[0].actions
    for agent in agents:
        if agent.options.body == options.body:
            kind = str(agent.training.get("algorithm", UNKNOWN))
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
    run = Run("you", PERSON, session.options, session.seed, np.array(session.actions))
    return cells(compare([run], session.agents))


def load_runs(path: str | Path) -> list[Run]:
    """The runs in a replay, after their states came out exactly.

    Returns:
        That of its first walker, and of those beside it on the same course.

    Raises:
        ValueError: It is no replay, or not true.
    """
    replay = Replay.load(path)
    replay.verify()
    first = replay.walkers[0]
    return [
        Run(*_who(walker, Path(path).stem), walker.options, walker.seed, replay.commands(i))
        for i, walker in enumerate(replay.walkers)
        if (walker.seed, walker.options.course) == (first.seed, first.options.course)
    ]


def _who(walker: Walker, title: str) -> tuple[str, str]:
    """The name and the kind of a walker, as far as a replay tells; ``title`` for a person's run."""
    if walker.sha256 is not None:
        return walker.name, f"policy {walker.sha256[:8]}"
    if walker.name == BY_HAND:
        return title, PERSON
    return walker.name, "a baseline" if walker.name in BASELINES else UNKNOWN
