"""The speed report: table, JSON and picture of everything that `throughput` and others measure."""

from __future__ import annotations

import json
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from benchmarks.figures.style import COLOURS
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
    columns = (TextColumn("{task.description:<40}"), BarColumn(), TimeRemainingColumn())
    with Progress(*columns, transient=True) as bar:
        task = bar.add_task("", total=len(chosen) * repeats + 1)

        def show(name: str) -> None:
            bar.update(task, description=name, advance=1)

        rows = measure(chosen, seconds, repeats, show)
        bar.update(task, description="memory, first step, PPO")
        costs = {"state_bytes": state_bytes(), "first_step_seconds": first_step_seconds()}
        costs |= {"peak_bytes": peak_bytes()}
        if available_engines()[0] == "compiled":
            costs["two_threads_gain"] = thread_gain()
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
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(figsize=(8, 4.5), layout="constrained")
    names = dict.fromkeys(row["name"] for row in rows if row["group"] == "make_vec")
    for name, colour in zip(names, COLOURS):
        line = [r for r in rows if r["group"] == "make_vec" and r["name"] == name]
        x, y = [r["walkers"] for r in line], [r["median"] for r in line]
        axes.plot(x, y, "o-", ms=4, color=colour, label=f"walker_env, {name}")
    for row in rows:
        if row["group"] in ("Gymnasium", "EnvPool"):
            axes.plot(row["walkers"], row["median"], "k.", ms=6)
            text = f"{row['group']} {row['name']}"
            place = (row["walkers"], row["median"])
            axes.annotate(text, place, (5, -3), textcoords="offset points", fontsize=7)
    axes.set(xscale="log", yscale="log", xlabel="environments at once")
    axes.set_ylabel("control steps per second, one process")
    axes.grid(alpha=0.3)
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False, loc="upper left")
    with atomic_path(path) as part:
        figure.savefig(part, dpi=110)
    plt.close(figure)
