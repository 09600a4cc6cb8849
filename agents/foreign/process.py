"""A foreign network's process, seen from outside: asked over a pipe, killed when it is late.

It ends with this process, however that dies: the child watches its end of the pipe.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import NoReturn

import numpy as np

from agents.foreign import frames
from agents.foreign.limits import Limits
from agents.policy import PolicyError

ROOT = Path(__file__).resolve().parents[2]

START_SECONDS = 120.0
"""The interpreter and its libraries may take so long to load [s]; that is not the network's."""

WORDS_MAX = 1_000_000
"""Most bytes of words in an answer: ten times what a policy may tell about its training."""

_TICK = 0.05  # [s] between two looks at the clock
_LAST_BREATH = 5.0  # [s] for a child that has closed its pipe to end by itself
_SPENT = {-signal.Signals[n] for n in ("SIGXCPU", "SIGKILL") if n in signal.Signals.__members__}


class Process:
    """A child that answers one question after another.

    Args:
        where: The policy's file, for messages.
        limits: What the child may take.
    """

    def __init__(self, where: str, limits: Limits) -> None:
        self._where, self._limits = where, limits
        self._left = limits.seconds
        self._due = float("inf")
        self._late = False
        self._broken = ""
        self._log = tempfile.TemporaryFile()  # noqa: SIM115, closed by close
        self._child = subprocess.Popen(
            [sys.executable, "-m", "agents.foreign"],
            cwd=ROOT,
            env={**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            bufsize=frames.BUFFER,
            start_new_session=True,
        )
        assert self._child.stdin is not None
        assert self._child.stdout is not None
        self._questions, self._answers = self._child.stdin, self._child.stdout
        self._over = threading.Event()
        threading.Thread(target=self._watch, daemon=True).start()

    def start(self, job: dict, content: bytes) -> dict:
        """Hand over the policy's bytes.

        Returns:
            What the child says of the policy.

        Raises:
            PolicyError: The policy is refused.
            ImportError: What it needs is not installed.
        """
        self._exchange(job, START_SECONDS, WORDS_MAX)
        found = self._timed(content, WORDS_MAX)
        return found if isinstance(found, dict) else self._fail("its process answers no words")

    def ask(self, obs: np.ndarray, width: int) -> np.ndarray:
        """The child's answer ``(N, width)`` float32 to observations ``(N, O)`` float32.

        Raises:
            PolicyError: It fails, takes too long, or answers something else.
        """
        found = self._timed(obs, max(WORDS_MAX, 4 * len(obs) * width))
        if not isinstance(found, np.ndarray) or found.shape != (len(obs), width):
            self._fail(f"its process answers no array ({len(obs)}, {width})")
        return found

    def close(self) -> None:
        """End the child; nothing of it is left."""
        self._broken = self._broken or f"{self._where}: it is closed"
        self._over.set()
        self._child.kill()
        self._child.wait()
        with contextlib.suppress(OSError):  # a question that the child no longer reads
            self._questions.close()
        self._answers.close()
        self._log.close()

    def _timed(self, value: frames.Value, most: int) -> frames.Value:
        """One exchange at the network's expense."""
        begun = time.monotonic()
        try:
            return self._exchange(value, min(self._left, self._limits.answer_seconds), most)
        finally:
            self._left -= time.monotonic() - begun

    def _exchange(self, value: frames.Value, seconds: float, most: int) -> frames.Value:
        """Send one value and wait for one; a child that was not heard out is never asked again."""
        if self._broken:
            raise PolicyError(self._broken)
        self._broken = f"{self._where}: an earlier answer was not waited for"
        self._due = time.monotonic() + seconds
        try:
            frames.write(self._questions, value)
            found = frames.read(self._answers, most)
        except (EOFError, OSError):
            self._fail(self._why_it_ended())
        except ValueError as error:
            self._fail(f"its process answers nonsense: {error!s:.200}")
        self._due, self._broken = float("inf"), ""
        return self._accepted(found)

    def _accepted(self, found: frames.Value) -> frames.Value:
        if isinstance(found, dict) and "missing" in found:
            raise ImportError(str(found["missing"]))
        if isinstance(found, dict) and "refused" in found:
            raise PolicyError(f"{self._where}: {found['refused']}")
        return found

    def _fail(self, reason: str) -> NoReturn:
        self._broken = f"{self._where}: {reason}"
        self.close()
        raise PolicyError(self._broken)

    def _why_it_ended(self) -> str:
        try:
            code = self._child.wait(_LAST_BREATH)
        except subprocess.TimeoutExpired:
            return "its process closed the pipe"
        limits = self._limits
        if self._late or code in _SPENT:
            return (
                f"the network takes too long: more than {limits.cpu_seconds} s of processor time, "
                f"{limits.answer_seconds:g} s by the clock for one answer or {limits.seconds:g} s "
                "for all of them"
            )
        self._log.seek(0)
        words = self._log.read().decode(errors="replace").strip().splitlines()[-1:]
        return (
            f"its process broke off (exit {code}; at most {limits.memory >> 20} MiB of memory): "
            f"{' '.join(words):.200}"
        )

    def _watch(self) -> None:
        """Kill the child when an answer is due and does not come."""
        while not self._over.wait(_TICK):
            if time.monotonic() > self._due:
                self._late = True
                self._child.kill()
                return
