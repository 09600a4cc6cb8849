"""The ways in which functions are compiled here."""

from __future__ import annotations

from typing import Any

from numba import njit

_njit: Any = njit  # numba's own type does not know all of its options

inlined: Any = _njit(
    error_model="numpy", forceinline=True, no_cpython_wrapper=True, no_cfunc_wrapper=True
)
"""Decorates what other compiled functions call: its machine code becomes part of theirs."""

unfolded: Any = _njit(
    error_model="numpy",
    forceinline=True,
    inline="always",
    no_cpython_wrapper=True,
    no_cfunc_wrapper=True,
)
"""The same for whole passes: written into the caller before types are known, so that handing on
some forty arrays does not count their references twice."""

cached: Any = _njit(error_model="numpy", nogil=True, cache=True)
"""Decorates what Python calls; the machine code is kept on disk, see `stamp`."""
