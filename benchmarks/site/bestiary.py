"""The published bestiary: every kind of body that evolved, as a creature that walks."""

from __future__ import annotations

from pathlib import Path

from benchmarks.bestiary.publish import DATA, read_published
from benchmarks.site.chapters import Creature


def read_creatures(folder: Path = DATA) -> tuple[Creature, ...]:
    """All elites, the best first; none where no bestiary is published.

    Raises:
        ValueError: A file of it is damaged.
    """
    if not folder.exists():
        return ()
    found = read_published(folder)
    return tuple(
        Creature(
            id=policy.options.body.name,
            name=policy.options.body.name,
            score=row["scores"][-1],
            kind=f"{_count(row, 'muscle')}, {_count(row, 'limb')}, {_count(row, 'feet', 'foot')}",
            policy=policy,
        )
        for policy, row in zip(found.elites, found.elite_rows)
    )


def _count(row: dict[str, int], name: str, one: str = "") -> str:
    """Such as "4 muscles"."""
    if one:
        return f"{row[name]} {one if row[name] == 1 else name}"
    number = row[f"{name}s"]
    return f"{number} {name}{'s' * (number != 1)}"
