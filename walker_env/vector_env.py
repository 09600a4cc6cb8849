"""The Gymnasium vector environment: N walkers in one batch, with autoreset in the same step."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import gymnasium as gym
import numpy as np
from gymnasium.vector import AutoresetMode
from gymnasium.vector.utils import batch_space

from walker_env.batch import WalkerBatch
from walker_env.params import WORLD
from walker_env.space import (
    JsonSpec,
    check_action,
    check_render_size,
    check_seed,
    check_targets,
    info_arrays,
    spaces,
)
from walker_env.state import State
from walker_env.tasks import HORIZON, Options
from walker_env.turn import Turn

HORIZON_MOST = 10**9
"""Longest episode that can be asked for [control step]: a year and a half."""

_RESET_OPTIONS = ("targets", "reset_mask", "stagger")


class WalkerVectorEnv(JsonSpec, gym.vector.VectorEnv[np.ndarray, np.ndarray, np.ndarray]):
    """N walkers, each exactly as `WalkerEnv` alone would be.

    An episode that ends is reset in the same step: the observation returned is the first of the
    next episode, the last one is in ``info["final_obs"]`` with ``info["final_info"]``. Seeding
    follows Gymnasium: ``reset(seed=s)`` gives walker i the seed ``s + i``; a list seeds each.

    Args:
        num_envs: Number of walkers N.
        max_episode_steps: Control steps after which an episode is truncated.
        render_mode: ``"rgb_array"`` or None.
        render_size: Width and height of each walker's picture [pixel].
        **options: Body, world, reward, course, threads and so on: the keywords of
            `walker_env.Options`.

    ``reset(options=...)`` knows ``"targets"`` (n, 2), a course of the caller's own for all;
    ``"reset_mask"`` (N,) bool, to reset some walkers only; and ``"stagger"``, which starts the
    episodes' clocks at evenly spread times, so that they do not all end in the same step.
    """

    metadata = {  # noqa: RUF012 - Gymnasium declares it as it is
        "render_modes": ["rgb_array"],
        "render_fps": round(WORLD.control_rate),
        "autoreset_mode": AutoresetMode.SAME_STEP,
    }

    def __init__(
        self,
        num_envs: int = 1,
        max_episode_steps: int = HORIZON,
        render_mode: str | None = None,
        render_size: int = 600,
        **options: Any,
    ) -> None:
        if render_mode not in (None, "rgb_array"):
            raise ValueError(
                f"render_mode must be None or 'rgb_array', got {render_mode!r}; for windows use "
                "gym.make(..., render_mode='human') or vectorization_mode='sync'"
            )
        whole = isinstance(max_episode_steps, (int, np.integer))
        if not (whole and 1 <= max_episode_steps <= HORIZON_MOST):
            raise ValueError(
                f"max_episode_steps must be an int >= 1, got {max_episode_steps!r}; the most is "
                f"{HORIZON_MOST:,}, which stands for gym.make's -1, no limit"
            )
        check_render_size(render_size)
        self.batch = WalkerBatch(num_envs, Options(**options))
        self.engine = self.batch.engine.name
        self.num_envs = num_envs
        self.render_mode = render_mode
        self.autoreset_mode = self.metadata["autoreset_mode"]
        self.horizon = max_episode_steps
        self.single_observation_space, self.single_action_space = spaces(self.batch)
        self.observation_space = batch_space(self.single_observation_space, num_envs)
        self.action_space = batch_space(self.single_action_space, num_envs)
        self._shape = (num_envs, self.batch.action_width)
        self._all = np.ones(num_envs, dtype=bool)
        self._begun = False
        self._render_size = render_size
        self._views: list[Any] = []
        self._turn = Turn("the vector environment")

    def reset(
        self,
        *,
        seed: int | Sequence[int | None] | None = None,
        options: dict[str, Any] | None = None,
    ) -> tuple[np.ndarray, dict[str, Any]]:
        """Begin an episode for every walker, or for those in ``options["reset_mask"]``."""
        with self._turn:
            return self._reset(seed, options)

    def _reset(
        self, seed: int | Sequence[int | None] | None, options: dict[str, Any] | None
    ) -> tuple[np.ndarray, dict[str, Any]]:
        super().reset(seed=seed if isinstance(seed, (int, np.integer)) else None)
        targets = check_targets(options, _RESET_OPTIONS)
        mask = self._check_mask((options or {}).get("reset_mask"))
        observation = self.batch.reset(mask, self._seeds(seed), targets)
        self._begun = True
        clock = self.batch.state.clock
        clock[mask] = 0
        if (options or {}).get("stagger"):
            spread = np.arange(self.num_envs) * self.horizon // self.num_envs
            clock[mask] = spread[mask]
        self._watch(mask)
        return observation, self._masked(info_arrays(self.batch, None), mask)

    def step(
        self, actions: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, dict[str, Any]]:
        """Advance every walker one control step; see `gymnasium.vector.VectorEnv.step`."""
        with self._turn:
            return self._step(actions)

    def _step(
        self, actions: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, dict[str, Any]]:
        if not self._begun:
            raise gym.error.ResetNeeded("call reset before the first step")
        step = self.batch.step(check_action(actions, self._shape))
        clock = self.batch.state.clock
        clock += 1
        truncated = clock >= self.horizon
        done = step.terminated | truncated
        info = self._masked(info_arrays(self.batch, step), self._all)
        if not done.any():
            self._watch(done)
            return step.observation, step.reward, step.terminated, truncated, info
        observation, info = self._next_episodes(step.observation, info, done)
        self._watch(done)
        return observation, step.reward, step.terminated, truncated, info

    def snapshot(self) -> State:
        """A complete copy of all walkers, their episodes' clocks and random streams included."""
        return self.batch.snapshot()

    def restore(self, snapshot: State) -> np.ndarray:
        """Go back to a snapshot; stepping on repeats the trajectory bit for bit.

        Returns:
            Observations, ``(N, O)`` float32.

        Raises:
            ValueError: The snapshot is of another number of walkers or another body.
        """
        with self._turn:
            observation = self.batch.restore(snapshot)
            self._begun = True
            return observation

    def render(self) -> tuple[np.ndarray, ...] | None:
        """A picture of each walker, ``(size, size, 3)`` uint8; None without a ``render_mode``."""
        if self.render_mode is None:
            gym.logger.warn(
                "render() needs a render_mode, as in gym.make_vec(id, render_mode='rgb_array')"
            )
            return None
        if not self._views:
            from walker_env.render.view import View

            fps, size = self.metadata["render_fps"], self._render_size
            self._views = [View(self.batch.body, size, fps, walker=i) for i in range(self.num_envs)]
        return tuple(view.frame(self.batch) for view in self._views)

    def close_extras(self, **kwargs: Any) -> None:
        """Forget the pictures."""
        self._views = []

    def __getstate__(self) -> dict[str, Any]:
        return {**vars(self), "_views": []}  # a copy looks for itself

    def _watch(self, begun: np.ndarray) -> None:
        """Look at the new state, once somebody has; the sand is level for walkers in ``begun``."""
        for view, anew in zip(self._views, begun.tolist() if self._views else ()):
            if anew:
                view.clear()
            view.watch(self.batch)

    def _next_episodes(
        self, last: np.ndarray, info: dict[str, Any], done: np.ndarray
    ) -> tuple[np.ndarray, dict[str, Any]]:
        """Same-step autoreset: begin the next episode of every walker in ``done``."""
        rows = np.flatnonzero(done)
        final_obs = np.full(self.num_envs, None, dtype=object)
        for i in rows:
            final_obs[i] = last[i].copy()
        names = [name for name in info if name[0] != "_"]
        final_info = {name: _only(info[name], rows) for name in names}
        observation = self.batch.reset(done, seen=last)
        self.batch.state.clock[rows] = 0
        # what the reset walkers report now is their new episode, as SyncVectorEnv does it
        fresh = self.batch.tally(rows)
        for name in names:
            info[name][rows] = fresh.get(name, 0.0)
        info["final_obs"], info["_final_obs"] = final_obs, done.copy()
        info["final_info"], info["_final_info"] = self._masked(final_info, done), done.copy()
        return observation, info

    def _seeds(self, seed: int | Sequence[int | None] | None) -> np.ndarray | None:
        if seed is None and self._begun:
            return None
        if seed is None:
            return self.np_random.integers(1 << 32, size=self.num_envs, dtype=np.uint64)
        if not isinstance(seed, (Sequence, np.ndarray)) or isinstance(seed, str):
            seed = [check_seed(seed) + i for i in range(self.num_envs)]
        if len(seed) != self.num_envs:
            raise ValueError(f"seed must be an int or {self.num_envs} of them, got {len(seed)}")
        drawn = self.np_random.integers(1 << 32, size=self.num_envs)
        seeds = [check_seed(d if s is None else s) for s, d in zip(seed, drawn)]
        return np.array(seeds, dtype=np.uint64)

    def _check_mask(self, mask: np.ndarray | None) -> np.ndarray:
        if mask is None:
            return self._all
        if (
            not (
                isinstance(mask, np.ndarray)
                and mask.dtype == bool
                and mask.shape == (self.num_envs,)
            )
            or not mask.any()
        ):
            raise ValueError(
                f"options['reset_mask'] must be a bool array of shape ({self.num_envs},) "
                f"with a True in it, got {mask!r}"
            )
        if not (self._begun or mask.all()):
            raise ValueError("options['reset_mask'] must name all walkers in the first reset")
        return mask

    @staticmethod
    def _masked(values: dict[str, np.ndarray], mask: np.ndarray) -> dict[str, Any]:
        """Gymnasium's form of a vector info: beside each key, under ``_key``, who has it."""
        masks = np.empty((len(values), len(mask)), dtype=bool)
        masks[:] = mask
        return values | {f"_{name}": row for name, row in zip(values, masks)}


def _only(values: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """A copy that is zero but in ``rows``."""
    copy = np.zeros(len(values), values.dtype)
    copy[rows] = values[rows]
    return copy
