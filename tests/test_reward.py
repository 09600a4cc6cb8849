"""The reward is the sum of its named terms, and each is what it says."""

from __future__ import annotations

import numpy as np
import pytest

from walker_env import Options, WalkerBatch, WalkerEnv, WalkerVectorEnv
from walker_env.reward import TERMS, RewardWeights, reward_terms, sum_terms


@pytest.mark.parametrize(
    ("gained", "reached", "energy", "price", "terms"),
    [
        (50.0, False, 0.0, 0.0, (1.0, 0.0, 0.0)),
        (-25.0, False, 3.0, 0.0, (-0.5, 0.0, 0.0)),
        (0.0, True, 3.0, 2.0, (0.0, 2.0, -6.0)),
        (5.0, True, 0.5, 0.1, (0.1, 2.0, -0.05)),
    ],
)
def test_the_terms_by_hand(gained, reached, energy, price, terms):
    weights = RewardWeights(energy_price=price)
    found = reward_terms(np.array([gained]), np.array([reached]), np.array([energy]), weights)
    assert tuple(found) == tuple(TERMS) == ("progress", "target", "energy")
    assert [float(value[0]) for value in found.values()] == pytest.approx(terms)
    assert sum_terms(found)[0] == pytest.approx(sum(terms))


def test_the_reward_is_the_sum_of_the_terms_in_info(body_name, commands):
    env = WalkerEnv(body=body_name, energy_price=0.3)
    env.reset(seed=1)
    for action in commands(150, env.batch)[:, 0]:
        _, reward, _, _, info = env.step(action)
        assert {f"reward_{name}" for name in TERMS} <= set(info)
        assert reward == pytest.approx(sum(info[f"reward_{name}"] for name in TERMS), abs=1e-12)


def test_progress_counts_the_way_to_the_target_that_was_current(commands):
    batch = WalkerBatch(1, Options())
    batch.reset(seed=np.array([0]), targets=np.array([[70.5, 0.0], [400.0, 300.0]]))
    reached = 0
    for action in commands(80, batch):
        before, target = batch.state.distance[0], batch.state.target_index[0]
        step = batch.step(action)
        head = batch.state.position[0, [0, 1]].mean(axis=0)
        now = np.linalg.norm(batch.state.targets[0, target] - head)
        assert step.terms["progress"][0] == pytest.approx((before - now) / 50, abs=1e-12)
        assert step.terms["target"][0] == 2.0 * (now < 20)
        reached += now < 20
    assert reached == 1


def test_a_price_of_energy_changes_the_reward_by_that_and_nothing_else(commands):
    free, priced = WalkerBatch(2, Options()), WalkerBatch(2, Options(energy_price=0.7))
    for batch in (free, priced):
        batch.reset(seed=np.arange(2))
    for action in commands(100, free):
        spent = free.state.energy.copy()
        one, other = free.step(action), priced.step(action)
        assert np.array_equal(one.observation, other.observation)
        spent = free.state.energy - spent
        np.testing.assert_allclose(one.reward - other.reward, 0.7 * spent, atol=1e-12)
        assert (one.terms["energy"] == 0).all()


def test_energy_is_free_unless_asked_for():
    assert Options().energy_price == RewardWeights().energy_price == 0.0


@pytest.mark.parametrize("price", [-0.1, float("nan"), float("inf")])
def test_a_price_that_is_no_price_is_refused(price):
    with pytest.raises(ValueError, match=f"energy_price must be a finite number >= 0, got {price}"):
        WalkerEnv(energy_price=price)


@pytest.mark.parametrize("price", ["cheap", None])
def test_a_price_that_is_no_number_is_refused_by_name(price):
    with pytest.raises((ValueError, TypeError), match="energy_price"):
        WalkerEnv(energy_price=price)


def test_progress_needs_a_length():
    with pytest.raises(ValueError, match="progress_length must be positive, got 0"):
        RewardWeights(progress_length=0)


@pytest.mark.parametrize("engine", ["pymunk", "auto"])
def test_a_sparse_reward_pays_for_targets_only(engine):
    env = WalkerVectorEnv(4, reward="sparse", engine=engine, energy_price=0.5)
    env.reset(seed=3, options={"targets": np.array([[60.0, 0.0], [900.0, 0.0]])})
    rng, reached = np.random.default_rng(0), 0
    for _ in range(100):
        _, reward, _, _, info = env.step(rng.uniform(-1, 1, (4, 6)))
        np.testing.assert_array_equal(info["reward_progress"], 0.0)
        np.testing.assert_array_equal(reward, info["reward_target"] + info["reward_energy"])
        reached += (info["reward_target"] > 0).sum()
    assert reached > 0
    with pytest.raises(ValueError, match="reward must be one of"):
        WalkerVectorEnv(1, reward="rich")
