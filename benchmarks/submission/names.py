"""Names that people can tell apart."""

# ruff: noqa: RUF001 - letters that look alike are its subject

from __future__ import annotations

import unicodedata

_INVISIBLE = frozenset(
    "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0"
) | {chr(code) for code in (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))}
"""Printable for Python, and still nothing to see: fillers, joiners, selectors of variants."""

_ALIKE = str.maketrans(
    "авсԁегһніјкӏмпоԛрѕтуѵԝх" + "αβεζηικμνορτυχω" + "ɑɡıɩ01|",
    "abcderhhijklmnoqpstyvwx" + "abezhikmvoptyxw" + "agiioll",
)
"""Cyrillic and Greek letters, and digits, beside the Latin letter that they look like."""


def name_fault(text: str) -> str:
    """What keeps a text from being shown as a name, ``""`` for nothing."""
    if not text.isprintable() or _INVISIBLE & {*text}:
        return "must hold no invisible characters"
    if text != " ".join(text.split()):
        return "must have single spaces, and none at its ends"
    plain = unicodedata.normalize("NFKC", text)
    if text != plain:
        return f"must be in the normal form NFKC, as {plain!r:.80}"
    return "" if any(map(str.isalnum, text)) else "must have a letter or a digit"


def alike(one: str, other: str) -> bool:
    """Whether two names may be taken for each other: case, accents, dashes, look-alike letters."""
    return bool(_skeletons(one) & _skeletons(other))


def _skeletons(name: str) -> set[str]:
    """What is left of a name at a glance; a capital I is an i, or looks like an l."""
    return {_skeleton(name), _skeleton(name.replace("I", "l"))}


def _skeleton(name: str) -> str:
    letters = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", name).casefold())
    shown = (x for x in letters.translate(_ALIKE) if unicodedata.category(x)[0] not in "MZPC")
    return "".join(shown)
