"""Measure, rank and race walkers: ``python -m benchmarks --help``."""

from __future__ import annotations

from agents.missing import command_line

with command_line():
    import typer

    from agents.cli import run_app
    from benchmarks.commands import (
        bestiary,
        coverage,
        demo,
        entries,
        evaluate,
        figure,
        fishing,
        gait,
        grounds,
        leaderboard,
        lineage,
        race,
        readme,
        report,
        run,
        site,
        speed,
    )

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    help="""Measure, rank and race walkers.

A POLICY is a file that training wrote, the name of an entry such as `trot`, or one of the
baselines: still, random, gait.

Begin with: `python -m benchmarks evaluate gait random`, then `python -m benchmarks leaderboard`.
""",
)

app.add_typer(figure.app, name="figure")

for command in (
    evaluate.evaluate,
    leaderboard.leaderboard,
    race.race,
    gait.gait,
    gait.handedness,
    speed.throughput,
    speed.drawing,
    speed.arenas,
    readme.readme,
    report.report,
    demo.demo,
    site.site,
    site.serve,
    run.run,
    bestiary.bestiary,
    lineage.lineage,
    coverage.coverage,
    entries.submit,
    entries.verify,
    entries.audit,
    fishing.fishing,
    grounds.grounds,
):
    app.command()(command)


def main() -> None:
    """Run the command line."""
    run_app(app)


if __name__ == "__main__":
    main()
