"""Policies of other libraries become ours: the same actions but for rounding, or a refusal."""

from __future__ import annotations

import gymnasium as gym
import numpy as np
import pytest
import torch
from sb3_contrib import RecurrentPPO
from sb3_models import KINDS, met, predicted, trained, walkers
from stable_baselines3 import DQN, PPO, SAC
from stable_baselines3.common.torch_layers import BaseFeaturesExtractor
from stable_baselines3.common.vec_env import DummyVecEnv, VecNormalize
from torch import nn

from agents.convert.converted import (
    Converted,
    converted,
    fitting_options,
    observations,
    unchanged,
)
from agents.convert.layers import network_of
from agents.convert.modules import layers_of
from agents.networks.network import Normaliser
from agents.policy import Policy, PolicyError
from walker_env import ENV_ID, Options

TOLERANCE = 1e-5
"""Of an action in [-1, 1]: torch computes in float32."""


@pytest.mark.parametrize("kind", KINDS)
def test_a_model_s_policy_acts_as_the_model_with_its_normalisation(kind):
    model = trained(kind)
    policy = Policy.from_sb3(model, name="theirs")
    obs = met(16)
    expected = predicted(model, obs)
    assert np.abs(expected).mean() > 0.1
    np.testing.assert_allclose(policy.act(obs), expected, atol=TOLERANCE)
    assert (policy.name, policy.options.body.name) == ("theirs", "hexapod")
    assert policy.normaliser.bound == 2.0
    told = policy.training
    assert (told["algorithm"], told["steps"]) == (kind, model.num_timesteps)
    assert told["converted"]["observations"] == 1000
    assert 0 < told["converted"]["largest_difference"] < TOLERANCE


@pytest.mark.long
@pytest.mark.parametrize("kind", KINDS)
def test_a_trained_model_of_the_library_s_own_size_acts_the_same(kind, tmp_path):
    model = trained(kind, steps=400, env=walkers(), arch=(64, 64))
    policy = Policy.from_sb3(model)
    np.testing.assert_allclose(policy.act(met(12)), predicted(model, met(12)), atol=TOLERANCE)
    policy.save(tmp_path / "policy.safetensors")
    assert Policy.load(tmp_path / "policy.safetensors").walker == policy.walker


@pytest.mark.parametrize(
    "settings",
    [
        {"activation_fn": nn.ReLU},
        {"arch": ()},
        {"arch": ({"pi": [5], "vf": [3]},)[0]},
        {"share_features_extractor": False},
    ],
    ids=["relu", "linear", "pi", "two extractors"],
)
def test_architectures_of_ppo_that_fit(settings):
    arch = settings.pop("arch", (8, 8))
    options = {"net_arch": arch if isinstance(arch, dict) else list(arch), **settings}
    model = PPO("MlpPolicy", walkers(), n_steps=8, batch_size=16, policy_kwargs=options, seed=0)
    with torch.no_grad():
        model.policy.action_net.weight.mul_(100)
    policy = Policy.from_sb3(model)
    np.testing.assert_allclose(policy.act(met(12)), predicted(model, met(12)), atol=TOLERANCE)


def test_a_squashed_gaussian_of_ppo_ends_in_a_tanh():
    options = {"squash_output": True, "net_arch": [8]}
    model = PPO(
        "MlpPolicy", walkers(), n_steps=8, batch_size=8, use_sde=True, policy_kwargs=options
    )
    with torch.no_grad():
        model.policy.action_net.weight.mul_(100)
    policy = Policy.from_sb3(model)
    assert policy.network.words()["output"] == "tanh"
    np.testing.assert_allclose(policy.act(met(12)), predicted(model, met(12)), atol=TOLERANCE)


def test_without_normalisation_an_observation_passes_as_it_is():
    model = trained("a2c", normalise=False, env=walkers(observation="original"))
    policy = Policy.from_sb3(model)
    far = np.zeros((2, 9), np.float32)
    far[:, 0] = (11.0, 3000.0)
    np.testing.assert_allclose(policy.act(far), predicted(model, far), atol=TOLERANCE)
    assert policy.options.observation == "original"


