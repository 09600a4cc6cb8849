"""The named questions, answered once more by trigonometry."""

from __future__ import annotations

import math

import numpy as np
import pytest

from walker_env import BODIES, sensing


@pytest.fixture
def moved(body_name):
    """The body drawn at angles and places, moving as a rigid body: what the answers must be."""
    body = BODIES[body_name]
    angles = np.array([0.0, 0.5, math.pi / 2, 2.5, -2.0])
    places = np.array([[0, 0], [100, -30], [-7, 3], [0, 250], [-400, 11.0]])
    rates = np.array([0.0, 1.0, -2.0, 0.3, 4.0])
    drift = np.array([[0, 0], [10, 5], [-3, 8], [100, 0], [0, -60.0]])
    drawn = body.rest_positions()
    turn = np.array([[[math.cos(a), -math.sin(a)], [math.sin(a), math.cos(a)]] for a in angles])
    turned = np.einsum("nij,kj->nki", turn, drawn)
    spin = np.stack([-turned[..., 1], turned[..., 0]], axis=-1) * rates[:, None, None]
    return body, angles, places, rates, drift, turned + places[:, None], spin + drift[:, None]


def test_the_head_is_the_mean_of_the_head_nodes(moved):
    body, angles, places, *_, position, _ = moved
    drawn = body.rest_positions()[list(body.head)].mean(axis=0)
    ahead = np.stack([np.cos(angles), np.sin(angles)], axis=1) * drawn[0]
    aside = np.stack([-np.sin(angles), np.cos(angles)], axis=1) * drawn[1]
    np.testing.assert_allclose(
        sensing.head_position(position, body), places + ahead + aside, atol=1e-10
    )


def test_a_body_looks_where_it_was_turned(moved):
    body, angles, *_, position, _ = moved
    looks = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    np.testing.assert_allclose(sensing.heading(position, body), looks, atol=1e-12)


def test_the_turn_rate_is_that_of_the_rigid_body(moved):
    body, _, _, rates, _, position, velocity = moved
    np.testing.assert_allclose(sensing.turn_rate(position, velocity, body), rates, atol=1e-10)


def test_the_centre_is_the_mean_of_all_nodes(moved):
    *_, position, _ = moved
    np.testing.assert_allclose(sensing.centre(position), position.mean(axis=1), atol=1e-10)


def test_the_head_frame_has_x_forward_and_y_to_the_left(moved):
    body, angles, *_, position, _ = moved
    forward = sensing.heading(position, body)
    left = np.stack([-np.sin(angles), np.cos(angles)], axis=1)
    np.testing.assert_allclose(
        sensing.in_head_frame(3 * forward, forward), [[3, 0]] * 5, atol=1e-12
    )
    np.testing.assert_allclose(sensing.in_head_frame(2 * left, forward), [[0, 2]] * 5, atol=1e-12)


def test_muscles_of_a_drawn_body_measure_one_and_grow_with_it(moved):
    body, *_, position, _ = moved
    gauge = sensing.MuscleGauge(body)
    np.testing.assert_allclose(gauge.ratio(position), 1.0, atol=1e-12)
    np.testing.assert_allclose(gauge.ratio(position * 1.7), 1.7, atol=1e-12)


def test_two_nodes_in_one_place_look_nowhere_but_stay_finite(body_name):
    body = BODIES[body_name]
    position = np.zeros((1, len(body.nodes), 2))
    assert np.isfinite(sensing.heading(position, body)).all()
    assert np.isfinite(sensing.turn_rate(position, position + 1, body)).all()
