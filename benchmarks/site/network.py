"""A policy's network for the browser, which draws it and works out what its units do."""

from __future__ import annotations

import base64
from typing import Any

import numpy as np

from agents.baselines import Agent
from agents.labels import element_labels
from agents.networks.network import MLP, Graph
from agents.policy import Policy
from benchmarks.site.walks import DERIVED, recorded_columns
from walker_env.body import Body
from walker_env.observation import ACTION, Channel, get_layout

_MOST = 32767  # of a 16-bit weight


def network(agent: Agent) -> dict[str, Any] | None:
    """Weights, normalisation and the names of inputs and outputs; None where there is no network.

    Weights are rounded to 16 bits: this is for drawing.
    """
    if not isinstance(agent, Policy):
        return None
    body, layout = agent.options.body, get_layout(agent.options.observation)
    return {
        **_weights(agent.network),
        "mean": _packed(agent.normaliser.mean),
        "std": _packed(agent.normaliser.std),
        "clip": float(agent.normaliser.bound),
        "inputs": list(element_labels(layout, body)),
        "sources": _sources(layout, body),
        "recorded": recorded_columns(agent.options),
        "outputs": list(element_labels(ACTION, body)),
    }


def _weights(network: Any) -> dict[str, Any]:
    """Layers as such, anything else node by node."""
    if isinstance(network, MLP):
        return {
            "kind": "mlp",
            "sizes": list(network.sizes),
            "layers": [{"w": _packed(w), "b": _packed(b)} for w, b in network.weights],
            "hidden": str(network.hidden),
            "output": str(network.output),
        }
    if not isinstance(network, Graph):
        raise TypeError(f"a network must be an MLP or a Graph, got {type(network).__name__}")
    return {
        "kind": "graph",
        "width": int(network.width),
        "actions": int(network.outputs),
        "bias": _packed(network.bias),
        "edges": network.edges.tolist(),
        "from": network.source.tolist(),
        "weight": _packed(network.weight),
    }


def _sources(layout: tuple[Channel, ...], body: Body) -> list[list[Any]]:
    """For each input its channel (None: recorded), its place in it, and its scale."""
    return [
        [channel.name if channel.name in DERIVED else None, i, channel.scale]
        for channel in layout
        for i in range(channel.size(body))
    ]


def _packed(values: np.ndarray) -> list[Any]:
    """Numbers as ``[scale, base64 of little-endian int16]``."""
    scale = float(np.abs(values).max(initial=0.0)) / _MOST or 1.0
    whole = np.rint(np.asarray(values, dtype=np.float64) / scale).astype("<i2")
    return [scale, base64.b64encode(whole.tobytes()).decode()]
