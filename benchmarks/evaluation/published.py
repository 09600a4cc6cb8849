"""Where the published data lie."""

from __future__ import annotations

from pathlib import Path

_BENCHMARKS = Path(__file__).resolve().parents[1]

ENTRIES = _BENCHMARKS / "entries"
"""The entries of this repository, a folder each."""

OPEN = _BENCHMARKS / "open"
"""Entries with bodies that the suite does not rank: each body has a board of its own."""

RUNS = _BENCHMARKS / "runs"
"""Records of the published training runs."""

REFERENCES = _BENCHMARKS / "references"
"""Reports of the baselines: the ends of the absolute scale."""

SPEED = _BENCHMARKS / "speed.json"
"""The published measurement of speed."""


def champions() -> list[Path]:
    """The policy files of the published entries, by name."""
    return sorted(ENTRIES.glob("*/policy.safetensors"))
