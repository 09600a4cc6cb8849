"""Exponentials with the same bits on every machine.

A C library's ``exp`` and ``pow`` may round the last bit as they like, and Python's use them. The
few constants of a world and a body that need them are worked out in decimal arithmetic, whose
rounding is fixed, with far more digits than a double has. That is slow, so the results are kept.
"""

from __future__ import annotations

import functools
from decimal import Context, Decimal

_DIGITS = Context(prec=60)  # a double has 17


@functools.lru_cache(maxsize=4096)
def exponential(x: float) -> float:
    """The double nearest to e to the power ``x``."""
    return float(Decimal(x).exp(_DIGITS))


@functools.lru_cache(maxsize=4096)
def power(base: float, exponent: float) -> float:
    """The double nearest to ``base`` to the power ``exponent``, for a base in (0, inf)."""
    logarithm = Decimal(base).ln(_DIGITS)
    return float(_DIGITS.multiply(logarithm, Decimal(exponent)).exp(_DIGITS))
