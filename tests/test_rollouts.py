"""Whole episodes in compiled calls come to what stepping the batch comes to, bit for bit."""

from dataclasses import replace

import numpy as np
import pytest

from agents.algorithms.genomes import bare
from agents.algorithms.mutation import Rates, mutate
from agents.networks.network import Graph, Normaliser
from agents.networks.population import Graphs, MLPs, Shape
from agents.training.train import make_config
from agents.trial import Trial, Walkers
from walker_env import Options, WalkerBatch
from walker_env.params import WORLDS

pytest.importorskip("numba", reason="the extra 'fast' is not installed")

EAGER = Rates(bias=0.8, weight=0.7, node=0.4, edge=0.8, renewal=0.1, spread=1.0, step=0.3)
FIELDS = ("returns", "walked", "seen", "stance")


def near(rng, count):
    """Targets around the start: random walkers reach some of them."""
    return rng.uniform(-1, 1, (count, 2)) * 25 + [50, 0]


def layers(count, options, units=(16,), seed=0, **how):
    batch = WalkerBatch(1, options)
    shape = Shape((batch.reset(seed=np.zeros(1)).shape[1], *units, batch.action_width), **how)
    return MLPs(shape, np.random.default_rng(seed).normal(size=(count, shape.size)))


def grown(count, options, seed=0):
    """Networks of as many shapes."""
    rng, batch = np.random.default_rng(seed), WalkerBatch(1, options)
    genomes = bare(count, batch.reset(seed=np.zeros(1)).shape[1], batch.action_width)
    for _ in range(12):
        genomes = mutate(genomes, EAGER, rng)
    return genomes.packed()


def normaliser_for(population, options, seed=1):
    width = WalkerBatch(1, options).reset(seed=np.zeros(1)).shape[1]
    rng = np.random.default_rng(seed)
    middle, spread = rng.normal(size=width) / 5, rng.uniform(0.1, 2, width)
    return Normaliser(middle.astype(np.float32), spread.astype(np.float32), 3.0)


def both(population, options, courses=2, steps=60, gauge=True):
    trial = Trial(
        population=population,
        seeds=np.arange(courses, dtype=np.uint64) * 7 + 3,
        steps=steps,
        normaliser=normaliser_for(population, options),
        gauge=gauge,
    )
    walkers = Walkers(options)
    return walkers.run(trial), walkers.step(trial)


def assert_same(one, other):
    for name in FIELDS:
        a, b = getattr(one, name), getattr(other, name)
        assert a.dtype == b.dtype
        np.testing.assert_array_equal(a, b, err_msg=name)


@pytest.mark.parametrize("count", [1, 8, 33, 70])
@pytest.mark.parametrize("courses", [1, 2, 3])
@pytest.mark.parametrize("make", [layers, grown])
def test_any_number_of_networks_and_courses(make, count, courses):
    options = Options()
    assert_same(*both(make(count, options), options, courses, steps=20))


@pytest.mark.parametrize("make", [layers, grown])
@pytest.mark.parametrize(
    "options",
    [
        {"body": "hexapod", "observation": "original"},
        {"body": "inchworm", "energy_price": 0.1, "reward": "sparse"},
        {"world": "delay", "stall_limit": 0.5},
        {"course": [[72.0, 0.0], [60.0, 5.0]], "stall_limit": 1.0},
        {"course": near, "world": "ice"},
    ],
    ids=lambda options: ", ".join(options),
)
def test_any_body_world_layout_reward_and_course(make, options):
    options = Options(**options)
    found, expected = both(make(20, options), options, steps=150)
    assert_same(found, expected)
    if options.stall_limit is not None:
        assert len(set(found.walked)) > 1
        assert found.count < 20 * 2 * 150
    assert len(set(found.returns)) > 1


def test_outputs_may_listen_to_other_outputs():
    rng, options = np.random.default_rng(5), Options()
    nets = []
    for inner in (0, 3, 1):
        degrees = rng.integers(0, 5, inner + 6)
        highest = np.repeat(12 + np.arange(inner + 6), degrees)
        source = (rng.random(len(highest)) * highest).astype(np.int32)
        edges = np.concatenate([[0], np.cumsum(degrees)]).astype(np.int32)
        bias, weight = rng.normal(size=inner + 6), rng.normal(size=len(source))
        nets.append(Graph(12, bias.astype(np.float32), edges, source, weight.astype(np.float32), 6))
    assert_same(*both(Graphs(nets), options))


@pytest.mark.parametrize(
    ("units", "how"),
    [
        ((), {}),
        ((5,), {"hidden": "relu", "output": "clip"}),
        ((3, 40, 7), {"output": "clip"}),
    ],
    ids=str,
)
def test_any_layers_and_activations(units, how):
    options = Options()
    assert_same(*both(layers(10, options, units, **how), options))


def test_late_sensors_of_any_delay():
    for delay in (2, 5):
        options = Options(world=replace(WORLDS["standard"], sensor_delay=delay))
        assert_same(*both(layers(9, options), options, steps=30))


def test_courses_grow_as_they_are_walked():
    options = Options(course=lambda rng, count: np.tile([[50.0, 0.0]], (count, 1)))
    found, expected = both(layers(3, options), options, steps=100)
    assert_same(found, expected)
    assert found.returns.max() > 2 * 64


def test_threads_change_nothing():
    population = layers(100, Options())
    one, _ = both(population, Options(), gauge=True)
    for threads in (2, 3, 200):
        assert_same(both(population, Options(threads=threads))[0], one)


def test_stance_is_summed_where_it_is_asked_for():
    options = Options()
    found, _ = both(layers(2, options), options, gauge=False)
    assert found.stance is None


def test_a_population_with_ways_of_its_own_acts_in_them():
    class Reversed(MLPs):
        def act(self, obs, normaliser):
            return -super().act(obs, normaliser)

    options = Options()
    plain = layers(4, options)
    own = Reversed(plain.shape, plain.values)
    assert_same(*both(own, options))
    assert (both(own, options)[0].returns != both(plain, options)[0].returns).all()


class Stepped(Walkers):
    """Walks trials step by step."""

    def run(self, trial):
        return self.step(trial)


@pytest.mark.parametrize(
    ("algorithm", "options", "settings"),
    [
        ("snes", {"stall_limit": 0.5, "body": "hexapod"}, {}),
        ("ars", {"world": "delay", "observation": "original"}, {}),
        ("neat", {"reward": "sparse", "course": near}, {"finalists": 3, "final_courses": 16}),
        ("mapelites", {"body": "inchworm", "course": [[72.0, 0.0], [60.0, 5.0]]}, {"recheck": 3}),
    ],
)
def test_whole_trainings_end_with_the_same_policy(algorithm, options, settings):
    settings = {"population": 10, "episodes": [[0, 1.5]], **settings}
    config = replace(make_config(algorithm, settings, tuned=False), options=Options(**options))
    learners = [config.learner(crew(config.options)) for crew in (Walkers, Stepped)]
    for learner in learners:
        for _ in range(3):
            learner.advance()
    one, other = (learner.policy() for learner in learners)
    assert learners[0].steps == learners[1].steps
    assert learners[0].metrics == learners[1].metrics
    tensors = other.network.tensors()
    for name, tensor in one.network.tensors().items():
        np.testing.assert_array_equal(tensor, tensors[name])
    for name in ("mean", "std"):
        np.testing.assert_array_equal(
            getattr(one.normaliser, name), getattr(other.normaliser, name)
        )
