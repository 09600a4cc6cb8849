"""Pictures of bodies, with every part named: PNG, SVG or PDF."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from gymnasium.error import DependencyNotInstalled

from walker_env.body.graph import Body
from walker_env.files import atomic_path
from walker_env.skin import webs

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.lines import Line2D

SKIN, BONE, MUSCLE, FOOT, HEAD = "#f0dcc0", "#6b5b4d", "#c0392b", "#1f6f8b", "#e0a100"
"""Colours of the parts."""

ENDINGS = (".png", ".svg", ".pdf")
"""Kinds of pictures."""

_DPI = 150


def save_picture(bodies: Sequence[Body], path: str | Path) -> None:
    """Draw bodies into a file: one with its parts labelled, several side by side with their names.

    Args:
        bodies: At least one.
        path: The file; its ending is one of `ENDINGS`.

    Raises:
        gymnasium.error.DependencyNotInstalled: matplotlib is not installed.
        ValueError: Another ending.
    """
    path = Path(path)
    if path.suffix.lower() not in ENDINGS:
        raise ValueError(f"{path}: expected an ending among {', '.join(ENDINGS)}")
    try:
        from matplotlib.figure import Figure
    except ImportError as error:
        raise DependencyNotInstalled(
            'pictures of bodies need matplotlib: pip install "walker_env[render]"'
        ) from error
    columns = min(len(bodies), 4)
    rows = math.ceil(len(bodies) / columns)
    size = (10.8, 6.0) if len(bodies) == 1 else (3.2 * columns, 3.0 * rows)
    figure = Figure(figsize=size, dpi=_DPI, layout="constrained", facecolor="white")
    for i, axes in enumerate(figure.subplots(rows, columns, squeeze=False).flat):
        axes.set_axis_off()
        if i < len(bodies):
            _draw(axes, bodies[i], labelled=len(bodies) == 1)
    with atomic_path(path) as part:
        figure.savefig(part)


def _draw(axes: Axes, body: Body, labelled: bool) -> None:
    place = body.rest_positions()
    for web in webs(body):
        if len(web.nodes) > 2:
            axes.fill(*place[list(web.nodes)].T, color=SKIN, zorder=0)
    for colour, width, style, links in (
        (MUSCLE, 2, (0, (3, 1)), body.muscles),
        (BONE, 3, "-", body.bones),
    ):
        for link in links:
            axes.plot(*place[[link.a, link.b]].T, color=colour, lw=width, ls=style, zorder=1)
    size = 260 if labelled else 30
    axes.scatter(place[:, 0], place[:, 1], s=size, color="white", edgecolors=BONE, zorder=3)
    feet = place[list(body.feet)]
    ring = 2.5 if labelled else 1.5
    axes.scatter(
        feet[:, 0], feet[:, 1], s=size, color="white", edgecolors=FOOT, linewidths=ring, zorder=4
    )
    head = place[list(body.head)].mean(axis=0)
    axes.scatter(head[0], head[1], s=size, marker="*", color=HEAD, zorder=6)
    if labelled:
        _label(axes, body)
    else:
        commands = len(body.feet) + len(body.muscles)
        axes.set_title(f"{body.name}: {commands} commands", fontsize=9, parse_math=False)
    axes.set_aspect("equal")
    axes.margins(0.12, 0.16)


def _label(axes: Axes, body: Body) -> None:
    """Every field by its name: numbers in the picture, what they mean beside it."""
    place = body.rest_positions()
    for i, node in enumerate(body.nodes):
        axes.annotate(str(i), (node.x, node.y), ha="center", va="center", fontsize=9, zorder=7)
    left, right = place[list(body.across)]
    middle, across = (left + right) / 2, left - right
    ahead = [across[1], -across[0]] / np.hypot(*across) * np.ptp(place, axis=0).max() * 0.25
    axes.plot(*np.array([left, right]).T, color=HEAD, lw=3, ls=":", zorder=5)
    axes.plot(*(middle + ahead), alpha=0)  # keeps the arrow's head inside
    axes.annotate(
        "", middle + ahead, middle, arrowprops={"arrowstyle": "->", "color": HEAD, "lw": 2}
    )
    hub = body.nodes[body.hub]
    axes.scatter(hub.x, hub.y, s=420, marker="s", facecolors="none", edgecolors=HEAD, zorder=5)
    axes.set_axis_on()
    axes.grid(alpha=0.25)
    axes.set_xlabel("x [unit], forward")
    axes.set_ylabel("y [unit], left")
    axes.set_title(f"name: {body.name}", loc="left", parse_math=False)
    axes.legend(*_legend(body), loc="center left", bbox_to_anchor=(1.02, 0.5), frameon=False)


def _legend(body: Body) -> tuple[list[Line2D], list[str]]:
    from matplotlib.lines import Line2D

    def mark(marker: str, colour: str, face: str = "white") -> Line2D:
        one = Line2D([], [], marker=marker, markersize=11, ls="", markerfacecolor=face)
        one.set(markeredgecolor=colour, markeredgewidth=2)
        return one

    def line(colour: str, style: str = "-", width: float = 3) -> Line2D:
        return Line2D([], [], color=colour, ls=style, lw=width)

    feet, head, across = (
        ", ".join(map(str, nodes)) for nodes in (body.feet, body.head, body.across)
    )
    rows = [
        (mark("o", BONE), f"nodes: {len(body.nodes)} points with x, y and mass,\nnumbered from 0"),
        (line(BONE), f"bones: {len(body.bones)} stiff springs a-b"),
        (
            line(MUSCLE, "--"),
            f"muscles: {len(body.muscles)} springs a-b whose\nlength is commanded",
        ),
        (mark("o", FOOT), f"feet: {feet}\nnodes that grip on command"),
        (mark("*", HEAD, HEAD), f"head: {head}\ntheir mean must reach the targets"),
        (line(HEAD, ":", 3), f"across: {across} (left, right)\nit looks along the arrow"),
        (mark("s", HEAD, "none"), f"hub: {body.hub}\nthe node whose speed it feels"),
        (line(SKIN, width=8), "skin: nodes that are shown as one\nsegment (a label, as is name)"),
    ]
    return [handle for handle, _ in rows], [words for _, words in rows]
