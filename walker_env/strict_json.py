"""Strict JSON for untrusted files: whatever is accepted can be handled.

Every number fits a float64, every text can be written as UTF-8, and nesting is not so deep that
copying or writing it would fail.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from typing import Any

_DEEPEST = 100  # lists and objects in each other; a checkpoint has some twenty
_LONGEST = 40  # digits of a whole number; 2**128, as in a random generator's state, has 39

_TOO_DEEP = "expected JSON, got lists or objects nested too deeply"


def loads(text: str | bytes) -> Any:
    """What a JSON text says.

    Raises:
        ValueError: It is none, it is nested too deeply, it says something twice, or it holds a
            number that is not finite or has too many digits, or text that is no Unicode.
    """
    try:
        value = json.loads(
            text,
            object_pairs_hook=_object,
            parse_int=_whole,
            parse_float=_finite,
            parse_constant=_finite,
        )
    except RecursionError as error:
        raise ValueError(_TOO_DEEP) from error
    except UnicodeDecodeError as error:
        raise ValueError(f"expected JSON, got bytes that are no text: {error.reason}") from error
    except json.JSONDecodeError as error:
        raise ValueError(f"expected JSON: {error}") from error
    _check_inside(value)
    return value


def _check_inside(value: Any) -> None:
    level = [value]
    for _ in range(_DEEPEST + 1):
        for text in level:
            if isinstance(text, str):
                _check_text(text)
        level = [x for one in level if isinstance(one, (dict, list)) for x in _inside(one)]
    if level:
        raise ValueError(_TOO_DEEP)


def _inside(value: dict | list) -> Iterable[Any]:
    return [*value, *value.values()] if isinstance(value, dict) else value


def _check_text(text: str) -> None:
    """Half a surrogate pair, as an escape can say it, is no character."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ValueError(f"expected text that can be written as UTF-8, got {text!a:.80}") from error


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        twice = next(key for i, (key, _) in enumerate(pairs) if key in dict(pairs[:i]))
        raise ValueError(f"expected every key once, got {twice!r:.80} twice")
    return found


def _whole(text: str) -> int:
    if len(text) > _LONGEST:
        raise ValueError(f"expected numbers of at most {_LONGEST} digits, got one of {len(text)}")
    return int(text)


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(f"expected finite numbers, got {text:.30}")
    return value
