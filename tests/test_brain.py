"""The network that is drawn is the one that acts."""

import numpy as np
import pytest

from agents.baselines import load_agent
from agents.networks.network import MLP, Graph, plain_normaliser
from agents.playing.brain import Brain
from agents.policy import Policy
from benchmarks.commands.readme import ROOT

pytest.importorskip("pygame")

CHAMPION = ROOT / "benchmarks" / "entries" / "trot" / "policy.safetensors"


def graph() -> Policy:
    """Two inner nodes, one behind the other; six actions, the first of the deeper node."""
    edges = np.array([0, 2, 4, 5, 5, 5, 5, 6, 6])
    source, weight = np.array([0, 1, 12, 2, 13, 3]), np.array([1.0, -2.0, 0.5, 1.0, 3.0, 1.5])
    network = Graph(12, np.zeros(8), edges, source, weight, 6)
    return Policy("graph", network, plain_normaliser(12))


@pytest.mark.parametrize("make", [lambda: load_agent(str(CHAMPION)), graph])
def test_the_last_activations_are_the_actions(make):
    policy = make()
    brain, rng = Brain.of(policy), np.random.default_rng(0)
    for obs in rng.normal(size=(5, 12)).astype(np.float32):
        levels = brain.activations(obs)
        assert len(levels) == len(brain.wiring.column)
        assert np.abs(levels).max() <= 1
        np.testing.assert_allclose(levels[-6:], policy.act(obs[None])[0], atol=1e-6)


def test_a_layered_networks_wiring_is_its_weights():
    policy = load_agent(str(CHAMPION))
    assert isinstance(policy.network, MLP)
    wiring, sizes = Brain.of(policy).wiring, policy.network.sizes
    np.testing.assert_array_equal(np.bincount(wiring.column), sizes)
    w = policy.network.weights[-1][0]
    last = wiring.column[wiring.target] == len(sizes) - 1
    np.testing.assert_array_equal(wiring.weight[last], w.ravel())
    first = sum(sizes[:-1])
    at = (wiring.source == first - sizes[-2] + 2) & (wiring.target == first + 1)
    assert wiring.weight[at] == w[2, 1]


def test_a_grown_networks_nodes_stand_behind_those_they_listen_to():
    column = Brain.of(graph()).wiring.column
    assert column[:12].tolist() == [0] * 12
    assert column[12:].tolist() == [1, 2, 3, 3, 3, 3, 3, 3]


def test_inputs_and_outputs_are_named():
    brain = Brain.of(load_agent(str(CHAMPION)))
    assert brain.inputs[:4] == ("distance", "ahead", "left", "grip FL")
    assert brain.outputs[-1] == "muscle R"


def test_agents_without_a_network_have_no_brain():
    assert Brain.of(load_agent("gait")) is None
