"""Walks many policies of one run on the same courses, all in one batch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from agents.policy import Policy
from benchmarks.evaluation.legs import Legs
from benchmarks.evaluation.suite import Suite
from walker_env import Options, WalkerBatch

CLOSING_BINS, CLOSING_BIN = 24, 5
"""How many bins the time since a target appeared has, and their length [control step]."""


@dataclass(frozen=True)
class Walked:
    """What L policies did on the same C courses.

    Attributes:
        scores: ``(L, C)``, targets and the fraction of the way to the next.
        left: ``(L,)``, legs on which it turned to the left.
        turns: ``(L,)``, legs on which it turned.
        energy: ``(L,)``, of all courses together [energy unit].
        way: ``(L,)``, of all courses together [unit].
        closing: ``(L, CLOSING_BINS)``, mean speed towards the target by the time since it appeared
            [unit/s]; NaN where no walk was on its way for so long.
    """

    scores: np.ndarray
    left: np.ndarray
    turns: np.ndarray
    energy: np.ndarray
    way: np.ndarray
    closing: np.ndarray


def walk_all(
    policies: Sequence[Policy], options: Options, seeds: np.ndarray, suite: Suite
) -> Walked:
    """Walk one full episode on each course with each policy.

    Args:
        policies: L of them, all for the body and the observation of ``options``.
        options: Where they walk.
        seeds: ``(C,)`` uint64, of the courses.
        suite: Its horizon and what counts as a turn.
    """
    count, courses = len(policies), len(seeds)
    batch = WalkerBatch(count * courses, options.for_evaluation())
    seen = batch.reset(seed=np.tile(seeds, count))
    legs, closing = Legs(batch, suite.turn_min), Closing(batch, count)
    action = np.empty((batch.n, batch.action_width), np.float32)
    rows = [slice(i * courses, (i + 1) * courses) for i in range(count)]
    for _ in range(suite.horizon):
        for policy, own in zip(policies, rows):
            action[own] = policy.act(seen[own])
        seen = batch.step(action).observation
        legs.watch()
        closing.watch()
    counts = legs.counts()

    def summed(values: np.ndarray) -> np.ndarray:
        return values.reshape(count, courses).sum(axis=1)

    return Walked(
        scores=batch.score().reshape(count, courses),
        left=summed(counts["left_turns"]),
        turns=summed(counts["turns"]),
        energy=summed(batch.state.energy),
        way=summed(batch.state.path),
        closing=closing.speed(),
    )


class Closing:
    """How fast walkers come nearer to a target, by the time since it appeared.

    Args:
        batch: Just reset; only read.
        count: Policies, each with as many walkers one after the other.
    """

    def __init__(self, batch: WalkerBatch, count: int) -> None:
        self._state, self._dt = batch.state, batch.world.control_dt
        self._first = CLOSING_BINS * np.repeat(np.arange(count), batch.n // count)
        self._shape = (count, CLOSING_BINS)
        self._gained, self._steps = np.zeros(self._shape), np.zeros(self._shape)
        self._age = np.zeros(batch.n, np.int64)  # [control step]
        self._target, self._distance = self._state.target_index.copy(), self._state.distance.copy()

    def watch(self) -> None:
        """Look at the state after a control step; the one that reaches a target is left out."""
        same = self._state.target_index == self._target
        counted = same & (self._age < CLOSING_BINS * CLOSING_BIN)
        place = (self._first + self._age // CLOSING_BIN)[counted]
        gain = (self._distance - self._state.distance)[counted]
        size = self._gained.size
        self._gained += np.bincount(place, gain, size).reshape(self._shape)
        self._steps += np.bincount(place, minlength=size).reshape(self._shape)
        self._age = np.where(same, self._age + 1, 0)
        self._target, self._distance = self._state.target_index.copy(), self._state.distance.copy()

    def speed(self) -> np.ndarray:
        """``(count, CLOSING_BINS)`` [unit/s]."""
        seconds = np.where(self._steps > 0, self._steps * self._dt, np.nan)
        return self._gained / seconds
