"""The command ``report``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from agents.outputs import to_file
from agents.work import Work
from benchmarks.evaluation.published import RECORDS
from benchmarks.reporting.page import Sources, parts_of, section, write_report
from benchmarks.study.collection import collect

PAGE = Path(__file__).resolve().parents[2] / "docs" / "report.md"


def report(
    records: Annotated[
        Path | None,
        typer.Option(
            exists=True, file_okay=False, help="Folder of records; the published ones by default."
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            help="FILE.md, figures go to the folder FILE beside it; docs/report.md by default.",
            callback=to_file(".md"),
        ),
    ] = None,
    only: Annotated[
        str | None, typer.Option(help="Draw the figure and print the text of this part alone.")
    ] = None,
) -> None:
    """Write the report of suite 2 from the records of its runs, whatever runs there are.

    Example: `python -m benchmarks report --only handedness --out runs/report.md`
    """
    found, page = collect(records or RECORDS), out or PAGE
    parts = parts_of(found)
    if only is None:
        with Work("the report", len(parts)) as work:
            write_report(found, page, work.step)
        typer.echo(f"Wrote {page} and its figures")
        return
    chosen = [part for part in parts if part.name == only]
    if not chosen:
        raise ValueError(f"--only must be one of {[part.name for part in parts]}, got {only!r}")
    typer.echo(section(chosen[0], Sources(found), page.with_suffix("")))
