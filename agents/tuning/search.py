"""What a search for settings is told; checked before optuna is loaded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from agents.search_space import Space
from agents.training.budget import Budget
from agents.training.train import config_class
from walker_env import Options


@dataclass(frozen=True)
class Search:
    """What is searched, and for how long."""

    algorithm: str
    trials: int = 20
    cpu_seconds: float = 20.0  # [s] of processor time of a training run
    seeds: int = 2  # runs of a trial
    confirm: int = 2  # runs with other seeds of the winner and of the defaults
    storage: str | None = None  # None: SQLite in runs/tune
    jobs: int = 1  # processes
    walker: Mapping[str, Any] = field(default_factory=dict)  # body and world, as options.NAME

    def __post_init__(self) -> None:
        for name, least in (("trials", 1), ("seeds", 1), ("confirm", 0), ("jobs", 1)):
            value = getattr(self, name)
            if not isinstance(value, int) or isinstance(value, bool) or value < least:
                raise ValueError(f"tune: {name} must be an int >= {least}, got {value!r}")
        Budget(cpu_seconds=self.cpu_seconds)
        if not self.space:
            raise ValueError(
                f"{self.algorithm} declares nothing to tune: give its config class a `search`, "
                "see agents/search_space.py"
            )

    @property
    def name(self) -> str:
        """Of the study and of its files."""
        return config_class(self.algorithm).algorithm  # type: ignore[attr-defined]

    @property
    def walker_digests(self) -> dict[str, str]:
        """Which body and world walk, where they are not the usual ones."""
        options = {name.removeprefix("options."): plan for name, plan in self.walker.items()}
        return {name: getattr(Options(**options), name).digest for name in options}

    @property
    def space(self) -> Space:
        """What may be changed."""
        return getattr(config_class(self.algorithm), "search", {})

    @property
    def defaults(self) -> dict[str, Any]:
        """The default of everything that may be changed."""
        known = {field.name: field.default for field in fields(config_class(self.algorithm))}
        return {name: known[name] for name in self.space}
