"""What a walk depends on beside the policy, as one hash: the identity of the physics.

Results compare, and replays come out again, where it is the same. It holds the plans that take
part and no others: a world or a body that somebody adds changes nothing for those who do not use
it. What the plans do not say, how the numbers come about, is `PHYSICS_VERSION`.
"""

from __future__ import annotations

from typing import Any

from walker_env.observation import LAYOUT_VERSION
from walker_env.plan import digest
from walker_env.tasks import STALL_PROGRESS, TARGET_RADIUS, Options

PHYSICS_VERSION = 0
"""Bumped whenever the same plans and actions give other numbers: solver, actuation, sensing.

A test walks some hundred steps in several bodies and worlds and compares every bit.
"""


def physics_of(options: Options) -> dict[str, Any]:
    """All that the states of a walk depend on beside its course and actions, JSON-ready."""
    return {
        "physics_version": PHYSICS_VERSION,
        "layout_version": LAYOUT_VERSION,
        "target_radius": TARGET_RADIUS,
        "stall_progress": STALL_PROGRESS,
        "body": options.body.digest,
        "world": options.world.digest,
    }


def physics_hash(walks: list[Options]) -> str:
    """A short hash over the physics of several walks, in their order."""
    return digest([physics_of(options) for options in walks])[:16]
