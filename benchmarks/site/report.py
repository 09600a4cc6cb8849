"""The report of suite 2 as chapters of the page: its questions, figures and tables."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from markupsafe import Markup

from benchmarks.reporting.page import Part, Sources, parts_of
from benchmarks.site.chapters import ReportPart

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def read_report(
    source: Sources, on_step: Callable[[str], object] = lambda what: None
) -> tuple[ReportPart, ...]:
    """All parts of the report in their order; those without any run are their titles alone.

    Args:
        source: What it is made from.
        on_step: Called with each part before it is made.
    """
    found = source.found
    chapters = []
    for part in parts_of(found):
        if any(found.records.get(name) for name in part.conditions):
            on_step(part.title)
            chapters.append(_chapter(part, source))
        else:
            chapters.append(ReportPart(part.name, _plain(part.title), Markup("")))
    return tuple(chapters)


def _plain(title: str) -> str:
    return title.replace("`", "")


def _chapter(part: Part, source: Sources) -> ReportPart:
    figure = part.draw(source)
    picture = None if figure is None else _png(figure)
    return ReportPart(
        name=part.name,
        title=_plain(part.title),
        html=as_html(part.write(source)),
        picture=picture,
        size=_size(picture) if picture else (0, 0),
    )


def as_html(text: str) -> Markup:
    """Our own Markdown as HTML; links, which lead into the handbook, become plain words."""
    import markdown

    plain = re.sub(r"\[([^\]]+)\]\([^)]*\.md[^)]*\)", r"\1", text)
    html = markdown.markdown(plain, extensions=["tables", "fenced_code"], output_format="html")
    html = re.sub(r' style="text-align: (left|right);"', r' class="\1"', html)
    return Markup(
        html.replace("<table>", _SCROLL + "<table>").replace("</table>", "</table></div>")
    )


_SCROLL = '<div class="scroll" tabindex="0" role="region" aria-label="A table of the report">'


def _png(figure: Figure) -> bytes:
    held = io.BytesIO()
    figure.savefig(held, format="png", dpi=110)
    return held.getvalue()


def _size(picture: bytes) -> tuple[int, int]:
    """Width and height of a PNG, from its head [pixel]."""
    return int.from_bytes(picture[16:20], "big"), int.from_bytes(picture[20:24], "big")
