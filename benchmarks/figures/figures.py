"""Figures for papers and slides: one function each, from plain data to a matplotlib figure."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from agents.figure_style import (
    ACCENT,
    COLOURS,
    HUES,
    INK,
    PAPER,
    SAND,
    SOFT,
    STRONG,
    looks,
    new_figure,
    plain,
)
from agents.training.curve import read_curve
from benchmarks.gaits.gait import GRIPS, SHOWN, MeasuredGait
from benchmarks.gaits.trajectory import Trajectory
from walker_env import WORLD
from walker_env.files import atomic_path

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ENDINGS = (".png", ".svg", ".pdf")

_FEW = 16  # feet and muscles that have room to be drawn tall
_SMOOTH = 5  # control steps over which a path's speed is averaged


def save_figure(figure: Figure, path: str | Path) -> Path:
    """Write a figure, whole or not at all; the same figure gives the same file.

    Raises:
        ValueError: The ending is none of `ENDINGS`.
    """
    import matplotlib

    path = check_ending(path)
    stamp = {".svg": "Date", ".pdf": "CreationDate"}.get(path.suffix.lower())
    with atomic_path(path) as part, matplotlib.rc_context({"svg.hashsalt": "walker_env"}):
        figure.savefig(part, dpi=150, metadata={stamp: None} if stamp else None)
    return path


def check_ending(path: str | Path) -> Path:
    """The path, if a figure can be written there.

    Raises:
        ValueError: The ending is none of `ENDINGS`.
    """
    path = Path(path)
    if path.suffix.lower() not in ENDINGS:
        raise ValueError(
            f"a figure's name must end with one of {', '.join(ENDINGS)}, got {path.name!r}"
        )
    return path


def footfall(gaits: Sequence[MeasuredGait]) -> Figure:
    """Footfall diagrams: a bar wherever a foot stands, darker with more grip.

    Args:
        gaits: From `benchmarks.gaits.gait.record_gait`.
    """
    rows = (len(gaits) + 1) // 2
    most = max(gait.grip.shape[1] for gait in gaits)
    figure = new_figure((10, max(1.7, 0.75 + 0.2 * most) * rows + 0.6))
    axes = np.ravel(figure.subplots(rows, 2, sharex=True))
    for axis in axes[len(gaits) :]:
        axis.axis("off")
    shown = round(SHOWN * WORLD.control_rate)
    image = None
    for gait, axis in zip(gaits, axes):
        feet = gait.grip.shape[1]
        grip = np.where(gait.grip > GRIPS, gait.grip, 0.0)[:shown].T
        extent = (0.0, SHOWN, feet - 0.5, -0.5)
        image = axis.imshow(grip, aspect="auto", cmap=_grips(), vmin=0, vmax=1, extent=extent)
        axis.hlines(np.arange(feet - 1) + 0.5, 0, SHOWN, color=PAPER, lw=3)
        axis.set_yticks(range(feet), gait.feet or [f"foot {i + 1}" for i in range(feet)])
        axis.set_title(
            f"{gait.name}: {gait.speed:.0f} unit/s, {gait.rhythm:.1f} Hz",
            loc="left",
            parse_math=False,
        )
        plain(axis, grid=False)
    for axis in axes[max(0, len(gaits) - 2) : len(gaits)]:
        axis.set_xlabel("time [s]")
        axis.tick_params(labelbottom=True)
    if image is not None:
        bar = figure.colorbar(image, ax=axes, location="bottom", shrink=0.3, aspect=40, pad=0.01)
        _label_bar(bar, "grip, from loose to firm")
    return figure


def draw_gaits(gaits: Sequence[MeasuredGait], path: str | Path) -> None:
    """Draw the `footfall` diagrams of some gaits to a file: PNG, SVG or PDF, by its ending."""
    save_figure(footfall(gaits), path)


def paths(walks: Sequence[Trajectory]) -> Figure:
    """The way of each walker's head over its course, coloured by speed.

    Args:
        walks: From `benchmarks.gaits.trajectory.record_trajectory`.
    """
    from matplotlib.collections import LineCollection

    columns = min(int(np.ceil(np.sqrt(len(walks)))), 4)
    rows = -(-len(walks) // columns)
    figure = new_figure((4.2 * columns + 0.8, 4.2 * rows))
    axes = figure.subplots(rows, columns, squeeze=False, sharex=True, sharey=True)
    fastest = max(float(_smooth(walk.speed).max()) for walk in walks)
    lines = None
    for axis, walk in zip(axes.ravel(), walks):
        way = np.stack([walk.head[:-1], walk.head[1:]], axis=1)
        lines = LineCollection(list(way), cmap="viridis", lw=2, capstyle="round")
        lines.set_array(_smooth(walk.speed)[1:])
        lines.set_clim(0, fastest)
        axis.add_collection(lines)
        _draw_course(axis, walk)
        count = int(walk.reached[-1])
        axis.set_title(
            f"{walk.name}: {count} targets in {walk.time[-1]:.0f} s", loc="left", parse_math=False
        )
        plain(axis)
    for axis in axes[-1]:
        axis.set_xlabel("x [unit]")
    for axis in axes[:, 0]:
        axis.set_ylabel("y [unit]")
    for axis in axes.ravel()[len(walks) :]:
        axis.axis("off")
    if lines is not None:
        _label_bar(figure.colorbar(lines, ax=axes, shrink=0.7, aspect=30), "speed [unit/s]")
    return figure


def timeline(walk: Trajectory) -> Figure:
    """Grips, muscles and speed of one walk over time, with the moments targets were reached.

    Args:
        walk: From `benchmarks.gaits.trajectory.record_trajectory`.
    """
    feet, muscles = walk.grip.shape[1], walk.muscle.shape[1]
    low, tall = (0.42, 1.1) if feet + muscles <= _FEW else (0.25, 0.5)
    figure = new_figure((9, low * feet + tall * muscles + 2.0))
    heights = [low] * feet + [tall] * muscles + [1.1]
    axes = figure.subplots(len(heights), 1, sharex=True, height_ratios=heights)
    for i, name in enumerate(walk.feet):
        axes[i].fill_between(walk.time, walk.grip[:, i], step="pre", color=INK, lw=0)
        axes[i].set(ylim=(0, 1), yticks=[])
        axes[i].set_ylabel(name, rotation=0, ha="right", va="center")
    for i in range(muscles):
        axis = axes[feet + i]
        axis.plot(walk.time, walk.wanted[:, i], color=SOFT, lw=1, ls="--", label="commanded")
        axis.plot(walk.time, walk.muscle[:, i], color=STRONG, lw=1.6, label="length")
        axis.axhline(1, color=SAND, lw=1.2, zorder=0)
        label = f"{walk.muscles[i]} muscle\n[drawn length]"
        axis.set_ylabel(label, rotation=0, ha="right", va="center")
    axes[-1].plot(walk.time, walk.speed, color=COLOURS[0], lw=1.2)
    axes[-1].set_ylabel("speed\n[unit/s]", rotation=0, ha="right", va="center")
    axes[-1].set(xlabel="time [s]", xlim=(0, walk.time[-1]), ylim=(0, None))
    for moment in walk.time[np.flatnonzero(np.diff(walk.reached, prepend=0))]:
        for axis in axes:
            axis.axvline(moment, color=ACCENT, lw=1.4)
    axes[0].set_title(
        f"{walk.name}: grip of its feet (0 to 1), muscles, speed", loc="left", parse_math=False
    )
    axes[0].set_title("orange: a target was reached", loc="right")
    for axis in axes:
        plain(axis, grid=False)
    if muscles:
        figure.legend(
            *axes[feet].get_legend_handles_labels(),
            frameon=False,
            ncols=2,
            loc="outside lower left",
            labelcolor=INK,
        )
    return figure


def learning_curves(
    curves: dict[str, dict[str, np.ndarray]],
    references: dict[str, float] | None = None,
    over: str = "seconds",
) -> Figure:
    """Score over training, mean and standard error over the validation courses.

    Args:
        curves: By label, from `agents.training.curve.read_curve`.
        references: Scores of agents that do not learn, drawn as dashed lines.
        over: ``"seconds"`` of training or control ``"steps"``.

    Raises:
        ValueError: Neither of the two.
    """
    labels = {"seconds": "training time [s]", "steps": "million control steps"}
    if over not in labels:
        raise ValueError(f"over must be one of {sorted(labels)}, got {over!r}")
    figure = new_figure((8, 4.5))
    axes = figure.subplots()
    styles = looks(curves)
    for label, curve in curves.items():
        look, x = styles[label], curve[over]
        mean = curve["scores"].mean(axis=1)
        error = curve["scores"].std(axis=1) / np.sqrt(curve["scores"].shape[1])
        if over == "seconds":
            label = f"{label}, {curve['steps'][-1] / 1e6:.1f} M steps"
        axes.plot(x, mean, marker=look.mark, ms=4.5, label=label, **look.line())
        colour = HUES[look.hue]
        axes.fill_between(x, mean - error, mean + error, color=colour, alpha=0.15, lw=0)
    for name, score in (references or {}).items():
        axes.axhline(score, ls=":", lw=1.2, color=SOFT)
        place = ((1, score), (-4, 3), ("axes fraction", "data"), "offset points")
        axes.annotate(name, *place, color=SOFT, ha="right")
    axes.set(xlabel=labels[over], ylabel="targets in 100 s (validation courses)")
    axes.set_xlim(left=0)
    if over == "steps":
        axes.xaxis.set_major_formatter(lambda steps, _: f"{steps / 1e6:g}")
    axes.set_ylim(bottom=0)
    plain(axes)
    figure.legend(frameon=False, loc="outside upper center", ncols=3, labelcolor=INK)
    return figure


def plot_curves(runs: dict[str, Path], references: dict[str, float], path: str | Path) -> None:
    """Draw the `learning_curves` of some run folders to a file.

    Args:
        runs: Run folder by label.
        references: Scores of agents that do not learn, drawn as dashed lines [targets in 100 s].
        path: PNG, SVG or PDF, by its ending.
    """
    curves = {label: read_curve(folder) for label, folder in runs.items()}
    save_figure(learning_curves(curves, references), path)


def algorithm_curves(standings: dict[str, Any]) -> Figure:
    """The published runs of each algorithm at equal cost, a panel for each budget that has runs.

    Args:
        standings: From `benchmarks.leaderboard.standings.standings`.

    Raises:
        ValueError: There are no runs.
    """
    budgets = [name for name, found in standings["algorithms"].items() if found]
    if not budgets:
        raise ValueError("expected the record of at least one run, got none")
    names = sorted({a["algorithm"] for name in budgets for a in standings["algorithms"][name]})
    styles = looks(names)
    costs = {
        "steps": ("million control steps", 1e6),
        "cpu_seconds": ("processor time [s]", 1.0),
    }
    limits = {budget["name"]: budget for budget in standings["suite"]["budgets"]}
    figure = new_figure((6.2 * len(budgets), 4.8))
    for axis, budget in zip(np.ravel(figure.subplots(1, len(budgets))), budgets):
        cost = "steps" if limits[budget]["steps"] is not None else "cpu_seconds"
        words, scale = costs[cost]
        for algorithm in standings["algorithms"][budget]:
            curve, look = algorithm["curves"][cost], styles[algorithm["algorithm"]]
            x, colour = np.array(curve["cost"]) / scale, HUES[look.hue]
            axis.plot(x, curve["score"], label=algorithm["algorithm"], **look.line())
            axis.fill_between(x, curve["low"], curve["high"], color=colour, alpha=0.1, lw=0)
        axis.set(xlabel=words, ylabel="targets in 100 s (validation courses)")
        axis.set(xlim=(0, limits[budget][cost] / scale), ylim=(0, None))
        axis.set_title(f"budget {budget}", loc="left")
        plain(axis)
        axis.legend(
            frameon=False, loc="center left", bbox_to_anchor=(1.0, 0.5), labelcolor=INK, fontsize=11
        )
    return figure


def _grips() -> Any:
    """Colours of grips: the ground's where a foot is loose."""
    from matplotlib.colors import LinearSegmentedColormap

    return LinearSegmentedColormap.from_list("grips", [SAND, "#a98f74", INK])


