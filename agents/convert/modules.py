"""Torch modules as layers of our network: Linear with tanh or relu between, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
from torch import nn

from agents.policy_checks import PolicyError

_ACTIVATIONS = {nn.Tanh: "tanh", nn.ReLU: "relu"}


def layers_of(modules: Iterable[nn.Module]) -> dict[str, Any]:
    """The layers among torch modules, as keywords of `Policy.from_layers`.

    A last Tanh, or a Hardtanh at ±1, bounds the actions; without one they are clipped.

    Args:
        modules: In the order in which they are computed: a Sequential, evotorch's MultiLayered, or
            a list of modules; a Sequential may hold others.

    Raises:
        PolicyError: There is something among them that a policy file cannot hold; it is named.
    """
    layers: list[nn.Linear] = []
    after: list[str] = []  # the activation that follows each layer
    for module in _leaves(modules):
        if type(module) is nn.Linear:
            layers.append(module)
            after.append("")
        elif type(module) is nn.Identity or (type(module) is nn.Flatten and not layers):
            continue
        else:
            name = _activation(module)
            if not name or not layers or after[-1]:
                raise PolicyError(_expected(module))
            after[-1] = name
    return {
        "weights": [_array(layer.weight).T for layer in layers],
        "biases": [
            np.zeros(layer.out_features, np.float32) if layer.bias is None else _array(layer.bias)
            for layer in layers
        ],
        **_bounds(after),
    }


def _leaves(modules: Iterable[nn.Module]) -> Iterator[nn.Module]:
    for module in modules:
        if isinstance(module, nn.Sequential):
            yield from _leaves(module)
        else:
            yield module


def _activation(module: nn.Module) -> str:
    """Its name, ``""`` where there is none for it."""
    if type(module) is nn.Hardtanh and (module.min_val, module.max_val) == (-1, 1):
        return "clip"
    return _ACTIVATIONS.get(type(module), "")


def _bounds(after: list[str]) -> dict[str, str]:
    """What stands between the layers and after the last one."""
    hidden = sorted(set(after[:-1]))
    if len(hidden) > 1 or {*hidden} - {*_ACTIVATIONS.values()}:
        words = [name or "none" for name in after[:-1]]
        raise PolicyError(f"all hidden layers must be followed by tanh or all by relu, got {words}")
    last = after[-1] if after else ""
    if last == "relu":
        raise PolicyError("the last layer must be followed by tanh or nothing, got relu")
    return {"activation": hidden[0] if hidden else "tanh", "output": last or "clip"}


def _expected(module: nn.Module) -> str:
    return (
        "expected Linear layers, each followed by Tanh, ReLU or nothing, got "
        f"{type(module).__name__}: a policy file cannot hold it"
    )


def _array(tensor: Any) -> np.ndarray:
    return tensor.detach().cpu().numpy()
