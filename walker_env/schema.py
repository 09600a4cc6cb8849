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
    foot_grip: Any
    foot_depth: Any
    ahead_grip: Any
    ahead_depth: Any


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


class Soil(NamedTuple):
    """The constants of a ground that is not even, of a body and a world; `walker_env.ground`."""

    kind: int  # PATCHES, TRACK or SAND
    grip: tuple[float, float, float]  # share that a foot has, of FIRM, ICE, MUD
    keep: tuple[float, float, float]  # share of a node's speed after a physics step, of the same
    per_patch: float  # [1/unit] lattice points of the field
    card: Any  # (H, W) uint8, FIRM, ICE or MUD in the cells of the track
    left: float  # [unit] where the cells begin, of the track or of the sand
    low: float
    per_cell: float  # [1/unit]
    resist: Any  # (K,) [s/unit], what a level of sand takes from a node's speed by its speed
    pace: float  # [s/unit] a physics step, over a cell
    soften: float  # share of grip that a level of sand takes


PATCHES, TRACK, SAND = range(1, 4)
"""Kinds of ground that are not even."""

FIRM, ICE, MUD = range(3)
"""What a place is, on patches and on the track."""

ICE_BELOW, MUD_ABOVE = 0.38, 0.62
"""Heights of the field of patches: what is ice, what is mud; between them it is firm."""

LATTICE_X, LATTICE_Y = 0x9E3779B1, 0x85EBCA77
MIX_A, MIX_B = 0x85EBCA6B, 0xC2B2AE35
"""Factors that hash a lattice point: of its column, its row, and of MurmurHash3's finalizer."""

FARTHEST_POINT = float(1 << 30)
"""A lattice point or cell that is farther is taken for number 0."""

FRESH = 255
"""Levels of sand that nobody has trodden."""

FEELERS = ((60.0, 0.0), (45.0, 45.0), (45.0, -45.0))
"""Where feelers touch the ground, from the head, forward and left [unit]."""

_Names = TypeVar("_Names", bound=tuple)


def positions(names: type[_Names]) -> _Names:
    """The position of each name, under that name."""
    return names(*range(len(names._fields)))  # type: ignore[attr-defined]
