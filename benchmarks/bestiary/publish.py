"""A bestiary that is published: its bodies, its elites' policies, and how the best came about."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from agents.evolving.outcome import BODIES, search_of_run, table, write_elites
from agents.evolving.pictures import descent
from agents.evolving.record import Record
from agents.evolving.search import BodySearch
from agents.policy import Policy
from agents.provenance import describe_machine, versions
from agents.training.checkpoint import newest
from agents.training.run_folder import RunState
from walker_env import strict_json
from walker_env.files import atomic_write

DATA = Path(__file__).resolve().parent / "data"
"""The published bestiary."""

ELITES, ANCESTRY, ABOUT, LIVES = "elites", "ancestry.jsonl", "run.json", "study.jsonl"

BEST = 8
"""Of the elites, how many are trained again, and have their ancestry published."""


@dataclass(frozen=True)
class Published:
    """What is known of a published bestiary."""

    rows: list[dict[str, Any]]  # of `outcome.row`, all bodies
    elites: list[Policy]  # the best first
    ancestry: list[Record]  # the best elites and their ancestors
    about: dict[str, Any]  # of the run

    @property
    def elite_rows(self) -> list[dict[str, Any]]:
        """The rows of the elites, the best first."""
        return [self.rows[_number(policy)] for policy in self.elites]


def publish(run: Path, folder: Path = DATA) -> None:
    """Copy what is worth keeping of an evolution's run folder.

    Raises:
        ValueError: ``run`` holds no evolution, or one without elites.
    """
    search = search_of_run(run)
    if not search.elites:
        raise ValueError(f"{run}: the evolution has no elites yet")
    shutil.rmtree(folder / ELITES, ignore_errors=True)
    write_elites(search, folder / ELITES)
    atomic_write(folder / BODIES, table(search.records))
    best = [descent(search.records, record.number) for record in search.elites[:BEST]]
    records = {record.number: record for line in best for record in line}
    lines = (json.dumps(records[number].as_dict()) for number in sorted(records))
    atomic_write(folder / ANCESTRY, "".join(line + "\n" for line in lines))
    atomic_write(folder / ABOUT, json.dumps(_about(search, run), indent=2) + "\n")


def read_published(folder: Path = DATA) -> Published:
    """A published bestiary.

    Raises:
        ValueError: There is none, or a file of it is damaged.
    """
    try:
        return Published(
            rows=_lines(folder / BODIES),
            elites=[Policy.load(path) for path in sorted((folder / ELITES).iterdir())],
            ancestry=[Record.from_dict(data) for data in _lines(folder / ANCESTRY)],
            about=strict_json.loads((folder / ABOUT).read_text(encoding="utf-8")),
        )
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise ValueError(f"{folder}: expected a published bestiary: {error}") from error


def _about(search: BodySearch, run: Path) -> dict[str, Any]:
    """How the run was made, and what it cost."""
    path = newest(run / "checkpoints")
    assert path is not None  # `search_of_run` read it
    state = RunState.load(path)
    config = search.config
    return {
        "seed": config.seed,
        "goal": config.goal,
        "algorithm": config.learner_algorithm,
        "rungs": list(config.rungs),
        "brood": config.brood,
        "keep": config.keep,
        "courses": config.courses,
        "inherit": config.inherit,
        "first_body": config.options.body.name,
        "generations": search.generation + 1,
        "steps": search.steps,
        "seconds": round(state.seconds),
        "cpu_seconds": round(state.cpu_seconds + search.cpu_seconds),
        "machine": describe_machine(),
        "versions": versions(),
    }


def _lines(path: Path) -> list[Any]:
    text = path.read_text(encoding="utf-8")
    return [strict_json.loads(line) for line in text.splitlines()]


def _number(policy: Policy) -> int:
    return policy.training["body_evolution"]["number"]
