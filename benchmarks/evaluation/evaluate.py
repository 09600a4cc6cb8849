"""Walks a policy over the protocol's held-out courses and writes down how it went."""

from __future__ import annotations

import hashlib
import json
import math
import platform
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np

from agents.baselines import Agent
from agents.foreign.held import Held, hold
from benchmarks.evaluation.legs import Legs
from benchmarks.evaluation.protocol import PROTOCOL, Protocol
from benchmarks.evaluation.stats import bootstrap_interval, iqm, mean
from walker_env import Options, WalkerBatch, __version__, strict_json
from walker_env.body import get_body
from walker_env.courses import DISC_RADIUS
from walker_env.engine import resolve
from walker_env.files import atomic_write
from walker_env.observation import LAYOUT_VERSION
from walker_env.params import WORLD, get_world
from walker_env.tasks import TARGET_RADIUS

PACKAGES = ("numpy", "pymunk", "gymnasium", "safetensors")

RESULT_FORMAT = 0

SUMMARY = (
    "score",  # targets in 100 s, interquartile mean over the courses
    "score_low",  # ends of its 95 % bootstrap interval over the courses
    "score_high",
    "score_mean",  # targets in 100 s, plain mean
    "speed",  # [unit/s] of the body's centre
    "energy_per_1000",  # [energy unit] for 1000 units of way
    "first_target",  # [s] mean; the whole time where it was never reached
    "left_share",  # of the legs on which the walker turned, those to the left
    "course_left_share",  # the same of the courses' straight lines on these legs
)

MAY_LACK = ("energy_per_1000", "left_share", "course_left_share")
"""None for a walker that never moved, or never turned."""


@dataclass(frozen=True)
class Result:
    """What one policy did on one protocol; JSON-ready but for the dataclasses.

    Attributes:
        protocol: What it was measured on.
        physics: Fingerprint of the world and the body; results of other physics do not compare.
        agent: ``name``, ``algorithm``, ``file`` and its ``sha256`` (None for a baseline),
            ``training``.
        versions: Of Python and the packages, and the engine.
        courses: A list with one element per course for each quantity, see `walk`.
        summary: The courses put together, see `SUMMARY`.
    """

    protocol: Protocol
    physics: str
    agent: dict[str, Any]
    versions: dict[str, str]
    courses: dict[str, list]
    summary: dict[str, float | None]


class ResultError(ValueError):
    """A result file that cannot be read; the message names it."""


def evaluate(
    agent: Agent,
    protocol: Protocol = PROTOCOL,
    file: str | Path | None = None,
    on_step: Callable[[], object] | None = None,
) -> Result:
    """Let walker i walk course i for exactly one full episode, all of them in one batch.

    Args:
        agent: The policy. A random one must be freshly made to give the same result again.
        protocol: Which courses, and how long.
        file: The policy's file, whose name and hash are written down.
        on_step: Called after each control step, to show progress.

    Raises:
        ValueError: The agent drives another body than the protocol's, or its actions have a wrong
            shape or are not finite.
    """
    check_body(agent, protocol.body, protocol.version)
    options = replace(agent.options.judged(), course=protocol.course, world=protocol.world)
    courses = walk(
        agent, options, protocol.seeds(), protocol.horizon, protocol.turn_min, on_step or _nothing
    )
    return Result(
        protocol=protocol,
        physics=physics_fingerprint(protocol.body, protocol.world),
        agent=describe(agent, file),
        versions={**versions(), "engine": resolve(options.engine)},
        courses=courses,
        summary=_summarise(courses, protocol),
    )


def physics_fingerprint(body: str, world: str = "standard") -> str:
    """A short hash over every number of a world, a body and the task."""
    task = (TARGET_RADIUS, DISC_RADIUS, LAYOUT_VERSION)
    told = f"{get_world(world)!r} {get_body(body)!r} {task}"
    return hashlib.sha256(told.encode()).hexdigest()[:12]


def save_result(result: Result, path: str | Path) -> None:
    """Write a result as JSON, whole or not at all."""
    data = {"format": RESULT_FORMAT, **asdict(result)}
    atomic_write(path, json.dumps(data, indent=1, allow_nan=False) + "\n")


def load_result(path: str | Path) -> Result:
    """Read a result.

    Raises:
        ResultError: Missing, not JSON, or not written by `save_result`.
    """
    try:
        data = strict_json.loads(Path(path).read_text(encoding="utf-8"))
        found = data.pop("format", None)
        if found != RESULT_FORMAT:
            raise ResultError(f"{path}: expected result format {RESULT_FORMAT}, got {found!r}")
        result = Result(**{**data, "protocol": Protocol(**data["protocol"])})
        _check_summary(result)
        return result
    except ResultError:
        raise
    except OSError as error:
        raise ResultError(f"{path}: cannot be read: {error.strerror}") from error
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise ResultError(f"{path}: expected a result of 'evaluate', got: {error}") from error


