"""Is turning half the time? And is the fastest on the straight slower in turns?"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from agents.figure_style import SOFT, new_figure, plain
from benchmarks.evaluation.conditions import DISC, FAMILY_NAMES
from benchmarks.reporting.estimates import CORRELATED, Estimate, between, correlation, over_runs
from benchmarks.reporting.looks import legend_of_all, line_of, marks_of
from benchmarks.reporting.runs import (
    WALKS,
    Walker,
    count_words,
    of_algorithm,
    of_family,
    walking,
)
from benchmarks.study.collection import Collection
from benchmarks.study.record import BEST
from benchmarks.study.walks import CLOSING_BIN
from walker_env import HORIZON, WORLD

if TYPE_CHECKING:
    from matplotlib.figure import Figure

BIN = CLOSING_BIN * WORLD.control_dt
"""Length of a bin of the closing speed [s]."""

HALF = 0.5

MEASURE = (
    "A leg is the way from one target to the next. Its closing speed v by the time since the "
    f"target appeared is known in bins of w = {BIN:g} s. The cruise is the largest v of the bins "
    "that begin before an average leg ends, which lasts 100 s over the score; later bins are of "
    "the few legs that went wrong. Until the bin of the cruise a leg loses the sum of w (1 - v "
    "/ cruise): by so much it ends later than if it were walked at the cruise from the start. "
    "As a share of an average leg, that is what turning and speeding up take; it is a little "
    f"too much where legs are over sooner. Counted are runs that reach {WALKS:g} targets."
)
"""What is measured, for the page."""

_EPISODE = HORIZON * WORLD.control_dt  # [s]
_BEST_ROW = 1  # of `Record.closing`


@dataclass(frozen=True)
class Loss:
    """What turning and speeding up cost.

    Attributes:
        seconds: In a leg [s].
        share: Of an average leg.
        cruise: [unit/s].
    """

    seconds: float
    share: float
    cruise: float


def loss(closing: np.ndarray, score: float) -> Loss | None:
    """What turning and speeding up cost a policy, see `MEASURE`.

    Args:
        closing: ``(T,)``, speed towards the target by the time since it appeared [unit/s]; NaN
            where there was none.
        score: Targets in 100 s.

    Returns:
        None where it never comes nearer to a target.
    """
    leg = _EPISODE / score if score > 0 else math.inf
    speeds = np.asarray(closing, np.float64)[: max(1, math.ceil(min(leg / BIN, len(closing))))]
    speeds = speeds[np.isfinite(speeds)]
    if not len(speeds) or speeds.max() <= 0:
        return None
    top = int(np.argmax(speeds))
    cruise = float(speeds[top])
    lost = BIN * float((1 - speeds[: top + 1] / cruise).sum())
    return Loss(lost, lost / leg, cruise)


def losses(found: Collection) -> dict[Walker, Loss]:
    """Of all runs of `disc` that walk, see `runs.WALKS`."""
    known = {walker: _loss(walker) for walker in walking(found)}
    return {walker: one for walker, one in known.items() if one is not None}


def _loss(walker: Walker) -> Loss | None:
    return loss(walker.kept.record.closing[_BEST_ROW], walker.score)


def turning_text(found: Collection) -> str:
    """The share of a leg, of all runs and by family."""
    known = losses(found)
    if not known:
        return "No run of `disc` that walks is there yet."
    share = over_runs([one.share for one in known.values()])
    verdict = share.choose(
        "that is more than half of the time", "that is less than half of the time",
        "the runs do not say whether that is more or less than half of the time", HALF,
    )  # fmt: skip
    said = [
        f"In {count_words(found, [DISC.name], len(known))}, those that walk, turning and speeding "
        f"up take {share.words('.0f', 100)} % of a leg: {verdict}."
    ]
    by = {name: [known[w].share for w in of_family(known, name)] for name in FAMILY_NAMES}
    if all(by.values()):
        parts = [f"{over_runs(by[name]).words('.0f', 100)} % for {name}" for name in FAMILY_NAMES]
        said.append(f"It is {' and '.join(parts)}{_gap_words(between(*by.values()))}.")
    seconds = over_runs([one.seconds for one in known.values()])
    said.append(f"That is {seconds.words('.2f')} s a leg.")
    return " ".join(said)


def _gap_words(gap: Estimate | None) -> str:
    if gap is None:
        return ""
    verdict = gap.choose(
        "the gradient methods lose more", "evolution loses more", "no sure difference"
    )
    return f" ({verdict}: {gap.words('+.0f', 100)} points)"


def turning_figure(found: Collection) -> Figure | None:
    """Closing speed by time for each algorithm, and the share of each run."""
    known = losses(found)
    if not known:
        return None
    figure = new_figure((11, 4.2))
    left, right = figure.subplots(1, 2, width_ratios=(1.25, 1))
    names = [*dict.fromkeys(walker.algorithm for walker in known)]
    for place, name in enumerate(names):
        own = of_algorithm(known, name)
        speeds = [w.kept.record.closing[_BEST_ROW] / known[w].cruise for w in own]
        middle = np.ma.median(np.ma.masked_invalid(speeds), axis=0).filled(np.nan)
        left.plot(BIN * (np.arange(len(middle)) + 0.5), middle, **line_of(name), label=name)
        shares = [100 * known[walker].share for walker in own]
        right.plot(shares, [place] * len(own), **marks_of(name))
    left.axhline(1, color=SOFT, ls=":", lw=1.2)
    left.set(xlabel="time since the target appeared [s]", ylabel="closing speed / cruise")
    left.set(xlim=(0, 4), ylim=(-0.6, 1.1))
    right.axvline(100 * HALF, color=SOFT, ls=":", lw=1.2)
    right.set(xlabel="share of a leg that turning and speeding up take [%]", xlim=(0, None))
    right.set_yticks(range(len(names)), names)
    right.invert_yaxis()
    for axes in (left, right):
        plain(axes)
    return figure


def straight_text(found: Collection) -> str:
    """Whether who is fast on the straight is slow in turns, across runs and within algorithms."""
    measured = straight(found)
    if len(measured) < CORRELATED:
        return f"Too few runs of `disc` that walk are there yet: {len(measured)}."
    walkers = [*measured]
    groups = [walker.algorithm for walker in walkers]
    sprint, turns, speed, lost = (list(column) for column in zip(*measured.values()))
    skill, within = correlation(sprint, turns), correlation(sprint, turns, groups)
    slow = correlation(speed, lost)
    if skill is None:
        return "All runs of `disc` that walk are alike."
    verdict = skill.choose(
        "No: a run that is faster on the straight is better in turns as well",
        "Yes: a run that is faster on the straight is worse in turns",
        "The runs do not say",
    )
    said = [
        f"{verdict} (rank correlation of the skill `sprint` with the mean of `turn-left` and "
        f"`turn-right`, {count_words(found, [DISC.name], len(walkers))}: {skill.words('.2f')}"
    ]
    said[0] += f"; within algorithms {within.words('.2f')})." if within else ")."
    if slow is not None:
        more = slow.choose("rises", "falls", "neither surely rises nor falls")
        rho = slow.words(".2f")
        said.append(f"What a leg loses {more} with the speed on the straight ({rho}).")
    place = sorted(turns, reverse=True).index(turns[int(np.argmax(sprint))]) + 1
    fastest = walkers[int(np.argmax(sprint))].name
    said.append(f"The fastest on the straight, `{fastest}`, is number {place} in turns.")
    return " ".join(said)


def straight(found: Collection) -> dict[Walker, tuple[float, float, float, float]]:
    """Four figures of each run of `disc` that walks.

    Returns:
        Its sprint [unit/s], its targets in 100 s behind and beside (mean of `turn-left` and
        `turn-right`), the speed of its steady gait [unit/s], and what a leg loses [s].
    """
    where = found.condition(DISC.name)
    measured: dict[Walker, tuple[float, float, float, float]] = {}
    skills = [skill.name for skill in where.skills] if where else []
    if not {"sprint", "turn-left", "turn-right"} <= {*skills}:
        return {}
    for walker, one in losses(found).items():
        record = walker.kept.record
        rows = record.skills.astype(np.float64)
        means = {name: float(np.nanmean(row)) for name, row in zip(skills, rows)}
        turns = (means["turn-left"] + means["turn-right"]) / 2
        measured[walker] = means["sprint"], turns, record.about.gaits[BEST]["speed"], one.seconds
    return measured


def straight_figure(found: Collection) -> Figure | None:
    """Turns against the straight, a point for each run."""
    measured = straight(found)
    if not measured:
        return None
    figure = new_figure((11, 4.4))
    left, right = figure.subplots(1, 2)
    for name in dict.fromkeys(walker.algorithm for walker in measured):
        own = [measured[walker] for walker in of_algorithm(measured, name)]
        sprint, turns, speed, lost = zip(*own)
        left.plot(sprint, turns, **marks_of(name), label=name)
        right.plot(speed, lost, **marks_of(name), label=name)
    left.set(xlabel="sprint [unit/s]", ylabel="targets in 100 s, behind and beside")
    right.set(xlabel="speed of the steady gait [unit/s]", ylabel="lost in a leg [s]")
    for axes in (left, right):
        plain(axes)
    legend_of_all(figure)
    return figure
