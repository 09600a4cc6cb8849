"""Who walks a generation: this process, processes beside it, or the actors of a cluster."""

from __future__ import annotations

from agents.learner import Crew
from agents.trial import Walkers
from walker_env import Options


def make_crew(options: Options, workers: int = 1, ray: str | None = None) -> Crew:
    """The crew for ``workers`` processes of this machine, or for a Ray cluster.

    Args:
        options: The environment that is walked.
        workers: How many share a population; 1 walks in this process.
        ray: Address of a cluster, ``"host:port"`` or ``"auto"``.

    Raises:
        ValueError: ``workers`` is no number from 1 on.
    """
    if not isinstance(workers, int) or workers < 1:
        raise ValueError(f"workers must be an int >= 1, got {workers!r}")
    return Walkers(options)
