"""Commands become grips and muscle lengths by exact lags; what that costs is counted by hand."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from walker_env import BODIES, Options, WalkerBatch, World
from walker_env.actuation import Actuator

STEPS = 12
WORLD = World(grip_rate=30.0, grip_min=0.1, muscle_rate=10.0, grip_power=0.05, energy_unit=1e6)
"""Rates to reckon with by hand, whatever version 0 has."""


def make(body_name="quadruped", **options):
    batch = WalkerBatch(1, Options(body=body_name, world=WORLD, **options))
    batch.reset(seed=np.array([3]))
    return batch


def command(batch, grip, muscle):
    feet, muscles = len(batch.body.feet), len(batch.body.muscles)
    return np.array([[grip] * feet + [muscle] * muscles])


def test_a_walker_starts_with_the_weakest_grip_and_muscles_as_drawn(body_name):
    batch = make(body_name)
    assert (batch.state.grip == batch.world.grip_min).all()
    assert (batch.state.muscle == 1.0).all()


@pytest.mark.parametrize(
    ("grip", "goal"), [(1.0, 1.0), (0.0, 0.5), (-0.5, 0.25), (-0.8, 0.1), (-1.0, 0.1)]
)
def test_grips_follow_their_command_as_an_exact_exponential(grip, goal):
    batch = make()
    start = batch.world.grip_min
    for step in range(1, STEPS + 1):
        batch.step(command(batch, grip, 0.0))
        time = step * batch.world.control_dt
        expected = goal + (start - goal) * math.exp(-30.0 * time)
        assert batch.state.grip[0] == pytest.approx([expected] * 4, abs=1e-12)


@pytest.mark.parametrize(
    ("muscle", "goal"), [(1.0, 1.35), (0.5, 1.175), (0.0, 1.0), (-0.5, 0.8), (-1.0, 0.6)]
)
def test_muscles_follow_their_command_as_an_exact_exponential(muscle, goal, body_name):
    batch = make(body_name)
    for step in range(1, STEPS + 1):
        batch.step(command(batch, -1.0, muscle))
        time = step * batch.world.control_dt
        expected = goal + (1.0 - goal) * math.exp(-10.0 * time)
        assert batch.state.muscle[0] == pytest.approx(expected, abs=1e-12)


def test_the_lag_does_not_depend_on_the_length_of_a_control_step():
    ends = []
    for substeps in (1, 3):
        batch = make()
        state, actuator = batch.snapshot(), Actuator(batch.body, replace(WORLD, substeps=substeps))
        for _ in range(12 // substeps):
            actuator.apply(command(batch, 0.4, -0.7), np.ones((1, 2)), state)
        ends.append((state.grip, state.muscle))
    for one, other in zip(*ends):
        np.testing.assert_allclose(one, other, atol=1e-12)


def test_each_command_moves_its_own_foot_or_muscle(body_name):
    batch = make(body_name)
    feet = len(batch.body.feet)
    for i in range(batch.action_width):
        batch.reset(seed=np.array([3]))
        action = np.full((1, batch.action_width), -1.0)
        action[0, feet:] = 0.0
        action[0, i] = 1.0
        batch.step(action)
        moved = np.concatenate([batch.state.grip[0] > 0.1, batch.state.muscle[0] > 1.0])
        assert np.flatnonzero(moved).tolist() == [i]


def test_commands_beyond_the_limits_count_as_the_limits(body_name):
    ends = []
    for scale in (1.0, 7.5):
        batch = make(body_name)
        for sign in (1, -1, 1):
            batch.step(command(batch, sign * scale, -sign * scale))
        ends.append(batch.state.copy())
    assert np.array_equal(ends[0].position, ends[1].position)
    assert np.array_equal(ends[0].grip, ends[1].grip)


def test_the_energy_of_one_step_is_the_work_on_the_springs_and_the_price_of_grip():
    batch = make()
    stiffness = batch.body.muscles[0].stiffness
    decay_grip, decay_muscle = math.exp(-30 / 20), math.exp(-10 / 20)
    action = np.array([[1.0, 0.0, -1.0, -1.0, -1.0, 0.5]])
    for _ in range(3):  # on the way, muscles are neither at rest nor as drawn
        state = batch.state
        length = [
            math.dist(state.position[0, a], state.position[0, b]) / 100 for a, b in ((0, 2), (1, 3))
        ]
        old, spent = state.muscle[0].copy(), state.energy[0]
        grips = [
            goal + (grip - goal) * decay_grip
            for goal, grip in zip((1.0, 0.5, 0.1, 0.1), state.grip[0])
        ]
        new = [goal + (was - goal) * decay_muscle for goal, was in zip((0.6, 1.175), old)]
        work = sum(
            max(0.0, 0.5 * stiffness * 100**2 * ((n - x) ** 2 - (o - x) ** 2))
            for n, o, x in zip(new, old, length)
        )
        batch.step(action)
        expected = work / 1e6 + sum(grips) * 0.05 / 20
        assert batch.state.energy[0] - spent == pytest.approx(expected, rel=1e-10)
        assert work > 0


def test_energy_is_never_negative_and_never_given_back(body_name, commands):
    batch = WalkerBatch(4, Options(body=body_name))
    batch.reset(seed=np.arange(4))
    least_price = batch.world.grip_min * batch.world.grip_power * batch.world.control_dt
    for action in commands(200, batch):
        before = batch.state.energy.copy()
        batch.step(action)
        assert (batch.state.energy - before >= 0.99 * least_price * len(batch.body.feet)).all()


def test_lying_still_costs_the_weakest_grip_alone(body_name):
    batch = make(body_name)
    for _ in range(20):
        batch.step(command(batch, -1.0, 0.0))
    feet = len(BODIES[body_name].feet)
    assert batch.state.energy[0] == pytest.approx(feet * 0.1 * 0.05 * 1.0, rel=1e-9)
