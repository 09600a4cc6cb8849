"""Plans: bodies, worlds and rewards as data, each with an identity.

A plan is a frozen dataclass of numbers, texts and smaller plans. As data it is a dict that JSON can
hold; its digest is the SHA-256 of that dict as canonical JSON (RFC 8785), which every language can
write alike. Labels, such as a name, are not part of the digest, so two plans are the same exactly
when their digests are.
"""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import types
import typing
from collections.abc import Mapping
from numbers import Integral, Real
from os import PathLike, fspath
from pathlib import Path
from typing import Any, ClassVar, TypeVar

import rfc8785

from walker_env import strict_json
from walker_env.files import read_plain

MOST_PARTS = 256
"""Longest list in a plan."""

NAME_MAX = 60
"""Longest name, in characters."""

MAX_BYTES = 1_000_000
"""Size of the largest file that is read as a plan."""

_TOO_LARGE = 1 << 53  # whole numbers beyond it are no exact floats, nor canonical JSON

DIGEST = "digest"
"""Beside the fields of a stored plan: what its digest was when it was written."""

P = TypeVar("P", bound="Plan")


class PlanError(ValueError):
    """Data that is no plan, or one out of bounds: the field, what was expected and what came."""


def digest(data: Any) -> str:
    """SHA-256, in hexadecimal, of JSON-ready data as canonical JSON (RFC 8785)."""
    return hashlib.sha256(rfc8785.dumps(data)).hexdigest()


class Plan:
    """What plans share. A subclass is a frozen dataclass.

    Attributes:
        LABELS: Fields that are not part of the identity.
        NEUTRAL: Fields that came after the first release, with the value under which a plan moves
            as it did before. Where a field has it, it is left out of the digest, so plans that do
            not use it keep theirs. Once released, never change an entry.
        Error: What is raised for data that is no such plan.
    """

    LABELS: ClassVar[frozenset[str]] = frozenset({"name"})
    NEUTRAL: ClassVar[Mapping[str, Any]] = types.MappingProxyType({})
    Error: ClassVar[type[PlanError]] = PlanError

    def as_dict(self) -> dict[str, Any]:
        """Every value, JSON-ready; `from_dict` takes it back.

        What is `NEUTRAL` is left out, so that files hold what they held before it came.
        """
        values = {field.name: _data(getattr(self, field.name)) for field in _fields(type(self))}
        neutral = {name for name, value in self.NEUTRAL.items() if values[name] == _data(value)}
        return {name: value for name, value in values.items() if name not in neutral}

    @classmethod
    def from_dict(cls: type[P], data: Any) -> P:
        """The plan in data, which is checked strictly.

        Args:
            data: A dict of the plan's fields; those with a default may be left out. A ``digest``
                beside them must be the plan's own.

        Raises:
            PlanError: An unknown or missing field, a value of a wrong kind or out of bounds, or a
                digest of another plan. `Error` is the subclass.
        """
        what = cls.__name__.lower()
        plan = _read(cls, data, what, cls.Error)
        claimed = data.get(DIGEST)
        if claimed is not None and claimed != plan.digest:
            raise cls.Error(
                f"{what}: its digest is {plan.digest}, the data says {claimed!r:.80}; a plan that "
                "was changed by hand must come without its old digest"
            )
        return plan

    @classmethod
    def from_stored(cls: type[P], data: Any) -> P:
        """The plan that a file holds, as `stored` gave it: all of it, with its digest.

        Raises:
            PlanError: As `from_dict`; or the data is no dict, or has no digest.
        """
        if not isinstance(data, Mapping) or not isinstance(data.get(DIGEST), str):
            what = cls.__name__.lower()
            raise cls.Error(f"{what} must be a whole plan with its digest, got {data!r:.80}")
        return cls.from_dict(data)

    @classmethod
    def load(cls: type[P], path: str | Path) -> P:
        """Read a plan from a JSON file; one without a name is called after the file.

        Raises:
            PlanError: The file is missing, too big, no JSON, or no such plan; it is named.
        """
        try:
            data = strict_json.loads(read_plain(path, MAX_BYTES))
            if isinstance(data, dict) and "name" in field_kinds(cls):
                data = {"name": Path(path).stem[:NAME_MAX], **data}
            return cls.from_dict(data)
        except ValueError as error:
            raise cls.Error(f"{path}: {error}") from error

    @functools.cached_property
    def digest(self) -> str:
        """The plan's identity: SHA-256, in hexadecimal, of its fields without the labels."""
        return digest(_identity(self))

    def stored(self) -> dict[str, Any]:
        """`as_dict` and the digest: what files hold."""
        return self.as_dict() | {DIGEST: self.digest}


def resolve(kind: type[P], what: str, value: Any, known: Mapping[str, P]) -> P:
    """A plan from whatever names it.

    Args:
        kind: The class of the plan.
        what: What it is called in errors.
        value: A plan, its dict, a path to its JSON, or a name.
        known: Ready-made plans by name.

    Raises:
        PlanError: It is none of these, or the data is no such plan.
    """
    if isinstance(value, kind):
        return value
    if isinstance(value, Mapping):
        return kind.from_dict(value)
    if isinstance(value, str) and value in known:
        return known[value]
    if isinstance(value, PathLike) or (isinstance(value, str) and value.endswith(".json")):
        return kind.load(fspath(value))
    raise kind.Error(
        f"{what} must be one of {sorted(known)}, a path to JSON (*.json), a dict or a "
        f"walker_env.{kind.__name__}, got {value!r:.200}"
    )


