"""What a walker is asked to do: its episode, its course by name, the options of an environment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

import numpy as np

from walker_env.body import Body, get_body
from walker_env.courses import Course, get_course
from walker_env.engine import ENGINES
from walker_env.observation import get_layout
from walker_env.params import World, get_world
from walker_env.plan import PlanError, is_number
from walker_env.reward import RewardWeights, get_reward

TARGET_RADIUS = 20.0
"""A target is reached when the head is closer than this [unit]."""

HORIZON = 2000
"""Length of an episode [control step]: 100 s."""

STALL_PROGRESS = 1.0
"""A walker that comes this much closer than ever to its target is not stalled [unit]."""

STALL_MOST = 1e6
"""Longest time without progress that can be asked for [s]."""


def episode_rng(seed: int, episode: int) -> np.random.Generator:
    """The generator of one episode of a walker with this seed; it depends on nothing else."""
    sequence = np.random.SeedSequence(int(seed), spawn_key=(int(episode),))
    return np.random.Generator(np.random.PCG64(sequence))


_STORED = frozenset({"body", "observation", "course", "stall_limit", "reward", "world"})


@dataclass(frozen=True)
class Options:
    """The options of an environment, checked when made; saved with every run.

    Whatever names a plan is turned into the plan itself, so ``options.body`` is a `Body` and so on.

    Args:
        body: A `Body`, its dict, a path to its JSON, or a ready-made one's name (`BODIES`).
        observation: ``"full"``, ``"original"`` or ``"ground"``, see `walker_env.observation`.
        course: A registered generator's name, ``{"name", "parameters"}``, a list of targets
            ``(x, y)`` [unit], or a draw function, which cannot be saved; see `walker_env.courses`.
        engine: ``"compiled"``, ``"pymunk"``, or ``"auto"``: compiled where numba is installed.
        energy_price: Reward subtracted for each unit of energy spent; 0: as in ``reward``.
        stall_limit: Seconds without progress after which an episode terminates; None: never.
        threads: That step the batch with the compiled engine; they change no result.
        reward: ``"dense"``, ``"sparse"``: for targets reached only, or `RewardWeights`, their dict
            or a path to their JSON.
        world: A `World`, its dict, a path to its JSON, or a ready-made one's name (`WORLDS`).

    Attributes:
        weights: The reward's weights, the energy price among them.

    Raises:
        ValueError: An option of a wrong kind or out of bounds; it is named.
    """

    body: Any = "quadruped"
    observation: str = "full"
    course: Any = "disc"
    engine: str = "auto"
    energy_price: float = 0.0
    stall_limit: float | None = None  # [s]
    threads: int = 1
    reward: Any = "dense"
    world: Any = "standard"
    weights: RewardWeights = field(init=False)

    def __post_init__(self) -> None:
        plans: dict[str, Any] = {"body": get_body(self.body), "world": get_world(self.world)}
        course = self.course if isinstance(self.course, Course) else get_course(self.course)
        get_layout(self.observation)
        if self.engine != "auto" and self.engine not in ENGINES:
            raise ValueError(f"engine must be 'auto' or one of {ENGINES}, got {self.engine!r:.80}")
        limit = self.stall_limit
        if limit is not None and not (is_number(limit) and 0 < limit <= STALL_MOST):
            raise ValueError(
                f"stall_limit must be None or seconds > 0, got {limit!r} "
                f"(the most is {STALL_MOST:g})"
            )
        if not (isinstance(self.threads, (int, np.integer)) and self.threads >= 1):
            raise ValueError(f"threads must be an int >= 1, got {self.threads!r}")
        reward, weights = self._price(get_reward(self.reward))
        plans |= {"reward": reward, "course": course, "weights": weights}
        plans["energy_price"] = weights.energy_price
        plans["stall_limit"] = None if limit is None else float(limit)
        for name, value in plans.items():
            object.__setattr__(self, name, value)

    def for_evaluation(self) -> Options:
        """These options without stall termination, as used in evaluation.

        A course that is not registered here, since it was made elsewhere, is replaced by ``disc``.
        """
        known = not isinstance(self.course, Course) or self.course.registered
        return replace(self, stall_limit=None, course=self.course if known else "disc")

    def as_keywords(self) -> dict[str, Any]:
        """All options as keywords of the vector environment, objects of one's own included."""
        return {f.name: getattr(self, f.name) for f in fields(self) if f.init}

    def as_dict(self) -> dict[str, Any]:
        """What is walked, JSON-ready: whole plans with their digests; `from_dict` takes it back.

        How fast it is walked, engine and threads, is left out.

        Raises:
            PlanError: A course that is a function cannot be written down.
        """
        if not isinstance(self.course, Course):
            raise PlanError(
                "course is a function of your own, which cannot be saved; give a list of targets, "
                "or register it and give its name: walker_env.register_course(name, function)"
            )
        return {
            "body": self.body.stored(),
            "observation": self.observation,
            "course": self.course.as_data(),
            "stall_limit": self.stall_limit,
            "reward": self.weights.stored(),
            "world": self.world.stored(),
        }

    @classmethod
    def from_dict(cls, data: Any) -> Options:
        """The options that a file holds, as `as_dict` gave them: whole plans, and nothing else.

        The course need not be registered here.

        Raises:
            ValueError: Other options than these, a plan that is none or has no digest, or values
                that make no options.
        """
        if not isinstance(data, Mapping) or {*data} != _STORED:
            came = sorted(map(str, data)) if isinstance(data, Mapping) else f"{data!r:.80}"
            raise PlanError(f"options must be a dict with {sorted(_STORED)}, got {came}")
        plans = {
            "body": Body.from_stored(data["body"]),
            "reward": RewardWeights.from_stored(data["reward"]),
            "world": World.from_stored(data["world"]),
            "course": Course.of(data["course"]),
        }
        return cls(**{**data, **plans})

    def _price(self, reward: RewardWeights) -> tuple[RewardWeights, RewardWeights]:
        """The reward without a price of energy, and with it."""
        own, price = reward.energy_price, self.energy_price
        if own and price not in (0, own):
            raise PlanError(
                f"energy_price is {price!r}, but the reward has the price {own!r}; give one of them"
            )
        return replace(reward, energy_price=0.0), replace(reward, energy_price=own or price)
