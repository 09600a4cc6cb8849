"""Which algorithms there are, their settings, and how a run begins."""

from __future__ import annotations

import importlib
import json
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any

from agents.run import Budget, Run
from walker_env import Options

ALGORITHMS = {
    "es": ("agents.es", "ESConfig", "train_es"),
    "ppo": ("agents.ppo", "PPOConfig", "train_ppo"),
}
"""Name -> module, config class and training function; imported only when used."""


def _find(algorithm: str) -> tuple[type, Callable[[Any, Run], None]]:
    if algorithm not in ALGORITHMS:
        raise ValueError(f"algorithm must be one of {sorted(ALGORITHMS)}, got {algorithm!r}")
    module_name, config, function = ALGORITHMS[algorithm]
    try:
        module = importlib.import_module(module_name)
    except ModuleNotFoundError as error:
        if error.name and error.name.split(".")[0] in ("agents", "walker_env"):
            raise
        raise ImportError(
            f"{algorithm} needs {error.name}; install it with: pip install -e '.[agents]'"
        ) from error
    return getattr(module, config), getattr(module, function)


def make_config(algorithm: str, settings: dict[str, Any]) -> Any:
    """The algorithm's config with ``settings`` in place of defaults.

    Args:
        algorithm: One of `ALGORITHMS`.
        settings: Values by field name; ``"options.NAME"`` sets an option of the environment.

    Raises:
        ValueError: An unknown algorithm or setting, or a value that is not allowed.
    """
    config, _ = _find(algorithm)
    options = {k.removeprefix("options."): v for k, v in settings.items() if "." in k}
    rest = {k: v for k, v in settings.items() if "." not in k}
    _check_names(f"{algorithm} settings", rest, config)
    _check_names("options", options, Options)
    try:
        return config(**rest, options=Options(**options))
    except TypeError as error:
        raise ValueError(f"{algorithm}: a setting has the wrong type: {error}") from error


def _check_names(what: str, given: dict[str, Any], config: type) -> None:
    known = {field.name for field in fields(config) if field.init}
    unknown = sorted(set(given) - known)
    if unknown:
        raise ValueError(f"{what}: expected names among {sorted(known)}, got {unknown}")


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


def train(algorithm: str, config: Any, budget: Budget, folder: Path, **watch: Any) -> Run:
    """Train until the budget is spent or Ctrl-C is pressed; either way the run is usable.

    Args:
        algorithm: One of `ALGORITHMS`.
        config: Its config, from `make_config`.
        budget: When to stop.
        folder: The run folder.
        **watch: ``validate_every``, ``courses`` and ``quiet`` of `Run`.

    Returns:
        The finished run; its best policy is in ``policy.safetensors``.
    """
    _, function = _find(algorithm)
    with Run(folder, algorithm, config, budget, **watch) as run:
        try:
            function(config, run)
        except KeyboardInterrupt:
            run.interrupted = True
            run.finish()
    return run
