"""Generalisation: what the policies of `disc` can do in the other skills."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from agents.figure_style import INK, PAPER, new_figure, plain
from benchmarks.evaluation.comparison import rank
from benchmarks.evaluation.conditions import DISC
from benchmarks.evaluation.intervals import run_score
from benchmarks.reporting.estimates import correlation, names
from benchmarks.reporting.runs import END, Walker, finished, of_algorithm
from benchmarks.study.collection import Collection

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def skill_names(found: Collection) -> list[str]:
    """`disc` itself and its other skills."""
    where = found.condition(DISC.name)
    return [DISC.name, *(skill.name for skill in where.skills)] if where else []


def run_rows(walkers: Sequence[Walker], skill: int) -> np.ndarray:
    """What runs do on each course of a skill, ``(R, C)``, in the skill's unit.

    Args:
        walkers: Of `disc`.
        skill: Its place in `skill_names`.
    """
    if skill == 0:
        return np.stack([walker.kept.record.scores[walker.kept.best] for walker in walkers])
    rows = np.stack([walker.kept.record.skills[skill - 1] for walker in walkers])
    return rows[:, np.isfinite(rows).all(axis=0)]


def skills_rows(found: Collection, suite: str) -> list[list[str]]:
    """Figures of the algorithms in every skill, the head first.

    Args:
        found: The records.
        suite: Its version, for the head.
    """
    rows = [[f"algorithm ({suite})", "runs", *skill_names(found)]]
    walkers = finished(found)
    for name in dict.fromkeys(walker.algorithm for walker in walkers):
        own = of_algorithm(walkers, name)
        figures = [run_score(run_rows(own, i)) for i in range(len(skill_names(found)))]
        planned = found.condition(DISC.name).seeds[name]  # type: ignore[union-attr]
        rows.append([name, f"{len(own)} of {planned}", *(f"{value:.1f}" for value in figures)])
    return rows


def skills_text(found: Collection) -> str:
    """In which skills one is surely first, and which go with the score in `disc`."""
    walkers = finished(found)
    if len(walkers) < 2:
        return "Too few runs of `disc` have come to their end yet."
    return " ".join([_first_words(found), _together_words(found, walkers)]).strip()


def _first_words(found: Collection) -> str:
    """Who is surely first where, of those that have all their runs."""
    where = found.condition(DISC.name)
    runs = {n: found.complete(DISC.name, n, END) for n in (where.seeds if where else ())}
    whole = {name: [Walker(kept) for kept in own] for name, own in runs.items() if len(own) > 1}
    if len(whole) < 2:
        return "Fewer than two algorithms have all their runs, so none is ranked."
    first: dict[str, list[str]] = {}
    for i, skill in enumerate(skill_names(found)):
        tables = [run_rows(own, i) for own in whole.values()]
        ranking = rank(tables, np.random.default_rng(0), courses=tables[0].shape[1] > 1)
        sure = [name for name, ranks in zip(whole, ranking.ranks) if ranks == (1, 1)]
        first.setdefault(sure[0] if sure else "", []).append(skill)
    unsure = first.pop("", [])
    parts = [f"`{name}` is surely first in {names(skills)}" for name, skills in first.items()]
    if unsure:
        parts.append(f"nobody is surely first in {names(unsure)}")
    said = "; ".join(parts)
    return f"{said[0].upper()}{said[1:]}."


def _together_words(found: Collection, walkers: Sequence[Walker]) -> str:
    """In which skills runs are the better the better they are in `disc`, within algorithms."""
    scores = [walker.score for walker in walkers]
    groups = [walker.algorithm for walker in walkers]
    sure: list[str] = []
    rest: list[str] = []
    for i, skill in enumerate(skill_names(found)[1:], start=1):
        values = run_rows(walkers, i).mean(axis=1, dtype=np.float64)
        one = correlation(scores, values.tolist(), groups)
        if one is not None:
            (sure if one.low > 0 else rest).append(f"`{skill}` ({one.value:.2f})")
    if not sure and not rest:
        return ""
    said = "Within algorithms, runs that are better in `disc` are"
    parts = [f"surely better in {names(sure, code=False)}"] if sure else []
    parts += [f"not surely better in {names(rest, code=False)}"] if rest else []
    return f"{said} {', and '.join(parts)} (rank correlations)."


def skills_figure(found: Collection) -> Figure | None:
    """Figures as shares of the best in each skill."""
    head, *rows = skills_rows(found, "")
    if not rows:
        return None
    from matplotlib.colors import LinearSegmentedColormap

    values = np.array([[float(cell) for cell in row[2:]] for row in rows])
    shares = values / np.maximum(values.max(axis=0), 1e-9)
    figure = new_figure((11, 1.2 + 0.36 * len(rows)))
    axes = figure.subplots()
    shades = LinearSegmentedColormap.from_list("shares", [PAPER, "#7fa8b8", "#01475f"])
    axes.imshow(np.clip(shares, 0, 1), cmap=shades, vmin=0, vmax=1, aspect="auto")
    for (y, x), value in np.ndenumerate(values):
        colour = PAPER if shares[y, x] > 0.6 else INK
        axes.text(x, y, f"{value:.3g}", ha="center", va="center", color=colour, fontsize=9)
    axes.set_xticks(range(len(head) - 2), head[2:], rotation=30, ha="right")
    axes.set_yticks(range(len(rows)), [f"{row[0]} ({row[1].split()[0]})" for row in rows])
    plain(axes, grid=False)
    return figure
