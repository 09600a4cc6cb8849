"""The vector environment as stable-baselines3 wants it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from stable_baselines3.common.running_mean_std import RunningMeanStd
from stable_baselines3.common.vec_env import VecEnv, VecNormalize

from walker_env import ArenaVectorEnv, WalkerVectorEnv


class OneBatch(VecEnv):
    """What SB3 asks of environments that share one batch."""

    def step_async(self, actions: np.ndarray) -> None:
        """Keep the actions for `step_wait`."""
        self._actions = actions

    def set_attr(self, attr_name: str, value: Any, indices: Any = None) -> None:
        """Environments share one batch: an attribute cannot differ between them.

        Args:
            attr_name: Asked for.
            value: Not used.
            indices: Not used.

        Raises:
            NotImplementedError: Always.
        """
        raise NotImplementedError(f"cannot set {attr_name!r}: all walkers share one batch")

    def env_method(
        self, method_name: str, *method_args: Any, indices: Any = None, **method_kwargs: Any
    ) -> list[Any]:
        """Environments share one batch: a method cannot be called on one of them.

        Args:
            method_name: Asked for.
            *method_args: Not used.
            indices: Not used.
            **method_kwargs: Not used.

        Raises:
            NotImplementedError: Always.
        """
        raise NotImplementedError(f"cannot call {method_name!r}: all walkers share one batch")

    def env_is_wrapped(self, wrapper_class: type, indices: Any = None) -> list[bool]:
        """No wrappers inside."""
        return [False for _ in self._get_indices(indices)]


class SB3VecEnv(OneBatch):
    """N walkers as an SB3 VecEnv: same-step reset, ``terminal_observation``, plain-dict infos.

    Args:
        env: The vector environment, of walkers alone or of arenas.
        stagger: Spread the first episodes' ends; otherwise a thousand episodes end in one step
            and SB3 bootstraps their values one by one.
    """

    def __init__(self, env: WalkerVectorEnv | ArenaVectorEnv, stagger: bool = False) -> None:
        self.env, self._stagger = env, stagger
        self._seed: int | None = None
        super().__init__(env.num_envs, env.single_observation_space, env.single_action_space)

    def seed(self, seed: int | None = None) -> Sequence[int | None]:
        """Seed the next reset."""
        self._seed = seed
        return [None if seed is None else seed + i for i in range(self.num_envs)]

    def reset(self) -> np.ndarray:
        """Begin an episode in every environment."""
        options = {"stagger": True} if self._stagger else None
        observation, _ = self.env.reset(seed=self._seed, options=options)
        self._seed = None
        return observation

    def step_wait(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, list[dict[str, Any]]]:
        """Step all environments."""
        observation, reward, terminated, truncated, info = self.env.step(self._actions)
        done = terminated | truncated
        infos: list[dict[str, Any]] = [{} for _ in range(self.num_envs)]
        for i in np.flatnonzero(done):
            final = info["final_info"]
            infos[i] = {key: final[key][i] for key in final if not key.startswith("_")}
            infos[i]["terminal_observation"] = info["final_obs"][i]
            infos[i]["TimeLimit.truncated"] = bool(truncated[i] and not terminated[i])
        return observation, reward.astype(np.float32), done, infos

    def close(self) -> None:
        """Close the vector environment."""
        self.env.close()

    def get_attr(self, attr_name: str, indices: Any = None) -> list[Any]:
        """An attribute of the vector environment, for each environment."""
        return [getattr(self.env, attr_name) for _ in self._get_indices(indices)]


class PlainVecNormalize(VecNormalize):
    """SB3's `VecNormalize` for observations that are one array: it copies them once, not deeply."""

    def normalize_obs(self, obs: Any) -> Any:
        """As SB3's, to the last bit."""
        if not (self.norm_obs and isinstance(self.obs_rms, RunningMeanStd)):
            return super().normalize_obs(obs)
        return self._normalize_obs(obs, self.obs_rms).astype(np.float32)
