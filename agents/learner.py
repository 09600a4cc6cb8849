"""The seam between algorithms and everything around them: two small interfaces.

An algorithm is a frozen config dataclass that makes a learner. What a run needs of it, budget,
validation, checkpoints, progress, is the same for all and lives in `run`. `docs/own_algorithm.md`
shows one in twenty lines.
"""

from __future__ import annotations

from typing import Any, ClassVar, Protocol

from agents.policy import Policy
from agents.trial import Outcome, Trial
from walker_env import Options


class Crew(Protocol):
    """Walks trials: in this process (`trial.Walkers`), on worker processes, or on a cluster."""

    def run(self, trial: Trial) -> Outcome:
        """Walk one trial; the outcome depends on the trial alone."""

    def close(self) -> None:
        """End the workers."""


class Learner(Protocol):
    """Something that gets better."""

    @property
    def steps(self) -> int:
        """Control steps so far, of all walkers together."""

    @property
    def cpu_seconds(self) -> float:
        """Processor time spent in other processes so far [s]."""

    @property
    def metrics(self) -> dict[str, float]:
        """What it wants logged, by name."""

    def advance(self) -> None:
        """Make one update: a generation, or a rollout and what is learned from it."""

    def policy(self) -> Policy:
        """The present policy; the run gives it its name."""

    def state_dict(self) -> dict[str, Any]:
        """What `load_state_dict` needs to go on: nested dicts and lists of numbers and arrays."""

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on from there; evolution goes on exactly as if it had never stopped."""


class Config(Protocol):
    """A frozen dataclass of settings, checked when made."""

    algorithm: ClassVar[str]
    """Name in tables."""

    shares_population: ClassVar[bool]
    """Whether its learner walks a population with the crew, so that workers can share it; a config
    of one's own that leaves it out has none."""

    keeps_best: ClassVar[bool]
    """Whether its learner's policy is always the best so far by a measure of its own, so that
    validation does not choose; a config of one's own that leaves it out lets validation choose."""

    @property
    def seed(self) -> int:
        """Everything random comes from it."""

    @property
    def options(self) -> Options:
        """The environment it trains in."""

    def learner(self, crew: Crew) -> Learner:
        """A learner at its beginning; populations walk with ``crew``."""
