"""Shows that something takes a while: a bar where a terminal sees it, else a line now and then."""

from __future__ import annotations

import sys
import time
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

EVERY = 20.0
"""Time between two lines where there is no terminal [s]; what is done sooner says nothing."""


class Work:
    """A piece of work, on standard error, for as long as the ``with`` block lasts.

    Args:
        title: What is being done.
        total: How many steps it has; None where nobody knows.
    """

    def __init__(self, title: str, total: float | None = None) -> None:
        self._console = Console(stderr=True)
        self._done, self._said = 0.0, time.monotonic()
        words = TextColumn("{task.description}", markup=False)
        self._bar = Progress(
            words,
            BarColumn(),
            TimeRemainingColumn(),
            console=self._console,
            transient=True,
            disable=not self._console.is_terminal,
            redirect_stdout=sys.stdout.isatty(),  # what goes into a file stays out of the terminal
        )
        self._task = self._bar.add_task(title, total=total)

    def step(self, title: str = "", count: float = 1.0) -> None:
        """Something is done.

        Args:
            title: What comes next; ``""``: the same as before.
            count: How many steps that were.
        """
        task = self._bar.tasks[0]
        self._done += count
        self._bar.update(self._task, completed=self._done, description=title or task.description)
        if self._console.is_terminal or time.monotonic() - self._said < EVERY:
            return
        self._said = time.monotonic()
        share = f": {min(self._done / task.total, 1.0):.0%}" if task.total else " ..."
        self._console.print(f"{task.description}{share}", markup=False, soft_wrap=True)

    def reach(self, done: float) -> None:
        """So many steps are done in all."""
        self.step(count=done - self._done)

    def __enter__(self) -> Work:
        self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._bar.stop()
