"""A policy's network for the browser, which draws it and works out what its units do."""

from __future__ import annotations

import base64
from typing import Any

import numpy as np

from agents.baselines import Agent
from agents.policy import Policy
from benchmarks.site.walks import DERIVED, recorded_columns
from walker_env.body import Body, get_body
from walker_env.observation import ACTION, Channel, get_layout

_MOST = 32767  # of a 16-bit weight


def network(agent: Agent) -> dict[str, Any] | None:
    """Layers, normalisation and the names of inputs and outputs; None where there is no network."""
    if not isinstance(agent, Policy):
        return None
    body, layout = get_body(agent.options.body), get_layout(agent.options.observation)
    return {
        "sizes": list(agent.sizes),
        "layers": [{"w": _packed(w), "b": _packed(b)} for w, b in agent.weights],
        "mean": _packed(agent.mean),
        "std": _packed(agent.std),
        "clip": float(agent.obs_clip),
        "hidden": str(getattr(agent, "hidden", "tanh")),
        "output": str(agent.output),
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


def _sources(layout: tuple[Channel, ...], body: Body) -> list[list[Any]]:
    """For each input its channel (None: recorded), its place in it, and its scale."""
    return [
        [channel.name if channel.name in DERIVED else None, i, channel.scale]
        for channel in layout
        for i in range(channel.size(body))
    ]


def _packed(values: np.ndarray) -> list[Any]:
    """Numbers as ``[scale, base64 of little-endian int16]``: plenty for a drawing."""
    scale = float(np.abs(values).max(initial=0.0)) / _MOST or 1.0
    whole = np.rint(np.asarray(values, dtype=np.float64) / scale).astype("<i2")
    return [scale, base64.b64encode(whole.tobytes()).decode()]
