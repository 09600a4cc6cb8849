"""Where does handedness come from?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from agents.figure_style import SOFT, new_figure, plain
from benchmarks.evaluation.conditions import DISC, FAMILY_NAMES
from benchmarks.reporting.estimates import (
    LEVEL,
    between,
    chance_of_equal,
    proportion,
    sentence,
    share_words,
)
from benchmarks.reporting.looks import family_colour, log_scale
from benchmarks.reporting.runs import WALKS, equal_steps, of_family, walking
from benchmarks.study.collection import Collection, Kept, Limit
from benchmarks.study.record import Record

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ONE_SIDED = 0.8
"""A policy is one-sided when a larger share of its turns goes to one side."""

INTERVENTIONS = (
    ("linear", "ppo", "a linear policy instead of a network"),
    ("many-courses", "snes", "16 courses a generation"),
    ("large", "snes", "a population of 512"),
)
"""Condition, algorithm, what is changed."""


MEASURE = (
    f"A walker is one-sided when more than {ONE_SIDED:.0%} of its turns on the common courses go "
    "to the same side; the courses' own turns go to both alike. A turn is a leg on which the "
    f"heading turns by more than {DISC.suite.turn_min:g} rad. Counted are runs that reach "
    f"{WALKS:g} targets, each by the policy that validation chooses. The interventions were "
    "declared before their runs: each changes one thing of one algorithm and is held against "
    "the same algorithm in `disc` at equal control steps. Shares have exact intervals (Clopper "
    f"and Pearson), differences Fisher's exact test, those of the interventions at {LEVEL:g} "
    f"over {len(INTERVENTIONS)}. The bias goes from 0, "
    "as often to the left as to the right, to 1, one side alone."
)
"""What is measured, for the page."""


def left_share(record: Record, look: int) -> float:
    """Share of the turns that go to the left at a look; NaN for one that never turns."""
    turns = int(record.turns[look])
    return int(record.left[look]) / turns if turns else float("nan")


def one_sided(share: float) -> bool:
    """Whether so large a share of the turns to the left is one-sided."""
    return max(share, 1 - share) > ONE_SIDED


@dataclass(frozen=True)
class Intervention:
    """One change held against `disc` at equal control steps.

    Attributes:
        condition: The change's.
        algorithm: Of both.
        change: In words.
        limit: The steps at which both are looked at; None where runs lack.
        usual: The runs in `disc`.
        changed: The runs under the change.
    """

    condition: str
    algorithm: str
    change: str
    limit: Limit | None
    usual: Sequence[Kept]
    changed: Sequence[Kept]


def interventions(found: Collection) -> list[Intervention]:
    """All that were declared, with the runs that walk."""
    told = []
    for condition, algorithm, change in INTERVENTIONS:
        where = [(DISC.name, algorithm), (condition, algorithm)]
        limit = equal_steps(found, where)
        runs = [_walking(found.at(*pair, limit)) if limit else [] for pair in where]
        told.append(Intervention(condition, algorithm, change, limit, *runs))
    return told


def _walking(runs: Sequence[Kept]) -> list[Kept]:
    return [kept for kept in runs if kept.score() >= WALKS]


def sided(runs: Sequence[Kept]) -> int:
    """How many of the chosen policies are one-sided."""
    return sum(one_sided(left_share(kept.record, kept.best)) for kept in runs)


def handedness_text(found: Collection) -> str:
    """By family, when it comes, and what the interventions change."""
    walkers = walking(found)
    if not walkers:
        return "No run of `disc` that walks is there yet."
    runs = {name: [w.kept for w in of_family(walkers, name)] for name in FAMILY_NAMES}
    there = [name for name in FAMILY_NAMES if runs[name]]
    parts = [f"{share_words(sided(runs[n]), len(runs[n]))} by {n}" for n in there]
    said = [f"One-sided in the end are, of the runs of `disc` that walk, {' and '.join(parts)}."]
    if len(there) == 2:
        (a, b), (n, m) = ([sided(runs[x]) for x in there], [len(runs[x]) for x in there])
        chance = chance_of_equal(a, n, b, m)
        more = "gradient methods are" if a / n > b / m else "evolution is"
        verdict = f"{more} surely the more so" if chance < LEVEL else "that is no sure difference"
        said.append(f"By Fisher's test {verdict} (p = {chance:.2g}).")
    return " ".join([*said, _side_words([w.kept for w in walkers]), _onset_words(runs)])


def _side_words(runs: Sequence[Kept]) -> str:
    """Whether one side is the more frequent one."""
    shares = [left_share(kept.record, kept.best) for kept in runs]
    own = [share for share in shares if one_sided(share)]
    if not own:
        return "None turns to one side only."
    left = sum(share > 0.5 for share in own)
    side = proportion(left, len(own)).choose(
        "so the left is the more frequent side", "so the right is the more frequent side",
        "so neither side is surely the more frequent one", 0.5,
    )  # fmt: skip
    return f"Of the one-sided {share_words(left, len(own))} turn to the left, {side}."


def _onset_words(runs: dict[str, list[Kept]]) -> str:
    """Whether it is there as soon as a policy walks."""
    said = []
    for family, own in runs.items():
        first = [_first_walk(kept) for kept in own]
        early = [(kept, look) for kept, look in zip(own, first) if look is not None]
        if early:
            count = sum(one_sided(left_share(kept.record, look)) for kept, look in early)
            said.append(f"{share_words(count, len(early))} by {family}")
    words = f"When they first reached {WALKS:g} targets, one-sided were {' and '.join(said)}."
    return words if said else ""


def _first_walk(kept: Kept) -> int | None:
    scores = kept.record.scores[: kept.count].mean(axis=1, dtype=np.float64)
    places = np.flatnonzero(scores >= WALKS)
    return int(places[0]) if len(places) else None


def intervention_rows(found: Collection, suite: str) -> list[list[str]]:
    """What each intervention changes, the head first.

    Args:
        found: The records.
        suite: Its version, for the head.
    """
    rows = [[f"intervention ({suite})", "one-sided in `disc`", "with it", "p"]]
    rows[0] += ["change of the bias", "change of the targets"]
    for one in interventions(found):
        name = f"{one.condition}: {one.algorithm}, {one.change}"
        if not (one.usual and one.changed):
            there = f"{len(one.usual)} and {len(one.changed)} runs that walk"
            rows.append([name, there, "-", "-", "-", "-"])
            continue
        shares = [share_words(sided(runs), len(runs)) for runs in (one.usual, one.changed)]
        both = (one.changed, one.usual)
        bias = between(*([_bias(kept) for kept in runs] for runs in both))
        gain = between(*([kept.score() for kept in runs] for runs in both))
        changes = [bias.words("+.2f") if bias else "-", gain.words("+.1f") if gain else "-"]
        rows.append([name, *shares, f"{_chance(one):.2g}", *changes])
    return rows


def _bias(kept: Kept) -> float:
    """From 0, as often to the left as to the right, to 1, one side alone."""
    return abs(2 * left_share(kept.record, kept.best) - 1)


def interventions_text(found: Collection) -> str:
    """What the interventions change, in a sentence each."""
    return " ".join(_change_words(one) for one in interventions(found))


def _change_words(one: Intervention) -> str:
    if one.limit is None or not (one.usual and one.changed):
        return f"For `{one.condition}` runs that walk are missing."
    usual, changed = (sided(runs) / len(runs) for runs in (one.usual, one.changed))
    chance = _chance(one)
    verdict = "there is no sure difference in how many runs are one-sided"
    if chance < LEVEL / len(INTERVENTIONS):
        verdict = f"surely {'fewer' if changed < usual else 'more'} runs are one-sided"
    return f"{sentence(one.limit.title)} {verdict} under `{one.condition}` (p = {chance:.2g})."


def _chance(one: Intervention) -> float:
    counts = [(sided(runs), len(runs)) for runs in (one.changed, one.usual)]
    return chance_of_equal(*counts[0], *counts[1])


def handedness_figure(found: Collection) -> Figure | None:
    """Share of turns to the left over training, a line for each run."""
    panels = _panels(found)
    if not any(records for _, records, _ in panels):
        return None
    figure = new_figure((13, 3.4))
    for axes, (title, records, colour) in zip(figure.subplots(1, len(panels), sharey=True), panels):
        for record in records:
            _draw_share(axes, record, colour)
        for edge in (ONE_SIDED, 1 - ONE_SIDED):
            axes.axhline(edge, color=SOFT, ls=":", lw=1.2)
        axes.set(xscale="log", ylim=(-0.03, 1.03), xlabel="million steps")
        axes.set_title(f"{title}, {len(records)} runs", loc="left")
        log_scale(axes.xaxis)
        plain(axes)
    figure.axes[0].set_ylabel("turns to the left")
    return figure


def _panels(found: Collection) -> list[tuple[str, list[Record], str]]:
    walkers = walking(found)
    panels = [
        (name, [w.kept.record for w in of_family(walkers, name)], family_colour(name))
        for name in FAMILY_NAMES
    ]
    for one in interventions(found):
        family = "gradient" if one.algorithm == "ppo" else "evolution"
        records = [kept.record for kept in one.changed]
        panels.append((f"{one.algorithm}, {one.condition}", records, family_colour(family)))
    return panels


def _draw_share(axes: Axes, record: Record, colour: str) -> None:
    """From the first look on at which it walks."""
    walks = record.scores.mean(axis=1, dtype=np.float64) >= WALKS
    shares = np.array([left_share(record, look) for look in range(len(record.steps))])
    axes.plot(record.steps[walks] / 1e6, shares[walks], color=colour, lw=1, alpha=0.7)
