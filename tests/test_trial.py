"""A generation walks: the returns are those of each network alone, whatever is beside it."""

import numpy as np
import pytest

from agents.networks.network import plain_normaliser
from agents.networks.population import MLPs, Shape
from agents.trial import Trial, Walkers, join
from walker_env import Options, WalkerBatch

SHAPE = Shape((12, 5, 6))
SEEDS = np.array([3, 99], np.uint64)


def trial(count=6, steps=30, **how):
    values = np.random.default_rng(0).normal(size=(count, SHAPE.size))
    return Trial(MLPs(SHAPE, values), SEEDS, steps, plain_normaliser(12), **how)


def test_returns_are_the_mean_over_the_courses_of_what_each_network_earns_alone():
    whole = trial()
    outcome = Walkers(Options()).run(whole)
    for p in (0, 5):
        network = SHAPE.network(whole.population.values[p])
        batch = WalkerBatch(2)
        obs, total = batch.reset(seed=SEEDS), np.zeros(2)
        for _ in range(30):
            step = batch.step(network.act(obs, whole.normaliser))
            obs, total = step.observation, total + step.reward
        assert outcome.returns[p] == total.mean()
    assert outcome.count == 6 * 2 * 30


def test_parts_joined_are_the_whole_bit_for_bit():
    whole, walkers = trial(gauge=True), Walkers(Options())
    expected = walkers.run(whole)
    parts = [walkers.run(whole.part(a, b)) for a, b in ((0, 1), (1, 4), (4, 6))]
    found = join(parts)
    for name in ("returns", "walked", "seen", "looks", "stance"):
        np.testing.assert_array_equal(getattr(found, name), getattr(expected, name))


def test_equal_networks_meet_the_same_courses_and_earn_the_same():
    values = np.repeat(np.random.default_rng(1).normal(size=(1, SHAPE.size)), 4, axis=0)
    outcome = Walkers(Options()).run(
        Trial(MLPs(SHAPE, values), SEEDS, 40, plain_normaliser(12), gauge=True)
    )
    assert len(set(outcome.returns)) == 1
    assert (outcome.stance == outcome.stance[0]).all()


def test_what_was_seen_is_summed():
    outcome = Walkers(Options()).run(trial(count=1, steps=1))
    first = WalkerBatch(2).reset(seed=SEEDS).astype(np.float64)
    np.testing.assert_allclose(outcome.seen[0, 0], first.sum(axis=0))
    np.testing.assert_allclose(outcome.seen[0, 1], np.square(first).sum(axis=0))
    assert outcome.looks.tolist() == [2]


def test_a_stalled_walker_earns_and_walks_no_more():
    still = MLPs(SHAPE, np.zeros((2, SHAPE.size)))
    outcome = Walkers(Options(stall_limit=0.5)).run(Trial(still, SEEDS, 200, plain_normaliser(12)))
    assert outcome.walked.tolist() == [20, 20]


def test_stance_holds_grips_and_the_products_of_their_beats():
    outcome = Walkers(Options()).run(trial(count=2, steps=25, gauge=True))
    mean, products = outcome.stance[:, 0] / 50, outcome.stance[:, 1:] / 50
    assert ((mean >= 0) & (mean <= 1)).all()
    np.testing.assert_allclose(products, products.transpose(0, 2, 1))
    size = np.sqrt(np.diagonal(products, axis1=1, axis2=2))
    assert (np.abs(products) <= size[:, :, None] * size[:, None, :] + 1e-12).all()


@pytest.mark.parametrize("body", ["hexapod", "inchworm"])
def test_any_body(body):
    batch = WalkerBatch(1, Options(body=body))
    shape = Shape((batch.reset(seed=np.zeros(1)).shape[1], batch.action_width))
    networks = MLPs(shape, np.zeros((3, shape.size)))
    see = plain_normaliser(shape.sizes[0])
    assert Walkers(Options(body=body)).run(Trial(networks, SEEDS, 5, see)).count == 30


def test_a_warm_up_changes_nothing():
    cold, warm = Walkers(Options()), Walkers(Options())
    warm.warm_up()
    one, other = cold.run(trial(gauge=True)), warm.run(trial(gauge=True))
    for field in ("returns", "walked", "seen", "stance"):
        assert np.array_equal(getattr(one, field), getattr(other, field))


def test_after_a_warm_up_nothing_is_compiled(fresh_python):
    """What a budget counts begins after it; without numba there is nothing to compile."""
    script = """
import numpy as np
from agents.networks.network import plain_normaliser
from agents.networks.population import MLPs, Shape
from agents.training.train import make_config
from agents.trial import Trial, Walkers
from walker_env import Options
from walker_env.engine import resolve

def compiled():
    if resolve("auto") == "pymunk":
        return 0
    from agents.compiled import entry as populations
    from agents.networks import kernels
    from walker_env.compiled import entry
    functions = [f for m in (kernels, entry, populations) for f in vars(m).values()]
    return sum(len(getattr(f, "signatures", ())) for f in functions)

walkers = Walkers(Options(threads=2))
walkers.warm_up()
before = compiled()
shape = Shape((12, 5, 6))
mlps = MLPs(shape, np.ones((300, shape.size)))
walkers.step(Trial(mlps, np.arange(2, dtype=np.uint64), 2, plain_normaliser(12)))
small = {"population": 300, "episodes": [[0, 0.1]], "final_courses": 1}
make_config("neat", small, False).learner(walkers).advance()
assert compiled() or resolve("auto") == "pymunk"
print(compiled() - before)
"""
    assert fresh_python(script) == "0"
