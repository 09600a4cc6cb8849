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
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from agents.container import (
    ContainerError,
    load_container,
    pack_container,
    parse_container,
)
from agents.networks.network import MLP, Graph, Network, Normaliser
from agents.policy_checks import (
    MAX_BYTES,
    PolicyError,
    check_shapes,
    check_training,
    check_words,
    checked_normaliser,
    frozen,
)
from walker_env import ENV_ID, Options
from walker_env.files import atomic_write
from walker_env.legacy import named_options
from walker_env.observation import LAYOUT_VERSION
from walker_env.plan import PlanError

FORMAT = "walker-policy"
FORMAT_VERSION = 2
NAMED_VERSION = 1
"""Of the files whose bodies and worlds are names."""

_META = "policy"  # the one metadata key of the file
_INDICES = ("edges", "source")  # tensors that count


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
        object.__setattr__(self, "normaliser", checked_normaliser(self.normaliser))
        object.__setattr__(self, "network", frozen(self.network))
        check_training(self.training)
        check_words(self.name, self.training)
        check_shapes(self.network, self.normaliser, self.options)

    @property
    def walker(self) -> str:
        """A hash of all that its steps depend on: weights, normalisation, body and observation.

        Two files of one walker have the same, whatever they say of its name and its training.
        """
        words = (self.network.kind, self.network.words(), float(self.normaliser.bound))
        drives = (self.options.body.digest, self.options.observation)
        arrays = {"mean": self.normaliser.mean, "std": self.normaliser.std}
        found = hashlib.sha256(json.dumps([words, drives], sort_keys=True).encode())
        for name, array in sorted((arrays | self.network.tensors()).items()):
            found.update(f"{name} {array.dtype} {array.shape}".encode())
            found.update(np.ascontiguousarray(array, array.dtype.newbyteorder("<")).tobytes())
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
                and with it other private courses in suite 1; in suite 2 they stay.

        Raises:
            PolicyError: ``training`` is not JSON-ready, the course is a function, or the file would
                have more than `MAX_BYTES`, so that nothing could read it.
        """
        if self.format_version != FORMAT_VERSION:
            warnings.warn(
                f"{path}: {self.name!r} is written in format {FORMAT_VERSION} and was read in "
                f"format {self.format_version}: its SHA-256 changes, and with it its private "
                "courses in suite 1; copy the old file to keep them",
                stacklevel=2,
            )
        try:
            content = self.to_bytes()
        except PolicyError as error:
            raise PolicyError(f"{path}: {error}") from error
        atomic_write(path, content)

    def to_bytes(self) -> bytes:
        """The bytes of its file in the newest format.

        Raises:
            PolicyError: As `save` raises.
        """
        try:
            content = pack_container(_META, _tensors(self), _describe(self))
        except (ContainerError, PlanError) as error:
            raise PolicyError(str(error)) from error
        if len(content) > MAX_BYTES:
            raise PolicyError(
                f"a policy file has at most {MAX_BYTES:,} bytes, this one would have "
                f"{len(content):,}"
            )
        return content

    @classmethod
    def from_layers(
        cls,
        weights: Iterable[np.ndarray],
        biases: Iterable[np.ndarray],
        *,
        activation: str = "tanh",
        output: str = "clip",
        normaliser: Normaliser | None = None,
        options: Options | None = None,
        name: str = "policy",
        training: dict[str, Any] | None = None,
    ) -> Policy:
        """A policy from plain arrays; `agents.convert.modules.layers_of` takes them out of torch.

        Args:
            weights: Of each layer, ``(inputs, outputs)``: torch's transposed.
            biases: Of each layer, ``(outputs,)``.
            activation: After the hidden layers, ``"tanh"`` or ``"relu"``.
            output: What bounds the actions: ``"clip"``, or ``"tanh"`` where the network ends so.
            normaliser: What the network sees of an observation; None: the observation itself.
            options: Body, world and observation; None: those of the quadruped that fit.
            name: Shown in tables.
            training: How it was made; ``"algorithm"`` is shown in tables.

        Raises:
            PolicyError: Shapes that do not fit each other or the observation; numbers that are not
                real, finite and within bounds, or too many for a file; an unknown activation.
        """
        from agents.convert.converted import fitting_options, unchanged
        from agents.convert.layers import network_of

        network = network_of(weights, biases, activation, output)
        seen = unchanged(network.inputs) if normaliser is None else normaliser
        return cls(name, network, seen, fitting_options(network.inputs, options), training or {})

    @classmethod
    def from_sb3(
        cls,
        model: Any,
        vec_normalize: Any = None,
        options: Options | None = None,
        name: str = "sb3",
    ) -> Policy:
        """The deterministic part of a stable-baselines3 model: PPO, A2C, SAC, TQC, TD3, DDPG.

        Its actions are the model's but for rounding: ``training["converted"]`` of the policy has
        the largest difference over a thousand observations, always the same.

        Args:
            model: Trained or loaded.
            vec_normalize: The `VecNormalize` that it was trained with; None: that of its
                environment; False: there was none.
            options: What it walks in; None: as its environment, or, where the model has none,
                those of the quadruped that fit.
            name: Shown in tables.

        Raises:
            PolicyError: It holds something that a policy file cannot; it has no environment and
                ``vec_normalize`` was not given; what it walks in cannot be seen in its environment
                and ``options`` was not given.
        """
        from agents.convert.sb3 import from_model

        return cls(name, **vars(from_model(model, vec_normalize, options)))

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
        network=network_from(tensors, meta),
        normaliser=Normaliser(tensors["mean"], tensors["std"], meta["obs_clip"]),
        options=readers[version](meta["options"]),
        training=meta["training"],
    )
    object.__setattr__(policy, "format_version", version)
    return policy


def network_from(tensors: dict[str, np.ndarray], meta: dict) -> Network:
    """A network from what a file holds.

    Args:
        tensors: Its weights by name, and the normaliser's ``mean`` and ``std``.
        meta: Its kind as ``network``, and its words.

    Raises:
        PolicyError: They make none.
    """
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
