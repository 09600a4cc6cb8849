"""The learning curve in a run folder: ``progress.jsonl``, a line of JSON for each point."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np

from walker_env import strict_json
from walker_env.files import atomic_write

PROGRESS = "progress.jsonl"
"""The learning curve's file in a run folder."""


class CurveError(ValueError):
    """A learning curve that cannot be read; the message names the file and the line."""


@dataclass(frozen=True)
class Point:
    """What had been spent at a validation, and how the policy did there; C validation courses."""

    steps: int  # [control step] of all walkers together
    seconds: float  # [s] of wall time, training alone
    cpu_seconds: float  # [s] of processor time, training alone
    score: float  # targets in 100 s, mean over the courses
    scores: tuple[float, ...]  # (C,) targets in 100 s

    def __post_init__(self) -> None:
        object.__setattr__(self, "scores", tuple(self.scores))
        numbers = (self.steps, self.seconds, self.cpu_seconds, self.score, *self.scores)
        if not self.scores or not all(_is_number(number) for number in numbers):
            raise ValueError(f"a point needs finite numbers and at least one score, got {self}")
        if not isinstance(self.steps, int) or min(numbers[:3]) < 0:
            raise ValueError(f"a point needs whole steps and times, all >= 0, got {self}")


def write_points(folder: Path, points: Sequence[Point]) -> None:
    """Write the learning curve of a run folder, whole or not at all."""
    text = "".join(json.dumps(asdict(point)) + "\n" for point in points)
    atomic_write(folder / PROGRESS, text)


def read_points(folder: str | Path) -> list[Point]:
    """The learning curve of a run folder so far; empty where none was written yet.

    Raises:
        CurveError: A line is no point, or has another number of scores than the first one.
    """
    path = Path(folder) / PROGRESS
    if not path.exists():
        return []
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise CurveError(f"{path}: the learning curve is damaged: {error}") from error
    where = f"{path}: the learning curve is damaged: line"
    points = [_point(line, f"{where} {i}") for i, line in enumerate(lines, 1)]
    for i, point in enumerate(points, 1):
        if len(point.scores) != len(points[0].scores):
            raise CurveError(
                f"{where} {i}: expected {len(points[0].scores)} scores as in the first line, "
                f"got {len(point.scores)}"
            )
    return points


def read_curve(folder: str | Path) -> dict[str, np.ndarray]:
    """The learning curve of a run folder as arrays, T points and C validation courses.

    Returns:
        ``seconds`` and ``cpu_seconds`` (T,) of training, ``steps`` (T,), ``scores`` (T, C).

    Raises:
        CurveError: The folder holds no learning curve, or a damaged one.
    """
    path = Path(folder) / PROGRESS
    if not path.exists():
        raise CurveError(f"{folder} holds no {PROGRESS}; expected the folder of a training run")
    points = read_points(folder)
    if not points:
        raise CurveError(f"{path} is empty: the run stopped before its first validation")
    names = ("seconds", "cpu_seconds", "steps", "scores")
    return {name: np.array([getattr(point, name) for point in points]) for name in names}


def _point(line: str, where: str) -> Point:
    names = [field.name for field in fields(Point)]
    try:
        data: Any = strict_json.loads(line)
        if not isinstance(data, dict) or sorted(data) != sorted(names):
            raise ValueError(f"expected an object with {names}, got {line:.80}")
        return Point(**data)
    except (ValueError, TypeError) as error:
        raise CurveError(f"{where}: {error}") from error


def _is_number(value: Any) -> bool:
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return number and math.isfinite(value)
