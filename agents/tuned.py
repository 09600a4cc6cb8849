"""Tuned settings: one TOML for each algorithm, found by `python -m agents tune`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

FOLDER = Path(__file__).resolve().parent / "tuned"


def read_tuned(algorithm: str, folder: Path = FOLDER) -> dict[str, Any]:
    """The tuned settings of an algorithm by field name; none where it has not been tuned.

    Raises:
        ValueError: The file is not TOML.
    """
    path = folder / f"{algorithm}.toml"
    if ":" in algorithm or not path.exists():
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8")).get("settings", {})
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"{path}: expected TOML: {error}") from error
