"""The record of one training run: its learning curve and two of its policies, in one file.

``benchmarks/records/CONDITION/ALGORITHM-SEED.safetensors`` holds arrays by name and a JSON text
with the rest. Its learning curve is that of the policy as it was at each of L looks, on C held-out
courses that all runs of a condition share. Kept are the last policy and the one that validation
chooses at the end; body and world are those of the condition, whose digest is in the file.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np

from agents.container import ContainerError, load_container, save_container
from agents.networks.network import Normaliser
from agents.policy import Policy, network_from
from benchmarks.evaluation.conditions import CANDIDATES, VERSION, Condition
from benchmarks.evaluation.report import ReportError

FORMAT_VERSION = 1
"""Of the file; records of suite 1 have 0."""

SUFFIX = ".safetensors"

MAX_BYTES = 4_000_000
"""Size of the largest record that is read."""

LAST, BEST = "last", "best"
"""The policies that are kept."""

_KEY = "walker-run"
_CURVE = {  # name -> type; all have L rows
    "steps": "int64",
    "cpu_seconds": "float64",
    "kernel": "float64",
    "seconds": "float64",
    "validation": "float32",
    "scores": "float32",
    "left": "int32",
    "turns": "int32",
    "energy": "float32",
    "way": "float32",
}
_ARRAYS = _CURVE | {"closing": "float32", "skills": "float32"}


@dataclass(frozen=True)
class About:
    """What a run was, JSON-ready.

    Attributes:
        suite: Its version.
        condition: Name of the condition.
        digest: Of the condition, see `Condition.digest`.
        algorithm: What trained.
        seed: Of training.
        config: The learner's settings without the environment's.
        versions: Of the packages.
        machine: Processor, cores, system.
        commit: Of the code, with "+" where files had changed.
        resumed: Control steps at which the run went on after it was stopped; searches go on to the
            bit, learners of stable-baselines3 with new episodes.
        gaits: Of the last and the best policy, see `GAIT`.
        networks: Of both, what a policy file says of its network, and the bound of its normaliser.
    """

    suite: str
    condition: str
    digest: str
    algorithm: str
    seed: int
    config: dict[str, Any]
    versions: dict[str, str]
    machine: dict[str, Any]
    commit: str
    resumed: list[int]
    gaits: dict[str, dict[str, Any]]
    networks: dict[str, dict[str, Any]]

    @property
    def name(self) -> str:
        """The run's name among those of its condition."""
        return run_name(self.algorithm, self.seed)


GAIT = ("kind", "rhythm", "speed", "energy_per_1000")
"""What is said of a kept policy's steady walk straight ahead: the gait's name, the strongest
frequency of its muscles [Hz], [unit/s], [energy unit]; numbers are None where it does not walk."""


@dataclass(frozen=True, eq=False)
class Record:
    """See the head of this file; L looks, C common courses, V validation courses.

    Attributes:
        about: What it was.
        steps: ``(L,)`` int64, control steps of all walkers together.
        cpu_seconds: ``(L,)``, processor time as it was measured [s].
        kernel: ``(L,)``, what the calibration took then [s], see `calibration`.
        seconds: ``(L,)``, processor time as the idle reference machine needs it [s].
        validation: ``(L, V)`` float32, targets in 100 s on the validation courses.
        scores: ``(L, C)`` float32, the same on the common courses.
        left: ``(L,)`` int32, legs on which it turned to the left, on the common courses.
        turns: ``(L,)`` int32, legs on which it turned.
        energy: ``(L,)`` float32 [energy unit].
        way: ``(L,)`` float32 [unit].
        closing: ``(2, T)`` float32, of the last and the best policy, see `walks.Walked`.
        skills: ``(S, C)`` float32, the best policy in the condition's other skills; NaN beyond the
            courses of a skill that has fewer.
        policies: The tensors of both policies, by ``last.NAME`` and ``best.NAME``.
    """

    about: About
    steps: np.ndarray
    cpu_seconds: np.ndarray
    kernel: np.ndarray
    seconds: np.ndarray
    validation: np.ndarray
    scores: np.ndarray
    left: np.ndarray
    turns: np.ndarray
    energy: np.ndarray
    way: np.ndarray
    closing: np.ndarray
    skills: np.ndarray
    policies: dict[str, np.ndarray]

    def __post_init__(self) -> None:
        for name, kind in _ARRAYS.items():
            array = getattr(self, name)
            if array.dtype != np.dtype(kind):
                raise ValueError(f"{name} must be {kind}, got {array.dtype}")
            if name != "skills" and name != "closing" and not np.isfinite(array).all():
                raise ValueError(f"{name} must be finite")
        for name in _CURVE:
            _check_rows(name, getattr(self, name), self.steps, 2 if name in _MATRICES else 1)
        if len(self.steps) < 1 or (np.diff(self.steps) <= 0).any() or self.steps[0] <= 0:
            raise ValueError(f"steps must rise from look to look, got {self.steps.tolist()}")
        if (np.diff(self.seconds) < 0).any() or self.seconds[0] < 0:
            raise ValueError("seconds must not fall")

    @property
    def name(self) -> str:
        """Of the condition and the run."""
        return f"{self.about.condition}/{self.about.name}"

    def looks_within_steps(self, steps: float) -> int | None:
        """How many looks a budget of control steps has room for; None: the run is shorter.

        The look that was due at the budget's end belongs to it, though its update ended beyond.
        """
        if self.steps[-1] < steps:
            return None
        return 1 + int((self.steps < steps).sum())

    def looks_within_seconds(self, seconds: float) -> int | None:
        """How many looks a budget of normalised time [s] has room for; None: the run is shorter."""
        if self.seconds[-1] < seconds:
            return None
        return int((self.seconds <= seconds).sum())

    def best_look(self, count: int | None = None) -> int:
        """The look whose policy validation chooses among the last `CANDIDATES` of ``count``."""
        count = len(self.steps) if count is None else count
        if not 1 <= count <= len(self.steps):
            raise ValueError(f"count must lie in [1, {len(self.steps)}], got {count}")
        first = max(0, count - CANDIDATES)
        means = self.validation[first:count].mean(axis=1, dtype=np.float64)
        return first + int(np.argmax(means))

    def policy(self, which: str, condition: Condition) -> Policy:
        """A policy that was kept.

        Args:
            which: `LAST` or `BEST`.
            condition: The run's, which has its body and world.

        Raises:
            ReportError: The condition is another one.
            PolicyError: The weights make no policy.
        """
        check_condition(self, condition)
        found = {
            name.removeprefix(f"{which}."): array
            for name, array in self.policies.items()
            if name.startswith(f"{which}.")
        }
        words = self.about.networks[which]
        return Policy(
            name=self.name,
            network=network_from(found, words),
            normaliser=Normaliser(found["mean"], found["std"], words["obs_clip"]),
            options=condition.options,
            training={"algorithm": self.about.algorithm, "config": self.about.config},
        )


