"""What two processes say to each other: JSON, bytes and float32 arrays; nothing that could run.

A frame is a head (kind, rows, columns) and its content: for an array rows x columns numbers of four
bytes, little-endian; for the others as many bytes as it has rows.
"""

from __future__ import annotations

import json
import struct
from typing import IO

import numpy as np

from walker_env import strict_json

Value = np.ndarray | bytes | dict

_HEAD = struct.Struct("<cII")
_ARRAY, _BYTES, _WORDS = b"a", b"b", b"w"
_NUMBER = np.dtype("<f4")


BUFFER = 1 << 16
"""Bytes that a stream holds back: a batch's observations go in one piece, as a pipe takes them."""


class FrameError(ValueError):
    """What came is no frame."""


def write(stream: IO[bytes], value: Value) -> None:
    """Send one value: ``(N, K)`` float32, bytes, or a dict that is JSON-ready."""
    if isinstance(value, np.ndarray):
        head, content = _HEAD.pack(_ARRAY, *value.shape), value.astype(_NUMBER).tobytes()
    elif isinstance(value, bytes):
        head, content = _HEAD.pack(_BYTES, len(value), 0), value
    else:
        content = json.dumps(value, allow_nan=False).encode()
        head = _HEAD.pack(_WORDS, len(content), 0)
    stream.write(head + content)
    stream.flush()


def read(stream: IO[bytes], most: int) -> Value:
    """Wait for the next value.

    Args:
        stream: Where it comes from.
        most: Largest content [byte].

    Raises:
        EOFError: The other side is gone.
        FrameError: It is no frame, or a larger one.
    """
    kind, rows, columns = _HEAD.unpack(_exactly(stream, _HEAD.size))
    size = rows * columns * _NUMBER.itemsize if kind == _ARRAY else rows
    if size > most:
        raise FrameError(f"expected a frame of at most {most:,} bytes, got one of {size:,}")
    content = _exactly(stream, size)
    if kind == _ARRAY:
        return np.frombuffer(content, _NUMBER).reshape(rows, columns)
    if kind == _BYTES:
        return content
    words = strict_json.loads(content) if kind == _WORDS else None
    if not isinstance(words, dict):
        raise FrameError(f"expected an array, bytes or words, got kind {kind!r}")
    return words


def _exactly(stream: IO[bytes], size: int) -> bytes:
    content = stream.read(size)
    if len(content) < size:
        raise EOFError
    return content
