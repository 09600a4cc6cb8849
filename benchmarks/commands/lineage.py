"""The command ``lineage``."""

from __future__ import annotations

import typer

from agents.work import Work


def lineage() -> None:
    """Train once, and publish policies from generation 0 to the champion, which race on the page.

    It takes about a minute and gives the same files again.

    Example: `python -m benchmarks lineage`
    """
    from benchmarks.site.lineage import GENERATIONS, LINEAGE, write_lineage

    with Work("the lineage", len(GENERATIONS)) as work:
        files = write_lineage(on_step=work.step)
    size = sum(path.stat().st_size for path in files)
    typer.echo(f"Wrote {len(files)} policies, {size / 1000:.0f} kB, to {LINEAGE}")
