"""The learners of the page: they learn, go on as if they had never stopped, and save policies."""

from __future__ import annotations

import itertools
from functools import partial

import numpy as np
import pytest

from agents.algorithms.genomes import bare
from agents.algorithms.mutation import mutate
from agents.algorithms.neat import NEATConfig
from agents.algorithms.selection import wheel
from agents.algorithms.snes import SNESConfig
from agents.networks.network import MLP, Graph
from agents.policy import Policy
from agents.rollout import episode_scores
from benchmarks.site.build import learners
from tests.engine import NODE, ask
from walker_env import BODIES, Options
from walker_env.seeds import held_out_seeds

pytestmark = pytest.mark.skipif(NODE is None, reason="needs node on the path")

COURSES = held_out_seeds(4)
SMALL = {
    "snes": {"population": 16, "hidden": [6]},
    "neat": {"population": 40, "finalists": 2, "final_courses": 2},
}


def evolve(kind, steps, body="quadruped", seed=3, **more):
    settings = learners()[kind] | more.pop("settings", SMALL[kind])
    task = {"body": BODIES[body].as_dict(), "world": {}, "observation": "full"}
    given = {"kind": kind, "task": task, "settings": settings, "seed": seed, "steps": steps}
    return ask("evolve", given | {"courses": [str(seed) for seed in COURSES]} | more)


def opened(found, tmp_path):
    path = tmp_path / "policy.safetensors"
    path.write_bytes(bytes(found["file"]))
    return Policy.load(path)


@pytest.mark.parametrize(("kind", "network"), [("snes", MLP), ("neat", Graph)])
@pytest.mark.parametrize("body", ["quadruped", "hexapod"])
def test_what_is_learned_in_the_page_walks_in_python_to_the_last_bit(tmp_path, kind, network, body):
    found = evolve(kind, 60_000, body=body)
    policy = opened(found, tmp_path)
    assert policy.options == Options(body=BODIES[body])
    assert isinstance(policy.network, network)
    assert policy.training == {"algorithm": kind, "steps": found["walked"]}
    here = episode_scores(policy.act, policy.options.for_evaluation(), COURSES)
    assert found["scores"] == here.tolist()
    assert here.any()


@pytest.mark.parametrize("kind", SMALL)
def test_a_search_that_was_saved_goes_on_as_if_it_had_not_been(kind):
    whole, split = evolve(kind, 50_000), evolve(kind, 50_000, split=37)
    assert whole["curve"] == split["curve"]
    assert len(whole["curve"]) > 2
    assert whole["file"] == split["file"]


def test_returns_rise():
    found = evolve("snes", 250_000)
    best = [one for one, _ in found["curve"]]
    assert np.mean(best[-5:]) > np.mean(best[:5])


def test_the_page_has_the_tuned_settings():
    found = learners()
    assert found["snes"].keys() >= {"population", "courses", "hidden", "stdev", "centre_rate"}
    config = NEATConfig(**found["neat"])
    assert config.population == 300
    assert config.elite_count == 60
    assert SNESConfig(**found["snes"]).episodes == config.episodes


RATES = NEATConfig(node_chance=0.3, edge_chance=0.6, rounds=3, spread=0.7, step=0.5)


def grown(count, rounds):
    """Genomes that grew in the page, as networks of Python."""
    rates = {k: v for k, v in vars(RATES).items() if k not in ("options", "seed")}
    given = {"count": count, "rounds": rounds, "width": 5, "outputs": 3, "rates": rates, "seed": 1}
    return ask("grow", given)


def test_networks_grow_as_in_python():
    """Not the same random numbers, but the same process: sizes and values agree in the mean."""
    count, rounds = 3000, 12
    here, rng = bare(count, 5, 3), np.random.default_rng(0)
    for _ in range(rounds):
        here = mutate(here, RATES.rates, rng)
    there = grown(count, rounds)
    weights = np.concatenate([one["weight"] for one in there])
    biases = np.concatenate([one["bias"] for one in there])
    packed = here.packed()
    near = partial(pytest.approx, rel=0.05)
    assert np.mean([one["inner"] for one in there]) == near(here.inner.mean())
    assert np.std([one["inner"] for one in there]) == near(here.inner.std())
    assert np.mean([len(one["weight"]) for one in there]) == near(here.arcs.mean())
    assert np.std([len(one["weight"]) for one in there]) == near(here.arcs.std())
    assert np.std(weights) == near(packed.weight.std())
    assert np.std(biases) == near(packed.bias.std())


def test_a_node_comes_after_what_it_reads():
    for one in grown(200, 30):
        edges, nodes = np.array(one["edges"]), len(one["bias"])
        assert edges[0] == 0
        assert edges[-1] == len(one["source"]) == len(one["weight"])
        node = np.repeat(np.arange(nodes), np.diff(edges))
        assert (np.array(one["source"]) < 5 + node).all()
        pairs = list(zip(node, one["source"]))
        assert len(set(pairs)) == len(pairs)
        assert max(map(abs, one["weight"] + one["bias"])) <= 100


def test_the_wheel_is_pythons():
    rng = np.random.default_rng(0)
    cases = [(rng.normal(size=n), floor) for n, floor in ((7, 0.5), (30, 0.0), (300, 0.5119))]
    cases.append((np.ones(5), 0.5))
    there = ask("wheels", [[fitness.tolist(), floor] for fitness, floor in cases])
    for (fitness, floor), shares in zip(cases, there):
        assert shares == pytest.approx(wheel(fitness, floor), rel=1e-12, abs=1e-15)


def test_old_generations_are_thinned_out_but_never_the_best_nor_the_newest():
    script = """
        const lineage = W.newLineage();
        for (let generation = 1; generation <= 3000; generation++) {
            const score = generation === 1401 ? 30 : generation / 200;
            lineage.add({ generation, score: generation % 4 === 1 ? score : null });
        }
        const again = W.newLineage(lineage.save());
        again.add({ generation: 3001, score: 1 });
        return [lineage, again].map(({ kept }) => kept.map(({ generation }) => generation));
    """
    first, again = ask("script", script)
    assert len(first) <= 512
    assert {1, 1401, 3000} <= set(first)
    assert first == sorted(first)
    assert max(b - a for a, b in itertools.pairwise(first)) == 8
    assert again == [*first[:-1], 3001]


@pytest.mark.long
@pytest.mark.timeout(1200)  # 20 s of a core, which others may want as well
@pytest.mark.parametrize("kind", SMALL)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_tuned_learner_makes_ten_targets_within_its_time(kind, seed):
    """Two minutes of a core are some 60 million control steps; a sixth must do."""
    found = evolve(kind, 10_000_000, seed=seed, settings={})
    assert sum(found["scores"]) / len(found["scores"]) > 10.0
