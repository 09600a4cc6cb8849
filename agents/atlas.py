"""An atlas of gaits: what MAP-Elites found, every cell of the map a policy that can walk.

A run's newest checkpoint holds the elites as they were evaluated in training, on a few short
courses. The atlas evaluates each of them again, on whole validation courses, and places it on the
map by how it walked there; its file is in the run folder.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from agents.algorithms.elites import SearchState
from agents.container import ContainerError, load_container, save_container
from agents.gaits import coordination, foot_pairs, gait_name
from agents.networks.network import plain_normaliser
from agents.networks.population import MLPs, Shape
from agents.policy import Policy
from agents.training.checkpoint import CheckpointError, newest
from agents.training.run_config import for_policy, read_config, read_options
from agents.training.run_folder import RunState
from agents.trial import Stance
from walker_env import HORIZON, Options, WalkerBatch
from walker_env.observation import ACTION, get_layout, width
from walker_env.seeds import validation_seeds

FILE = "atlas.safetensors"
COURSES = 8
"""Validation courses that each cell walks; the best of a map are a little lucky on them."""

_META = "atlas"
_MAX_BYTES = 1 << 28
_ARRAYS = ("values", "score", "coordination")


class AtlasError(ValueError):
    """There is no atlas, or no such cell; the message says what there is."""


@dataclass(frozen=True)
class Atlas:
    """At most one walker for each cell of a square map of gaits.

    Attributes:
        values: ``(N, S)`` float32, the weights of each.
        score: ``(N,)`` targets in 100 s, mean over the courses.
        coordination: ``(N, 2)`` *sides* and *ends*, see `gaits`.
        sides: Cells along each side of the map.
        hidden: Units of the networks' hidden layers.
        courses: How many each was evaluated on.
        options: The environment.
        training: How the run was made, for the policies' files.
        name: Of the run.
    """

    values: np.ndarray
    score: np.ndarray
    coordination: np.ndarray
    sides: int
    hidden: tuple[int, ...]
    courses: int
    options: Options
    training: dict[str, Any] = field(default_factory=dict)
    name: str = "atlas"

    @property
    def cells(self) -> np.ndarray:
        """The cell of each walker, ``(N, 2)`` int: along *sides* and *ends*, from 0."""
        return cells_of(self.coordination, self.sides)

    @property
    def gaits(self) -> list[str]:
        """The gait of each walker."""
        return [gait_name(*place) for place in self.coordination]

    def best(self) -> dict[str, int]:
        """The row of the best walker of each gait, the best gait first."""
        rows: dict[str, int] = {}
        names = self.gaits
        for row in np.argsort(-self.score, kind="stable"):
            rows.setdefault(names[row], int(row))
        return rows

    def row(self, where: str) -> int:
        """The row of a cell, ``"3,4"``, or of the best walker of a gait, ``"trot"``.

        Raises:
            AtlasError: The map has no such cell or gait.
        """
        best = self.best()
        if where in best:
            return best[where]
        wanted = where.replace(" ", "").split(",")
        known = [f"{a},{b}" for a, b in self.cells]
        if len(wanted) == 2 and ",".join(wanted) in known:
            return known.index(",".join(wanted))
        raise AtlasError(
            f"expected a cell 'SIDES,ENDS' that is filled ({len(known)} are, each number from 0 to "
            f"{self.sides - 1}) or one of the gaits {sorted(best)}, got {where!r}"
        )

    def policy(self, row: int) -> Policy:
        """The policy of a row, named by its gait and cell."""
        across, along = (int(number) for number in self.cells[row])
        shape = shape_of(self.options, self.hidden)
        gait = self.gaits[row]
        told = {"cell": [across, along], "gait": gait, "validation_score": float(self.score[row])}
        return Policy(
            name=f"{gait} {across},{along}",
            network=shape.network(self.values[row]),
            normaliser=plain_normaliser(shape.sizes[0]),
            options=self.options,
            training=self.training | told,
        )

    def save(self, path: str | Path) -> None:
        """Write it to one file, whole or not at all."""
        meta = {
            "sides": self.sides,
            "hidden": list(self.hidden),
            "courses": self.courses,
            "options": self.options.as_dict(),
            "training": self.training,
            "name": self.name,
        }
        save_container(path, _META, {name: getattr(self, name) for name in _ARRAYS}, meta)


def load_atlas(path: str | Path) -> Atlas:
    """Read an atlas from its file.

    Raises:
        AtlasError: The file is missing, damaged or no atlas.
    """
    try:
        tensors, meta = load_container(path, _META, _MAX_BYTES)
        return Atlas(
            values=tensors["values"],
            score=tensors["score"],
            coordination=tensors["coordination"],
            sides=meta["sides"],
            hidden=tuple(meta["hidden"]),
            courses=meta["courses"],
            options=read_options(meta["options"]),
            training=meta["training"],
            name=meta["name"],
        )
    except (ContainerError, KeyError, TypeError, ValueError) as error:
        raise AtlasError(f"{path}: no usable atlas: {error}") from error


def atlas_of_run(folder: str | Path, courses: int = COURSES) -> Atlas:
    """The atlas of a MAP-Elites run: its file, or made anew where training has gone on since.

    Args:
        folder: The run folder.
        courses: Validation courses for each cell.

    Raises:
        AtlasError: The folder holds no MAP-Elites run, or no checkpoint yet.
    """
    folder = Path(folder)
    path, state = folder / FILE, newest(folder / "checkpoints")
    try:
        run = read_config(folder)
    except (OSError, ValueError) as error:
        raise AtlasError(f"{folder}: expected the folder of a mapelites run ({error})") from error
    if run["algorithm"] != "mapelites" or state is None:
        raise AtlasError(
            f"{folder}: expected a mapelites run with a checkpoint, got {run['algorithm']!r} "
            f"with {state.name if state else 'none'}"
        )
    if path.exists() and path.stat().st_mtime >= state.stat().st_mtime:
        atlas = load_atlas(path)
        if atlas.courses == courses:
            return atlas
    atlas = judge(folder.resolve().name, run, RunState.load(state), courses)
    atlas.save(path)
    return atlas


def judge(name: str, run: dict[str, Any], state: RunState, courses: int) -> Atlas:
    """Re-evaluate every elite on full validation episodes and rebuild the archive.

    Args:
        name: Of the run.
        run: What ``config.json`` holds.
        state: The checkpoint.
        courses: For each of them.

    Raises:
        CheckpointError: It holds no elites' arrays.
        AtlasError: No generation has been evaluated yet.
    """
    config = run["config"]
    options, hidden = read_options(config["options"]), tuple(config["hidden"])
    try:
        search = SearchState.from_dict(state.learner)
    except (KeyError, TypeError) as error:
        raise CheckpointError(f"{name}: the checkpoint holds no elites: {error!r}") from error
    values = search.elites.values
    if not len(values):
        raise AtlasError(f"{name}: the run's first generation has not walked yet")
    walkers = MLPs(shape_of(options, hidden), values)
    score, where = score_elites(walkers, options, courses)
    kept = fittest(cells_of(where, config["cells"]), score)
    spent = {"steps": search.steps, "seconds": state.seconds}
    spent |= {"cpu_seconds": state.cpu_seconds + search.cpu_seconds}  # workers, too
    whole = {f"run_{key}": value for key, value in spent.items()}
    return Atlas(
        values=values[kept],
        score=score[kept],
        coordination=where[kept],
        sides=config["cells"],
        hidden=hidden,
        courses=courses,
        options=options,
        training=for_policy(run) | spent | whole,
        name=name,
    )


def score_elites(walkers: MLPs, options: Options, courses: int) -> tuple[np.ndarray, np.ndarray]:
    """Let P networks walk whole validation courses.

    Args:
        walkers: The networks.
        options: The environment; their stall limit is left out.
        courses: How many each of them walks.

    Returns:
        Targets in 100 s ``(P,)``, the mean over the courses, and places on the map ``(P, 2)`` in
        [-1, 1].
    """
    count = len(walkers)
    batch = WalkerBatch(count * courses, options.for_evaluation())
    observation = batch.reset(seed=np.tile(validation_seeds(courses), count))
    stance, normaliser = Stance(batch), plain_normaliser(observation.shape[1])
    alive = np.ones(batch.n, dtype=bool)  # evaluation does not stop a walker that stalls
    for _ in range(HORIZON):
        observation = batch.step(walkers.act(observation, normaliser)).observation
        stance.watch(batch, alive)
    steps = np.full(count, HORIZON * courses)
    pairs = foot_pairs(options.body)
    score = batch.score().reshape(count, courses).mean(axis=1)
    return score, coordination(stance.sums(count), steps, pairs)


def cells_of(where: np.ndarray, sides: int) -> np.ndarray:
    """The cells in which places ``(N, 2)`` lie, ``(N, 2)`` int."""
    return np.clip((sides * (where + 1.0) / 2.0).astype(int), 0, sides - 1)


def fittest(cells: np.ndarray, score: np.ndarray) -> np.ndarray:
    """Rows of the best in each cell, in the order of the cells."""
    order = np.lexsort((-score, cells[:, 1], cells[:, 0]))
    first = np.ones(len(order), dtype=bool)
    first[1:] = (np.diff(cells[order], axis=0) != 0).any(axis=1)
    return order[first]


def shape_of(options: Options, hidden: tuple[int, ...]) -> Shape:
    """The shape of the networks."""
    body = options.body
    return Shape((width(get_layout(options.observation), body), *hidden, width(ACTION, body)))
