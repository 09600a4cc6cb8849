"""Where the published data lie."""

from __future__ import annotations

from pathlib import Path

from agents.names import ENTRIES, OPEN

_BENCHMARKS = Path(__file__).resolve().parents[1]

RUNS = _BENCHMARKS / "runs"
"""Records of the training runs of suite 1."""

RECORDS = _BENCHMARKS / "records"
"""Records of the training runs of suite 2, a folder for each condition."""

REFERENCES = _BENCHMARKS / "references"
"""Reports of the baselines: the ends of the absolute scale."""

BESTIARY = _BENCHMARKS / "bestiary" / "data" / "elites"
"""Policies of bodies that evolved, a file each."""

SPEED = _BENCHMARKS / "speed.json"
"""The published measurement of speed."""


def champions() -> list[Path]:
    """The policy files of the published entries, by name."""
    return sorted(ENTRIES.glob("*/policy.safetensors"))


__all__ = ["BESTIARY", "ENTRIES", "OPEN", "RECORDS", "REFERENCES", "RUNS", "SPEED", "champions"]
