"""The evolution strategy: common courses, batched networks, reproducible."""

import dataclasses

import numpy as np
import pytest
import torch

from agents.es import ESConfig, Networks, WalkProblem, train_es
from agents.run import Budget, Run
from walker_env import Options, WalkerBatch

TINY = ESConfig(population=4, courses=2, hidden=3, episodes=((0, 1.0),))


def test_batched_networks_are_the_networks_one_by_one():
    rng = np.random.default_rng(0)
    networks = Networks(5, 7, 3)
    values = rng.normal(size=(4, networks.size)).astype(np.float32)
    obs = rng.normal(size=(4, 2, 5)).astype(np.float32)
    actions = networks.act(networks.split(values), obs)
    assert actions.shape == (4, 2, 3)
    for i, (w0, b0, w1, b1) in enumerate(zip(*networks.split(values))):
        expected = np.tanh(np.tanh(obs[i] @ w0 + b0) @ w1 + b1)
        np.testing.assert_allclose(actions[i], expected, rtol=1e-5, atol=1e-6)


def test_the_policy_file_acts_as_the_solution_did():
    problem = WalkProblem(TINY)
    values = problem.generate_batch(4).values.numpy()
    obs = np.random.default_rng(1).normal(size=(6, 12)).astype(np.float32)
    problem.moments.add(obs)
    policy = problem.policy("one", values[2])
    parts = problem.networks.split(values[2:3])
    seen = problem.moments.normalise(obs)[None]
    np.testing.assert_allclose(policy.act(obs), problem.networks.act(parts, seen)[0], atol=1e-5)


def test_equal_solutions_meet_the_same_courses_and_get_the_same_fitness():
    problem = WalkProblem(TINY)
    batch = problem.generate_batch(4)
    batch.access_values()[:] = batch.values[0].clone()
    problem.evaluate(batch)
    fitness = batch.evals[:, 0]
    assert torch.equal(fitness, fitness[:1].expand(4))
    assert problem.walked == 4 * 2 * 20


def test_fitness_is_the_mean_return_on_the_courses():
    problem = WalkProblem(dataclasses.replace(TINY, population=2))
    batch = problem.generate_batch(2)
    rng = np.random.default_rng(TINY.seed)
    seeds = rng.integers(1 << 32, size=2, dtype=np.uint64)
    problem.evaluate(batch)
    walkers = WalkerBatch(2)
    policy = dataclasses.replace(
        problem.policy("p", batch.values[0].numpy()), mean=np.zeros(12), std=np.ones(12)
    )
    observation, total = walkers.reset(seed=seeds), np.zeros(2)
    for _ in range(20):
        step = walkers.step(policy.act(observation))
        observation, total = step.observation, total + step.reward
    assert float(batch.evals[0, 0]) == pytest.approx(total.mean(), rel=1e-4)


def test_same_seed_same_policy(tmp_path):
    files = []
    for name in ("a", "b"):
        with Run(tmp_path / name, "es", TINY, Budget(None, 1000), courses=1, quiet=True) as run:
            train_es(TINY, run)
        files.append(run.best)
    for (w0, b0), (w1, b1) in zip(files[0].weights, files[1].weights):
        np.testing.assert_array_equal(w0, w1)
        np.testing.assert_array_equal(b0, b1)


def test_it_learns_to_get_nearer(tmp_path):
    config = ESConfig(population=32, courses=1, seed=3, episodes=((0, 5.0),))
    with Run(tmp_path / "run", "es", config, Budget(None, 150_000), courses=4, quiet=True) as run:
        train_es(config, run)
    assert run.best_score > 0.3


def test_any_body_and_layout(tmp_path):
    for body in ("hexapod", "inchworm"):
        config = dataclasses.replace(TINY, options=Options(body=body, observation="original"))
        with Run(tmp_path / body, "es", config, Budget(None, 10), courses=1, quiet=True) as run:
            train_es(config, run)
        assert run.best.options.body == body


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"population": 0}, "population must be an int >= 2"),
        ({"stdev": 0.0}, "stdev must be positive"),
        ({"episodes": ((5, 1.0),)}, "episodes"),
        ({"seed": -1}, "training seed"),
        ({"seed": 1 << 40}, "training seed"),
    ],
)
def test_wrong_settings_are_named(settings, words):
    with pytest.raises(ValueError, match=words):
        ESConfig(**settings)
