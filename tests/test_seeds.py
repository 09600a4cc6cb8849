"""Seeds: nobody is tested, validated or shown on what may be trained on."""

import numpy as np
import pytest

from walker_env.seeds import (
    TRAINING_LIMIT,
    check_training_seed,
    held_out_seeds,
    show_seed,
    validation_seeds,
)


def test_the_ranges_do_not_meet():
    ranges = [
        held_out_seeds(1000),
        validation_seeds(1000),
        np.array([show_seed(0), show_seed(999)]),
    ]
    everything = np.concatenate([part.astype(np.uint64) for part in ranges])
    assert len(np.unique(everything)) == len(everything)
    assert everything.min() >= 2 * TRAINING_LIMIT


@pytest.mark.parametrize("seed", [-1, TRAINING_LIMIT, 1.5, True, "7"])
def test_a_seed_that_training_may_not_use_is_refused(seed):
    with pytest.raises(ValueError, match="a training seed must be"):
        check_training_seed(seed)


@pytest.mark.parametrize("number", [-1, TRAINING_LIMIT])
def test_a_course_to_show_has_a_number_in_range(number):
    with pytest.raises(ValueError, match="seed must be an int in"):
        show_seed(number)
