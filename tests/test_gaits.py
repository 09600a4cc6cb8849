"""Gaits: made-up footfalls get the names that animals' gaits have."""

import numpy as np
import pytest

from agents.gaits import GAITS, MEANINGS, coordination_of, foot_pairs, gait_name
from walker_env import BODIES

PAIRS = foot_pairs(BODIES["quadruped"])


def footfall(phases, duty=0.5, cycle=8):
    """Grips (T, F) of feet that stand for a share of the cycle, from their phase on."""
    t = np.arange(60 * cycle)[:, None]
    return ((t / cycle - np.array(phases)) % 1.0 < duty).astype(float)


@pytest.mark.parametrize(
    ("phases", "duty", "name"),  # front left, front right, rear left, rear right
    [
        ((0.0, 0.5, 0.5, 0.0), 0.5, "trot"),
        ((0.0, 0.5, 0.0, 0.5), 0.5, "pace"),
        ((0.0, 0.0, 0.5, 0.5), 0.5, "bound"),
        ((0.0, 0.0, 0.0, 0.0), 0.5, "hop"),
        ((0.0, 0.5, 0.75, 0.25), 0.5, "walk"),
        ((0.0, 0.25, 0.5, 0.75), 0.5, "gallop"),
        ((0.0, 0.25, 0.0, 0.25), 0.5, "amble"),
        ((0.0, 0.0, 0.25, 0.25), 0.5, "lope"),
        ((0.0, 0.5, 0.25, 0.75), 0.75, "walk"),
        ((0.0, 0.25, 0.75, 0.5), 0.25, "crawl"),
        ((0.0, 0.5, 0.5, 0.0), 0.2, "trot"),
        ((0.0, 0.5, 0.5, 0.0), 0.8, "trot"),
    ],
)
def test_footfalls_have_their_names(phases, duty, name):
    assert gait_name(*coordination_of(footfall(phases, duty), PAIRS)) == name


def test_a_perfect_trot_lies_in_the_corner():
    assert coordination_of(footfall((0, 0.5, 0.5, 0)), PAIRS) == pytest.approx((-1, -1), abs=0.08)


def test_a_pair_with_an_idle_foot_counts_as_no_coordination():
    grip = footfall((0.0, 0.5, 0.5, 0.0))
    grip[:, 2] = 1.0
    assert coordination_of(grip, PAIRS) == pytest.approx((-0.5, -0.5), abs=0.08)
    assert coordination_of(np.ones((50, 4)), PAIRS) == (0.0, 0.0)


def test_partners_come_from_where_the_feet_are():
    assert PAIRS.sides == ((0, 1), (2, 3))
    assert PAIRS.ends == ((0, 2), (1, 3))
    hexapod = foot_pairs(BODIES["hexapod"])
    assert hexapod.sides == ((0, 1), (2, 3), (4, 5))
    assert hexapod.ends == ((0, 2), (2, 4), (1, 3), (3, 5))
    inchworm = foot_pairs(BODIES["inchworm"])
    assert (inchworm.sides, inchworm.ends) == ((), ((0, 1),))


def test_a_mirrored_body_has_the_same_pairs_with_left_and_right_exchanged():
    mirrored = foot_pairs(BODIES["quadruped"].mirrored())
    assert mirrored.sides == ((1, 0), (3, 2))
    assert set(mirrored.ends) == set(PAIRS.ends)


def test_every_name_is_explained():
    assert sorted(MEANINGS) == sorted(name for row in GAITS for name in row)