_MATRICES = ("validation", "scores")


def run_name(algorithm: str, seed: int) -> str:
    """The name of a run among those of its condition."""
    return f"{algorithm}-{seed}"


def record_path(root: Path, condition: str, algorithm: str, seed: int) -> Path:
    """The file of a run's record.

    Args:
        root: Folder of all records.
        condition: Its name.
        algorithm: What trained.
        seed: Of training.
    """
    return root / condition / f"{run_name(algorithm, seed)}{SUFFIX}"


def parts_of(policy: Policy) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
    """A policy's arrays by name, and what a record says of its network."""
    arrays = {"mean": policy.normaliser.mean, "std": policy.normaliser.std}
    words = {"network": policy.network.kind, **policy.network.words()}
    return arrays | policy.network.tensors(), {**words, "obs_clip": float(policy.normaliser.bound)}


def save_record(record: Record, path: Path) -> None:
    """Write a record, whole or not at all."""
    arrays = {name: getattr(record, name) for name in _ARRAYS} | record.policies
    save_container(path, _KEY, arrays, {"version": FORMAT_VERSION, **asdict(record.about)})


def load_record(path: Path) -> Record:
    """Read a record; nothing in it is run.

    Raises:
        ReportError: Missing, damaged, or not written by `save_record`.
    """
    try:
        arrays, meta = load_container(path, _KEY, MAX_BYTES)
        known = {part.name for part in fields(About)}
        if meta.pop("version", None) != FORMAT_VERSION or {*meta} != known:
            raise ContainerError(
                f"expected version {FORMAT_VERSION} with {sorted(known)}, got {sorted(meta)}"
            )
        missing = sorted({*_ARRAYS} - {*arrays})
        if missing:
            raise ContainerError(f"it lacks the arrays {missing}")
        own = {name: arrays.pop(name) for name in _ARRAYS}
        return Record(About(**meta), **own, policies=arrays)
    except (ValueError, TypeError) as error:
        raise ReportError(f"{path}: expected the record of a run: {error}") from error


def read_records(root: Path, condition: Condition) -> list[Record]:
    """The records of a condition, by name; none where there is no folder.

    Raises:
        ReportError: One cannot be read, is of another condition, or is not called after its run.
    """
    records = []
    for path in sorted((root / condition.name).glob(f"*{SUFFIX}")):
        record = load_record(path)
        check_condition(record, condition)
        if path.stem != record.about.name:
            raise ReportError(
                f"{path} must be called {record.about.name}{SUFFIX}, after the run it is of"
            )
        records.append(record)
    return records


def check_condition(record: Record, condition: Condition) -> None:
    """Check that a record is of a condition as it is now.

    Raises:
        ReportError: It is of another one.
    """
    about = record.about
    found = (about.suite, about.condition, about.digest)
    expected = (VERSION, condition.name, condition.digest)
    if found != expected:
        raise ReportError(f"record {record.name}: expected one of {expected}, got {found}")


def _check_rows(name: str, array: np.ndarray, steps: np.ndarray, axes: int) -> None:
    if array.ndim != axes or len(array) != len(steps) or 0 in array.shape:
        raise ValueError(f"{name} must have a row for each of {len(steps)} looks, {array.shape}")
