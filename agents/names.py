"""What a policy is called on a command line: a baseline, an entry, a run's folder, or a file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from agents.foreign.held import CARD, KINDS
from agents.policy import PolicyError

_BENCHMARKS = Path(__file__).resolve().parents[1] / "benchmarks"

ENTRIES = _BENCHMARKS / "entries"
"""The leaderboard's entries, a folder each; its name is a policy's name everywhere."""

OPEN = _BENCHMARKS / "open"
"""Entries with bodies that the suite does not rank: each body has a board of its own."""

POLICY = "policy.safetensors"
"""The best policy so far in the folder of a training run."""


def find_policy(name: str | Path, others: Sequence[str] = ()) -> Path:
    """The file, or the entry's folder, that a name or path means; what is there wins over an entry.

    Args:
        name: A path, or the name of an entry; a run's folder stands for its best policy.
        others: What else could have been named, for the error.

    Raises:
        PolicyError: There is nothing of that name, or it cannot be a policy; the message says what
            can.
    """
    path, text = Path(name), str(name)
    if not path.exists():
        for home in (ENTRIES, OPEN):
            entry = home / text
            if entry.parent == home and text and (entry / CARD).is_file():
                return entry
        known = ", ".join([*others, *entry_names()])
        raise PolicyError(f"{text}: no such file, and no policy of that name; these are {known}")
    if path.is_dir():
        run = path / POLICY
        if (path / CARD).exists():
            return path
        if not run.is_file():
            raise PolicyError(
                f"{path}: expected the folder of an entry, with {CARD}, or of a run, with {POLICY}"
            )
        return run
    if path.is_file() and path.suffix.lower() not in KINDS:
        raise PolicyError(
            f"{path}: expected a policy file {' or '.join(KINDS)}, the folder of an entry or of a "
            "run, or a name"
        )
    return path


def entry_names() -> list[str]:
    """The names of all entries: first those of the suite, then those of the open boards."""
    return [
        name
        for home in (ENTRIES, OPEN)
        for name in sorted(card.parent.name for card in home.glob(f"*/{CARD}"))
    ]
