"""The map of an atlas, as a matplotlib figure, and its gaits as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from agents.atlas import Atlas
from agents.figure_style import INK, PAPER, SAND, new_figure, plain
from agents.gaits import EDGES, GAITS

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def draw_atlas(atlas: Atlas) -> Figure:
    """Draw the map: *sides* to the right, *ends* upwards, the colour tells the targets in 100 s.

    The best walker of each gait has its score written into its cell; the numbers along the axes
    are those that ``--cell SIDES,ENDS`` takes.
    """
    figure = new_figure((8.4, 7.2))
    axes = figure.subplots()
    grid = np.full((atlas.sides, atlas.sides), np.nan)
    grid[atlas.cells[:, 1], atlas.cells[:, 0]] = atlas.score
    span = (-0.5, atlas.sides - 0.5)
    top = max(float(np.nanmax(grid)), 1.0) if len(atlas.score) else 1.0
    image = axes.imshow(grid, origin="lower", cmap="viridis", vmin=0, vmax=top)
    bar = figure.colorbar(image, ax=axes, shrink=0.9, pad=0.02)
    bar.set_label("targets in 100 s", color=INK)
    bar.outline.set_visible(False)
    bar.ax.tick_params(colors=INK, length=0)
    _write_gaits(axes, atlas, top)
    axes.set(xlim=span, ylim=span)
    axes.set_xlabel("left and right feet:  alternate  →  together")
    axes.set_ylabel("front and rear feet:  alternate  →  together")
    numbers = range(0, atlas.sides, max(1, atlas.sides // 16))
    axes.set_xticks(numbers)
    axes.set_yticks(numbers)
    filled = len(atlas.score) / atlas.sides**2
    axes.set_title(f"{atlas.name}: {filled:.0%} of the map is filled", loc="left", parse_math=False)
    plain(axes, grid=False, ground=SAND)
    return figure


def _write_gaits(axes: Axes, atlas: Atlas, top: float) -> None:
    """The names of the regions, lines between them, and each gait's best."""
    edges = [atlas.sides * (edge + 1) / 2 - 0.5 for edge in EDGES]
    for edge in edges:
        axes.axvline(edge, color=PAPER, lw=1.5)
        axes.axhline(edge, color=PAPER, lw=1.5)
    bounds = [-0.5, *edges, atlas.sides - 0.5]
    best = atlas.best()
    for x, names in enumerate(GAITS):
        for y, name in enumerate(names):
            top_row = name in best and atlas.cells[best[name]][1] >= bounds[y + 1] - 1
            place = (bounds[y] + 0.15, "bottom") if top_row else (bounds[y + 1] - 0.15, "top")
            how: dict = {"ha": "left", "va": place[1], "fontsize": 11, "weight": "bold"}
            axes.text(bounds[x] + 0.15, place[0], name, **how, **_halo())
    for row in best.values():
        x, y = atlas.cells[row]
        bright = atlas.score[row] > 0.6 * top
        text = f"{atlas.score[row]:.0f}"
        axes.text(x, y, text, ha="center", va="center", color=INK if bright else PAPER, fontsize=9)
        axes.plot(x, y, "s", ms=18, mfc="none", mec=PAPER, mew=1.2)


def _halo() -> dict:
    from matplotlib import patheffects

    return {
        "color": INK,
        "path_effects": [patheffects.withStroke(linewidth=3, foreground=PAPER, alpha=0.85)],
    }


def atlas_table(atlas: Atlas) -> str:
    """The best walker of each gait as a Markdown table, the best gait first."""
    names = atlas.gaits
    lines = [
        "| gait | targets in 100 s | cell | filled cells |",
        "| --- | ---: | --- | ---: |",
    ]
    for gait, row in atlas.best().items():
        sides, ends = atlas.cells[row]
        count = names.count(gait)
        lines.append(f"| {gait} | {atlas.score[row]:.1f} | {sides},{ends} | {count} |")
    return "\n".join(lines)
