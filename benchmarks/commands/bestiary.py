"""The command ``bestiary``: publish an evolution of bodies, study it, and draw the figures."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from agents.crews.crew import make_pool
from agents.evolving.judging import Judge
from benchmarks.bestiary import figures, findings
from benchmarks.bestiary.publish import BEST, DATA, LIVES, publish, read_published
from benchmarks.bestiary.study import (
    champion_trials,
    inheritance_trials,
    live,
    newborn_trials,
    read_lives,
)
from benchmarks.figures.figures import save_figure
from benchmarks.leaderboard.markers import replace_section
from walker_env.files import atomic_write

DOCS = Path(__file__).resolve().parents[2] / "docs"


def bestiary(
    run: Annotated[
        Path | None,
        typer.Argument(help="Run folder of an evolution to publish [default: what is published]."),
    ] = None,
    study: Annotated[
        bool, typer.Option(help="Train what the study lacks; --no-study: only draw and tell.")
    ] = True,
    workers: Annotated[int, typer.Option(min=1, help="Processes that train.")] = 1,
) -> None:
    """Publish a bestiary, train its best bodies and the hand-drawn ones, and renew its page.

    What has been trained is kept, so the same command goes on after Ctrl-C.

    Example: `python -m benchmarks bestiary runs/bodies --workers 2`
    """
    if run is not None:
        publish(run)
    if study:
        best = [policy.options.body for policy in read_published().elites[:BEST]]
        trials = [*newborn_trials(), *inheritance_trials(), *champion_trials(best)]
        pool = make_pool(Judge, workers)
        try:
            live(trials, pool, DATA / LIVES, typer.echo)
        finally:
            pool.close()
    update()
    typer.echo("Renewed docs/bestiary.md and its pictures")


def update() -> None:
    """Renew the tables and pictures of the page from the published data."""
    data, lives = read_published(), read_lives(DATA / LIVES)
    best = {policy.options.body.digest for policy in data.elites[:BEST]}
    lives = [life for life in lives if life.group != "evolved" or life.digest in best]
    save_figure(figures.bestiary_figure(data), DOCS / "bestiary.png")
    save_figure(figures.tree_figure(data), DOCS / "bestiary-tree.png")
    save_figure(figures.study_figure(lives), DOCS / "bestiary-study.png")
    page = DOCS / "bestiary.md"
    text = page.read_text(encoding="utf-8")
    for name, content in sections(data, lives).items():
        text = replace_section(text, name, content)
    atomic_write(page, text)


def sections(data: findings.Published, lives: list[findings.Life]) -> dict[str, str]:
    """What the page's markers hold, by their names."""
    found = {
        "run": findings.run_table(data),
        "traits": findings.traits_table(data),
        "mutations": findings.mutations_table(data),
    }
    if findings.of_group(lives, "newborn"):
        found["correlation"] = findings.correlation_table(lives)
    if findings.of_group(lives, "inherited"):
        found["inheritance"] = findings.inheritance_table(lives)
    if findings.of_group(lives, "evolved"):
        found["champions"] = findings.champions_table(lives)
        found["headline"] = figures.headline(lives)
    return found
