"""Which versions of what were at work; written beside every run."""

from __future__ import annotations

import importlib.metadata

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
