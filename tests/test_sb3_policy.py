"""The policy that acts in numpy gives what SB3's own gives, but for rounding."""

import gymnasium as gym
import numpy as np
import pytest
import torch
from stable_baselines3.common.policies import ActorCriticPolicy

from agents.algorithms.ppo import PPOConfig
from agents.algorithms.sb3_policy import ActingPolicy


def pair(**settings):
    """SB3's policy and ours, with the same weights."""
    box = gym.spaces.Box(-1.0, 1.0, (12,), np.float32), gym.spaces.Box(-1.0, 1.0, (6,), np.float32)
    made = []
    for kind in (ActorCriticPolicy, ActingPolicy):
        torch.manual_seed(3)
        made.append(kind(*box, lambda _: 1e-3, net_arch=[64, 64], log_std_init=-0.5, **settings))
    return made


def assert_alike(stock, ours, deterministic=False):
    obs = torch.from_numpy(np.random.default_rng(0).normal(size=(50, 12)).astype(np.float32))
    found = []
    for policy in (stock, ours):
        torch.manual_seed(5)
        with torch.no_grad():
            found.append((*policy(obs, deterministic), policy.predict_values(obs[:3])))
    for a, b in zip(*found):
        assert a.shape == b.shape
        assert a.dtype == b.dtype
        np.testing.assert_allclose(a, b, rtol=1e-5, atol=2e-6)


@pytest.mark.parametrize("deterministic", [False, True])
def test_the_same_seed_gives_the_same_actions_values_and_probabilities(deterministic):
    assert_alike(*pair(), deterministic)


def test_it_acts_with_the_weights_of_now():
    stock, ours = pair()
    for policy in (stock, ours):
        optimizer = torch.optim.SGD(policy.parameters(), lr=0.1)
        obs = torch.ones(4, 12)
        values, log_prob, _ = policy.evaluate_actions(obs, torch.zeros(4, 6))
        (values.sum() + log_prob.sum()).backward()
        optimizer.step()
    assert_alike(stock, ours)
    ours.load_state_dict({name: value * 0.5 for name, value in ours.state_dict().items()})
    stock.load_state_dict(ours.state_dict())
    assert_alike(stock, ours)


def test_updates_see_gradients():
    _, ours = pair()
    assert all(part.requires_grad for part in ours(torch.ones(2, 12))[1:])


@pytest.mark.parametrize(
    "settings", [{"activation_fn": torch.nn.ReLU}, {"use_sde": True}, {"squash_output": False}]
)
def test_what_it_does_not_know_is_left_to_sb3(settings):
    assert_alike(*pair(**settings))


def test_ppo_collects_with_it(monkeypatch):
    with_it = PPOConfig(walkers=2, horizon=4, batch=8, epochs=1, hidden=(8,))
    from agents.algorithms.ppo import make_ppo

    def refuse(*_):
        raise AssertionError("SB3's own forward pass was asked")

    model = make_ppo(with_it)
    monkeypatch.setattr(ActorCriticPolicy, "forward", refuse)
    model.learn(8)
