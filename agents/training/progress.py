"""What watches a run: the progress bar, TensorBoard where it is installed, a live window."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, Protocol

from rich.progress import (
    BarColumn,
    Progress,
    ProgressColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from agents.ending import start_bound, wait_bound
from agents.training.budget import Cost

NICEST = 19
"""The lowest priority that a process can have."""


class Watcher(Protocol):
    """Looks at a run and changes nothing."""

    def start(self, algorithm: str, folder: Path, points: int) -> None:
        """The run begins or goes on.

        Args:
            algorithm: Its name.
            folder: The run's folder.
            points: Of the learning curve so far; 0 for a new run.
        """

    def update(self, cost: Cost, used: float, metrics: dict[str, float]) -> None:
        """An update was made.

        Args:
            cost: Of the run so far.
            used: Fraction of the budget spent; above 1 where the last update went beyond it.
            metrics: What the learner says of itself, by name.
        """

    def validated(self, cost: Cost, score: float, folder: Path) -> None:
        """The learning curve has another point.

        Args:
            cost: Of the run so far.
            score: Mean over the validation courses [target in 100 s].
            folder: The run's folder, which holds the best policy.
        """

    def stop(self) -> None:
        """The run has ended."""


class Watchers:
    """Several watchers as one."""

    def __init__(self, *watchers: Watcher) -> None:
        self._watchers = watchers

    def start(self, algorithm: str, folder: Path, points: int) -> None:
        """Tell all."""
        for watcher in self._watchers:
            watcher.start(algorithm, folder, points)

    def update(self, cost: Cost, used: float, metrics: dict[str, float]) -> None:
        """Tell all."""
        for watcher in self._watchers:
            watcher.update(cost, used, metrics)

    def validated(self, cost: Cost, score: float, folder: Path) -> None:
        """Tell all."""
        for watcher in self._watchers:
            watcher.validated(cost, score, folder)

    def stop(self) -> None:
        """Tell all."""
        for watcher in self._watchers:
            watcher.stop()


def run_columns() -> tuple[ProgressColumn, ...]:
    """What the bar of every run begins with: its name, how far it is, and for how long."""
    return (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:3.0f}%"),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )


class Bar:
    """A progress bar with steps, rate, score and remaining time."""

    def __init__(self) -> None:
        self._bar = Progress(
            *run_columns(),
            TextColumn("{task.fields[steps]:>12,} steps, {task.fields[rate]:,.0f}/s"),
            TextColumn("score [bold]{task.fields[score]}"),
        )

    def start(self, algorithm: str, folder: Path, points: int) -> None:
        """Show the bar."""
        self._task = self._bar.add_task(algorithm, total=1.0, score="-", steps=0, rate=0)
        self._bar.start()

    def update(self, cost: Cost, used: float, metrics: dict[str, float]) -> None:
        """Move the bar."""
        rate = cost.steps / max(cost.seconds, 1e-9)
        self._bar.update(self._task, completed=min(used, 1.0), steps=cost.steps, rate=rate)

    def validated(self, cost: Cost, score: float, folder: Path) -> None:
        """Show the score."""
        self._bar.update(self._task, score=f"{score:.1f}")

    def stop(self) -> None:
        """Leave the bar as it is."""
        self._bar.stop()


class TensorBoard:
    """Curves in the run folder, against control steps: ``tensorboard --logdir runs``."""

    def __init__(self) -> None:
        self._writer: Any = None
        self._last = 0.0

    def start(self, algorithm: str, folder: Path, points: int) -> None:
        """Open the log."""
        from torch.utils.tensorboard import SummaryWriter

        self._writer = SummaryWriter(folder / "tensorboard")

    def update(self, cost: Cost, used: float, metrics: dict[str, float]) -> None:
        """Write rate and the learner's own figures, once a second at most."""
        if cost.seconds - self._last < 1.0:
            return
        self._last = cost.seconds
        self._writer.add_scalar("steps_per_second", cost.steps / cost.seconds, cost.steps)
        for name, value in metrics.items():
            self._writer.add_scalar(name, value, cost.steps)

    def validated(self, cost: Cost, score: float, folder: Path) -> None:
        """Write the score."""
        self._writer.add_scalar("targets_in_100_s", score, cost.steps)
        self._writer.add_scalar("cpu_seconds", cost.cpu_seconds, cost.steps)

    def stop(self) -> None:
        """Close the log."""
        if self._writer is not None:
            self._writer.close()


class Live:
    """A window in a process of its own, of lowest priority, in which the best policy walks.

    Args:
        shown: What in the run folder is shown: a policy's file, or a folder of them.
    """

    def __init__(self, shown: str = "policy.safetensors") -> None:
        self._shown = shown
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, algorithm: str, folder: Path, points: int) -> None:
        """The window opens with the first policy."""

    def update(self, cost: Cost, used: float, metrics: dict[str, float]) -> None:
        """Nothing to do: the window looks at the run's folder by itself."""

    def validated(self, cost: Cost, score: float, folder: Path) -> None:
        """Open the window when there is something to see."""
        shown = folder / self._shown
        if self._process is None and shown.exists():
            policy = str(shown.resolve())
            words = ["-m", "agents.ending", "agents", "show", policy, "--live"]
            self._process = start_bound([sys.executable, *words])
            if hasattr(os, "setpriority"):  # at once: its start alone takes half a second
                os.setpriority(os.PRIO_PROCESS, self._process.pid, NICEST)

    def stop(self) -> None:
        """Close the window."""
        if self._process is not None:
            self._process.terminate()
            wait_bound(self._process)


def make_watchers(quiet: bool = False, live: bool = False) -> Watchers:
    """What watches a run that was started from the command line."""
    watchers: list[Watcher] = [] if quiet else [Bar()]
    if importlib.util.find_spec("tensorboard") is not None:
        watchers.append(TensorBoard())
    if live:
        watchers.append(Live())
    return Watchers(*watchers)
