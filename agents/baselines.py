"""Agents that learned nothing: what every learner must beat."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from agents.foreign.door import load_file
from agents.foreign.foreign_policy import ForeignPolicy
from agents.names import find_policy
from agents.policy import Policy, PolicyError
from walker_env import Options
from walker_env.body import Body
from walker_env.observation import ACTION, get_layout, slices, width


class Agent(Protocol):
    """What can be evaluated and raced: a `Policy`, a `ForeignPolicy`, the baselines."""

    @property
    def name(self) -> str:
        """Shown in tables and cards."""

    @property
    def options(self) -> Options:
        """The environment whose observations it reads."""

    @property
    def training(self) -> dict[str, Any]:
        """How it was made, JSON-ready; ``"algorithm"`` is shown in tables."""

    def act(self, obs: np.ndarray) -> np.ndarray:
        """Actions ``(N, A)`` float32 in [-1, 1] for observations ``(N, O)``."""


class Still:
    """Commands zero: every muscle at its drawn length, every grip half closed."""

    name = "still"

    def __init__(self, options: Options) -> None:
        self.options = options
        self.training: dict[str, Any] = {"algorithm": "none"}
        self._width = width(ACTION, options.body)

    def act(self, obs: np.ndarray) -> np.ndarray:
        """Zeros ``(N, A)`` float32."""
        return np.zeros((len(obs), self._width), dtype=np.float32)


class Random:
    """Uniform commands. Each row of the batch has a stream of its own, whatever is beside it.

    Args:
        options: The environment.
        rng: The streams are spawned from it, so that of row i depends on i alone.
    """

    name = "random"

    def __init__(self, options: Options, rng: np.random.Generator) -> None:
        self.options = options
        self.training: dict[str, Any] = {"algorithm": "chance"}
        self._width = width(ACTION, options.body)
        self._rng = rng
        self._streams: list[np.random.Generator] = []

    def act(self, obs: np.ndarray) -> np.ndarray:
        """The next draw of each row's stream, ``(N, A)`` float32."""
        if len(obs) > len(self._streams):
            self._streams += self._rng.spawn(len(obs) - len(self._streams))
        drawn = [stream.random(self._width, np.float32) for stream in self._streams[: len(obs)]]
        return 2 * np.array(drawn) - 1


@dataclass(frozen=True)
class GaitParameters:
    """How `Gait` walks; muscle lengths are ratios of the drawn length.

    Round numbers from a random search; they walk under nine variants of the physics (springs,
    friction and muscles up to twice or half as strong), so no detail of it matters.
    """

    pushed: float = 1.12  # the longest muscle at which pushing turns into pulling
    pulled: float = 0.86  # the shortest muscle at which pulling turns into pushing
    push_steer: float = 1.25  # difference of the muscle commands at full turn, pushing
    pull_steer: float = 1.2  # the same, pulling: the other way, it brings the rear around
    sharpness: float = 1.75  # full turn when the sine of the target's bearing exceeds 1 / sharpness
    turning_room: float = 200.0  # [unit] it walks straight on until a target behind is this far

    def __post_init__(self) -> None:
        if not 0 < self.pulled < self.pushed:
            raise ValueError(f"expected 0 < pulled < pushed, got {self.pulled} and {self.pushed}")


class Gait:
    """An inchworm's gait written by hand for the quadruped; it walks to the target and turns.

    The rear feet grip while both muscles push the front away; then the front feet grip while the
    muscles pull the rear up. No clock: which half of the cycle it is shows in the grips, when it
    ends in the muscles' length, so the action depends on the observation alone. The walker steers
    by commanding its two muscles differently.

    Args:
        options: The environment; the body must be built like the quadruped.
        parameters: How to walk.

    Raises:
        ValueError: The body has other feet or muscles than the quadruped.
    """

    name = "gait"

    def __init__(self, options: Options, parameters: GaitParameters | None = None) -> None:
        body = options.body
        _check_quadruped(body)
        self.options = options
        self.training: dict[str, Any] = {"algorithm": "by hand"}
        self._parameters = parameters or GaitParameters()
        layout = get_layout(options.observation)
        self._seen = slices(layout, body)
        self._distance_scale = next(c.scale for c in layout if c.name == "target_distance")
        self._commands = slices(ACTION, body)
        self._width = width(ACTION, body)

    def act(self, obs: np.ndarray) -> np.ndarray:
        """Actions ``(N, A)`` float32, a function of each row of ``obs`` ``(N, O)``."""
        how = self._parameters
        grip = obs[:, self._seen["grip"]]
        length = obs[:, self._seen["muscle_length"]]
        pulling = grip[:, :2].sum(axis=1) > grip[:, 2:].sum(axis=1)
        short, long = length.min(axis=1) <= how.pulled, length.max(axis=1) > how.pushed
        pulling = np.where(pulling, ~short, long)[:, None]

        half = np.where(pulling, -1.0, 1.0)  # (N, 1)
        bend = np.where(pulling, -how.pull_steer, how.push_steer) * self._steer(obs)
        action = np.empty((len(obs), self._width), dtype=np.float32)
        action[:, self._commands["grip"]] = half * (-1, -1, 1, 1)
        action[:, self._commands["muscle"]] = half + bend * (-1, 1)
        return np.clip(action, -1.0, 1.0)

    def _steer(self, obs: np.ndarray) -> np.ndarray:
        """Where to turn, ``(N, 1)`` in [-1, 1], positive to the left.

        A target behind and near lies inside the turning circle: the walker would go around it for
        ever, so it first walks away.
        """
        how = self._parameters
        cos, sin = obs[:, self._seen["target_cos"]], obs[:, self._seen["target_sin"]]
        near = obs[:, self._seen["target_distance"]] * self._distance_scale < how.turning_room
        behind = np.where(near, 0.0, np.where(sin < 0, -1.0, 1.0))
        return np.where(cos > 0, np.clip(how.sharpness * sin, -1.0, 1.0), behind)


