"""Every block of the page on entering runs as it stands, and leaves what the page says."""

from __future__ import annotations

import re
import warnings

import numpy as np
import pytest
import torch

from agents.policy import Policy
from benchmarks.commands.readme import ROOT

PAGE = (ROOT / "docs" / "entering.md").read_text(encoding="utf-8")
BLOCKS = dict(
    zip(
        ("sb3", "cleanrl", "evotorch", "vector", "onnx"),
        re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL),
        strict=True,
    )
)


@pytest.fixture
def run(tmp_path, monkeypatch):
    """run(name): what a block leaves, in a folder of its own."""

    def ran(name):
        monkeypatch.chdir(tmp_path)
        names: dict = {"__name__": "__main__"}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of the libraries that they show
            exec(compile(BLOCKS[name], f"docs/entering.md: {name}", "exec"), names)
        return names

    return ran


def same(policy, network, obs):
    """The policy acts as a torch network of what it sees, clipped."""
    seen = torch.from_numpy(policy.normaliser(obs).astype(np.float32))
    expected = network(seen).detach().numpy().clip(-1, 1)
    np.testing.assert_allclose(policy.act(obs), expected, atol=1e-5)


def test_the_agent_of_cleanrl_walks_as_in_its_wrappers(run, tmp_path):
    left = run("cleanrl")
    policy = Policy.load(tmp_path / "runs" / "my-cleanrl" / "policy.safetensors")
    env = left["envs"].envs[0]
    moments = env.get_wrapper_attr("obs_rms")
    assert moments.count > 200
    obs = np.random.default_rng(0).normal(size=(20, 12)).astype(np.float32) * 3
    env.get_wrapper_attr("env").update_running_mean = False
    wrapped = np.array([env.observation(env.env.observation(row)) for row in obs])
    net = left["agent"].actor_mean
    expected = net(torch.as_tensor(wrapped, dtype=torch.float32)).detach().numpy().clip(-1, 1)
    np.testing.assert_allclose(policy.act(obs), expected, atol=1e-5)


def test_a_plain_vector_becomes_the_network_that_it_parametrises(run, tmp_path, obs):
    left = run("vector")
    policy = Policy.load(tmp_path / "runs" / "my-vector" / "policy.safetensors")
    same(policy, left["network"], obs)
    w = left["vector"].numpy()[: 12 * 16].reshape(16, 12)
    np.testing.assert_array_equal(policy.network.weights[0][0], w.T)


def test_the_model_of_stable_baselines3_is_saved_three_times(run, tmp_path, called):
    left = run("sb3")
    folder = tmp_path / "runs" / "my-walker"
    assert left["policy"].training["converted"]["largest_difference"] < 1e-5
    line = next(x for x in PAGE.splitlines() if x.startswith("python -m agents convert"))
    code, _, errors = called(*line.split()[3:])
    assert code == 0, errors
    converted = Policy.load(tmp_path / "my.safetensors")
    assert converted.walker == Policy.load(folder / "policy.safetensors").walker
    assert [file.name for file in folder.iterdir()] == ["policy.safetensors"]  # fit to submit


@pytest.mark.long
def test_a_search_of_evotorch_walks_as_its_own_policy(run, tmp_path, obs):
    left = run("evotorch")
    policy = Policy.load(tmp_path / "runs" / "my-evotorch" / "policy.safetensors")
    theirs = left["problem"].to_policy(left["center"])
    expected = theirs(torch.from_numpy(obs)).detach().numpy()
    np.testing.assert_allclose(policy.act(obs), expected, atol=1e-5)
    flat = torch.nn.Sequential(
        torch.nn.Linear(12, 16), torch.nn.Tanh(), torch.nn.Linear(16, 6)
    )  # the order that the page states for a plain vector
    torch.nn.utils.vector_to_parameters(left["center"], flat.parameters())
    same(policy, flat, obs)


@pytest.mark.long
def test_a_network_in_onnx_walks_with_its_normalisation_inside(run, tmp_path, obs):
    pytest.importorskip("onnxruntime", reason="the extra 'onnx' is not installed")
    from agents.baselines import load_agent

    left = run("onnx")
    seen = left["env"].normalize_obs(obs)
    expected = left["model"].predict(seen, deterministic=True)[0]
    with load_agent(tmp_path / "my-walker.onnx") as agent:
        np.testing.assert_allclose(agent.act(obs), expected, atol=1e-5)
