"""The config of an evolution of bodies: its settings, and what runs it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from agents.crews.crew import Pool, make_pool
from agents.evolving.judging import Judge
from agents.evolving.search import BodySearch
from agents.evolving.settings import EvolveSettings


@dataclass(frozen=True)
class EvolveConfig(EvolveSettings):
    """An evolution as a `learner.Config`."""

    def learner(self, crew: Any) -> BodySearch:
        """An evolution at its beginning; ``crew`` is a pool of judges."""
        return BodySearch(self, crew)

    def make_crew(self, workers: int, ray: str | None) -> Pool:
        """Judges on processes of this machine, or on a cluster.

        Raises:
            ValueError, WorkerError, ImportError, ConnectionError: As `crew.make_pool`.
        """
        return make_pool(Judge, workers, ray)
