"""A saved model of stable-baselines3 as a policy, from its tensors alone.

Which algorithm it was and how large its layers are shows in the names and shapes of the tensors.
The activation does not: it is what the file says in words beside its pickles, or the library's
default.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from agents.convert.converted import Converted, converted, fitting_options, unchanged
from agents.convert.layers import network_of
from agents.convert.modules import layers_of
from agents.convert.saved import Saved, read_saved
from agents.policy_checks import GSDE, PolicyError

_ACTIVATIONS: dict[str, type[nn.Module]] = {"tanh": nn.Tanh, "relu": nn.ReLU}
_NAMED = {  # as the library writes a class in words
    f"<class 'torch.nn.modules.activation.{kind.__name__}'>": name
    for name, kind in _ACTIVATIONS.items()
}
_FLATTEN = "<class 'stable_baselines3.common.torch_layers.FlattenExtractor'>"
_GAUSSIAN = ("ppo", "a2c", "trpo")
_STOCK = (  # where the policies of known algorithms are from
    "stable_baselines3.common.policies",
    "stable_baselines3.sac.policies",
    "stable_baselines3.td3.policies",
    "sb3_contrib.tqc.policies",
)
_KNOWN = "PPO, A2C, TRPO, SAC, TQC, TD3 or DDPG"


def from_zip(
    path: str | Path,
    vec_normalize: Any = None,
    options: Mapping[str, Any] | None = None,
    activation: str | None = None,
) -> tuple[Converted, list[str]]:
    """The parts of a policy in a model's zip file; runs no code of it.

    Args:
        path: What ``model.save`` wrote.
        vec_normalize: The `VecNormalize` that it was trained with; False: leave it out; None: there
            was none, as far as the file tells.
        options: Of what it walks in, by name; where the observation is not among them, it is the
            one that fits.
        activation: Of the hidden layers, ``"tanh"`` or ``"relu"``; None: as the file says.

    Returns:
        The parts, and in sentences what was taken for what.

    Raises:
        PolicyError: It is no such file, it holds something that a policy file cannot, or it was
            trained with a `VecNormalize` that is not given; the message names the file.
    """
    saved = read_saved(path)
    try:
        return _convert(saved, vec_normalize, options, activation)
    except PolicyError as error:
        raise PolicyError(f"{path}: {error}") from error


def _convert(
    saved: Saved, vec_normalize: Any, options: Mapping[str, Any] | None, told: str | None
) -> tuple[Converted, list[str]]:
    _check_kind(saved)
    algorithm, names, output = _actor(saved)
    note = _normalisation(saved, algorithm, vec_normalize)
    activation, why = _activation(saved, algorithm, told)
    module = _module(saved.tensors, names, activation, output)
    network = network_of(**layers_of(module))
    steps = saved.data.get("num_timesteps")
    counted = {"steps": steps} if type(steps) is int and 0 <= steps < 1e18 else {}
    parts = Converted(
        network=network,
        normaliser=_normaliser(vec_normalize, network.inputs),
        options=fitting_options(network.inputs, options),
        training={"algorithm": algorithm, **counted},
    )

    def theirs(obs: np.ndarray) -> np.ndarray:
        seen = vec_normalize.normalize_obs(obs) if vec_normalize else obs
        with torch.no_grad():
            return module(torch.from_numpy(seen)).numpy().clip(-1, 1)

    sizes = " -> ".join(map(str, network.sizes))
    bounded = "by tanh" if output == "tanh" else "by clipping"
    words = f"{algorithm}, {sizes}, hidden layers {activation} ({why}), actions bounded {bounded}"
    made = converted(parts, theirs, f"stable_baselines3 {saved.version}".strip())
    return made, [words, *note]


def _normalisation(saved: Saved, algorithm: str, given: Any) -> list[str]:
    """A sentence on the normalisation, where there is one to say.

    A model that learned keeps its last observation; before `VecNormalize`, if there was one. Off
    policy it is kept with and without one.
    """
    before = saved.data.get("_last_original_obs")
    tells = algorithm in _GAUSSIAN and "_last_original_obs" in saved.data
    if given is None and tells and isinstance(before, dict):
        raise PolicyError(
            "it was trained with VecNormalize: pass it (--vec-normalize FILE --trust), or say that "
            "it is to be left out (--no-normalisation), which gives another score"
        )
    if given is False:
        return ["Without normalisation, as told."]
    tells = tells and before is None and isinstance(saved.data.get("_last_obs"), dict)
    if given is not None:
        return [_SUPERFLUOUS] if tells else []
    return ["Without normalisation, as it was trained."] if tells else [_UNTOLD]


_SUPERFLUOUS = (
    "Warning: the file says that it was trained without VecNormalize. It gets the one that was "
    "passed; if that is not its own, the score will be wrong."
)
_UNTOLD = (
    "Without normalisation: the file does not tell whether there was one. If it was trained with "
    "VecNormalize, pass it (--vec-normalize FILE --trust), or the score will be wrong."
)


def _normaliser(vec_normalize: Any, inputs: int) -> Any:
    if not vec_normalize:
        return unchanged(inputs)
    from agents.convert.sb3 import normaliser

    return normaliser(vec_normalize)


def _check_kind(saved: Saved) -> None:
    """Whether the words in the file are those of a model that its tensors alone describe."""
    if any(name.startswith("lstm_") for name in saved.tensors):
        raise PolicyError("it is recurrent; a policy here is a function of one observation")
    home = str(saved.words("policy_class").get("__module__", _STOCK[0]))
    if home.startswith("sb3_contrib.crossq."):
        raise PolicyError(
            "CrossQ normalises between its layers (BatchRenorm), which a policy file cannot hold"
        )
    if home.startswith(("stable_baselines3.", "sb3_contrib.")) and home not in _STOCK:
        raise PolicyError(f"expected a policy of {_KNOWN}, got one of {home!a:.80}")
    if home not in _STOCK:
        raise PolicyError(
            f"its policy is a class of its own, from {home!a:.80}: load it where that is known and "
            "give the model to Policy.from_sb3"
        )
    extractor = str(saved.words("policy_kwargs").get("features_extractor_class", _FLATTEN))
    if extractor != _FLATTEN or any("features_extractor." in name for name in saved.tensors):
        raise PolicyError(
            f"features extractors are not supported, got {extractor!r:.100}: the network must read "
            "the observation itself"
        )
    space = saved.words("action_space")
    for end, bound in (("low", -1.0), ("high", 1.0)):
        text = str(space.get(end, bound))
        if {*text.strip("[]").split()} - {f"{bound:g}.", f"{bound:g}", f"{bound}"}:
            raise PolicyError(f"its actions must lie within -1 and 1, got {end} = {text!r:.80}")


def _actor(saved: Saved) -> tuple[str, list[str], str]:
    """The algorithm, the names of the layers in their order, and what bounds the last one."""
    tensors, data = saved.tensors, saved.data
    hidden, mean = _numbered(tensors, "actor.latent_pi"), _numbered(tensors, "actor.mu")
    if "action_net.weight" in tensors:
        algorithm = "ppo" if "n_epochs" in data else "trpo" if "cg_max_steps" in data else "a2c"
        squashed = saved.words("policy_kwargs").get("squash_output") is True
        layers = [*_numbered(tensors, "mlp_extractor.policy_net"), "action_net"]
        return algorithm, layers, "tanh" if squashed else "clip"
    if "actor.mu.weight" in tensors:
        critic = _numbered(tensors, "critic.qf0")
        quantiles = len(_matrix(tensors, critic[-1])) if critic else 1
        return "sac" if quantiles == 1 else "tqc", [*hidden, "actor.mu"], "tanh"
    if mean and not data.get("use_sde"):
        algorithm = "td3" if _numbered(tensors, "critic.qf1") else "ddpg"
        return algorithm, mean, "tanh"
    if mean:
        raise PolicyError(GSDE)
    raise PolicyError(
        f"expected the tensors of {_KNOWN} with an MLP policy, got {sorted(tensors)!r:.100}"
    )


def _numbered(tensors: dict[str, torch.Tensor], prefix: str) -> list[str]:
    """Names of the layers ``prefix.NUMBER``, in their order."""
    parts = [name.split(".") for name in tensors if name.startswith(f"{prefix}.")]
    depth = prefix.count(".") + 1
    found = {int(part[depth]) for part in parts if part[depth].isdecimal() and len(part[depth]) < 9}
    return [f"{prefix}.{number}" for number in sorted(found)]


def _matrix(tensors: dict[str, torch.Tensor], name: str) -> torch.Tensor:
    weight = tensors.get(f"{name}.weight")
    if weight is None or weight.ndim != 2:
        got = "none" if weight is None else f"the shape {tuple(weight.shape)}"
        raise PolicyError(f"'{name}.weight' must be a matrix, of a Linear layer, got {got}")
    return weight


def _activation(saved: Saved, algorithm: str, told: str | None) -> tuple[str, str]:
    """Its name, and why it is that one."""
    if told is not None and told not in _ACTIVATIONS:
        raise PolicyError(f"activation must be one of {[*_ACTIVATIONS]}, got {told!r:.80}")
    text = saved.words("policy_kwargs").get("activation_fn")
    if text is not None and text not in _NAMED:
        raise PolicyError(f"activations must be one of {[*_ACTIVATIONS]}, got {text!r:.80}")
    default = "tanh" if algorithm in _GAUSSIAN else "relu"
    stock = saved.words("policy_class").get("__module__") in _STOCK
    known = _NAMED[text] if text else default if stock else None
    if told and known and told != known:
        why = "" if text else f" (the default of {algorithm}, since it names none)"
        raise PolicyError(f"the file says that its activation is {known}{why}, not {told}")
    if text or told:
        return told or _NAMED[str(text)], "as told" if told else "as the file says"
    return default, f"the default of {algorithm}, since the file names none"


def _module(
    tensors: dict[str, torch.Tensor], names: list[str], activation: str, output: str
) -> nn.Sequential:
    """The network as torch computes it, of layers that an activation and nothing else parts."""
    parts: list[nn.Module] = []
    for place, name in enumerate(names):
        weight, bias = tensors.get(f"{name}.weight"), tensors.get(f"{name}.bias")
        numbered = name.rpartition(".")[2]
        regular = not numbered.isdecimal() or int(numbered) == 2 * place
        if weight is None or weight.ndim != 2 or bias is None or not regular:
            raise PolicyError(
                f"{name!r} is no Linear layer that an activation follows: a policy file holds no "
                "other kinds"
            )
        layer = nn.Linear(weight.shape[1], weight.shape[0], device="meta")
        layer.weight = nn.Parameter(weight.float(), requires_grad=False)
        layer.bias = nn.Parameter(bias.float(), requires_grad=False)
        parts += [layer, _ACTIVATIONS[activation]()]
    parts[-1:] = [nn.Tanh()] if output == "tanh" else []
    return nn.Sequential(*parts)
