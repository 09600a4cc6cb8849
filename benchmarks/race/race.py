"""A race: several walkers on the same course, each in a world of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from agents.baselines import Agent
from agents.foreign.held import hold
from agents.playing.brain import Brain
from benchmarks.evaluation.suite import SUITE_V1
from walker_env import Options, WalkerBatch
from walker_env.params import WORLD
from walker_env.replay import Recorder, Replay
from walker_env.seeds import show_seed
from walker_env.track import Walker

MOST = 8
"""Runners there are colours and cards for."""


@dataclass(frozen=True)
class Runner:
    """Who takes part.

    Attributes:
        name: Shown on the card.
        act: Maps observations ``(1, O)`` to actions ``(1, A)``.
        options: The environment it was made for.
        sha256: Of its policy file, for the replay.
        brain: Its network, to be drawn; None for those without.
    """

    name: str
    act: Callable[[np.ndarray], np.ndarray]
    options: Options = field(default_factory=Options)
    sha256: str | None = None
    brain: Brain | None = None

    def on(self, course: str) -> Runner:
        """The same runner on another course, as `Options` takes it."""
        return replace(self, options=replace(self.options, course=course))

    @classmethod
    def of(cls, agent: Agent, file: str | Path | None = None) -> Runner:
        """A policy, from its file where there is one, or a baseline as a runner."""
        sha256 = None if file is None else hold(file).sha256
        return cls(agent.name, agent.act, agent.options, sha256, Brain.of(agent))


@dataclass(frozen=True)
class Standing:
    """A runner's place at some moment."""

    place: int  # from 1; equal scores share the better one
    runner: int  # index in the race
    name: str
    targets: int  # reached so far
    score: float  # targets and the fraction of the way to the next
    splits: tuple[float, ...] = ()  # [s] when it reached each of its targets


class Race:
    """Runners on the same course at the same time; none knows of another.

    Args:
        runners: At least one; all with the same course.
        seed: Of the course.

    Attributes:
        batches: A `WalkerBatch` of one walker for each runner.
        step_count: Control steps since the start.

    Raises:
        ValueError: No runner, or runners whose courses differ.
    """

    def __init__(self, runners: Sequence[Runner], seed: int = 0) -> None:
        if not runners:
            raise ValueError("a race needs at least one runner, got none")
        if len(runners) > MOST:
            raise ValueError(f"a race has at most {MOST} runners, got {len(runners)}")
        courses = {runner.options.course for runner in runners}
        if len(courses) > 1:
            raise ValueError(f"all runners must have the same course, got {courses}")
        self.runners, self.step_count = list(runners), 0
        self.batches = [WalkerBatch(1, runner.options.for_evaluation()) for runner in runners]
        seeds = np.array([show_seed(seed)], dtype=np.uint64)
        self._seen = [batch.reset(seed=seeds) for batch in self.batches]
        self._recorder = Recorder(
            [Walker(r.name, r.options.for_evaluation(), show_seed(seed), r.sha256) for r in runners]
        )
        self._out = [False] * len(runners)
        self._splits: list[list[float]] = [[] for _ in runners]

    @property
    def over(self) -> bool:
        """Whether every runner's episode has ended."""
        return all(self._out)

    def step(self) -> None:
        """Advance all runners one control step; one whose episode has ended stands still."""
        done: list[np.ndarray | None] = [None] * len(self.runners)
        for i, (runner, batch) in enumerate(zip(self.runners, self.batches)):
            if self._out[i]:
                continue
            action = np.asarray(runner.act(self._seen[i]), dtype=np.float32)
            if action.shape != (1, batch.action_width):
                raise ValueError(
                    f"{runner.name}: actions must have shape (1, {batch.action_width}), "
                    f"got {action.shape}"
                )
            step = batch.step(action)
            self._seen[i], self._out[i] = step.observation, bool(step.terminated[0])
            done[i] = action[0]
            new = int(batch.state.target_index[0]) - len(self._splits[i])
            self._splits[i] += [(self.step_count + 1) * WORLD.control_dt] * new
        self._recorder.note(done)
        self.step_count += 1

    def replay(self, title: str = "a race") -> Replay:
        """The race so far, to be saved, verified and shown elsewhere."""
        return self._recorder.replay(title, self._suite(), self.batches[0].engine.name)

    def _suite(self) -> str | None:
        """The suite's version where all have its body and walk as one of its skills asks."""
        kinds = [(skill.course, skill.world) for skill in SUITE_V1.skills]
        options = [runner.options for runner in self.runners]
        bodies = {one.body for one in options}
        known = all((one.course, one.world) in kinds for one in options)
        return SUITE_V1.version if known and bodies == {SUITE_V1.body} else None

    def seen(self, runner: int) -> np.ndarray:
        """What a runner observes now, ``(O,)``."""
        return self._seen[runner][0]

    def ranking(self) -> list[Standing]:
        """The runners, best first; equal ones in the order they were entered."""
        scores = [float(batch.score()[0]) for batch in self.batches]
        order = sorted(range(len(scores)), key=lambda i: -scores[i])
        return [
            Standing(
                place=1 + sum(other > scores[i] for other in scores),
                runner=i,
                name=self.runners[i].name,
                targets=int(self.batches[i].state.target_index[0]),
                score=scores[i],
                splits=tuple(self._splits[i]),
            )
            for i in order
        ]
