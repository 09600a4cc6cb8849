"""A network from plain arrays."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from agents.networks.network import MLP
from agents.policy_checks import PolicyError


def network_of(
    weights: Sequence[np.ndarray], biases: Sequence[np.ndarray], activation: str, output: str
) -> MLP:
    """A multilayer perceptron.

    Args:
        weights: Of each layer, ``(inputs, outputs)``.
        biases: Of each layer, ``(outputs,)``.
        activation: After the hidden layers, ``"tanh"`` or ``"relu"``.
        output: What bounds the actions, ``"clip"`` or ``"tanh"``.

    Raises:
        PolicyError: Weights and biases do not fit each other.
    """
    if len(weights) != len(biases):
        raise PolicyError(
            f"expected as many biases as weights, got {len(weights)} weights and {len(biases)} "
            "biases"
        )
    if not len(weights):
        raise PolicyError("weights must hold at least one layer, got none")
    layers = tuple((np.asarray(w), np.asarray(b)) for w, b in zip(weights, biases))
    for i, (w, b) in enumerate(layers):
        if w.ndim != 2 or b.shape != w.shape[1:]:
            turned = w.ndim == 2 and b.shape == w.shape[:1]
            hint = "; torch keeps (outputs, inputs): give weight.T" if turned else ""
            raise PolicyError(
                f"weights[{i}] must have shape (inputs, outputs) and biases[{i}] (outputs,), got "
                f"{w.shape} and {b.shape}{hint}"
            )
    return MLP(layers, activation, output)