def test_rewards_alone_may_have_been_normalised():
    env = VecNormalize(walkers(), norm_obs=False)
    model = PPO("MlpPolicy", env, n_steps=8, batch_size=8, policy_kwargs={"net_arch": [4]})
    policy = Policy.from_sb3(model)
    assert not policy.normaliser.mean.any()
    np.testing.assert_allclose(policy.act(met(12)), predicted(model, met(12)), atol=TOLERANCE)


def test_a_loaded_model_needs_a_word_on_its_normalisation(tmp_path):
    model = trained("ppo", env=walkers())
    model.save(tmp_path / "model.zip")
    model.get_vec_normalize_env().save(tmp_path / "vec.pkl")
    loaded = PPO.load(tmp_path / "model.zip", device="cpu")
    with pytest.raises(PolicyError, match=r"pass vec_normalize=VecNormalize\.load.*False if"):
        Policy.from_sb3(loaded)
    env = VecNormalize.load(str(tmp_path / "vec.pkl"), walkers())
    assert Policy.from_sb3(loaded, env).walker == Policy.from_sb3(model).walker
    bare = Policy.from_sb3(loaded, False)
    assert not bare.normaliser.mean.any()
    with pytest.raises(PolicyError, match="expected a VecNormalize, got str"):
        Policy.from_sb3(loaded, "vec.pkl")


def test_the_walkers_of_plain_environments_are_found_and_their_wrappers_checked():
    def env(wrap):
        return DummyVecEnv([lambda: wrap(gym.make(ENV_ID, body="inchworm", world="ice"))])

    def made(wrap):
        return ppo(env(wrap), net_arch=[4])

    options = Policy.from_sb3(made(gym.wrappers.FlattenObservation)).options
    assert (options.body.name, options.world.name) == ("inchworm", "ice")
    with pytest.raises(PolicyError, match=r"wrapped in NormalizeObservation.*Policy.from_layers"):
        Policy.from_sb3(made(gym.wrappers.NormalizeObservation))


class Doubled(BaseFeaturesExtractor):
    """Twice what it sees."""

    def __init__(self, space):
        super().__init__(space, 12)

    def forward(self, obs):
        """Twice ``obs``."""
        return 2 * obs


def ppo(env="walkers", **policy):
    found = walkers() if env == "walkers" else env
    return PPO("MlpPolicy", found, n_steps=8, batch_size=8, policy_kwargs=policy, device="cpu")


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: ppo(activation_fn=nn.ELU), "followed by Tanh, ReLU or nothing, got ELU"),
        (lambda: ppo(features_extractor_class=Doubled), "features extractor Doubled is not supp"),
        (lambda: ppo("CartPole-v1"), r"action must be a Box of one axis, got Discrete\(2\)"),
        (lambda: ppo("Pendulum-v1"), "actions must lie within -1 and 1, got -2 and 2"),
        (
            lambda: SAC("MlpPolicy", walkers(), use_sde=True, buffer_size=10),
            "gSDE bounds the mean of its actions",
        ),
        (
            lambda: RecurrentPPO("MlpLstmPolicy", walkers(), n_steps=8),
            "RecurrentActorCriticPolicy is recurrent",
        ),
        (
            lambda: DQN("MlpPolicy", "CartPole-v1", buffer_size=10),
            "action must be a Box",
        ),
        (
            lambda: ppo(gym.make("MountainCarContinuous-v0")),
            r"environment is none of walkers: pass options=Options\(...\)",
        ),
    ],
    ids=["elu", "extractor", "discrete", "bounds", "gsde", "recurrent", "dqn", "other env"],
)
@pytest.mark.filterwarnings("ignore:You are trying to run:UserWarning")
def test_what_a_policy_file_cannot_hold_is_refused_in_a_line(make, message):
    with pytest.raises(PolicyError, match=message) as caught:
        Policy.from_sb3(make())
    assert "\n" not in str(caught.value)


def test_a_policy_with_a_way_of_its_own_is_found_out():
    model = trained("ppo", env=walkers())
    plain = model.policy.mlp_extractor.forward_actor
    model.policy.mlp_extractor.forward_actor = lambda x: 2 * plain(x)
    with pytest.raises(PolicyError, match=r"acts otherwise than it does, by up to .* in 1,000"):
        Policy.from_sb3(model)


