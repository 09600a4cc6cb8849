"""Does a price for energy make gaits calm?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from agents.figure_style import new_figure, plain
from benchmarks.evaluation.conditions import DISC
from benchmarks.reporting.estimates import between
from benchmarks.reporting.looks import marks_of
from benchmarks.reporting.runs import WALKS, equal_steps, finished
from benchmarks.study.collection import Collection, Kept
from benchmarks.study.record import BEST

if TYPE_CHECKING:
    from matplotlib.figure import Figure

PRICED = "priced"


MEASURE = (
    f"`{PRICED}` takes a price for energy from the reward. At equal control steps it is held "
    "against `disc`: energy for 1,000 units of way on the common courses, and targets there, of "
    f"the policy that validation chooses, where it reaches {WALKS:g} targets; and the rhythm of "
    "its steady walk straight ahead, the strongest frequency of the muscles at the end of the "
    "run."
)
"""What is measured, for the page."""


def energy_for_1000(kept: Kept) -> float:
    """Of the chosen policy on the common courses [energy unit]."""
    record, look = kept.record, kept.best
    return 1000 * float(record.energy[look]) / float(record.way[look])


def rhythms(found: Collection, condition: str, algorithm: str) -> list[float]:
    """Of the runs that came to their end and have a steady gait [Hz].

    Args:
        found: The records.
        condition: Its name.
        algorithm: What trained.
    """
    walkers = [w for w in finished(found, condition) if w.algorithm == algorithm]
    known = [walker.kept.record.about.gaits[BEST]["rhythm"] for walker in walkers]
    return [rhythm for rhythm in known if rhythm is not None]


def _runs(found: Collection, algorithm: str) -> tuple[list[Kept], list[Kept], str]:
    """Priced and usual runs that walk, and when they are looked at."""
    pairs = [(PRICED, algorithm), (DISC.name, algorithm)]
    limit = equal_steps(found, pairs)
    if limit is None:
        return [], [], ""
    priced, usual = (
        [kept for kept in found.at(*pair, limit) if kept.score() >= WALKS] for pair in pairs
    )
    return priced, usual, limit.title


def algorithms(found: Collection) -> list[str]:
    """Trained under a price."""
    where = found.condition(PRICED)
    return [*where.seeds] if where else []


def energy_text(found: Collection) -> str:
    """What the price changes, algorithm by algorithm."""
    said = [_words(found, name) for name in algorithms(found)]
    return " ".join(said) or "There is no condition with a price."


def _words(found: Collection, name: str) -> str:
    priced, usual, when = _runs(found, name)
    energy = between(*(_energies(runs) for runs in (priced, usual)))
    targets = between(*([kept.score() for kept in runs] for runs in (priced, usual)))
    if energy is None or targets is None:
        return (
            f"For `{name}` there are {len(priced)} priced runs that walk and {len(usual)} others."
        )
    calm = energy.choose("surely more", "surely less", "no sure difference in")
    cost = targets.choose("and surely more targets", "and surely fewer targets",
                          "and no sure difference in targets")  # fmt: skip
    said = (
        f"Under the price `{name}` has, {when}, {calm} energy for 1,000 units "
        f"({energy.words('+.2f')}, {len(priced)} against {len(usual)} runs) {cost} "
        f"({targets.words('+.1f')})."
    )
    rhythm = between(*(rhythms(found, where, name) for where in (PRICED, DISC.name)))
    if rhythm is None:
        return said
    slow = rhythm.choose("is surely faster", "is surely slower", "does not surely change")
    return f"{said} Its rhythm {slow} ({rhythm.words('+.2f')} Hz)."


def _energies(runs: Sequence[Kept]) -> list[float]:
    return [energy_for_1000(kept) for kept in runs]


def energy_figure(found: Collection) -> Figure | None:
    """Energy against targets, and the rhythm, a point for each run."""
    names = algorithms(found)
    if not any(_runs(found, name)[0] for name in names):
        return None
    figure = new_figure((11, 4.2))
    left, right = figure.subplots(1, 2, width_ratios=(1.4, 1))
    ticks: list[str] = []
    for name in names:
        priced, usual, _ = _runs(found, name)
        for runs, where in ((usual, DISC.name), (priced, PRICED)):
            look = {**marks_of(name), "ms": 9 if where == PRICED else 5}
            scores = [kept.score() for kept in runs]
            left.plot(_energies(runs), scores, **look, label=f"{name}, {where}")
            known = rhythms(found, where, name)
            right.plot(known, [len(ticks)] * len(known), **look)
            ticks.append(f"{name}, {where}")
    left.set(xlabel="energy for 1,000 units", ylabel="targets in 100 s", ylim=(0, None))
    right.set(xlabel="rhythm [Hz]", ylim=(len(ticks) - 0.5, -0.5))
    right.set_yticks(range(len(ticks)), ticks)
    left.legend(frameon=False, fontsize=10)
    for axes in (left, right):
        plain(axes)
    return figure
