"""One at a time: what two threads must not do at once is refused, not spoiled."""

from __future__ import annotations

import threading


class Turn:
    """A context that a second thread cannot enter; a copy of it is free.

    Args:
        what: Cannot be shared, for the message.
    """

    def __init__(self, what: str) -> None:
        self._what, self._lock = what, threading.Lock()

    def __enter__(self) -> None:
        if not self._lock.acquire(False):
            raise RuntimeError(
                f"{self._what} is being used by another thread; give each thread one of its own"
            )

    def __exit__(self, *_: object) -> None:
        self._lock.release()

    def __reduce__(self) -> tuple[type[Turn], tuple[str]]:
        return Turn, (self._what,)
