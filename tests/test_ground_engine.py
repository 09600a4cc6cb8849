"""Ground that is not even: the page's engine has every bit of Python's."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from agents.baselines import load_agent
from tests import engine
from tests.engine import ask, case, random_policy, trace
from tests.own_bodies import spider
from tests.random_bodies import random_three
from walker_env import BODIES, BodyError, Options, World
from walker_env.ground import EVEN, Ground, track_card
from walker_env.stability import check_stable
from walker_env.terrain import field_number

pytestmark = pytest.mark.skipif(engine.NODE is None, reason="needs node on the path")

GROUNDS = ("patches", "track", "sand")
BOG = World(ground=Ground("sand", density=1.3, cell=7.0, cells=33, sand_grip=0.4), sensor_delay=1)
SLICK = World(ground=Ground("patches", ice_grip=0.02, mud_drag=0.001, patch=37.5), damping=0.6)
SEEDS = [7, 2**64 - 1]


def walks():
    """Policies in options that have everything: bodies, worlds, layouts, courses."""
    trot = load_agent("trot")
    for i, world in enumerate(GROUNDS):
        course = ("disc", "race", "slalom")[i]
        yield trot, replace(trot.options, world=world, course=course), SEEDS
        options = Options(body=("quadruped", spider())[i % 2], world=world, observation="ground")
        yield random_policy(options, i, graph=i == 1), options, SEEDS[:1]
    for i, world in enumerate((BOG, SLICK)):
        options = Options(body="hexapod", world=world, observation="ground", course="far")
        yield random_policy(options, i), options, SEEDS


def test_walks_on_every_ground_are_pythons():
    given = list(walks())
    for (policy, options, seeds), found in zip(
        given, ask("traces", [case(*walk, 120) for walk in given]), strict=True
    ):
        assert found == trace(policy, options, seeds, 120), options.world.name


def test_a_moment_on_sand_and_on_patches_goes_on_with_the_same_bits():
    for world in ("sand", "patches"):
        options = Options(world=world, observation="ground")
        found = ask("moments", case(random_policy(options, 1), options, [3, 4, 5], 60))
        assert (found["same"], found["alone"]) == (True, True)


def test_the_map_of_the_track_and_the_numbers_of_fields_are_pythons():
    places = [(x, y) for x in range(-600, 1700, 37) for y in range(-300, 1500, 41)]
    body = json.dumps(BODIES["quadruped"].as_dict())
    script = f"""
        const model = W.makeModel({body}, {{ ground: {{ kind: "track" }} }});
        const walkers = W.newWalkers(model, 1), places = {[list(place) for place in places]};
        const numbers = [["0", 0], ["7", 3], ["18446744073709551615", 2]].map(
          ([seed, episode]) => W.fieldNumber(seed, episode));
        return {{ depths: places.map(([x, y]) => W.groundAt(walkers, 0, x, y)), numbers }};
    """
    found, card = ask("script", script), track_card()
    for (x, y), (grip, depth) in zip(places, found["depths"]):
        row, column = int((y + 140) // 10), int((x + 460) // 10)
        inside = 0 <= row < card.shape[0] and 0 <= column < card.shape[1]
        kind = card[row, column] if inside else 2
        assert (grip, depth) == ((1.0, 0.25, 0.6)[kind], float(kind == 2)), (x, y)
    seeds = np.array([0, 7, 2**64 - 1], dtype=np.uint64)
    assert found["numbers"] == field_number(seeds, np.array([0, 3, 2])).tolist()


def test_identities_and_verdicts_are_pythons():
    worlds = [World(), World(ground=Ground("sand")), BOG, SLICK]
    given = [world.as_dict() for world in worlds]
    given.append({**worlds[0].as_dict(), "ground": vars(EVEN)})
    assert ask("digests", given) == [*(world.digest for world in worlds), World().digest]
    body = BODIES["quadruped"].as_dict()
    said = ask("verdicts", [{"body": body, "world": world.as_dict()} for world in worlds])
    assert [one["stable"] for one in said] == [True] * len(worlds)
    assert said[1] == said[0]


@pytest.mark.long
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("kind", GROUNDS)
def test_random_worlds_bodies_and_seeds_over_2000_steps(kind):
    given = [walk for seed in range(40) if (walk := drawn_walk(kind, seed))]
    assert len(given) >= 30
    for walk, found in zip(given, ask("traces", [case(*walk) for walk in given])):
        assert found == trace(*walk), walk[1]


def drawn_walk(kind, seed):
    """A body, a world of this kind of ground, a network and a course, all drawn."""
    rng = np.random.default_rng(seed)
    shares = {name: float(rng.random()) for name in ("ice_grip", "mud_grip")}
    shares["mud_drag"] = float(rng.uniform(1e-3, 1))
    ground = {
        "patches": {**shares, "patch": float(rng.uniform(10, 600))},
        "track": shares,
        "sand": {
            "sand_grip": float(rng.random()),
            "density": float(10 ** rng.uniform(-3, 1)),
            "cell": float(rng.uniform(5, 60)),
            "cells": int(rng.integers(2, 130)),
        },
    }[kind]
    world = World(ground=Ground(kind, **ground), damping=float(rng.uniform(0.1, 1)))
    body = random_three(seed) if seed % 2 else list(BODIES.values())[seed % len(BODIES)]
    try:
        check_stable(body, world)
    except BodyError:
        return None
    layout = ("ground", "full")[seed % 3 == 0]
    course = ("disc", "race", "far", "turn-left")[seed % 4]
    options = Options(body=body, world=world, observation=layout, course=course)
    return random_policy(options, seed, graph=seed % 5 == 0), options, [seed, 2**40 + seed]
