"""A worker process: walks the trials it receives until the sender is gone.

Nothing but the standard library is imported before the number of threads is set; torch and evotorch
are not imported at all.
"""

from __future__ import annotations

import os
import signal
import time
import traceback
from dataclasses import dataclass, replace
from multiprocessing import connection
from typing import TYPE_CHECKING

from agents.ending import SIGNALS, end_with_starter

if TYPE_CHECKING:
    from agents.trial import Outcome, Trial, Walkers

_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


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
    """Answers trials, with the processor time that each took.

    Args:
        walkers: Walks them.
    """

    def __init__(self, walkers: Walkers) -> None:
        self._walkers, self._cpu = walkers, time.process_time()

    def answer(self, trial: Trial) -> Outcome | Failure:
        """What a trial came to; its ``cpu`` is all that was spent since the last answer [s]."""
        try:
            outcome = self._walkers.run(trial)
        except Exception as error:  # whatever it is, it is raised again where the trial came from
            return failure(error)
        before, self._cpu = self._cpu, time.process_time()
        return replace(outcome, cpu=self._cpu - before)


def failure(error: Exception) -> Failure:
    """An exception in words."""
    return Failure(f"{type(error).__name__}: {error}", traceback.format_exc())


def work(channel: connection.Connection) -> None:
    """Take the options, then trials; give a None when ready, then an outcome or failure for each.

    It ends when the other end of the channel is closed or its process is gone.
    """
    for number in SIGNALS:  # for the parent, which ends its workers
        signal.signal(number, signal.SIG_IGN)
    os.environ.update(dict.fromkeys(_THREADS, "1"))
    end_with_starter()
    from agents.trial import Walkers

    try:
        walkers = Walkers(channel.recv())
        walkers.warm_up()
        answerer = Answerer(walkers)
        channel.send(None)
        while True:
            channel.send(answerer.answer(channel.recv()))
    except (EOFError, OSError):
        return
    except Exception as error:  # what was sent cannot be understood here: a class of the user's own
        channel.send(failure(error))
