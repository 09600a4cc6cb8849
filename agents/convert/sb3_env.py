"""What the environment of an SB3 model tells: what it walks in, and its normalisation.

A wrapper's work is not in the model. So every layer around the walkers is known to leave
observations and actions alone, or is `VecNormalize`, or the model is refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import gymnasium as gym
from gymnasium import wrappers
from stable_baselines3.common.monitor import Monitor
from stable_baselines3.common.vec_env import (
    DummyVecEnv,
    SubprocVecEnv,
    VecCheckNan,
    VecMonitor,
    VecNormalize,
)
from stable_baselines3.common.vec_env.base_vec_env import VecEnvWrapper

from agents.policy_checks import PolicyError
from walker_env import Options, WalkerBatch

_OURS = "agents.algorithms.sb3_vec"  # by name: learners lie above this package
_WATCHERS = (VecMonitor, VecCheckNan)
_PLAIN = (  # they leave the numbers of observations and actions as they are
    Monitor,
    wrappers.FlattenObservation,
    wrappers.OrderEnforcing,
    wrappers.PassiveEnvChecker,
    wrappers.RecordEpisodeStatistics,
    wrappers.RecordVideo,
    wrappers.TimeLimit,
    wrappers.vector.RecordEpisodeStatistics,
)
_REWARDS = (gym.RewardWrapper, gym.vector.VectorRewardWrapper)
_CHANGERS = (
    gym.ObservationWrapper,
    gym.ActionWrapper,
    gym.vector.VectorObservationWrapper,
    gym.vector.VectorActionWrapper,
)


def walks_in(env: Any, options: Options | None) -> Options:
    """The options of the walkers in a model's environment.

    Args:
        env: An SB3 `VecEnv`.
        options: Told by whoever trained it; they go before those that are seen.

    Raises:
        PolicyError: Something in it changes observations or actions, or what is inside cannot be
            seen and ``options`` is None.
    """
    base = _base(env)
    if type(base) is not DummyVecEnv and type(base).__module__ != _OURS:
        if isinstance(base, SubprocVecEnv):
            _ask_workers(base)
        if options is None:
            raise PolicyError(
                f"what the model walks in cannot be seen inside {type(base).__name__}: pass "
                "options=Options(body=..., world=...)"
            )
        return options
    inside = base.envs if type(base) is DummyVecEnv else [base.env]
    for one in inside:
        _check_wrappers(one, options is not None)
    found = [_seen(one) for one in inside]
    if options is not None:
        return options
    if found[0] is None or any(other != found[0] for other in found):
        what = "is none of walkers" if found[0] is None else "has walkers of several kinds"
        raise PolicyError(f"the model's environment {what}: pass options=Options(...)")
    return found[0]


def _base(env: Any) -> Any:
    """What `VecEnvWrapper` of known kinds wrap."""
    normalised = False
    while isinstance(env, VecEnvWrapper):
        if isinstance(env, VecNormalize):
            if normalised:
                raise PolicyError(
                    "the model's environment is wrapped in VecNormalize twice; a policy file holds "
                    "one normalisation"
                )
            normalised = True
        elif type(env) not in _WATCHERS:
            raise PolicyError(_refused(env))
        env = env.venv
    return env


def _check_wrappers(env: Any, told: bool) -> None:
    """Refuse what changes numbers, and, unless options were told, what may do so."""
    for wrapper in _wrappers(env):
        if type(wrapper) in _PLAIN or isinstance(wrapper, _REWARDS):
            continue
        if isinstance(wrapper, _CHANGERS):
            raise PolicyError(_refused(wrapper))
        if not told:
            raise PolicyError(
                f"{_refused(wrapper)}. If it leaves observations and actions as they are, pass "
                "options=Options(...)"
            )


def _wrappers(env: Any) -> Iterator[Any]:
    while isinstance(env, (gym.Wrapper, gym.vector.VectorWrapper)):
        yield env
        env = env.env


def _ask_workers(env: SubprocVecEnv) -> None:
    for kind in (gym.ObservationWrapper, gym.ActionWrapper):
        if any(env.env_is_wrapped(kind)):
            raise PolicyError(
                f"an environment in {type(env).__name__} is wrapped in some {kind.__name__}, whose "
                "work is not in the model; give its numbers to Policy.from_layers"
            )


def _refused(wrapper: Any) -> str:
    return (
        f"the model's environment is wrapped in {type(wrapper).__name__}, whose work is not in the "
        "model; give its numbers to Policy.from_layers"
    )


def _seen(env: Any) -> Options | None:
    batch = getattr(env.unwrapped, "batch", None)
    return batch.options if isinstance(batch, WalkerBatch) else None
