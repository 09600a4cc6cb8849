"""The progress bar of a search for settings."""

from __future__ import annotations

import optuna
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from agents.tuning.search import Search
from agents.tuning.tune import default_trial, finished


class TuneBar:
    """Trials, time, and the best value so far beside that of the defaults."""

    def __init__(self, search: Search) -> None:
        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("best [bold]{task.fields[best]}[/bold], defaults {task.fields[default]}"),
        )
        self._task = self._bar.add_task(
            f"tune {search.name}", total=search.trials, best="-", default="-"
        )

    def __enter__(self) -> TuneBar:
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def __call__(self, study: optuna.Study) -> None:
        """Show how far the study has come."""
        complete = study.get_trials(deepcopy=False, states=(optuna.trial.TrialState.COMPLETE,))
        default = default_trial(study)
        self._bar.update(
            self._task,
            completed=finished(study),
            best=f"{study.best_value:.1f}" if complete else "-",
            default=f"{default.value:.1f}" if default else "-",
        )
