"""What `model.save` of stable-baselines3 wrote, read without running any code.

The zip holds ``data``, JSON in which some values are pickles as text, and torch's own zip
``policy.pth``. The pickles are left alone; beside each stands what it is in words, which is read as
words. torch reads tensors and nothing else (``weights_only``).
"""

from __future__ import annotations

import io
import json
import math
import pickle
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from agents.policy_checks import PolicyError
from walker_env.files import open_zip, read_plain, read_zipped

MAX_BYTES = 200_000_000
"""Size of the largest zip that is read, packed and unpacked."""

MAX_DATA = 10_000_000
"""Size of the largest ``data`` in it."""

MAX_TENSORS = 100_000_000
"""Size of the largest ``policy.pth`` in it, packed and unpacked: the actor and the critics."""

MAX_NUMBERS = 25_000_000
"""Most numbers in its tensors, all together."""

MAX_VERSION = 1000
"""Size of the largest entry that names the library's version."""

MAX_ENTRIES = 1000
"""Most files in a zip, and tensors in it."""

WEIGHTS, DATA, VERSION = "policy.pth", "data", "_stable_baselines3_version"


@dataclass(frozen=True)
class Saved:
    """A saved model; words in it are somebody's, and unchecked.

    Attributes:
        data: The settings by name; a value that was pickled is a dict with what is said of it.
        tensors: The policy's parameters by name.
        version: Of the library that wrote it.
    """

    data: dict[str, Any]
    tensors: dict[str, torch.Tensor]
    version: str

    def words(self, name: str) -> dict[str, Any]:
        """What is said of a value that was pickled, or a dict that was not; {} for none."""
        found = self.data.get(name)
        return found if isinstance(found, dict) else {}


def read_saved(path: str | Path) -> Saved:
    """Read a saved model.

    Raises:
        PolicyError: It is none, or too large; the message names the file.
    """
    try:
        content = read_plain(path, MAX_BYTES)
        with open_zip(content, MAX_ENTRIES, MAX_BYTES) as archive:
            names = set(archive.namelist())
            if missing := sorted({WEIGHTS, DATA} - names):
                raise ValueError(
                    f"lacks {' and '.join(missing)}: it is not what model.save of "
                    "stable-baselines3 writes"
                )
            for name, most in ((DATA, MAX_DATA), (WEIGHTS, MAX_TENSORS), (VERSION, MAX_VERSION)):
                if name in names and archive.getinfo(name).file_size > most:
                    raise ValueError(f"{name!r} in it must have at most {most:,} bytes")
            data = _settings(read_zipped(archive, DATA))
            tensors = _tensors(read_zipped(archive, WEIGHTS))
            version = read_zipped(archive, VERSION) if VERSION in names else b""
    except ValueError as error:
        raise PolicyError(f"{path}: {error}") from error
    return Saved(data, tensors, _plain(version))


def _settings(content: bytes) -> dict[str, Any]:
    try:
        data = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"{DATA!r} in it must be JSON: {error!s:.100}") from error
    if not isinstance(data, dict):
        raise ValueError(f"{DATA!r} in it must be an object, got {type(data).__name__}")
    return data


def _tensors(content: bytes) -> dict[str, torch.Tensor]:
    try:
        open_zip(content, MAX_ENTRIES, MAX_TENSORS).close()
    except ValueError as error:
        raise ValueError(f"{WEIGHTS!r} in it must be tensors that torch wrote: {error}") from error
    try:
        found = torch.load(io.BytesIO(content), map_location="cpu", weights_only=True)
    except pickle.UnpicklingError as error:  # torch's own sentence is long and names a way around
        raise ValueError(
            f"{WEIGHTS!r} in it must be tensors and nothing else; what else it holds is not read"
        ) from error
    except Exception as error:  # pickle's, torch's and the system's errors alike
        lines = str(error).splitlines() or [type(error).__name__]
        raise ValueError(
            f"{WEIGHTS!r} in it must be tensors and nothing else: {lines[0]!a:.120}"
        ) from error
    if not isinstance(found, dict) or not all(map(_is_plain, found, found.values())):
        raise ValueError(f"{WEIGHTS!r} in it must be plain tensors of real numbers by name")
    numbers = sum(math.prod(tensor.shape) for tensor in found.values())
    if numbers > MAX_NUMBERS:
        raise ValueError(
            f"{WEIGHTS!r} in it must have at most {MAX_NUMBERS:,} numbers, has {numbers:,}"
        )
    for name, tensor in found.items():
        if tensor.untyped_storage().nbytes() < tensor.numel() * tensor.element_size():
            raise ValueError(
                f"{WEIGHTS!r} in it: {name!a:.80} has the shape {tuple(tensor.shape)}, and fewer "
                "numbers are stored"
            )
    return dict(found)


def _is_plain(name: Any, tensor: Any) -> bool:
    return (
        isinstance(name, str)
        and type(tensor) is torch.Tensor
        and (tensor.dtype.is_floating_point or tensor.dtype == torch.int64)  # a counter of batches
        and tensor.layout == torch.strided
        and tensor.device.type == "cpu"
    )


def _plain(version: bytes) -> str:
    text = version[:20].decode(errors="replace").strip()
    return text if text.isascii() and text.isprintable() else ""
