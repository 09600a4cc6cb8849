"""The Gymnasium environment: the batch with one walker."""

from __future__ import annotations

from typing import Any

import gymnasium as gym
import numpy as np

from walker_env.batch import WalkerBatch
from walker_env.params import WORLD
from walker_env.schema import REWARD, TERMINATED
from walker_env.space import (
    JsonSpec,
    can_draw,
    check_action,
    check_render_size,
    check_seed,
    check_targets,
    info_arrays,
    info_of_one,
    spaces,
)
from walker_env.state import State
from walker_env.tasks import Options

_RENDER_MODES = ("human", "rgb_array")


class WalkerEnv(JsonSpec, gym.Env[np.ndarray, np.ndarray]):
    """A four-footed walker seen from above must walk to one target after another.

    Its actions are the grip of each foot and the target length of each muscle; nothing else moves
    it. Registered as ``walker_env/Walker-v0``, truncated after 100 s by `gym.make`.
    ``docs/environment.md`` has the tables of action, observation and reward.

    Args:
        render_mode: ``"rgb_array"``, ``"human"`` or None.
        render_size: Width and height of the picture [pixel].
        **options: Body, world, reward, course and so on: the keywords of `walker_env.Options`.

    Attributes:
        engine: Which engine moves the walker.

    Where pygame-ce (the extra ``render``) is not installed, an environment without a render mode
    declares none in its ``metadata``, and drawing raises `gymnasium.error.DependencyNotInstalled`.

    ``reset(options={"targets": array (n, 2)})`` walks a course of the caller's own.
    """

    metadata = {  # noqa: RUF012 - Gymnasium declares it as it is
        "render_modes": list(_RENDER_MODES),
        "render_fps": round(WORLD.control_rate),
    }

    def __init__(
        self,
        render_mode: str | None = None,
        render_size: int = 600,
        **options: Any,
    ) -> None:
        if render_mode is not None and render_mode not in _RENDER_MODES:
            raise ValueError(
                f"render_mode must be None or one of {_RENDER_MODES}, got {render_mode!r}"
            )
        check_render_size(render_size)
        self.render_mode = render_mode
        if render_mode is None and not can_draw():
            self.metadata = {**self.metadata, "render_modes": []}  # check_env tries all it finds
        self.batch = WalkerBatch(1, Options(**options))
        self.engine = self.batch.engine.name
        self.observation_space, self.action_space = spaces(self.batch)
        self._shape = (self.batch.action_width,)
        self._render_size = render_size
        self._view: Any = None
        self._begun = False

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[np.ndarray, dict[str, Any]]:
        """Begin an episode; without a seed, the next one of the present seed."""
        super().reset(seed=seed)
        targets = check_targets(options, ("targets",))
        if seed is None and not self._begun:
            seed = int(self.np_random.integers(1 << 32))
        seeds = None if seed is None else np.array([check_seed(seed)], dtype=np.uint64)
        observation = self.batch.reset(seed=seeds, targets=targets)[0]
        self._begun = True
        if self._view is not None:
            self._view.clear()
        self._show()
        info = {name: value.item() for name, value in info_arrays(self.batch, None).items()}
        return observation, info

    def step(self, action: np.ndarray) -> tuple[np.ndarray, float, bool, bool, dict[str, Any]]:
        """Advance one control step; see `gymnasium.Env.step`."""
        if not self._begun:
            raise gym.error.ResetNeeded("call reset before the first step")
        action = check_action(action, self._shape)
        step = self.batch.step(action[None])
        self._show()
        figures = step.figures.ravel().tolist()
        info = info_of_one(figures)
        return step.observation[0], figures[REWARD], figures[TERMINATED] > 0, False, info

    def snapshot(self) -> State:
        """A complete copy of the walker and its course; `gym.make` counts its time limit apart."""
        return self.batch.snapshot()

    def restore(self, snapshot: State) -> np.ndarray:
        """Go back to a snapshot and return the observation, ``(O,)`` float32.

        Raises:
            ValueError: The snapshot is of another number of walkers or another body.
        """
        observation = self.batch.restore(snapshot)[0]
        self._begun = True
        return observation

    def render(self) -> np.ndarray | None:
        """The picture as ``(size, size, 3)`` uint8 in mode ``rgb_array``; the window is live."""
        if self.render_mode is None:
            gym.logger.warn(
                "render() needs a render_mode, as in gym.make(id, render_mode='rgb_array')"
            )
            return None
        if self.render_mode == "human":
            return None
        return self._the_view().frame(self.batch)

    @property
    def window_closed(self) -> bool:
        """Whether the window has been closed; stepping goes on without drawing."""
        return self._view is not None and self._view.closed

    def close(self) -> None:
        """Close the window if there is one."""
        if self._view is not None:
            self._view.close()
            self._view = None

    def __getstate__(self) -> dict[str, Any]:
        return {**vars(self), "_view": None}  # a copy looks for itself

    def _show(self) -> None:
        """Look at the new state: the trail in the sand needs every step once somebody watches."""
        if self.render_mode == "human":
            self._the_view().show(self.batch)
        elif self._view is not None:
            self._view.watch(self.batch)

    def _the_view(self) -> Any:
        if self._view is None:
            from walker_env.render.view import View

            self._view = View(self.batch.body, self._render_size, self.metadata["render_fps"])
        return self._view
