"""The identity of the physics: one hash over all that a walk depends on beside the policy.

Results are comparable, and replays can be verified, where it is the same. It covers the plans in
use and no others, so adding a world or a body leaves it as it is for everyone else. What the plans
do not say, how the numbers are computed, is `PHYSICS_VERSION`.
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
