"""An agent whose network runs in a process of its own."""

from __future__ import annotations

import threading
import weakref
from dataclasses import asdict
from types import TracebackType
from typing import Any

import numpy as np

from agents.foreign.about import About
from agents.foreign.held import Held
from agents.foreign.limits import LIMITS, Limits
from agents.foreign.process import Process
from agents.policy import PolicyError
from walker_env import Options
from walker_env.observation import ACTION, get_layout, width


class ForeignPolicy:
    """An `agents.baselines.Agent` that asks another process; a function of the observation.

    The process ends with `close`, with the ``with`` block, when the policy is garbage-collected,
    and with this process.

    Args:
        held: The policy's file.
        about: What an ONNX network does not say of itself.
        limits: What its process may take.

    Attributes:
        name: Shown in tables.
        options: The environment that it was made for.
        training: How it was made, JSON-ready.
        format_version: Of the policy's file, see `agents.policy`.

    Raises:
        PolicyError: It is refused; the message names the file.
        ImportError: A library that it needs is not installed.
    """

    def __init__(self, held: Held, about: About, limits: Limits = LIMITS) -> None:
        self._where = str(held.path)
        words = about.as_dict() if held.kind == "onnx" else None
        job = {"kind": held.kind, "about": words, "limits": asdict(limits)}
        self._lock = threading.Lock()
        self._process = Process(self._where, limits)
        self._end = weakref.finalize(self, self._process.close)
        try:
            told = self._process.start(job, held.content)
            self.name: str = told["name"]
            self.options = Options.from_dict(told["options"])
            self.training: dict[str, Any] = told["training"]
            self.format_version: int = told["format_version"]
        except BaseException:
            self.close()
            raise
        self._widths = _widths(self.options)

    def act(self, obs: np.ndarray) -> np.ndarray:
        """Actions ``(N, A)`` float32 in [-1, 1] for observations ``(N, O)``.

        Raises:
            PolicyError: The network fails, takes too long or too much memory, or its actions are
                not finite.
            ValueError: ``obs`` does not have the shape that it was made for.
        """
        obs = np.ascontiguousarray(obs, dtype=np.float32)
        before, after = self._widths
        if obs.ndim != 2 or obs.shape[1] != before:
            raise ValueError(f"obs must have shape (N, O) = (N, {before}), got {obs.shape}")
        with self._lock:
            found = self._process.ask(obs, after)
        if not np.isfinite(found).all():
            raise PolicyError(f"{self._where}: the network gives actions that are not finite")
        return np.clip(found, -1, 1)

    def elsewhere(self, options: Options) -> ForeignPolicy:
        """The same policy, to walk in other ``options`` from now on.

        Raises:
            PolicyError: Its network reads or gives other numbers than these options have.
        """
        if _widths(options) != self._widths:
            raise PolicyError(
                f"it reads and gives {self._widths} numbers, there are {_widths(options)}"
            )
        self.options = options
        return self

    def close(self) -> None:
        """End its process; it cannot be asked any more."""
        self._end()

    def __enter__(self) -> ForeignPolicy:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def __deepcopy__(self, memo: dict[int, Any]) -> ForeignPolicy:
        """Itself: it remembers nothing of what it was asked."""
        return self


def _widths(options: Options) -> tuple[int, int]:
    """How many numbers a network reads and gives."""
    return width(get_layout(options.observation), options.body), width(ACTION, options.body)
