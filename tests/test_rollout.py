"""Walking whole episodes."""

import numpy as np

from agents.baselines import load_agent
from agents.rollout import episode_scores
from walker_env import Options, WalkerBatch
from walker_env.seeds import held_out_seeds, validation_seeds


def test_scores_are_those_of_the_batch():
    agent, seeds = load_agent("gait"), validation_seeds(3)
    batch = WalkerBatch(3, agent.options)
    observation = batch.reset(seed=seeds)
    for _ in range(200):
        observation = batch.step(agent.act(observation)).observation
    np.testing.assert_array_equal(
        episode_scores(agent.act, agent.options, seeds, 200), batch.score()
    )


def test_a_stalled_walker_keeps_the_score_it_had():
    agent = load_agent("still")
    seeds = held_out_seeds(2)
    scores = episode_scores(agent.act, Options(stall_limit=0.5), seeds, 100)
    assert ((scores >= 0) & (scores < 0.05)).all()


def test_the_score_of_a_walker_does_not_depend_on_the_others():
    agent = load_agent("gait")
    many = episode_scores(agent.act, agent.options, validation_seeds(4), 150)
    one = episode_scores(agent.act, agent.options, validation_seeds(4)[2:3], 150)
    assert one[0] == many[2]
