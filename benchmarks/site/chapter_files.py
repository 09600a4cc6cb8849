"""The files behind studies, the report and the bestiary, and how data become scripts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from benchmarks.site import engine, study
from benchmarks.site.chapters import Creature
from benchmarks.site.content import Content
from walker_env.body import Body
from walker_env.files import atomic_write
from walker_env.skin import webs


def write_chapters(content: Content, folder: Path) -> None:
    """Data and downloads of the studies, figures of the report, and the creatures.

    Args:
        content: Of the page.
        folder: Of the page.
    """
    for one in content.study:
        if one.runs:
            write_script(folder, f"study/{one.key}", study.for_page(one))
            place = folder / "data" / "study"
            atomic_write(place / f"{one.key}.json", study.as_json(one))
            atomic_write(place / f"{one.key}.csv", study.as_csv(one))
            atomic_write(place / f"{one.key}-records.zip", study.as_zip(one))
    for part in content.report:
        if part.picture:
            atomic_write(folder / "data" / "report" / f"{part.name}.png", part.picture)
    for creature in content.bestiary:
        write_script(folder, f"creatures/{creature.id}", creature_data(creature))


def creature_data(creature: Creature) -> dict[str, Any]:
    """What lets a creature walk in the page: its body as it is drawn, and its exact network."""
    options = creature.policy.options
    return {
        "name": creature.name,
        "body": body_data(options.body),
        "mind": engine.exact_network(creature.policy),
        "observation": options.observation,
    }


def body_data(body: Body) -> dict[str, Any]:
    """The whole plan, and the webs of its skin with ``[a, b, bow]`` of each edge."""
    drawn = [
        {"nodes": web.nodes, "edges": [[*edge, bow] for edge, bow in zip(web.edges, web.bows)]}
        for web in webs(body)
    ]
    return body.stored() | {"webs": drawn}


def write_script(folder: Path, name: str, data: Any) -> None:
    """A data file as a script: the file system has no other way to hand data to a page.

    Args:
        folder: Of the page.
        name: Of the data, and of the file below ``data``.
        data: JSON-ready.
    """
    text = json.dumps(data, separators=(",", ":"), allow_nan=False)
    atomic_write(folder / "data" / f"{name}.js", f"WALKER.receive({json.dumps(name)},{text});\n")
