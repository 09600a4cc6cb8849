"""A population, or other jobs, shared by processes of this machine.

Each worker hangs on a pipe of its own, whose other end only this process holds: when this process
dies, however it dies, the workers' pipes break and they end.
"""

from __future__ import annotations

import atexit
import functools
import multiprocessing
import signal
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import connection, resource_tracker
from multiprocessing.process import BaseProcess
from typing import Any

from agents.crews.worker import Failure, MakeRunner, WorkerError, work
from agents.ending import undisturbed
from agents.trial import Outcome, Trial, join, warm_walkers
from walker_env import Options

PATIENCE = 5
"""Give up after this many worker deaths while the same jobs are done."""

_CONTEXT = multiprocessing.get_context("spawn")
_NAME = "walkers"  # of the processes
_LAST_WORDS = 5.0  # [s] for a worker that has hung up to end


@dataclass(frozen=True, eq=False)
class _Worker:
    process: BaseProcess
    channel: connection.Connection


class ProcessCrew:
    """Walks trials on worker processes.

    Args:
        options: The environment that is walked.
        workers: How many processes.

    Raises:
        WorkerError: They do not start.
    """

    def __init__(self, options: Options, workers: int) -> None:
        self._pool = ProcessPool(functools.partial(warm_walkers, options), workers)
        self._count = workers

    def run(self, trial: Trial) -> Outcome:
        """Walk one trial; the part of a worker that dies is walked again by another.

        Raises:
            WorkerError: A worker failed, or worker after worker died.
        """
        return join(self._pool.map(trial.parts(self._count)))

    def close(self) -> None:
        """End the workers, whatever they are doing; the next trial would start new ones."""
        self._pool.close()


class ProcessPool:
    """Does jobs on worker processes, each the next one as soon as it is free.

    Args:
        make: Makes in a worker what does its jobs.
        workers: How many processes.

    Raises:
        WorkerError: They do not start.
    """

    def __init__(self, make: MakeRunner, workers: int) -> None:
        self._make, self._count = make, workers
        self._workers: list[_Worker] = []
        self._deaths = 0
        self._start()

    def map(self, jobs: Sequence[Any]) -> list[Any]:
        """What the jobs came to, in their order; that of a worker that dies is done by another.

        Raises:
            WorkerError: A worker failed, or worker after worker died.
        """
        try:
            return self._map(jobs)
        except BaseException:
            self.close()  # nobody will fetch what is still under way
            raise

    def close(self) -> None:
        """End the workers, whatever they are doing; the next trial would start new ones."""
        with undisturbed():
            while self._workers:
                _end(self._workers.pop())

    def _map(self, jobs: Sequence[Any]) -> list[Any]:
        self._start()
        waiting, outcomes = deque(range(len(jobs))), dict[int, Any]()
        under_way: dict[int, int] = {}  # worker -> job
        while len(outcomes) < len(jobs):
            for i in range(self._count):
                if waiting and i not in under_way:
                    under_way[i] = waiting.popleft()
                    self._send(i, jobs[under_way[i]])
            ready = connection.wait([self._workers[i].channel for i in under_way])
            for i in [i for i in under_way if self._workers[i].channel in ready]:
                answer = self._receive(i)
                if answer is None:
                    self._send(i, jobs[under_way[i]])
                else:
                    outcomes[under_way.pop(i)] = answer
        self._deaths = 0
        return [outcomes[i] for i in range(len(jobs))]

    def _send(self, i: int, job: Any) -> None:
        """Send a job to worker i, or to its successors until one takes it."""
        while True:
            try:
                return self._workers[i].channel.send(job)
            except OSError:
                self._replace(i)

    def _receive(self, i: int) -> Any:
        """The answer of worker i; None if it died, and a successor waits for the job."""
        try:
            answer = self._workers[i].channel.recv()
        except (EOFError, OSError):
            self._replace(i)
            return None
        if isinstance(answer, Failure):
            raise answer.error()
        return answer

    def _start(self) -> None:
        """Start the workers that are missing, side by side, and wait until they are ready."""
        missing = range(len(self._workers), self._count)
        try:
            for _ in missing:
                with undisturbed():  # a worker that is not in the list would never be ended
                    self._workers.append(_new())
            for i in missing:
                self._await(i)
        except BaseException:
            self.close()
            raise

    def _replace(self, i: int) -> None:
        """Put a new worker in the place of a dead one."""
        self._mourn(self._workers[i])
        with undisturbed():
            self._workers[i] = _new()
        self._await(i)

    def _mourn(self, worker: _Worker) -> None:
        _end(worker)
        self._deaths += 1
        if self._deaths >= PATIENCE:
            raise WorkerError(
                f"{self._deaths} workers died one after another, the last "
                f"{_how_it_ended(worker.process.exitcode)}; is there enough memory for "
                f"{self._count} workers?"
            )

    def _await(self, i: int) -> None:
        """Wait until worker i, or a successor, is ready."""
        worker = self._workers[i]
        try:
            worker.channel.send(self._make)
            answer = worker.channel.recv()
        except (EOFError, OSError):
            worker.process.join(_LAST_WORDS)
            if (worker.process.exitcode or 0) > 0:
                raise WorkerError(
                    f"a worker could not start: it ended {_how_it_ended(worker.process.exitcode)}; "
                    "a script that trains with workers must do so under "
                    "if __name__ == '__main__':, since each worker imports it"
                ) from None
            return self._replace(i)
        if isinstance(answer, Failure):
            raise answer.error()


def _new() -> _Worker:
    ours, theirs = _CONTEXT.Pipe()
    process = _CONTEXT.Process(target=work, args=(theirs,), name=_NAME, daemon=True)
    with _no_interrupt():
        process.start()
    theirs.close()
    return _Worker(process, ours)


@atexit.register
def _end_all() -> None:
    """Leave no worker: multiprocessing would ask it to end, which it ignores, and wait for ever."""
    for process in multiprocessing.active_children():
        if process.name == _NAME:
            process.kill()


def _how_it_ended(code: int | None) -> str:
    if code is None or code >= 0:
        return f"with exit code {code}"
    return f"by {signal.Signals(-code).name}"


def _end(worker: _Worker) -> None:
    """End a worker, which has nothing to lose."""
    worker.channel.close()
    worker.process.kill()
    worker.process.join()


@contextmanager
def _no_interrupt() -> Iterator[None]:
    """What is started inside never sees Ctrl-C: it is for this process to end its workers."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    resource_tracker.ensure_running()  # its own start, otherwise inside, lets Ctrl-C through again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
