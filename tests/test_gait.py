"""Gaits: what is said of a walk is what the walk was."""

import numpy as np
import pytest

from agents.baselines import load_agent
from benchmarks.figures.figures import draw_gaits
from benchmarks.gaits.gait import MeasuredGait, gait_table, record_gait
from walker_env import WORLD


def made_up(lag):
    t = np.arange(400) * WORLD.control_dt
    wave = [np.cos(2 * np.pi * 2.0 * (t - shift)) for shift in (0.0, lag / 2.0)]
    grip = np.stack([t % 1 < 0.25, t % 1 < 0.5], axis=1).astype(float)
    return MeasuredGait("made up", grip, 1 + 0.2 * np.stack(wave, axis=1), 100.0, 3.0)


def test_duty_rhythm_and_phase_of_a_known_walk():
    gait = made_up(lag=0.5)
    np.testing.assert_allclose(gait.duty, [0.25, 0.5], atol=0.02)
    assert gait.rhythm == pytest.approx(2.0)
    assert gait.phase == pytest.approx(0.5, abs=0.01)
    assert made_up(lag=0.25).phase == pytest.approx(0.25, abs=0.01)


def test_the_gait_by_hand_walks_straight_with_both_muscles_together():
    gait = record_gait(load_agent("gait"))
    assert gait.speed > 50
    assert min(gait.phase, 1 - gait.phase) < 0.1
    assert gait.grip.shape == (400, 4)


def test_one_that_stands_still_goes_nowhere():
    gait = record_gait(load_agent("still"))
    assert gait.speed == pytest.approx(0.0, abs=1e-6)
    assert gait.duty.max() == 0


def test_a_picture_and_a_table_are_made(tmp_path):
    gaits = [made_up(0.5), made_up(0.0), made_up(0.1)]
    draw_gaits(gaits, tmp_path / "gaits.png")
    assert (tmp_path / "gaits.png").read_bytes()[:4] == b"\x89PNG"
    assert gait_table(gaits).count("made up") == 3
