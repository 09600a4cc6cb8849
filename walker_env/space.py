"""What the single and the vector environment share: spaces, checks at the border, and info."""

from __future__ import annotations

import importlib.util
import math
import os
from typing import Any

import gymnasium as gym
import numpy as np
from gymnasium.envs.registration import EnvSpec

from walker_env.batch import WalkerBatch
from walker_env.courses import checked_targets
from walker_env.observation import ACTION, bounds
from walker_env.schema import FIRST_COUNT, FIRST_TERM, TARGETS, Counts, Terms
from walker_env.stepper import Step

REWARD = "reward_"
"""Begins the names of the reward terms in ``info``."""

INFO = {
    "targets": "targets reached in this episode",
    "score": "targets reached plus the fraction of the way to the next",
    "distance": "distance from the head to the target [unit]",
    "path": "way the body's centre has travelled in this episode [unit]",
    "energy": "energy spent in this episode [energy unit]: muscle work and grip",
}
"""Keys of ``info`` beside the reward terms, for the docs."""


def spaces(batch: WalkerBatch) -> tuple[gym.spaces.Box, gym.spaces.Box]:
    """Observation and action space of one walker of ``batch``."""
    low, high = bounds(batch.layout, batch.body)
    action_low, action_high = bounds(ACTION, batch.body)
    return (
        gym.spaces.Box(low, high, dtype=np.float32),
        gym.spaces.Box(action_low, action_high, dtype=np.float32),
    )


def info_arrays(batch: WalkerBatch, step: Step | None) -> dict[str, np.ndarray]:
    """The values of ``info`` for all walkers, each ``(N,)``; reward terms are 0 before a step."""
    if step is None:
        return batch.tally() | {f"{REWARD}{name}": np.zeros(batch.n) for name in Terms._fields}
    return step.tally | {f"{REWARD}{name}": value for name, value in step.terms.items()}


_FIGURES = {
    "targets": TARGETS,
    **{name: FIRST_COUNT + place for place, name in enumerate(Counts._fields)},
    **{f"{REWARD}{name}": FIRST_TERM + place for place, name in enumerate(Terms._fields)},
}


def info_of_one(figures: list[float]) -> dict[str, Any]:
    """The values of ``info`` of a single walker after a step, from its figures."""
    info: dict[str, Any] = {name: figures[row] for name, row in _FIGURES.items()}
    info["targets"] = int(info["targets"])
    return info


def check_seed(seed: Any) -> int:
    """The seed of one walker as an int.

    Raises:
        ValueError: Not an int in [0, 2^64).
    """
    whole = isinstance(seed, (int, np.integer)) and not isinstance(seed, bool)
    if not whole or not 0 <= seed < 1 << 64:
        raise ValueError(f"seed must be an int in [0, 2**64), got {seed!r}")
    return int(seed)


def check_action(action: Any, shape: tuple[int, ...]) -> np.ndarray:
    """The action as a finite numeric array of ``shape``; values beyond [-1, 1] are left to clip.

    Raises:
        ValueError: Another shape, NaN or infinity.
        TypeError: Not numbers.
    """
    array = np.asarray(action)
    if array.dtype.kind not in "fiub":
        raise TypeError(f"action must hold real numbers, got dtype {array.dtype}")
    if array.shape != shape:
        raise ValueError(f"action must have shape {shape}, got {array.shape}")
    if array.dtype.kind == "f" and not (_surely_finite(array) or np.isfinite(array).all()):
        *walker, element = (int(i) for i in np.argwhere(~np.isfinite(array))[0])
        place = f"element {element}" + "".join(f" of walker {i}" for i in walker)
        raise ValueError(f"action must be finite, got {array[(*walker, element)]} in {place}")
    return array


def _surely_finite(array: np.ndarray) -> bool:
    """Whether the sum of the squares is finite: then every number is. It is quick for a few."""
    return array.dtype.char in "fd" and array.ndim == 1 and math.isfinite(array.dot(array))


def check_render_size(size: Any) -> None:
    """Refuse pictures that show nothing.

    Raises:
        ValueError: Not an int >= 32 [pixel].
    """
    if not (isinstance(size, (int, np.integer)) and size >= 32):
        raise ValueError(f"render_size must be an int >= 32 [pixel], got {size!r}")


def can_draw() -> bool:
    """Whether the library that draws is installed (extra ``render``); it is not loaded."""
    return importlib.util.find_spec("pygame") is not None


def check_targets(options: dict[str, Any] | None, known: tuple[str, ...]) -> np.ndarray | None:
    """The caller's own course from ``reset(options=...)``, ``(P, 2)`` float64, or None.

    Raises:
        ValueError: An unknown option, or targets that are not finite numbers of that shape.
    """
    if not isinstance(options, (dict, type(None))):
        raise TypeError(f"reset options must be a dict, got {type(options).__name__}")
    options = options or {}
    unknown = sorted(map(str, set(options) - set(known)))
    if unknown:
        raise ValueError(f"reset knows the options {sorted(known)}, got {unknown}")
    if options.get("targets") is None:
        return None
    return checked_targets(options["targets"], "options['targets']")


class JsonSpec:
    """An environment whose spec can be written as JSON, where it was made with paths or arrays."""

    _spec: EnvSpec | None = None

    @property
    def spec(self) -> EnvSpec | None:
        """What `gymnasium.make` made it from."""
        return self._spec

    @spec.setter
    def spec(self, spec: EnvSpec | None) -> None:
        if spec is not None:
            spec.kwargs = {name: _plain(value) for name, value in spec.kwargs.items()}
        self._spec = spec


def _plain(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return value.tolist()
    return os.fspath(value) if isinstance(value, os.PathLike) else value
