"""Baselines: what learned nothing, and the gait written by hand."""

from dataclasses import replace

import numpy as np
import pytest

from agents.baselines import BASELINES, Gait, GaitParameters, load_agent
from agents.policy import PolicyError
from walker_env import BODIES, Options, WalkerBatch
from walker_env.observation import get_layout, slices
from walker_env.seeds import validation_seeds


def walk(agent, n, steps, options=None):
    batch = WalkerBatch(n, options or agent.options)
    obs = batch.reset(seed=validation_seeds(n))
    for _ in range(steps):
        obs = batch.step(agent.act(obs)).observation
    return batch


@pytest.mark.parametrize("name", sorted(BASELINES))
def test_every_baseline_is_an_agent(name, layout_name):
    agent = load_agent(name, Options(observation=layout_name))
    batch = WalkerBatch(3, agent.options)
    action = agent.act(batch.reset(seed=np.arange(3)))
    assert action.shape == (3, 6)
    assert action.dtype == np.float32
    assert np.abs(action).max() <= 1
    assert agent.name == name
    assert agent.training["algorithm"]


@pytest.mark.parametrize("name", ["still", "random"])
def test_still_and_random_drive_every_body(name, body_name):
    agent = load_agent(name, Options(body=body_name))
    assert walk(agent, 2, 20).score().max() < 1


def test_still_stays_where_it_is():
    batch = walk(load_agent("still"), 2, 100)
    assert np.array_equal(batch.state.path, np.zeros(2))


def test_random_repeats_with_its_generator_and_each_row_has_its_own_stream():
    def draws(n, seed):
        agent = load_agent("random", rng=np.random.default_rng(seed))
        return np.stack([agent.act(np.zeros((n, 12))) for _ in range(5)])

    assert np.array_equal(draws(4, 1), draws(4, 1))
    assert np.array_equal(draws(4, 1)[:, :2], draws(2, 1))
    assert not np.array_equal(draws(4, 1), draws(4, 2))
    assert not np.array_equal(draws(2, 1)[:, 0], draws(2, 1)[:, 1])
    assert draws(100, 0).min() < -0.9
    assert draws(100, 0).max() > 0.9


def test_the_gait_walks_to_its_targets_on_every_course():
    score = walk(load_agent("gait"), 16, 2000).score()
    assert score.mean() > 10
    assert score.min() > 5


def test_the_gait_walks_when_the_physics_is_another():
    body = BODIES["quadruped"]
    for muscle, bone in ((0.7, 1.0), (1.3, 1.0), (1.0, 0.8)):
        muscles = tuple(replace(m, stiffness=m.stiffness * muscle) for m in body.muscles)
        bones = tuple(replace(b, stiffness=b.stiffness * bone) for b in body.bones)
        other = replace(body, muscles=muscles, bones=bones)
        gait = Gait(Options(body=other))
        assert walk(gait, 8, 1000).score().min() > 1


def test_the_gait_depends_on_the_observation_alone():
    gait, again = load_agent("gait"), load_agent("gait")
    obs = np.random.default_rng(0).normal(size=(50, 12)).astype(np.float32)
    first = gait.act(obs)
    assert np.array_equal(gait.act(obs), first)
    assert np.array_equal(np.concatenate([again.act(o[None]) for o in obs]), first)


def test_the_gait_mirrors_its_actions_when_the_world_is_mirrored():
    gait = load_agent("gait")
    seen = slices(get_layout("full"), BODIES["quadruped"])
    obs = np.random.default_rng(0).normal(size=(50, 12)).astype(np.float32)
    other = obs.copy()
    other[:, seen["target_sin"]] *= -1
    other[:, seen["grip"]] = obs[:, seen["grip"]][:, [1, 0, 3, 2]]
    other[:, seen["muscle_length"]] = obs[:, seen["muscle_length"]][:, ::-1]
    assert np.array_equal(gait.act(other), gait.act(obs)[:, [1, 0, 3, 2, 5, 4]])


@pytest.mark.parametrize("body", ["hexapod", "inchworm", BODIES["quadruped"].mirrored()])
def test_the_gait_says_that_it_walks_quadrupeds_only(body):
    with pytest.raises(ValueError, match="quadruped's feet and muscles only"):
        load_agent("gait", Options(body=body))


def test_gait_parameters_are_checked():
    with pytest.raises(ValueError, match="0 < pulled < pushed"):
        GaitParameters(pushed=0.8, pulled=0.9)


def test_an_unknown_name_lists_the_baselines(tmp_path):
    with pytest.raises(PolicyError, match=r"nobody.*these are gait, random, still, .*trot"):
        load_agent("nobody")
    (tmp_path / "file").write_text("no policy")
    with pytest.raises(PolicyError, match="safetensors"):
        load_agent(tmp_path / "file")
