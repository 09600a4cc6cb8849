"""The data sheet of a body: a drawing in characters, a table, and what may be wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from walker_env.body.graph import STABILITY_LIMIT, Body, stiffness_rates
from walker_env.bracing import rigid_parts, unbraced
from walker_env.params import WORLD, World
from walker_env.stability import SHAKEN_LIMIT, judge

COLUMNS, ROWS = 70, 24
"""The largest drawing [character]; a character is twice as high as wide."""

_BONE, _MUSCLE = "#", "."


def drawing(body: Body) -> str:
    """The body in characters, facing right: bones ``#``, muscles ``.``, nodes by their numbers."""
    place = body.rest_positions() * (1.0, -1.0)
    low, size = place.min(axis=0), np.ptp(place, axis=0)
    step = max(size[0] / (COLUMNS - 4), size[1] / (2 * ROWS - 2), 1e-9)
    cell = np.rint((place - low) / (step, 2 * step)).astype(int)
    page = [[" "] * (cell[:, 0].max() + 3) for _ in range(cell[:, 1].max() + 1)]
    muscles = [(_MUSCLE, muscle.a, muscle.b) for muscle in body.muscles]
    for mark, a, b in (*muscles, *((_BONE, bone.a, bone.b) for bone in body.bones)):
        for column, row in _line(cell[a], cell[b]):
            page[row][column] = mark
    for i, (column, row) in enumerate(cell):
        page[row][column : column + len(str(i))] = str(i)
    return "\n".join("".join(row).rstrip() for row in page)


def table(body: Body, world: World = WORLD) -> list[tuple[str, str]]:
    """What a body is made of and how well it stands, as names and values.

    Args:
        body: Any body.
        world: Where it is shaken.
    """
    rates, verdict = stiffness_rates(body, world), judge(body, world)
    node = int(np.argmax(rates))
    parts = [part for part in rigid_parts(body) if len(part) > 1]
    return [
        ("name", body.name),
        ("digest", body.digest),
        ("nodes", f"{len(body.nodes)}, of mass {sum(n.mass for n in body.nodes):g} together"),
        ("links", f"{len(body.bones)} bones, {len(body.muscles)} muscles"),
        ("feet", _listed(body.feet)),
        ("head, across, hub", f"{_listed(body.head)}; {_listed(body.across)}; {body.hub}"),
        ("commands", f"{len(body.feet)} grips and {len(body.muscles)} lengths"),
        ("size", " x ".join(f"{s:g}" for s in np.ptp(body.rest_positions(), axis=0)) + " units"),
        (
            "time step",
            f"{max(rates):.2f} of at most {STABILITY_LIMIT:g} at node {node}, "
            f"a margin of {1 - max(rates) / STABILITY_LIMIT:.0%}",
        ),
        (
            "shaken",
            f"the fastest node reaches {verdict.speed:,.0f} of at most {SHAKEN_LIMIT:,.0f} units/s "
            f"({verdict.pattern})",
        ),
        ("rigid parts", "; ".join(_listed(sorted(part)) for part in parts) or "none"),
    ]


def sheet(body: Body, world: World = WORLD) -> str:
    """Drawing, table and warnings, for a terminal.

    Args:
        body: Any body.
        world: Where it is shaken.
    """
    told = [f"{name:>18}  {value}" for name, value in table(body, world)]
    warned = [f"warning: {body.name}: {words}" for words in unbraced(body)]
    return "\n".join([drawing(body), "", *told, *warned])


def _listed(nodes: Iterable[int]) -> str:
    return " ".join(map(str, nodes))


def _line(a: np.ndarray, b: np.ndarray) -> Iterator[tuple[int, int]]:
    """The characters between two, both included."""
    count = int(np.abs(b - a).max())
    for i in range(count + 1):
        column, row = np.rint(a + (b - a) * (i / max(count, 1))).astype(int)
        yield int(column), int(row)
