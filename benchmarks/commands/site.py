"""The commands ``site`` and ``serve``."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from agents.outputs import to_folder
from agents.work import Work
from benchmarks.site.content import Content
from benchmarks.site.serve import make_server

SITE = Path("site")


def site(
    out: Annotated[
        Path,
        typer.Option(help="Folder for the page; a former one is replaced.", callback=to_folder),
    ] = SITE,
    entries: Annotated[
        Path | None,
        typer.Option(
            exists=True,
            file_okay=False,
            help="Folder of entries; those of this repository by default.",
        ),
    ] = None,
    runs: Annotated[
        Path | None,
        typer.Option(
            exists=True,
            file_okay=False,
            help="Folder of records of runs of suite 1; the published ones by default.",
        ),
    ] = None,
    records: Annotated[
        Path | None,
        typer.Option(
            exists=True,
            file_okay=False,
            help="Folder of records of runs of suite 2; the published ones by default.",
        ),
    ] = None,
    address: Annotated[
        str | None,
        typer.Option(help="Where the page will be, https://...: previews elsewhere need it."),
    ] = None,
) -> None:
    """Build the page: rankings, entries and the race, for any web host or for no host at all.

    Every entry walks every course that is shown; what the race plays is simulated again and has to
    come out exactly.

    Example: `python -m benchmarks site --out site`, then open site/index.html
    """
    from benchmarks.bestiary.publish import DATA as BESTIARY
    from benchmarks.evaluation.published import ENTRIES, OPEN, RECORDS, RUNS
    from benchmarks.site.build import check_folder
    from benchmarks.site.content import web_link
    from benchmarks.site.source import read_content

    if address is not None and web_link(address) is None:
        raise ValueError(f"--address must be an address https://..., got {address!r:.80}")
    check_folder(out)
    own = entries is None and runs is None
    content = read_content(
        entries or ENTRIES,
        runs or RUNS,
        open_entries=None if entries else OPEN,
        records=records or (RECORDS if own else None),
        creatures=BESTIARY if own else None,
    )
    content = replace(content, address=address or "")
    first = build_with_progress(content, out)
    typer.echo(f"Built {first}: open it in a browser, or: python -m benchmarks serve {out}")


def serve(
    folder: Annotated[Path, typer.Argument(help="Folder of a page.")] = SITE,
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Port of the address; 0 takes a free one.")
    ] = 8000,
) -> None:
    """Show a page under an address of this machine, until it is interrupted.

    Example: `python -m benchmarks serve site --port 8080`
    """
    with make_server(folder, port) as server:
        host, taken = server.server_address[:2]
        typer.echo(f"The page is at http://{host!s}:{taken}/ (Ctrl-C ends it)")
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            typer.echo("")


def build_with_progress(content: Content, out: Path) -> Path:
    """`build_site` with signs of life."""
    from benchmarks.site.build import build_site, work_items

    with Work("the page", work_items(content)) as work:
        return build_site(content, out, on_step=work.step)
