"""The speed report: table, JSON and picture of everything that `throughput` and others measure."""

from __future__ import annotations

import json
from pathlib import Path

from rich.console import Console
from rich.table import Table

from agents.figure_style import COLOURS, INK, PAPER, new_figure, plain
from agents.work import Work
from benchmarks.speed.costs import (
    first_step_seconds,
    peak_bytes,
    ppo_shares,
    state_bytes,
    thread_gain,
)
from benchmarks.speed.generations import generation_cases, ratios
from benchmarks.speed.peers import peer_cases
from benchmarks.speed.throughput import SIZES, available_engines, cases, machine, measure
from walker_env.files import atomic_path, atomic_write


def report(
    seconds: float = 1.0,
    repeats: int = 5,
    out: Path | None = None,
    picture: Path | None = None,
    sizes: tuple[int, ...] = SIZES,
) -> dict:
    """Measure everything, print a table and write what is asked for.

    Args:
        seconds: Length of one measurement [s].
        repeats: Measurements of each case; the median counts.
        out: JSON file.
        picture: PNG of steps per second against the number of walkers.
        sizes: Numbers of walkers.

    Raises:
        ValueError: A length or number that is not positive.
    """
    if not 0 < seconds < float("inf") or repeats < 1:
        raise ValueError(f"expected seconds > 0 and repeats >= 1, got {seconds!r} and {repeats!r}")
    chosen = cases(sizes) + generation_cases() + peer_cases()
    with Work("speed", len(chosen) * repeats + 4) as work:
        rows = measure(chosen, seconds, repeats, work.step)
        work.step("memory")
        costs = {"state_bytes": state_bytes(), "peak_bytes": peak_bytes()}
        work.step("the first step of a new process")
        costs["first_step_seconds"] = first_step_seconds()
        if available_engines()[0] == "compiled":
            work.step("two threads")
            costs["two_threads_gain"] = thread_gain()
        work.step("PPO")
        costs |= {f"ppo_{name}": value for name, value in ppo_shares().items()}
    result = {"machine": machine(), "rows": rows, "ratios": ratios(rows), "costs": costs}
    _print(result)
    if out is not None:
        atomic_write(out, json.dumps(result, indent=1) + "\n")
    if picture is not None:
        plot(rows, picture)
    return result


def _print(result: dict) -> None:
    table = Table(title=f"Control steps per second, {result['machine']['processor']}")
    for column in ("what", "how", "walkers", "median", "lowest", "highest"):
        table.add_column(column, justify="left" if column in ("what", "how") else "right")
    for row in result["rows"]:
        figures = (row["median"], min(row["rates"]), max(row["rates"]))
        words = (row["group"], row["name"], f"{row['walkers']:,}")
        table.add_row(*words, *(f"{figure:,}" for figure in figures))
    console = Console()
    console.print(table)
    for pair, ratio in result["ratios"].items():
        console.print(f"{pair}: {ratio:.2f}")
    costs = result["costs"]
    state, peak = costs["state_bytes"], costs["peak_bytes"]
    console.print(f"State of a walker: {state:,.0f} bytes, {peak:,.0f} while it steps")
    if "two_threads_gain" in costs:
        console.print(f"Two threads, N = 1024: {costs['two_threads_gain']:.2f} times one thread")
    console.print(f"From import to first step: {costs['first_step_seconds']:.1f} s")
    console.print(
        f"PPO, 256 walkers, 10 epochs: {costs['ppo_steps_per_second']:,.0f} steps/s, "
        f"{costs['ppo_rollout_share']:.0%} of the time in rollouts"
    )


def plot(rows: list[dict], path: str | Path) -> None:
    """Draw steps per second against walkers, both axes logarithmic."""
    from matplotlib import patheffects

    halo = [patheffects.withStroke(linewidth=3, foreground=PAPER)]
    figure = new_figure((8, 4.8))
    axes = figure.subplots()
    names = dict.fromkeys(row["name"] for row in rows if row["group"] == "make_vec")
    for name, colour in zip(names, COLOURS):
        line = [r for r in rows if r["group"] == "make_vec" and r["name"] == name]
        x, y = [r["walkers"] for r in line], [r["median"] for r in line]
        axes.plot(x, y, "o-", ms=5, lw=1.9, color=colour, label=f"walker_env, {name}")
    for row in rows:
        if row["group"] in ("Gymnasium", "EnvPool"):
            axes.plot(row["walkers"], row["median"], "D", ms=5, color=INK, zorder=3)
            text = f"{row['group']} {row['name']}"
            place = (row["walkers"], row["median"])
            words = axes.annotate(text, place, (7, -3), textcoords="offset points", fontsize=9)
            words.set(color=INK, path_effects=halo)
    axes.set(xscale="log", yscale="log", xlabel="environments at once")
    axes.set_ylabel("control steps per second, one process")
    plain(axes)
    figure.legend(frameon=False, loc="outside upper center", ncols=3, labelcolor=INK)
    with atomic_path(path) as part:
        figure.savefig(part, dpi=110)
