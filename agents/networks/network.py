"""Networks: what a policy computes, in numpy, and exactly the same on any machine.

Every number is float64 and comes from additions and multiplications in a fixed order (no BLAS) and
the activations of `activation`, so the bits depend neither on how many rows stand together nor on
the processor. Where numba is installed, `kernels` computes the same bits faster.
"""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

import numpy as np

from agents.networks.activation import ACTIVATIONS, HIDDEN, OUTPUT

COMPILED = importlib.util.find_spec("numba") is not None
"""Whether the compiled twins can be used."""


@dataclass(frozen=True, eq=False)
class Normaliser:
    """``clip((obs - mean) / std, ±bound)``, what a network sees of an observation."""

    mean: np.ndarray  # (O,) float32
    std: np.ndarray  # (O,) float32
    bound: float = 10.0

    def __call__(self, obs: np.ndarray) -> np.ndarray:
        """Normalised observations ``(N, O)`` float64."""
        x = (obs.astype(np.float64) - self.mean.astype(np.float64)) / self.std.astype(np.float64)
        return np.minimum(np.maximum(x, -self.bound), self.bound)

    @cached_property
    def arrays(self) -> tuple[np.ndarray, np.ndarray, float]:
        """As the compiled code wants it."""
        return self.mean.astype(np.float64), self.std.astype(np.float64), float(self.bound)


def plain_normaliser(width: int) -> Normaliser:
    """One that leaves observations as they are, but for the bound."""
    return Normaliser(np.zeros(width, np.float32), np.ones(width, np.float32))


class Network(Protocol):
    """What stands between the normalised observation and the action."""

    kind: str

    @property
    def inputs(self) -> int:
        """Numbers it reads."""

    @property
    def outputs(self) -> int:
        """Numbers it gives."""

    def layers(self, x: np.ndarray) -> list[np.ndarray]:
        """Every layer's activations for inputs ``(N, I)`` float64, the actions last."""

    def act(self, obs: np.ndarray, normaliser: Normaliser) -> np.ndarray:
        """Actions ``(N, A)`` float32 for raw observations ``(N, I)`` float32."""

    def tensors(self) -> dict[str, np.ndarray]:
        """The weights by their names in a file."""

    def words(self) -> dict[str, Any]:
        """What else a file needs to know, JSON-ready."""


@dataclass(frozen=True, eq=False)
class MLP:
    """A multilayer perceptron.

    Attributes:
        weights: ``(W (I, O), b (O,))`` of each layer, float32.
        hidden: Activation of the hidden layers, one of `activation.HIDDEN`.
        output: What bounds the last layer, one of `activation.OUTPUT`.
    """

    weights: tuple[tuple[np.ndarray, np.ndarray], ...]
    hidden: str = "tanh"
    output: str = "clip"
    kind = "mlp"

    @property
    def inputs(self) -> int:
        """Numbers it reads."""
        return len(self.weights[0][0])

    @property
    def outputs(self) -> int:
        """Numbers it gives."""
        return len(self.weights[-1][1])

    @property
    def sizes(self) -> tuple[int, ...]:
        """Widths of the layers: observation, hidden ones, action."""
        return (self.inputs, *(len(b) for _, b in self.weights))

    def layers(self, x: np.ndarray) -> list[np.ndarray]:
        """Every layer's activations for inputs ``(N, I)`` float64, the actions last."""
        activations = []
        for i, (w, b) in enumerate(self.weights):
            last = i == len(self.weights) - 1
            x = ACTIVATIONS[self.output if last else self.hidden](times(x, w, b))
            activations.append(x)
        return activations

    def act(self, obs: np.ndarray, normaliser: Normaliser) -> np.ndarray:
        """Actions ``(N, A)`` float32 for raw observations ``(N, I)`` float32."""
        if not COMPILED:
            return self.layers(normaliser(obs))[-1].astype(np.float32)
        from agents.networks.kernels import shared

        action = np.empty((len(obs), self.outputs), np.float32)
        shared(0, len(obs), *self._compiled, *normaliser.arrays, obs, action)
        return action

    def tensors(self) -> dict[str, np.ndarray]:
        """The weights by their names in a file."""
        named = {f"w{i}": w for i, (w, _) in enumerate(self.weights)}
        return named | {f"b{i}": b for i, (_, b) in enumerate(self.weights)}

    def words(self) -> dict[str, Any]:
        """What else a file needs to know, JSON-ready."""
        return {"hidden": self.hidden, "output": self.output}

    @cached_property
    def _compiled(self) -> tuple[np.ndarray, np.ndarray, int, int]:
        return (
            np.array(self.sizes),
            np.concatenate([part.ravel() for layer in self.weights for part in layer]).astype(
                np.float64
            ),
            activation_code(self.hidden),
            activation_code(self.output),
        )


