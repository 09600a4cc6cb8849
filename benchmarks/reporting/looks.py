"""How the report's figures show algorithms and families.

A family has a colour, a marker and a width of its lines, so that the two are told apart by the
colour-blind and in grey as well: gradient methods are warm, with filled circles and thick lines,
evolution is cool, with open triangles and thin lines.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from agents.figure_style import HUES, INK, PAPER, looks
from benchmarks.evaluation.conditions import FAMILIES, FAMILY_NAMES

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_COLOURS = {"gradient": HUES[0], "evolution": HUES[4]}
_MARKS = {"gradient": ("o", "s"), "evolution": ("^", "v")}  # relatives share a colour
_WIDTHS = {"gradient": 2.8, "evolution": 1.5}


def family_colour(family: str) -> str:
    """Of a family."""
    return _COLOURS[family]


def line_of(algorithm: str) -> dict[str, Any]:
    """How an algorithm's curve looks, for ``Axes.plot``."""
    return {**looks([algorithm])[algorithm].line(), "lw": _WIDTHS[FAMILIES[algorithm]]}


def marks_of(algorithm: str) -> dict[str, Any]:
    """How an algorithm's runs look as points, for ``Axes.plot``."""
    look, family = looks([algorithm])[algorithm], FAMILIES[algorithm]
    colour, mark = HUES[look.hue], _MARKS[family][look.dash > 0]
    return {**family_marks(family), "color": colour, "mec": colour, "marker": mark}


def family_marks(family: str) -> dict[str, Any]:
    """How a family's runs look as points, for ``Axes.plot``."""
    colour = _COLOURS[family]
    face = {} if family == "gradient" else {"mfc": PAPER}
    return {"ls": "", "marker": _MARKS[family][0], "ms": 6, "color": colour, "mec": colour, **face}


def legend_by_family(axes: Axes, handles: Mapping[str, Any]) -> None:
    """A legend beside some axes, the algorithms below the name of their family."""
    shown: list[tuple[Any, str]] = []
    for family in FAMILY_NAMES:
        own = [name for name in handles if FAMILIES[name] == family]
        if own:
            shown.append((_nothing(), family))
            shown += [(handles[name], name) for name in own]
    legend = axes.legend(
        [handle for handle, _ in shown],
        [label for _, label in shown],
        frameon=False,
        loc="center left",
        bbox_to_anchor=(1.0, 0.5),
        labelcolor=INK,
        fontsize=10,
    )
    for text in legend.get_texts():
        if text.get_text() in FAMILY_NAMES:
            text.set(weight="bold")


def legend_of_all(figure: Figure) -> None:
    """The same beside a figure's last axes, of whatever is labelled with an algorithm in any."""
    handles: dict[str, Any] = {}
    for axes in figure.axes:
        found, labels = axes.get_legend_handles_labels()
        handles |= dict(zip(labels, found))
    if handles:
        legend_by_family(figure.axes[-1], {name: handles[name] for name in order_of([*handles])})


def log_scale(axis: Any) -> None:
    """A logarithmic axis with plain numbers at the powers of ten, and nothing between."""
    from matplotlib.ticker import FuncFormatter, NullLocator

    axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axis.set_minor_locator(NullLocator())


def order_of(algorithms: Sequence[str]) -> list[str]:
    """Gradient methods first, each family in the order of the suite."""
    known = [*FAMILIES]
    return sorted(algorithms, key=known.index)


def _nothing() -> Any:
    from matplotlib.lines import Line2D

    return Line2D([], [], ls="")
