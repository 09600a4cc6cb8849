"""Which algorithms there are, their settings, and how a run begins and ends."""

from __future__ import annotations

import importlib
import importlib.util
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from typing import Any

import numpy as np

from agents.crews.crew import check_shared, crew_for
from agents.learner import Config, Crew, Learner
from agents.missing import is_library, remedy
from agents.outputs import RUNS
from agents.training.budget import Budget
from agents.training.curve import CurveError, read_points
from agents.training.interrupt import Interrupt
from agents.training.progress import Watchers
from agents.training.run import COURSES, Run
from agents.training.run_config import begun_with, describe
from agents.training.run_folder import open_run
from agents.trial import Walkers
from agents.tuned import read_tuned
from walker_env import Options
from walker_env.seeds import validation_seeds

ALGORITHMS = {
    "ppo": ("agents.algorithms.ppo", "PPOConfig"),
    "sac": ("agents.algorithms.sac", "SACConfig"),
    "tqc": ("agents.algorithms.tqc", "TQCConfig"),
    "ars": ("agents.algorithms.ars", "ARSConfig"),
    "snes": ("agents.algorithms.snes", "SNESConfig"),
    "xnes": ("agents.algorithms.xnes", "XNESConfig"),
    "cmaes": ("agents.algorithms.cmaes", "CMAESConfig"),
    "pgpe": ("agents.algorithms.pgpe", "PGPEConfig"),
    "cem": ("agents.algorithms.cem", "CEMConfig"),
    "ga": ("agents.algorithms.ga", "GAConfig"),
    "cosyne": ("agents.algorithms.cosyne", "CosyneConfig"),
    "neat": ("agents.algorithms.neat", "NEATConfig"),
    "mapelites": ("agents.algorithms.mapelites", "MapElitesConfig"),
}
"""Name -> module and config class; imported only when used."""

BUDGET = Budget(seconds=120.0)
"""Of a run that names none."""


def config_class(algorithm: str | type) -> type:
    """The config class of an algorithm.

    Args:
        algorithm: One of `ALGORITHMS`, ``FILE.py:CLASS`` for one of your own, or the class itself.

    Raises:
        ValueError: No such algorithm.
    """
    if isinstance(algorithm, type):
        return algorithm
    if ":" in algorithm:
        return _own_class(*algorithm.rsplit(":", 1))
    if algorithm not in ALGORITHMS:
        raise ValueError(
            f"algorithm must be one of {sorted(ALGORITHMS)} or FILE.py:CLASS, got {algorithm!r}"
        )
    module, name = ALGORITHMS[algorithm]
    return getattr(importlib.import_module(module), name)


def make_learner(config: Config, crew: Crew) -> Learner:
    """The learner at its beginning; only now is its library loaded.

    Raises:
        ImportError: It is not installed.
    """
    try:
        return config.learner(crew)
    except ModuleNotFoundError as error:
        if not is_library(error):
            raise
        raise ImportError(f"{config.algorithm} needs {error.name}; {remedy('agents')}") from error


def _own_class(file: str, name: str) -> type:
    """A config class in a file of the user's own; the file is run, as `python FILE` would."""
    spec = importlib.util.spec_from_file_location(Path(file).stem, file)
    if spec is None or spec.loader is None or not Path(file).is_file():
        raise ValueError(f"{file}: expected a Python file with a class {name}")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    if not hasattr(module, name):
        raise ValueError(f"{file} has no class {name}")
    found = getattr(module, name)
    known = {field.name for field in fields(found)} if is_dataclass(found) else set()
    named = isinstance(getattr(found, "algorithm", None), str)
    if not {"seed", "options"} <= known or not named or not hasattr(found, "learner"):
        raise ValueError(
            f"{file}: {name} must be a frozen dataclass with fields seed and options, a class "
            "attribute `algorithm` that is its name, and a method `learner`; "
            "see docs/own_algorithm.md"
        )
    return found


def make_config(algorithm: str | type, settings: dict[str, Any], tuned: bool = True) -> Any:
    """The algorithm's config with ``settings`` in place of what was tuned or is the default.

    Args:
        algorithm: As for `config_class`.
        settings: Values by field name; ``"options.NAME"`` sets an option of the environment.
        tuned: Whether to begin with the tuned settings that ship with the algorithm.

    Raises:
        ValueError: An unknown algorithm or setting, or a value that is not allowed.
    """
    config = config_class(algorithm)
    name = getattr(config, "algorithm", "") if isinstance(algorithm, type) else algorithm
    if tuned and isinstance(algorithm, str):
        settings = read_tuned(algorithm) | settings
    options = {k.removeprefix("options."): v for k, v in settings.items() if "." in k}
    rest = {k: v for k, v in settings.items() if "." not in k}
    check_names(f"{name} settings", rest, config)
    check_names("options", options, Options)
    try:
        return config(**rest, options=Options(**options))
    except TypeError as error:
        raise ValueError(f"{name}: a setting has the wrong type: {error}") from error


def check_names(what: str, given: dict[str, Any], config: type) -> None:
    """Raise `ValueError` where a setting is none of a configuration's.

    Args:
        what: What the settings are of.
        given: By name.
        config: A dataclass.
    """
    known = {field.name for field in fields(config) if field.init}
    unknown = sorted(set(given) - known)
    if unknown:
        raise ValueError(f"{what}: expected names among {sorted(known)}, got {unknown}")


