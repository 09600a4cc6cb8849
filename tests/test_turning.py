"""Turning: times of made-up ways are what they are; the gait by hand turns, a stone does not."""

import math

import numpy as np
import pytest

from agents.baselines import load_agent
from benchmarks.gaits.turning import (
    KINDS,
    NEAR,
    record_turns,
    turn_courses,
    turn_seconds,
    turn_track,
)
from walker_env import WORLD


def way(straight, circle, angle, after):
    """A track (T, 2) at 100 units/s: straight on, an arc of so many seconds, straight on."""
    dt = WORLD.control_dt
    turn = np.concatenate(
        [
            np.zeros(round(straight / dt)),
            np.linspace(0, math.radians(angle), round(circle / dt)),
            np.full(round(after / dt), math.radians(angle)),
        ]
    )
    return np.cumsum(100 * dt * np.stack([np.cos(turn), np.sin(turn)], axis=1), axis=0)


def test_the_time_of_a_turn_is_that_of_the_way():
    course = np.array([[0, 0], [200, 0], [200, 8000.0], [0, 0]])
    start = round(2.0 * WORLD.control_rate)
    quick, slow = (turn_seconds(way(2.0, s, 90.0, 10.0), start, course) for s in (1.0, 6.0))
    assert quick == pytest.approx(0.5 + 0.25, abs=0.15)  # half the arc, half the movement's window
    assert slow == pytest.approx(3.0 + 0.25, abs=0.15)


def test_one_that_goes_straight_on_or_in_circles_never_turns():
    course = np.array([[0, 0], [200, 0], [200, 8000.0], [0, 0]])
    assert turn_seconds(way(2.0, 0.0, 0.0, 20.0), 40, course) == math.inf
    assert turn_seconds(way(2.0, 20.0, 8000.0, 1.0), 40, course) == math.inf
    assert turn_seconds(way(2.0, 1.0, 90.0, 10.0), -1, course) == math.inf  # never came so far


def test_a_track_begins_at_the_turn_and_ends_at_the_target():
    course = np.array([[0, 0], [200, 0], [200, 500.0], [0, 0]])
    track = turn_track(way(2.0, 0.1, 90.0, 10.0), 40, course)
    assert np.hypot(*(track[-1] - (0, 500))) < NEAR
    assert track[0][0] < -50


def test_targets_appear_where_they_are_said_to():
    for kind, angle in KINDS.items():
        before, turn, target, _ = turn_courses(angle, 3)[1]
        found = math.degrees(math.atan2(*(target - turn)[::-1]))
        assert found == pytest.approx(angle)
        assert before[1] == turn[1] == 0
        assert ("left" in kind) == (target[1] > 0)


def test_the_gait_by_hand_turns_to_both_sides_alike_and_a_stone_never():
    turns = record_turns(load_agent("gait"), starts=2)
    for angle in ("90", "180"):
        left, right = turns.median(f"{angle} left"), turns.median(f"{angle} right")
        assert 0.4 < left < 5
        assert left == pytest.approx(right, abs=0.5)
    assert turns.median("90 left") < turns.median("180 left")
    still = record_turns(load_agent("still"), starts=1)
    assert all(still.median(kind) == math.inf for kind in KINDS)
    assert all(len(track) == 0 for track in still.tracks.values())
