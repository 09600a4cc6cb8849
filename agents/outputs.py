"""Where commands write: one rule for all of them, checked before any work begins.

A file's ending says what it is: it is one of those that the command knows, and where there is none
the first of them is added. Missing folders are made, a file that is there is replaced, and nothing
else is: neither a folder in a file's place nor a device. Without a name, a command writes below
``runs`` (`RUNS`), or into a folder of its own that git ignores.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

RUNS = Path("runs")
"""What commands make is kept here unless told otherwise."""


class OutputError(ValueError):
    """Something cannot be written where it was asked for; the message names the place."""


def output_file(path: str | Path, *endings: str) -> Path:
    """The file that a command may write.

    Args:
        path: As it was asked for.
        *endings: Those that are known, with their dots, the first for a name without one; none: any
            name will do.

    Raises:
        OutputError: Another ending, no plain file, or a place where none can be written.
    """
    path = Path(path)
    if path.is_dir():
        raise OutputError(f"{path} is a folder; expected the name of a file{_like(endings)}")
    if endings and not path.suffix:
        path = path.with_name(path.name + endings[0])
    if endings and path.suffix.lower() not in endings:
        raise OutputError(f"{path}: expected the ending {' or '.join(endings)}")
    if path.exists() and not path.is_file():
        raise OutputError(f"{path} is no plain file; it is not replaced")
    _check_place(path.parent)
    return path


def output_folder(path: str | Path) -> Path:
    """The folder that a command may fill.

    Raises:
        OutputError: There is a file in its place, or none can be made.
    """
    path = Path(path)
    _check_place(path)
    return path


def to_file(*endings: str) -> Callable[[Path | None], Path | None]:
    """`output_file` as the callback of an option that may be left out."""
    return lambda path: None if path is None else output_file(path, *endings)


def to_folder(path: Path | None) -> Path | None:
    """`output_folder` as the callback of an option that may be left out."""
    return None if path is None else output_folder(path)


def _check_place(folder: Path) -> None:
    """Check that a folder is there, or can be made."""
    there = next(place for place in (folder, *folder.absolute().parents) if os.path.lexists(place))
    if not there.is_dir():
        raise OutputError(f"{there} is no folder; nothing can be written below it")
    if not os.access(there, os.W_OK | os.X_OK):
        raise OutputError(f"{there}: no permission to write there")


def _like(endings: tuple[str, ...]) -> str:
    return f" {' or '.join(endings)}" if endings else ""
