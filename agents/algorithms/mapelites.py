"""MAP-Elites (Mouret and Clune 2015) over gaits: one run yields an atlas of ways to walk.

The archive and the variation of its elites (iso+line, Vassiliades and Mouret 2018) are pyribs'.
evotorch has MAP-Elites too, but walks its whole grid with every generation, empty cells included.

Walks are noisy: what is kept must not be what was lucky. A newcomer that would take a cell walks
again, on other courses, and takes it with the mean of both; some elites, those that walked least,
walk again with every generation. An elite whose mean sinks, or whose gait turns out to be another,
gives way or moves. All of these steps count.

pyribs' objects hold random states that cannot be read or set from outside. Archive and emitter are
therefore made anew from the elites in every generation, with seeds from the learner's own stream,
and a run resumes exactly.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from agents.algorithms.elites import Elites, SearchState
from agents.algorithms.generations import EvolutionConfig
from agents.gaits import foot_pairs
from agents.learner import Crew, Learner
from agents.networks.network import plain_normaliser
from agents.networks.population import MLPs
from agents.policy import Policy
from agents.settings import check_positive, check_whole
from agents.trial import Trial
from walker_env import WORLD
from walker_env.seeds import TRAINING_LIMIT

if TYPE_CHECKING:
    from ribs.archives import GridArchive

RANGE = (-1.0, 1.0)
"""Of both axes of the map."""

_SCALE = round(100.0 * WORLD.control_rate)  # [control step] to which returns are scaled


@dataclass(frozen=True)
class MapElitesConfig(EvolutionConfig):
    """Settings of MAP-Elites."""

    algorithm: ClassVar[str] = "mapelites"
    rated_by: ClassVar[str] = "qd_score"  # when it is tuned: the atlas counts, not its best cell

    population: int = 128  # children in a generation
    episodes: tuple[tuple[int, float], ...] = ((0, 10.0), (40_000_000, 20.0))
    cells: int = 15  # along each side of the map
    recheck: int = 32  # elites that walk again in a generation
    stdev: float = 1.0  # of the first networks' weights
    iso: float = 0.03  # standard deviation of what is added to a child's weights
    line: float = 0.2  # standard deviation of how far it goes towards another elite
    normalise: bool = False  # an elite must go on to see what it saw when it was judged

    def __post_init__(self) -> None:
        super().__post_init__()
        check_whole(self, cells=1, recheck=0)
        check_positive(self, "stdev", "iso", "line")
        if self.normalise is not False:
            raise ValueError(
                f"mapelites: normalise must be false, got {self.normalise!r}: an elite must go on "
                "to see what it saw when it was judged"
            )

    def learner(self, crew: Crew) -> Learner:
        """A search at its beginning."""
        return MapElites(self, crew)


class MapElites:
    """The search as a `learner.Learner`.

    Attributes:
        elites: The present atlas, at most one for each cell.
        steps: Control steps so far, of all walkers together.
        cpu_seconds: Processor time spent by workers so far [s].
    """

    def __init__(self, config: MapElitesConfig, crew: Crew) -> None:
        self.config, self._crew, self._shape = config, crew, config.shape
        body = config.options.body
        self._pairs, self._feet = foot_pairs(body), len(body.feet)
        self._rng = np.random.default_rng(config.seed)
        self._normaliser = plain_normaliser(self._shape.sizes[0])
        self.steps, self.cpu_seconds = 0, 0.0
        self.elites = Elites.untried(np.zeros((0, self._shape.size)), self._feet)

    @property
    def metrics(self) -> dict[str, float]:
        """Share of the map that is filled, the sum of all fitness above 0, and the best."""
        fitness = self.elites.fitness(_SCALE)
        return {
            "coverage": len(fitness) / self.config.cells**2,
            "qd_score": float(np.maximum(fitness, 0.0).sum()),
            "return_best": float(fitness.max(initial=0.0)),
        }

    def advance(self) -> None:
        """One generation: children walk, with some of the elites; newcomers walk twice."""
        old = self.elites
        again = np.argsort(old.steps, kind="stable")[: self.config.recheck]
        everyone = old.joined(Elites.untried(self._children(), self._feet))
        new = np.arange(len(old), len(everyone))
        everyone = self._walk(everyone, np.concatenate([again, new]))
        placed = self._placed(everyone)
        entrants = placed[placed >= len(old)]
        everyone = self._walk(everyone, entrants)
        known = everyone.taken(np.concatenate([np.arange(len(old)), entrants]))
        self.elites = known.taken(self._placed(known))

    def policy(self) -> Policy:
        """The fittest elite among those that walked at least as often as most."""
        values = np.zeros(self._shape.size)
        if len(self.elites):
            known = self.elites.steps >= np.median(self.elites.steps)
            values = self.elites.values[
                np.argmax(np.where(known, self.elites.fitness(_SCALE), -np.inf))
            ]
        return Policy(
            name=self.config.algorithm,
            network=self._shape.network(values),
            normaliser=self._normaliser,
            options=self.config.options,
        )

    def state_dict(self) -> dict[str, Any]:
        """Everything that changes."""
        random = dict(self._rng.bit_generator.state)
        return SearchState(self.elites, self.steps, self.cpu_seconds, random).as_dict()

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on exactly as if it had never stopped."""
        found = SearchState.from_dict(state)
        self.elites, self.steps, self.cpu_seconds = found.elites, found.steps, found.cpu_seconds
        self._rng.bit_generator.state = found.random

    def _children(self) -> np.ndarray:
        """New networks ``(population, S)``: varied elites, or random ones at first."""
        from ribs.emitters import IsoLineEmitter

        config, size = self.config, self._shape.size
        if not len(self.elites):
            return self._rng.normal(0.0, config.stdev, (config.population, size))
        archive = self._archive()
        archive.add(*self._places(self.elites), row=np.arange(len(self.elites)))
        emitter = IsoLineEmitter(
            archive,
            iso_sigma=config.iso,
            line_sigma=config.line,
            x0=np.zeros(size),
            batch_size=config.population,
            seed=self._seed(),
        )
        return emitter.ask()

    def _walk(self, everyone: Elites, rows: np.ndarray) -> Elites:
        """Let the networks in ``rows`` walk, all on the same new courses."""
        if not len(rows):
            return everyone
        config = self.config
        steps = config.episode_steps(self.steps)
        outcome = self._crew.run(
            Trial(
                population=MLPs(self._shape, everyone.values[rows]),
                seeds=self._rng.integers(TRAINING_LIMIT, size=config.courses, dtype=np.uint64),
                steps=steps,
                normaliser=self._normaliser,
                gauge=True,
            )
        )
        self.steps += outcome.count
        self.cpu_seconds += outcome.cpu
        return everyone.after(rows, outcome, config.courses, steps)

    def _placed(self, everyone: Elites) -> np.ndarray:
        """Rows of the fittest in each cell, in the order of the cells; untried ones take none."""
        tried = np.flatnonzero(everyone.steps > 0)
        archive = self._archive()
        archive.add(*self._places(everyone.taken(tried)), row=tried)
        data = archive.data(["index", "row"])
        return data["row"][np.argsort(data["index"])]

    def _places(self, walked: Elites) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        return walked.values, walked.fitness(_SCALE), walked.coordination(self._pairs)

    def _archive(self) -> GridArchive:
        from ribs.archives import GridArchive

        return GridArchive(
            solution_dim=self._shape.size,
            dims=(self.config.cells, self.config.cells),
            ranges=(RANGE, RANGE),
            seed=self._seed(),
            solution_dtype=np.float32,
            objective_dtype=np.float64,
            measures_dtype=np.float64,
            extra_fields={"row": ((), np.int64)},
        )

    def _seed(self) -> int:
        return int(self._rng.integers(1 << 63))
