"""P networks at once, each with weights of its own, for C walkers each.

Walker ``p * C + c`` is driven by network p. The bits are those of each network alone
(`network.MLP`, `network.Graph`), whatever else is in the population.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from agents.networks import network as networks
from agents.networks.activation import ACTIVATIONS
from agents.networks.network import MLP, Graph, Normaliser, activation_code, times


class Population(Protocol):
    """P networks."""

    def __len__(self) -> int:
        """P."""

    def part(self, first: int, last: int) -> Population:
        """Networks ``first`` to ``last``."""

    def act(self, obs: np.ndarray, normaliser: Normaliser) -> np.ndarray:
        """Actions ``(P * C, A)`` float32 for raw observations ``(P * C, O)`` float32."""


@dataclass(frozen=True)
class Shape:
    """The shape that all networks of an `MLPs` have."""

    sizes: tuple[int, ...]  # observation, hidden layers, action
    hidden: str = "tanh"
    output: str = "tanh"

    @property
    def size(self) -> int:
        """Weights of one network."""
        return sum((a + 1) * b for a, b in zip(self.sizes, self.sizes[1:]))

    def layers(self, values: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
        """Weights ``(..., size)`` as views ``(..., I, O), (..., O)`` of each layer."""
        found, base, lead = [], 0, values.shape[:-1]
        for a, b in zip(self.sizes, self.sizes[1:]):
            w, bias = values[..., base : base + a * b], values[..., base + a * b : base + a * b + b]
            found.append((w.reshape(*lead, a, b), bias))
            base += (a + 1) * b
        return found

    @property
    def by_output(self) -> np.ndarray:
        """The weights' places ``(size,)``, output by output: its bias, then its inputs."""
        layers = self.layers(np.arange(self.size))
        return np.concatenate([np.vstack([bias, w]).T.ravel() for w, bias in layers])

    def network(self, values: np.ndarray) -> MLP:
        """The network with the weights ``(size,)``."""
        return MLP(tuple(self.layers(values.astype(np.float32))), self.hidden, self.output)


