"""A policy: a small neural network, what it sees normalised, and the file it lives in.

A file is self-contained and never runs code: safetensors with the weights and one JSON text, which
holds the whole plans of the body, the world and the reward it was made for. The same file gives the
same actions to the last bit on any machine (`network`).

Files of format 1, from version 0.1, name their body and world; the names stand for the plans that
0.1 had (`walker_env.legacy`).
"""

from __future__ import annotations

import hashlib
import json
import warnings
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from agents.container import (
    ContainerError,
    load_container,
    pack_container,
    parse_container,
    save_container,
)
from agents.networks.activation import HIDDEN, OUTPUT
from agents.networks.network import MLP, Graph, Network, Normaliser
from walker_env import ENV_ID, Options
from walker_env.legacy import named_options
from walker_env.observation import ACTION, LAYOUT_VERSION, get_layout, width
from walker_env.plan import NAME_MAX, PlanError

FORMAT = "walker-policy"
FORMAT_VERSION = 2
NAMED_VERSION = 1
"""Of the files whose bodies and worlds are names."""

MAX_BYTES = 10_000_000
"""Size of the largest file that is read."""

LIMIT = 1e6
"""Largest magnitude of a number in a policy: actions are finite for every finite observation."""

TRAINING_MAX = 100_000
"""Most characters of JSON that tell how a policy was made: reports and pages repeat them."""

STD_MIN = 1e-6
"""Smallest standard deviation of the normalisation."""

_META = "policy"  # the one metadata key of the file
_INDICES = ("edges", "source")  # tensors that count


class PolicyError(ValueError):
    """A policy that cannot be used; says what was expected, what came, and in which file."""


@dataclass(frozen=True, eq=False)
class Policy:
    """A network from normalised observations to actions, checked when made.

    Arrays are copied to float32 (indices to int32) and made read-only.

    Attributes:
        name: Shown in tables and cards.
        network: An `MLP` or a `Graph`.
        normaliser: What the network sees of an observation; ``std`` is at least `STD_MIN`.
        options: The environment the policy was made for.
        training: How it was made, JSON-ready: algorithm, config, seed, steps, seconds, versions.
        format_version: Of the file it was loaded from; it is always written in the newest.

    Raises:
        PolicyError: Shapes that do not fit each other, the observation layout or the body; numbers
            that are not finite or out of bounds; an unknown activation.
    """

    name: str
    network: Network
    normaliser: Normaliser
    options: Options = field(default_factory=Options)
    training: dict[str, Any] = field(default_factory=dict)
    format_version: int = field(default=FORMAT_VERSION, init=False)

    def __post_init__(self) -> None:
        old = self.normaliser
        normaliser = Normaliser(_array(old.mean, "mean"), _array(old.std, "std"), old.bound)
        object.__setattr__(self, "normaliser", normaliser)
        object.__setattr__(self, "network", _frozen(self.network))
        _check_training(self.training)
        _check_words(self)
        _check_shapes(self)
        if normaliser.std.min() < STD_MIN:
            raise PolicyError(f"std must be at least {STD_MIN}, got {normaliser.std.min()}")

    @property
    def walker(self) -> str:
        """A hash of all that its steps depend on: two files of one walker have the same."""
        words = (self.network.kind, self.network.words(), float(self.normaliser.bound))
        drives = (self.options.body.digest, self.options.observation)
        arrays = {"mean": self.normaliser.mean, "std": self.normaliser.std}
        found = hashlib.sha256(json.dumps([words, drives], sort_keys=True).encode())
        for name, array in sorted((arrays | self.network.tensors()).items()):
            found.update(f"{name} {array.dtype} {array.shape}".encode())
            found.update(np.ascontiguousarray(array).tobytes())
        return found.hexdigest()

    def act(self, obs: np.ndarray) -> np.ndarray:
        """Actions of N walkers; a row depends on its own observation alone, to the last bit.

        Args:
            obs: Observations, ``(N, O)``.

        Returns:
            ``(N, A)`` float32 in [-1, 1].

        Raises:
            ValueError: ``obs`` does not have the shape this policy was made for.
        """
        obs = np.ascontiguousarray(obs, dtype=np.float32)
        width = self.network.inputs
        if obs.ndim != 2 or obs.shape[1] != width:
            raise ValueError(f"obs must have shape (N, O) = (N, {width}), got {obs.shape}")
        return self.network.act(obs, self.normaliser)

    def save(self, path: str | Path) -> None:
        """Write the policy to one file, whole or not at all.

        Warns:
            UserWarning: It comes from a file of an older format: the new file has another SHA-256,
                and with it other private courses on the leaderboard.

        Raises:
            PolicyError: ``training`` is not JSON-ready, or the course is a function.
        """
        if self.format_version != FORMAT_VERSION:
            warnings.warn(
                f"{path}: {self.name!r} is written in format {FORMAT_VERSION} and was read in "
                f"format {self.format_version}: its SHA-256 changes, and with it its private "
                "courses on the leaderboard; copy the old file to keep them",
                stacklevel=2,
            )
        try:
            save_container(path, _META, _tensors(self), _describe(self))
        except (ContainerError, PlanError) as error:
            raise PolicyError(f"{path}: {error}") from error

    def to_bytes(self) -> bytes:
        """The bytes of its file in the newest format.

        Raises:
            PolicyError: As `save` raises.
        """
        try:
            return pack_container(_META, _tensors(self), _describe(self))
        except (ContainerError, PlanError) as error:
            raise PolicyError(str(error)) from error

    @classmethod
    def load(cls, path: str | Path) -> Policy:
        """Read a policy from a file; never runs code.

        Raises:
            PolicyError: The file is missing, too big, damaged, of a foreign format or layout, or
                holds numbers or shapes that make no policy. The message names the file.
        """
        try:
            return _build(*load_container(path, _META, MAX_BYTES))
        except ValueError as error:  # of the container, the policy, or its options
            raise PolicyError(f"{path}: {error}") from error

    @classmethod
    def from_bytes(cls, content: bytes) -> Policy:
        """Read a policy from a file's bytes; never runs code.

        Raises:
            PolicyError: As `load` raises, without the name of a file.
        """
        try:
            return _build(*parse_container(content, _META))
        except PolicyError:
            raise
        except ValueError as error:  # of the container, or of the options
            raise PolicyError(str(error)) from error


