"""How a Ray cluster is reached: its address, its token, and errors that say what to do."""

from __future__ import annotations

import logging
import os
import re
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

from agents.missing import remedy

ANSWER_SECONDS = 5.0
"""A machine that is there accepts a connection within it [s]."""

HEALTH_SECONDS = 10.0
"""A cluster that is there says so within it [s]; importing Ray takes most of it."""

_ADDRESS = re.compile(r"(?P<host>[^:/\s]+|\[[0-9a-fA-F:]+\]):(?P<port>\d{1,5})")

_GREET = "import sys; from ray._raylet import GcsClient; GcsClient(address=sys.argv[1])"

_HEAD = "start one with: ray start --head --port=6379 (docs/distributed.md)"


def import_ray() -> Any:
    """Ray, without its statistics.

    Raises:
        ImportError: It is not installed.
    """
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    try:
        import ray
    except ModuleNotFoundError as error:
        raise ImportError(f"--ray needs {error.name}; {remedy('ray')}") from error
    return ray


def connect(address: str) -> bool:
    """Join the cluster at ``address`` as a driver; whether that was not done before.

    Args:
        address: ``"host:port"`` of its head, or ``"auto"`` for the one this machine belongs to.

    Raises:
        ValueError: ``address`` is neither.
        ConnectionError: No cluster answers there, or it refuses the connection.
        ImportError: Ray is not installed.
    """
    check_address(address)
    ray = import_ray()
    if ray.is_initialized():
        return False
    _use_token()
    if address != "auto":
        _check_health(address)
    try:
        ray.init(address=address, log_to_driver=False, logging_level=logging.ERROR)
    except (ConnectionError, RuntimeError, ValueError) as error:
        raise ConnectionError(
            f"no Ray cluster at {address} accepts this machine ({error}); is it one of its nodes? "
            f"Join it with: ray start --address=HEAD:PORT, or {_HEAD}"
        ) from error
    return True


def check_address(address: str) -> None:
    """Check that ``address`` is ``"auto"`` or a host and port that accepts connections.

    Raises:
        ValueError: It is neither.
        ConnectionError: No connection is accepted there.
    """
    if address == "auto":
        return
    match = _ADDRESS.fullmatch(address)
    if match is None or not 0 < int(match["port"]) < 65536:
        raise ValueError(f"a Ray address must be host:port or auto, got {address!r}")
    where = (match["host"].strip("[]"), int(match["port"]))
    try:
        socket.create_connection(where, timeout=ANSWER_SECONDS).close()
    except OSError as error:
        raise ConnectionError(f"no Ray cluster answers at {address} ({error}); {_HEAD}") from error


def _use_token() -> None:
    """Take the token that lies ready, as Ray does for a head but not for who joins one."""
    known = ("RAY_AUTH_TOKEN", "RAY_AUTH_TOKEN_PATH")
    there = any(map(os.environ.get, known)) or (Path.home() / ".ray" / "auth_token").is_file()
    if os.environ.get("RAY_AUTH_MODE") == "token" and not there:
        raise ConnectionError(
            f"RAY_AUTH_MODE is token, but there is no token in {' or '.join(known)} or "
            "~/.ray/auth_token"
        )
    if there and "RAY_AUTH_MODE" not in os.environ:
        os.environ["RAY_AUTH_MODE"] = "token"
        from ray._raylet import Config  # type: ignore[attr-defined]

        Config.initialize("")  # Ray read its environment when it was imported, which evotorch does


def _check_health(address: str) -> None:
    """Ask in a process of its own: asked here, Ray would try for minutes."""
    words = [sys.executable, "-c", _GREET, address]
    try:
        done = subprocess.run(words, capture_output=True, text=True, timeout=HEALTH_SECONDS)
        said = done.stderr
    except subprocess.TimeoutExpired as error:
        done, said = None, (error.stderr or b"").decode(errors="replace")
    if done is not None and done.returncode == 0:
        return
    if "AuthToken" in said or "Unauthenticated" in said:
        reason = "it wants a token: give the one of its head in RAY_AUTH_TOKEN"
    else:
        reason = last_line(said) if done else "it speaks another language"
    raise ConnectionError(f"what answers at {address} is no Ray cluster for us ({reason}); {_HEAD}")


def last_line(text: str) -> str:
    """Where Ray's long messages say what happened."""
    return ["", *text.strip().splitlines()][-1].strip()
