"""Targets that walkers reach on each ground, and whether they keep to cleared paths."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from agents.names import ENTRIES
from agents.policy import Policy
from agents.rollout import episode_scores
from benchmarks.grounds.training import COURSES, KINDS, Kind, policies
from walker_env import HORIZON, WalkerBatch
from walker_env.courses import DISC_RADIUS
from walker_env.schema import FRESH
from walker_env.seeds import held_out_seeds
from walker_env.terrain import Terrain, make_soil

CHAMPIONS = ("rear-runner", "limp", "trot", "diagonal", "grown")
"""The best of the leaderboard, on even ground."""

EPISODES = 32
"""Test courses; the track is one and the same course, which is walked once."""


class Group(NamedTuple):
    """Walkers of one kind, and in which worlds they are measured."""

    name: str
    walkers: list[Policy]
    worlds: tuple[str, ...]


class Trodden(NamedTuple):
    """How a walker used the sand in the second half of its episodes, shares of fresh sand."""

    under: float  # depth under its feet
    around: float  # depth of the disc in which targets lie


def groups() -> list[Group]:
    """Champions, and whoever was trained, as far as they are there."""
    files = [ENTRIES / name / "policy.safetensors" for name in CHAMPIONS]
    found = [Group("champions of even ground", [Policy.load(file) for file in files], (*COURSES,))]
    plain = Kind("standard", "full")
    found.append(Group("trained on even ground", policies(plain), (*COURSES,)))
    for layout, words in (("full", "trained there"), ("ground", "trained there, feeling it")):
        for kind in KINDS:
            if kind.layout == layout and kind != plain:
                found.append(Group(words, policies(kind), (kind.world,)))
    return [group for group in found if group.walkers]


def scores(walker: Policy, world: str) -> float:
    """Targets in 100 s, the mean over test courses."""
    count = 1 if COURSES[world] == "race" else EPISODES
    options = replace(walker.options, world=world, course=COURSES[world], stall_limit=None)
    return float(episode_scores(walker.act, options, held_out_seeds(count)).mean())


def trodden(walker: Policy) -> Trodden:
    """How a walker uses the sand."""
    options = replace(walker.options, world="sand", course=COURSES["sand"], stall_limit=None)
    batch = WalkerBatch(EPISODES, options)
    soil = make_soil(batch.body, batch.world)
    assert soil is not None
    terrain, seen, under = Terrain(batch.body, soil), batch.reset(seed=held_out_seeds(EPISODES)), []
    disc, around = _disc(batch), []
    for step in range(HORIZON):
        seen = batch.step(walker.act(seen)).observation
        if step >= HORIZON // 2 and step % 10 == 0:
            state = batch.state
            feet = state.position[:, list(batch.body.feet)]
            under.append(terrain.grip_and_depth(feet, (state.field, state.sand))[1].mean())
            around.append(state.sand[:, disc].mean() / FRESH)
    return Trodden(float(np.mean(under)), float(np.mean(around)))


def _disc(batch: WalkerBatch) -> np.ndarray:
    """Which cells lie in the disc of targets, ``(C, C)`` bool."""
    ground = batch.world.ground
    at = (np.arange(ground.cells) + 0.5 - ground.cells / 2) * ground.cell
    return at * at + (at * at)[:, None] <= DISC_RADIUS * DISC_RADIUS


def spread(figures: Sequence[float]) -> str:
    """A mean with the least and the most, and of how many."""
    mean, low, high = np.mean(figures), min(figures), max(figures)
    return f"{mean:.1f} [{low:.1f}, {high:.1f}] ({len(figures)})"
