"""Turns between targets: those of the walker and those of its course."""

import numpy as np

from benchmarks.evaluation.legs import Legs
from walker_env import BODIES, WalkerBatch


def test_a_turn_is_the_net_rotation_of_a_leg_whole_turns_included():
    body = BODIES["quadruped"]
    batch = WalkerBatch(2)
    batch.reset(seed=np.arange(2))
    legs = Legs(batch, 0.1)
    rest, middle = body.rest_positions(), body.rest_positions().mean(axis=0)
    for step in range(1, 31):  # one turns left by 270 degrees, the other right by 5
        for i, angle in enumerate(np.radians([270, -5]) * step / 30):
            turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
            batch.state.position[i] = (rest - middle) @ turn + middle
        batch.state.target_index[:] = step == 30
        legs.watch()
    counts = legs.counts()
    assert counts["left_turns"].tolist() == [1, 0]
    assert counts["turns"].tolist() == [1, 0]


def test_the_courses_turns_are_those_of_its_straight_lines():
    batch = WalkerBatch(1)
    head = np.array([50.0, 0.0])
    square = head + np.array([[100, 0], [100, 100], [0, 100], [-100, 100], [-100, 200]])
    batch.reset(seed=np.arange(1), targets=square)
    legs = Legs(batch, 0.1)
    batch.state.target_index[:] = 5  # ahead, left, left, straight, right
    legs.watch()
    counts = legs.counts()
    assert counts["course_left_turns"].tolist() == [2]
    assert counts["course_turns"].tolist() == [3]