def _array(value: np.ndarray, name: str) -> np.ndarray:
    array = np.array(value, dtype=np.float32, order="C")
    array.flags.writeable = False
    if not np.isfinite(array).all():
        raise PolicyError(f"{name} must be finite, got {array[~np.isfinite(array)][0]}")
    if array.size and np.abs(array).max() > LIMIT:
        raise PolicyError(f"{name} must lie within ±{LIMIT:g}, got {np.abs(array).max():g}")
    return array


def _whole(value: np.ndarray, name: str) -> np.ndarray:
    array = np.array(value, order="C")
    if array.dtype.kind not in "iu" or array.ndim != 1:
        raise PolicyError(f"{name} must be a row of whole numbers, got {array.dtype} {array.shape}")
    array = array.astype(np.int32)
    array.flags.writeable = False
    return array


def _frozen(network: Network) -> Network:
    """The network with checked arrays of its own."""
    if isinstance(network, MLP):
        layers = enumerate(network.weights)
        weights = tuple((_array(w, f"w{i}"), _array(b, f"b{i}")) for i, (w, b) in layers)
        return MLP(weights, network.hidden, network.output)
    if isinstance(network, Graph):
        return Graph(
            width=network.width,
            bias=_array(network.bias, "bias"),
            edges=_whole(network.edges, "edges"),
            source=_whole(network.source, "source"),
            weight=_array(network.weight, "weight"),
            outputs=network.outputs,
        )
    raise PolicyError(f"network must be an MLP or a Graph, got {type(network).__name__}")


def _check_training(training: Any) -> None:
    if not isinstance(training, dict):
        raise PolicyError(f"training must be a dict, got {type(training).__name__}")
    try:
        length = len(json.dumps(training, default=str))
        json.dumps(training, default=str, ensure_ascii=False).encode()  # no half surrogate pairs
    except (TypeError, ValueError, RecursionError) as error:
        raise PolicyError(f"training must be fit for JSON: {error}") from error
    if length > TRAINING_MAX:
        raise PolicyError(
            f"training must have at most {TRAINING_MAX:,} characters as JSON, got {length:,}"
        )


def _check_words(policy: Policy) -> None:
    for what, text in (("name", policy.name), ("algorithm", policy.training.get("algorithm", "-"))):
        if not isinstance(text, str) or not 0 < len(text) <= NAME_MAX or not text.isprintable():
            raise PolicyError(
                f"{what} must be 1 to {NAME_MAX} printable characters, got {text!r:.80}"
            )
    bound = policy.normaliser.bound
    if isinstance(bound, bool) or not isinstance(bound, (int, float)) or not 0 < bound <= LIMIT:
        raise PolicyError(f"obs_clip must be a number in (0, {LIMIT:g}], got {bound!r}")
    for what in ("steps", "seconds", "cpu_seconds", "run_steps", "run_seconds", "run_cpu_seconds"):
        cost = policy.training.get(what, 0)
        if isinstance(cost, bool) or not isinstance(cost, (int, float)) or not 0 <= cost < 1e18:
            raise PolicyError(f"training: {what} must be a number in [0, 1e18), got {cost!r:.80}")


def _check_shapes(policy: Policy) -> None:
    body = policy.options.body
    layout = policy.options.observation
    before, after = width(get_layout(layout), body), width(ACTION, body)
    for name in ("mean", "std"):
        array = getattr(policy.normaliser, name)
        _check_shape(name, array, (before,), f"width of layout {layout!r}")
    if isinstance(policy.network, MLP):
        _check_mlp(policy.network, before, after)
    else:
        assert isinstance(policy.network, Graph)  # _frozen has seen to it
        _check_graph(policy.network, before, after)


