"""Which versions of what were at work; written beside every run."""

from __future__ import annotations

import hashlib
import importlib.metadata
from pathlib import Path

PACKAGES = (
    "walker_env",
    "gymnasium",
    "numpy",
    "pymunk",
    "numba",
    "torch",
    "stable-baselines3",
    "sb3-contrib",
    "evotorch",
    "ribs",
)


def versions() -> dict[str, str]:
    """Version of each installed package."""
    found = {}
    for name in PACKAGES:
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    return found


def code_digest() -> str:
    """A hash of the code that walks: two machines with the same one compute the same."""
    found = hashlib.sha256()
    root = Path(__file__).resolve().parent.parent
    for package in ("agents", "walker_env"):
        for path in sorted((root / package).rglob("*.py")):
            found.update(path.relative_to(root).as_posix().encode() + b"\0")
            found.update(path.read_bytes() + b"\0")
    return found.hexdigest()[:12]
