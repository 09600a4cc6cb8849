"""What a policy's network does with an observation, layer by layer; for pictures only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from walker_env.body import get_body
from walker_env.observation import ACTION, Channel, get_layout

_SEEN = 2.0  # standard deviations at which an input is shown as fully active

_SHORT = {
    "target_distance": "distance",
    "target_cos": "ahead",
    "target_sin": "left",
    "muscle_length": "muscle",
    "turn_rate": "turn",
}


@dataclass(frozen=True, eq=False)
class Brain:
    """A network as it is drawn.

    Attributes:
        weights: ``(I, O)`` from each layer to the next.
        inputs: Name of each element of the observation.
        outputs: Name of each command.
    """

    weights: tuple[np.ndarray, ...]
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    _policy: Any

    @classmethod
    def of(cls, agent: Any) -> Brain | None:
        """The network of an agent; None for one without."""
        if not getattr(agent, "weights", None):
            return None
        body = get_body(agent.options.body)
        layout = get_layout(agent.options.observation)
        names = (_names(layout, body), _names(ACTION, body))
        return cls(tuple(np.asarray(w) for w, _ in agent.weights), *names, agent)

    def activations(self, obs: np.ndarray) -> list[np.ndarray]:
        """Activation of each layer for one observation ``(O,)``, the inputs first."""
        policy = self._policy
        x = np.clip((obs - policy.mean) / policy.std, -policy.obs_clip, policy.obs_clip)
        found = [np.clip(x / _SEEN, -1, 1)]
        for w, b in policy.weights[:-1]:
            x = np.tanh(x @ w + b)
            found.append(x)
        w, b = policy.weights[-1]
        return [*found, np.clip(x @ w + b, -1, 1)]


def _names(layout: Sequence[Channel], body: Any) -> tuple[str, ...]:
    names: list[str] = []
    for channel in layout:
        size, short = channel.size(body), _SHORT.get(channel.name, channel.name)
        names += [short] if size == 1 else [f"{short} {i + 1}" for i in range(size)]
    return tuple(names)
