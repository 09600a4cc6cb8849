"""The settings of a run, as its folder's ``config.json`` holds them."""

from __future__ import annotations

from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

from agents.learner import Config
from agents.provenance import versions
from agents.training.budget import Budget
from walker_env import ENV_ID, Options, strict_json
from walker_env.legacy import named_options

CONFIG = "config.json"

_RUNTIME = ("engine", "threads")  # options that change no result; no part of a policy


def describe(config: Config, budget: Budget) -> dict[str, Any]:
    """What a run is begun with, JSON-ready."""
    settings = asdict(config)  # type: ignore[call-overload]
    settings["options"] = config.options.as_dict()
    return {
        "algorithm": config.algorithm,
        "env_id": ENV_ID,
        "budget": asdict(budget),
        "config": settings,
        "versions": versions(),
    }


def for_policy(described: dict[str, Any]) -> dict[str, Any]:
    """What `describe` says, without the environment: a policy's file has it already."""
    config = {name: value for name, value in described["config"].items() if name != "options"}
    return described | {"config": config}


def runtime_options(config: Config) -> dict[str, Any]:
    """The options that a policy does not depend on, JSON-ready; ``how`` in ``config.json``."""
    return {name: getattr(config.options, name) for name in _RUNTIME}


def read_config(folder: Path) -> dict[str, Any]:
    """What ``config.json`` says: `describe` and, as ``how``, `runtime_options`.

    Raises:
        FileNotFoundError: There is no run.
        ValueError: The file is damaged.
    """
    path = folder / CONFIG
    if not path.exists():
        raise FileNotFoundError(f"{folder} holds no run to resume")
    try:
        data = strict_json.loads(path.read_text(encoding="utf-8"))
        _same(data)
        Budget(**data["budget"])
        dict(data.get("how", {}))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ValueError(
            f"{path}: expected the settings of a run ({error!r}); it cannot go on without them, "
            "but its policies can be used as they are"
        ) from error
    return data


def begun_with(folder: Path, config: Config) -> tuple[dict[str, Any], Budget]:
    """A run's settings, as `train.make_config` takes them, and its budget.

    Args:
        folder: The run folder.
        config: Any config of the algorithm: its fields are what is asked for.

    Raises:
        FileNotFoundError, ValueError: As in `read_config`, or it is a run of another algorithm.
    """
    data = read_config(folder)
    if data["algorithm"] != config.algorithm:
        raise ValueError(f"{folder} holds a run of {data['algorithm']}, not of {config.algorithm}")
    derived = {field.name for field in fields(config) if not field.init}  # type: ignore[arg-type]
    settings = {name: v for name, v in _flat(data["config"]).items() if name not in derived}
    settings |= {f"options.{name}": v for name, v in data.get("how", {}).items()}
    return settings, Budget(**data["budget"])


def check_same(folder: Path, now: dict[str, Any]) -> None:
    """A run goes on as what it was; only its budget may grow.

    Args:
        folder: The run folder.
        now: How it is to go on, from `describe` and as JSON gives it back.

    Raises:
        FileNotFoundError, ValueError: As in `read_config`, or it is another run.
    """
    was, same = _same(read_config(folder)), _same(now)
    apart = [name for name in {**was, **same} if was.get(name) != same.get(name)]
    if apart:
        raise ValueError(
            f"{folder} holds a run with {_listed(was, apart)}; it cannot be resumed with "
            f"{_listed(same, apart)}"
        )


def read_options(data: dict[str, Any]) -> Options:
    """The options that a run's file holds: whole plans, or the names that version 0.1 wrote.

    Raises:
        ValueError: They are none.
    """
    named = isinstance(data, dict) and isinstance(data.get("body"), str)
    return named_options(data) if named else Options.from_dict(data)


def _flat(config: dict[str, Any]) -> dict[str, Any]:
    """Settings by name, those of the environment as ``options.NAME``."""
    whole = read_options(config["options"])
    data = whole.as_dict() | {"reward": whole.reward.stored(), "energy_price": whole.energy_price}
    options = {f"options.{name}": value for name, value in data.items()}
    return {name: value for name, value in config.items() if name != "options"} | options


def _same(described: dict[str, Any]) -> dict[str, Any]:
    """What a run must keep to be the same run, by name."""
    return {name: described[name] for name in ("algorithm", "env_id")} | _flat(described["config"])


def _listed(values: dict[str, Any], names: list[str]) -> str:
    return ", ".join(f"{name} {_short(values.get(name))}" for name in names)


def _short(value: Any) -> str:
    """A plan by its name and the beginning of its digest, or all of it where it has no name."""
    if isinstance(value, dict) and "digest" in value and "name" in value:
        return f"{value['name']!r} ({value['digest'][:8]})"
    return repr(value)
