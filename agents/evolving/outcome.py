"""What an evolution leaves behind: its elites' policies, all bodies as a table, and pictures."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from agents.evolving.config import EvolveConfig
from agents.evolving.pictures import descent, draw_bestiary, draw_descent
from agents.evolving.record import Record
from agents.evolving.search import BodySearch
from agents.training.checkpoint import CheckpointError, newest
from agents.training.run_config import begun_with, read_config
from agents.training.run_folder import RunState
from agents.training.train import make_config
from walker_env.files import atomic_path, atomic_write

ELITES, BESTIARY, TREE, BODIES = "elites", "bestiary.png", "tree.png", "bodies.jsonl"
"""In a run folder: the elites' policies, the pictures, and every body on a line."""


def search_of_run(folder: str | Path) -> BodySearch:
    """The evolution in a run folder as its newest checkpoint has it; it cannot go on.

    Raises:
        ValueError: The folder holds no evolution, or a damaged one.
    """
    folder = Path(folder)
    try:
        if read_config(folder)["algorithm"] != EvolveConfig.algorithm:
            raise ValueError(f"it holds a run of {read_config(folder)['algorithm']!r}")
        config = make_config(EvolveConfig, begun_with(folder, EvolveConfig())[0], tuned=False)
        path = newest(folder / "checkpoints")
        if path is None:
            raise ValueError("it has no checkpoint yet")
    except (OSError, ValueError) as error:
        raise ValueError(f"{folder}: expected the folder of an evolution: {error}") from error
    search = config.learner(None)
    try:
        search.load_state_dict(RunState.load(path).learner)
    except (KeyError, TypeError) as error:
        raise CheckpointError(
            f"{path}: the checkpoint does not fit this version: {error!r}"
        ) from error
    return search


def write_elites(search: BodySearch, folder: Path) -> list[Path]:
    """Write the policy of every elite, named by rank and number; those of former elites go.

    Args:
        search: The evolution.
        folder: Where the policies lie, and nothing else.
    """
    paths = []
    for rank, record in enumerate(search.elites, 1):
        paths.append(folder / f"{rank:03d}-body-{record.number}.safetensors")
        search.policy_of(record).save(paths[-1])
    for path in set(folder.glob("*-body-*.safetensors")) - set(paths):
        path.unlink()
    return paths


def write_outcome(search: BodySearch, folder: Path) -> list[Path]:
    """Write all that an evolution leaves; empty before there is an elite.

    Args:
        search: The evolution.
        folder: Its run folder.
    """
    elites = search.elites
    if not elites:
        return []
    write_elites(search, folder / ELITES)
    atomic_write(folder / BODIES, table(search.records))
    with atomic_path(folder / BESTIARY) as part:
        title = f"{len(elites)} bodies of {len(search.records)} that were judged: targets in 100 s"
        draw_bestiary(elites, title).savefig(part, dpi=110)
    write_tree(search.records, elites[0].number, folder / TREE)
    return [folder / name for name in (ELITES, BODIES, BESTIARY, TREE)]


def write_tree(records: Sequence[Record], number: int, path: Path) -> None:
    """Draw how a body came about.

    Args:
        records: Of all bodies.
        number: Of the body.
        path: Of the picture.

    Raises:
        ValueError: There is no such body.
    """
    line = descent(records, number)
    title = f"From the first body to body {number} in {len(line) - 1} births"
    with atomic_path(path) as part:
        draw_descent(line, title).savefig(part, dpi=110)


def table(records: Sequence[Record]) -> str:
    """All bodies, a line of JSON each: descent, scores, shape, and the plan's digest."""
    return "".join(json.dumps(row(record)) + "\n" for record in records)


def row(record: Record) -> dict:
    """A body in a line, JSON-ready; its plan is told by its digest."""
    shape = record.shape
    return {
        "number": record.number,
        "digest": record.body.digest,
        "parent": record.parent,
        "generation": record.generation,
        "mutations": list(record.mutations),
        "scores": [round(score, 2) for score in record.scores],
        "energies": [round(energy, 2) for energy in record.energies],
        "steps": list(record.steps),
        "nodes": len(record.body.nodes),
        "bones": len(record.body.bones),
        "feet": len(record.body.feet),
        "muscles": shape.muscles,
        "size": round(shape.size, 1),
        "elongation": round(shape.elongation, 3),
        "limbs": shape.limbs,
        "reason": record.reason,
    }
