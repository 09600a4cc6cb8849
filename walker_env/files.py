"""Atomic writes, and bounded reads of untrusted files."""

from __future__ import annotations

import contextlib
import os
import stat
import uuid
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def atomic_path(path: str | Path) -> Iterator[Path]:
    """A temporary path in the folder of ``path`` that takes its place when the block ends well.

    The temporary name starts with a dot and keeps the ending, for writers that go by it. When the
    block raises, the temporary file is removed and what was at ``path`` before is untouched.

    Args:
        path: The file to make or to replace; missing folders are made.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.stem}.{uuid.uuid4().hex}.part{path.suffix}")
    try:
        yield part
        with open(part, "rb+") as file:
            os.fsync(file.fileno())  # a rename must not reach the disk before the content
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)


def atomic_write(path: str | Path, content: bytes | str) -> None:
    """Write ``content`` (text as UTF-8) to ``path``, or leave ``path`` as it was.

    Args:
        path: The file to make or to replace; missing folders are made.
        content: All of it.
    """
    with atomic_path(path) as part:
        part.write_bytes(content.encode() if isinstance(content, str) else content)


def read_plain(path: str | Path, most: int) -> bytes:
    """The bytes of a plain file.

    Args:
        path: The file; devices and pipes, which may have no end, are refused.
        most: Largest size that is read [byte].

    Raises:
        ValueError: Missing, no plain file, or too big; the message has the reason only.
    """
    try:
        with open(path, "rb", opener=_at_once) as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise ValueError("expected a plain file")
            content = file.read(most + 1)
    except OSError as error:
        raise ValueError(f"cannot be read: {error.strerror or error}") from error
    if len(content) > most:
        raise ValueError(f"must have at most {most:,} bytes, but it has more")
    return content


def _at_once(path: str, flags: int) -> int:
    """Open a file without waiting, as a pipe would make it."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))
