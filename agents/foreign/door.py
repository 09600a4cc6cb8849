"""The one way in for policies of others: entries, ONNX networks, files by their path."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from agents.foreign.about import About
from agents.foreign.foreign_policy import ForeignPolicy
from agents.foreign.held import Held, hold, read_card
from agents.foreign.limits import LIMITS, Limits
from agents.policy import Policy, PolicyError
from walker_env.body import Body
from walker_env.plan import NAME_MAX


def open_policy(
    held: Held, about: About, limits: Limits = LIMITS, confined: bool = False
) -> Policy | ForeignPolicy:
    """An agent from an untrusted policy file.

    An ONNX network may loop for ever on one observation only, so it always runs in a process of its
    own. A safetensors policy costs the same for every observation: once evaluated within its
    limits, it may walk, and be drawn, in this process.

    Args:
        held: The file.
        about: What an ONNX network does not say of itself.
        limits: What its process may take.
        confined: Whether a safetensors policy gets a process too: it has not been evaluated yet.

    Raises:
        PolicyError: It is refused; the message names the file.
        ImportError: A library that it needs is not installed.
    """
    if held.kind == "onnx" or confined:
        return ForeignPolicy(held, about, limits)
    try:
        return Policy.from_bytes(held.content)
    except PolicyError as error:
        raise PolicyError(f"{held.path}: {error}") from error


def load_file(
    path: str | Path, body: Body | str = "quadruped", limits: Limits = LIMITS
) -> Policy | ForeignPolicy:
    """An agent from a file, or from an entry's folder.

    Args:
        path: A policy file ``.safetensors`` or ``.onnx``, or a folder with one and a card.
        body: What an ONNX network drives.
        limits: What an ONNX network may take.

    Raises:
        PolicyError: It is no usable policy; the message names the file.
        ImportError: onnxruntime is not installed.
    """
    path = Path(path)
    held = hold(path)
    words = _words(read_card(path)) if path.is_dir() else {"name": path.stem[:NAME_MAX]}
    try:
        about = About(body=body, **words)
    except ValueError as error:
        raise PolicyError(f"{path}: {error}") from error
    return open_policy(held, about, limits)


def _words(card: dict[str, Any]) -> dict[str, Any]:
    """What a card says of a network; the rest is for the leaderboard."""
    given: dict[str, Any] = {
        name: card[name] for name in ("name", "algorithm", "budget") if name in card
    }
    return {"name": "policy", **given, "observation": card.get("observation", "full")}
