"""A policy's network for the browser, which draws it and works out what its units do."""

from __future__ import annotations

import base64
from typing import Any

import numpy as np

from agents.baselines import Agent
from agents.networks.network import MLP, Graph
from agents.policy import Policy
from benchmarks.site.walks import DERIVED, recorded_columns
from walker_env.body import Body, get_body
from walker_env.observation import ACTION, Channel, get_layout

_MOST = 32767  # of a 16-bit weight


def network(agent: Agent) -> dict[str, Any] | None:
    """Weights, normalisation and the names of inputs and outputs; None where there is no network.

    Weights are rounded to 16 bits: this is for drawing.
    """
    if not isinstance(agent, Policy):
        return None
    body, layout = get_body(agent.options.body), get_layout(agent.options.observation)
    return {
        **_weights(agent.network),
        "mean": _packed(agent.normaliser.mean),
        "std": _packed(agent.normaliser.std),
        "clip": float(agent.normaliser.bound),
        "inputs": labels(layout, body),
        "sources": _sources(layout, body),
        "recorded": recorded_columns(agent.options),
        "outputs": labels(ACTION, body),
    }


def labels(layout: tuple[Channel, ...], body: Body) -> list[str]:
    """A short name for each element of a layout."""
    found = []
    for channel in layout:
        parts = _PARTS.get((channel.name, body.name)) or _PARTS.get((channel.name, None))
        size = channel.size(body)
        if parts is None or len(parts) != size:
            parts = ("",) if size == 1 else tuple(str(i + 1) for i in range(size))
        title = _TITLES.get(channel.name, channel.name.replace("_", " "))
        found += [f"{title} {part}".strip() for part in parts]
    return found


_FEET = ("FL", "FR", "RL", "RR")
_SIDES = ("L", "R")
_PARTS = {
    ("grip", "quadruped"): _FEET,
    ("muscle_length", "quadruped"): _SIDES,
    ("muscle", "quadruped"): _SIDES,
    ("velocity", None): ("ahead", "left"),
}
_TITLES = {
    "velocity": "speed",
    "target_distance": "distance",
    "target_cos": "ahead",
    "target_sin": "aside",
    "turn_rate": "turning",
    "muscle_length": "muscle",
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
