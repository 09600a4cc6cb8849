"""How a process ends: by a signal as by Ctrl-C, and with the process that started it.

Whoever is started by `start_bound` has a pipe for standard input whose other end only its parent
holds: it hangs up when the parent dies, however that happens. As a command,
``python -m agents.ending MODULE ARGUMENTS`` runs another module's command like that.
"""

from __future__ import annotations

import multiprocessing
import os
import runpy
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing import connection
from pathlib import Path
from typing import Any

SIGNALS = tuple(getattr(signal, n) for n in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, n))
"""What tells a process to end."""

ROOT = Path(__file__).resolve().parents[1]
"""Where commands are started: the checkout."""

PATIENCE = 30.0
"""Seconds that a process takes at most to end in order after its parent."""


def end_on_signals() -> None:
    """Let SIGTERM and SIGHUP do what Ctrl-C does; one that is ignored, as by nohup, stays so."""
    if threading.current_thread() is not threading.main_thread():
        return
    for number in SIGNALS:
        if signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, signal.default_int_handler)


@contextmanager
def undisturbed() -> Iterator[None]:
    """Signals that come inside are handled at its end.

    They are only held back: another thread may be the one that is told, so blocking them in this
    one would not do.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[int] = []
    handlers = {n: h for n in SIGNALS if callable(h := signal.getsignal(n))}
    try:
        for number in handlers:
            signal.signal(number, lambda number, frame: came.append(number))
        yield
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
        for number in came:
            signal.raise_signal(number)


def start_bound(command: Sequence[str], **how: Any) -> subprocess.Popen[bytes]:
    """Start a process that watches its standard input with `end_with_parent`.

    Args:
        command: Of the process, started from the checkout.
        **how: For `subprocess.Popen`.
    """
    return subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, **how)


def wait_bound(process: subprocess.Popen[bytes]) -> int:
    """The exit status of a bound process; whatever is raised meanwhile ends it first."""
    try:
        return process.wait()
    finally:
        assert process.stdin is not None
        process.stdin.close()
        process.wait()


def end_with_parent(handle: int, end: Callable[[], Any]) -> None:
    """Call ``end`` in a thread once nobody holds a pipe's other end any more.

    Args:
        handle: This process's end of the pipe; what can be read there stays unread.
        end: Ends this process, whatever it is doing.
    """
    if hasattr(select, "poll"):  # not on Windows
        threading.Thread(target=_watch, args=(handle, end), daemon=True).start()


def end_with_starter() -> None:
    """End this process of multiprocessing at once when the one that started it is gone."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_outlive_nobody, args=(parent.sentinel,), daemon=True).start()


def hang_up() -> None:
    """End this process as by Ctrl-C; at once where it takes longer than `PATIENCE`."""
    ignored = signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    os.kill(os.getpid(), signal.SIGTERM if ignored else signal.SIGHUP)
    time.sleep(PATIENCE)
    os._exit(1)


def _watch(handle: int, end: Callable[[], Any]) -> None:
    watched = select.poll()
    watched.register(handle, 0)  # that it was hung up is told unasked
    watched.poll()
    end()


def _outlive_nobody(sentinel: int) -> None:
    connection.wait([sentinel])
    os._exit(1)


if __name__ == "__main__":
    end_on_signals()
    end_with_parent(0, hang_up)
    sys.argv = sys.argv[1:]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
