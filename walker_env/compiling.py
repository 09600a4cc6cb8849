"""Says that code is being compiled, to whoever asked to be told; commands ask, a library is quiet.

numba compiles when a function is first called with its kinds of arguments, and keeps the machine
code on disk. That first time takes long enough to look like a fault.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

_OURS = ("walker_env", "agents")  # other libraries compile, too

_told: list[Callable[[], object]] = []


def announce(tell: Callable[[], object]) -> None:
    """Let ``tell()`` be called once, before the first function that is not found on disk."""
    _told.append(tell)


def listen() -> None:
    """Watch numba, which is loaded; whoever calls it before something is compiled."""
    from numba.core import event

    class Once(event.Listener):
        """Passes the first compilation on."""

        def on_start(self, event: Any) -> None:
            if _told and _module(event).split(".")[0] in _OURS:
                _told.pop()()

        def on_end(self, event: Any) -> None:
            """Nothing to say."""

    if _told:
        event.register("numba:compile", Once())


def _module(event: Any) -> str:
    """Of the function that is compiled."""
    return str(getattr(event.data["dispatcher"].py_func, "__module__", ""))