def _check_summary(result: Result) -> None:
    """What tables show must be there; the rest is for those who read the file."""
    for name in ("name", "algorithm", "training"):
        kind = dict if name == "training" else str
        if not isinstance(result.agent[name], kind):
            raise TypeError(f"agent.{name} must be a {kind.__name__}, got {result.agent[name]!r}")
    numbers = {name: result.summary[name] for name in SUMMARY}
    for name, value in numbers.items():
        number = isinstance(value, (int, float)) and math.isfinite(value)
        if not (number or (value is None and name in MAY_LACK)):
            raise TypeError(f"summary.{name} must be a finite number, got {value!r}")


def walk(
    agent: Agent,
    options: Options,
    seeds: np.ndarray,
    horizon: int,
    turn_min: float,
    on_step: Callable[[], object],
) -> dict[str, list]:
    """Walk one episode for each seed; per course: what the README's protocol names.

    Args:
        agent: Who walks.
        options: Where.
        seeds: ``(N,)``.
        horizon: Length of an episode [control step].
        turn_min: A leg that turns by less is no turn [rad].
        on_step: Called after each control step.

    Raises:
        ValueError: Actions of a wrong shape, or not finite.
    """
    batch = WalkerBatch(len(seeds), options)
    state, dt = batch.state, batch.world.control_dt
    obs = batch.reset(seed=seeds)
    legs = Legs(batch, turn_min)
    first = np.full(batch.n, np.nan)
    for t in range(horizon):
        action = _checked(agent.act(obs), batch, agent.name)
        obs = batch.step(action).observation
        legs.watch()
        first = np.where(np.isnan(first) & (state.target_index > 0), (t + 1) * dt, first)
        on_step()
    return {
        "seed": seeds.tolist(),
        "score": batch.score().tolist(),  # targets and the fraction of the way to the next
        "targets": state.target_index.tolist(),
        "distance": state.path.tolist(),  # [unit]
        "energy": state.energy.tolist(),  # [energy unit]
        "first_target": [None if np.isnan(s) else float(s) for s in first],  # [s]; None: never
        **{name: count.tolist() for name, count in legs.counts().items()},
    }


def _summarise(courses: dict[str, list], protocol: Protocol) -> dict[str, float | None]:
    """One number for each quantity in `SUMMARY`."""
    seconds = protocol.horizon * WORLD.control_dt
    per_100 = 100 / seconds * np.array(courses["score"])
    low, high = bootstrap_interval(per_100[:, None], np.random.default_rng(0))
    distance, energy = math.fsum(courses["distance"]), math.fsum(courses["energy"])
    first = [seconds if s is None else s for s in courses["first_target"]]
    values = (
        iqm(per_100),
        low,
        high,
        mean(per_100.tolist()),
        distance / (seconds * protocol.courses),
        _share(1000 * energy, distance),
        mean(first),
        _share(sum(courses["left_turns"]), sum(courses["turns"])),
        _share(sum(courses["course_left_turns"]), sum(courses["course_turns"])),
    )
    return dict(zip(SUMMARY, values, strict=True))


def _share(part: float, whole: float) -> float | None:
    return part / whole if whole > 0 else None


def _checked(action: np.ndarray, batch: WalkerBatch, name: str) -> np.ndarray:
    shape = (batch.n, batch.action_width)
    if action.shape != shape or not np.isfinite(action).all():
        raise ValueError(
            f"{name}: expected finite actions of shape (N, A) = {shape}, got {action.shape}"
            + (" with values that are not finite" if action.shape == shape else "")
        )
    return action


def check_body(agent: Agent, body: str, version: str) -> None:
    """Check that a policy drives the body that is judged.

    Raises:
        ValueError: It drives another one.
    """
    if agent.options.body != body:
        raise ValueError(
            f"{agent.name}: protocol {version} walks the {body!r}, this policy drives "
            f"{agent.options.body!r}"
        )


def _nothing() -> None:
    """What happens after a step when nobody watches."""


def describe(agent: Agent, file: str | Path | Held | None) -> dict[str, Any]:
    """Who walked: name, algorithm, options, training, and the file with its hash, JSON-ready."""
    held = file if file is None or isinstance(file, Held) else hold(file)
    return {
        "name": agent.name,
        "algorithm": str(agent.training.get("algorithm", "unknown")),
        "file": held and held.name,
        "sha256": held and held.sha256,
        "options": agent.options.as_dict(),
        "training": agent.training,
    }


def versions() -> dict[str, str]:
    """Of Python and the packages that move a walker."""
    found = {"python": platform.python_version(), "walker_env": __version__}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "not installed"
    return found
