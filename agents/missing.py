"""What to do where a library is missing: agents and benchmarks run from a checkout."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator

_OURS = ("walker_env", "agents", "benchmarks")


def remedy(group: str = "all") -> str:
    """How to install a dependency group of pyproject.toml, for the end of an error."""
    return f"in the checkout: make install, or pip install -c constraints.txt --group {group}"


def is_library(error: ImportError) -> bool:
    """Whether a library could not be found, and not a file of ours."""
    return error.name is not None and error.name.split(".")[0] not in _OURS


@contextlib.contextmanager
def command_line() -> Iterator[None]:
    """Imports for a command line; a missing library ends it with one line, not a traceback."""
    try:
        yield
    except ModuleNotFoundError as error:
        if not is_library(error):
            raise
        print(f"error: {error.name} is not installed; {remedy('agents')}", file=sys.stderr)
        sys.exit(2)
