"""A population, or other jobs, shared by the actors of a Ray cluster.

Actors come and go with their nodes: what a lost one walked is walked again by another, and a
successor joins as soon as the cluster has room for it.
"""

from __future__ import annotations

import functools
import time
from collections import deque
from collections.abc import Sequence
from typing import Any

from agents.crews.cluster import connect, import_ray, last_line
from agents.crews.worker import Answerer, Failure, MakeRunner, WorkerError
from agents.provenance import code_digest
from agents.trial import Outcome, Trial, join, warm_walkers
from walker_env import Options

PATIENCE = 5
"""An actor may be lost so many times, on average, while the same jobs are done."""

START_SECONDS = 60.0
"""An actor is ready within it [s], or the cluster has no room."""


class Actor:
    """What runs on a node."""

    def __init__(self, make: MakeRunner) -> None:
        self._answerer = Answerer(make())

    def code(self) -> str:
        """Which code it runs."""
        return code_digest()

    def answer(self, job: Any) -> Any:
        """What a job came to, or a `Failure`."""
        return self._answerer.answer(job)


class RayCrew:
    """Walks trials on a cluster.

    Args:
        options: The environment that is walked.
        address: Of the cluster, ``"host:port"`` or ``"auto"``.
        actors: How many; None for one on each processor.

    Raises:
        ConnectionError: No cluster answers.
        WorkerError: It has no room for so many actors, or runs other code.
    """

    def __init__(self, options: Options, address: str, actors: int | None = None) -> None:
        self._pool = RayPool(functools.partial(warm_walkers, options), address, actors)

    @property
    def actors(self) -> tuple[Any, ...]:
        """Handles of the actors that walk now; one that was lost is missing until it is noticed."""
        return self._pool.actors

    def run(self, trial: Trial) -> Outcome:
        """Walk one trial; the part of an actor that is lost is walked again by another.

        Raises:
            WorkerError: An actor failed, or actor after actor died.
        """
        return join(self._pool.map(trial.parts(self._pool.welcome())))

    def close(self) -> None:
        """End the actors, and leave the cluster."""
        self._pool.close()


class RayPool:
    """Does jobs on a cluster, each actor the next one as soon as it is free.

    Args:
        make: Makes on a node what does its jobs.
        address: Of the cluster, ``"host:port"`` or ``"auto"``.
        actors: How many; None for one on each processor.

    Raises:
        ConnectionError: No cluster answers.
        WorkerError: It has no room for so many actors, or runs other code.
    """

    def __init__(self, make: MakeRunner, address: str, actors: int | None = None) -> None:
        self._owns = connect(address)
        self._ray = import_ray()
        self._make, self._address, self._deaths = make, address, 0
        self._actors: list[Any] = []
        self._coming: dict[Any, Any] = {}  # what tells that it is ready -> actor
        self._class = self._ray.remote(num_cpus=1, max_restarts=0)(Actor)
        try:
            cpus = int(self._ray.cluster_resources().get("CPU", 0))
            if (actors or 1) > cpus:
                raise WorkerError(f"{address} has {cpus} processors, too few for {actors or 1}")
            self._count = actors or cpus
            for _ in range(self._count):
                self._call_one()
            self._welcome(self._count)
        except BaseException:
            self.close()
            raise

    @property
    def actors(self) -> tuple[Any, ...]:
        """Handles of the actors that work now; one that was lost is missing until it is noticed."""
        return tuple(self._actors)

    def welcome(self) -> int:
        """Let those join that have become ready; how many there are, at least one."""
        self._welcome(0 if self._actors else 1)
        return len(self._actors)

    def map(self, jobs: Sequence[Any]) -> list[Any]:
        """What the jobs came to, in their order; that of an actor that is lost is done by another.

        Raises:
            WorkerError: An actor failed, or actor after actor died.
        """
        self.welcome()
        outcomes: dict[int, Any] = {}
        under_way: dict[Any, tuple[int, Any]] = {}
        waiting, free = deque(range(len(jobs))), list(self._actors)
        while len(outcomes) < len(jobs):
            while waiting and free:
                i, actor = waiting.popleft(), free.pop()
                under_way[actor.answer.remote(jobs[i])] = (i, actor)
            done, _ = self._ray.wait(list(under_way))
            i, actor = under_way.pop(done[0])
            try:
                outcomes[i] = self._fetch(done[0])
                free.append(actor)
            except self._ray.exceptions.RayError as error:
                self._actors.remove(actor)
                self._mourn(error)
                waiting.append(i)
                if not self._actors:
                    self._welcome(1)
                    free = list(self._actors)
        self._deaths = 0
        return [outcomes[i] for i in range(len(jobs))]

    def close(self) -> None:
        """End the actors, and leave the cluster."""
        for actor in (*self._actors, *self._coming.values()):
            self._ray.kill(actor)
        self._actors, self._coming = [], {}
        if self._owns:
            self._ray.shutdown()

    def _fetch(self, reference: Any) -> Any:
        answer = self._ray.get(reference)
        if isinstance(answer, Failure):
            raise answer.error()
        return answer

    def _call_one(self) -> None:
        actor = self._class.remote(self._make)
        self._coming[actor.code.remote()] = actor

    def _welcome(self, need: int) -> None:
        """Let those join that are ready, and wait until at least ``need`` have joined."""
        deadline = time.monotonic() + START_SECONDS
        while self._coming:
            for reference in self._ready(len(self._coming), 0.0):
                need -= self._join(self._coming.pop(reference), reference)
            left = deadline - time.monotonic()
            if need <= 0:
                return
            if left <= 0:
                raise WorkerError(
                    f"{self._address}: {need} actors did not start within {START_SECONDS:.0f} s; "
                    "are its processors taken?"
                )
            self._ready(1, left)

    def _ready(self, most: int, seconds: float) -> list[Any]:
        return self._ray.wait(list(self._coming), num_returns=most, timeout=seconds)[0]

    def _join(self, actor: Any, reference: Any) -> bool:
        """Whether an actor could join; else a successor is called for."""
        try:
            code = self._ray.get(reference)
        except self._ray.exceptions.RayError as error:
            self._check_import(error)
            self._mourn(error)
            return False
        if code != code_digest():
            raise WorkerError(
                f"a node at {self._address} runs other code ({code} instead of {code_digest()}): "
                "results would differ; give all nodes the same checkout"
            )
        self._actors.append(actor)
        return True

    def _mourn(self, error: Exception) -> None:
        """Call for the successor of a lost actor, unless too many were lost."""
        self._deaths += 1
        if self._deaths >= PATIENCE * self._count:
            raise WorkerError(
                f"{self._deaths} actors were lost one after another at {self._address}, the last "
                f"with: {last_line(str(error))}"
            ) from error
        self._call_one()

    def _check_import(self, error: Exception) -> None:
        if "ModuleNotFoundError" in str(error):
            raise WorkerError(
                f"a node at {self._address} does not find the code ({last_line(str(error))}): "
                "start its Ray with PYTHONPATH=CHECKOUT, where everything is installed"
            ) from error
