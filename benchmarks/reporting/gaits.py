"""How many gaits are there in ten seeds?"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from agents.figure_style import INK, PAPER, SAND, new_figure, plain
from agents.gaits import GAITS
from benchmarks.evaluation.conditions import DISC, FAMILY_NAMES, SEEDS
from benchmarks.reporting.estimates import LEVEL
from benchmarks.reporting.runs import WALKS, Walker, count_words, of_algorithm, of_family, walking
from benchmarks.study.collection import Collection
from benchmarks.study.record import BEST

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

EXCHANGES = 2000
"""Times that runs are exchanged at random."""

_SHADES = ("#9cc3dd", "#eeb183", "#93cdb5", "#e6bcd3", "#f2cf80", "#c9e4f5", SAND, "#bdb2a5", PAPER)

KINDS = tuple(name for row in GAITS for name in row)


MEASURE = (
    "A gait has the name of where its feet's correlations lie ([Gaits](gaits.md)), of the "
    f"policy that validation chooses at the end, where it reaches {WALKS:g} targets. Families "
    f"have unlike numbers of runs, so compared is how many gaits {SEEDS} runs of each show on "
    f"average: of N runs, n of a gait, {SEEDS} miss it with the chance C(N - n, {SEEDS}) / C(N, "
    f"{SEEDS}). How often families that do not differ would differ so much is found by "
    "exchanging their runs at random."
)
"""What is measured, for the page."""


def kinds(walkers: Sequence[Walker]) -> list[str]:
    """The gaits' names; a run without a steady gait is left out."""
    found = [walker.kept.record.about.gaits[BEST]["kind"] for walker in walkers]
    return [kind for kind in found if kind != "none"]


def expected_kinds(names: Sequence[str], runs: int = SEEDS) -> float:
    """How many different names so many drawn ones have on average; NaN with fewer than these."""
    whole = len(names)
    if whole < runs:
        return math.nan
    ways = math.comb(whole, runs)
    return sum(1 - math.comb(whole - count, runs) / ways for count in Counter(names).values())


def chance_of_gap(one: Sequence[str], other: Sequence[str], runs: int = SEEDS) -> float:
    """How often exchanged runs differ at least as much in `expected_kinds`; never 0.

    Args:
        one: Names of one family's gaits.
        other: Of the other's.
        runs: As in `expected_kinds`.
    """
    rng, pool = np.random.default_rng(0), [*one, *other]
    gap = abs(expected_kinds(one, runs) - expected_kinds(other, runs))
    hits = 0
    for _ in range(EXCHANGES):
        mixed = [pool[i] for i in rng.permutation(len(pool))]
        parts = mixed[: len(one)], mixed[len(one) :]
        found = abs(expected_kinds(parts[0], runs) - expected_kinds(parts[1], runs))
        hits += found >= gap - 1e-12
    return (1 + hits) / (1 + EXCHANGES)


def gaits_text(found: Collection) -> str:
    """How many gaits ten runs show, by family, and which is the most frequent one."""
    walkers = walking(found)
    names = {family: kinds(of_family(walkers, family)) for family in FAMILY_NAMES}
    if not any(names.values()):
        return "No run of `disc` that walks is there yet."
    said = [
        f"Of {count_words(found, [DISC.name], sum(map(len, names.values())))}, those with a gait:"
    ]
    parts = [_family_words(family, own) for family, own in names.items() if own]
    said.append(f"{'; '.join(parts)}.")
    one, other = names.values()
    if min(len(one), len(other)) >= SEEDS:
        chance, gap = chance_of_gap(one, other), expected_kinds(one) - expected_kinds(other)
        more = "gradient methods find" if gap > 0 else "evolution finds"
        verdict = (
            f"{more} surely more gaits" if chance < LEVEL else "the families do not surely differ"
        )
        said.append(f"By exchanging runs, {verdict} (p = {chance:.2g}).")
    return " ".join(said)


def _family_words(family: str, names: Sequence[str]) -> str:
    counts = Counter(names)
    top, most = max(counts.items(), key=lambda item: (item[1], item[0]))
    words = f"{family} {len(counts)} gait{'s' * (len(counts) > 1)} in {len(names)} runs"
    mean = expected_kinds(names)
    words += "" if math.isnan(mean) else f", {mean:.1f} in {SEEDS} on average"
    return f"{words}, most often {top} ({most})"


def gaits_figure(found: Collection) -> Figure | None:
    """How many runs of each algorithm have which gait."""
    from matplotlib.ticker import MaxNLocator

    walkers = [walker for walker in walking(found) if kinds([walker])]
    if not walkers:
        return None
    names = [*dict.fromkeys(walker.algorithm for walker in walkers)]
    figure = new_figure((9, 1.2 + 0.36 * len(names)))
    axes = figure.subplots()
    counts = {name: Counter(kinds(of_algorithm(walkers, name))) for name in names}
    left = np.zeros(len(names))
    for kind, shade in zip(KINDS, _SHADES):
        bars = np.array([counts[name][kind] for name in names])
        if bars.any():
            axes.barh(names, bars, left=left, color=shade, edgecolor=INK, lw=0.6, label=kind)
            _write_names(axes, kind, left, bars)
            left += bars
    axes.invert_yaxis()
    axes.set(xlabel="runs of disc that walk")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    plain(axes, grid=False)
    return figure


def _write_names(axes: Axes, kind: str, left: np.ndarray, bars: np.ndarray) -> None:
    """The gait's name on each of its bars, upright where it is narrow."""
    for y, (start, size) in enumerate(zip(left, bars)):
        if size:
            look: dict[str, Any] = {
                "fontsize": 7.5,
                "color": INK,
                "rotation": 0 if size > 1 else 90,
            }
            axes.text(start + size / 2, y, kind, ha="center", va="center", **look)
