"""Growing networks: lawful genomes, fair wheels, packed bits, exact resume."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.algorithms.genomes import bare, joined
from agents.algorithms.mutation import Rates, add_edges, change_weights, mutate, split_edges
from agents.algorithms.neat import NEATConfig
from agents.algorithms.selection import ranking, spin, wheel
from agents.networks.network import plain_normaliser
from agents.networks.population import Graphs
from agents.policy import Policy
from agents.training.checkpoint import load_checkpoint, newest, save_checkpoint
from agents.training.train import Budget, make_config, train
from agents.trial import Walkers
from walker_env import Options, WalkerBatch

EAGER = Rates(bias=0.8, weight=0.7, node=0.4, edge=0.8, renewal=0.1, spread=1.0, step=0.3)
TINY = {"population": 10, "courses": 1, "episodes": [[0, 1]], "finalists": 2, "final_courses": 2}


def grown(population=50, generations=25, seed=0, width=5, outputs=3, rates=EAGER):
    rng = np.random.default_rng(seed)
    genomes = bare(population, width, outputs)
    for _ in range(generations):
        genomes = mutate(genomes, rates, rng)
    return genomes


def edges_of(genomes, p):
    """(source, target) of each edge of genome p, both counted from the inputs on."""
    arcs = genomes.arcs[p]
    return genomes.source[p, :arcs], genomes.target[p, :arcs] + genomes.width


def learner_of(**changes):
    config = make_config("neat", TINY | changes, tuned=False)
    return config.learner(Walkers(config.options))


def assert_same_genomes(one, other):
    for name, array in one.arrays().items():
        np.testing.assert_array_equal(array, other.arrays()[name], err_msg=name)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 40), st.integers(1, 6), st.integers(1, 4))
def test_mutations_keep_every_network_acyclic_and_whole(seed, generations, width, outputs):
    genomes = grown(12, generations, seed, width, outputs)
    for p in range(len(genomes)):
        source, target = edges_of(genomes, p)
        inner = width + genomes.inner[p]
        assert (source < target).all()  # computed in order, so no cycle
        assert (source < inner).all()  # no output feeds anything
        assert (target >= width).all()
        assert (target < inner + outputs).all()
        assert len(set(zip(source.tolist(), target.tolist()))) == len(source)
        hidden = set(range(width, inner))
        assert hidden <= set(source.tolist())  # every new node is on the way somewhere
        assert hidden <= set(target.tolist())
    assert np.isfinite(genomes.weight).all()
    assert np.isfinite(genomes.bias).all()


def test_growth_begins_without_a_connection():
    learner = learner_of()
    assert not learner.genomes.arcs.any()
    assert not learner.genomes.inner.any()
    policy = learner.policy()
    obs = np.random.default_rng(0).normal(size=(3, 12)).astype(np.float32)
    assert not policy.act(obs).any()
    for _ in range(12):
        learner.advance()
    assert learner.genomes.arcs.max() > 1
    assert learner.genomes.bias.any()


def test_a_split_edge_keeps_its_weight_and_its_ends():
    rng = np.random.default_rng(3)
    genomes = bare(1, 2, 1).roomy(1, 2)
    rows = np.zeros(1, np.int64)
    add_edges(genomes, rows, EAGER, rng)
    source, weight = int(genomes.source[0, 0]), float(genomes.weight[0, 0])
    split_edges(genomes, rows, rng)
    assert genomes.inner[0] == 1
    found = {
        (int(s), int(t)): float(w) for s, t, w in zip(*edges_of(genomes, 0), genomes.weight[0])
    }
    assert found == {(source, 2): weight, (2, 3): 1.0}


def test_an_edge_that_is_there_is_not_added_again():
    rng = np.random.default_rng(0)
    genomes = bare(4, 1, 1).roomy(0, 3)
    for _ in range(3):
        add_edges(genomes, np.arange(4), EAGER, rng)
    assert (genomes.arcs == 1).all()


def test_where_there_is_no_weight_none_is_changed():
    genomes = bare(4, 2, 1).roomy(1, 2)
    rng = np.random.default_rng(0)
    change_weights(genomes, np.arange(4), EAGER, rng)
    split_edges(genomes, np.arange(4), rng)
    assert not genomes.weight.any()
    assert not genomes.inner.any()


def test_mutations_happen_as_often_as_they_should():
    rates = replace(EAGER, bias=0.8, weight=0.7, node=0.05, edge=0.2)
    rng = np.random.default_rng(1)
    before = grown(20_000, 12, 5, 12, 6)
    after = mutate(before, rates, rng)
    bias = np.zeros((len(before), after.bias.shape[1]), np.float32)
    bias[:, : before.bias.shape[1]] = before.bias
    same_shape = (before.inner == after.inner) & (before.arcs == after.arcs)
    changed = (bias != after.bias).any(axis=1)[same_shape].mean()
    assert changed == pytest.approx(0.8, abs=0.02)
    assert (after.inner - before.inner).mean() == pytest.approx(0.05, abs=0.01)
    new_edges = (after.arcs - before.arcs) - (after.inner - before.inner)
    assert 0.15 < new_edges.mean() <= 0.21  # some are there already


def test_mutating_leaves_the_parents_alone():
    parents = grown()
    copy = parents.take(np.arange(len(parents)))
    mutate(parents, EAGER, np.random.default_rng(9))
    assert_same_genomes(parents, copy)


def test_joined_genomes_are_those_of_the_parts():
    small, large = grown(3, 2), grown(4, 30)
    whole = joined([small, large])
    obs = np.random.default_rng(0).normal(size=(7, 5)).astype(np.float32)
    normaliser = plain_normaliser(5)
    parts = [small.packed().act(obs[:3], normaliser), large.packed().act(obs[3:], normaliser)]
    np.testing.assert_array_equal(whole.packed().act(obs, normaliser), np.concatenate(parts))


def test_packed_networks_act_as_each_alone_bit_for_bit():
    packed = grown().packed()
    obs = np.random.default_rng(2).normal(size=(len(packed) * 3, 5)).astype(np.float32)
    normaliser = plain_normaliser(5)
    together = packed.act(obs, normaliser)
    np.testing.assert_array_equal(together, packed.reference(obs, normaliser))
    graphs = [packed.network(p) for p in range(len(packed))]
    alone = [g.act(o, normaliser) for g, o in zip(graphs, np.split(obs, len(packed)))]
    np.testing.assert_array_equal(together, np.concatenate(alone))
    np.testing.assert_array_equal(together, Graphs(graphs).act(obs, normaliser))
    some = packed.part(10, 20).act(obs[30:60], normaliser)
    np.testing.assert_array_equal(together[30:60], some)


def test_a_packed_network_computes_what_the_genome_says():
    genomes = grown(20, 30)
    obs = np.random.default_rng(4).normal(size=(20, 5)).astype(np.float32)
    actions = genomes.packed().act(obs, plain_normaliser(5))
    for p in range(len(genomes)):
        source, target = edges_of(genomes, p)
        values = [float(x) for x in obs[p]]
        for node in range(5, 5 + genomes.nodes[p]):
            arriving = np.flatnonzero(target == node)
            total = sum(values[source[e]] * float(genomes.weight[p, e]) for e in arriving)
            values.append(np.tanh(total + float(genomes.bias[p, node - 5])))
        np.testing.assert_allclose(actions[p], values[-3:], atol=1e-6)


def test_the_wheel_turns_to_each_by_its_share():
    fitness = np.array([1.0, 2.0, 4.0, 1.0, -3.0])
    shares = wheel(fitness, 0.0)
    np.testing.assert_allclose(shares, np.array([4, 5, 7, 4, 0]) / 20)
    picks = spin(shares, 200_000, np.random.default_rng(0))
    np.testing.assert_allclose(np.bincount(picks, minlength=5) / 200_000, shares, atol=0.005)
    assert (wheel(fitness, 0.5) > 0).tolist() == [False, True, True, False, False]
    np.testing.assert_array_equal(wheel(np.full(4, -2.0), 0.5), np.full(4, 0.25))


def test_the_best_come_first_and_equals_keep_their_order():
    assert ranking(np.array([1.0, 3.0, 1.0, 3.0])).tolist() == [1, 3, 0, 2]


def test_the_elite_goes_on_unchanged():
    learner = learner_of(elite=0.3)
    for _ in range(4):
        before = learner.genomes
        learner.advance()
        olds = [before.take(np.array([p])).packed().network(0) for p in range(len(before))]
        for p in range(3):
            new = learner.genomes.packed().network(p)
            assert any(
                np.array_equal(new.bias, old.bias) and np.array_equal(new.weight, old.weight)
                for old in olds
            )


def test_a_resumed_learner_goes_on_as_if_it_had_never_stopped(tmp_path):
    whole, first = learner_of(seed=3), learner_of(seed=3)
    for _ in range(8):
        whole.advance()
    for _ in range(4):
        first.advance()
    save_checkpoint(tmp_path, 4, first.state_dict())
    second = learner_of(seed=3)
    second.load_state_dict(load_checkpoint(newest(tmp_path)))
    for _ in range(4):
        second.advance()
    assert_same_genomes(whole.genomes, second.genomes)
    assert_same_genomes(whole.champion, second.champion)
    assert whole.steps == second.steps
    assert whole.metrics == second.metrics
    np.testing.assert_array_equal(whole.policy().normaliser.std, second.policy().normaliser.std)


def test_the_same_seed_gives_the_same_policy_and_another_seed_another(tmp_path):
    found = []
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        config = make_config("neat", TINY | {"seed": seed}, tuned=False)
        run = train(config, Budget(steps=500), tmp_path / name, validate_every=1e6, courses=1)
        found.append(load_checkpoint(newest(run.checkpoints))["learner"]["genomes"])
        Policy.load(run.folder / "policy.safetensors")
    for array, again in zip(found[0].values(), found[1].values()):
        np.testing.assert_array_equal(array, again)
    assert not np.array_equal(found[0]["bias"], found[2]["bias"])


@pytest.mark.parametrize("body", ["quadruped", "hexapod", "inchworm"])
@pytest.mark.parametrize("layout", ["full", "original"])
def test_it_grows_for_every_body_and_layout(body, layout, tmp_path):
    learner = learner_of(**{"options.body": body, "options.observation": layout})
    for _ in range(3):
        learner.advance()
    path = tmp_path / "grown.safetensors"
    learner.policy().save(path)
    policy = Policy.load(path)
    batch = WalkerBatch(2, Options(body=body, observation=layout))
    obs = batch.reset(seed=np.arange(2))
    np.testing.assert_array_equal(policy.act(obs), learner.policy().act(obs))
    batch.step(policy.act(obs))


def test_walkers_that_stall_are_counted_as_long_as_they_walked():
    learner = learner_of(episodes=[[0, 3]], **{"options.stall_limit": 1.0})
    learner.advance()
    assert 0 < learner.steps < (10 + 2 * 2) * 60


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"population": 1}, "population must be an int >= 2"),
        ({"elite": 1.0}, "elite must leave room for a child among 10"),
        ({"elite": "all"}, "elite must lie in [0, 1]"),
        ({"floor": 1.0}, "floor lie below 1"),
        ({"edge_chance": 1.5}, "edge_chance must lie in [0, 1]"),
        ({"step": -0.1}, "step must be positive"),
        ({"rounds": 0}, "rounds must be an int >= 1"),
        ({"finalists": 0}, "finalists must be an int >= 1"),
        ({"hidden": 16}, "got ['hidden']"),
    ],
)
def test_a_wrong_setting_is_named(changes, message):
    with pytest.raises(ValueError, match=r".*") as error:
        make_config("neat", TINY | changes, tuned=False)
    assert message in str(error.value)


def test_the_smallest_population_has_one_of_the_elite_and_one_child():
    learner = learner_of(population=2)
    assert learner.config.elite_count == 1
    learner.advance()
    assert len(learner.genomes) == 2


def test_the_defaults_are_the_originals_where_they_can_be():
    config = NEATConfig()
    chances = (config.bias_chance, config.weight_chance, config.node_chance, config.edge_chance)
    assert chances == (0.8, 0.7, 0.05, 0.2)
    assert config.elite == 0.2
