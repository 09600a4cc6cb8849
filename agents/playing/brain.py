"""What a policy's network does with an observation, neuron by neuron; for pictures only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from agents.labels import element_labels
from agents.networks.network import MLP, Graph
from walker_env.observation import ACTION, get_layout

if TYPE_CHECKING:
    from walker_env.render.network import NetworkPicture

_SEEN = 2.0  # standard deviations at which an input is shown as fully active


@dataclass(frozen=True, eq=False)
class Wiring:
    """Neurons in columns and the connections between them, N neurons, E connections.

    Attributes:
        column: ``(N,)``, of each neuron; inputs stand in column 0, outputs in the last.
        source: ``(E,)``, neuron that a connection comes from.
        target: ``(E,)``, neuron that it goes to.
        weight: ``(E,)``.
    """

    column: np.ndarray
    source: np.ndarray
    target: np.ndarray
    weight: np.ndarray


class Brain:
    """The network of a policy, as it is drawn.

    Args:
        policy: A policy with a network; see `Brain.of`.

    Attributes:
        wiring: Its neurons and connections.
        inputs: Name of each element of the observation.
        outputs: Name of each command.
    """

    def __init__(self, policy: Any) -> None:
        body = policy.options.body
        self._policy = policy
        self.wiring = _wire(policy.network)
        self.inputs = element_labels(get_layout(policy.options.observation), body)
        self.outputs = element_labels(ACTION, body)

    @classmethod
    def of(cls, agent: Any) -> Brain | None:
        """The network of an agent; None for one without a network that can be drawn."""
        known = isinstance(getattr(agent, "network", None), (MLP, Graph))
        return cls(agent) if known else None

    def activations(self, obs: np.ndarray) -> np.ndarray:
        """Activation of each neuron for one observation ``(O,)``, ``(N,)``; 1 is fully active."""
        x = self._policy.normaliser(np.asarray(obs, dtype=np.float32)[None])
        layers = self._policy.network.layers(x)
        return np.concatenate([np.clip(x[0] / _SEEN, -1, 1), *(layer[0] for layer in layers)])

    def picture(self) -> NetworkPicture:
        """What draws it."""
        from walker_env.render.network import NetworkPicture

        wiring = self.wiring
        lines = (wiring.source, wiring.target, wiring.weight)
        return NetworkPicture(wiring.column, lines, self.inputs, self.outputs)


def _wire(network: MLP | Graph) -> Wiring:
    return _wire_layers(network) if isinstance(network, MLP) else _wire_graph(network)


def _wire_layers(network: MLP) -> Wiring:
    sizes = np.array(network.sizes)
    first = np.cumsum(sizes) - sizes
    ends = [np.indices(w.shape).reshape(2, -1) for w, _ in network.weights]
    return Wiring(
        column=np.repeat(np.arange(len(sizes)), sizes),
        source=np.concatenate([a + start for (a, _), start in zip(ends, first)]),
        target=np.concatenate([b + start for (_, b), start in zip(ends, first[1:])]),
        weight=np.concatenate([w.ravel() for w, _ in network.weights]),
    )


def _wire_graph(network: Graph) -> Wiring:
    """A neuron stands one column after the last of those it listens to."""
    nodes, width = len(network.bias), network.width
    target = np.repeat(width + np.arange(nodes), np.diff(network.edges))
    column = np.zeros(width + nodes, dtype=np.int64)
    column[width:] = 1
    for source, goal in zip(network.source.tolist(), target.tolist()):
        column[goal] = max(column[goal], column[source] + 1)
    column[-network.outputs :] = column.max()
    return Wiring(column, network.source, target, network.weight)
