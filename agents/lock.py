"""A lock that is a file: between processes, also of commands that know nothing of each other."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def lock(path: Path) -> Iterator[int]:
    """Wait until nobody else holds the file, then hold it; a process that dies lets go.

    The library filelock keeps its handle to itself, but a child must be able to inherit it: the
    lock then outlives this process where only this one is killed.

    Yields:
        The file's handle, for the processes that share the lock.
    """
    handle = os.open(path, os.O_CREAT | os.O_RDWR)
    try:
        try:
            import fcntl
        except ImportError:  # Windows: start the command once at a time
            yield handle
            return
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield handle
    finally:
        os.close(handle)
