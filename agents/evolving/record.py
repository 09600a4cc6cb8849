"""What is known of a body that was judged: its descent, its plan and what it came to."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields, replace
from functools import cached_property
from typing import Any

from agents.evolving.shape import Shape, shape_of
from agents.evolving.walk import Walk
from walker_env import Body


@dataclass(frozen=True)
class Record:
    """One body.

    Attributes:
        number: Counts all bodies of a run from 0, the first one, on.
        parent: Number of its parent; None for the first body.
        generation: In which it was born.
        mutations: What happened to it, in order.
        body: Its plan.
        scores: Targets in 100 s after each rung that it was trained for.
        energies: Energy spent in 100 s there [energy unit].
        steps: Control steps that its learner had trained after each rung, its parent's left out.
        reason: Why it is worth nothing; empty where it is not so.
    """

    number: int
    parent: int | None
    generation: int
    mutations: tuple[str, ...]
    body: Body
    scores: tuple[float, ...] = ()
    energies: tuple[float, ...] = ()
    steps: tuple[int, ...] = ()
    reason: str = ""

    @property
    def score(self) -> float:
        """After the last rung; 0 before the first one."""
        return self.scores[-1] if self.scores else 0.0

    @cached_property
    def shape(self) -> Shape:
        """What it looks like."""
        return shape_of(self.body)

    def after(self, walk: Walk, trained: int) -> Record:
        """With another rung.

        Args:
            walk: How its policy walked there.
            trained: Control steps of training in this rung.
        """
        before = self.steps[-1] if self.steps else 0
        return replace(
            self,
            scores=(*self.scores, walk.score),
            energies=(*self.energies, walk.energy),
            steps=(*self.steps, before + trained),
            reason=walk.reason,
        )

    def as_dict(self) -> dict[str, Any]:
        """Every value, JSON-ready; `from_dict` takes it back."""
        return {**asdict(self), "body": self.body.stored()}

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Record:
        """The record that `as_dict` gave.

        Raises:
            ValueError, KeyError, TypeError: It is none.
        """
        rows = {f.name: tuple(data[f.name]) for f in fields(cls) if f.name in _ROWS}
        return cls(**{**data, **rows, "body": Body.from_stored(data["body"])})


_ROWS = ("mutations", "scores", "energies", "steps")
