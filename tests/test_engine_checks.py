"""The page's verdicts on bodies, and its words, are Python's."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest

from tests import engine
from tests.engine import ask
from tests.random_bodies import random_three
from tests.stability_vectors import VECTORS, unstable_plans
from tests.test_body import BROKEN
from walker_env import BODIES, WORLDS, Body, BodyError, Bone, Muscle, Node, World
from walker_env.body import ZOO
from walker_env.stability import check_stable

pytestmark = pytest.mark.skipif(engine.NODE is None, reason="needs node on the path")

VERDICTS = json.loads(VECTORS.read_text(encoding="utf-8"))


def assert_verdicts(vectors):
    for vector, found in zip(vectors, ask("verdicts", vectors)):
        expected = {name: vector[name] for name in ("stable", "pattern", "step")}
        speed = float(vector["speed"])  # JSON has neither NaN nor infinity
        assert found == expected | {"speed": speed if math.isfinite(speed) else None}


def test_verdicts_are_those_of_the_shared_vectors():
    assert_verdicts([vector for vector in VERDICTS if not vector["stable"]] + VERDICTS[2:20:4])


@pytest.mark.long
def test_all_verdicts_are_those_of_the_shared_vectors():
    assert_verdicts(VERDICTS)


def as_javascript(data):
    """Data as JavaScript writes it: whole numbers without a point."""
    if isinstance(data, dict):
        return {name: as_javascript(value) for name, value in data.items()}
    if isinstance(data, (list, tuple)):
        return [as_javascript(value) for value in data]
    return int(data) if isinstance(data, float) and data.is_integer() else data


def words(body, world):
    """What Python says of a body's data in a world's; "" where it can be simulated."""
    try:
        check_stable(Body.from_dict(body), World.from_dict(world))
    except BodyError as error:
        return str(error)
    return ""


def assert_words(cases):
    """Cases are a body's data and a world; gives Python's words, which are the page's."""
    given = [
        {"body": as_javascript(body), "world": as_javascript(world.as_dict())}
        for body, world in cases
    ]
    expected = [words(**one) for one in given]
    assert ask("checks", given) == expected
    return expected


def tripod(**changes):
    """The data of a small body with some of its parts exchanged."""
    parts = {
        "name": "tripod",
        "nodes": (Node(0, 20), Node(0, -20), Node(-30, 0)),
        "bones": (Bone(0, 1, stiffness=6000), Bone(1, 2, stiffness=2000)),
        "muscles": (Muscle(0, 2, stiffness=2000),),
        "feet": (0, 1),
        "head": (0, 1),
        "across": (0, 1),
        "hub": 2,
    } | changes
    for name in ("nodes", "bones", "muscles"):
        parts[name] = [vars(part) for part in parts[name]]
    return parts


def finite(data):
    """Whether JSON can hold it."""
    try:
        return bool(json.dumps(data, allow_nan=False))
    except ValueError:
        return False


OWN = [
    {},
    {"name": "  "},
    {"feet": (), "head": ()},
    {"muscles": (Muscle(0, 2, shortest=1, longest=1),)},
    {"nodes": (Node(0, 20), Node(0, -20), Node(-1000.4, 0))},
    {"nodes": (Node(0, 20), Node(123456.78, -2e20), Node(-30, 0))},
    {"nodes": (Node(0, 20, 1e-9), Node(0, -20), Node(-30, 0))},
    {"nodes": (Node(0, 20, 1234567.5), Node(0, -20), Node(-30, 0))},
    {"nodes": (Node(0, 20, 0.0078125), Node(0, -20), Node(-30, 0))},
    {"nodes": (Node(0, 20, 0.3), Node(0, -20, 0.25), Node(-30, 0))},
    {"nodes": (Node(0, 20), Node(0, 20), Node(-30, 0)), "bones": (Bone(1, 2),)},
    {"bones": (Bone(0, 1), Bone(1, 2), Bone(2, 1))},
    {"bones": (Bone(0, 1), Bone(2, 0))},
    {"bones": (Bone(0, 1, 1e7, 0.5), Bone(1, 2))},
    {"bones": (Bone(0, 1, 0.00001234, 100000.5), Bone(1, 2))},
    {"muscles": (Muscle(0, 2, longest=4.25),)},
    {"muscles": (Muscle(0, 2, stiffness=123456.7),)},
    {"bones": (Bone(0, 1, 6000, 9999.5), Bone(1, 2))},
    {"muscles": (Muscle(0, 2, damping=1e5),)},
    {"head": (1, 1)},
    {"across": (2, 2)},
]
"""Changes of the tripod that no other test has, and the first is none."""


def test_the_checks_say_what_pythons_say():
    cases = [changes for changes, _ in BROKEN.values() if "across" not in changes]
    cases = [tripod(**changes) for changes in cases + OWN]
    said = assert_words([(case, WORLDS["standard"]) for case in cases if finite(case)])
    assert said.count("") == 1
    assert len(set(said)) > 35


def test_bodies_that_only_shaking_finds_are_refused_in_the_same_words():
    standard, heavy = WORLDS["standard"], World(physics_rate=60, damping=0.5, left_strength=0.3)
    cases = [(body, standard) for body in unstable_plans()[:1]]
    cases += [(random_three(seed).as_dict(), standard) for seed in (0, 85)]
    cases += [(ZOO["snake"].as_dict(), heavy), (BODIES["quadruped"].as_dict(), heavy)]
    said = assert_words(cases)
    assert [bool(words) for words in said] == [True, True, True, False, False]
    assert "torn apart" in said[2]


@pytest.mark.long
def test_the_checks_say_what_pythons_say_of_hundreds_of_bodies():
    rng, cases = np.random.default_rng(0), []
    for seed in range(200):
        body = random_three(seed).as_dict()
        node, link = body["nodes"][int(rng.integers(3))], (body["bones"] + body["muscles"])[0]
        node["mass"] *= float(10 ** rng.uniform(-2, 1))
        link["damping"] *= float(10 ** rng.uniform(0, 2))
        world = World(left_strength=float(rng.uniform(0.2, 1)), damping=float(rng.uniform(0.3, 1)))
        cases.append((body, world))
    said = assert_words(cases)
    assert min(sum("time step" in one for one in said), sum(not one for one in said)) > 10
