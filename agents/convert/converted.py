"""What a policy of another library becomes here, and how far its actions are from the original's.

Another library computes in float32 and in an order of its own, and its tanh is the C library's;
ours is float64 and rational (`agents.networks`). So every conversion is measured.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from agents.networks.network import MLP, Normaliser
from agents.policy_checks import LIMIT, PolicyError, check_shapes, checked_normaliser, frozen
from walker_env import Options
from walker_env.observation import LAYOUTS, fitting_layouts, width

OBSERVATIONS = 1000
"""How many are compared."""

FAITHFUL = 1e-3
"""Largest difference of an action that rounding is taken for; a larger one is another network."""


_BLOCK = 1 << 20  # most numbers of a layer that are compared at once: 8 MB


@dataclass(frozen=True)
class Converted:
    """The parts of a `Policy`, which it takes as keywords.

    Attributes:
        network: Its weights are those of the original.
        normaliser: What the network sees of an observation.
        options: The environment.
        training: How it was made, JSON-ready; ``"converted"`` has the difference of actions.
    """

    network: MLP
    normaliser: Normaliser
    options: Options
    training: dict[str, Any]

    @property
    def difference(self) -> float:
        """The largest difference of actions that was measured."""
        return self.training["converted"]["largest_difference"]


def converted(
    parts: Converted, theirs: Callable[[np.ndarray], np.ndarray], source: str
) -> Converted:
    """The parts, compared with the original and checked.

    Args:
        parts: Ours.
        theirs: The original's actions ``(N, A)`` for raw observations ``(N, O)`` float32.
        source: What it was converted from, for ``training``.

    Raises:
        PolicyError: Parts that make no policy, or that act otherwise than the original.
    """
    network, normaliser = frozen(parts.network), checked_normaliser(parts.normaliser)
    check_shapes(network, normaliser, parts.options)
    obs = observations(normaliser)
    rows = max(1, _BLOCK // max(b.size for _, b in parts.network.weights))
    blocks = [obs[i : i + rows] for i in range(0, len(obs), rows)]
    difference = float(
        np.max([np.abs(network.act(block, normaliser) - theirs(block)).max() for block in blocks])
    )
    if not difference <= FAITHFUL:
        raise PolicyError(
            f"the network taken from it acts otherwise than it does, by up to {difference:.2g} in "
            f"{OBSERVATIONS:,} observations: it holds something that a policy file cannot"
        )
    told = {"from": source, "largest_difference": difference, "observations": OBSERVATIONS}
    return replace(parts, training=parts.training | {"converted": told})


def observations(normaliser: Normaliser) -> np.ndarray:
    """`OBSERVATIONS` that are always the same, ``(N, O)`` float32.

    They lie around the mean with heavy tails, so that some of them meet the normaliser's bound.
    """
    rng = np.random.default_rng(0)
    drawn = rng.standard_t(2, (OBSERVATIONS, len(normaliser.mean)))
    return (normaliser.mean + normaliser.std * drawn).astype(np.float32)


def unchanged(inputs: int) -> Normaliser:
    """A normaliser through which observations pass as they are."""
    return Normaliser(np.zeros(inputs, np.float32), np.ones(inputs, np.float32), LIMIT)


def fitting_options(inputs: int, known: Options | Mapping[str, Any] | None = None) -> Options:
    """Options whose observation is as wide as a network reads.

    Args:
        inputs: Numbers that it reads.
        known: The environment that it was trained in, or some options of it by name; where the
            observation is not among them, it is the one that fits.

    Raises:
        PolicyError: There is none, or ``known`` are no options.
    """
    if known is not None and not isinstance(known, (Options, Mapping)):
        raise PolicyError(f"options must be Options, got {type(known).__name__}")
    try:
        options = known if isinstance(known, Options) else Options(**(known or {}))
    except TypeError as error:
        raise PolicyError(f"options must be those of Options: {error!s:.150}") from error
    others = fitting = fitting_layouts(inputs, options.body)
    if isinstance(known, Options) or "observation" in (known or {}):
        fitting = [options.observation] if options.observation in fitting else []
        tried = {options.observation: LAYOUTS[options.observation]}
    else:
        tried = LAYOUTS
    if not fitting:
        widths = {name: width(layout, options.body) for name, layout in tried.items()}
        seen = " or ".join(f"{size} ({name!r})" for name, size in widths.items())
        raise PolicyError(
            f"the network reads {inputs} numbers, an observation of the body "
            f"{options.body.name!r} has {seen}; {_remedy(inputs, options, others)}"
        )
    return replace(options, observation=fitting[0])


def _remedy(inputs: int, options: Options, others: list[str]) -> str:
    if others:
        return f"the observation {others[0]!r} is as wide"
    for layout in LAYOUTS.values():
        times, rest = divmod(inputs, width(layout, options.body))
        if times > 1 and not rest:
            return (
                f"if it sees {times} observations at once (VecFrameStack), a policy file cannot "
                "hold it; otherwise name the body that it was trained with"
            )
    return "name the body that it was trained with"
