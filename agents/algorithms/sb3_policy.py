"""SB3's actor-critic, acting in numpy while it collects: SB3's numbers but for rounding, sooner.

A rollout asks the policy for a few hundred actions at a time. On so little, what torch and SB3 do
around the arithmetic costs more than the arithmetic, and numpy's tanh is several times faster than
torch's. The updates, which need gradients, are SB3's own; its forward pass stays as the oracle, and
a test holds this one to it.

numpy rounds otherwise than torch, and learning makes that grow: with the tuned settings and seed 1
weights depart from those of stock SB3 by 1e-7 after one iteration and by 1.6e-2 after 16.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import torch
from stable_baselines3.common.distributions import DiagGaussianDistribution
from stable_baselines3.common.policies import ActorCriticPolicy
from stable_baselines3.common.torch_layers import FlattenExtractor
from torch import nn

Layers = list[tuple[np.ndarray, np.ndarray, bool]]  # (I, O) and (O,), and whether a tanh follows


class ActingPolicy(ActorCriticPolicy):
    """An `ActorCriticPolicy` whose `forward` without gradients is numpy's where it can be.

    That is: a diagonal Gaussian on networks of Linear and Tanh, on the CPU. Everything else is
    left to SB3.
    """

    def forward(
        self, obs: torch.Tensor, deterministic: bool = False
    ) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Actions, values and log-probabilities of ``obs`` (N, O): SB3's but for rounding."""
        if torch.is_grad_enabled() or not self._plain:
            return super().forward(obs, deterministic)
        seen = obs.numpy()
        mean = _run(self._actor, seen)
        log_std = self.log_std.detach().numpy()
        noise = np.zeros_like(mean) if deterministic else torch.randn(mean.shape).numpy()
        action = mean + noise * np.exp(log_std)
        log_prob = -0.5 * np.einsum("na,na->n", noise, noise)
        log_prob -= log_std.sum() + 0.5 * math.log(2 * math.pi) * len(log_std)
        values = torch.from_numpy(_run(self._critic, seen))
        return torch.from_numpy(action), values, torch.from_numpy(log_prob)

    def predict_values(self, obs: Any) -> torch.Tensor:
        """Values of ``obs`` (N, O), ``(N, 1)``."""
        if torch.is_grad_enabled() or not self._plain:
            return super().predict_values(obs)
        return torch.from_numpy(_run(self._critic, obs.numpy()))

    def _build(self, lr_schedule: Any) -> None:
        super()._build(lr_schedule)
        nets = self.mlp_extractor
        actor, critic = (
            _layers((*net, last))
            for net, last in (
                (nets.policy_net, self.action_net),
                (nets.value_net, self.value_net),
            )
        )
        self._plain = (
            actor is not None
            and critic is not None
            and isinstance(self.features_extractor, FlattenExtractor)
            and isinstance(self.action_dist, DiagGaussianDistribution)
            and len(self.observation_space.shape or ()) == 1
        )
        self._actor, self._critic = actor or [], critic or []


def _layers(modules: tuple[nn.Module, ...]) -> Layers | None:
    """Live views of the weights, which torch updates in place; None for anything but an MLP."""
    layers: Layers = []
    for module in modules:
        if isinstance(module, nn.Linear) and module.weight.device.type == "cpu":
            layers.append((module.weight.detach().numpy().T, module.bias.detach().numpy(), False))
        elif isinstance(module, nn.Tanh) and layers:
            layers[-1] = (*layers[-1][:2], True)
        else:
            return None
    return layers


def _run(layers: Layers, x: np.ndarray) -> np.ndarray:
    for weight, bias, curved in layers:
        x = x @ weight
        x += bias
        if curved:
            np.tanh(x, out=x)
    return x
