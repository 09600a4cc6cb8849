"""What the learners of stable-baselines3 share here: the environment, the policy, the state.

SB3's models learn in a loop of their own; here they are asked for one piece at a time, so that a
run can validate, save and stop between two pieces.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from stable_baselines3.common.base_class import BaseAlgorithm
from stable_baselines3.common.vec_env import VecNormalize

from agents.algorithms.sb3_vec import PlainVecNormalize, SB3VecEnv
from agents.algorithms.search_state import tensors_of
from agents.convert.sb3 import actor, normaliser
from agents.policy import Policy
from walker_env import WORLD, Options, WalkerVectorEnv


def make_env(
    options: Options, walkers: int, episode: float, discount: float, reward: bool = True
) -> VecNormalize:
    """Walkers as a normalised SB3 environment.

    Args:
        options: The environment.
        walkers: How many.
        episode: Length of a training episode [s].
        discount: Of the returns whose spread scales the reward.
        reward: Whether rewards are scaled, too.
    """
    env = WalkerVectorEnv(
        walkers,
        round(episode * WORLD.control_rate),
        **options.as_keywords(),
    )
    return PlainVecNormalize(SB3VecEnv(env, stagger=True), gamma=discount, norm_reward=reward)


class SB3Learner:
    """An SB3 model as a `learner.Learner`.

    Args:
        model: On an environment of `make_env`.
        piece: Control steps of one update.
        options: The environment.
    """

    cpu_seconds = 0.0  # it has no workers

    def __init__(self, model: BaseAlgorithm, piece: int, options: Options) -> None:
        torch.set_num_threads(1)
        self.model, self._piece, self._options = model, piece, options

    @property
    def steps(self) -> int:
        """Control steps so far, of all walkers together."""
        return self.model.num_timesteps

    @property
    def metrics(self) -> dict[str, float]:
        """What SB3 has logged last."""
        found = self.model.logger.name_to_value if hasattr(self.model, "_logger") else {}
        return {name: float(v) for name, v in found.items() if isinstance(v, (int, float))}

    def advance(self) -> None:
        """Walk and learn one piece."""
        model: Any = self.model  # SB3's types do not know that log_interval may be None
        model.learn(self._piece, log_interval=None, reset_num_timesteps=False)

    def policy(self) -> Policy:
        """The deterministic part of the model with its normalisation."""
        return Policy("sb3", actor(self.model), normaliser(self._normaliser), self._options)

    def state_dict(self) -> dict[str, Any]:
        """Weights, optimisers, normalisation and counters; walkers begin new episodes."""
        env = self._normaliser
        moments = {"obs": env.obs_rms, "ret": env.ret_rms}
        return {
            "parameters": self.model.get_parameters(),
            "variables": self._variables(),
            "moments": {
                name: {"mean": m.mean, "var": m.var, "count": float(m.count)}
                for name, m in moments.items()
            },
            "steps": self.model.num_timesteps,
            "updates": self.model._n_updates,  # type: ignore[attr-defined]
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on from there, with other random numbers than the first ones again."""
        model: Any = self.model
        model.set_parameters(tensors_of(state["parameters"]), exact_match=True)
        for name, value in state["variables"].items():
            getattr(model, name).data = torch.as_tensor(value)
        env = self._normaliser
        for name, m in (("obs", env.obs_rms), ("ret", env.ret_rms)):
            found = state["moments"][name]
            m.mean, m.var = np.asarray(found["mean"]), np.asarray(found["var"])
            m.count = found["count"]
        model.num_timesteps, model._n_updates = state["steps"], state["updates"]
        fresh = np.random.SeedSequence([model.seed, state["steps"]]).generate_state(1)
        model.set_random_seed(int(fresh[0] >> 1))  # the walkers' seeds lie some way above it

    @property
    def _normaliser(self) -> Any:
        env = self.model.get_vec_normalize_env()
        assert env is not None  # make_env put it there
        return env

    def _variables(self) -> dict[str, torch.Tensor]:
        """Tensors that SB3 keeps beside its modules, such as SAC's entropy coefficient."""
        _, names = self.model._get_torch_save_params()
        return {name: getattr(self.model, name).detach() for name in names}
