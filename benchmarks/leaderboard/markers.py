"""Generated parts of a Markdown file, each between two comments of its own name."""

from __future__ import annotations

import re


def replace_section(text: str, name: str, content: str) -> str:
    """Renew what stands between two markers.

    Args:
        text: A Markdown file.
        name: In the markers ``<!-- name -->`` and ``<!-- /name -->``.
        content: Put between them, without blank lines at its ends.

    Returns:
        The new text.

    Raises:
        ValueError: The markers are not there exactly once and in order.
    """
    begin, end = f"<!-- {name} -->", f"<!-- /{name} -->"
    counts = [text.count(begin), text.count(end)]
    if counts != [1, 1] or text.index(begin) > text.index(end):
        raise ValueError(f"expected {begin} and then {end} once each, got {counts} of them")
    before, rest = text.split(begin)
    return f"{before}{begin}\n{content.strip()}\n{end}{rest.split(end)[1]}"


def escape(text: str) -> str:
    """Keep a foreign text from breaking a table or bringing markup of its own."""
    text = re.sub(r"([\\`*_\[\]|])", r"\\\1", " ".join(text.split()))
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
