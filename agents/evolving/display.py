"""What shows an evolution while it runs: the best bodies in the terminal, and their files."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

from rich import box
from rich.console import Group
from rich.live import Live as LiveText
from rich.progress import Progress, TextColumn
from rich.table import Table
from rich.text import Text

from agents.evolving.archive import CELLS
from agents.evolving.outcome import ELITES, write_elites
from agents.evolving.record import Record
from agents.evolving.search import BodySearch
from agents.training.budget import Cost
from agents.training.progress import run_columns

SHOWN = 8
"""The best bodies in the table."""


class Display:
    """A progress bar above the table of the best bodies."""

    def __init__(self) -> None:
        self._bar = Progress(
            *run_columns(),
            TextColumn("{task.fields[told]}"),
        )
        self._live = LiveText(self._bar, refresh_per_second=2)
        self._search: BodySearch | None = None

    def meet(self, search: BodySearch) -> None:
        """Take the evolution whose bodies are shown."""
        self._search = search

    def start(self, algorithm: str, folder: Path, points: int) -> None:
        """Show the bar."""
        self._task = self._bar.add_task(algorithm, total=1.0, told="")
        self._live.start()

    def update(self, cost: Cost, used: float, metrics: dict[str, float]) -> None:
        """Move the bar, and show who is best now."""
        told = f"{cost.steps / 1e6:,.1f} million steps, {metrics['bodies']:.0f} bodies"
        self._bar.update(self._task, completed=min(used, 1.0), told=told)
        if self._search is not None:
            self._live.update(Group(self._bar, best_table(self._search)))

    def validated(self, cost: Cost, score: float, folder: Path) -> None:
        """Nothing to do: the table has the scores."""

    def stop(self) -> None:
        """Leave the last table."""
        self._live.stop()


class ElitesKeeper:
    """Keeps the elites' policies in the run folder up to date."""

    def __init__(self) -> None:
        self._search: BodySearch | None = None

    def meet(self, search: BodySearch) -> None:
        """Take the evolution whose elites are kept."""
        self._search = search

    def start(self, algorithm: str, folder: Path, points: int) -> None:
        """Nothing to do yet."""

    def update(self, cost: Cost, used: float, metrics: dict[str, float]) -> None:
        """Nothing to do: only with each point of the learning curve."""

    def validated(self, cost: Cost, score: float, folder: Path) -> None:
        """Write the present elites."""
        if self._search is not None:
            write_elites(self._search, folder / ELITES)

    def stop(self) -> None:
        """Nothing to do."""


def best_table(search: BodySearch) -> Table:
    """The best bodies of an evolution, the fittest first."""
    failed = search.metrics["failed"]
    title = (
        f"generation {search.generation}: {len(search.elites)} of "
        f"{_room(search)} places filled, {failed:.0f} bodies exploded or folded"
    )
    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD)
    for name in ("body", "targets", "nodes", "muscles", "feet", "limbs", "size", "born", "by"):
        table.add_column(name, justify="left" if name == "by" else "right")
    for cells in best_rows(search.elites[:SHOWN]):
        table.add_row(*map(Text, cells))
    return table


def best_rows(elites: Sequence[Record]) -> list[tuple[str, ...]]:
    """The cells of the table, a row for each body."""
    return [
        (
            str(record.number),
            f"{record.score:.1f}",
            str(len(record.body.nodes)),
            str(record.shape.muscles),
            str(len(record.body.feet)),
            str(record.shape.limbs),
            f"{record.shape.size:.0f}",
            str(record.generation),
            ", ".join(record.mutations) or "hand",
        )
        for record in elites
    ]


def _room(search: BodySearch) -> int:
    return math.prod(CELLS) if search.config.goal == "bestiary" else search.config.elites
