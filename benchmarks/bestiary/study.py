"""The study of evolved bodies: who is trained for how long, and what each of them came to.

Three questions, a group of trials each. *hand* and *evolved*: the hand-drawn bodies and the best
evolved ones, under the same training. *newborn*: is a new body's score after a little learning in
line with that after a lot? *scratch* and *inherited*: is a child judged better from nothing, or by
a learner that goes on from its parent's? A line of JSON for every trial; what is there is not done
again.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from agents.crews.crew import Pool
from agents.evolving.genome import genome_of
from agents.evolving.judging import Job, Judged, Teacher
from agents.evolving.mutation import bred
from walker_env import BODIES, WORLD, Body, Options, strict_json
from walker_env.files import atomic_write

LONG = (1_000_000, 2_000_000, 4_000_000, 8_000_000, 16_000_000)
"""Control steps after which hand-drawn and evolved bodies are judged."""

SEEDS = (1, 2, 3)
"""Of their learners."""

LIFE = (250_000, 500_000, 1_000_000, 2_000_000, 4_000_000, 8_000_000)
"""Control steps after which newborn bodies are judged."""

NEWBORN = 80
"""How many of them."""

PARENTS, CHILDREN = 6, 4
"""Bodies that have children with the same feet and muscles, and how many each."""

SHORT = (500_000, 1_500_000, 4_500_000)
"""Control steps after which these children are judged; their parents learned for the last."""

SEED = 7
"""Of everything that is drawn."""


@dataclass(frozen=True)
class Trial:
    """A body that is trained and judged again and again."""

    group: str
    body: Body
    seed: int  # of its learner
    points: tuple[int, ...]  # [control step]
    parent: Body | None = None  # whose learner it goes on from, after that learned the last point

    @property
    def key(self) -> str:
        """What tells it from all others."""
        parent = self.parent.digest[:12] if self.parent else "-"
        return f"{self.group} {self.body.digest[:12]} {self.seed} {parent} {max(self.points)}"


@dataclass(frozen=True)
class Life:
    """What came of a trial."""

    key: str
    group: str
    name: str
    digest: str
    seed: int
    parent: str  # digest of the body whose learner it went on from, or empty
    points: tuple[int, ...]  # [control step]
    scores: tuple[float, ...]  # targets in 100 s after each
    reasons: tuple[str, ...]  # why a score is 0, or empty


def newborn_trials() -> list[Trial]:
    """Bodies after one to eight mutations of a hand-drawn one."""
    rng = np.random.default_rng(SEED)
    found = [_child(rng, i, int(rng.integers(1, 9))) for i in range(NEWBORN)]
    return [Trial("newborn", body, 1 + i, LIFE) for i, body in enumerate(found)]


def inheritance_trials() -> list[Trial]:
    """Children with their parents' feet and muscles, from nothing and from their parents."""
    rng = np.random.default_rng(SEED + 1)
    trials = []
    for i in range(PARENTS):
        parent = _child(rng, i, 1 + i // 2)
        for k in range(CHILDREN):
            child = _like(parent, rng, f"child-{i}-{k}")
            seed = 100 * i + k + 1
            trials.append(Trial("scratch", child, seed, SHORT))
            trials.append(Trial("inherited", child, seed, SHORT[:-1], parent))
    return trials


def champion_trials(evolved: Sequence[Body]) -> list[Trial]:
    """The hand-drawn bodies and some evolved ones, with the same seeds and budgets."""
    groups = [("hand", tuple(BODIES.values())), ("evolved", tuple(evolved))]
    return [
        Trial(group, body, seed, LONG)
        for group, bodies in groups
        for body in bodies
        for seed in SEEDS
    ]


def live(
    trials: Iterable[Trial], pool: Pool, file: Path, tell: Callable[[str], None]
) -> list[Life]:
    """Carry out the trials that are not in the file yet.

    Args:
        trials: All that there are to be.
        pool: Does the judging, a block of trials side by side.
        file: Where they are kept.
        tell: Is given a word on each.

    Returns:
        All lives in the file, in its order.

    Raises:
        ValueError: The file is damaged.
    """
    lives = read_lives(file)
    known = {life.key for life in lives}
    left = [trial for trial in trials if trial.key not in known]
    for start in range(0, len(left), _BLOCK):
        for life in _live(left[start : start + _BLOCK], pool):
            lives.append(life)
            last = f"{life.scores[-1]:.1f} targets"
            tell(f"{life.group} {life.name} (seed {life.seed}): {last}")
        atomic_write(file, "".join(json.dumps(vars(life)) + "\n" for life in lives))
    return lives


def read_lives(file: Path) -> list[Life]:
    """The lives in a file; none where there is no file.

    Raises:
        ValueError: A line is none.
    """
    if not file.exists():
        return []
    lives = []
    for i, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        try:
            data: Any = strict_json.loads(line)
            rows = {name: tuple(data[name]) for name in ("points", "scores", "reasons")}
            lives.append(Life(**{**data, **rows}))
        except (ValueError, KeyError, TypeError) as error:
            raise ValueError(f"{file}: line {i} is no trial of the study: {error}") from error
    return lives


_BLOCK = 8  # trials that go side by side, and are lost by a kill


def _live(trials: Sequence[Trial], pool: Pool) -> list[Life]:
    """Let some trials go through all their points."""
    states = _inherited(trials, pool)
    scores: list[list[float]] = [[] for _ in trials]
    reasons: list[list[str]] = [[] for _ in trials]
    for step in range(max(len(trial.points) for trial in trials)):
        rows = [i for i, trial in enumerate(trials) if step < len(trial.points)]
        jobs = [_job(trials[i], step, states[i]) for i in rows]
        for i, judged in zip(rows, pool.map(jobs)):
            scores[i].append(round(judged.walk.score, 2))
            reasons[i].append(judged.walk.reason)
            states[i] = judged.state
    return [_life(*parts) for parts in zip(trials, scores, reasons)]


def _life(trial: Trial, scores: list[float], reasons: list[str]) -> Life:
    return Life(
        key=trial.key,
        group=trial.group,
        name=trial.body.name,
        digest=trial.body.digest,
        seed=trial.seed,
        parent=trial.parent.digest if trial.parent else "",
        points=trial.points,
        scores=tuple(scores),
        reasons=tuple(reasons),
    )


def _inherited(trials: Sequence[Trial], pool: Pool) -> list[bytes | None]:
    """The state that each trial's learner begins with; parents learn once for all children."""
    parents = {trial.parent.digest: trial.parent for trial in trials if trial.parent}
    jobs = [Job(Teacher(), Options(body=body), 1, SHORT[-1]) for body in parents.values()]
    learned: list[Judged] = pool.map(jobs) if jobs else []
    states = {digest: judged.state for digest, judged in zip(parents, learned)}
    return [states[trial.parent.digest] if trial.parent else None for trial in trials]


def _job(trial: Trial, step: int, state: bytes | None) -> Job:
    before = trial.points[step - 1] if step else 0
    return Job(Teacher(), Options(body=trial.body), trial.seed, trial.points[step] - before, state)


def _child(rng: np.random.Generator, number: int, mutations: int) -> Body:
    """A descendant of one of the first hand-drawn bodies."""
    first = BODIES[("quadruped", "hexapod")[number % 2]]
    while (found := bred(genome_of(first), rng, mutations, f"newborn-{number}", WORLD)) is None:
        continue
    return found[0]


def _like(parent: Body, rng: np.random.Generator, name: str) -> Body:
    """A child with as many feet and muscles."""
    while True:
        found = bred(genome_of(parent), rng, 1, name, WORLD)
        if found is None:
            continue
        same = all(
            len(getattr(found[0], n)) == len(getattr(parent, n)) for n in ("feet", "muscles")
        )
        if same and found[0] != parent:
            return found[0]
