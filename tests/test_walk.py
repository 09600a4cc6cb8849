"""One whole episode for each seed, whoever else is in the batch."""

import math

import numpy as np
import pytest

from agents.baselines import load_agent
from benchmarks.evaluation.walk import walk
from walker_env import Options, WalkerBatch
from walker_env.seeds import held_out_seeds

HORIZON = 300


def walked(agent, courses=6):
    return walk(agent, agent.options.for_evaluation(), held_out_seeds(courses), HORIZON, 0.1)


@pytest.fixture(scope="module")
def gait_courses():
    return walked(load_agent("gait"))


def test_walking_repeats_bit_for_bit(gait_courses):
    assert walked(load_agent("gait")) == gait_courses


@pytest.mark.parametrize("name", ["gait", "random"])
def test_a_course_does_not_know_how_many_are_walked_beside_it(name):
    few, many = walked(load_agent(name), 2), walked(load_agent(name))
    for quantity, values in few.items():
        assert many[quantity][:2] == values, quantity


def test_a_policy_walks_each_course_as_if_alone(make_policy):
    few, many = walked(make_policy(), 1), walked(make_policy())
    assert {name: values[:1] for name, values in many.items()} == few


def test_the_courses_are_what_a_loop_by_hand_measures(gait_courses):
    agent = load_agent("gait")
    batch = WalkerBatch(1)
    obs = batch.reset(seed=held_out_seeds(1))
    first = None
    for t in range(HORIZON):
        obs = batch.step(agent.act(obs)).observation
        if first is None and batch.state.target_index[0]:
            first = (t + 1) / 20
    courses = {name: values[0] for name, values in gait_courses.items()}
    assert courses["seed"] == held_out_seeds(1)[0]
    assert courses["score"] == batch.score()[0]
    assert courses["targets"] == batch.state.target_index[0]
    assert courses["distance"] == batch.state.path[0]
    assert courses["energy"] == batch.state.energy[0]
    assert courses["first_target"] == (None if first is None else pytest.approx(first))


@pytest.mark.parametrize(
    ("action", "message"),
    [
        (np.zeros((6, 5)), r"still: expected .* \(6, 6\), got \(6, 5\)"),
        (np.full((6, 6), np.nan), "still: .*not finite"),
    ],
)
def test_actions_that_are_none_are_refused(action, message):
    agent = load_agent("still")
    agent.act = lambda obs: action
    with pytest.raises(ValueError, match=message):
        walked(agent)


def test_a_policy_trained_with_a_stall_limit_still_walks_whole_episodes():
    limited = walked(load_agent("still", Options(stall_limit=1.0)))
    assert limited == walked(load_agent("still"))
    assert math.fsum(limited["score"]) == 0
