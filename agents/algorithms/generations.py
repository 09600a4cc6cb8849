"""What every population shares: its settings, and how a generation walks.

All networks of a generation walk the same courses, under one normalisation, at once.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from agents.algorithms.moments import Moments
from agents.learner import Crew
from agents.networks.network import Normaliser, plain_normaliser
from agents.networks.population import Population, Shape
from agents.search_space import Choice, Space
from agents.settings import check_flag, check_whole, widths
from agents.trial import Outcome, Trial
from walker_env import WORLD, Options
from walker_env.observation import ACTION, get_layout, width
from walker_env.seeds import TRAINING_LIMIT, check_training_seed


@dataclass(frozen=True)
class PopulationConfig:
    """Settings that every population shares."""

    algorithm: ClassVar[str] = "population"
    shares_population: ClassVar[bool] = True
    search: ClassVar[Space] = {
        "population": Choice((32, 64, 128)),
        "courses": Choice((1, 2, 4)),
    }

    seed: int = 0
    population: int = 64  # small ones learn sooner: more generations for the same steps
    courses: int = 2  # walked by every solution in a generation
    episodes: tuple[tuple[int, float], ...] = ((0, 10.0), (10_000_000, 20.0), (40_000_000, 40.0))
    """Episode length [s] from so many control steps on: first learn to walk, then to go on."""
    normalise: bool = True  # observations, by their running moments
    options: Options = field(default_factory=Options)

    def __post_init__(self) -> None:
        check_training_seed(self.seed)
        check_whole(self, population=2, courses=1)
        check_flag(self, "normalise")
        object.__setattr__(self, "episodes", check_episodes(self.episodes))

    def episode_steps(self, walked: int) -> int:
        """Length of a training episode after ``walked`` control steps [control step]."""
        seconds = [s for start, s in self.episodes if start <= walked][-1]
        return round(seconds * WORLD.control_rate)

    @property
    def inputs(self) -> int:
        """Numbers a network reads."""
        return width(get_layout(self.options.observation), self.options.body)

    @property
    def outputs(self) -> int:
        """Numbers a network gives."""
        return width(ACTION, self.options.body)


@dataclass(frozen=True)
class EvolutionConfig(PopulationConfig):
    """Settings that every population of networks of one shape shares."""

    algorithm: ClassVar[str] = "evolution"
    search: ClassVar[Space] = PopulationConfig.search | {
        "hidden": Choice(((8,), (16,), (32,))),
    }

    hidden: tuple[int, ...] = (16,)  # units of the hidden layers

    def __post_init__(self) -> None:
        super().__post_init__()
        object.__setattr__(self, "hidden", widths(self.hidden))
        check_whole(self, hidden=1)

    @property
    def shape(self) -> Shape:
        """The networks' shape."""
        return Shape((self.inputs, *self.hidden, self.outputs))


def check_episodes(episodes: Any) -> tuple[tuple[int, float], ...]:
    """The schedule of episode lengths in its plain form.

    Raises:
        ValueError: Not pairs of (from so many steps on, seconds), or not rising from 0.
    """
    try:
        schedule = tuple((int(steps), float(seconds)) for steps, seconds in episodes)
    except (TypeError, ValueError) as error:
        raise ValueError(f"episodes must be pairs (steps, seconds), got {episodes!r}") from error
    starts = [steps for steps, _ in schedule]
    good = all(WORLD.control_dt <= seconds < math.inf for _, seconds in schedule)
    if starts[:1] != [0] or starts != sorted(starts) or not good:
        raise ValueError(
            "episodes must be (steps from 0 up, seconds of at least one control step), "
            f"got {schedule}"
        )
    return schedule


class Generations:
    """Walks generation after generation and counts what they cost.

    Args:
        config: The settings.
        crew: Walks them.
        rng: The courses are drawn from it.

    Attributes:
        walked: Control steps so far, of all walkers together.
        cpu_seconds: Processor time spent by workers so far [s].
        moments: Of everything seen so far.
    """

    def __init__(self, config: PopulationConfig, crew: Crew, rng: np.random.Generator) -> None:
        self.walked, self.cpu_seconds = 0, 0.0
        self.moments = Moments(config.inputs)
        self._config, self._crew, self._rng = config, crew, rng

    def walk(self, population: Population, courses: int | None = None) -> Outcome:
        """Walk new courses with every network of ``population``; without a number, the config's."""
        config = self._config
        count = config.courses if courses is None else courses
        outcome = self._crew.run(
            Trial(
                population=population,
                seeds=self._rng.integers(TRAINING_LIMIT, size=count, dtype=np.uint64),
                steps=config.episode_steps(self.walked),
                normaliser=self.normaliser(),
            )
        )
        self.walked += outcome.count
        self.cpu_seconds += outcome.cpu
        return outcome

    def learn(self, outcome: Outcome) -> None:
        """Let the next generation be judged under what this one saw."""
        if self._config.normalise:
            self.moments.add(outcome.seen, int(outcome.looks.sum()))

    def normaliser(self) -> Normaliser:
        """What the networks see of an observation."""
        if self._config.normalise:
            return self.moments.normaliser()
        return plain_normaliser(self._config.inputs)

    def state_dict(self) -> dict[str, Any]:
        """What changes from generation to generation."""
        return {
            "moments": self.moments.state_dict(),
            "walked": self.walked,
            "cpu_seconds": self.cpu_seconds,
            "random": self._rng.bit_generator.state,
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on from what `state_dict` gave."""
        self.moments.load_state_dict(state["moments"])
        self.walked, self.cpu_seconds = state["walked"], state["cpu_seconds"]
        self._rng.bit_generator.state = state["random"]