def _label_bar(bar: Any, words: str) -> None:
    bar.outline.set_visible(False)
    bar.ax.tick_params(colors=INK, length=0)
    bar.set_label(words, color=INK)


def _smooth(speed: np.ndarray) -> np.ndarray:
    """The mean over a few control steps; at the ends over fewer."""
    kernel = np.ones(min(_SMOOTH, len(speed)))
    weight = np.convolve(np.ones(len(speed)), kernel, "same")
    return np.convolve(speed, kernel, "same") / weight


def _draw_course(axis: Axes, walk: Trajectory) -> None:
    from matplotlib import patheffects

    halo = [patheffects.withStroke(linewidth=3, foreground=PAPER)]
    axis.plot(0, 0, "s", ms=7, color=INK, mec=PAPER, zorder=3)
    for i, (x, y) in enumerate(walk.targets):
        face = ACCENT if i < walk.reached[-1] else PAPER
        axis.plot(x, y, "o", ms=10, mfc=face, mec=ACCENT, mew=1.6, zorder=3)
        words = axis.annotate(str(i + 1), (x, y), (7, 5), textcoords="offset points")
        words.set(color=INK, fontsize=10, weight="bold", zorder=4, path_effects=halo)
    axis.set_aspect("equal", adjustable="box")
    axis.margins(0.08)