def test_observations_to_compare_are_always_the_same_and_meet_the_bound():
    normaliser = Normaliser(np.full(12, 5.0), np.full(12, 0.1), 4.0)
    first, second = observations(normaliser), observations(normaliser)
    np.testing.assert_array_equal(first, second)
    assert first.shape == (1000, 12)
    beyond = np.abs((first - 5.0) / 0.1) > 4.0
    assert 0.02 < beyond.mean() < 0.2


@pytest.fixture
def arrays():
    """Weights and biases of 12 -> 5 -> 6."""
    rng = np.random.default_rng(0)
    return [rng.normal(size=s) for s in ((12, 5), (5, 6))], [rng.normal(size=n) for n in (5, 6)]


def test_layers_are_the_written_formula(arrays):
    (w0, w1), (b0, b1) = arrays
    obs = met(12, 50)
    policy = Policy.from_layers(*arrays)
    inner = np.tanh(obs @ w0 + b0)
    np.testing.assert_allclose(policy.act(obs), np.clip(inner @ w1 + b1, -1, 1), atol=1e-5)
    seen = Normaliser(np.full(12, 0.5), np.full(12, 2.0), 3.0)
    policy = Policy.from_layers(
        *arrays, activation="relu", output="tanh", normaliser=seen, name="me", training={"a": 1}
    )
    inner = np.maximum(np.clip((obs - 0.5) / 2, -3, 3) @ w0 + b0, 0)
    np.testing.assert_allclose(policy.act(obs), np.tanh(inner @ w1 + b1), atol=1e-5)
    assert (policy.name, policy.training, policy.options) == ("me", {"a": 1}, Options())


def test_the_layout_is_the_one_that_is_as_wide(arrays):
    (w0, w1), biases = arrays
    assert Policy.from_layers([w0[:9], w1], biases).options.observation == "original"
    assert fitting_options(16, {"body": "hexapod"}).observation == "full"
    with pytest.raises(PolicyError, match=r"reads 12 numbers, .*'quadruped' has 9 \('original'\);"):
        Policy.from_layers([w0, w1], biases, options=Options(observation="original"))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda w, b: ([x.T for x in w], b), r"got \(5, 12\) and \(5,\); .*: give weight.T"),
        (lambda w, b: (w, b[:1]), "as many biases as weights, got 2 weights and 1 biases"),
        (lambda w, b: ([], []), "at least one layer, got none"),
        (lambda w, b: (w, [b[0], b[1][:4]]), r"weights\[1\] must have shape .*got \(5, 6\) and"),
        (lambda w, b: ([w[0], w[1][:4]], b), r"w1 must have shape \(5, 6\)"),
        (lambda w, b: ([w[0] * np.nan, w[1]], b), "w0 must be finite"),
        (lambda w, b: ([w[0][:7], w[1]], b), "reads 7 numbers.*; name the body that"),
        (lambda w, b: ([np.zeros((36, 5)), w[1]], b), r"it sees 3 observations at once \(VecFrame"),
        (lambda w, b: ([w[0] * 1j, w[1]], b), r"weights\[0\] must be .* numbers, got complex128"),
        (
            lambda w, b: (w, [b[0], ["1"] * 6]),
            r"biases\[1\] must be an array of real numbers, got <",
        ),
        (
            lambda w, b: ([w[0], [[1], [1, 2]]], b),
            r"weights\[1\] must be an array of real numbers: ",
        ),
        (lambda w, b: (None, b), "weights must be one array for each layer, got NoneType"),
        (
            lambda w, b: (
                [np.broadcast_to(0.0, shape) for shape in ((12, 10**6), (10**6, 6))],
                [np.broadcast_to(0.0, 10**6), b[1]],
            ),
            "the network has 19,000,006 numbers, .* at most 10,000,000 bytes holds 2,500,000",
        ),
    ],
)
def test_layers_that_do_not_fit_are_refused(arrays, change, message):
    with pytest.raises(PolicyError, match=message):
        Policy.from_layers(*change(*arrays))


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"activation": "elu"}, r"activation must be one of \('tanh', 'relu'\), got 'elu'"),
        ({"output": "none"}, r"output must be one of \('tanh', 'clip'\), got 'none'"),
        ({"normaliser": (0, 1)}, "normaliser must be a Normaliser, got tuple"),
        ({"normaliser": ()}, "normaliser must be a Normaliser, got tuple"),
        ({"options": "quadruped"}, "options must be Options, got str"),
        ({"options": {"legs": 4}}, "options must be those of Options: .*'legs'"),
        (
            {"options": Options(observation="original")},
            r"reads 12 numbers, .* has 9 \('original'\); the observation 'full' is as wide",
        ),
    ],
)
def test_words_about_layers_that_do_not_fit_are_refused_by_name(arrays, words, message):
    with pytest.raises(PolicyError, match=message):
        Policy.from_layers(*arrays, **words)


