"""Where and from what a result was made: versions, code, machine and commit."""

from __future__ import annotations

import hashlib
import importlib.metadata
import os
import platform
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

PACKAGES = (
    "walker_env",
    "gymnasium",
    "numpy",
    "pymunk",
    "numba",
    "torch",
    "stable-baselines3",
    "sb3-contrib",
    "evotorch",
    "ribs",
)
"""What learning depends on; written beside every run."""


def versions(packages: Sequence[str] = PACKAGES) -> dict[str, str]:
    """The version of each of the packages that is installed, by name."""
    installed = {}
    for name in packages:
        try:
            installed[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    return installed


def code_digest() -> str:
    """A hash of the code that walks: two machines with the same one compute the same."""
    hasher = hashlib.sha256()
    root = Path(__file__).resolve().parent.parent
    for package in ("agents", "walker_env"):
        for path in sorted((root / package).rglob("*.py")):
            hasher.update(path.relative_to(root).as_posix().encode() + b"\0")
            hasher.update(path.read_bytes() + b"\0")
    return hasher.hexdigest()[:12]


def describe_machine() -> dict[str, Any]:
    """Processor, cores, system and Python."""
    return {
        "processor": processor(),
        "cores": os.cpu_count(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
    }


def processor() -> str:
    """The processor's name as the system tells it."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        return next(line.split(":", 1)[1].strip() for line in lines if "model name" in line)
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()


def commit(root: Path) -> str:
    """The commit of a checkout, with "+" where tracked files have changed; "" where there is none.

    Files that do not take part in a run (results, entries, documents) do not count as changes.
    """
    try:
        head = _git(root, "rev-parse", "HEAD")
        code = ("walker_env", "agents", ":(glob)benchmarks/**/*.py")
        changed = _git(root, "status", "--porcelain", "--untracked-files=no", "--", *code)
    except (OSError, subprocess.CalledProcessError):
        return ""
    return head + ("+" if changed else "")


def _git(root: Path, *arguments: str) -> str:
    command = ["git", "-C", str(root), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