class MLPs:
    """P perceptrons of one shape.

    Args:
        shape: Their shape.
        values: Their weights, ``(P, size)``, taken as float32.
    """

    def __init__(self, shape: Shape, values: np.ndarray) -> None:
        self.shape, self.values = shape, np.asarray(values, np.float32)
        self._blocks: np.ndarray | None = None

    def __len__(self) -> int:
        """P."""
        return len(self.values)

    def part(self, first: int, last: int) -> MLPs:
        """Networks ``first`` to ``last``."""
        return MLPs(self.shape, self.values[first:last])

    def act(self, obs: np.ndarray, normaliser: Normaliser) -> np.ndarray:
        """Actions ``(P * C, A)`` float32 for raw observations ``(P * C, O)`` float32."""
        if not networks.COMPILED:
            return self.reference(obs, normaliser)
        from agents.networks.kernels import own

        shape, walkers = self.shape, len(obs) // len(self)
        action = np.empty((len(obs), shape.sizes[-1]), np.float32)
        what = (np.array(shape.sizes), self._in_blocks(), walkers)
        how = (activation_code(shape.hidden), activation_code(shape.output))
        own(0, len(self), *what, *how, *normaliser.arrays, obs, action)
        return action

    def reference(self, obs: np.ndarray, normaliser: Normaliser) -> np.ndarray:
        """The same in numpy: what the compiled code is held to."""
        x = normaliser(obs).reshape(len(self), -1, obs.shape[1])
        layers = self.shape.layers(self.values)
        for i, (w, b) in enumerate(layers):
            kind = self.shape.output if i == len(layers) - 1 else self.shape.hidden
            x = ACTIVATIONS[kind](times(x, w[:, None], b[:, None]))
        return x.reshape(len(obs), -1).astype(np.float32)

    def _in_blocks(self) -> np.ndarray:
        """The weights with the networks of a block side by side, ``(blocks, size, LANES)``."""
        if self._blocks is None:
            from agents.networks.kernels import LANES

            blocks = -(-len(self) // LANES)
            padded = np.zeros((blocks * LANES, self.values.shape[1]), np.float32)
            padded[: len(self)] = self.values
            parts = padded.reshape(blocks, LANES, -1).transpose(0, 2, 1)
            self._blocks = np.ascontiguousarray(parts)
        return self._blocks


@dataclass(frozen=True, eq=False)
class PackedGraphs:
    """P networks of any shapes, their arrays one behind the other, as the compiled code takes them.

    Attributes:
        width: Inputs I of each.
        outputs: Actions A of each.
        nodes: ``(P + 1,)`` int64; network p has the nodes ``nodes[p]`` to ``nodes[p + 1]``.
        bias: ``(H,)`` float64, of all nodes.
        edges: ``(H + 1,)`` int64; node n has the edges ``edges[n]`` to ``edges[n + 1]``.
        source: ``(E,)`` int64, as in `network.Graph`: it counts within the edge's own network.
        weight: ``(E,)`` float64, values of float32.
    """

    width: int
    outputs: int
    nodes: np.ndarray
    bias: np.ndarray
    edges: np.ndarray
    source: np.ndarray
    weight: np.ndarray

    def __len__(self) -> int:
        """P."""
        return len(self.nodes) - 1

    @property
    def arrays(self) -> tuple[np.ndarray, ...]:
        """Nodes, biases, edges, sources and weights, as compiled code wants them."""
        return self.nodes, self.bias, self.edges, self.source, self.weight

    def part(self, first: int, last: int) -> PackedGraphs:
        """Networks ``first`` to ``last``."""
        low, high = self.nodes[first], self.nodes[last]
        arcs = slice(self.edges[low], self.edges[high])
        return PackedGraphs(
            width=self.width,
            outputs=self.outputs,
            nodes=self.nodes[first : last + 1] - low,
            bias=self.bias[low:high],
            edges=self.edges[low : high + 1] - arcs.start,
            source=self.source[arcs],
            weight=self.weight[arcs],
        )

    def network(self, p: int) -> Graph:
        """Network p alone."""
        one = self.part(p, p + 1)
        return Graph(
            width=self.width,
            bias=one.bias.astype(np.float32),
            edges=one.edges.astype(np.int32),
            source=one.source.astype(np.int32),
            weight=one.weight.astype(np.float32),
            outputs=self.outputs,
        )

    def act(self, obs: np.ndarray, normaliser: Normaliser) -> np.ndarray:
        """Actions ``(P * C, A)`` float32 for raw observations ``(P * C, O)`` float32."""
        if not networks.COMPILED:
            return self.reference(obs, normaliser)
        from agents.networks.kernels import graphs

        action = np.empty((len(obs), self.outputs), np.float32)
        walkers = len(obs) // len(self)
        graphs(0, len(self), *self.arrays, walkers, *normaliser.arrays, obs, action)
        return action

    def reference(self, obs: np.ndarray, normaliser: Normaliser) -> np.ndarray:
        """The same in numpy: what the compiled code is held to."""
        seen = normaliser(obs).reshape(len(self), -1, obs.shape[1])
        actions = [self.network(p).layers(x)[-1] for p, x in enumerate(seen)]
        return np.concatenate(actions).astype(np.float32)


class Graphs(PackedGraphs):
    """The same from networks that stand alone.

    Args:
        networks: P of them, of the same inputs and outputs.
    """

    def __init__(self, networks: Sequence[Graph]) -> None:
        first_arc = np.cumsum([0, *(len(network.weight) for network in networks)])
        edges = [n.edges[:-1].astype(np.int64) + at for n, at in zip(networks, first_arc)]
        super().__init__(
            width=networks[0].width,
            outputs=networks[0].outputs,
            nodes=np.cumsum([0, *(len(network.bias) for network in networks)]),
            bias=np.concatenate([n.bias for n in networks]).astype(np.float64),
            edges=np.concatenate([*edges, first_arc[-1:]]),
            source=np.concatenate([n.source for n in networks]).astype(np.int64),
            weight=np.concatenate([n.weight for n in networks]).astype(np.float64),
        )
