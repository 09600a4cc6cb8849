"""What a walker is told: each element changes and answers the question it is named for."""

from __future__ import annotations

import math

import numpy as np
import pytest

from walker_env import BODIES, Options, WalkerBatch, WalkerEnv
from walker_env.observation import (
    ACTION,
    FULL,
    LAYOUTS,
    ORIGINAL,
    Channel,
    Observer,
    bounds,
    get_layout,
    slices,
    width,
)


def questions(batch, i):
    """The observation of walker ``i``, worked out from positions alone with plain trigonometry."""
    state, body = batch.state, batch.body
    p, v = state.position[i], state.velocity[i]
    head = p[list(body.head)].mean(axis=0)
    to_target = state.targets[i, state.target_index[i]] - head
    left, right = p[body.across[0]], p[body.across[1]]
    facing = math.atan2(*(left - right)[::-1]) - math.pi / 2
    bearing = math.atan2(to_target[1], to_target[0]) - facing
    speed, course = math.hypot(*v[body.hub]), math.atan2(*v[body.hub][::-1]) - facing
    arm, swing = left - right, v[body.across[0]] - v[body.across[1]]
    rate = (arm[0] * swing[1] - arm[1] * swing[0]) / (arm @ arm)
    muscles = [
        math.dist(p[m.a], p[m.b]) / math.dist(*body.rest_positions()[[m.a, m.b]])
        for m in body.muscles
    ]
    return {
        "target_distance": [math.hypot(*to_target) / 1000],
        "target_cos": [math.cos(bearing)],
        "target_sin": [math.sin(bearing)],
        "grip": state.grip[i],
        "muscle_length": muscles,
        "velocity": [speed * math.cos(course) / 100, speed * math.sin(course) / 100],
        "turn_rate": [rate / 5],
    }


def test_every_element_answers_its_named_question(body_name, layout_name, commands):
    batch = WalkerBatch(3, Options(body=body_name, observation=layout_name))
    seen = batch.reset(seed=np.arange(3))
    places = slices(batch.layout, batch.body)
    for action in commands(120, batch):
        for i in range(3):
            expected = questions(batch, i)
            for name, place in places.items():
                np.testing.assert_allclose(
                    seen[i, place], expected[name], atol=2e-6, rtol=2e-6, err_msg=name
                )
        seen = batch.step(action).observation


def test_every_element_changes(body_name, layout_name, commands):
    batch = WalkerBatch(2, Options(body=body_name, observation=layout_name))
    seen = [batch.reset(seed=np.arange(2))]
    seen += [batch.step(action).observation for action in commands(200, batch)]
    assert (np.ptp(np.array(seen), axis=0) > 1e-3).all()


def test_observations_stay_within_their_space(body_name, layout_name, commands):
    env = WalkerEnv(body=body_name, observation=layout_name)
    observation, _ = env.reset(seed=5)
    assert env.observation_space.contains(observation)
    for action in commands(200, env.batch)[:, 0]:
        observation, *_ = env.step(action)
        assert env.observation_space.contains(observation)


def test_the_original_walker_sees_nine_numbers():
    assert width(ORIGINAL, BODIES["quadruped"]) == 9
    assert WalkerEnv(observation="original").observation_space.shape == (9,)
    assert [c.name for c in ORIGINAL] == [
        "target_distance",
        "target_cos",
        "target_sin",
        "grip",
        "muscle_length",
    ]


def test_the_full_layout_adds_velocity_and_turning_behind_the_original():
    assert FULL[: len(ORIGINAL)] == ORIGINAL
    assert width(FULL, BODIES["quadruped"]) == 12
    assert WalkerEnv().observation_space.shape == (12,)


