"""ARS: the published step, and a linear policy that learns to walk."""

import numpy as np
import pytest
import torch
from sb3_contrib import ARS

from agents.algorithms.ars import ARSConfig
from agents.algorithms.ars_search import follow
from agents.training.checkpoint import load_checkpoint, save_checkpoint
from agents.trial import Walkers


class Answered(ARS):
    """sb3-contrib's search, with returns that are given instead of walked."""

    def evaluate_candidates(self, candidate_weights, callback, async_eval):
        self.asked = candidate_weights
        self.num_timesteps += 1
        return self.returns


def test_the_step_is_the_one_of_sb3_contrib():
    model = Answered("LinearPolicy", "Pendulum-v1", n_delta=6, n_top=3, learning_rate=0.1, seed=0)
    model.returns = torch.randn(12, generator=torch.Generator().manual_seed(1))
    model.learn(1, log_interval=None)
    deltas = model.asked[:6] / model.delta_std_schedule(1.0)
    ours = 0.1 * follow(deltas, model.returns.reshape(2, 6), top=3)
    np.testing.assert_allclose(ours, model.weights, rtol=1e-4, atol=1e-6)


def test_equal_returns_change_nothing():
    step = follow(torch.randn(4, 7), torch.ones(2, 4), top=2)
    assert not step.any()


def test_a_search_goes_on_exactly(tmp_path):
    config = ARSConfig(seed=4, population=8, courses=1, episodes=((0, 1.0),))
    crew = Walkers(config.options)
    whole, part, again = (config.learner(crew) for _ in range(3))
    for _ in range(4):
        whole.advance()
    part.advance()
    part.advance()
    again.load_state_dict(load_checkpoint(save_checkpoint(tmp_path, 1, part.state_dict())))
    again.advance()
    again.advance()
    for ours, theirs in zip(again.policy().network.weights[0], whole.policy().network.weights[0]):
        np.testing.assert_array_equal(ours, theirs)


def test_it_learns():
    config = ARSConfig(seed=1, population=32)
    learner = config.learner(Walkers(config.options))
    learner.advance()
    first = learner.metrics["return_mean"]
    while learner.steps < 400_000:
        learner.advance()
    assert learner.metrics["return_mean"] > first + 2


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"population": 7}, "population must be even"),
        ({"noise": 0}, "noise must be positive"),
        ({"top": 1.5}, r"top must lie in \[0, 1\]"),
    ],
)
def test_wrong_settings_are_named(settings, words):
    with pytest.raises(ValueError, match=words):
        ARSConfig(**settings)
