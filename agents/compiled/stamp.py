"""One mark of everything that is compiled into `entry`, see `walker_env.compiled.stamp`."""

from __future__ import annotations

from pathlib import Path

from walker_env.compiled import stamp

STAMP = stamp.STAMP + stamp.source_stamp(*sorted(Path(__file__).parent.glob("*.py")))
"""Of this package's files, and of those of the walkers' step."""
