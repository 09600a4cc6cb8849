"""What the readable and the compiled step share by position: names in their order, once.

A class here names the rows of an array. Made with values it is one row for each name; made by
`positions` it says which row is whose, and that is what compiled code indexes with.
"""

from __future__ import annotations

from typing import Any, NamedTuple, TypeVar

TINY = 1e-300
"""Added to a length before dividing by it: a direction or a fraction stays finite where it is 0."""


class Terms(NamedTuple):
    """The terms of the reward, summed in this order."""

    progress: Any
    target: Any
    energy: Any


class Weights(NamedTuple):
    """What the terms are worth, as in `RewardWeights`."""

    progress_length: Any
    target: Any
    energy_price: Any


class Counts(NamedTuple):
    """What the tally of an episode counts beside the targets reached."""

    score: Any
    distance: Any
    path: Any
    energy: Any


FIRST_TERM = 0
REWARD = FIRST_TERM + len(Terms._fields)
FIRST_COUNT = REWARD + 1
TARGETS = FIRST_COUNT + len(Counts._fields)
TERMINATED = TARGETS + 1
FIGURES = TERMINATED + 1
"""How many rows a step's figures have, and which is whose: the terms, the reward, the counts, the
targets reached so far, and 1 where the episode is over."""


class Channels(NamedTuple):
    """Everything that can be observed; a layout chooses from it."""

    target_distance: Any
    target_cos: Any
    target_sin: Any
    grip: Any
    muscle_length: Any
    velocity: Any
    turn_rate: Any


class Drive(NamedTuple):
    """How a command moves a grip or a muscle, see `Actuator`."""

    middle: Any
    up: Any
    down: Any
    least: Any
    decay: Any


class Links(NamedTuple):
    """A spring and its damper."""

    rest: Any  # length [unit]
    stiffness: Any
    damped: Any  # share of the speed along it that a solver iteration takes away
    mass: Any  # effective mass of its two ends


_Names = TypeVar("_Names", bound=tuple)


def positions(names: type[_Names]) -> _Names:
    """The position of each name, under that name."""
    return names(*range(len(names._fields)))  # type: ignore[attr-defined]
