"""One file with arrays and a JSON text: safetensors, which never runs code when it is read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load as load_tensors
from safetensors.numpy import save as save_tensors

from walker_env import strict_json
from walker_env.files import atomic_write, read_plain


class ContainerError(ValueError):
    """A file that is none of ours, or damaged; says what was expected and what came."""


def save_container(path: str | Path, key: str, tensors: dict[str, np.ndarray], meta: dict) -> None:
    """Write arrays and a description to one file, whole or not at all.

    Args:
        path: The file.
        key: What kind of file it is; `load_container` asks for the same.
        tensors: Arrays by name.
        meta: JSON-ready.

    Raises:
        ContainerError: ``meta`` is not JSON-ready.
    """
    atomic_write(path, pack_container(key, tensors, meta))


def pack_container(key: str, tensors: dict[str, np.ndarray], meta: dict) -> bytes:
    """The bytes of such a file.

    Args:
        key: As for `save_container`.
        tensors: Arrays by name.
        meta: JSON-ready.

    Raises:
        ContainerError: ``meta`` is not JSON-ready.
    """
    try:
        text = json.dumps(meta, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise ContainerError(f"it cannot be written as JSON: {error}") from error
    whole = {name: np.array(tensor, order="C") for name, tensor in tensors.items()}
    return save_tensors(whole, metadata={key: text})


def load_container(
    path: str | Path, key: str, most: int
) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
    """Read what `save_container` wrote.

    Args:
        path: The file.
        key: The kind of file that is expected.
        most: Largest size that is read [byte].

    Raises:
        ContainerError: Missing, too big, damaged, or of another kind.
    """
    try:
        content = read_plain(path, most)
    except ValueError as error:
        raise ContainerError(str(error)) from error
    return parse_container(content, key)


def parse_container(content: bytes, key: str) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
    """What `load_container` finds in a file's bytes.

    Args:
        content: The bytes.
        key: The kind of file that is expected.

    Raises:
        ContainerError: Damaged, or of another kind.
    """
    try:
        tensors = load_tensors(content)
    except (SafetensorError, KeyError, TypeError, ValueError) as error:  # no such type or shape
        raise ContainerError(
            f"expected a whole safetensors file, got {len(content)} bytes that are none ({error})"
        ) from error
    header = json.loads(content[8 : 8 + int.from_bytes(content[:8], "little")])
    text = (header.get("__metadata__") or {}).get(key)
    if text is None:
        raise ContainerError(f"expected metadata {key!r}, got none")
    try:
        meta = strict_json.loads(text)
    except ValueError as error:
        raise ContainerError(f"metadata {key!r} must be JSON: {error}") from error
    if not isinstance(meta, dict):
        raise ContainerError(f"metadata {key!r} must be an object, got {type(meta).__name__}")
    return tensors, meta