def test_the_layouts_agree_on_what_they_share(body_name, commands):
    one, other = (WalkerBatch(2, Options(body_name, layout)) for layout in ("full", "original"))
    seen = one.reset(seed=np.arange(2)), other.reset(seed=np.arange(2))
    for action in commands(50, one):
        shared = width(ORIGINAL, one.body)
        assert np.array_equal(seen[0][:, :shared], seen[1])
        seen = one.step(action).observation, other.step(action).observation


def test_slices_lie_end_to_end_and_fill_the_space(body_name):
    body = BODIES[body_name]
    for layout in (*LAYOUTS.values(), ACTION):
        found = list(slices(layout, body).values())
        assert [s.start for s in found] == [0, *(s.stop for s in found[:-1])]
        assert found[-1].stop == width(layout, body) == len(bounds(layout, body)[0])
        assert len(slices(layout, body)) == len(layout), "two channels of one name"


def test_spaces_are_the_layouts_bounds(body_name, layout_name):
    env = WalkerEnv(body=body_name, observation=layout_name)
    low, high = bounds(get_layout(layout_name), BODIES[body_name])
    assert np.array_equal(env.observation_space.low, low)
    assert np.array_equal(env.observation_space.high, high)
    body = BODIES[body_name]
    assert env.action_space.shape == (len(body.feet) + len(body.muscles),)
    assert (env.action_space.low == -1).all()
    assert (env.action_space.high == 1).all()


def test_the_action_of_the_quadruped_is_four_grips_and_two_muscles():
    assert slices(ACTION, BODIES["quadruped"]) == {"grip": slice(0, 4), "muscle": slice(4, 6)}


def test_a_head_on_its_target_sees_finite_numbers():
    batch = WalkerBatch(1, Options())
    head = batch.body.rest_positions()[list(batch.body.head)].mean(axis=0)
    seen = batch.reset(seed=np.array([0]), targets=np.array([head]))
    assert np.isfinite(seen).all()


@pytest.mark.parametrize("at_the_end", [False, True])
def test_what_came_before_an_episode_is_not_seen_in_it(at_the_end):
    """A course of two targets that lie under the head ends; nothing of an older course shows."""
    own = np.array([[60.0, 0.0], [55.0, 5.0]])
    seen = []
    for older in (1, 2):
        batch = WalkerBatch(1, Options())
        batch.reset(seed=np.array([older]))
        seen.append([batch.reset(targets=own)])
        for _ in range(2 if at_the_end else 1):
            step = batch.step(np.zeros((1, 6)))
            seen[-1].append(step.observation)
        assert step.terminated[0] == at_the_end
        places = slices(batch.layout, batch.body)
        cos, sin = (
            step.observation[0, places["target_cos"]],
            step.observation[0, places["target_sin"]],
        )
        assert cos**2 + sin**2 == pytest.approx(1.0, abs=1e-5)
    assert np.array_equal(seen[0], seen[1])


def test_observations_handed_out_do_not_change_later(commands):
    batch = WalkerBatch(2, Options())
    seen = [batch.reset(seed=np.arange(2))]
    copies = [seen[0].copy()]
    for action in commands(20, batch):
        step = batch.step(action)
        seen += [step.observation, step.reward, *step.terms.values()]
        copies += [array.copy() for array in seen[len(copies) :]]
    batch.reset()
    for one, other in zip(seen, copies):
        assert np.array_equal(one, other)


@pytest.mark.parametrize("wrong", ["pixels", None, 3, ["full"]])
def test_an_unknown_layout_is_refused_with_the_known_ones(wrong):
    with pytest.raises(
        ValueError, match=r"observation must be one of \['full', 'ground', 'original'\], got"
    ):
        WalkerEnv(observation=wrong)


def test_a_layout_with_a_channel_that_nobody_measures_is_refused_by_name():
    smell = Channel("smell", "how it smells", "-", 0, 1)
    with pytest.raises(ValueError, match=r"a layout has channels of .*'grip'.*, got \['smell'\]"):
        Observer((*ORIGINAL, smell), BODIES["quadruped"])
