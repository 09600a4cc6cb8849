"""Figures for papers and slides: one function each, from plain data to a matplotlib figure."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from agents.training.curve import read_curve
from benchmarks.figures.style import COLOURS
from benchmarks.gaits.gait import GRIPS, SHOWN, MeasuredGait
from benchmarks.gaits.trajectory import Trajectory
from walker_env import WORLD
from walker_env.files import atomic_path

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ENDINGS = (".png", ".svg", ".pdf")

_DASHES = ("-", "--", ":")  # for more algorithms than colours

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
    figure = _figure((10, max(1.7, 0.7 + 0.16 * most) * rows + 0.2))
    axes = np.ravel(figure.subplots(rows, 2))
    for axis in axes[len(gaits) :]:
        axis.axis("off")
    shown = round(SHOWN * WORLD.control_rate)
    for gait, axis in zip(gaits, axes):
        feet = gait.grip.shape[1]
        image = np.where(gait.grip > GRIPS, gait.grip, 0.0)[:shown].T
        extent = (0.0, SHOWN, feet - 0.5, -0.5)
        axis.imshow(image, aspect="auto", cmap="Greys", vmin=0, vmax=1, extent=extent)
        axis.hlines(np.arange(feet - 1) + 0.5, 0, SHOWN, color="0.8", lw=0.5)
        axis.set_yticks(range(feet), gait.feet or [f"foot {i + 1}" for i in range(feet)])
        axis.set_title(f"{gait.name}: {gait.speed:.0f} units/s, {gait.rhythm:.1f} Hz", fontsize=10)
        axis.tick_params(labelsize=7)
    axes[len(gaits) - 1].set_xlabel("time [s]", fontsize=8)
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
    figure = _figure((4.2 * columns + 0.8, 4.2 * rows))
    axes = figure.subplots(rows, columns, squeeze=False)
    fastest = max(float(_smooth(walk.speed).max()) for walk in walks)
    lines = None
    for axis, walk in zip(axes.ravel(), walks):
        way = np.stack([walk.head[:-1], walk.head[1:]], axis=1)
        lines = LineCollection(list(way), cmap="viridis", lw=2, capstyle="round")
        lines.set_array(_smooth(walk.speed)[1:])
        lines.set_clim(0, fastest)
        axis.add_collection(lines)
        _draw_course(axis, walk)
        axis.set_title(f"{walk.name}: {int(walk.reached[-1])} targets in {walk.time[-1]:.0f} s")
    for axis in axes.ravel()[len(walks) :]:
        axis.axis("off")
    if lines is not None:
        figure.colorbar(lines, ax=axes, label="speed [unit/s]", shrink=0.8)
    return figure


def timeline(walk: Trajectory) -> Figure:
    """Grips, muscles and speed of one walk over time, with the moments targets were reached.

    Args:
        walk: From `benchmarks.gaits.trajectory.record_trajectory`.
    """
    feet, muscles = walk.grip.shape[1], walk.muscle.shape[1]
    low, tall = (0.42, 1.1) if feet + muscles <= _FEW else (0.25, 0.5)
    figure = _figure((9, low * feet + tall * muscles + 2.0))
    heights = [low] * feet + [tall] * muscles + [1.1]
    axes = figure.subplots(len(heights), 1, sharex=True, height_ratios=heights)
    for i, name in enumerate(walk.feet):
        axes[i].fill_between(walk.time, walk.grip[:, i], step="pre", color="0.25", lw=0)
        axes[i].set(ylim=(0, 1), yticks=[])
        axes[i].set_ylabel(name, rotation=0, ha="right", va="center")
    for i in range(muscles):
        axis = axes[feet + i]
        axis.plot(walk.time, walk.wanted[:, i], color="0.6", lw=1, label="wanted")
        axis.plot(walk.time, walk.muscle[:, i], color="#ba0c1c", lw=1.5, label="length")
        axis.axhline(1, color="0.85", lw=0.8, zorder=0)
        axis.set_ylabel(f"{walk.muscles[i]} muscle", rotation=0, ha="right", va="center")
    axes[feet].legend(frameon=False, ncols=2, loc="lower right", fontsize=8)
    axes[-1].plot(walk.time, walk.speed, color=COLOURS[0], lw=1.2)
    axes[-1].set_ylabel("speed\n[unit/s]", rotation=0, ha="right", va="center")
    axes[-1].set(xlabel="time [s]", xlim=(0, walk.time[-1]), ylim=(0, None))
    for moment in walk.time[np.flatnonzero(np.diff(walk.reached, prepend=0))]:
        for axis in axes:
            axis.axvline(moment, color="#e25c26", lw=1, alpha=0.8)
    for axis in axes:
        axis.spines[["top", "right"]].set_visible(False)
    axes[0].set_title(f"{walk.name} (orange: a target was reached)")
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
    labels = {"seconds": "training time [s]", "steps": "control steps"}
    if over not in labels:
        raise ValueError(f"over must be one of {sorted(labels)}, got {over!r}")
    figure = _figure((8, 4.5))
    axes = figure.subplots()
    for i, (label, curve) in enumerate(curves.items()):
        colour, x = COLOURS[i % len(COLOURS)], curve[over]
        mean = curve["scores"].mean(axis=1)
        error = curve["scores"].std(axis=1) / np.sqrt(curve["scores"].shape[1])
        if over == "seconds":
            label = f"{label}, {curve['steps'][-1] / 1e6:.1f} M steps"
        axes.plot(x, mean, "o-", ms=3, color=colour, label=label)
        axes.fill_between(x, mean - error, mean + error, color=colour, alpha=0.2, lw=0)
    for name, score in (references or {}).items():
        axes.axhline(score, ls="--", lw=1, color="0.5")
        place = ((1, score), (-4, 3), ("axes fraction", "data"), "offset points")
        axes.annotate(name, *place, color="0.4", ha="right")
    axes.set(xlabel=labels[over], ylabel="targets in 100 s (validation courses)")
    axes.set_xlim(left=0)
    axes.set_ylim(bottom=0, top=1.15 * axes.get_ylim()[1])
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False, loc="upper left", ncols=3)
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
    styles = {name: (COLOURS[i % 6], _DASHES[i // 6 % 3]) for i, name in enumerate(names)}
    costs = {"steps": "control steps", "cpu_seconds": "processor time [s]"}
    limits = {budget["name"]: budget for budget in standings["suite"]["budgets"]}
    figure = _figure((6.2 * len(budgets), 4.6))
    for axis, budget in zip(np.ravel(figure.subplots(1, len(budgets))), budgets):
        cost = "steps" if limits[budget]["steps"] is not None else "cpu_seconds"
        for algorithm in standings["algorithms"][budget]:
            curve, (colour, dashes) = algorithm["curves"][cost], styles[algorithm["algorithm"]]
            x = curve["cost"]
            axis.plot(x, curve["score"], dashes, color=colour, label=algorithm["algorithm"])
            axis.fill_between(x, curve["low"], curve["high"], color=colour, alpha=0.12, lw=0)
        axis.set(xlabel=costs[cost], ylabel="targets in 100 s (validation courses)")
        axis.set(xlim=(0, limits[budget][cost]), ylim=(0, None))
        axis.set_title(f"budget {budget}", loc="left", fontsize=10)
        axis.spines[["top", "right"]].set_visible(False)
        axis.legend(frameon=False, loc="center left", bbox_to_anchor=(1.0, 0.5))
    return figure


def _figure(size: tuple[float, float]) -> Figure:
    """An empty figure that no global state knows of."""
    from matplotlib.figure import Figure

    return Figure(figsize=size, layout="constrained")


def _smooth(speed: np.ndarray) -> np.ndarray:
    """The mean over a few control steps; at the ends over fewer."""
    kernel = np.ones(min(_SMOOTH, len(speed)))
    weight = np.convolve(np.ones(len(speed)), kernel, "same")
    return np.convolve(speed, kernel, "same") / weight


def _draw_course(axis: Axes, walk: Trajectory) -> None:
    axis.plot(0, 0, "s", ms=6, color="0.3")
    for i, (x, y) in enumerate(walk.targets):
        reached = i < walk.reached[-1]
        face = "#e25c26" if reached else "none"
        axis.plot(x, y, "o", ms=9, mfc=face, mec="#e25c26", zorder=3)
        axis.annotate(str(i + 1), (x, y), (6, 5), textcoords="offset points", fontsize=8)
    axis.set_aspect("equal", adjustable="datalim")
    axis.margins(0.06)
    axis.tick_params(labelsize=8)
