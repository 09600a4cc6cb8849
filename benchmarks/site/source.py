"""Where the page's content comes from: result files, policies and the courses that are shown.

The only part of the page that knows how results are stored.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from agents.baselines import BASELINES, Agent, load_agent
from benchmarks import leaderboard as board
from benchmarks.curves import read_curve
from benchmarks.evaluate import Result
from benchmarks.readme import RESULTS, champions
from benchmarks.site.content import (
    Board,
    Cell,
    Content,
    Course,
    Curve,
    Entry,
    Row,
    Score,
    slugs,
)
from walker_env.params import WORLD
from walker_env.seeds import show_seed

COLUMNS = (
    "speed [unit/s]",
    "energy for 1000 units",
    "first target [s]",
    "million steps",
    "training time [s]",
)

FEATURED = 4
"""So many race on the first page."""


def read_content(
    results: Path = RESULTS,
    files: Sequence[Path] | None = None,
    runs: dict[str, Path] | None = None,
) -> Content:
    """The content of the page from stored results and the policies they belong to.

    Args:
        results: Folder of result files; each belongs to a baseline or to one of ``files``.
        files: Policy files; the shipped champions by default.
        runs: Run folders whose learning curves are drawn, by label.

    Raises:
        ValueError: A result file that cannot be read, results that do not compare, or a result
            whose policy is not among ``files``.
    """
    ranked = board.read_results(results)
    agents = _agents(ranked, champions() if files is None else files)
    ids = slugs(result.agent["name"] for result in ranked)
    entries = tuple(_entry(id_, r, a) for id_, r, a in zip(ids, ranked, agents))
    first = ranked[0]
    return Content(
        version=first.protocol.version,
        entries=entries,
        boards=(_board(ranked, ids),),
        courses=shown_courses(),
        curves=tuple(_curve(label, folder) for label, folder in (runs or {}).items()),
        protocol=PROTOCOL_TEXT,
        featured=tuple(e.id for e in entries if e.name not in ("still", "random"))[:FEATURED],
    )


PROTOCOL_TEXT = (
    "64 held-out courses of 100 s; their seeds lie in a range that training never draws from.",
    "Walker i walks course i, one full episode each; nobody is reset or stopped early.",
    "The score is targets in 100 s, with the fraction of the way to the next.",
    "Ranked by the interquartile mean over the courses, with its 95 % bootstrap interval.",
    "Policies are deterministic; one JSON a policy holds every course's figures.",
)


def shown_courses() -> tuple[Course, ...]:
    """Courses that are good to watch; nobody trains or is ranked on them."""
    count = np.arange(90)
    straight = np.stack([400.0 * (count + 1), 0 * count], axis=1)
    slalom = np.stack([260.0 * (count + 1), np.where(count % 2 == 0, 120.0, -120.0)], axis=1)
    lap = np.pi * (count + 1) / 5
    ring = np.stack([380 * np.sin(lap), 380 - 380 * np.cos(lap)], axis=1)
    return (
        Course("disc-1", "Random 1", seed=show_seed(0)),
        Course("disc-2", "Random 2", seed=show_seed(1)),
        Course("sprint", "Straight", targets=straight),
        Course("slalom", "Slalom", targets=slalom),
        Course("ring", "Ring", targets=ring),
    )


def _agents(results: Sequence[Result], files: Sequence[Path]) -> list[Agent]:
    """The walker of each result: a baseline by its name, a policy by the hash of its file."""
    import hashlib

    known = {hashlib.sha256(path.read_bytes()).hexdigest(): path for path in files}
    found = []
    for result in results:
        name, sha = result.agent["name"], result.agent["sha256"]
        if sha is None and name in BASELINES:
            found.append(load_agent(name))
        elif sha in known:
            found.append(load_agent(known[sha]))
        else:
            raise ValueError(
                f"the result of {name!r} belongs to a policy file with SHA-256 {sha}, which is "
                f"none of {[path.name for path in files]}"
            )
    return found


def _entry(id_: str, result: Result, agent: Agent) -> Entry:
    training = result.agent["training"]
    return Entry(
        id=id_,
        name=result.agent["name"],
        algorithm=result.agent["algorithm"],
        agent=agent,
        sha256=result.agent["sha256"],
        trained=_trained(training),
    )


def _trained(training: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    """How it was made, as label and words."""
    config = training.get("config") or {}
    numbers = (
        ("Control steps", training.get("run_steps"), "{:,}"),
        ("Training time", training.get("run_seconds"), "{:,.0f} s"),
        ("Seed", config.get("seed"), "{}"),
        ("Score in validation", training.get("validation_score"), "{:.1f} targets in 100 s"),
    )
    words = [(label, form.format(value)) for label, value, form in numbers if value is not None]
    plain = {k: v for k, v in config.items() if isinstance(v, (int, float, str)) and k != "seed"}
    words += [(key.replace("_", " ").capitalize(), str(value)) for key, value in plain.items()]
    if plain_versions := training.get("versions"):
        words.append(("Versions", ", ".join(f"{k} {v}" for k, v in plain_versions.items())))
    return tuple(words)


def _board(ranked: Sequence[Result], ids: Sequence[str]) -> Board:
    return Board(
        key="champions",
        title="Champions",
        note=_note(ranked[0]),
        unit="targets in 100 s",
        columns=COLUMNS,
        rows=tuple(_row(result, id_) for result, id_ in zip(ranked, ids)),
    )


def _note(result: Result) -> str:
    protocol = result.protocol
    return (
        f"Protocol {protocol.version}: {protocol.courses} held-out courses of "
        f"{protocol.horizon * WORLD.control_dt:.0f} s, body {protocol.body}, physics "
        f"{result.physics}. The score is the interquartile mean over the courses, with its 95 % "
        "bootstrap interval."
    )


def _row(result: Result, id_: str) -> Row:
    summary, training = result.summary, result.agent["training"]
    seconds = result.protocol.horizon * WORLD.control_dt
    steps, spent = training.get("run_steps"), training.get("run_seconds")
    energy = summary["energy_per_1000"]
    cells: tuple[Cell, ...] = (
        summary["speed"],
        None if energy is None or energy > 1000 else energy,
        summary["first_target"],
        None if steps is None else steps / 1e6,
        spent,
    )
    low, value, high = (float(summary[k] or 0) for k in ("score_low", "score", "score_high"))
    return Row(
        name=result.agent["name"],
        algorithm=result.agent["algorithm"],
        score=Score(value, low, high),
        samples=100 / seconds * np.array([result.courses["score"]]),
        cells=cells,
        entry=id_,
    )


def _curve(label: str, folder: Path) -> Curve:
    found = read_curve(folder)
    scores = found["scores"]  # (T, courses)
    middle = scores.mean(axis=1)
    error = scores.std(axis=1) / np.sqrt(scores.shape[1])
    return Curve(label, found["steps"], found["seconds"], middle, middle - error, middle + error)
