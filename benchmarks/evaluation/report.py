"""What a policy did on a suite, as data and as a file.

The file is JSON with exactly these keys:

- ``format`` "walker-report", ``format_version`` 0;
- ``suite``: its version; ``physics``: a hash over every number of the worlds and the body;
- ``agent``: ``name``, ``algorithm``, ``file`` and ``sha256`` of the policy's file (both None for a
  baseline), ``options`` (keywords of `walker_env.Options`), ``training`` (as in the policy file);
- ``scores``: for each skill ``{"public": [...], "private": [...]}``, the figure on every course in
  the order of the suite's seeds, in the skill's unit;
- ``summary``: for each skill ``score`` (interquartile mean over the private courses), ``low`` and
  ``high`` (ends of its 95 % bootstrap interval over them) and ``public`` (interquartile mean over
  the public ones);
- ``walk``: how it walks on the ranked skill's private courses, see `WALK`;
- ``suspicious``: skills in which it is much better on the public courses than on its own;
- ``exact``: whether the same numbers come out on every machine (not so for ONNX);
- ``versions``: of Python, packages and engine.

Everything but ``versions`` comes out again exactly when the policy is evaluated again.
"""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from benchmarks.evaluation.evaluate import MAY_LACK
from benchmarks.evaluation.suite import Suite
from walker_env import strict_json
from walker_env.files import atomic_write

FORMAT, FORMAT_VERSION = "walker-report", 0

WALK = (
    "speed",  # [unit/s] of the body's centre
    "energy_per_1000",  # [energy unit] for 1000 units of way; None: it never moved
    "first_target",  # [s] mean; the whole time where it was never reached
    "left_share",  # of the legs on which the walker turned, those to the left; None: no turn
    "course_left_share",  # the same of the courses' straight lines on these legs
)

_KINDS = {"suite": str, "physics": str, "suspicious": list, "exact": bool, "versions": dict}

_AGENT = {"name": str, "algorithm": str, "sha256": (str, type(None)), "training": dict}

SUMMARY = ("score", "low", "high", "public")

MAX_BYTES = 4_000_000
"""Size of the largest report that is read."""


class ReportError(ValueError):
    """A report that cannot be read or does not compare; the message names the file."""


@dataclass(frozen=True)
class Report:
    """See the head of this file."""

    suite: str
    physics: str
    agent: dict[str, Any]
    scores: dict[str, dict[str, list[float]]]
    summary: dict[str, dict[str, float]]
    walk: dict[str, float | None]
    suspicious: list[str]
    exact: bool
    versions: dict[str, str]

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready, the format's name first."""
        return {"format": FORMAT, "format_version": FORMAT_VERSION, **asdict(self)}

    def differences(self, other: Report) -> list[str]:
        """Names of the parts that differ; versions do not count, names of files neither."""
        parts = [field.name for field in fields(self) if field.name not in ("versions", "agent")]
        found = [name for name in parts if getattr(self, name) != getattr(other, name)]
        about = sorted({*self.agent, *other.agent} - {"file"})
        return found + [
            f"agent.{name}" for name in about if self.agent.get(name) != other.agent.get(name)
        ]


def save_report(report: Report, path: str | Path) -> None:
    """Write a report, whole or not at all; a list of numbers takes one line."""
    atomic_write(path, to_text(report.as_dict()))


def load_report(path: str | Path) -> Report:
    """Read a report.

    Raises:
        ReportError: Missing, too big, or not written by `save_report`.
    """
    try:
        with open(path, "rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise ReportError(f"{path}: cannot be read: {error.strerror}") from error
    if len(content) > MAX_BYTES:
        raise ReportError(f"{path}: must have at most {MAX_BYTES} bytes, but it has more")
    try:
        return from_dict(strict_json.loads(content))
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise ReportError(
            f"{path}: expected a report of this suite's evaluation: {error}"
        ) from error


def from_dict(data: dict[str, Any]) -> Report:
    """The report in JSON data.

    Raises:
        ValueError, TypeError, KeyError, AttributeError: The data is none.
    """
    data = dict(data)
    found = (data.pop("format", None), data.pop("format_version", None))
    if found != (FORMAT, FORMAT_VERSION):
        raise ValueError(f"format must be {(FORMAT, FORMAT_VERSION)}, got {found}")
    report = Report(**data)
    for skill, parts in report.scores.items():
        numbers = [*parts["public"], *parts["private"]]
        numbers += [report.summary[skill][name] for name in SUMMARY]
        if not all(isinstance(x, (int, float)) and math.isfinite(x) for x in numbers):
            raise ValueError(f"scores and summary of {skill} must be finite numbers")
    _check_kinds("", vars(report), _KINDS)
    _check_kinds("agent.", report.agent, _AGENT)
    for name in WALK:
        lacks = report.walk[name] is None and name in MAY_LACK
        if not lacks and not isinstance(report.walk[name], (int, float)):
            raise TypeError(f"walk.{name} must be a number, got {report.walk[name]!r:.80}")
    return report


def check_courses(report: Report, suite: Suite, where: str | Path) -> None:
    """Check that a report has a score for every course of a suite, and none beside them.

    Raises:
        ReportError: It has not; the message says ``where`` it lies and names the skill.
    """
    names = [skill.name for skill in suite.skills]
    for part, found in (("scores", report.scores), ("summary", report.summary)):
        if sorted(found) != sorted(names):
            raise ReportError(f"{where}: {part} must be of skills {names}, got {sorted(found)}")
    for name, parts in report.scores.items():
        counts = len(parts["public"]), len(parts["private"])
        if counts != suite.courses(name):
            raise ReportError(
                f"{where}: {name} must have {suite.courses(name)} public and private scores, "
                f"got {counts}"
            )


def to_text(value: Any, depth: int = 0) -> str:
    """JSON whose objects are indented and whose lists of plain values take one line each."""
    if isinstance(value, dict) and value:
        inner = " " * (depth + 1)
        items = (f"{inner}{json.dumps(k)}: {to_text(v, depth + 1)}" for k, v in value.items())
        text = "{\n" + ",\n".join(items) + "\n" + " " * depth + "}"
    else:
        text = json.dumps(value, allow_nan=False)
    return text if depth else text + "\n"


def _check_kinds(where: str, data: dict[str, Any], kinds: dict[str, Any]) -> None:
    for name, kind in kinds.items():
        if not isinstance(data[name], kind):
            raise TypeError(f"{where}{name} is of a wrong kind: {data[name]!r:.80}")
