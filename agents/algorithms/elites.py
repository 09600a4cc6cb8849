"""Walkers that were tried: their weights and everything that is known of how they walk."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

from agents.gaits import Pairs, coordination
from agents.trial import Outcome


@dataclass(frozen=True)
class Elites:
    """N networks with what their walks came to, summed over all of them."""

    values: np.ndarray  # (N, S) float32, weights
    returns: np.ndarray  # (N,) float64, sum of the returns
    steps: np.ndarray  # (N,) int64 [control step] that these took
    stance: np.ndarray  # (N, 1 + F, F) float64, see `trial.Stance`
    walked: np.ndarray  # (N,) int64 [control step] in ``stance``

    @classmethod
    def untried(cls, values: np.ndarray, feet: int) -> Elites:
        """Networks that have not walked."""
        count = len(values)
        return cls(
            values=np.asarray(values, np.float32),
            returns=np.zeros(count),
            steps=np.zeros(count, np.int64),
            stance=np.zeros((count, 1 + feet, feet)),
            walked=np.zeros(count, np.int64),
        )

    def __len__(self) -> int:
        """N."""
        return len(self.values)

    def fitness(self, episode: int) -> np.ndarray:
        """Mean return in an episode of so many control steps, ``(N,)``."""
        return episode * self.returns / np.maximum(self.steps, 1)

    def coordination(self, pairs: Pairs) -> np.ndarray:
        """Where they lie on the map, ``(N, 2)``."""
        return coordination(self.stance, self.walked, pairs)

    def taken(self, rows: np.ndarray) -> Elites:
        """Those of the given rows."""
        return Elites(*(getattr(self, field.name)[rows] for field in fields(self)))

    def joined(self, others: Elites) -> Elites:
        """These, then the others."""
        both = ((getattr(self, f.name), getattr(others, f.name)) for f in fields(self))
        return Elites(*(np.concatenate(pair) for pair in both))

    def forgotten(self) -> Elites:
        """The same networks, their walks forgotten."""
        return Elites.untried(self.values, self.stance.shape[2])

    def after(self, rows: np.ndarray, outcome: Outcome, courses: int, steps: int) -> Elites:
        """With the outcome of another trial of the networks in ``rows``.

        Args:
            rows: ``(P,)``, no row twice.
            outcome: Of these P networks, in order.
            courses: Walked by each.
            steps: Length of the trial [control step]; who stopped early gained no more in it.
        """
        assert outcome.stance is not None  # the trial gauged it
        more = {
            "returns": outcome.returns * courses,
            "steps": np.full(len(rows), courses * steps),
            "stance": outcome.stance,
            "walked": outcome.walked,
        }
        sums = {}
        for name, addition in more.items():
            sums[name] = getattr(self, name).copy()
            sums[name][rows] += addition
        return replace(self, **sums)

    def state_dict(self) -> dict[str, np.ndarray]:
        """All arrays by name."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


@dataclass(frozen=True)
class SearchState:
    """All that a MAP-Elites search needs to go on."""

    elites: Elites
    steps: int  # [control step] so far, of all walkers together
    cpu_seconds: float  # [s] of processor time in workers
    random: dict[str, Any]  # of the search's generator

    @classmethod
    def from_dict(cls, state: dict[str, Any]) -> SearchState:
        """The state that `as_dict` gave.

        Raises:
            KeyError, TypeError: It is none.
        """
        return cls(**{**state, "elites": Elites(**state["elites"])})

    def as_dict(self) -> dict[str, Any]:
        """Nested dicts of numbers, texts and arrays."""
        return {**vars(self), "elites": self.elites.state_dict()}
