"""What files of version 0.1 say: bodies, worlds and rewards by name, and hashes over their text.

Frozen. Those files hold no plans; a name in them stands for the plan with the digest below, and
their hashes are over `repr` texts, which are written here as 0.1 wrote them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from walker_env.body import BODIES, Body, Bone, Muscle, Node, with_left_strength
from walker_env.courses import Course
from walker_env.observation import LAYOUT_VERSION
from walker_env.params import WORLDS, World
from walker_env.plan import Plan, PlanError
from walker_env.reward import REWARDS
from walker_env.tasks import STALL_PROGRESS, TARGET_RADIUS, Options

BODY_DIGESTS = {
    "quadruped": "b3bfb105a07375f24a1306e18f0e8d78ca9019bb1298fc7c81713a3f709beb25",
    "hexapod": "a0a82bf29821a4dbbb0bc1a5d7220f9e01e3722f089a02f0496ddb6e94771dc8",
    "inchworm": "3ae527cb3c2aa0611b906a650d7b6f9eb862c74514270ffbbdbaa481d153b01a",
}
"""The bodies of 0.1 by name."""

WORLD_DIGESTS = {
    "standard": "b7c1e0263b964ce590ad327ba8fd8b2c2f1b26d2cfe21883321467f678575412",
    "ice": "8604ab99c88fd1048323f7ecf58aacd0451b3554becae780d2c1132aeacd4aa5",
    "heavy": "99ecf4716962fcf00a1026082bdc3a7e805641794fb8367ebdc1116d3a83d242",
    "weak": "9f2e012e91ef029dda3d2d9a25a143735e0c78fc4a15cd4d15d229e2262c5d06",
    "delay": "7243c56b5b205e9835055b06f319aeb5d242639fdedeef2ce11377c5434865ee",
}
"""The worlds of 0.1 by name."""

REWARD_DIGESTS = {
    "dense": "636f73033e1319180f0ef6fc74af8db768aebcb39d6f6c809d93ee265761fa82",
    "sparse": "1401452cf835e3b510a8344c3c411c000c25ad5be2eedd953def62ac3c40522c",
}
"""The rewards of 0.1 by name, with energy free of charge."""

_WORLD_FIELDS = (
    *("physics_rate", "substeps", "iterations", "grip_rate", "grip_min", "grip_force"),
    *("muscle_rate", "grip_power", "energy_unit", "damping", "left_strength", "sensor_delay"),
)
_BODY_FIELDS = (*("name", "nodes", "bones", "muscles", "feet", "head", "across", "hub", "skin"),)
_PART_FIELDS = {
    Node: ("x", "y", "mass"),
    Bone: ("a", "b", "stiffness", "damping"),
    Muscle: ("a", "b", "stiffness", "damping", "shortest", "longest"),
}

P = TypeVar("P", bound=Plan)


def named_options(data: Any) -> Options:
    """The options that a file of 0.1 holds.

    Raises:
        ValueError: They are none, or name what 0.1 did not have or what is another plan today.
    """
    if not isinstance(data, Mapping):
        raise PlanError(f"options must be a dict, got {data!r:.80}")
    plans = {
        "body": _named("body", data.get("body", "quadruped"), BODIES, BODY_DIGESTS),
        "world": _named("world", data.get("world", "standard"), WORLDS, WORLD_DIGESTS),
        "reward": _named("reward", data.get("reward", "dense"), REWARDS, REWARD_DIGESTS),
    }
    known = {"observation", "course", "energy_price", "stall_limit"}
    if unknown := sorted(map(str, {*data} - known - {*plans})):
        raise PlanError(f"options must be among {sorted(known | {*plans})}, got {unknown}")
    return Options(**{**data, **plans, "course": Course.of(data.get("course", "disc"))})


def names_of(options: Options) -> dict[str, Any]:
    """Options as a file of 0.1 holds them.

    Raises:
        PlanError: A plan that 0.1 had no name for.
    """
    if not isinstance(options.course, Course) or options.course.as_data() != options.course.name:
        raise PlanError("the course has no name in 0.1")
    return {
        "body": _name_of("body", options.body, BODY_DIGESTS),
        "observation": options.observation,
        "course": options.course.name,
        "energy_price": options.energy_price,
        "stall_limit": options.stall_limit,
        "reward": _name_of("reward", options.reward, REWARD_DIGESTS),
        "world": _name_of("world", options.world, WORLD_DIGESTS),
    }


def physics_hash(walkers: Sequence[Options]) -> str:
    """The hash that replays of 0.1 hold, over the worlds and bodies of their walkers."""
    task = (TARGET_RADIUS, STALL_PROGRESS, LAYOUT_VERSION)
    pairs = [(w.world, with_left_strength(w.body, w.world.left_strength)) for w in walkers]
    told = ", ".join(f"({_world_text(world)}, {_body_text(body)})" for world, body in pairs)
    return hashlib.sha256(f"{task} [{told}]".encode()).hexdigest()[:16]


def _named(what: str, name: Any, known: Mapping[str, P], digests: Mapping[str, str]) -> P:
    if not isinstance(name, str) or name not in digests:
        raise PlanError(f"{what} must be one of {sorted(digests)}, got {name!r:.80}")
    plan = known.get(name)
    if plan is None or plan.digest != digests[name]:
        raise PlanError(f"the {what} {name!r} of version 0.1 is another plan here")
    return plan


def _name_of(what: str, plan: Plan, digests: Mapping[str, str]) -> str:
    for name, digest in digests.items():
        if plan.digest == digest:
            return name
    raise PlanError(f"the {what} has no name in 0.1")


def _world_text(world: World) -> str:
    return _text("World", world, _WORLD_FIELDS)


def _body_text(body: Body) -> str:
    return _text("Body", body, _BODY_FIELDS)


def _text(name: str, plan: Any, names: Sequence[str]) -> str:
    return f"{name}({', '.join(f'{n}={_value(getattr(plan, n))}' for n in names)})"


def _value(value: Any) -> str:
    if type(value) in _PART_FIELDS:
        return _text(type(value).__name__, value, _PART_FIELDS[type(value)])
    if isinstance(value, tuple) and value and type(value[0]) in _PART_FIELDS:
        inner = ", ".join(map(_value, value))
        return f"({inner},)" if len(value) == 1 else f"({inner})"
    return repr(value)
