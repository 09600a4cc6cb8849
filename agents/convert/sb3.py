"""Models of stable-baselines3 as our policies: the deterministic part, with its normalisation.

PPO, A2C and TRPO act by the mean of a Gaussian, clipped; SAC, TQC, TD3 and DDPG by a tanh. What a
policy file cannot hold is refused by name.
"""

from __future__ import annotations

from typing import Any, Literal

import gymnasium as gym
import numpy as np
from stable_baselines3 import __version__
from stable_baselines3.common.policies import ActorCriticPolicy
from stable_baselines3.common.running_mean_std import RunningMeanStd
from stable_baselines3.common.torch_layers import FlattenExtractor
from stable_baselines3.common.vec_env import VecNormalize
from torch import nn

from agents.convert.converted import Converted, converted, fitting_options, unchanged
from agents.convert.layers import network_of
from agents.convert.modules import layers_of
from agents.convert.sb3_env import walks_in
from agents.networks.network import MLP, Normaliser
from agents.policy_checks import GSDE, PolicyError
from walker_env import Options


def from_model(
    model: Any,
    vec_normalize: VecNormalize | Literal[False] | None = None,
    options: Options | None = None,
) -> Converted:
    """An SB3 model as the parts of a policy.

    Args:
        model: PPO, A2C, SAC, TQC, TD3, DDPG or a relative of theirs.
        vec_normalize: The normalisation that it was trained with; False: there was none; None: that
            of its environment.
        options: What it walks in; None: as its environment, or, where it has none, the quadruped's.

    Raises:
        PolicyError: It cannot be held by a policy file, or has no environment to ask for the
            normalisation, or one in which the walkers cannot be seen.
    """
    _check_spaces(model)
    network, env = actor(model), model.get_env()
    if vec_normalize is None:
        vec_normalize = _normalisation(model)
    if env is not None:
        options = walks_in(env, options)
    inputs = network.inputs
    parts = Converted(
        network=network,
        normaliser=normaliser(vec_normalize) if vec_normalize else unchanged(inputs),
        options=fitting_options(inputs, options),
        training={"algorithm": type(model).__name__.lower(), "steps": int(model.num_timesteps)},
    )

    def theirs(obs: np.ndarray) -> np.ndarray:
        seen: Any = vec_normalize.normalize_obs(obs) if vec_normalize else obs
        return model.predict(seen, deterministic=True)[0]

    return converted(parts, theirs, f"stable_baselines3 {__version__}")


def actor(model: Any) -> MLP:
    """The deterministic part of a model's policy.

    Raises:
        PolicyError: Its network is none that a policy file can hold.
    """
    return network_of(**layers_of(_actor_modules(model.policy)))


def normaliser(vec_normalize: VecNormalize) -> Normaliser:
    """What a network sees of an observation under SB3's `VecNormalize`.

    Raises:
        PolicyError: It is none, or it normalises a dictionary of observations.
    """
    if not isinstance(vec_normalize, VecNormalize):
        raise PolicyError(f"expected a VecNormalize, got {type(vec_normalize).__name__}")
    moments = vec_normalize.obs_rms if vec_normalize.norm_obs else None
    if moments is None:
        assert vec_normalize.observation_space.shape is not None
        return unchanged(*vec_normalize.observation_space.shape)
    if not isinstance(moments, RunningMeanStd):
        raise PolicyError("VecNormalize must have one array of observations, got several by name")
    std = np.sqrt(moments.var + vec_normalize.epsilon)
    return Normaliser(moments.mean, std, float(vec_normalize.clip_obs))


def _actor_modules(policy: Any) -> list[nn.Module]:
    """In the order in which they are computed."""
    name = type(policy).__name__
    if hasattr(policy, "lstm_actor"):
        raise PolicyError(f"{name} is recurrent; a policy here is a function of one observation")
    if isinstance(policy, ActorCriticPolicy):
        _check_extractor(policy.pi_features_extractor)
        modules = [*policy.mlp_extractor.policy_net, policy.action_net]
        return [*modules, nn.Tanh()] if policy.squash_output else modules
    net: Any = getattr(policy, "actor", None)
    if not isinstance(getattr(net, "mu", None), nn.Module):
        raise PolicyError(
            f"expected the policy of PPO, A2C, SAC, TQC, TD3, DDPG or a relative of theirs, got "
            f"{name}"
        )
    _check_extractor(net.features_extractor)
    if getattr(net, "use_sde", False) and type(net.mu) is not nn.Linear:
        raise PolicyError(GSDE)
    if not hasattr(net, "latent_pi"):  # TD3's ends with a tanh of its own
        return [net.mu]
    return [net.latent_pi, net.mu, nn.Tanh()]


def _check_extractor(extractor: nn.Module) -> None:
    if type(extractor) is not FlattenExtractor:
        raise PolicyError(
            f"features extractor {type(extractor).__name__} is not supported: the network must "
            "read the observation itself (FlattenExtractor)"
        )


def _check_spaces(model: Any) -> None:
    seen, given = model.observation_space, model.action_space
    if not isinstance(seen, gym.spaces.Box) or len(seen.shape) != 1:
        raise PolicyError(f"the model's observation must be a Box of one axis, got {seen}")
    if not isinstance(given, gym.spaces.Box) or len(given.shape) != 1:
        raise PolicyError(f"the model's action must be a Box of one axis, got {given}")
    if not ((given.low == -1).all() and (given.high == 1).all()):
        raise PolicyError(
            f"the model's actions must lie within -1 and 1, got {given.low.min():g} and "
            f"{given.high.max():g}"
        )


def _normalisation(model: Any) -> VecNormalize | Literal[False]:
    """That of the model's environment."""
    if model.get_env() is None:
        raise PolicyError(
            "the model has no environment that tells whether it was trained with VecNormalize, and "
            "without it the score would be wrong: pass vec_normalize=VecNormalize.load(FILE, env), "
            "or vec_normalize=False if there was none"
        )
    return model.get_vec_normalize_env() or False
