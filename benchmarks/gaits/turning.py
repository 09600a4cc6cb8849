"""How long a walker takes to turn: a target appears at its side or behind it while it walks.

It has turned when it moves towards that target and keeps to it for a while. What counts is where it
goes, not where it looks: some walk sideways or backwards.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from agents.baselines import Agent
from walker_env import WORLD, WalkerBatch
from walker_env.sensing import centre

KINDS = {"90 left": 90.0, "90 right": -90.0, "180 left": 170.0, "180 right": -170.0}
"""Where the target appears, seen along the line it walked on [degree], positive to the left.

One that appears exactly behind has no side; 10 degrees tell the sides apart.
"""

STARTS = 8
"""Turns of each kind: they begin at different places, so at different moments of the rhythm."""

FIRST = 300.0  # [unit] to the last target before the turn, at least
AWAY = 800.0  # [unit] from there to the target that appears
LIMIT = 20.0  # [s] for the turn
APPROACH = 40.0  # [s] for the way before it
NEAR = 80.0  # [unit] from the new target, where a drawn track ends
OVER = 0.5  # [s] of movement whose direction is looked at
KEPT = 1.0  # [s] for which it must keep to the target
ALLOWED = 45.0  # [degree] between its direction and the target's; many approach in an arc


@dataclass(frozen=True)
class Turns:
    """Turns of one walker, S starts of each of the `KINDS`.

    Attributes:
        seconds: By kind, ``(S,)`` [s]; infinite where it never turned or never came so far.
        tracks: By kind, one way of its centre from a second before the turn on, ``(T, 2)`` [unit],
            the turn at the origin and the way before it along +x.
    """

    seconds: dict[str, np.ndarray]
    tracks: dict[str, np.ndarray]

    def median(self, kind: str) -> float:
        """Seconds of the middle start; infinite where most never turned."""
        return float(np.median(self.seconds[kind]))


def record_turns(agent: Agent, starts: int = STARTS) -> Turns:
    """Let an agent turn, all starts of all kinds at once.

    Args:
        agent: Who turns.
        starts: Of each kind.
    """
    courses = np.concatenate([turn_courses(angle, starts) for angle in KINDS.values()])
    batch = _batch(agent, courses)
    observation = batch.observe()
    steps = round((APPROACH + LIMIT + KEPT) * WORLD.control_rate)
    place, turned_at = np.empty((steps, batch.n, 2)), np.full(batch.n, -1)
    for t in range(steps):
        observation = batch.step(agent.act(observation)).observation
        place[t] = centre(batch.state.position)
        arrived = (turned_at < 0) & (batch.state.target_index >= 2)
        turned_at[arrived] = t
    seconds = [turn_seconds(place[:, i], int(turned_at[i]), courses[i]) for i in range(batch.n)]
    tracks = [turn_track(place[:, i], int(turned_at[i]), courses[i]) for i in range(batch.n)]
    rows = {kind: slice(k * starts, (k + 1) * starts) for k, kind in enumerate(KINDS)}
    return Turns(
        seconds={kind: np.array(seconds[row]) for kind, row in rows.items()},
        tracks={kind: tracks[row.start] for kind, row in rows.items()},
    )


def turn_courses(angle: float, starts: int) -> np.ndarray:
    """Two targets straight ahead, one at the side, one beyond it: ``(S, 4, 2)`` [unit]."""
    turn = FIRST * (1 + np.arange(starts) / starts)[:, None] * (2.0, 0.0)
    way = np.array([math.cos(math.radians(angle)), math.sin(math.radians(angle))])
    return np.stack([turn / 2, turn, turn + AWAY * way, turn + 4 * AWAY * way], axis=1)


def _batch(agent: Agent, courses: np.ndarray) -> WalkerBatch:
    batch = WalkerBatch(len(courses), agent.options.for_evaluation())
    seeds = np.zeros(batch.n, np.uint64)
    for i, course in enumerate(courses):
        batch.reset(mask=np.arange(batch.n) == i, seed=seeds, targets=course)
    return batch


def turn_seconds(place: np.ndarray, start: int, course: np.ndarray) -> float:
    """From the target's appearance to the first moment from which it goes there [s].

    Args:
        place: Where the body's centre was at each control step, ``(T, 2)`` [unit].
        start: The control step at which the target appeared; negative: it never did.
        course: The targets, ``(P, 2)`` [unit]; the third is the one to turn to.

    Returns:
        Infinite where it never goes there.
    """
    if start < 0:
        return math.inf
    rate = WORLD.control_rate
    over, kept = round(OVER * rate), round(KEPT * rate)
    rows = np.arange(start + over, min(start + round((LIMIT + KEPT) * rate), len(place)))
    moved, wanted = place[rows] - place[rows - over], course[2] - place[rows]
    cross = moved[:, 0] * wanted[:, 1] - moved[:, 1] * wanted[:, 0]
    off = np.abs(np.arctan2(cross, (moved * wanted).sum(axis=1)))
    goes = (off < math.radians(ALLOWED)) & (np.hypot(*moved.T) > 1.0)
    runs = np.convolve(goes, np.ones(kept), "valid") >= kept
    if not runs.any():
        return math.inf
    return float((over + np.argmax(runs)) / rate)


def turn_track(place: np.ndarray, start: int, course: np.ndarray) -> np.ndarray:
    """The way around the turn, until it is near the new target or for `LIMIT` seconds.

    Args:
        place: Where the body's centre was at each control step, ``(T, 2)`` [unit].
        start: The control step at which the target appeared; negative: it never did.
        course: The targets, ``(P, 2)`` [unit]; the third is the one to turn to.

    Returns:
        ``(T', 2)`` [unit] from the second target, where the turn begins.
    """
    if start < 0:
        return np.zeros((0, 2))
    before, after = round(1.0 * WORLD.control_rate), round(LIMIT * WORLD.control_rate)
    way = place[max(0, start - before) : start + after]
    near = np.hypot(*(way - course[2]).T) < NEAR
    return (way[: 1 + np.argmax(near)] if near.any() else way) - course[1]
