"""What Python calls. It closes over the stamp of all files: see `stamp`."""

from __future__ import annotations

from typing import Any

from agents.compiled import rollout
from agents.compiled.stamp import STAMP
from walker_env.compiled.jit import cached


def _entry(stamp: str) -> Any:
    @cached
    def walk(number, model, task, data, first_seen, plan, packed, sums):
        _ = stamp
        return rollout.walk(number, model, task, data, first_seen, plan, packed, sums)

    return walk


walk = _entry(STAMP)
