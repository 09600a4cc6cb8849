"""Another physics: does the order of the algorithms hold?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from agents.figure_style import new_figure, plain
from benchmarks.evaluation.comparison import rank
from benchmarks.evaluation.conditions import DISC
from benchmarks.reporting.estimates import names, over_runs, sentence
from benchmarks.reporting.looks import legend_of_all, marks_of
from benchmarks.study.collection import LIMITS, Collection, Limit

if TYPE_CHECKING:
    from matplotlib.figure import Figure

STARTING = "starting"

_SHOWN = LIMITS[:4]


def pairs_at(found: Collection, limit: Limit) -> dict[tuple[str, str], tuple[int, int]]:
    """Every pair of algorithms that has all its runs in both, and who is surely ahead in each.

    Args:
        found: The records.
        limit: When.

    Returns:
        Pair -> in `disc` and in `starting`: 1 where the first is surely better, -1 where the other
        one is, else 0; all pairs of a condition taken together.
    """
    where = found.condition(STARTING)
    both = [
        name
        for name in (where.seeds if where else ())
        if found.complete(DISC.name, name, limit) and found.complete(STARTING, name, limit)
    ]
    if len(both) < 2:
        return {}
    better = [_surely(found, condition, both, limit) for condition in (DISC.name, STARTING)]
    return {
        (one, other): (int(better[0][i, j]), int(better[1][i, j]))
        for i, one in enumerate(both)
        for j, other in enumerate(both)
        if i < j
    }


def _surely(found: Collection, condition: str, both: list[str], limit: Limit) -> np.ndarray:
    runs = [found.complete(condition, name, limit) for name in both]
    tables = [np.stack([kept.record.scores[kept.best] for kept in own]) for own in runs]
    better = rank(tables, np.random.default_rng(0)).surely_better.astype(int)
    return better - better.T


def physics_text(found: Collection) -> str:
    """How many pairs keep their order, at each limit."""
    said = [_words(found, limit) for limit in _SHOWN]
    return (
        " ".join(filter(None, said)) or "No two algorithms have all their runs in both physics yet."
    )


def _words(found: Collection, limit: Limit) -> str:
    pairs = pairs_at(found, limit)
    if not pairs:
        return ""
    kept = [pair for pair, (a, b) in pairs.items() if a and a == b]
    turned = [pair for pair, (a, b) in pairs.items() if a and a == -b]
    verb = "is" if len(kept) == 1 else "are"
    said = (
        f"{sentence(limit.title)} {len(kept)} of {len(pairs)} pairs {verb} surely in the same "
        "order in both"
    )
    if turned:
        shown = [f"{one} and {other}" for one, other in turned]
        return f"{said}, and surely reversed {'is' if len(turned) == 1 else 'are'} {names(shown)}."
    return f"{said}, none is surely reversed."


def physics_figure(found: Collection) -> Figure | None:
    """Score in the one physics against that in the other, at each limit."""
    figure = new_figure((13, 3.5))
    drawn = False
    where = found.condition(STARTING)
    for axes, limit in zip(figure.subplots(1, len(_SHOWN)), _SHOWN):
        for name in where.seeds if where else ():
            runs = [found.at(condition, name, limit) for condition in (DISC.name, STARTING)]
            if not all(runs):
                continue
            x, y = (over_runs([kept.score() for kept in own]) for own in runs)
            look = marks_of(name)
            axes.plot([x.low, x.high], [y.value] * 2, color=look["color"], lw=1.2)
            axes.plot([x.value] * 2, [y.low, y.high], color=look["color"], lw=1.2)
            axes.plot(x.value, y.value, **look, label=name)
            drawn = True
        axes.set_title(limit.title, loc="left")
        axes.set(xlabel="targets in disc", xlim=(0, None), ylim=(0, None))
        plain(axes)
    if not drawn:
        return None
    figure.axes[0].set_ylabel("targets in the starting physics")
    legend_of_all(figure)
    return figure
