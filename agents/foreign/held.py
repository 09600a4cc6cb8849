"""A policy's file, read once: what is evaluated are these bytes, whatever the file holds later."""

from __future__ import annotations

import functools
import hashlib
import json
import os
import stat
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from agents.policy import MAX_BYTES, Policy, PolicyError
from walker_env import strict_json

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

CARD = "card.toml"
"""An entry's folder has one."""

CARD_MAX = 20_000
"""Size of the largest card that is read [byte]."""

MOST_DOTS = 100
"""In a line of a card; the time to read a dotted key grows with their square."""

KINDS = {".safetensors": "safetensors", ".onnx": "onnx"}
"""What a policy file's ending says."""


@dataclass(frozen=True)
class Held:
    """A policy's file.

    Attributes:
        path: Where it lay.
        content: Its bytes.
    """

    path: Path
    content: bytes

    @property
    def kind(self) -> str:
        """By the ending; ``"safetensors"``, which says itself what it is, for an unknown one."""
        return KINDS.get(self.path.suffix, "safetensors")

    @property
    def name(self) -> str:
        """Without the folder."""
        return self.path.name

    @property
    def sha256(self) -> str:
        """Of its bytes, in hexadecimal."""
        return hashlib.sha256(self.content).hexdigest()

    @functools.cached_property
    def policy(self) -> Policy | None:
        """The policy in it; None where it holds none, as an ONNX file does."""
        try:
            return Policy.from_bytes(self.content)
        except PolicyError:
            return None

    @property
    def walker(self) -> str:
        """`Policy.walker`, whatever else the file says; `sha256` where it holds no policy."""
        return self.policy.walker if self.policy else self.sha256


def hold(path: str | Path) -> Held:
    """Read a policy's file, or that in an entry's folder; ``path`` itself may be a link.

    Raises:
        PolicyError: Missing, no plain file, or too big; the message names it.
    """
    path = Path(path)
    try:
        if path.is_dir():
            path = path / policy_name(path, str(read_card(path).get("policy", "")))
            return Held(path, read_plain(path, MAX_BYTES))
        return Held(path, read_plain(path.resolve(), MAX_BYTES))
    except PolicyError as error:
        raise PolicyError(f"{path}: {error}") from error
    except OSError as error:
        raise PolicyError(f"{path}: cannot be read: {error.strerror}") from error


def read_card(folder: Path) -> dict[str, Any]:
    """What an entry's card says, JSON-ready and otherwise unchecked.

    Raises:
        PolicyError: There is none, or it is no TOML, or nested too deeply.
        OSError: It cannot be read.
    """
    data = parse_toml(read_plain(folder / CARD, CARD_MAX))
    try:
        return strict_json.loads(json.dumps(data, default=str))
    except (ValueError, RecursionError) as error:
        raise PolicyError(f"{CARD}: {error}") from error


def parse_toml(content: bytes) -> dict[str, Any]:
    """What a card's bytes say, with TOML's types, in bounded time.

    Raises:
        PolicyError: It is no TOML, or nested too deeply, or a line has more than `MOST_DOTS` dots.
    """
    try:
        text = content.decode()
        dots = max(line.count(".") for line in text.split("\n"))
        if dots > MOST_DOTS:
            raise ValueError(f"expected at most {MOST_DOTS} dots in a line, got {dots}")
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise PolicyError(f"{CARD} must be TOML in UTF-8: {error}") from error


def policy_name(folder: Path, named: str) -> str:
    """The name of the policy's file in a folder: ``named``, or the only one where that is ``""``.

    Raises:
        PolicyError: It leads out of the folder, is of another kind, or there are none or several.
    """
    if named:
        if Path(named).name != named:
            raise PolicyError(f"policy {named!r} leads out of the folder")
        if Path(named).suffix not in KINDS:
            raise PolicyError(f"policy {named!r} must end with one of {sorted(KINDS)}")
        return named
    files = sorted(path.name for path in folder.iterdir() if path.suffix in KINDS)
    if len(files) != 1:
        raise PolicyError(f"expected one policy file *.safetensors or *.onnx, got {files}")
    return files[0]


def read_plain(path: Path, most: int) -> bytes:
    """The bytes of a plain file; a link is not followed, a pipe not waited for.

    Args:
        path: The file.
        most: Largest size that is read [byte].

    Raises:
        PolicyError: Missing, no plain file, or too big.
        OSError: It cannot be read, or it is a link.
    """
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    try:
        handle = os.open(path, flags | getattr(os, "O_BINARY", 0))
    except FileNotFoundError as error:
        raise PolicyError(f"expected a file {path.name}, got none") from error
    with open(handle, "rb") as file:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise PolicyError(f"{path.name} is no plain file")
        content = file.read(most + 1)
    if len(content) > most:
        raise PolicyError(f"{path.name} is too big: it must have at most {most:,} bytes")
    return content
