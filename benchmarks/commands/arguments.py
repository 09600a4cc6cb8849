"""What several commands share: their arguments, and the files that they write."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from agents.baselines import Agent

Policies = Annotated[
    list[str],
    typer.Argument(help="Policy files or folders, names of entries, or still, random, gait."),
]


def result_paths(
    agents: Sequence[tuple[str, Agent]], out: Path, ending: str = ".json"
) -> list[Path]:
    """One file for each policy, by its name.

    Args:
        agents: What the user called each policy, and the policy.
        out: Folder of the files.
        ending: Of their names.

    Raises:
        ValueError: Two policies would write the same file.
    """
    taken: dict[str, str] = {}
    for text, agent in agents:
        name = re.sub(r"[^\w.-]+", "-", agent.name).strip(".-") or "policy"
        if name in taken:
            raise ValueError(
                f"{taken[name]} and {text} are both named {name!r} and would share a file; "
                "evaluate them with different --out"
            )
        taken[name] = text
    return [out / f"{name}{ending}" for name in taken]
