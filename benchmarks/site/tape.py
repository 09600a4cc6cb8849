"""A recorded walk, and the few bytes it is sent to a browser in.

Columns are whole numbers of a quantum, one value a control step. Of each the differences are kept,
zigzag-coded to 16 bits; all low bytes stand before all high bytes, column after column, and the
whole is deflated. `static/tape.js` reads it back.
"""

from __future__ import annotations

import base64
import zlib
from dataclasses import dataclass
from typing import Any

import numpy as np

TAPE_FORMAT = 0

PLACE = 8  # quanta in a unit of length: a node is off by 1/16 unit at most
GRIP = 31  # in full grip
SEEN = 32  # in one of what the network sees

_MOST = 1 << 16


@dataclass(frozen=True)
class TapedWalk:
    """One walker on one course; T control steps and the start, K nodes, F feet.

    Attributes:
        position: ``(T + 1, K, 2)`` [unit].
        grip: ``(T + 1, F)`` in [0, 1].
        seen: ``(T + 1, C)``: what it sees that does not follow from where its nodes are.
        reached: Control steps at which it reached a target, ``(targets,)``, increasing.
        score: Targets and the fraction of the way to the next, at the end.
    """

    position: np.ndarray
    grip: np.ndarray
    seen: np.ndarray
    reached: np.ndarray
    score: float


def encode(walk: TapedWalk) -> dict[str, Any]:
    """The walk as JSON-ready data.

    Raises:
        ValueError: It moves too far in one control step to be told in 16 bits.
    """
    columns = _columns(walk)
    change = np.diff(columns, axis=1, prepend=0)
    folded = np.where(change >= 0, 2 * change, -2 * change - 1)
    if folded.max(initial=0) >= _MOST:
        raise ValueError(
            f"a walk may change by less than {_MOST // 2} quanta in a control step, "
            f"got {np.abs(change).max()}"
        )
    planes = np.stack([folded & 255, folded >> 8]).astype(np.uint8)
    return {
        "format": TAPE_FORMAT,
        "steps": walk.position.shape[0] - 1,
        "nodes": walk.position.shape[1],
        "feet": walk.grip.shape[1],
        "seen": walk.seen.shape[1],
        "quanta": [PLACE, GRIP, SEEN],
        "reached": walk.reached.tolist(),
        "score": round(float(walk.score), 3),
        "tape": base64.b64encode(zlib.compress(planes.tobytes(), 9)).decode(),
    }


def decode(data: dict[str, Any]) -> TapedWalk:
    """The walk in `encode`'s data, to the nearest quantum."""
    steps, nodes, feet = data["steps"], data["nodes"], data["feet"]
    planes = np.frombuffer(zlib.decompress(base64.b64decode(data["tape"])), dtype=np.uint8)
    low, high = planes.reshape(2, 2 * nodes + feet + data["seen"], steps + 1).astype(np.int64)
    folded = low + 256 * high
    change = np.where(folded % 2 == 0, folded // 2, -(folded + 1) // 2)
    columns = np.cumsum(change, axis=1).T
    place, grip, seen = np.split(columns, [2 * nodes, 2 * nodes + feet], axis=1)
    return TapedWalk(
        position=place.reshape(steps + 1, nodes, 2) / data["quanta"][0],
        grip=grip / data["quanta"][1],
        seen=seen / data["quanta"][2],
        reached=np.array(data["reached"], dtype=np.int64),
        score=data["score"],
    )


def _columns(walk: TapedWalk) -> np.ndarray:
    """Every column in quanta, ``(2 K + F + C, T + 1)`` int64."""
    parts = (
        walk.position.reshape(len(walk.position), -1) * PLACE,
        walk.grip * GRIP,
        np.clip(walk.seen, -100, 100) * SEEN,
    )
    return np.rint(np.concatenate(parts, axis=1)).astype(np.int64).T