def is_number(value: Any) -> bool:
    """Whether it is a real number; true and false are none."""
    return isinstance(value, Real) and not isinstance(value, bool)


def check_between(error: type[PlanError], what: str, value: Any, low: float, high: float) -> None:
    """Check that a number lies within bounds.

    Args:
        error: Raised if not.
        what: The number's name.
        value: What came.
        low: The least it may be; it itself is allowed.
        high: The most; it itself is allowed.

    Raises:
        PlanError: Not a number in [low, high].
    """
    if not (is_number(value) and low <= value <= high):
        raise error(f"{what} must be a number in [{low:g}, {high:g}], got {value!r:.80}")


def _fields(cls: Any) -> tuple[dataclasses.Field, ...]:
    return tuple(field for field in dataclasses.fields(cls) if field.init)


def field_kinds(cls: Any) -> dict[str, Any]:
    """The types of a dataclass's fields by name."""
    return _kinds(cls)


_kinds = functools.cache(typing.get_type_hints)


def _data(value: Any) -> Any:
    if dataclasses.is_dataclass(value):
        return {field.name: _data(getattr(value, field.name)) for field in _fields(type(value))}
    if isinstance(value, (list, tuple)):
        return [_data(one) for one in value]
    if isinstance(value, Integral) and not isinstance(value, bool):
        return int(value)
    return float(value) if is_number(value) else value


def _identity(plan: Plan) -> dict[str, Any]:
    return {name: value for name, value in plan.as_dict().items() if name not in plan.LABELS}


def _read(cls: type, data: Any, where: str, error: type[PlanError]) -> Any:
    """A dataclass from a dict; errors name where in the whole a value stands."""
    if not isinstance(data, Mapping):
        raise error(f"{where} must be a dict, got {type(data).__name__}")
    fields = {field.name: field for field in _fields(cls)}
    known = {*fields, DIGEST} if issubclass(cls, Plan) else {*fields}
    if unknown := sorted(str(name) for name in set(data) - known):
        raise error(f"{where} has no field {unknown[0]!r}; expected {', '.join(sorted(fields))}")
    values = dict(getattr(cls, "NEUTRAL", {}))
    for name, field in fields.items():
        if name in data:
            values[name] = convert(field_kinds(cls)[name], data[name], f"{where}.{name}", error)
        elif field.default is dataclasses.MISSING and name not in values:
            raise error(f"{where} lacks the field {name!r}")
    return cls(**values)


def convert(kind: Any, value: Any, where: str, error: type[PlanError]) -> Any:
    """A value in the form that a field's type asks for.

    Args:
        kind: ``int``, ``float``, ``str``, a tuple of these, or a dataclass.
        value: What came.
        where: Its name in errors.
        error: Raised for a value of another kind.

    Raises:
        PlanError: Another kind of value, a text that cannot be printed, or too long a list.
    """
    if dataclasses.is_dataclass(kind):
        part = typing.cast(type, kind)
        data = vars(value) if isinstance(value, part) else value
        return _read(part, data, where, error)
    if typing.get_origin(kind) is tuple:
        return _convert_tuple(typing.get_args(kind), value, where, error)
    if kind is int and isinstance(value, Integral) and not isinstance(value, bool):
        return int(_plain(value, where, error))
    if kind is float and is_number(value):
        return _plain(value, where, error)
    if kind is str and isinstance(value, str) and len(value) <= NAME_MAX and value.isprintable():
        return value
    words = {int: "a whole number", float: "a number"}
    expected = words.get(kind, f"at most {NAME_MAX} printable characters")
    raise error(f"{where} must be {expected}, got {value!r:.80}")


def _plain(value: Any, where: str, error: type[PlanError]) -> float:
    """A real number as Python's own int or float, so that it counts the same everywhere."""
    if type(value) is int and abs(value) < _TOO_LARGE:
        return value
    try:
        return float(value)
    except OverflowError as reason:
        raise error(f"{where} must be a number that a float can hold, got a larger one") from reason


def _convert_tuple(kinds: tuple, value: Any, where: str, error: type[PlanError]) -> tuple:
    if not isinstance(value, (list, tuple)) or len(value) > MOST_PARTS:
        size = f"{len(value)} elements" if isinstance(value, (list, tuple)) else f"{value!r:.80}"
        raise error(f"{where} must be a list of at most {MOST_PARTS} elements, got {size}")
    fixed = kinds[-1] is not Ellipsis
    if fixed and len(value) != len(kinds):
        raise error(f"{where} must have {len(kinds)} elements, got {value!r:.80}")
    each = kinds if fixed else (kinds[0],) * len(value)
    return tuple(
        convert(kind, one, f"{where}[{i}]", error) for i, (kind, one) in enumerate(zip(each, value))
    )