def _check_quadruped(body: Body) -> None:
    """Two front feet, two rear feet, left before right, and a muscle along each side."""
    x, y = body.rest_positions()[list(body.feet)].T
    sides = [(body.feet[0], body.feet[2]), (body.feet[1], body.feet[3])] if len(x) == 4 else None
    if (
        sides != [(muscle.a, muscle.b) for muscle in body.muscles]
        or min(x[:2]) <= max(x[2:])
        or min(y[::2]) <= max(y[1::2])
    ):
        raise ValueError(
            "the gait written by hand walks bodies with the quadruped's feet and muscles only: "
            f"front left, front right, rear left, rear right, a muscle along each side; got "
            f"{body.name!r} with {len(body.feet)} feet and {len(body.muscles)} muscles"
        )


BASELINES: dict[str, Callable[[Options, np.random.Generator], Agent]] = {
    "still": lambda options, rng: Still(options),
    "random": Random,
    "gait": lambda options, rng: Gait(options),
}
"""Makers of the baselines by name, ``maker(options, rng)``."""


def load_agent(
    name_or_path: str | Path,
    options: Options | None = None,
    rng: np.random.Generator | None = None,
    *,
    body: Any = None,
    world: Any = None,
) -> Agent:
    """A baseline or an entry by its name, or a policy from its file or folder.

    Args:
        name_or_path: A key of `BASELINES`, or what `names.find_policy` finds; an ONNX network runs
            in a process of its own.
        options: The environment of a baseline, and the body of an ONNX network; a policy brings
            its own.
        rng: Where a baseline draws from; by default a generator with seed 0.
        body: Another body to walk in, as `Options` takes it; None: that of the options.
        world: Another world to walk in.

    Raises:
        PolicyError: The file is no usable policy, or there is nothing of that name, or the policy
            does not fit the body.
        ValueError: The baseline does not know how to move the body.
    """
    name = str(name_or_path)
    given = {"body": body, "world": world}
    changes = {option: value for option, value in given.items() if value is not None}
    if name in BASELINES:
        walked = replace(options or Options(), **changes)
        return BASELINES[name](walked, rng or np.random.default_rng(0))
    policy = load_file(
        find_policy(name, sorted(BASELINES)), changes.get("body") or (options or Options()).body
    )
    return elsewhere(policy, changes) if changes else policy


def policy_file(name_or_path: str | Path) -> Path | None:
    """What `load_agent` reads; None for a baseline, which has no file.

    Raises:
        PolicyError: There is nothing of that name, or it cannot be a policy.
    """
    return None if str(name_or_path) in BASELINES else find_policy(name_or_path, sorted(BASELINES))


def elsewhere(policy: Policy | ForeignPolicy, changes: dict[str, Any]) -> Policy | ForeignPolicy:
    """The same policy in another body or world.

    Args:
        policy: What walks.
        changes: Options by name.

    Raises:
        PolicyError: The body has other numbers of feet or muscles than the policy was made for.
    """
    options = replace(policy.options, **changes)
    try:
        if isinstance(policy, ForeignPolicy):
            return policy.elsewhere(options)
        return replace(policy, options=options)
    except PolicyError as error:
        raise PolicyError(
            f"{policy.name!r} cannot drive the body {options.body.name!r}: {error}"
        ) from error