@dataclass(frozen=True, eq=False)
class Graph:
    """A feed-forward network of any shape; every node is ``tanh(bias + sum of weight x source)``.

    Attributes:
        width: Inputs I; sources below it are inputs, the others nodes: ``I + n`` is node n.
        bias: ``(H,)`` float32, nodes in the order in which they are computed; the last ones are
            the actions.
        edges: ``(H + 1,)`` int32; node n has the edges ``edges[n]`` to ``edges[n + 1]``.
        source: ``(E,)`` int32, each below ``I + n`` of its node.
        weight: ``(E,)`` float32.
        outputs: Actions A.
    """

    width: int
    bias: np.ndarray
    edges: np.ndarray
    source: np.ndarray
    weight: np.ndarray
    outputs: int
    kind = "graph"

    @property
    def inputs(self) -> int:
        """Numbers it reads."""
        return self.width

    def layers(self, x: np.ndarray) -> list[np.ndarray]:
        """The activations of the inner nodes and the actions, for inputs ``(N, I)`` float64."""
        values = [*x.T]
        for n, bias in enumerate(self.bias):
            total = np.full(len(x), np.float64(bias))
            for e in range(self.edges[n], self.edges[n + 1]):
                total += values[self.source[e]] * np.float64(self.weight[e])
            values.append(ACTIVATIONS["tanh"](total))
        nodes = np.array(values[self.width :]).T
        inner = len(self.bias) - self.outputs
        return [nodes[:, :inner], nodes[:, inner:]]

    def act(self, obs: np.ndarray, normaliser: Normaliser) -> np.ndarray:
        """Actions ``(N, A)`` float32 for raw observations ``(N, I)`` float32."""
        if not COMPILED:
            return self.layers(normaliser(obs))[-1].astype(np.float32)
        from agents.networks.kernels import graphs

        action = np.empty((len(obs), self.outputs), np.float32)
        graphs(0, 1, *self._compiled, len(obs), *normaliser.arrays, obs, action)
        return action

    def tensors(self) -> dict[str, np.ndarray]:
        """The weights by their names in a file."""
        return {name: getattr(self, name) for name in ("bias", "edges", "source", "weight")}

    def words(self) -> dict[str, Any]:
        """What else a file needs to know, JSON-ready."""
        return {"width": self.width, "outputs": self.outputs}

    @cached_property
    def _compiled(self) -> tuple[np.ndarray, ...]:
        whole = (np.array([0, len(self.bias)]), self.bias.astype(np.float64))
        arcs = (self.edges.astype(np.int64), self.source.astype(np.int64))
        return (*whole, *arcs, self.weight.astype(np.float64))


def times(x: np.ndarray, w: np.ndarray, b: np.ndarray) -> np.ndarray:
    """``x @ w + b`` in float64, input by input, so that its bits are the same everywhere.

    Args:
        x: ``(..., I)``.
        w: ``(..., I, O)``.
        b: ``(..., O)``.
    """
    w = w.astype(np.float64)
    shape = np.broadcast_shapes(b.shape, (*x.shape[:-1], 1))
    total = np.broadcast_to(b.astype(np.float64), shape).copy()
    for i in range(x.shape[-1]):
        total += x[..., i, None] * w[..., i, :]
    return total


def activation_code(name: str) -> int:
    """The number by which compiled code knows an activation."""
    return list(ACTIVATIONS).index(name)


__all__ = [
    "COMPILED",
    "HIDDEN",
    "MLP",
    "OUTPUT",
    "Graph",
    "Network",
    "Normaliser",
    "activation_code",
    "plain_normaliser",
    "times",
]
