"""What Python calls. Each function closes over the stamp of all files: see `stamp`.

The arrays come as plain tuples in the order of `model`'s classes: they are handed over faster.
"""

from __future__ import annotations

from typing import Any

from walker_env.compiled import passes
from walker_env.compiled.jit import cached
from walker_env.compiled.stamp import STAMP


def _entries(stamp: str) -> tuple[Any, ...]:
    @cached
    def advance(model, position, velocity, warm_start, drive, ground, new_position, new_velocity):
        _ = stamp
        passes.advance(
            model, position, velocity, warm_start, drive, ground, new_position, new_velocity
        )

    @cached
    def step(board, model, task, data, result, action):
        _ = stamp
        return passes.step(board, model, task, data, result, action)

    @cached
    def help_step(board, patience, model, task, data, result, action):
        _ = stamp
        passes.help_step(board, patience, model, task, data, result, action)

    @cached
    def begin(rows, model, task, data, position, drive, seen):
        _ = stamp
        passes.begin(rows, model, task, data, position, drive, seen)

    @cached
    def look(model, task, data, seen):
        _ = stamp
        passes.look(model, task, data, seen)

    return advance, step, help_step, begin, look


advance, step, help_step, begin, look = _entries(STAMP)
