"""Builds the page: HTML from templates, data as scripts, nothing that needs a server."""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from agents.figure_style import looks
from agents.policy import Policy
from agents.training.train import make_config
from benchmarks.evaluation.stats import probability_of_improvement
from benchmarks.gaits.gait import MeasuredGait, record_gait
from benchmarks.site import charts, engine, sandbox
from benchmarks.site.chapter_files import body_data, write_chapters, write_script
from benchmarks.site.content import (
    Board,
    Content,
    ShownEntry,
    name_on_stderr,
    web_link,
    without,
)
from benchmarks.site.network import network
from benchmarks.site.walks import checked_tape, record_walk
from benchmarks.site.words import ALGORITHMS, FAMILIES, GLOSSARY
from walker_env import HORIZON
from walker_env.files import atomic_write
from walker_env.params import WORLD, WORLDS, get_world
from walker_env.replay import Replay
from walker_env.tasks import TARGET_RADIUS

HERE = Path(__file__).resolve().parent
MARK = ".walker-site"
"""A folder without this file was not made here and is left alone."""

_RULES = {"none": "this one stands still", "chance": "this one acts at random"}
"""What moves those without a network, by what their algorithm is called."""


def build_site(
    content: Content,
    folder: str | Path,
    steps: int = HORIZON,
    on_step: Callable[[str], object] = lambda what: None,
    on_bad: Callable[[str], object] = name_on_stderr,
) -> Path:
    """Write the whole page into a folder.

    Args:
        content: What it shows.
        folder: Made where it is missing; a former page in it is replaced when the new one is whole.
        steps: Control steps of the recorded walks.
        on_step: Called with what is about to be done, `work_items` times at most.
        on_bad: Called with the name of an entry that cannot be shown, and why; the page is built
            without it.

    Returns:
        The first page.

    Raises:
        ValueError: The folder holds something else.
    """
    folder = Path(folder)
    with _swapped(folder) as new:
        _copy_static(new)
        gaits = _write_walks(content, new, steps, on_step, on_bad)
        shown = without(content, {entry.id for entry in content.entries} - set(gaits))
        for entry in content.lineage:
            _write_minds(new, entry)
        write_script(new, "site", _site_data(shown, steps))
        write_script(new, "bodies", sandbox.bodies_to_begin_with())
        write_script(new, "suite", sandbox.public_courses())
        write_chapters(shown, new)
        _write_pages(shown, new, gaits)
    return folder / "index.html"


def work_items(content: Content) -> int:
    """How often `build_site` calls ``on_step`` when every entry can be shown."""
    return len(content.entries) * (len(content.courses) + 1)


def beats(board: Board) -> np.ndarray:
    """Chance that the row's entry beats the column's on a course, ``(rows, rows)``."""
    rows = [row.samples if row.common is None else row.common for row in board.rows]
    chance = np.full((len(rows), len(rows)), 0.5)
    for i, one in enumerate(rows):
        for j in range(i):
            chance[i, j] = probability_of_improvement(one, rows[j])
            chance[j, i] = 1 - chance[i, j]
    return chance


def check_folder(folder: Path) -> None:
    """Check that a page may be written there.

    Raises:
        ValueError: The folder holds something else.
    """
    if folder.exists() and any(folder.iterdir()) and not (folder / MARK).exists():
        raise ValueError(f"{folder} holds files that are not of a page; choose another folder")


@contextlib.contextmanager
def _swapped(folder: Path) -> Iterator[Path]:
    """A new folder beside this one that takes its place when the block ends well."""
    check_folder(folder)
    folder = folder.resolve()  # what a link leads to is replaced, not the link
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{folder.name}.", dir=folder.parent) as beside:
        new, old = Path(beside) / "new", Path(beside) / "old"
        new.mkdir()
        (new / MARK).touch()
        (new / ".nojekyll").touch()  # some hosts leave out files otherwise
        yield new
        try:
            if folder.exists():
                os.rename(folder, old)
            os.rename(new, folder)
        except BaseException:
            if old.exists() and not folder.exists():
                os.rename(old, folder)
            raise


def _copy_static(folder: Path) -> None:
    for path in sorted(filter(Path.is_file, (HERE / "static").rglob("*"))):
        atomic_write(folder / path.relative_to(HERE), path.read_bytes())


def _write_walks(
    content: Content,
    folder: Path,
    steps: int,
    on_step: Callable[[str], object],
    on_bad: Callable[[str], object],
) -> dict[str, MeasuredGait]:
    """Replays, and what a page needs to show each walk; gives how each entry walks.

    Policies walk in the page itself, to the same bits; of everybody else it plays a tape.
    """
    gaits = {}
    for entry in content.entries:
        try:
            recorded = _record_entry(content, entry, steps, on_step)
        except ValueError as error:  # of the policy, its walk or its words
            on_bad(f"{entry.id}: {error!s:.300}".encode(errors="backslashreplace").decode())
            continue
        gaits[entry.id] = recorded.gait
        for course, (tape, replay) in recorded.walks.items():
            if tape is not None:
                write_script(folder, f"walks/{course}/{entry.id}", tape)
            path = folder / "data" / "replays" / course / f"{entry.id}.npz"
            path.parent.mkdir(parents=True, exist_ok=True)
            replay.save(path)
        _write_minds(folder, entry)
    return gaits


