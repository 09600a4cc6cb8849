"""Checks that configs share: an error names the setting, what was expected and what came."""

from __future__ import annotations

from numbers import Real
from typing import Any


def check_whole(config: Any, **least: int) -> None:
    """Raise unless the named fields are whole numbers, each at least so large.

    A tuple is checked element by element.
    """
    for name, low in least.items():
        value = getattr(config, name)
        for number in value if isinstance(value, tuple) else (value,):
            if not isinstance(number, int) or isinstance(number, bool) or number < low:
                raise ValueError(
                    f"{config.algorithm}: {name} must be an int >= {low}, got {value!r}"
                )


def check_positive(config: Any, *names: str) -> None:
    """Raise unless the named fields are finite numbers above 0."""
    for name in names:
        value = getattr(config, name)
        if not _number(value) or not 0 < value < float("inf"):
            raise ValueError(f"{config.algorithm}: {name} must be positive, got {value!r}")


def check_within(config: Any, low: float, high: float, *names: str) -> None:
    """Check that the named fields are numbers in [low, high].

    Args:
        config: Whose fields they are; its ``algorithm`` is named in the error.
        low: Least value.
        high: Largest value.
        *names: Of the fields.

    Raises:
        ValueError: One is no number or lies outside.
    """
    for name in names:
        value = getattr(config, name)
        if not _number(value) or not low <= value <= high:
            raise ValueError(
                f"{config.algorithm}: {name} must lie in [{low:g}, {high:g}], got {value!r}"
            )


def check_flag(config: Any, *names: str) -> None:
    """Raise unless the named fields are true or false."""
    for name in names:
        value = getattr(config, name)
        if not isinstance(value, bool):
            raise ValueError(f"{config.algorithm}: {name} must be true or false, got {value!r}")


def widths(hidden: Any) -> tuple[Any, ...]:
    """Units of the hidden layers as a tuple; a single layer may be given as its number."""
    return tuple(hidden) if isinstance(hidden, (list, tuple)) else (hidden,)


def _number(value: Any) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool)
