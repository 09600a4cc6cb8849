"""Running moments."""

import numpy as np

from agents.moments import Moments


def test_batches_give_the_moments_of_the_whole():
    data = np.random.default_rng(0).normal(3.0, 2.0, (1000, 4))
    moments = Moments(4)
    for part in np.split(data, [10, 11, 500]):
        moments.add(part)
    np.testing.assert_allclose(moments.mean, data.mean(axis=0))
    np.testing.assert_allclose(moments.std, data.std(axis=0))


def test_before_anything_is_seen_nothing_is_changed():
    moments, x = Moments(2), np.array([[0.5, -0.25]], dtype=np.float32)
    np.testing.assert_array_equal(moments.normalise(x), x)


def test_a_channel_that_never_moves_is_not_blown_up_and_the_rest_is_bounded():
    moments = Moments(2)
    moments.add(np.array([[1.0, 0.0], [1.0, 1.0]]))
    seen = moments.normalise(np.array([[1.001, 1e9]]))
    assert abs(seen[0, 0]) < 1
    assert seen[0, 1] == Moments.clip
    assert seen.dtype == np.float32


def test_a_copy_is_independent():
    moments = Moments(1)
    copy = moments.copy()
    moments.add(np.ones((5, 1)))
    assert copy.count == 0
    assert copy.mean[0] == 0
