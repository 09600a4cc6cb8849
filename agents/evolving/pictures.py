"""Pictures of an evolution: the bestiary, and how a body came about, as matplotlib figures."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from agents.evolving.record import Record
from agents.evolving.shape import AXES
from walker_env import Body

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

INK, PAPER, FAINT = "#342a24", "#fffaee", "#8a7a63"
BONE, MUSCLE, FOOT, HEAD = "#5b4a3c", "#c8202f", "#3e768c", "#e69f00"
"""Colours of the parts of a body; feet are full, other nodes empty rings, the head is gold."""

COLUMNS = 8
"""Bodies in a row."""

_SIDE = 1.45  # [inch] of one body's place
_LETTERS, _LINE = 23, 0.11  # of a line below a body, and its height [inch]
_HALF = 165.0  # [unit] that a place shows to each side: any body, and all to one scale


def draw_body(axes: Axes, body: Body) -> None:
    """Draw a body facing up, at the scale that all bodies share.

    Args:
        axes: Where; its limits are set and its frame taken away.
        body: Which.
    """
    place = [(-node.y, node.x) for node in body.nodes]  # forward is up, left is left
    middle = [(max(v) + min(v)) / 2 for v in zip(*place)]
    for links, colour, width in ((body.muscles, MUSCLE, 2.2), (body.bones, BONE, 1.6)):
        for link in links:
            (xa, ya), (xb, yb) = place[link.a], place[link.b]
            axes.plot([xa, xb], [ya, yb], color=colour, lw=width, solid_capstyle="round", zorder=1)
    for i, (x, y) in enumerate(place):
        foot, edge = i in body.feet, HEAD if i in body.head else FOOT if i in body.feet else BONE
        face = FOOT if foot else PAPER
        axes.plot(x, y, "o", ms=5.5 if foot else 3.5, mfc=face, mec=edge, mew=1.2, zorder=2)
    axes.set_xlim(middle[0] - _HALF, middle[0] + _HALF)
    axes.set_ylim(middle[1] - _HALF, middle[1] + _HALF)
    axes.set_aspect("equal")
    axes.axis("off")


def draw_bestiary(elites: Sequence[Record], title: str) -> Figure:
    """All elites by their number of muscles, the best of each group first, with their scores.

    Args:
        elites: At least one.
        title: Of the figure.
    """
    rows = [
        (name if not start else "", group[start : start + COLUMNS])
        for name, group in _groups(elites)
        for start in range(0, len(group), COLUMNS)
    ]
    figure, places = _grid(len(rows), title)
    for (name, group), line in zip(rows, places):
        line[0].text(
            -0.02, 0.5, name, transform=line[0].transAxes, rotation=90, ha="right", va="center",
            color=INK, fontsize=9,
        )  # fmt: skip
        for axes, record in zip(line, group):
            draw_body(axes, record.body)
            axes.set_title(f"{record.score:.1f}", color=INK, fontsize=10, pad=1)
            _write_below(axes, str(record.number))
    return figure


def draw_descent(line: Sequence[Record], title: str) -> Figure:
    """From the first body to another: each ancestor with what happened to it, and its score.

    Args:
        line: The bodies in the order of their birth; see `descent`.
        title: Of the figure.
    """
    rows = [line[start : start + COLUMNS] for start in range(0, len(line), COLUMNS)]
    words = [textwrap.wrap(told(record), _LETTERS) for record in line]
    figure, places = _grid(len(rows), title, extra=0.2 + _LINE * max(map(len, words)))
    below = iter(words)
    for group, row in zip(rows, places):
        for axes, record in zip(row, group):
            draw_body(axes, record.body)
            axes.set_title(f"{record.number}: {record.score:.1f}", color=INK, fontsize=9, pad=1)
            _write_below(axes, "\n".join(next(below)))
        for one, other in pairwise(row[: len(group)]):
            _arrow(figure, one, other)
    return figure


def told(record: Record) -> str:
    """What happened to a body, in words: ``"grow, move node x2"``."""
    counts = Counter(record.mutations)
    words = (name + (f" x{count}" if count > 1 else "") for name, count in counts.items())
    return ", ".join(words) or "the first body"


def descent(records: Sequence[Record], number: int) -> list[Record]:
    """A body and its ancestors, the first body first.

    Args:
        records: All bodies by number, at least the ancestors.
        number: Of the body.

    Raises:
        ValueError: There is no such body.
    """
    known = {record.number: record for record in records}
    if number not in known:
        raise ValueError(f"there is no body {number}; they have the numbers 0 to {max(known)}")
    line = [known[number]]
    while line[-1].parent is not None:
        line.append(known[line[-1].parent])
    return line[::-1]


def _groups(elites: Sequence[Record]) -> list[tuple[str, list[Record]]]:
    """The elites by number of muscles, the fewest first."""
    _, count, (low, high) = AXES[0]
    step = round((high - low) / count)
    found: dict[int, list[Record]] = {}
    for record in sorted(elites, key=lambda record: -record.score):
        found.setdefault(min((record.shape.muscles - 1) // step, count - 1), []).append(record)
    names = [f"{1 + step * i} to {step * (i + 1)} muscles" for i in range(count - 1)]
    names.append(f"{1 + step * (count - 1)} muscles and more")
    return [(names[i], found[i]) for i in sorted(found)]


def _grid(rows: int, title: str, extra: float = 0.2) -> tuple[Figure, list[list[Axes]]]:
    """A figure with so many rows of empty places.

    ``extra`` is room for words below a body [inch].
    """
    from matplotlib.figure import Figure

    height = rows * (_SIDE + extra)
    figure = Figure(figsize=(COLUMNS * _SIDE + 0.5, height + 0.5), facecolor=PAPER)
    bottom, top = 0.1 / (height + 0.5), height / (height + 0.5)
    grid = figure.add_gridspec(
        rows, COLUMNS, left=0.03, right=0.995, bottom=bottom, top=top, wspace=0.05,
        hspace=(extra + 0.15) / _SIDE,
    )  # fmt: skip
    places = [[figure.add_subplot(grid[r, c]) for c in range(COLUMNS)] for r in range(rows)]
    for axes in (axes for row in places for axes in row):
        axes.axis("off")
    figure.suptitle(title, x=0.03, y=1 - 0.12 / (height + 0.5), ha="left", color=INK, fontsize=12)
    return figure, places


def _write_below(axes: Axes, text: str) -> None:
    axes.text(
        0.5, 0.0, text, transform=axes.transAxes, ha="center", va="top", color=FAINT, fontsize=7
    )


def _arrow(figure: Figure, one: Axes, other: Axes) -> None:
    from matplotlib.patches import ConnectionPatch

    patch = ConnectionPatch(
        (0.96, 0.5), (0.04, 0.5), "axes fraction", "axes fraction", axesA=one, axesB=other,
        arrowstyle="->", color=FAINT, lw=1.2,
    )  # fmt: skip
    figure.add_artist(patch)
