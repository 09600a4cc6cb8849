"""Threads that help with the steps of a batch, and sleep while there are none.

A step of a thousand walkers takes a fraction of a millisecond, and waking a thread through Python a
good part of that. So a helper stays in compiled code, without Python's lock, and watches a board
for parts of a step; only when none has come for a while does it go to sleep. Whoever is done takes
the next part, so a busy core holds nobody up, and a helper that is still asleep is not waited for.
"""

from __future__ import annotations

import os
import threading
import weakref
from typing import Any

import numpy as np

from walker_env.compiled.block import LANES
from walker_env.compiled.entry import help_step, step
from walker_env.compiled.passes import COUNT, NEXT, STOP

HELPER = "walker_env helper"
"""Name of the threads."""

_PATIENCE = 10_000  # looks at the board before a helper sleeps, a fraction of a millisecond
_FAREWELL = 1.0  # [s] to wait for a helper that is told to stop


class Team:
    """Steps N walkers by whole blocks on a number of threads.

    Helpers start with the first step that has work for them, stop with the team, and are started
    anew in a forked process.
    """

    def __init__(self, n: int, threads: int) -> None:
        self._parts = -(-n // LANES)
        self._wanted = min(threads, self._parts, _cores()) - 1
        self._board = _new_board(self._parts)
        self._helpers: list[_Helper] = []
        self._process = 0  # in which the helpers live

    def step(self, model: tuple, task: tuple, data: tuple, result: tuple, action: Any) -> bool:
        """One control step.

        Args:
            model: As in `passes.step`, as a plain tuple.
            task: The same.
            data: The same.
            result: The same.
            action: ``(N, A)`` float64.

        Returns:
            Whether a course needs more room.
        """
        if self._wanted > 0:
            if self._process != os.getpid():
                self._start((model, task, _types(data), _types(result), action[:0]))
            for helper in self._helpers:
                helper.wake()
        return step(self._board, model, task, data, result, action)

    def _start(self, like: tuple) -> None:
        self._process = os.getpid()
        self._board = _new_board(self._parts)  # the old one may be another process's
        help_step(self._board, 0, *like)  # compiled before the first step, not beside it
        self._helpers = [_Helper(self._board, like) for _ in range(self._wanted)]
        weakref.finalize(self, _stop, self._board, self._helpers)

    def __getstate__(self) -> dict[str, Any]:
        return {**vars(self), "_helpers": [], "_process": 0}  # a copy gets helpers of its own


class _Helper:
    """One thread, asleep or at the board."""

    def __init__(self, board: np.ndarray, like: tuple) -> None:
        self._bed = threading.Lock()
        self._bed.acquire()
        self._asleep = False
        self._thread = threading.Thread(
            target=self._work, args=(board, like), name=HELPER, daemon=True
        )
        self._thread.start()

    def wake(self) -> None:
        if self._asleep:
            self._asleep = False
            self._bed.release()

    def leave(self) -> None:
        self.wake()
        if self._thread is not threading.current_thread():
            self._thread.join(_FAREWELL)

    def _work(self, board: np.ndarray, like: tuple) -> None:
        while not board[STOP]:
            help_step(board, _PATIENCE, *like)
            self._asleep = True
            if board[STOP]:  # told while it lay down: nobody may have seen it asleep
                break
            self._bed.acquire()  # until somebody wakes it


def _stop(board: np.ndarray, helpers: list[_Helper]) -> None:
    board[STOP] = 1
    for helper in helpers:
        helper.leave()


def _new_board(parts: int) -> np.ndarray:
    board = np.zeros(STOP + 8, dtype=np.int64)
    board[COUNT] = board[NEXT] = parts
    return board


def _types(arrays: tuple) -> tuple:
    """Empty arrays of the same types: a helper must not hold on to the batch's."""
    return tuple(_type(array) for array in arrays)


def _type(array: Any) -> Any:
    if array is None or isinstance(array, tuple):  # the ground
        return array and _types(array)
    return np.empty((0,) * array.ndim, array.dtype)


def _cores() -> int:
    """Cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
