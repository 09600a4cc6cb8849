"""A worker process: does the jobs it receives, such as trials, until the sender is gone.

Nothing but the standard library is imported before the number of threads is set; torch and evotorch
are not imported at all.
"""

from __future__ import annotations

import os
import signal
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, replace
from multiprocessing import connection
from typing import Any, Protocol

from agents.ending import SIGNALS, end_with_starter

_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


class Runner(Protocol):
    """Does jobs of one kind, as `trial.Walkers` walks trials."""

    def run(self, job: Any) -> Any:
        """Do a job; the outcome is a dataclass with a field ``cpu``, and depends on it alone."""


MakeRunner = Callable[[], Runner]
"""Makes one where the jobs are done; picklable."""


class WorkerError(RuntimeError):
    """A worker failed, or none could be kept alive."""


@dataclass(frozen=True)
class Failure:
    """An exception that stopped a trial, as text, since not every exception can be pickled."""

    message: str
    details: str

    def error(self) -> WorkerError:
        """The exception to raise in the main process; its cause is the worker's traceback."""
        error = WorkerError(f"a worker failed: {self.message}")
        error.__cause__ = WorkerError(f"in the worker:\n{self.details}")
        return error


class Answerer:
    """Answers jobs, with the processor time that each took.

    Args:
        runner: Does them.
    """

    def __init__(self, runner: Runner) -> None:
        self._runner, self._cpu = runner, time.process_time()

    def answer(self, job: Any) -> Any:
        """What a job came to, or a `Failure`; its ``cpu`` is all since the last answer [s]."""
        try:
            outcome = self._runner.run(job)
        except Exception as error:  # whatever it is, it is raised again where the job came from
            return failure(error)
        before, self._cpu = self._cpu, time.process_time()
        return replace(outcome, cpu=self._cpu - before)


def failure(error: Exception) -> Failure:
    """An exception in words."""
    return Failure(f"{type(error).__name__}: {error}", traceback.format_exc())


def work(channel: connection.Connection) -> None:
    """Take a `MakeRunner`, then jobs; give a None when ready, then an outcome or failure for each.

    It ends when the other end of the channel is closed or its process is gone.
    """
    for number in SIGNALS:  # for the parent, which ends its workers
        signal.signal(number, signal.SIG_IGN)
    os.environ.update(dict.fromkeys(_THREADS, "1"))
    end_with_starter()
    try:
        answerer = Answerer(channel.recv()())
        channel.send(None)
        while True:
            channel.send(answerer.answer(channel.recv()))
    except (EOFError, OSError):
        return
    except Exception as error:  # what was sent cannot be understood here: a class of the user's own
        channel.send(failure(error))
