"""The gait page: whole, self-contained, for any policy and body."""

import re
import subprocess
import sys

import numpy as np
import pytest

from agents.baselines import load_agent
from agents.networks.network import MLP, Graph, plain_normaliser
from agents.policy import Policy
from benchmarks.figures.gait_page import numbers, save_page
from benchmarks.gaits.portrait import portray
from walker_env import Options
from walker_env.body import get_body
from walker_env.observation import ACTION, get_layout, width


def sizes(options):
    body = get_body(options.body)
    return width(get_layout(options.observation), body), width(ACTION, body)


def graph_policy(options):
    inputs, outputs = sizes(options)
    network = Graph(
        width=inputs,
        bias=np.linspace(-1, 1, outputs).astype(np.float32),
        edges=np.arange(outputs + 1, dtype=np.int32),
        source=np.arange(outputs, dtype=np.int32),
        weight=np.ones(outputs, np.float32),
        outputs=outputs,
    )
    return Policy("a graph & more", network, plain_normaliser(inputs), options)


def mlp_policy(options):
    inputs, outputs = sizes(options)
    weight = np.random.default_rng(0).normal(size=(inputs, outputs)).astype(np.float32)
    network = MLP(((weight, np.zeros(outputs, np.float32)),))
    return Policy("a perceptron", network, plain_normaliser(inputs), options)


@pytest.mark.parametrize(
    ("body", "layout", "make"),
    [("hexapod", "full", graph_policy), ("inchworm", "original", mlp_policy)],
)
def test_any_policy_has_a_page(body, layout, make, tmp_path):
    portrait = portray(make(Options(body=body, observation=layout)), courses=1)
    save_page([portrait], tmp_path / "page.html")
    page = (tmp_path / "page.html").read_text()
    assert page.count("data:image/svg+xml;base64,") == 4
    assert not re.search(r'(src|href)="(?!data:)', page)  # nothing from outside
    assert "<script" not in page
    for name in portrait.gait.feet:
        assert name in page
    assert len(portrait.gait.feet) == len(get_body(body).feet)
    assert "a graph & more" not in page


def test_the_numbers_are_those_of_the_walk():
    portrait = portray(load_agent("gait"), courses=2)
    said = numbers(portrait)
    assert portrait.gait.kind == "bound"
    assert said["Speed on the straight"] == f"{portrait.gait.speed:.0f} units/s"
    assert said["Targets in 100 s"] == f"{portrait.walk.score:.1f}"
    assert portrait.walk.score > 10
    assert 0 < portrait.walk.left < 1
    assert said["Turn by 90° to the left"].endswith(" s")
    phases = portrait.gait.foot_phases
    assert np.cos(2 * np.pi * (phases[0] - phases[1])) > 0.95  # front feet together
    assert np.cos(2 * np.pi * (phases[0] - phases[2])) < -0.95  # rear feet half a cycle later


def test_one_that_stands_still_never_does_anything():
    said = numbers(portray(load_agent("still"), courses=1))
    assert said["Turn by 180° to the right"] == "never"
    assert said["Turns to the left"] == "never turns"
    assert said["Energy for 1000 units"] == "gets nowhere"


@pytest.mark.long
def test_the_command_prints_the_table_and_writes_the_page(tmp_path):
    page = tmp_path / "page.html"
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", "gait", "still", "--out", str(page)],
        capture_output=True,
        text=True,
        timeout=100,
    )
    assert done.returncode == 0, done.stderr
    assert "| still | none |" in done.stdout
    assert page.read_text().startswith("<!doctype html>")
