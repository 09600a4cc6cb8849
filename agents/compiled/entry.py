"""What Python calls; it closes over the stamp of all files that are compiled into it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from agents.compiled import rollout
from walker_env.compiled.jit import cached
from walker_env.compiled.stamp import STAMP, source_stamp


def _entry(stamp: str) -> Any:
    @cached
    def walk(number, model, task, data, first_seen, plan, packed, sums):
        _ = stamp
        return rollout.walk(number, model, task, data, first_seen, plan, packed, sums)

    return walk


walk = _entry(STAMP + source_stamp(*sorted(Path(__file__).parent.glob("*.py"))))
