"""Ctrl-C comes between two updates: what was half done when it came must not be saved."""

from __future__ import annotations

import signal
import threading
from types import FrameType

from agents.ending import SIGNALS


class Interrupt:
    """Defers SIGINT to the end of the current update; a second one raises at once.

    The same for other signals where they would raise `KeyboardInterrupt`, too; but SIGHUP, which a
    terminal and its shell both send, hurries nothing. Outside the main thread nothing is deferred:
    signals do not reach it.

    Attributes:
        came: Whether a signal has been deferred.
    """

    def __init__(self) -> None:
        main = threading.current_thread() is threading.main_thread()
        self._held = [n for n in SIGNALS if main and _raises(n)]
        self.came = False

    def __enter__(self) -> Interrupt:
        for number in self._held:
            signal.signal(number, self._take)
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: object) -> None:
        for number in self._held:
            signal.signal(number, signal.default_int_handler)
        if self.came and isinstance(error, Exception):
            raise KeyboardInterrupt from error  # whoever handles the error must not go on

    def _take(self, number: int, frame: FrameType | None) -> None:
        if self.came and number != getattr(signal, "SIGHUP", None):
            raise KeyboardInterrupt
        self.came = True


def _raises(number: int) -> bool:
    return signal.getsignal(number) is signal.default_int_handler
