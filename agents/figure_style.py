"""How figures look: one look for each algorithm, the colours and fonts of everything else."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

INK, SOFT, PAPER, SAND = "#342a24", "#6b5f54", "#fffaee", "#f0e4c8"
"""Of the text, of what stands back, of the paper, and of the empty parts of a diagram."""

ACCENT, STRONG = "#d55e00", "#ba0c1c"
"""Of what is pointed at, and of muscles."""

COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9")
"""Of feet, turns and engines: Okabe and Ito's, told apart by colour-blind readers too."""

HUES = (
    "#ee5804",
    "#560100",
    "#ad370a",
    "#2aa182",
    "#0e455a",
    "#2d0548",
    "#3d1bfe",
    "#8c579f",
    "#6c02a9",
    "#a576f2",
)
"""Of algorithms on light paper: three warm ones for gradients, seven cool ones for evolution. The
colour-blind tell them apart as well, by their lightness."""

HUES_DARK = (
    "#feb710",
    "#b64819",
    "#d38000",
    "#47b09a",
    "#55718c",
    "#0ce8a5",
    "#a106fd",
    "#cdfffe",
    "#a47fe6",
    "#beb7ff",
)
"""The same on a dark card."""

DASHES: tuple[Any, ...] = ("-", (0, (4, 1.6)), (0, (1.2, 1.4)))
"""Solid, dashed, dotted."""

_MARKS = ("o", "s", "^", "D", "v", "P", "X")
_FONT = 9.5  # [point] of ticks; titles and labels are larger


@dataclass(frozen=True)
class Look:
    """How a line looks.

    Attributes:
        hue: Index in `HUES`.
        dash: Index in `DASHES`.
        mark: Of its points, where they are shown.
    """

    hue: int
    dash: int = 0
    mark: str = "o"

    def line(self) -> dict[str, Any]:
        """For ``Axes.plot``, without the marker."""
        return {"color": HUES[self.hue], "linestyle": DASHES[self.dash], "lw": 1.9}


LOOKS = {
    "ppo": Look(0),
    "sac": Look(1),
    "tqc": Look(2),
    "pgpe": Look(3),
    "cem": Look(4),
    "ga": Look(5),
    "cosyne": Look(5, 1),
    "snes": Look(6),
    "xnes": Look(6, 1),
    "ars": Look(7),
    "cmaes": Look(8),
    "neat": Look(9),
    "mapelites": Look(9, 1),
}
"""Of each algorithm; those that no suite trains share the colour of a relative."""

_FREE = tuple(
    look
    for dash in (2, 1)
    for hue in range(len(HUES))
    if (look := Look(hue, dash)) not in LOOKS.values()
)


def looks(names: Iterable[str]) -> dict[str, Look]:
    """A look for each name.

    An algorithm has its own, and so has its first run, which is called ``snes-0`` or the like;
    further runs have another marker. Others have looks that no algorithm has.
    """
    found: dict[str, Look] = {}
    strangers = 0
    for name in dict.fromkeys(names):
        own = LOOKS.get(re.sub(r"-\d+$", "", name))
        if own is None:
            own = _FREE[strangers % len(_FREE)]
            strangers += 1
        used = sum((look.hue, look.dash) == (own.hue, own.dash) for look in found.values())
        found[name] = Look(own.hue, own.dash, _MARKS[used % len(_MARKS)])
    return found


def new_figure(size: tuple[float, float]) -> Figure:
    """An empty figure that no global state knows of.

    Args:
        size: Width and height [inch].
    """
    from matplotlib.figure import Figure

    return Figure(figsize=size, layout="constrained", facecolor=PAPER)


def plain(axes: Axes, grid: bool = True, ground: str = PAPER) -> None:
    """Nothing but the data and its labels; call it after everything is drawn.

    Args:
        axes: To be cleared of frames.
        grid: Whether faint lines lead to the ticks.
        ground: Colour behind the data.
    """
    axes.set_facecolor(ground)
    axes.spines[:].set_visible(False)
    axes.tick_params(labelsize=_FONT, colors=INK, length=0)
    if grid:
        axes.grid(color=SAND, lw=1)
        axes.set_axisbelow(True)
    for text in (axes.xaxis.label, axes.yaxis.label):
        text.set(color=INK, fontsize=_FONT + 1)
    for place in ("center", "left", "right"):
        title = axes.get_title(loc=place)
        if title:
            axes.set_title(title, loc=place, color=INK, fontsize=_FONT + 2)