def _check_mlp(network: MLP, before: int, action: int) -> None:
    for name, known in (("hidden", HIDDEN), ("output", OUTPUT)):
        if getattr(network, name) not in known:
            raise PolicyError(f"{name} must be one of {known}, got {getattr(network, name)!r}")
    if not network.weights:
        raise PolicyError("weights must hold at least one layer (W, b), got none")
    for i, (w, b) in enumerate(network.weights):
        last = i == len(network.weights) - 1
        after = action if last else w.shape[-1] if w.ndim == 2 else 1
        _check_shape(f"w{i}", w, (before, max(after, 1)), "(inputs, outputs)")
        _check_shape(f"b{i}", b, (after,), "(outputs,)")
        before = after


def _check_graph(network: Graph, before: int, action: int) -> None:
    nodes, arcs = network.bias.size, len(network.source)
    _check_shape("bias", network.bias, (nodes,), "nodes")
    if network.width != before or network.outputs != action or nodes < action:
        raise PolicyError(
            f"graph must have {before} inputs, {action} outputs and as many nodes at least, got "
            f"{network.width!r}, {network.outputs!r} and {nodes}"
        )
    _check_shape("edges", network.edges, (nodes + 1,), "nodes + 1")
    _check_shape("weight", network.weight, (arcs,), "as many as source")
    starts = network.edges
    if starts[0] != 0 or starts[-1] != arcs or (np.diff(starts) < 0).any():
        raise PolicyError(f"edges must rise from 0 to the number of sources, {arcs}")
    node = np.repeat(np.arange(nodes), np.diff(starts))
    if (network.source < 0).any() or (network.source >= before + node).any():
        raise PolicyError("source must name an input or a node computed before its own")


def _check_shape(name: str, array: np.ndarray, expected: tuple[int, ...], meaning: str) -> None:
    if array.shape != expected:
        raise PolicyError(f"{name} must have shape {expected}, {meaning}; got {array.shape}")


def _tensors(policy: Policy) -> dict[str, np.ndarray]:
    moments = {"mean": policy.normaliser.mean, "std": policy.normaliser.std}
    return moments | policy.network.tensors()


def _describe(policy: Policy) -> dict:
    """Everything but the weights, JSON-ready."""
    return {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "layout_version": LAYOUT_VERSION,
        "env_id": ENV_ID,
        "name": policy.name,
        "network": policy.network.kind,
        **policy.network.words(),
        "obs_clip": float(policy.normaliser.bound),
        "options": policy.options.as_dict(),
        "training": policy.training,
    }


def _build(tensors: dict[str, np.ndarray], meta: dict) -> Policy:
    for name, tensor in tensors.items():
        wanted = np.dtype("int32" if name in _INDICES else "float32")
        if tensor.dtype != wanted:
            raise PolicyError(f"{name} must be {wanted}, got {tensor.dtype}")
    ours = {"format": FORMAT, "layout_version": LAYOUT_VERSION, "env_id": ENV_ID}
    for key, expected in ours.items():
        if meta.get(key) != expected:
            raise PolicyError(f"{key} must be {expected!r}, got {meta.get(key)!r}")
    readers = {NAMED_VERSION: named_options, FORMAT_VERSION: Options.from_dict}
    version = meta.get("format_version")
    if not isinstance(version, int) or version not in readers:
        raise PolicyError(f"format_version must be one of {[*readers]}, got {version!r}")
    missing = {"name", "network", "obs_clip", "options", "training"} - set(meta)
    if missing:
        raise PolicyError(f"metadata lacks {sorted(missing)}")
    policy = Policy(
        name=meta["name"],
        network=_network(tensors, meta),
        normaliser=Normaliser(tensors["mean"], tensors["std"], meta["obs_clip"]),
        options=readers[version](meta["options"]),
        training=meta["training"],
    )
    object.__setattr__(policy, "format_version", version)
    return policy


def _network(tensors: dict[str, np.ndarray], meta: dict) -> Network:
    if meta["network"] == "graph":
        _check_names(tensors, {"bias", "edges", "source", "weight"})
        parts = {name: tensors[name] for name in ("bias", "edges", "source", "weight")}
        return Graph(width=meta.get("width", 0), outputs=meta.get("outputs", 0), **parts)
    if meta["network"] != "mlp":
        raise PolicyError(f"network must be 'mlp' or 'graph', got {meta['network']!r}")
    count = max(1, (len(tensors) - 2) // 2)
    _check_names(tensors, {f"{kind}{i}" for kind in "wb" for i in range(count)})
    weights = tuple((tensors[f"w{i}"], tensors[f"b{i}"]) for i in range(count))
    return MLP(weights, meta.get("hidden", ""), meta.get("output", ""))


def _check_names(tensors: dict[str, np.ndarray], weights: set[str]) -> None:
    names = {"mean", "std"} | weights
    if set(tensors) != names:
        raise PolicyError(f"expected tensors {sorted(names)}, got {sorted(tensors)}")
