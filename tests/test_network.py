"""Networks: exact, and the same bits compiled, in numpy, alone or together."""

import numpy as np
import pytest

from agents.networks import network as networks
from agents.networks.activation import relu, tanh
from agents.networks.network import Graph, Normaliser
from agents.networks.population import Graphs, MLPs, Shape
from agents.trial import tally

pytestmark = pytest.mark.filterwarnings("error")
needs_numba = pytest.mark.skipif(not networks.COMPILED, reason="numba is not installed")


def normaliser(width, rng):
    mean, std = rng.normal(size=width), rng.uniform(0.5, 2.0, width)
    return Normaliser(mean.astype(np.float32), std.astype(np.float32), 2.0)


def random_graph(rng, inputs, outputs, inner):
    """A graph in which every node has a few earlier sources, some none at all."""
    source, edges = [], [0]
    for node in range(inner + outputs):
        count = int(rng.integers(0, 6))
        source += rng.integers(0, inputs + node, size=count).tolist()
        edges.append(len(source))
    return Graph(
        width=inputs,
        bias=rng.normal(size=inner + outputs).astype(np.float32),
        edges=np.array(edges, np.int32),
        source=np.array(source, np.int32),
        weight=rng.normal(size=len(source)).astype(np.float32),
        outputs=outputs,
    )


def random_mlp(rng, sizes, **how):
    shape = Shape(sizes, **how)
    return shape.network(rng.normal(size=shape.size))


def test_tanh_is_tanh_to_the_last_bits_and_never_leaves_its_range():
    x = np.concatenate([np.linspace(-30, 30, 100_001), [0.0, 1e-300, 1e300, -1e300]])
    assert np.abs(tanh(x) - np.tanh(x)).max() < 5e-16
    assert np.abs(tanh(x)).max() <= 1.0
    assert (np.diff(tanh(np.linspace(-30, 30, 100_001))) >= -2e-16).all()
    np.testing.assert_array_equal(tanh(-x), -tanh(x))


def test_a_perceptron_is_its_formula():
    rng = np.random.default_rng(0)
    net, see = random_mlp(rng, (5, 7, 3), hidden="relu", output="tanh"), normaliser(5, rng)
    obs = rng.normal(size=(11, 5)).astype(np.float32)
    (w0, b0), (w1, b1) = net.weights
    x = np.clip((obs - see.mean) / see.std, -2, 2)
    expected = np.tanh(relu(x @ w0 + b0) @ w1 + b1)
    np.testing.assert_allclose(net.act(obs, see), expected, atol=1e-5)
    assert [layer.shape for layer in net.layers(see(obs))] == [(11, 7), (11, 3)]


@needs_numba
@pytest.mark.parametrize("hidden", ["tanh", "relu"])
@pytest.mark.parametrize("output", ["tanh", "clip"])
@pytest.mark.parametrize("sizes", [(5, 3), (12, 16, 6), (9, 33, 17, 6)], ids=str)
def test_compiled_and_numpy_perceptrons_give_the_same_bits(sizes, hidden, output):
    rng = np.random.default_rng(1)
    net, see = random_mlp(rng, sizes, hidden=hidden, output=output), normaliser(sizes[0], rng)
    obs = (3 * rng.normal(size=(201, sizes[0]))).astype(np.float32)
    expected = net.layers(see(obs))[-1].astype(np.float32)
    np.testing.assert_array_equal(net.act(obs, see), expected)
    for n in (1, 2, 65):
        np.testing.assert_array_equal(net.act(np.ascontiguousarray(obs[:n]), see), expected[:n])


@needs_numba
@pytest.mark.parametrize("count", [1, 5, 64, 130])
def test_a_population_acts_as_its_networks_alone(count):
    rng = np.random.default_rng(2)
    shape, see = Shape((9, 7, 6)), normaliser(9, rng)
    population = MLPs(shape, rng.normal(size=(count, shape.size)))
    obs = rng.normal(size=(count * 3, 9)).astype(np.float32)
    together = population.act(obs, see)
    np.testing.assert_array_equal(together, population.reference(obs, see))
    for p in range(count):
        rows = obs[3 * p : 3 * p + 3]
        alone = shape.network(population.values[p]).act(rows, see)
        np.testing.assert_array_equal(together[3 * p : 3 * p + 3], alone)
    middle = population.part(count // 2, count)
    np.testing.assert_array_equal(
        middle.act(obs[3 * (count // 2) :], see), together[3 * (count // 2) :]
    )


@needs_numba
def test_graphs_of_different_shapes_act_as_each_alone():
    rng = np.random.default_rng(3)
    nets = [random_graph(rng, 9, 6, inner) for inner in (0, 1, 5, 20, 3)]
    population, see = Graphs(nets), normaliser(9, rng)
    obs = rng.normal(size=(5 * 70, 9)).astype(np.float32)
    together = population.act(obs, see)
    np.testing.assert_array_equal(together, population.reference(obs, see))
    for p, net in enumerate(nets):
        alone = net.act(obs[70 * p : 70 * p + 70], see)
        np.testing.assert_array_equal(together[70 * p : 70 * p + 70], alone)


def test_a_graph_is_its_formula():
    net = Graph(
        width=2,
        bias=np.array([0.5, -0.25], np.float32),
        edges=np.array([0, 2, 4], np.int32),
        source=np.array([0, 1, 2, 0], np.int32),
        weight=np.array([1.0, -2.0, 3.0, 0.5], np.float32),
        outputs=1,
    )
    a, b = 0.3, -0.7
    inner, action = net.layers(np.array([[a, b]]))
    expected = np.tanh(0.5 + a - 2 * b)
    assert inner[0, 0] == pytest.approx(expected)
    assert action[0, 0] == pytest.approx(np.tanh(-0.25 + 3 * expected + 0.5 * a))


def test_without_numba_the_numpy_version_serves(monkeypatch):
    rng = np.random.default_rng(4)
    see, obs = normaliser(9, rng), rng.normal(size=(6, 9)).astype(np.float32)
    shape = Shape((9, 7, 6))
    things = [
        random_mlp(rng, (9, 4, 6)),
        random_graph(rng, 9, 6, 4),
        MLPs(shape, rng.normal(size=(3, shape.size))),
        Graphs([random_graph(rng, 9, 6, 4) for _ in range(2)]),
    ]
    fast = [thing.act(obs, see) for thing in things]
    seen = np.zeros((3, 2, 9))
    tally(obs, np.ones(6, bool), seen)
    monkeypatch.setattr(networks, "COMPILED", False)
    for thing, expected in zip(things, fast):
        np.testing.assert_array_equal(thing.act(obs, see), expected)
    slow = np.zeros((3, 2, 9))
    tally(obs, np.ones(6, bool), slow)
    np.testing.assert_array_equal(slow, seen)
