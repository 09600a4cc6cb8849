"""Who walks a generation, or does other jobs: this process, processes beside it, or a cluster.

The outcome is the same, bit for bit; `docs/distributed.md` says what else is guaranteed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from agents.crews.worker import MakeRunner
from agents.learner import Config, Crew
from agents.trial import Walkers
from walker_env import Options


class Pool(Protocol):
    """Does jobs, of which the outcomes depend on the jobs alone."""

    def map(self, jobs: Sequence[Any]) -> list[Any]:
        """What they came to, in their order."""

    def close(self) -> None:
        """End the workers."""


class LocalPool:
    """Does jobs in this process.

    Args:
        make: Makes what does them.
    """

    def __init__(self, make: MakeRunner) -> None:
        self._runner = make()

    def map(self, jobs: Sequence[Any]) -> list[Any]:
        """What they came to, in their order."""
        return [self._runner.run(job) for job in jobs]

    def close(self) -> None:
        """Nothing to end."""


def crew_for(config: Config, workers: int = 1, ray: str | None = None) -> Any:
    """What a config's learner works with: a `Crew`, or what its own ``make_crew`` makes.

    Args:
        config: With ``make_crew(workers, ray)`` where it shares something else than a population.
        workers: As for `make_crew`.
        ray: As for `make_crew`.

    Raises:
        ValueError, WorkerError, ImportError, ConnectionError: As `make_crew`.
    """
    own = getattr(config, "make_crew", None)
    return own(workers, ray) if own else make_crew(config.options, workers, ray)


def make_pool(make: MakeRunner, workers: int = 1, ray: str | None = None) -> Pool:
    """Whoever does jobs on ``workers`` processes of this machine, or on a Ray cluster.

    Args:
        make: Makes what does them, where they are done.
        workers: As for `make_crew`.
        ray: As for `make_crew`.

    Raises:
        ValueError, WorkerError, ImportError, ConnectionError: As `make_crew`.
    """
    _check_workers(workers)
    if ray is not None:
        from agents.crews.ray_crew import RayPool

        return RayPool(make, ray, workers if workers > 1 else None)
    if workers > 1:
        from agents.crews.process_crew import ProcessPool

        return ProcessPool(make, workers)
    return LocalPool(make)


def make_crew(options: Options, workers: int = 1, ray: str | None = None) -> Crew:
    """The crew for ``workers`` processes of this machine, or for a Ray cluster.

    Args:
        options: The environment that is walked.
        workers: How many share a population; 1 walks in this process, or with ``ray`` on every
            processor of the cluster.
        ray: Address of a cluster, ``"host:port"`` or ``"auto"``.

    Raises:
        ValueError: ``workers`` is no number from 1 on, or ``ray`` no address.
        WorkerError: The workers do not start.
        ImportError: Ray is not installed.
        ConnectionError: No cluster answers.
    """
    _check_workers(workers)
    if ray is not None:
        from agents.crews.ray_crew import RayCrew

        return RayCrew(options, ray, workers if workers > 1 else None)
    if workers > 1:
        from agents.crews.process_crew import ProcessCrew

        return ProcessCrew(options, workers)
    return Walkers(options)


def shares_population(config: Config) -> bool:
    """Whether the algorithm says that workers can share its population."""
    return getattr(config, "shares_population", False)


def check_shared(config: Config, workers: int, ray: str | None) -> None:
    """Check that the algorithm has a population, where one is to be shared.

    Args:
        config: Says by ``shares_population`` whether it has one.
        workers: Processes asked for; 1: none beside this one.
        ray: Address of a cluster; None: none.

    Raises:
        ValueError: It has none, and workers or a cluster were asked for.
    """
    if (workers != 1 or ray is not None) and not shares_population(config):
        asked = f"--workers {workers}" if ray is None else f"--ray {ray}"
        raise ValueError(
            f"{asked} shares a population over processes, and {config.algorithm} has none; "
            "leave it out"
        )


def _check_workers(workers: int) -> None:
    if not isinstance(workers, int) or isinstance(workers, bool) or workers < 1:
        raise ValueError(f"workers must be an int >= 1, got {workers!r}")
