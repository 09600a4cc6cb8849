"""What an evolution of bodies is told, checked when it is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from agents.crews.crew import shares_population
from agents.evolving.genome import genome_of
from agents.evolving.judging import Teacher
from agents.evolving.record import Record
from agents.evolving.viability import check_rules
from agents.settings import check_flag, check_whole, check_within
from walker_env import Options
from walker_env.seeds import check_training_seed
from walker_env.tasks import HORIZON

GOALS = ("bestiary", "best")


@dataclass(frozen=True)
class EvolveSettings:
    """Settings of an evolution of bodies; `options.body` is the first of them."""

    algorithm: ClassVar[str] = "evolve"
    shares_population: ClassVar[bool] = True
    keeps_best: ClassVar[bool] = True

    seed: int = 0
    goal: str = "bestiary"  # the best of every kind, or the one "best"
    free: bool = False  # bodies without mirror symmetry, too
    learner_algorithm: str = "snes"  # which population algorithm trains the bodies
    settings: Mapping[str, Any] = field(default_factory=dict)  # of that algorithm, by name
    tuned: bool = True  # whether it begins with its tuned settings
    inherit: bool = False  # whether a child's learner goes on from its parent's
    brood: int = 18  # children in a generation
    rungs: tuple[int, ...] = (2_000_000, 4_000_000, 8_000_000)
    """Control steps after which a generation is judged; the better part is trained on. After fewer,
    scores of new bodies tell little of what they will learn: see docs/bestiary.md."""
    keep: int = 3  # one of so many goes on to the next rung
    retrained: int = 3  # elites that lost their race and yet go one rung on, in a generation
    mutations: int = 3  # most for one child
    first_mutations: int = 8  # most for a child of the first generation
    elites: int = 32  # that are kept where the goal is the best one
    courses: int = 16  # validation courses on which each body is judged
    horizon: int = HORIZON  # [control step] of an episode there
    energy_price: float = 0.0  # [targets] for each unit of energy
    node_price: float = 0.0  # [targets] for each node
    muscle_price: float = 0.0  # [targets] for each muscle
    options: Options = field(default_factory=Options)

    def __post_init__(self) -> None:
        check_training_seed(self.seed)
        least = {
            "brood": 1,
            "keep": 2,
            "mutations": 1,
            "first_mutations": 1,
            "elites": 1,
            "retrained": 0,
        }
        check_whole(self, **least, courses=1, horizon=1)
        check_within(self, 0, 1000, "brood", "keep", "retrained", "elites", "courses")
        check_within(self, 0, 100, "mutations", "first_mutations")
        check_flag(self, "free", "tuned", "inherit")
        check_within(self, 0.0, 1e3, "energy_price", "node_price", "muscle_price")
        object.__setattr__(self, "rungs", _rising(self.rungs))
        object.__setattr__(self, "settings", dict(self.settings))
        if self.goal not in GOALS:
            raise ValueError(f"evolve: goal must be one of {GOALS}, got {self.goal!r}")
        self._check_first_body()
        self._check_teacher()

    @property
    def teacher(self) -> Teacher:
        """Who trains bodies."""
        settings = tuple(sorted(self.settings.items()))
        return Teacher(self.learner_algorithm, settings, self.tuned, self.courses, self.horizon)

    def fitness(self, record: Record, rung: int = -1) -> float:
        """Targets in 100 s after a rung, less what the body and its walk are charged.

        Args:
            record: Of the body.
            rung: Which; one that it was trained for.
        """
        body = record.body
        price = self.node_price * len(body.nodes) + self.muscle_price * len(body.muscles)
        return record.scores[rung] - price - self.energy_price * record.energies[rung]

    def _check_first_body(self) -> None:
        body = self.options.body
        genome_of(body, mirrored=not self.free)
        check_rules(body)

    def _check_teacher(self) -> None:
        if own := sorted(name for name in self.settings if "." in name or name == "seed"):
            raise ValueError(f"evolve: {own[0]} is the evolution's, not the learners' to set")
        config = self.teacher.config(self.options, 0)
        if not shares_population(config):
            raise ValueError(
                f"evolve: bodies are judged by an algorithm with a population, which "
                f"{self.learner_algorithm} has not"
            )


def _rising(rungs: Any) -> tuple[int, ...]:
    """The rungs as a tuple.

    Raises:
        ValueError: They are no rising whole numbers above 0.
    """
    found = tuple(rungs) if isinstance(rungs, (list, tuple)) else (rungs,)
    whole = all(isinstance(n, int) and not isinstance(n, bool) for n in found)
    if not found or not whole or list(found) != sorted({0, *found})[1:]:
        raise ValueError(f"evolve: rungs must be whole numbers that rise from 1, got {rungs!r}")
    return found
