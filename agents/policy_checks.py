"""What a policy may hold: shapes that fit, finite numbers within bounds, words fit for a table."""

from __future__ import annotations

import json
from numbers import Real
from typing import Any

import numpy as np

from agents.networks.activation import HIDDEN, OUTPUT
from agents.networks.network import MLP, Graph, Network, Normaliser
from walker_env import Options
from walker_env.observation import ACTION, get_layout, width
from walker_env.plan import NAME_MAX

MAX_BYTES = 10_000_000
"""Size of the largest policy file, and of the largest that is read."""

LIMIT = 1e6
"""Largest magnitude of a number in a policy: actions are finite for every finite observation."""

TRAINING_MAX = 100_000
"""Most characters of JSON that tell how a policy was made: reports and pages repeat them."""

STD_MIN = 1e-6
"""Smallest standard deviation of the normalisation."""


GSDE = "gSDE bounds the mean of its actions, which a policy file cannot hold"


class PolicyError(ValueError):
    """A policy that cannot be used; says what was expected, what came, and in which file."""


def checked_normaliser(given: Normaliser) -> Normaliser:
    """A normaliser with checked arrays of its own.

    Raises:
        PolicyError: It is none, or a number is not finite or out of bounds.
    """
    if not isinstance(given, Normaliser):
        raise PolicyError(f"normaliser must be a Normaliser, got {type(given).__name__}")
    bound = given.bound
    if isinstance(bound, bool) or not isinstance(bound, Real) or not 0 < bound <= LIMIT:
        raise PolicyError(f"obs_clip must be a number in (0, {LIMIT:g}], got {bound!r}")
    made = Normaliser(_array(given.mean, "mean"), _array(given.std, "std"), float(bound))
    if made.std.size and made.std.min() < STD_MIN:
        raise PolicyError(f"std must be at least {STD_MIN}, got {made.std.min()}")
    return made


def real_array(value: Any, name: str) -> np.ndarray:
    """An array of real numbers, not copied where it is one.

    Raises:
        PolicyError: It is ragged, or holds something else; ``name`` is in the message.
    """
    try:
        array = np.asarray(value)
    except (ValueError, TypeError, RuntimeError) as error:  # ragged; a tensor with a gradient
        raise PolicyError(
            f"{name} must be an array of real numbers: {' '.join(str(error).split()):.150}"
        ) from error
    if array.dtype.kind not in "fiub":
        raise PolicyError(f"{name} must be an array of real numbers, got {array.dtype}")
    return array


def _array(value: Any, name: str) -> np.ndarray:
    with np.errstate(over="ignore"):  # it is told below
        array = np.array(real_array(value, name), dtype=np.float32, order="C")
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


def frozen(network: Network) -> Network:
    """The network with checked, read-only arrays of its own, float32 and int32.

    Raises:
        PolicyError: It is of another kind, or a number is not finite or out of bounds.
    """
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


def check_training(training: Any) -> None:
    """Raise `PolicyError` for what does not tell how a policy was made."""
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


def check_words(name: str, training: dict[str, Any]) -> None:
    """Raise `PolicyError` for names that are not fit for a table, and costs that are no numbers."""
    for what, text in (("name", name), ("algorithm", training.get("algorithm", "-"))):
        if not isinstance(text, str) or not 0 < len(text) <= NAME_MAX or not text.isprintable():
            raise PolicyError(
                f"{what} must be 1 to {NAME_MAX} printable characters, got {text!r:.80}"
            )
    for what in ("steps", "seconds", "cpu_seconds", "run_steps", "run_seconds", "run_cpu_seconds"):
        cost = training.get(what, 0)
        if isinstance(cost, bool) or not isinstance(cost, (int, float)) or not 0 <= cost < 1e18:
            raise PolicyError(f"training: {what} must be a number in [0, 1e18), got {cost!r:.80}")


def check_shapes(network: Network, normaliser: Normaliser, options: Options) -> None:
    """Raise `PolicyError` where a frozen network does not fit what a body reads and is told.

    Args:
        network: From observations to actions.
        normaliser: What it sees of them.
        options: Body and layout.
    """
    if not isinstance(options, Options):
        raise PolicyError(f"options must be Options, got {type(options).__name__}")
    body, layout = options.body, options.observation
    before, after = width(get_layout(layout), body), width(ACTION, body)
    check_fits(network, normaliser, before, after, f"width of layout {layout!r}")


def check_fits(
    network: Network, normaliser: Normaliser, before: int, after: int, meaning: str
) -> None:
    """Raise `PolicyError` where a frozen network's parts do not fit; compiled code trusts them.

    Args:
        network: From observations to actions.
        normaliser: What it sees of them.
        before: How many numbers it reads.
        after: How many it gives.
        meaning: What the former is.
    """
    for name in ("mean", "std"):
        _check_shape(name, getattr(normaliser, name), (before,), meaning)
    if isinstance(network, MLP):
        _check_mlp(network, before, after)
    else:
        assert isinstance(network, Graph)  # frozen has seen to it
        _check_graph(network, before, after)


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
