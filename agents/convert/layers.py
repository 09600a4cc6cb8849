"""A network from plain arrays."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from agents.networks.activation import HIDDEN, OUTPUT
from agents.networks.network import MLP
from agents.policy_checks import MAX_BYTES, PolicyError, real_array

MAX_NUMBERS = MAX_BYTES // np.dtype(np.float32).itemsize
"""Most numbers of a network: a policy file holds no more."""


def network_of(
    weights: Iterable[np.ndarray], biases: Iterable[np.ndarray], activation: str, output: str
) -> MLP:
    """A multilayer perceptron.

    Args:
        weights: Of each layer, ``(inputs, outputs)``.
        biases: Of each layer, ``(outputs,)``.
        activation: After the hidden layers, ``"tanh"`` or ``"relu"``.
        output: What bounds the actions, ``"clip"`` or ``"tanh"``.

    Raises:
        PolicyError: Weights and biases are no arrays of real numbers that fit each other, or more
            than `MAX_NUMBERS`; an activation is unknown.
    """
    for name, word, known in (("activation", activation, HIDDEN), ("output", output, OUTPUT)):
        if word not in known:
            raise PolicyError(f"{name} must be one of {known}, got {word!r:.80}")
    weights, biases = _arrays(weights, "weights"), _arrays(biases, "biases")
    if len(weights) != len(biases):
        raise PolicyError(
            f"expected as many biases as weights, got {len(weights)} weights and {len(biases)} "
            "biases"
        )
    if not len(weights):
        raise PolicyError("weights must hold at least one layer, got none")
    layers = tuple(zip(weights, biases))
    for i, (w, b) in enumerate(layers):
        if w.ndim != 2 or b.shape != w.shape[1:]:
            turned = w.ndim == 2 and b.shape == w.shape[:1]
            hint = "; torch keeps (outputs, inputs): give weight.T" if turned else ""
            raise PolicyError(
                f"weights[{i}] must have shape (inputs, outputs) and biases[{i}] (outputs,), got "
                f"{w.shape} and {b.shape}{hint}"
            )
    numbers = sum(array.size for array in (*weights, *biases))
    if numbers > MAX_NUMBERS:
        raise PolicyError(
            f"the network has {numbers:,} numbers, a policy file of at most {MAX_BYTES:,} bytes "
            f"holds {MAX_NUMBERS:,}"
        )
    return MLP(layers, activation, output)


def _arrays(given: Any, name: str) -> list[np.ndarray]:
    if isinstance(given, str) or not isinstance(given, Iterable):
        raise PolicyError(f"{name} must be one array for each layer, got {type(given).__name__}")
    return [real_array(value, f"{name}[{i}]") for i, value in enumerate(given)]
