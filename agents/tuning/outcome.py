"""What a search leaves behind: the settings that ship, and the record of how they were found.

With few seeds, the winner of a search owes something to luck. So it is trained again with seeds
that the search has not seen, and so are the defaults; where the defaults do better there, they are
what is written. The file says which trial that was, and the values of both.
"""

from __future__ import annotations

import csv
import datetime
import io
import json
from pathlib import Path
from typing import Any

import optuna

from agents.provenance import versions
from agents.tuned import FOLDER, write_tuned
from agents.tuning.search import Search
from agents.tuning.trial import reached
from agents.tuning.tune import DONE, FIRST_SEED, default_trial, finished
from walker_env.files import atomic_write


def settle(search: Search, study: optuna.Study, folder: Path = FOLDER) -> Path:
    """Confirm the winner, write ``ALGORITHM.toml`` and ``ALGORITHM.trials.csv``.

    Args:
        search: What was searched.
        study: Its trials.
        folder: Where both files are written.

    Returns:
        The path of ``ALGORITHM.toml``.

    Raises:
        ValueError: The defaults have not been tried yet, or nothing was.
    """
    default = default_trial(study)
    if default is None:
        raise ValueError(f"tune: the study {search.name} has no finished trial of the defaults")
    best = study.best_trial
    values = {
        "value_of_winner": round(study.best_value, 2),
        "value_of_defaults": round(default.value or 0.0, 2),
    }
    settings = best.user_attrs["settings"]
    if search.confirm and best.number != default.number:
        ours, theirs = _confirm(search, settings), _confirm(search, search.defaults)
        values |= {"confirmed_of_winner": round(ours, 2), "confirmed_of_defaults": round(theirs, 2)}
        if theirs > ours:
            settings, best = search.defaults, default
    atomic_write(folder / f"{search.name}.trials.csv", _table(search, study))
    return write_tuned(
        search.name, settings, {"trial": best.number} | values | _terms(search, study), folder
    )


def _confirm(search: Search, settings: dict[str, Any]) -> float:
    """The mean value with seeds that no trial has used."""
    first = FIRST_SEED + search.seeds
    seeds = range(first, first + search.confirm)
    whole = {**settings, **search.walker}
    runs = [reached(search.algorithm, whole, seed, search.cpu_seconds) for seed in seeds]
    return sum(runs) / len(runs)


def _terms(search: Search, study: optuna.Study) -> dict[str, Any]:
    libraries = {**versions(), "optuna": optuna.__version__}
    return {
        "trials": finished(study),
        "cpu_seconds": search.cpu_seconds,
        "seeds": search.seeds,
        "confirm": search.confirm,
        "date": datetime.date.today().isoformat(),
        "versions": [f"{name} {version}" for name, version in libraries.items()],
    }


def _table(search: Search, study: optuna.Study) -> str:
    """All trials that came to an end, a line each."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["trial", "state", "value", *search.space])
    for trial in study.get_trials(deepcopy=False):
        settings = trial.user_attrs.get("settings")
        if settings is None or trial.state not in DONE:
            continue
        value = "" if trial.value is None else round(trial.value, 3)
        cells = [json.dumps(settings[name]) for name in search.space]
        writer.writerow([trial.number, trial.state.name.lower(), value, *cells])
    return text.getvalue()
