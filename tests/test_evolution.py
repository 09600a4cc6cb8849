"""Evolution: common courses, exact resume, every algorithm of evotorch that is in."""

import dataclasses

import numpy as np
import pytest
import torch

from agents.algorithms.evolution import WalkProblem
from agents.training.budget import Budget
from agents.training.checkpoint import load_checkpoint, save_checkpoint
from agents.training.train import make_config, train
from agents.trial import Walkers
from walker_env import Options

ALGORITHMS = ("snes", "xnes", "pgpe", "cmaes", "cem", "ga", "cosyne")
TINY = {"population": 8, "courses": 2, "hidden": [3], "episodes": [[0, 1.0]]}


def tiny(algorithm, **settings):
    more = {"elites": 2} if algorithm == "cosyne" else {}
    return make_config(algorithm, {**TINY, **more, **settings}, tuned=False)


def values_of(policy):
    return np.concatenate([part.ravel() for part in policy.network.tensors().values()])


def test_equal_solutions_get_the_same_fitness():
    config = tiny("snes")
    problem = WalkProblem(config, Walkers(config.options), 1.0)
    batch = problem.generate_batch(8)
    batch.access_values()[:] = batch.values[0].clone()
    problem.evaluate(batch)
    fitness = batch.evals[:, 0]
    assert torch.equal(fitness, fitness[:1].expand(8))
    assert problem.generations.walked == 8 * 2 * 20


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_a_resumed_search_goes_on_exactly(algorithm, tmp_path):
    config = tiny(algorithm)
    whole = config.learner(Walkers(config.options))
    for _ in range(4):
        whole.advance()
    path = save_checkpoint(tmp_path, 1, whole.state_dict())
    resumed = config.learner(Walkers(config.options))
    resumed.load_state_dict(load_checkpoint(path))
    assert resumed.steps == whole.steps
    for learner in (whole, resumed):
        for _ in range(4):
            learner.advance()
    np.testing.assert_array_equal(values_of(whole.policy()), values_of(resumed.policy()))
    assert whole.steps == resumed.steps
    assert np.abs(values_of(whole.policy())).max() > 0


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_same_seed_same_policy_and_another_seed_another(algorithm):
    found = []
    for seed in (1, 1, 2):
        config = tiny(algorithm, seed=seed)
        learner = config.learner(Walkers(config.options))
        for _ in range(2):
            learner.advance()
        found.append(values_of(learner.policy()))
    np.testing.assert_array_equal(found[0], found[1])
    assert not np.array_equal(found[0], found[2])


def test_it_learns_to_get_nearer(tmp_path):
    config = make_config(
        "snes",
        {"population": 32, "courses": 1, "seed": 3, "episodes": [[0, 5.0]]},
        tuned=False,
    )
    run = train(config, Budget(steps=150_000), tmp_path / "run", courses=4)
    assert run.best_score > 0.3


@pytest.mark.parametrize(
    "options",
    [
        Options(body="hexapod", observation="original"),
        Options(body="inchworm", energy_price=0.1),
        Options(stall_limit=0.5),
    ],
    ids=["hexapod", "inchworm", "stall"],
)
def test_any_body_layout_price_and_limit(options):
    config = dataclasses.replace(tiny("snes"), options=options)
    learner = config.learner(Walkers(options))
    learner.advance()
    assert learner.policy().options == options


def test_evolution_starts_no_ray_process():
    ray = pytest.importorskip("ray")
    config = make_config("snes", {"population": 4, "episodes": [[0, 0.1]]})
    config.learner(Walkers(config.options)).advance()
    assert not ray.is_initialized()


@pytest.mark.parametrize(
    ("algorithm", "settings", "words"),
    [
        ("snes", {"population": 0}, "snes: population must be an int >= 2"),
        ("snes", {"stdev": 0.0}, "stdev must be positive"),
        ("snes", {"episodes": [[5, 1.0]]}, "episodes"),
        ("snes", {"episodes": "long"}, "episodes must be pairs"),
        ("snes", {"seed": -1}, "training seed"),
        ("snes", {"seed": 1 << 40}, "training seed"),
        ("snes", {"hidden": [0]}, "hidden must be an int >= 1"),
        ("pgpe", {"population": 7}, "population must be even"),
        ("ga", {"population": 7}, "population must be even"),
        ("ga", {"mutated": 1.5}, "mutated must lie in"),
        ("cem", {"parents": 0.01}, "at least two"),
        ("cosyne", {"elites": 40}, "four times the elites"),
        ("xnes", {"hidden": [64]}, "1000 weights at most"),
        ("cmaes", {"separable": "maybe"}, "separable must be"),
    ],
)
def test_wrong_settings_are_named(algorithm, settings, words):
    with pytest.raises(ValueError, match=words):
        make_config(algorithm, settings, tuned=False)
