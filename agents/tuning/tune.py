"""The search for settings: optuna's TPE on what short runs of an algorithm reach.

A trial trains with each of a few seeds; its value is the mean of `tune_trial.reached`. The default
settings are the first trial, the present tuned ones the second. All trials cost the same: none is
stopped early. The study lies in a database, so that the same call goes on.
"""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import optuna
from optuna.trial import FrozenTrial, Trial, TrialState
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError  # optuna's own way to its databases

from agents.ending import end_on_signals, end_with_starter
from agents.lock import lock
from agents.outputs import RUNS, output_file
from agents.tuned import read_tuned
from agents.tuning.search import Search
from agents.tuning.trial import reached

SEED = 0
"""Of the sampler."""

FIRST_SEED = 1_000_000
"""Trials train with the seeds from here on, which nothing published uses."""

DONE = (TrialState.COMPLETE, TrialState.PRUNED)
"""What counts as a trial; one that was interrupted does not. Settings that do not go together are
marked as pruned."""


def tune(search: Search, on_progress: Callable[[optuna.Study], None]) -> optuna.Study:
    """Run trials until the study has as many as it should.

    One that ends when there are enough, since another process has finished the last, is dropped.

    Args:
        search: What is searched.
        on_progress: Called with the study after each trial; with several jobs, every second.

    Raises:
        KeyboardInterrupt: Ctrl-C; what was finished is kept, and the same call goes on.
        RuntimeError: A process ended early.
        ValueError: The study was begun on other terms.
    """
    study = open_study(search)
    with _alone(search):
        _ask_for_known(study, search)
    on_progress(study)
    if search.jobs == 1:
        run_trials(search, study, on_progress)
        return study
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=_work, args=(search, j)) for j in range(search.jobs)]
    try:
        for worker in workers:
            worker.start()
        while any(worker.is_alive() for worker in workers):
            time.sleep(1.0)
            on_progress(study)
    except BaseException:
        for worker in filter(_started, workers):
            worker.terminate()
        raise
    finally:
        for worker in filter(_started, workers):
            worker.join()
    if any(worker.exitcode for worker in workers) and finished(study) < search.trials:
        raise RuntimeError(f"tune: a process ended early with {workers[0].exitcode}")
    return study


def open_study(search: Search, job: int = 0) -> optuna.Study:
    """The study of a search, new or as far as it has come.

    Raises:
        ValueError: It was begun with another budget or other seeds, so values would not compare; or
            the storage is no database.
    """
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    storage = _address(search)
    try:
        with _alone(search):
            study = optuna.create_study(
                study_name=search.name, storage=storage, direction="maximize", load_if_exists=True
            )
    except SQLAlchemyError as error:
        raise ValueError(
            f"tune: the database {storage!r} cannot be used: {error.args[0]}"
        ) from error
    # a search that goes on must not draw again what its first trials drew
    seed = SEED + 1000 * job + len(study.trials)
    study.sampler = optuna.samplers.TPESampler(seed=seed, n_startup_trials=4)
    terms = {"cpu_seconds": search.cpu_seconds, "seeds": search.seeds} | search.walker_digests
    before = study.user_attrs.get("terms", terms)
    if before != terms:
        raise ValueError(
            f"tune: the study {search.name} in {storage} was begun with {before}, got {terms}; "
            "choose another --storage"
        )
    study.set_user_attr("terms", terms)
    return study


def finished(study: optuna.Study) -> int:
    """Trials that have come to an end."""
    return len(study.get_trials(deepcopy=False, states=DONE))


def default_trial(study: optuna.Study) -> FrozenTrial | None:
    """The finished trial with the default settings."""
    done = study.get_trials(deepcopy=False, states=(TrialState.COMPLETE,))
    return next((trial for trial in done if "default" in trial.user_attrs), None)


def run_trials(
    search: Search, study: optuna.Study, on_progress: Callable[[optuna.Study], None]
) -> None:
    """Run trials until the study has as many as it should.

    Args:
        search: What is searched, and how many trials there are to be.
        study: Asked for each trial and given its value.
        on_progress: Called with the study after each trial.

    Raises:
        KeyboardInterrupt: Ctrl-C; the present trial is marked as failed.
    """
    while finished(study) < search.trials:
        with _alone(search):  # else two processes may take the trial that waits, with the defaults
            trial = study.ask()
        try:
            _tell(search, study, trial, _value(search, trial))
        except ValueError as reason:  # they do not go together
            trial.set_user_attr("reason", str(reason))
            _tell(search, study, trial, None)
        except BaseException:
            study.tell(trial, state=TrialState.FAIL)
            raise
        on_progress(study)


def _tell(search: Search, study: optuna.Study, trial: Trial, value: float | None) -> None:
    """End a trial: with a value, with None as one that was refused, or as one too many."""
    with _alone(search):
        if finished(study) >= search.trials:
            trial.set_user_attr("reason", "others were enough")
            study.tell(trial, state=TrialState.FAIL)
        elif value is None:
            study.tell(trial, state=TrialState.PRUNED)
        else:
            study.tell(trial, value)


def _address(search: Search) -> str:
    """Of the database."""
    if search.storage is not None:
        return search.storage
    return f"sqlite:///{RUNS / 'tune' / search.name}.db"


@contextmanager
def _alone(search: Search) -> Iterator[None]:
    """Wait for the other processes of a search in an SQLite file; servers sort it out themselves.

    Raises:
        ValueError: The storage is no database, or no file can be there.
    """
    storage = _address(search)
    try:
        url = make_url(storage)
    except SQLAlchemyError as error:
        raise ValueError(
            "tune: storage must be the address of a database, such as sqlite:///search.db, "
            f"got {storage!r}: {error.args[0]}"
        ) from error
    if url.get_backend_name() != "sqlite" or url.database in (None, "", ":memory:"):
        yield
        return
    path = Path(url.database).absolute()
    output_file(path).parent.mkdir(parents=True, exist_ok=True)
    with lock(path.with_name(f"{path.name}.lock")):
        yield


def _value(search: Search, trial: Trial) -> float:
    settings = {name: kind.suggest(trial, name) for name, kind in search.space.items()}
    trial.set_user_attr("settings", settings)
    total = 0.0
    whole = {**settings, **search.walker}
    for seed in range(FIRST_SEED, FIRST_SEED + search.seeds):
        total += reached(search.algorithm, whole, seed, search.cpu_seconds)
    return total / search.seeds


def _ask_for_known(study: optuna.Study, search: Search) -> None:
    """Let the next trials be those of the defaults and of the present tuned settings."""
    space, settings = search.space, read_tuned(search.algorithm)
    tuned = {name: value for name, value in settings.items() if value in space.get(name, ())}
    _ask_for(study, search, "default", search.defaults)
    if tuned:
        _ask_for(study, search, "tuned", search.defaults | tuned)


def _ask_for(study: optuna.Study, search: Search, name: str, settings: dict[str, Any]) -> None:
    """Put settings in line under a name, unless they have been tried or wait already."""
    states = (*DONE, TrialState.WAITING)
    tried = study.get_trials(deepcopy=False, states=states)
    if not any(name in trial.user_attrs for trial in tried):
        encoded = {key: search.space[key].encode(value) for key, value in settings.items()}
        study.enqueue_trial(encoded, user_attrs={name: True})


def _started(worker: BaseProcess) -> bool:
    return worker.pid is not None


def _work(search: Search, job: int) -> None:
    """A process of its own, which the first one ends."""
    end_on_signals()
    end_with_starter()
    try:
        run_trials(search, open_study(search, job), lambda study: None)
    except KeyboardInterrupt:
        return