def run_folder(config: Config) -> Path:
    """Where a run is kept unless another folder is named."""
    return RUNS / f"{config.algorithm}-{config.seed}"


@dataclass(frozen=True)
class RunPlan:
    """A run that is to begin or to go on.

    Attributes:
        config: The algorithm's settings.
        budget: When it ends; None for `BUDGET`.
        folder: Where it is kept.
        resume: Whether it goes on there.
    """

    config: Config
    budget: Budget | None
    folder: Path
    resume: bool = False


def plan_run(
    algorithm: str | type,
    settings: dict[str, Any],
    budget: Budget | None = None,
    folder: Path | None = None,
    tuned: bool = True,
    resume: bool = False,
) -> RunPlan:
    """A run as it is asked for; one that goes on takes from its folder what is not.

    Args:
        algorithm: As for `config_class`.
        settings: As for `make_config`.
        budget: When it ends; by default `BUDGET`, or what is left of a resumed run's own.
        folder: The run folder; by default that of `run_folder`.
        tuned: Whether a new run begins with the tuned settings.
        resume: Whether to go on with the run in ``folder``.

    Raises:
        ValueError: An unknown algorithm or setting, a value that is not allowed, or a resumed run
            of another algorithm or with a damaged ``config.json``.
        FileNotFoundError: There is no run to resume.
    """
    config = make_config(algorithm, settings, tuned)
    folder = folder or run_folder(config)
    if not resume:
        return RunPlan(config, budget, folder)
    before, own_budget = begun_with(folder, config)
    config = make_config(algorithm, before | settings, tuned=False)
    return RunPlan(config, budget or own_budget, folder, resume=True)


def _courses(folder: Path, asked: int | None) -> int:
    """Validation courses of a resumed run: the same at every point of its curve."""
    try:
        points = read_points(folder)
    except CurveError:  # the run says so itself, with what can still be used
        points = []
    own = len(points[0].scores) if points else asked or COURSES
    if asked is not None and asked != own:
        raise ValueError(
            f"{folder} validates on {own} courses; it cannot be resumed with {asked} of them"
        )
    return own


def parse_settings(texts: list[str]) -> dict[str, Any]:
    """``["hidden=32", "options.body=hexapod"]`` as a dict; values are JSON, or else text.

    Raises:
        ValueError: No ``=`` in one of them.
    """
    settings = {}
    for text in texts:
        name, sign, value = text.partition("=")
        if not sign:
            raise ValueError(f"a setting must look like name=value, got {text!r}")
        try:
            settings[name.strip()] = json.loads(value)
        except ValueError:
            settings[name.strip()] = value
    return settings


def train(
    config: Config,
    budget: Budget | None = None,
    folder: str | Path | None = None,
    *,
    validate_every: float = 10.0,
    courses: int | None = None,
    looks: Sequence[float] = (),
    draw: Callable[[int], np.ndarray] = validation_seeds,
    resume: bool = False,
    workers: int = 1,
    ray: str | None = None,
    watchers: Watchers | None = None,
    meet: Callable[[Any], None] | None = None,
) -> Run:
    """Train until the budget is spent or Ctrl-C is pressed; either way the run is usable.

    Ctrl-C waits for the end of the present update. A second one does not: the run then goes on from
    its last checkpoint.

    Args:
        config: The algorithm's settings, e.g. ``SNESConfig(seed=1)``.
        budget: When to stop; `BUDGET` by default.
        folder: The run folder; by default that of `run_folder`.
        validate_every: Seconds of training between two points of the learning curve, by the clock
            of the budget.
        courses: Validation courses; by default `COURSES`, or those of a resumed run.
        looks: When points are due instead of every so many seconds, on the budget's clock: [s] or
            [control step], rising. The end of the budget is always one.
        draw: Gives the seeds of so many validation courses.
        resume: Go on with the run in ``folder``.
        workers: Processes that share a population; the result does not depend on it.
        ray: Address of a Ray cluster whose actors share it instead.
        watchers: Progress bar and the like.
        meet: Called with the learner before it begins, for who shows more than its metrics.

    Returns:
        The finished run; its best policy is ``run.best``, and in ``policy.safetensors``.

    Raises:
        ValueError: The run cannot be saved or resumed like this.
        ImportError: The algorithm's library is not installed.
        KeyboardInterrupt: Ctrl-C was pressed twice.
    """
    check_shared(config, workers, ray)
    config.options.as_dict()  # what cannot be saved is refused before anything is trained
    budget, folder = budget or BUDGET, folder or run_folder(config)
    watchers, interrupt = watchers or Watchers(), Interrupt()
    place = open_run(folder, describe(config, budget), resume)
    courses = _courses(Path(folder), courses) if resume else courses or COURSES
    run = Run(place, config, budget, validate_every, draw(courses), watchers, looks)
    if ray is None:
        # no budget pays for compiling; workers find it on disk
        Walkers(config.options).warm_up(getattr(config, "shares_population", True))
    crew = crew_for(config, workers, ray)
    try:
        learner = make_learner(config, crew)
        if meet is not None:
            meet(learner)
        with interrupt:
            run.begin(learner)
            while run.go_on(learner) and not interrupt.came:
                learner.advance()
            run.interrupted = interrupt.came
            run.finish(learner)
    finally:
        watchers.stop()
        crew.close()
    return run
