"""Families of courses: what each asks for, and that a seed names the same course everywhere."""

from __future__ import annotations

import numpy as np
import pytest

from walker_env.courses import (
    CIRCUIT,
    COURSES,
    FAR_RADIUS,
    SPRINT_SPACING,
    draw_far,
    draw_left_turns,
    draw_race,
    draw_right_turns,
    draw_slalom,
    draw_sprint,
)
from walker_env.tasks import episode_rng


def course(draw, seed=0, count=200):
    return draw(episode_rng(seed, 0), count)


def turns(targets):
    """Sine and cosine of each turn from leg to leg, the first from +x."""
    ways = np.diff(np.vstack([[-1.0, 0.0], [0.0, 0.0], targets]), axis=0)
    ways /= np.linalg.norm(ways, axis=1)[:, None]
    a, b = ways[:-1], ways[1:]
    return a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0], (a * b).sum(axis=1)


def test_far_targets_fill_the_large_disc():
    radius = np.linalg.norm(course(draw_far, count=50_000), axis=1) / FAR_RADIUS
    assert radius.max() <= 1
    assert (radius < 0.5).mean() == pytest.approx(0.25, abs=0.01)


def test_a_sprint_is_straight_and_nearly_ahead():
    for seed in range(20):
        targets = course(draw_sprint, seed)
        sine, cosine = turns(targets)
        assert abs(sine[0]) <= 0.3
        assert cosine[0] > 0.95
        np.testing.assert_allclose(sine[1:], 0, atol=1e-9)
        np.testing.assert_allclose(np.linalg.norm(targets[0]), SPRINT_SPACING)


def test_turns_are_behind_or_beside_and_to_one_side():
    sine, cosine = turns(course(draw_left_turns, count=2000))
    assert sine.min() > -1e-9
    assert cosine.max() < 1e-9
    angle = np.arctan2(sine, cosine)
    for edge in (0.6, 0.75, 0.9):  # uniform between a quarter and a half turn
        assert (angle < edge * np.pi).mean() == pytest.approx((edge - 0.5) / 0.5, abs=0.05)
    legs = np.linalg.norm(np.diff(course(draw_left_turns), axis=0), axis=1)
    assert (legs.min() > 150 - 1e-9) & (legs.max() < 350 + 1e-9)


def test_right_turns_mirror_left_turns():
    assert np.array_equal(course(draw_right_turns, 3), course(draw_left_turns, 3) * [1, -1])


def test_a_slalom_goes_left_and_right_in_turn():
    for seed in range(10):
        targets = course(draw_slalom, seed)
        ahead = targets[-1] / np.linalg.norm(targets[-1])
        aside = targets @ [-ahead[1], ahead[0]]
        assert (np.diff(targets @ ahead) > 100).all()
        assert (np.diff(np.sign(aside[:40])) != 0).all()
    first = {
        np.sign(course(draw_slalom, seed)[0, 1] - course(draw_slalom, seed)[1, 1])
        for seed in range(20)
    }
    assert first == {-1.0, 1.0}


def test_the_race_is_one_track_lap_after_lap():
    targets = course(draw_race, 5)
    lap = len(CIRCUIT)
    assert np.array_equal(targets[:lap], CIRCUIT)
    assert np.array_equal(targets[lap : 2 * lap], CIRCUIT)
    assert np.array_equal(targets, course(draw_race, 6))


FINGERPRINTS = {
    "disc": "da2366750f433adbd240faf19dc9a1435d77812c7c807e3780e626efbe363f8e",
    "far": "76c271ee00d7a9f1223f3f69851a329b4b3844dbac384f284810ed54c9e30ad7",
    "race": "c26cdee0377bec37fe9b81517bd3897526250cb14d159ae82eaa4e50fddaa0f8",
    "slalom": "ab35ff190ad11a69606537253eabcd29e4756e4eaaf6d7453941d4007e346086",
    "sprint": "8100a9afc85522a10f77b8af0565aec806c833307a2e33ca602adb792bcf6a15",
    "turn-left": "902f8b6d85192cb7cec0e397d0fedea112d1b23092b47cf081dc419954cfa4ef",
    "turn-right": "e3ce1f2477be987b705368009bccda4ace303e67f70c2e3384374ad334b1612f",
}


@pytest.mark.parametrize("name", sorted(COURSES))
def test_a_seed_names_the_same_course_everywhere(name, digest):
    assert digest([course(COURSES[name], 2**63 + 1)]) == FINGERPRINTS[name]
