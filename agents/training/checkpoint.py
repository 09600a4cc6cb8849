"""What a run needs to go on after it was killed, in files that never run code.

A state is nested dicts and lists of numbers, texts, None and arrays (numpy or torch). Arrays go
into safetensors, the rest into its JSON text with a reference where an array stood.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np

from agents.container import ContainerError, pack_container, parse_container, save_container
from walker_env.files import read_plain

_META = "checkpoint"
_ARRAY = "$array"
_MAX_BYTES = 1 << 32
_KEPT = 2  # the newest, and one before it in case the newest is damaged


class CheckpointError(ValueError):
    """A checkpoint that cannot be used; names the file and what to do."""


def save_checkpoint(folder: Path, number: int, state: dict[str, Any]) -> Path:
    """Write a checkpoint, whole or not at all, and drop all but the newest ones.

    Args:
        folder: Where the checkpoints of a run lie.
        number: Rises from one to the next.
        state: What `load_checkpoint` gives back.

    Raises:
        CheckpointError: The disk is full or the state cannot be written; older ones stay.
    """
    path = folder / f"state-{number:012d}.safetensors"
    tensors, meta = _parts(state)
    try:
        save_container(path, _META, tensors, meta)
    except (OSError, ContainerError) as error:
        kept = newest(folder)
        raise CheckpointError(
            f"{path}: the checkpoint could not be written ({error}); "
            + (f"the last good one is {kept.name}" if kept else "there is none before it")
        ) from error
    for old in sorted(folder.glob("state-*.safetensors"))[:-_KEPT]:
        old.unlink(missing_ok=True)
    return path


def newest(folder: Path) -> Path | None:
    """The newest checkpoint in a folder."""
    checkpoints = sorted(folder.glob("state-*.safetensors"))
    return checkpoints[-1] if checkpoints else None


def load_checkpoint(path: Path) -> dict[str, Any]:
    """Read a checkpoint; arrays come back as numpy arrays.

    Raises:
        CheckpointError: The file is missing or damaged.
    """
    try:
        return unpack_state(read_plain(path, _MAX_BYTES))
    except (ValueError, KeyError) as error:
        older = [other for other in sorted(path.parent.glob("state-*")) if other < path]
        advice = f"; remove it to go on from {older[-1].name}" if older else ""
        raise CheckpointError(f"{path}: the checkpoint is damaged: {error}{advice}") from error


def pack_state(state: dict[str, Any]) -> bytes:
    """A state as bytes: a checkpoint's, or a learner's on its way to another process.

    Raises:
        ContainerError: A number in it is not finite.
        TypeError: It holds something else than a state does.
    """
    return pack_container(_META, *_parts(state))


def unpack_state(content: bytes) -> dict[str, Any]:
    """The state that `pack_state` packed; arrays come back as numpy arrays.

    Raises:
        ContainerError, KeyError: It is damaged.
    """
    tensors, meta = parse_container(content, _META)
    digest = _digest(meta["tree"], tensors)
    if meta.get("sha256", digest) != digest:  # earlier versions wrote none
        raise ContainerError("its content is not what was written")
    return _give(meta["tree"], tensors)


def _parts(state: dict[str, Any]) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
    """The arrays of a state, and the rest with its digest."""
    tensors: dict[str, np.ndarray] = {}
    tree = _take(state, tensors)
    return tensors, {"tree": tree, "sha256": _digest(tree, tensors)}


def _digest(tree: Any, tensors: dict[str, np.ndarray]) -> str:
    """SHA-256 of everything in a checkpoint: a bit that fell over on a disk must not train on."""
    digest = hashlib.sha256(json.dumps(tree).encode())
    for name in sorted(tensors):
        array = tensors[name]
        digest.update(f"{name} {array.dtype} {array.shape}".encode())
        digest.update(array.tobytes())
    return digest.hexdigest()


def _take(value: Any, tensors: dict[str, np.ndarray]) -> Any:
    """``value`` with a reference in place of every array, which goes into ``tensors``."""
    if isinstance(value, dict):
        wrong = [key for key in value if not isinstance(key, (str, int))]
        if wrong:
            raise TypeError(f"a checkpoint's keys must be texts or whole numbers, got {wrong[0]!r}")
        pairs = [[key, _take(inner, tensors)] for key, inner in value.items()]
        return {"dict": pairs}
    if isinstance(value, (list, tuple)):
        return {"list": [_take(inner, tensors) for inner in value]}
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, np.generic):
        return value.item()
    if hasattr(value, "detach"):  # a torch tensor
        value = value.detach().cpu().numpy()
    if not isinstance(value, np.ndarray) or value.dtype.kind not in "fiub":
        raise TypeError(f"a checkpoint holds numbers, texts and arrays, got {type(value).__name__}")
    name = f"t{len(tensors):06d}"
    tensors[name] = value.copy()
    return {_ARRAY: name}


def _give(value: Any, tensors: dict[str, np.ndarray]) -> Any:
    if isinstance(value, dict):
        if "dict" in value:
            return {key: _give(inner, tensors) for key, inner in value["dict"]}
        if "list" in value:
            return [_give(inner, tensors) for inner in value["list"]]
        return tensors[value[_ARRAY]]
    return value
