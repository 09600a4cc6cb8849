"""The evolution of bodies as a learner: breed, judge rung by rung, keep the fittest of each kind.

An advance is one rung of a generation: all its bodies that are still in it are trained on and
judged, and the better part goes on to the next rung (synchronous successive halving). What is
better depends on the goal: for the best body, who walks best; for a bestiary, who gains most on the
one that holds its cell, after the same training. New bodies learn late, so some elites that lost
their race are trained on beside each generation.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from agents.crews.crew import Pool
from agents.evolving.archive import CELLS, cell_of, fittest_of_all, fittest_of_each_kind
from agents.evolving.genome import genome_of
from agents.evolving.judging import Job, Judged, learner_seed
from agents.evolving.mutation import bred
from agents.evolving.record import Record
from agents.evolving.settings import EvolveSettings
from agents.policy import Policy
from agents.provenance import versions
from walker_env import Body

_TRIES = 20
"""A generation is smaller where so many attempts for each child brought too few new bodies."""


@dataclass(frozen=True)
class Product:
    """What training a body left: its policy's file and its learner's state."""

    policy: bytes
    state: bytes


class BodySearch:
    """The evolution as a `learner.Learner`.

    Args:
        config: Its settings.
        pool: Does the judging.

    Attributes:
        records: Of all bodies so far, by number.
        steps: Control steps so far, of all walkers together, judged walks included.
        cpu_seconds: Processor time spent by workers so far [s].
    """

    def __init__(self, config: EvolveSettings, pool: Pool) -> None:
        self.config, self._pool = config, pool
        self._rng = np.random.default_rng(config.seed)
        self.records: list[Record] = []
        self.steps, self.cpu_seconds = 0, 0.0
        self._elites: list[int] = []
        self._brood: list[int] = []  # still in the race of this generation
        self._rung = 0
        self._products: dict[int, Product] = {}  # of elites and brood

    @property
    def elites(self) -> list[Record]:
        """The bodies that are kept, the fittest first."""
        found = [self.records[number] for number in self._elites]
        return sorted(found, key=lambda record: -self.config.fitness(record))

    @property
    def generation(self) -> int:
        """The number of the present one."""
        return self.records[-1].generation if self.records else 0

    @property
    def metrics(self) -> dict[str, float]:
        """Bodies so far, share of the kinds that are filled, and what the elites are worth."""
        fitness = [self.config.fitness(record) for record in self.elites]
        done = [record for record in self.records if record.scores]
        return {
            "bodies": len(done),
            "failed": sum(bool(record.reason) for record in done),
            "coverage": len(fitness) / math.prod(CELLS),
            "qd_score": sum(max(value, 0.0) for value in fitness),
            "best": fitness[0] if fitness else 0.0,
        }

    def advance(self) -> None:
        """Judge a rung of the present generation, or of a new one."""
        if not self._brood:
            self._breed()
        again = self._held_back() if self._rung == 0 else []
        numbers = [*self._brood, *again]
        jobs = [self._job(self.records[number]) for number in numbers]
        for number, judged in zip(numbers, self._pool.map(jobs)):
            self._take(number, judged)
        self._rung += 1
        better: list[int] = []
        if self._rung < len(self.config.rungs):
            better = self._promoted([n for n in self._brood if not self.records[n].reason])
        settled = [number for number in self._brood if number not in better]
        self._brood = better
        self._settle(settled)

    def policy(self) -> Policy:
        """The fittest body's policy; before there is one, the first body's untrained one."""
        if not self._elites:
            config = self.config.teacher.config(self.config.options, self.config.seed)
            return config.learner(None).policy()
        return self.policy_of(self.elites[0])

    def policy_of(self, record: Record) -> Policy:
        """The policy of an elite, named by its number."""
        return elite_policy(record, self._products[record.number].policy, self.config)

    def state_dict(self) -> dict[str, Any]:
        """Everything that changes."""
        return {
            "records": json.dumps([record.as_dict() for record in self.records]),
            "elites": self._elites,
            "brood": self._brood,
            "rung": self._rung,
            "products": {
                number: {name: _array(value) for name, value in vars(product).items()}
                for number, product in self._products.items()
            },
            "random": self._rng.bit_generator.state,
            "steps": self.steps,
            "cpu_seconds": self.cpu_seconds,
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on exactly as if it had never stopped."""
        self.records = [Record.from_dict(data) for data in json.loads(state["records"])]
        self._elites, self._brood = list(state["elites"]), list(state["brood"])
        self._rung, self.steps = state["rung"], state["steps"]
        self.cpu_seconds = state["cpu_seconds"]
        self._products = {
            number: Product(**{name: array.tobytes() for name, array in product.items()})
            for number, product in state["products"].items()
        }
        self._rng.bit_generator.state = state["random"]

    def _breed(self) -> None:
        """A new generation; the first one is the first body and children of it."""
        config, self._rung = self.config, 0
        generation = self.generation + 1 if self.records else 0
        if not self.records:
            self._born(Record(0, None, 0, (), config.options.body))
        known = {record.body.digest for record in self.records}
        for _ in range(_TRIES * config.brood):
            if len(self._brood) >= config.brood:
                return
            parent = self._parent()
            most = config.first_mutations if not generation else config.mutations
            found = bred(
                genome_of(parent.body, mirrored=not config.free),
                self._rng,
                int(self._rng.integers(1, most + 1)),
                f"body-{len(self.records)}",
                config.options.world,
            )
            if found is None or found[0].digest in known:
                continue
            known.add(found[0].digest)
            self._born(Record(len(self.records), parent.number, generation, found[1], found[0]))
        if not self._brood:
            raise RuntimeError("evolve: no elite has a viable child that is new")

    def _born(self, record: Record) -> None:
        self.records.append(record)
        self._brood.append(record.number)

    def _parent(self) -> Record:
        """Any elite; where the goal is the best one, the fitter of two."""
        if not self._elites:
            return self.records[0]
        drawn = [self.records[n] for n in self._rng.choice(self._elites, size=2).tolist()]
        return max(drawn, key=self.config.fitness) if self.config.goal == "best" else drawn[0]

    def _held_back(self) -> list[int]:
        """Elites that are trained on though they lost a race: those of the fewest rungs first."""
        last = len(self.config.rungs)
        found = [record for record in self.elites if len(record.scores) < last]
        found.sort(key=lambda record: len(record.scores))
        return [record.number for record in found[: self.config.retrained]]

    def _job(self, record: Record) -> Job:
        config, rungs = self.config, (0, *self.config.rungs)
        rung = len(record.scores)
        product = self._products.get(record.number)
        if product is None and config.inherit and record.parent is not None:
            product = self._products.get(record.parent)
            if product and not _same_controls(record.body, self.records[record.parent].body):
                product = None
        return Job(
            teacher=config.teacher,
            options=replace(config.options, body=record.body),
            seed=learner_seed(config.seed, record.number),
            steps=rungs[rung + 1] - rungs[rung],
            state=product.state if product else None,
        )

    def _take(self, number: int, judged: Judged) -> None:
        """Note what came of a job."""
        self.records[number] = self.records[number].after(judged.walk, judged.trained)
        self.steps += judged.steps
        self.cpu_seconds += judged.cpu
        self._products.pop(number, None)
        if judged.policy is not None and judged.state is not None:
            self._products[number] = Product(judged.policy, judged.state)

    def _promoted(self, sound: list[int]) -> list[int]:
        """Those that go on to the next rung, in the order of their birth."""
        count = math.ceil(len(sound) / self.config.keep)
        gains = [self._gain(self.records[number]) for number in sound]
        return sorted(sound[i] for i in fittest_of_all(gains, count))

    def _gain(self, record: Record) -> float:
        """How much fitter it is than whoever holds its cell was after the same training."""
        config, rung = self.config, self._rung - 1
        own = config.fitness(record, rung)
        if config.goal == "best":
            return own
        cell = cell_of(record.shape)
        holder = [r for r in self.elites if cell_of(r.shape) == cell and len(r.scores) > rung]
        return own - config.fitness(holder[0], rung) if holder else own

    def _settle(self, settled: list[int]) -> None:
        """Let those whose judging has ended take their places among the elites."""
        everyone = [n for n in (*self._elites, *settled) if not self.records[n].reason]
        found = [self.records[number] for number in everyone]
        fitness = [self.config.fitness(record) for record in found]
        if self.config.goal == "best":
            kept = fittest_of_all(fitness, self.config.elites)
        else:
            kept = fittest_of_each_kind([record.shape for record in found], fitness)
        self._elites = [everyone[i] for i in kept]
        self._products = {n: self._needed(n) for n in (*self._elites, *self._brood)}

    def _needed(self, number: int) -> Product:
        """What may still be asked for of a body: not the learner where it has learned enough."""
        product, done = self._products[number], len(self.records[number].scores)
        needed = self.config.inherit or done < len(self.config.rungs)
        return product if needed else replace(product, state=b"")


def elite_policy(record: Record, content: bytes, config: EvolveSettings) -> Policy:
    """The policy of a body in its own words.

    Args:
        record: Of the body.
        content: The bytes of its policy's file.
        config: Of the evolution.
    """
    told = {
        "algorithm": config.learner_algorithm,
        "body_evolution": {
            "number": record.number,
            "parent": record.parent,
            "generation": record.generation,
            "mutations": list(record.mutations),
            "seed": config.seed,
        },
        "seed": learner_seed(config.seed, record.number),
        "steps": record.steps[-1],
        "validation_score": round(record.score, 3),
        "versions": versions(),
    }
    return replace(Policy.from_bytes(content), name=f"body-{record.number}", training=told)


def _same_controls(one: Body, other: Body) -> bool:
    """Whether networks for the one body fit the other."""
    return all(len(getattr(one, n)) == len(getattr(other, n)) for n in ("feet", "muscles"))


def _array(content: bytes) -> np.ndarray:
    return np.frombuffer(content, dtype=np.uint8)