@pytest.mark.parametrize("bound", [np.float32(3), np.int64(3), 3])
def test_layers_may_be_generated_and_the_bound_a_number_of_numpy(arrays, bound):
    weights, biases = arrays
    seen = Normaliser(np.zeros(12), np.ones(12), bound)
    policy = Policy.from_layers((w for w in weights), (b for b in biases), normaliser=seen)
    known = Normaliser(np.zeros(12), np.ones(12), 3.0)
    assert policy.walker == Policy.from_layers(weights, biases, normaliser=known).walker
    assert Policy.from_bytes(policy.to_bytes()).walker == policy.walker


def test_a_wide_network_is_compared_in_blocks_of_little_memory():
    rng = np.random.default_rng(0)
    wide = network_of(
        [rng.normal(size=(12, 20_000)), rng.normal(size=(20_000, 6)) * 1e-3],
        [np.zeros(20_000), np.zeros(6)],
        "relu",
        "clip",
    )
    seen: list[int] = []

    def theirs(obs):
        seen.append(len(obs))
        return wide.act(obs, unchanged(12)) + (1e-4 if len(seen) == 2 else 0)

    parts = converted(Converted(wide, unchanged(12), Options(), {}), theirs, "a test")
    assert sum(seen) == 1000
    assert max(seen) * 20_000 * 8 <= 1 << 23
    assert 0.9e-4 < parts.difference < 1.1e-4


def test_modules_in_each_other_are_their_layers_in_order():
    torch.manual_seed(0)
    inner = nn.Sequential(nn.Linear(12, 5, bias=False), nn.ReLU())
    net = nn.Sequential(nn.Flatten(), inner, nn.Identity(), nn.Linear(5, 6), nn.Hardtanh())
    policy = Policy.from_layers(**layers_of(net))
    assert policy.network.words() == {"hidden": "relu", "output": "clip"}
    obs = met(12)
    expected = net(torch.from_numpy(obs)).detach().numpy()
    np.testing.assert_allclose(policy.act(obs), expected, atol=1e-5)


@pytest.mark.parametrize(
    ("modules", "message"),
    [
        ([nn.Linear(12, 6), nn.ReLU()], "the last layer must be followed by tanh or nothing"),
        ([nn.Linear(12, 4), nn.Linear(4, 6)], r"all by relu, got \['none'\]"),
        (
            [nn.Linear(12, 4), nn.Tanh(), nn.Linear(4, 4), nn.ReLU(), nn.Linear(4, 6)],
            r"got \['tanh', 'relu'\]",
        ),
        ([nn.Linear(12, 4), nn.Hardtanh(), nn.Linear(4, 6)], r"got \['clip'\]"),
        ([nn.Linear(12, 4), nn.Tanh(), nn.Tanh()], "got Tanh"),
        ([nn.Linear(12, 4), nn.Dropout(0.1)], "got Dropout"),
        ([nn.LayerNorm(12)], "got LayerNorm"),
        ([nn.Linear(12, 6), nn.Hardtanh(-2, 2)], "got Hardtanh"),
    ],
)
def test_modules_that_a_policy_file_cannot_hold_are_named(modules, message):
    with pytest.raises(PolicyError, match=message):
        layers_of(modules)


def test_the_policy_of_our_own_learner_is_that_of_its_model():
    from agents.algorithms.ppo import PPOConfig
    from agents.trial import Walkers

    config = PPOConfig(walkers=4, horizon=8, batch=16, epochs=1, hidden=(8,))
    learner = config.learner(Walkers(config.options))
    learner.advance()
    assert learner.policy().walker == Policy.from_sb3(learner.model).walker
