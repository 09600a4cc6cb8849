"""The learner of `sac` and `tqc`, around a model of stable-baselines3."""

from __future__ import annotations

from typing import Any

from agents.algorithms.sb3 import SB3Learner
from walker_env import Options


class OffPolicyLearner(SB3Learner):
    """SAC or TQC as a `learner.Learner`.

    The buffer is not part of a checkpoint, it would be a hundred times the rest. A resumed run
    fills it anew with what its policy walks, and learns on once it holds enough.

    Args:
        model: On an environment of `sb3.make_env`.
        piece: Control steps of one update.
        options: The environment.
        updates: Gradient updates for every step of all walkers.
        warm_up: How often all walkers have stepped before anything is learned.
    """

    def __init__(
        self, model: Any, piece: int, options: Options, updates: int, warm_up: int
    ) -> None:
        super().__init__(model, piece, options)
        self._updates, self._warm_up = updates, warm_up

    def advance(self) -> None:
        """Walk and learn one piece."""
        model: Any = self.model
        ready = model.replay_buffer.size() >= self._warm_up
        model.gradient_steps = self._updates if ready else 0
        super().advance()
