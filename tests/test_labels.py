"""Feet, muscles and channels have one name each, for any body, in the window and on the page."""

import numpy as np
import pytest

from agents.labels import (
    element_labels,
    foot_labels,
    foot_names,
    muscle_labels,
    muscle_names,
)
from agents.networks.network import MLP, plain_normaliser
from agents.playing.brain import Brain
from agents.policy import Policy
from benchmarks.site.network import network
from tests.own_bodies import OWN, centipede, one_foot, spider, three_nodes
from walker_env import BODIES, Options
from walker_env.observation import ACTION, FULL, width

EVERY = [*BODIES.values(), *OWN.values(), centipede(16)]


def of_every_body(test):
    return pytest.mark.parametrize("body", EVERY, ids=lambda body: body.name)(test)


@pytest.mark.parametrize(
    ("body", "feet", "muscles"),
    [
        (BODIES["quadruped"], "FL FR RL RR", "L R"),
        (BODIES["hexapod"], "FL FR ML MR RL RR", "FL FR RL RR"),
        (BODIES["inchworm"], "F R", "FL FR RL RR"),
        (three_nodes(), "F RL RR", "FL FR R"),
        (one_foot(), "FL", "L"),
        (centipede(4), "FL FR ML1 MR1 ML2 MR2 RL RR", "FL FR ML MR RL RR"),
    ],
    ids=lambda value: getattr(value, "name", ""),
)
def test_short_names_come_from_where_the_parts_lie(body, feet, muscles):
    assert " ".join(foot_labels(body)) == feet
    assert " ".join(muscle_labels(body)) == muscles


def test_names_are_words():
    assert foot_names(spider()) == ("front left", "front right", "rear right", "rear left")
    assert muscle_names(BODIES["quadruped"]) == ("left", "right")
    assert muscle_names(BODIES["inchworm"])[0] == "front left"


@of_every_body
def test_each_part_and_each_element_has_a_name_of_its_own(body):
    for names, count in (
        (foot_names(body), len(body.feet)),
        (foot_labels(body), len(body.feet)),
        (muscle_names(body), len(body.muscles)),
        (muscle_labels(body), len(body.muscles)),
        (element_labels(FULL, body), width(FULL, body)),
        (element_labels(ACTION, body), width(ACTION, body)),
    ):
        assert len(set(names)) == count == len(names)


def test_a_mirrored_body_has_the_mirrored_names():
    swap = {"left": "right", "right": "left"}
    for body in EVERY[:4]:
        for names in (foot_names, muscle_names):
            turned = [" ".join(swap.get(w, w) for w in name.split()) for name in names(body)]
            assert list(names(body.mirrored())) == turned


def test_the_elements_of_the_quadruped():
    assert element_labels(FULL, BODIES["quadruped"]) == (
        *("distance", "ahead", "left", "grip FL", "grip FR", "grip RL", "grip RR"),
        *("muscle L", "muscle R", "speed ahead", "speed left", "turning"),
    )


@of_every_body
def test_window_and_page_say_the_same(body):
    shape = width(FULL, body), width(ACTION, body)
    layer = np.zeros(shape, np.float32), np.zeros(shape[1], np.float32)
    policy = Policy("plain", MLP((layer,)), plain_normaliser(shape[0]), Options(body=body))
    brain, page = Brain.of(policy), network(policy)
    assert list(brain.inputs) == page["inputs"]
    assert list(brain.outputs) == page["outputs"]


def test_the_page_and_the_window_call_everything_alike():
    from agents.baselines import load_agent
    from agents.playing.brain import Brain
    from benchmarks.site.network import network

    trot = load_agent("trot")
    brain, page = Brain.of(trot), network(trot)
    assert (list(brain.inputs), list(brain.outputs)) == (page["inputs"], page["outputs"])
    assert {"speed ahead", "grip FL"} <= {*brain.inputs}
