"""The figures of the published bestiary."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import mean
from typing import TYPE_CHECKING

import numpy as np

from agents.evolving.pictures import descent, draw_bestiary, draw_descent
from agents.figure_style import COLOURS
from benchmarks.bestiary.findings import by_body, correlations, elite_records, of_group
from benchmarks.bestiary.publish import Published
from benchmarks.bestiary.study import LIFE, LONG, Life

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

GREY = "#777777"


def bestiary_figure(data: Published) -> Figure:
    """Every elite with its score."""
    title = (
        f"{len(data.elites)} kinds of bodies out of {len(data.rows):,} that were bred, "
        "with their targets in 100 s"
    )
    return draw_bestiary(elite_records(data), title)


def tree_figure(data: Published) -> Figure:
    """How the best elite came about."""
    number = data.elite_rows[0]["number"]
    line = descent(data.ancestry, number)
    return draw_descent(line, f"From the quadruped to body {number} in {len(line) - 1} births")


def study_figure(lives: Sequence[Life]) -> Figure:
    """Learning curves of hand-drawn and evolved bodies, and how soon a new body can be judged."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(10.5, 4.2), layout="constrained")
    left, right = figure.subplots(1, 2)
    _draw_champions(left, lives)
    _draw_correlations(right, lives)
    for axes, points in ((left, LONG), (right, LIFE)):
        axes.set_xscale("log")
        axes.set_xticks([point / 1e6 for point in points], [f"{p / 1e6:g}" for p in points])
        axes.minorticks_off()
        axes.spines[["top", "right"]].set_visible(False)
        axes.grid(alpha=0.25)
        if axes.lines:
            axes.legend(fontsize=8, frameon=False)
    return figure


def _draw_champions(axes: Axes, lives: Sequence[Life]) -> None:
    """Mean of each body's runs, and the range of them."""
    known = [*of_group(lives, "hand"), *of_group(lives, "evolved")]
    hand, evolved = 0, len(by_body(of_group(lives, "evolved")))
    many = [f"{evolved} that evolved"]  # one line in the legend speaks for all of them
    for runs in by_body(known).values():
        scores, steps = np.array([run.scores for run in runs]), np.array(runs[0].points) / 1e6
        by_hand = runs[0].group == "hand"
        colour = COLOURS[hand % len(COLOURS)] if by_hand else GREY
        hand += by_hand
        label, dash = runs[0].name, "-" if by_hand else "--"
        label = label if by_hand else many.pop() if many else "_"
        axes.plot(steps, scores.mean(axis=0), dash, marker="o", ms=3, color=colour, label=label)
        axes.fill_between(steps, scores.min(axis=0), scores.max(axis=0), color=colour, alpha=0.1)
    axes.set_xlabel("control steps of training [million]")
    axes.set_ylabel("targets in 100 s")
    axes.set_title("Drawn by hand (lines) and evolved (dashes)", loc="left", fontsize=10)


def _draw_correlations(axes: Axes, lives: Sequence[Life]) -> None:
    """Rank correlation of the score so far with the last one, against training."""
    born = of_group(lives, "newborn")
    sound = [life for life in born if not any(life.reasons)]
    chosen = (
        ("newborn", lives, f"{len(born)} new bodies, with 8 M"),
        ("newborn", sound, f"the {len(sound)} of these that never folded"),
        ("scratch", lives, "children with their parent's feet and muscles, with 4.5 M"),
        ("inherited", lives, "the same on their parent's learner, with 4.5 M from scratch"),
    )
    for i, (group, known, label) in enumerate(chosen):
        found = correlations(known, group)
        if not found:
            continue
        steps, value, low, high = (np.array(column) for column in zip(*found))
        axes.plot(steps / 1e6, value, marker="o", ms=4, color=COLOURS[i], label=label)
        axes.fill_between(steps / 1e6, low, high, color=COLOURS[i], alpha=0.1)
    axes.set_ylim(min(0.0, axes.get_ylim()[0]), 1.02)
    axes.set_xlabel("control steps of training [million]")
    axes.set_ylabel("rank correlation with the score in the end")
    axes.set_title("How soon is a new body judged rightly?", loc="left", fontsize=10)


def headline(lives: Sequence[Life]) -> str:
    """The best hand-drawn and the best evolved body, and the means of all, in two sentences."""
    best, everyone, count = {}, {}, {}
    for group in ("hand", "evolved"):
        found = by_body(of_group(lives, group))
        means = {runs[0].name: mean(run.scores[-1] for run in runs) for runs in found.values()}
        best[group] = max(means.items(), key=lambda item: item[1])
        everyone[group], count[group] = mean(means.values()), len(means)
    runs = next(iter(found.values()))
    steps, seeds = runs[0].points[-1] / 1e6, len(runs)
    (drawn, one), (grown, other) = best["hand"], best["evolved"]
    return (
        f"After {steps:g} million steps of the same training, the mean of {seeds} seeds is "
        f"{other:.1f} targets for the best evolved body (`{grown}`) and {one:.1f} for the best "
        f"hand-drawn one (`{drawn}`): {other / one - 1:+.0%}. All {count['evolved']} evolved ones "
        f"together have {everyone['evolved']:.1f}, all {count['hand']} hand-drawn ones "
        f"{everyone['hand']:.1f}."
    )
