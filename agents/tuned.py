"""Tuned settings: one TOML for each algorithm, found by `python -m agents tune`.

Table ``settings`` holds the values by field name, table ``search`` how they were found. A setting
whose value is None is written as the text ``"none"``, since TOML has no such value.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from walker_env.files import atomic_write

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

FOLDER = Path(__file__).resolve().parent / "tuning" / "found"

_NONE = "none"


def tuned_path(algorithm: str, folder: Path | None = None) -> Path:
    """The path of an algorithm's tuned settings: in `FOLDER` where no other is given."""
    return (folder or FOLDER) / f"{algorithm}.toml"


def read_tuned(algorithm: str, folder: Path | None = None) -> dict[str, Any]:
    """The tuned settings of an algorithm by field name; none where it has not been tuned.

    Raises:
        ValueError: The file is not TOML.
    """
    path = tuned_path(algorithm, folder)
    if ":" in algorithm or not path.exists():
        return {}
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8")).get("settings", {})
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"{path}: expected TOML: {error}") from error
    return {name: None if value == _NONE else value for name, value in found.items()}


def write_tuned(
    algorithm: str, settings: dict[str, Any], search: dict[str, Any], folder: Path | None = None
) -> Path:
    """Write an algorithm's tuned settings and how they were found, whole or not at all.

    Args:
        algorithm: Whose settings they are.
        settings: Values by field name.
        search: How they were found, by name.
        folder: Where the file goes, by default `FOLDER`.

    Returns:
        The file.
    """
    import tomlkit  # only a search writes settings

    head = (
        f"# Settings of {algorithm}, found by: python -m agents tune {algorithm}\n"
        f"# Every trial is recorded in {algorithm}.trials.csv.\n\n"
    )
    told = {name: _NONE if value is None else value for name, value in settings.items()}
    text = head + tomlkit.dumps({"settings": told, "search": search})
    path = tuned_path(algorithm, folder)
    atomic_write(path, text)
    return path
