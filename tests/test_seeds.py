"""Seeds: nobody is tested, validated or shown on what may be trained on."""

import numpy as np
import pytest

from walker_env import WalkerBatch
from walker_env.seeds import (
    TRAINING_LIMIT,
    check_training_seed,
    held_out_seeds,
    show_seed,
    validation_seeds,
)

WIDEST = TRAINING_LIMIT + 1_000_000
"""A vector environment counts on from its seed."""


def test_the_ranges_do_not_meet():
    ranges = [
        held_out_seeds(1000),
        validation_seeds(1000),
        np.array([show_seed(0), show_seed(999)]),
    ]
    everything = np.concatenate([part.astype(np.uint64) for part in ranges])
    assert len(np.unique(everything)) == len(everything)
    assert everything.min() >= 2 * TRAINING_LIMIT


def test_training_never_meets_the_courses_that_count():
    held_out, validation = held_out_seeds(4096), validation_seeds(4096)
    assert not np.isin(held_out, validation).any()
    assert min(held_out.min(), validation.min()) > WIDEST
    for seed in (*held_out[:50].tolist(), *validation[:50].tolist()):
        with pytest.raises(ValueError, match="a training seed must be"):
            check_training_seed(seed)
    assert check_training_seed(TRAINING_LIMIT - 1) == TRAINING_LIMIT - 1


def test_held_out_courses_are_other_courses_than_those_of_training():
    batch = WalkerBatch(3)
    batch.reset(seed=np.arange(3))
    training = batch.state.targets.copy()
    batch.reset(seed=held_out_seeds(3))
    assert not np.isin(batch.state.targets, training).any()


@pytest.mark.parametrize("seed", [-1, TRAINING_LIMIT, 1.5, True, "7"])
def test_a_seed_that_training_may_not_use_is_refused(seed):
    with pytest.raises(ValueError, match="a training seed must be"):
        check_training_seed(seed)


@pytest.mark.parametrize("number", [-1, TRAINING_LIMIT])
def test_a_course_to_show_has_a_number_in_range(number):
    with pytest.raises(ValueError, match="seed must be an int in"):
        show_seed(number)
