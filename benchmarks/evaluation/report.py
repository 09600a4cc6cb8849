"""What a policy did on a suite, as data and as a file.

The file is JSON: ``format`` "walker-report", ``format_version``, and exactly the fields of `Report`
with those of its parts inside. Version 2, of suites whose private courses come from the walker and
not from its file, has ``agent.walker`` and ``plans``; version 1 has ``plans``; version 0, in which
results of policies of version 0.1 on suite 1 are still written, names them. Everything but
``versions`` is the same, digit for digit, when the policy is evaluated again.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import msgspec

from benchmarks.evaluation.suite import Suite
from walker_env import strict_json
from walker_env.files import atomic_write, read_plain

FORMAT, FORMAT_VERSION = "walker-report", 2
FILE_VERSION = 1
"""Of the reports whose private courses come from the policy's file."""
NAMED_VERSION = 0
"""Of those that have no plans either."""

MAX_BYTES = 4_000_000
"""Size of the largest report that is read."""

Numbers = Annotated[list[float], msgspec.Meta(min_length=1)]


class ReportError(ValueError):
    """A report that cannot be read or does not compare; the message names the file."""


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something in a file that has exactly these keys, of these types."""


class ReportedAgent(Part, frozen=True):
    """Who walked.

    Attributes:
        name: In tables.
        algorithm: What it was trained with.
        file: Name of the policy's file; None for a baseline.
        sha256: Of that file.
        options: Keywords of `walker_env.Options`.
        training: As in the policy file.
        walker: Where private courses come from the walker: its hash (`Held.walker`); None for a
            baseline, whose courses come from its name.
    """

    name: str
    algorithm: str
    file: str | None
    sha256: str | None
    options: dict[str, Any]
    training: dict[str, Any]
    walker: str | msgspec.UnsetType | None = msgspec.UNSET


class Scores(Part, frozen=True):
    """A skill's figure on every course in the order of the suite's seeds, in the skill's unit."""

    public: Numbers
    private: Numbers


class Summary(Part, frozen=True):
    """A skill's figures on all courses put together.

    Attributes:
        score: Interquartile mean over the private courses.
        low: Lower end of its 95 % bootstrap interval over them.
        high: Upper end.
        public: Interquartile mean over the public courses.
    """

    score: float
    low: float
    high: float
    public: float


class Walk(Part, frozen=True):
    """How it walks on the ranked skill's private courses.

    Attributes:
        speed: Of the body's centre [unit/s].
        energy_per_1000: For 1000 units of way [energy unit]; None: it never moved.
        first_target: Mean time; the whole time where it was never reached [s].
        left_share: Of the legs on which it turned, those to the left; None: no turn.
        course_left_share: The same of the courses' straight lines on these legs.
    """

    speed: float
    energy_per_1000: float | None
    first_target: float
    left_share: float | None
    course_left_share: float | None


class Report(Part, frozen=True):
    """See the head of this file.

    Attributes:
        suite: Its version.
        physics: A hash over every number of the worlds and the body.
        agent: Who walked.
        scores: Of each skill.
        summary: Of each skill.
        walk: On the ranked skill.
        suspicious: Skills in which it is much better on the public courses than on its own.
        exact: Whether the figures are the same on every machine (not so for ONNX).
        versions: Of Python, packages and engine.
        plans: What was walked, see `Suite.plans`.
    """

    suite: str
    physics: str
    agent: ReportedAgent
    scores: dict[str, Scores]
    summary: dict[str, Summary]
    walk: Walk
    suspicious: list[str]
    exact: bool
    versions: dict[str, str]
    plans: dict[str, Any] | msgspec.UnsetType = msgspec.UNSET

    def __post_init__(self) -> None:
        if {*self.scores} != {*self.summary}:
            raise ValueError(
                f"expected scores and summary of the same skills, got {[*self.scores]} and "
                f"{[*self.summary]}"
            )

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready, the format's name first."""
        version = FORMAT_VERSION if self.agent.walker is not msgspec.UNSET else FILE_VERSION
        version = NAMED_VERSION if self.plans is msgspec.UNSET else version
        return {"format": FORMAT, "format_version": version, **msgspec.to_builtins(self)}

    def differences(self, other: Report) -> list[str]:
        """Names of the parts that differ; versions do not count, names of files neither."""
        about = _differing(self.agent, other.agent, {"file"})
        names = _differing(self, other, {"versions", "agent"})
        return names + [f"agent.{name}" for name in sorted(about)]


def _differing(one: Part, other: Part, skip: set[str]) -> list[str]:
    names = [name for name in one.__struct_fields__ if name not in skip]
    return [name for name in names if getattr(one, name) != getattr(other, name)]


def save_report(report: Report, path: str | Path) -> None:
    """Write a report, whole or not at all; a list of numbers takes one line."""
    atomic_write(path, to_text(report.as_dict()))


def load_report(path: str | Path) -> Report:
    """Read a report.

    Raises:
        ReportError: Missing, too big, or not written by `save_report`.
    """
    try:
        content = read_plain(path, MAX_BYTES)
    except ValueError as error:
        raise ReportError(f"{path}: {error}") from error
    try:
        return from_dict(strict_json.loads(content))
    except ValueError as error:
        raise ReportError(
            f"{path}: expected a report of this suite's evaluation: {error}"
        ) from error


def from_dict(data: Any) -> Report:
    """The report in JSON data.

    Raises:
        ValueError: The data is none; the message has the place in it.
    """
    return msgspec.convert(fields_of(data), Report)


def fields_of(data: Any) -> dict[str, Any]:
    """The fields of a report in JSON data that has a report's head.

    Raises:
        ValueError: It has another one.
    """
    body = without_head(data, FORMAT, (NAMED_VERSION, FILE_VERSION, FORMAT_VERSION))
    version, agent = data["format_version"], body.get("agent")
    if ("plans" in body) != (version >= FILE_VERSION):
        raise ValueError(f"a report of version {FILE_VERSION} or later must have plans, no other")
    if isinstance(agent, dict) and ("walker" in agent) != (version == FORMAT_VERSION):
        raise ValueError(f"a report of version {FORMAT_VERSION} must have agent.walker, no other")
    return body


def without_head(data: Any, name: str, versions: tuple[int, ...]) -> dict[str, Any]:
    """What follows the format's name and version in JSON data.

    Args:
        data: As it was read.
        name: Of the format.
        versions: Of the format, those that can be read.

    Raises:
        ValueError: The data is of another format.
    """
    if not isinstance(data, dict):
        raise ValueError(f"expected an object, got {data!r:.40}")
    head = (data.get("format"), data.get("format_version"))
    if head not in [(name, version) for version in versions]:
        old = "protocol" in data and head == (0, None)
        hint = "; it was written by 'evaluate' of version 0.1: evaluate the policy again"
        expected = (name, versions[-1])
        raise ValueError(f"format must be {expected}, got {head}{hint if old else ''}")
    return {key: x for key, x in data.items() if key not in ("format", "format_version")}


def check_courses(report: Report, suite: Suite, where: str | Path) -> None:
    """Check that a report has a score for every course of a suite, and none beside them.

    Args:
        report: Whose scores are counted.
        suite: What should have been walked.
        where: The report's place, for the error.

    Raises:
        ReportError: It has not; the message has ``where`` and names the skill.
    """
    names = [skill.name for skill in suite.skills]
    if sorted(report.scores) != sorted(names):
        raise ReportError(f"{where}: scores must be of skills {names}, got {sorted(report.scores)}")
    for name, parts in report.scores.items():
        counts = len(parts.public), len(parts.private)
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
