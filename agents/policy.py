"""A policy: a small neural network in numpy, and the file it lives in.

A file is self-contained and never runs code: safetensors with the weights and one JSON text.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load as load_tensors
from safetensors.numpy import save as save_tensors

from agents.files import atomic_write
from walker_env import ENV_ID, Options
from walker_env.body import get_body
from walker_env.observation import ACTION, LAYOUT_VERSION, get_layout, width

FORMAT = "walker-policy"
FORMAT_VERSION = 0
MAX_BYTES = 10_000_000
"""Size of the largest file that is read."""

LIMIT = 1e6
"""Largest magnitude of a number in a policy: actions are finite for every finite observation."""

NAME_MAX = 60
"""Longest name, in characters; it stands in tables and on cards."""

STD_MIN = 1e-6
"""Smallest standard deviation of the normalisation."""

OUTPUTS = ("tanh", "clip")

_META = "policy"  # the one metadata key of the file


class PolicyError(ValueError):
    """A policy that cannot be used; says what was expected, what came, and in which file."""


@dataclass(frozen=True, eq=False)
class Policy:
    """A multilayer perceptron from observations to actions, checked when made.

    ``x = clip((obs - mean) / std, ±obs_clip)``, then ``tanh(x @ W + b)`` for each hidden layer, and
    the last layer bounded by ``output``. Arrays are copied to float32 and made read-only.

    Attributes:
        name: Shown in tables and cards.
        weights: ``(W (I, O), b (O,))`` of each layer; I of the first is the observation's width, O
            of the last the action's.
        mean: Subtracted from the observation, ``(I,)``.
        std: The difference is divided by it, ``(I,)``, at least `STD_MIN`.
        obs_clip: Bound of the normalised observation.
        output: ``"tanh"``, or ``"clip"`` (SB3's PPO: an unbounded mean, clipped).
        options: The environment the policy was made for.
        training: How it was made, JSON-ready: algorithm, config, seed, steps, seconds, versions.

    Raises:
        PolicyError: Shapes that do not fit each other, the observation layout or the body; numbers
            that are not finite or out of bounds; an unknown output.
    """

    name: str
    weights: tuple[tuple[np.ndarray, np.ndarray], ...]
    mean: np.ndarray
    std: np.ndarray
    obs_clip: float = 10.0
    output: str = "clip"
    options: Options = field(default_factory=Options)
    training: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        layers = tuple(
            (_array(w, f"w{i}"), _array(b, f"b{i}")) for i, (w, b) in enumerate(self.weights)
        )
        object.__setattr__(self, "weights", layers)
        object.__setattr__(self, "mean", _array(self.mean, "mean"))
        object.__setattr__(self, "std", _array(self.std, "std"))
        if not isinstance(self.training, dict):
            raise PolicyError(f"training must be a dict, got {type(self.training).__name__}")
        _check_words(self)
        _check_shapes(self)
        if self.std.min() < STD_MIN:
            raise PolicyError(f"std must be at least {STD_MIN}, got {self.std.min()}")

    @property
    def sizes(self) -> tuple[int, ...]:
        """Widths of the layers: observation, hidden ones, action."""
        return (len(self.mean), *(len(b) for _, b in self.weights))

    def act(self, obs: np.ndarray) -> np.ndarray:
        """Actions of N walkers; a row depends on its own observation alone, to the last bit.

        Args:
            obs: Observations, ``(N, O)``.

        Returns:
            ``(N, A)`` float32 in [-1, 1].

        Raises:
            ValueError: ``obs`` does not have the shape this policy was made for.
        """
        obs = np.asarray(obs, dtype=np.float32)
        if obs.ndim != 2 or obs.shape[1] != self.sizes[0]:
            raise ValueError(f"obs must have shape (N, O) = (N, {self.sizes[0]}), got {obs.shape}")
        x = np.clip((obs - self.mean) / self.std, -self.obs_clip, self.obs_clip)
        for w, b in self.weights[:-1]:
            x = np.tanh(_times(x, w) + b)
        w, b = self.weights[-1]
        y = _times(x, w) + b
        return np.tanh(y) if self.output == "tanh" else np.clip(y, -1.0, 1.0)

    def save(self, path: str | Path) -> None:
        """Write the policy to one file, whole or not at all.

        Raises:
            PolicyError: ``training`` is not JSON-ready, or the options have no names to save.
        """
        tensors = {"mean": self.mean, "std": self.std}
        for i, (w, b) in enumerate(self.weights):
            tensors |= {f"w{i}": w, f"b{i}": b}
        try:
            meta = json.dumps(_describe(self), allow_nan=False)
        except (TypeError, ValueError) as error:
            raise PolicyError(f"{path}: the policy cannot be written as JSON: {error}") from error
        atomic_write(path, save_tensors(tensors, metadata={_META: meta}))

    @classmethod
    def load(cls, path: str | Path) -> Policy:
        """Read a policy from a file; never runs code.

        Raises:
            PolicyError: The file is missing, too big, damaged, of a foreign format or layout, or
                holds numbers or shapes that make no policy. The message names the file.
        """
        try:
            tensors, meta = _parse(_read(Path(path)))
            return _build(tensors, meta)
        except ValueError as error:  # PolicyError, and Options that do not exist
            raise PolicyError(f"{path}: {error}") from error


def _times(x: np.ndarray, w: np.ndarray) -> np.ndarray:
    """``x @ w``, row by row: BLAS rounds a row differently with the number of rows beside it."""
    return (x[:, None, :] @ w)[:, 0, :]


def _array(value: np.ndarray, name: str) -> np.ndarray:
    array = np.array(value, dtype=np.float32, order="C")
    array.flags.writeable = False
    if not np.isfinite(array).all():
        raise PolicyError(f"{name} must be finite, got {array[~np.isfinite(array)][0]}")
    if array.size and np.abs(array).max() > LIMIT:
        raise PolicyError(f"{name} must lie within ±{LIMIT:g}, got {np.abs(array).max():g}")
    return array


def _check_words(policy: Policy) -> None:
    for what, text in (("name", policy.name), ("algorithm", policy.training.get("algorithm", "-"))):
        if not isinstance(text, str) or not 0 < len(text) <= NAME_MAX or not text.isprintable():
            raise PolicyError(
                f"{what} must be 1 to {NAME_MAX} printable characters, got {text!r:.80}"
            )
    if policy.output not in OUTPUTS:
        raise PolicyError(f"output must be one of {OUTPUTS}, got {policy.output!r}")
    clip = policy.obs_clip
    if isinstance(clip, bool) or not isinstance(clip, (int, float)) or not 0 < clip <= LIMIT:
        raise PolicyError(f"obs_clip must be a number in (0, {LIMIT:g}], got {clip!r}")
    for what in ("steps", "seconds", "run_steps", "run_seconds"):
        cost = policy.training.get(what, 0)
        if isinstance(cost, bool) or not isinstance(cost, (int, float)) or not 0 <= cost < 1e18:
            raise PolicyError(f"training: {what} must be a number in [0, 1e18), got {cost!r:.80}")


def _check_shapes(policy: Policy) -> None:
    body = get_body(policy.options.body)
    layout = policy.options.observation
    before = width(get_layout(layout), body)
    for name in ("mean", "std"):
        _check_shape(name, getattr(policy, name), (before,), f"width of layout {layout!r}")
    if not policy.weights:
        raise PolicyError("weights must hold at least one layer (W, b), got none")
    for i, (w, b) in enumerate(policy.weights):
        last = i == len(policy.weights) - 1
        after = width(ACTION, body) if last else w.shape[-1] if w.ndim == 2 else 1
        _check_shape(f"w{i}", w, (before, max(after, 1)), "(inputs, outputs)")
        _check_shape(f"b{i}", b, (after,), "(outputs,)")
        before = after


def _check_shape(name: str, array: np.ndarray, expected: tuple[int, ...], meaning: str) -> None:
    if array.shape != expected:
        raise PolicyError(f"{name} must have shape {expected}, {meaning}; got {array.shape}")


def _describe(policy: Policy) -> dict:
    """Everything but the weights, JSON-ready."""
    return {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "layout_version": LAYOUT_VERSION,
        "env_id": ENV_ID,
        "name": policy.name,
        "sizes": list(policy.sizes),
        "obs_clip": float(policy.obs_clip),
        "output": policy.output,
        "options": policy.options.as_dict(),
        "training": policy.training,
    }


def _read(path: Path) -> bytes:
    try:
        with open(path, "rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise PolicyError(f"cannot be read: {error.strerror}") from error
    if len(content) > MAX_BYTES:
        raise PolicyError(f"must have at most {MAX_BYTES} bytes, but it has more")
    return content


def _parse(content: bytes) -> tuple[dict[str, np.ndarray], dict]:
    """The tensors and the description in a file's bytes."""
    try:
        tensors = load_tensors(content)
    except (SafetensorError, KeyError, TypeError) as error:  # the latter: no such numpy dtype
        raise PolicyError(
            f"expected a whole safetensors file, got {len(content)} bytes that are none ({error})"
        ) from error
    for name, tensor in tensors.items():
        if tensor.dtype != np.float32:
            raise PolicyError(f"{name} must be float32, got {tensor.dtype}")
    header = json.loads(content[8 : 8 + int.from_bytes(content[:8], "little")])
    text = header.get("__metadata__", {}).get(_META)
    if text is None:
        raise PolicyError(f"expected metadata {_META!r} written by Policy.save, got none")
    try:
        meta = json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise PolicyError(f"metadata {_META!r} must be JSON: {error}") from error
    if not isinstance(meta, dict):
        raise PolicyError(f"metadata {_META!r} must be an object, got {type(meta).__name__}")
    return tensors, meta


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no number of JSON")


def _build(tensors: dict[str, np.ndarray], meta: dict) -> Policy:
    ours = {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "layout_version": LAYOUT_VERSION,
        "env_id": ENV_ID,
    }
    for key, expected in ours.items():
        if meta.get(key) != expected:
            raise PolicyError(f"{key} must be {expected!r}, got {meta.get(key)!r}")
    missing = {"name", "sizes", "obs_clip", "output", "options", "training"} - set(meta)
    if missing:
        raise PolicyError(f"metadata lacks {sorted(missing)}")
    try:
        options = Options(**meta["options"])
    except TypeError as error:  # not keywords, or unknown ones
        raise PolicyError(f"options must be keywords of walker_env.Options: {error}") from error
    names = {"name", "obs_clip", "output", "training"}
    policy = Policy(
        weights=_layers(tensors),
        mean=tensors["mean"],
        std=tensors["std"],
        options=options,
        **{name: meta[name] for name in names},
    )
    if list(policy.sizes) != meta["sizes"]:
        raise PolicyError(f"sizes are {meta['sizes']}, but the weights have {list(policy.sizes)}")
    return policy


def _layers(tensors: dict[str, np.ndarray]) -> tuple[tuple[np.ndarray, np.ndarray], ...]:
    count = max(1, (len(tensors) - 2) // 2)
    names = {"mean", "std"} | {f"{kind}{i}" for kind in "wb" for i in range(count)}
    if set(tensors) != names:
        raise PolicyError(f"expected tensors {sorted(names)}, got {sorted(tensors)}")
    return tuple((tensors[f"w{i}"], tensors[f"b{i}"]) for i in range(count))
