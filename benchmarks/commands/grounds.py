"""The command ``grounds``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from agents.work import Work

PAGE = Path(__file__).resolve().parents[2] / "docs" / "ground.md"


def grounds(
    seeds: Annotated[
        int, typer.Option("--train", min=0, help="Train what is missing, with so many seeds.")
    ] = 0,
) -> None:
    """Measure champions, and walkers trained on each ground, and renew the tables of ground.md.

    Example: `python -m benchmarks grounds --train 3`
    """
    from benchmarks.grounds.training import KINDS, policy_file, train_one
    from benchmarks.leaderboard.markers import replace_section
    from walker_env.files import atomic_write

    missing = [
        (kind, seed)
        for seed in range(seeds)
        for kind in KINDS
        if not policy_file(kind, seed).exists()
    ]
    with Work("training", len(missing)) as work:
        for kind, seed in missing:
            work.step(f"{kind.world}, {kind.layout}, seed {seed}", 0)
            train_one(kind, seed)
            work.step()
    text = PAGE.read_text(encoding="utf-8")
    for name, table in _tables().items():
        typer.echo(f"{table}\n")
        text = replace_section(text, name, table)
    atomic_write(PAGE, text.encode())


def _tables() -> dict[str, str]:
    """Both tables, by the names of their places."""
    from benchmarks.grounds.measuring import groups, scores, spread, trodden
    from benchmarks.grounds.training import COURSES

    found = groups()
    rows: dict[str, dict[str, str]] = {}
    paths = ["| walkers | depth under the feet | depth of the disc |", "| --- | --- | --- |"]
    with Work("measuring", len(found)) as work:
        for group in found:
            work.step(group.name, 0)
            for world in group.worlds:
                figures = spread([scores(walker, world) for walker in group.walkers])
                rows.setdefault(group.name, {})[world] = figures
            if "sand" in group.worlds:
                under, around = zip(*map(trodden, group.walkers))
                shares = (f"{100 * sum(part) / len(part):.0f} %" for part in (under, around))
                paths.append(f"| {' | '.join((group.name, *shares))} |")
            work.step()
    lines = [f"| walkers | {' | '.join(COURSES)} |", "| --- |" + " --- |" * len(COURSES)]
    for name, figures_of in rows.items():
        cells = (figures_of.get(world, "-") for world in COURSES)
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return {"grounds": "\n".join(lines), "paths": "\n".join(paths)}
