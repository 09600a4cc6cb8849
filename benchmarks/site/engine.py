"""What the page's engine (`static/engine/`) is given: exact networks, and replays to verify.

Options travel as `Options.as_dict` has them. JSON keeps every double: both languages write the
shortest text that reads back as the same number.
"""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import numpy as np

from agents.networks.network import MLP, Graph
from agents.policy import Policy
from walker_env.replay import Replay
from walker_env.track import Track

FOLDER = Path(__file__).resolve().parent / "static" / "engine"
"""The engine: plain scripts, to be loaded in any order."""

_OFFSET, _PRIME = 0x811C9DC5, 0x01000193  # of a hash called FNV-1a, word by word


def scripts() -> list[str]:
    """Names of the engine's files, without their ending."""
    return sorted(path.stem for path in FOLDER.glob("*.js"))


def exact_network(policy: Policy) -> dict[str, Any]:
    """A policy's network and normalisation, every number as it is, for `WALKER.readNetwork`."""
    network, normaliser = policy.network, policy.normaliser
    seen = {"mean": _packed(normaliser.mean, "<f4"), "std": _packed(normaliser.std, "<f4")}
    return {**_weights(network), **seen, "bound": float(normaliser.bound)}


def replay_data(replay: Replay) -> dict[str, Any]:
    """A replay for `WALKER.verifyReplay`, with a mark of each moment, so that it can say more.

    Raises:
        ReplayError: It is not true.
    """
    tracks = replay.verify()
    walkers = [
        {
            "name": walker.name,
            "options": walker.options.as_dict(),
            "seed": str(walker.seed),
            "actions": _packed(replay.commands(i), "<f4"),
            "marks": _packed(marks(track), "<u4"),
            "states": walker.states,
        }
        for i, (walker, track) in enumerate(zip(replay.walkers, tracks))
    ]
    return {"title": replay.title, "physics": replay.physics, "walkers": walkers}


def marks(track: Track) -> np.ndarray:
    """Of each moment 32 bits over what moves and what is seen, ``(T + 1,)`` uint32."""
    mark = np.full(len(track.position), _OFFSET, dtype=np.uint32)
    for array in (track.position, track.velocity, track.drive, track.observation):
        rows = np.ascontiguousarray(array, array.dtype.newbyteorder("<")).reshape(len(mark), -1)
        for word in rows.view("<u4").T:
            mark = (mark ^ word) * np.uint32(_PRIME)
    return mark


def _weights(network: Any) -> dict[str, Any]:
    if isinstance(network, MLP):
        flat = np.concatenate([part.ravel() for layer in network.weights for part in layer])
        return {
            "kind": "mlp",
            "sizes": list(network.sizes),
            "hidden": network.hidden,
            "output": network.output,
            "weights": _packed(flat, "<f4"),
        }
    if not isinstance(network, Graph):
        raise TypeError(f"a network must be an MLP or a Graph, got {type(network).__name__}")
    return {
        "kind": "graph",
        "width": int(network.width),
        "outputs": int(network.outputs),
        "bias": _packed(network.bias, "<f4"),
        "edges": _packed(network.edges, "<i4"),
        "source": _packed(network.source, "<i4"),
        "weight": _packed(network.weight, "<f4"),
    }


def _packed(values: np.ndarray, kind: str) -> str:
    """Numbers of a little-endian kind as base64."""
    return base64.b64encode(np.ascontiguousarray(values, dtype=kind).tobytes()).decode()
