"""Running moments."""

import numpy as np

from agents.algorithms.moments import Moments


def sums(data):
    return np.stack([data.sum(axis=0), np.square(data).sum(axis=0)])[None]


def test_sums_of_parts_give_the_moments_of_the_whole():
    data = np.random.default_rng(0).normal(3.0, 2.0, (1000, 4))
    moments = Moments(4)
    for part in np.split(data, [10, 11, 500]):
        moments.add(sums(part), len(part))
    normaliser = moments.normaliser()
    np.testing.assert_allclose(normaliser.mean, data.mean(axis=0), rtol=1e-6)
    np.testing.assert_allclose(normaliser.std, data.std(axis=0), rtol=1e-6)


def test_before_anything_is_seen_nothing_is_changed():
    x = np.array([[0.5, -0.25]], dtype=np.float32)
    np.testing.assert_array_equal(Moments(2).normaliser()(x), x)


def test_a_channel_that_never_moves_is_not_blown_up_and_the_rest_is_bounded():
    moments = Moments(2)
    moments.add(sums(np.array([[1.0, 0.0], [1.0, 1.0]])), 2)
    normaliser = moments.normaliser()
    seen = normaliser(np.array([[1.001, 1e9]], np.float32))
    assert abs(seen[0, 0]) < 1
    assert seen[0, 1] == normaliser.bound


def test_a_state_goes_on_where_it_stood():
    moments, other = Moments(2), Moments(2)
    moments.add(sums(np.arange(6.0).reshape(3, 2)), 3)
    other.load_state_dict(moments.state_dict())
    for one in (moments, other):
        one.add(sums(np.ones((2, 2))), 2)
    np.testing.assert_array_equal(moments.normaliser().std, other.normaliser().std)
