"""Bodies are data, and a body that cannot be simulated says which part and why."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from walker_env import BODIES, Body, BodyError, Bone, Muscle, Node, Options, WalkerBatch
from walker_env.actuation import Actuator
from walker_env.body import STABILITY_LIMIT, get_body
from walker_env.params import WORLD
from walker_env.physics_pymunk import PymunkEngine
from walker_env.state import zeros


def plan(**changes):
    """A valid body of three nodes with parts exchanged."""
    parts = {
        "name": "tripod",
        "nodes": (Node(0, 20), Node(0, -20), Node(-30, 0)),
        "bones": (Bone(0, 1, stiffness=6000), Bone(1, 2, stiffness=2000)),
        "muscles": (Muscle(0, 2, stiffness=2000),),
        "feet": (0, 1),
        "head": (0, 1),
        "across": (0, 1),
        "hub": 2,
    }
    return Body(**{**parts, **changes})


NAN, INF = float("nan"), float("inf")

BROKEN = {
    "no node": ({"nodes": ()}, "at least one node"),
    "no foot": ({"feet": ()}, "at least one node, foot"),
    "no muscle": ({"muscles": ()}, "muscle"),
    "no head": ({"head": ()}, "head"),
    "a node at NaN": (
        {"nodes": (Node(0, 20), Node(NAN, -20), Node(-30, 0))},
        r"node 1 is at \(nan, -20\), expected finite",
    ),
    "a node at infinity": (
        {"nodes": (Node(0, 20), Node(0, -20), Node(-30, INF))},
        r"node 2 is at \(-30, inf\), expected finite",
    ),
    "a node without mass": (
        {"nodes": (Node(0, 20), Node(0, -20, mass=0), Node(-30, 0))},
        "node 1 has mass 0, expected a positive",
    ),
    "negative mass": (
        {"nodes": (Node(0, 20, mass=-3), Node(0, -20), Node(-30, 0))},
        "node 0 has mass -3, expected a positive",
    ),
    "NaN mass": (
        {"nodes": (Node(0, 20, mass=NAN), Node(0, -20), Node(-30, 0))},
        "node 0 has mass nan",
    ),
    "infinite mass": (
        {"nodes": (Node(0, 20, mass=INF), Node(0, -20), Node(-30, 0))},
        "node 0 has mass inf",
    ),
    "a foot out of range": ({"feet": (0, 3)}, "feet names node 3, but there are nodes 0 to 2"),
    "a negative foot": ({"feet": (-1, 0)}, "feet names node -1"),
    "a foot twice": ({"feet": (0, 0)}, r"feet names a node twice: \(0, 0\)"),
    "a head out of range": ({"head": (7,)}, "head names node 7"),
    "across out of range": ({"across": (0, 9)}, "across names node 9"),
    "across one node": ({"across": (0, 0)}, "across names a node twice"),
    "across three nodes": ({"across": (0, 1, 2)}, r"across must have 2 elements"),
    "a hub out of range": ({"hub": 5}, "hub names node 5"),
    "skin out of range": ({"skin": ((0, 1, 2), (0, 1, 8))}, r"skin\[1\] names node 8"),
    "a bone to nowhere": (
        {"bones": (Bone(0, 1), Bone(1, 4))},
        r"bone 1 \(1-4\) names a node that does not exist; there are nodes 0 to 2",
    ),
    "a muscle to nowhere": ({"muscles": (Muscle(-1, 2),)}, r"muscle .*\(-1-2\) names a node"),
    "a bone of no length": ({"bones": (Bone(0, 1), Bone(1, 1))}, r"bone 1 \(1-1\) has no length"),
    "nodes in one place": (
        {"nodes": (Node(0, 20), Node(0, -20), Node(0, -20))},
        r"bone 1 \(1-2\) has no length",
    ),
    "a bone without stiffness": (
        {"bones": (Bone(0, 1, stiffness=0), Bone(1, 2))},
        "bone 0 .* stiffness > 0",
    ),
    "NaN stiffness": ({"bones": (Bone(0, 1, stiffness=NAN), Bone(1, 2))}, "bone 0 .* got nan"),
    "negative damping": (
        {"bones": (Bone(0, 1, damping=-1), Bone(1, 2))},
        "bone 0 .* damping >= 0, got .* -1",
    ),
    "a muscle that cannot rest": (
        {"muscles": (Muscle(0, 2, shortest=1.1),)},
        "muscle .* shortest <= 1 <= longest, got 1.1",
    ),
    "a muscle of no length": ({"muscles": (Muscle(0, 2, shortest=0),)}, "0 < shortest"),
    "an endless muscle": ({"muscles": (Muscle(0, 2, longest=INF),)}, "longest, got .* inf"),
    "two pieces": (
        {"bones": (), "muscles": (Muscle(0, 2, stiffness=2000),)},
        r"not connected; nodes \[1\] hang on no bone or muscle",
    ),
    "a node too light": (
        {"nodes": (Node(0, 20, mass=0.5), Node(0, -20), Node(-30, 0))},
        "node 0 is unstable at the time step: .* give it a mass of at least 1.13",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_plan_is_refused_with_its_part_and_reason(name):
    changes, message = BROKEN[name]
    with pytest.raises(BodyError, match=message) as caught:
        plan(**changes)
    assert str(caught.value).startswith("tripod: ")


def test_the_mass_the_error_asks_for_is_enough():
    springs = 6000 + 2000
    enough = springs * (WORLD.physics_dt / STABILITY_LIMIT) ** 2
    plan(nodes=(Node(0, 20, mass=enough * 1.001), Node(0, -20), Node(-30, 0)))
    with pytest.raises(BodyError, match="unstable"):
        plan(nodes=(Node(0, 20, mass=enough * 0.999), Node(0, -20), Node(-30, 0)))


def test_two_light_nodes_that_swing_against_each_other_stay_stable():
    stiffness = 2000.0
    mass = stiffness * (WORLD.physics_dt / STABILITY_LIMIT) ** 2 * (1 + 1e-9)
    pair = Body(
        name="pair",
        nodes=(Node(0, 30, mass), Node(0, -30, mass)),
        bones=(),
        muscles=(Muscle(0, 1, stiffness=stiffness, damping=0.0),),
        feet=(0,),
        head=(0,),
        across=(0, 1),
        hub=1,
    )
    engine, actuator, swinging = (
        PymunkEngine(1, pair, WORLD),
        Actuator(pair, WORLD),
        zeros(1, pair, 0),
    )
    actuator.rest(swinging, np.array([0]))
    swinging.position[0], swinging.velocity[0, :, 1] = pair.rest_positions(), (1.0, -1.0)
    engine.load(swinging, np.array([True]))
    for _ in range(2000):  # undamped, so it swings on; but it must not build up
        swinging.drive = actuator.follow(np.array([[-1.0, 0.0]]), swinging.drive)
        engine.step(swinging)
        assert np.abs(swinging.velocity).max() < 20.0
    with pytest.raises(BodyError, match="unstable: with the commands"):  # pushed, it builds up
        WalkerBatch(1, Options(body=pair))


def test_links_are_bones_then_muscles_and_rest_as_drawn(body_name):
    body = BODIES[body_name]
    assert body.links == (*body.bones, *body.muscles)
    drawn = [math.dist(body.rest_positions()[k.a], body.rest_positions()[k.b]) for k in body.links]
    assert body.rest_lengths() == pytest.approx(drawn, rel=1e-15)


def test_the_quadruped_has_the_originals_shape():
    body = BODIES["quadruped"]
    assert [(n.x, n.y, n.mass) for n in body.nodes[:4]] == [
        (50, 50, 10),
        (50, -50, 10),
        (-50, 50, 10),
        (-50, -50, 10),
    ]
    assert (len(body.bones), len(body.muscles), len(body.feet)) == (6, 2, 4)
    assert body.rest_lengths()[6:].tolist() == [100, 100]


def test_the_inchworm_has_one_foot_at_each_end():
    body = BODIES["inchworm"]
    x = body.rest_positions()[:, 0]
    assert {body.feet[0], body.feet[1]} == {int(x.argmax()), int(x.argmin())}


def test_mirroring_twice_gives_the_same_plan(body_name):
    body = BODIES[body_name]
    twice = body.mirrored().mirrored()
    assert (twice.nodes, twice.links, twice.across) == (body.nodes, body.links, body.across)
    assert body.mirrored().links == body.links


def test_a_body_is_found_by_name_or_taken_as_it_is():
    own = plan()
    assert get_body(own) is own
    assert get_body("hexapod") is BODIES["hexapod"]
    with pytest.raises(
        ValueError, match=r"'hexapod', 'inchworm', 'lopsided', 'quadruped', 'snake'.* got 'newt'"
    ):
        get_body("newt")


def test_data_that_is_no_whole_body_says_what_lacks():
    with pytest.raises(BodyError, match="body lacks the field 'nodes'"):
        get_body({"name": "x"})


@pytest.mark.parametrize("wrong", [None, 3, ["quadruped"]])
def test_what_is_no_body_is_named_in_the_error(wrong):
    with pytest.raises((ValueError, TypeError), match="body must be"):
        get_body(wrong)


@st.composite
def chains(draw):
    """A random chain of nodes: bones and muscles by turns, some feet, within the stability rule."""
    count = draw(st.integers(3, 7))
    steps = [
        (draw(st.floats(10, 80)), draw(st.floats(-1.2, 1.2)), draw(st.booleans()))
        for _ in range(count - 1)
    ]
    places, links = [(0.0, 0.0)], []
    for i, (length, angle, is_bone) in enumerate(steps):
        x, y = places[-1]
        places.append((x - length * math.cos(angle), y + length * math.sin(angle)))
        links.append((Bone if is_bone and i else Muscle)(i, i + 1))
    feet = draw(st.sets(st.integers(0, count - 1), min_size=1))
    masses = [draw(st.floats(3.0, 30.0)) for _ in range(count)]
    return Body(
        name="chain",
        nodes=tuple(Node(x, y, mass) for (x, y), mass in zip(places, masses)),
        bones=tuple(link for link in links if isinstance(link, Bone)),
        muscles=tuple(link for link in links if isinstance(link, Muscle)),
        feet=tuple(sorted(feet)),
        head=(0,),
        across=(0, 1),
        hub=count - 1,
    )


@settings(max_examples=25, deadline=None, derandomize=True)
@given(body=chains(), seed=st.integers(0, 2**32))
def test_every_valid_chain_can_be_simulated(body, seed):
    batch = WalkerBatch(1, Options(body=body))
    batch.reset(seed=np.array([seed]))
    rng = np.random.default_rng(seed)
    for _ in range(300):
        step = batch.step(rng.choice([-1.0, 1.0], (1, batch.action_width)))
    assert np.isfinite(step.observation).all()
    assert np.isfinite(batch.state.position).all()
    assert np.abs(batch.state.velocity).max() < 1e5