def _write_minds(folder: Path, entry: ShownEntry) -> None:
    """The network of an entry that has one: to be drawn, and exactly, to walk."""
    if drawn := network(entry.agent):
        write_script(folder, f"networks/{entry.id}", drawn)
    if isinstance(entry.agent, Policy):
        exact = engine.exact_network(entry.agent)
        exact |= {"observation": entry.agent.options.observation}
        write_script(folder, f"minds/{entry.id}", exact)


@dataclass(frozen=True)
class _Recorded:
    """What an entry does on the page.

    Attributes:
        walks: By course, its tape, None for a policy, and its replay.
        gait: How it walks.
    """

    walks: dict[str, tuple[dict[str, Any] | None, Replay]]
    gait: MeasuredGait


def _record_entry(
    content: Content, entry: ShownEntry, steps: int, on_step: Callable[[str], object]
) -> _Recorded:
    words = [x for x in vars(entry).values() if isinstance(x, (str, tuple))]
    json.dumps(words, ensure_ascii=False).encode()  # all that is told of it can be written
    walks = {}
    for course in content.courses:
        on_step(f"{entry.name} walks {course.title}")
        found = record_walk(entry.agent, course, steps, entry.sha256, content.version)
        tape = None if isinstance(entry.agent, Policy) else checked_tape(found.walk)
        walks[course.id] = (tape, found.replay)
    on_step(f"How {entry.name} walks")
    return _Recorded(walks, record_gait(entry.agent))


def _site_data(content: Content, steps: int) -> dict[str, Any]:
    bodies = [entry.agent.options.body for entry in (*content.entries, *content.lineage)]
    return {
        "rate": WORLD.control_rate,
        "radius": TARGET_RADIUS,
        "steps": steps,
        "entries": [
            *map(_entry_data, content.entries),
            *(_entry_data(entry) | {"kin": True} for entry in content.lineage),
        ],
        "presets": _presets(content),
        "courses": [
            {
                "id": course.id,
                "title": course.title,
                "draw": course.draw,
                "seed": str(course.seed),
                "world": get_world(course.world).stored(),
            }
            for course in content.courses
        ],
        "bodies": {body.digest: body_data(body) for body in bodies},
        "featured": list(content.featured),
        "worlds": {name: world.stored() for name, world in WORLDS.items()},
        "learners": learners(),
    }


def _entry_data(entry: ShownEntry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "name": entry.name,
        "algorithm": entry.algorithm,
        "body": entry.agent.options.body.digest,
        "network": network(entry.agent) is not None,
        "rule": _RULES.get(entry.algorithm, "this one walks by rules"),
    }


def _presets(content: Content) -> list[dict[str, Any]]:
    """Fields of walkers that are chosen together."""
    best = [entry.id for entry in content.entries if network(entry.agent) is not None]
    named = {"The best": best[:8], "Generation 0 to champion": [e.id for e in content.lineage]}
    return [{"title": title, "entries": ids} for title, ids in named.items() if len(ids) > 1]


def learners() -> dict[str, dict[str, Any]]:
    """The tuned settings of the learners that run in the page, by name."""
    found = {}
    for name in ("snes", "neat"):
        config = make_config(name, {})
        kept = (field.name for field in fields(config) if field.name not in ("seed", "options"))
        found[name] = {field: getattr(config, field) for field in kept}
    return found


def _write_pages(content: Content, folder: Path, gaits: dict[str, MeasuredGait]) -> None:
    pages = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    pages.globals.update(
        charts=charts, beats=beats, web_link=web_link, zip=zip, glossary=GLOSSARY,
        algorithms=ALGORITHMS, families=FAMILIES, icon=_icon(), known=[*looks(ALGORITHMS).items()],
        engine=engine.scripts(),
    )  # fmt: skip

    def write(name: str, path: str, **values: Any) -> None:
        root = "../" * path.count("/")
        html = pages.get_template(name).render(content=content, root=root, path=path, **values)
        atomic_write(folder / path, html)

    write("index.html", "index.html")
    write("race.html", "race.html")
    for name in ("sandbox.html", "bench.html"):
        write(name, name)
    for name, there in (
        ("suite-1.html", content.history),
        ("report.html", content.report),
        ("bodies.html", content.bodies),
        ("bestiary.html", content.bestiary),
    ):
        if there:
            write(name, name)
    for entry in content.entries:
        values = _entry_values(content, entry, gaits[entry.id])
        write("entry.html", f"entries/{entry.id}.html", **values)


def _icon() -> str:
    """The icon as an address that holds it: a file would be fetched at each change of address."""
    return "data:image/svg+xml," + quote((HERE / "static" / "icon.svg").read_text().strip())


def _entry_values(content: Content, entry: ShownEntry, gait: MeasuredGait) -> dict[str, Any]:
    standings = [
        (board, row, max(float(other.samples.max()) for other in board.rows))
        for board in content.all_boards
        for row in board.rows
        if row.entry == entry.id
    ]
    mine = [
        list(zip(board.skills.names, board.skills.titles, board.skills.units, figures))
        for board in content.all_boards
        if board.skills
        for _, id_, figures in board.skills.rows
        if id_ == entry.id
    ]
    return {
        "entry": entry,
        "gait": gait if gait.speed > 1 else None,
        "footfall": charts.footfall(gait),
        "standings": standings,
        "skills": mine[0] if mine else [],
    }
