"""The gait page's pictures, from plain data to matplotlib figures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from agents.figure_style import ACCENT, COLOURS, INK, PAPER, SAND, new_figure, plain
from agents.gaits import EDGES, GAITS
from benchmarks.gaits.gait import GRIPS, SHOWN, MeasuredGait
from benchmarks.gaits.turning import KINDS, Turns
from walker_env import WORLD

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def footfall_figure(gait: MeasuredGait) -> Figure:
    """Which foot grips when: a bar wherever it stands, fainter with less grip."""
    feet, shown = gait.grip.shape[1], round(SHOWN * WORLD.control_rate)
    figure = new_figure((7.4, 0.55 + 0.42 * feet))
    axes = figure.subplots()
    dt = WORLD.control_dt
    for foot in range(feet):
        axes.barh(foot, SHOWN, height=0.62, color=SAND)
        for t, grip in enumerate(gait.grip[:shown, foot]):
            if grip > GRIPS:
                shade = 0.35 + 0.65 * (grip - GRIPS) / (1 - GRIPS)
                colour = COLOURS[foot % len(COLOURS)]
                axes.barh(foot, dt * 1.02, left=t * dt, height=0.62, color=colour, alpha=shade)
    axes.set(xlim=(0, SHOWN), ylim=(feet - 0.5, -0.5), xlabel="time [s]")
    names = gait.feet or tuple(f"foot {i}" for i in range(feet))
    axes.set_yticks(range(feet), names)
    plain(axes, grid=False)
    return figure


def phase_figure(gait: MeasuredGait) -> Figure:
    """Where in the cycle each foot's grip peaks, and for which share of it the foot stands."""
    figure = new_figure((3.3, 3.3))
    axes: Any = figure.add_subplot(projection="polar")
    ring = min(0.14, 0.98 / len(gait.duty))
    thick = 0.79 * ring
    for foot, (phase, duty) in enumerate(zip(gait.foot_phases, gait.duty)):
        if np.isnan(phase):
            continue
        radius, width = 1.0 - ring * foot, 2 * np.pi * min(max(duty, 0.02), 1.0)
        colour, angle = COLOURS[foot % len(COLOURS)], 2 * np.pi * phase
        axes.bar(angle, thick, width=width, bottom=radius - thick, color=colour, alpha=0.85)
        axes.plot([angle], [radius - thick / 2], "o", ms=3, color=PAPER)
    axes.set_theta_zero_location("N")
    axes.set_theta_direction(-1)
    axes.set_xticks(np.pi / 2 * np.arange(4), ["0", "¼", "½", "¾"])
    axes.set(yticks=[], ylim=(0, 1.02), facecolor=SAND)
    axes.tick_params(labelsize=9.5, colors=INK)
    axes.spines["polar"].set_visible(False)
    axes.grid(color=PAPER)
    return figure


def map_figure(gait: MeasuredGait) -> Figure:
    """Where the gait lies among the others."""
    figure = new_figure((3.3, 3.3))
    axes = figure.subplots()
    bounds = (-1.0, *EDGES, 1.0)
    for x, names in enumerate(GAITS):
        for y, name in enumerate(names):
            middle = (bounds[x] + bounds[x + 1]) / 2, (bounds[y] + bounds[y + 1]) / 2
            weight = "bold" if name == gait.kind else "normal"
            axes.text(*middle, name, ha="center", va="center", color=INK, weight=weight, fontsize=9)
    for edge in EDGES:
        axes.axvline(edge, color=PAPER, lw=2)
        axes.axhline(edge, color=PAPER, lw=2)
    axes.plot(*gait.coordination, "o", ms=13, mfc="none", mec=ACCENT, mew=2.5, clip_on=False)
    axes.set(xlim=(-1, 1), ylim=(-1, 1), aspect="equal")
    axes.set_xlabel("left and right:  alternate → together")
    axes.set_ylabel("front and rear:  alternate → together")
    plain(axes, grid=False, ground=SAND)
    axes.set(xticks=[-1, 0, 1], yticks=[-1, 0, 1])
    return figure


def turn_figure(turns: Turns) -> Figure:
    """One way around each kind of turn, seen from above; a dot every second."""
    figure = new_figure((7.4, 3.6))
    rate = round(WORLD.control_rate)
    for axes, angle in zip(figure.subplots(1, 2), ("90", "180")):
        for kind, colour in zip((f"{angle} left", f"{angle} right"), COLOURS):
            way, track = np.radians(KINDS[kind]), turns.tracks[kind]
            axes.plot(*(800 * np.array([np.cos(way), np.sin(way)])), "*", ms=12, color=colour)
            axes.plot(*track.T, color=colour, lw=1.6, label=kind.split()[1])
            axes.plot(*track[::rate].T, ".", ms=5, color=colour)
        axes.plot(0, 0, "s", ms=6, color=INK)
        axes.set_aspect("equal", adjustable="datalim")
        axes.set_title(f"a target appears at {angle} degrees")
        axes.margins(0.08)
        axes.legend(frameon=False, fontsize=10, labelcolor=INK)
        plain(axes, grid=False, ground=SAND)
    return figure
