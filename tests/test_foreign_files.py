"""Files and folders as policies: ONNX networks, entries, and what is neither."""

from __future__ import annotations

import os
from dataclasses import replace

import numpy as np
import pytest

from agents.baselines import load_agent
from agents.foreign.about import About
from agents.foreign.door import load_file
from agents.foreign.held import hold
from agents.foreign.onnx_policy import OnnxPolicy
from agents.policy import PolicyError
from benchmarks.evaluation.examine import examine
from benchmarks.evaluation.suite import SUITE_V1
from benchmarks.race.race import Runner
from walker_env import Options
from walker_env.body import get_body
from walker_env.observation import LAYOUTS

pytest.importorskip("onnx", reason="the group 'onnx' is not installed")
pytest.importorskip("onnxruntime")

from onnx_networks import PLAIN, model


def test_a_pipe_or_a_folder_without_a_card_is_no_policy_and_is_not_waited_for(tmp_path):
    with pytest.raises(PolicyError, match=r"the folder of an entry, with card.toml"):
        load_agent(tmp_path)
    os.mkfifo(tmp_path / "policy.onnx")
    with pytest.raises(PolicyError, match=r"policy.onnx is no plain file"):
        load_agent(tmp_path / "policy.onnx")


def test_a_link_to_a_policy_is_followed_but_not_inside_a_folder(saved, tmp_path):
    folder = tmp_path / "entry"
    folder.mkdir()
    (folder / "card.toml").write_text('name = "x"')
    (folder / "policy.safetensors").symlink_to(saved)
    assert load_agent(folder / "policy.safetensors").name == "small"
    with pytest.raises(PolicyError, match=r"entry.*cannot be read"):
        load_agent(folder)


@pytest.fixture
def write(tmp_path):
    """write(content, name): a network's file."""

    def written(content, name="net.onnx"):
        (tmp_path / name).write_bytes(content)
        return tmp_path / name

    return written


def test_the_door_gives_what_onnxruntime_gives(write, obs):
    content = model(PLAIN)
    with load_file(write(content)) as policy:
        assert np.array_equal(policy.act(obs), OnnxPolicy(content, About("net")).act(obs))
        assert (policy.name, policy.training) == ("net", {"algorithm": "unknown"})


@pytest.fixture
def entry(write, tmp_path):
    """An entry's folder, as much of it as a policy needs."""
    write(model(PLAIN))
    card = ['name = "ada"', 'algorithm = "ppo"', "[budget]", "steps = 7"]
    (tmp_path / "card.toml").write_text("\n".join(card))
    return tmp_path


def test_an_entry_s_folder_is_a_policy_with_a_name(entry):
    with load_agent(entry) as policy:
        assert policy.name == "ada"
        assert policy.training == {"algorithm": "ppo", "steps": 7}
        assert policy.options.observation == "full"
        short = replace(SUITE_V1.part(["disc"], 1), horizon=2)
        assert examine(policy, short, entry).agent.file == "net.onnx"
    assert Runner.of(policy, entry).sha256 == hold(entry / "net.onnx").sha256


@pytest.mark.long
@pytest.mark.parametrize("place", ["", "net.onnx"])
def test_every_command_takes_a_network_as_a_file_or_an_entry(place, write, entry, called):
    from typer.testing import CliRunner

    from benchmarks.__main__ import app

    write(model(PLAIN, rows=1))
    name, path = ("net", "ada")[not place], str(entry / place)
    code, told, errors = called("show", path, "--gif", "walk.gif", "--seconds", "1")
    assert (code, errors) == (0, "")
    assert "Wrote walk.gif" in told
    for words in (
        ["race", path, "gait", "--seconds", "1", "--gif", "race.gif"],
        ["evaluate", path, "--courses", "1"],
        ["gait", path],
        ["figure", "paths", path, "--out", "paths.png"],
    ):
        done = CliRunner().invoke(app, words)
        assert done.exit_code == 0, done.output
        assert "Wrote " in done.output
    made = {str(p.relative_to(entry)) for p in entry.rglob("*.*")}
    assert {"race.gif", "paths.png", f"runs/results/{name}.json"} <= made
    assert f"runs/gait/{name}.html" in made


@pytest.mark.parametrize(
    ("card", "message"),
    [
        ("name = 3", "name must be 1 to 60 printable characters, got 3"),
        ('name = "a\\u001b"', "name must be 1 to 60 printable"),
        ("observation = []", "observation must be one of"),
        ('observation = "original"', r"with O = 9 \('original'\) for .* got O = 12"),
        ('budget = "x"', "budget must hold numbers"),
        ('policy = "../net.onnx"', "leads out of the folder"),
        ('policy = "other.onnx"', "expected a file other.onnx, got none"),
        (".".join(["name", *["x"] * 2000]) + " = 1", "card.toml must be TOML"),
        ("name =", "card.toml must be TOML"),
    ],
)
def test_a_folder_that_is_no_entry_is_refused_by_name(entry, card, message):
    (entry / "card.toml").write_text(card)
    with pytest.raises(PolicyError, match=message) as caught:
        load_agent(entry)
    assert str(entry) in str(caught.value)


def test_the_observation_is_the_one_that_is_as_wide(write):
    for inputs, layout in ((12, "full"), (9, "original")):
        with load_file(write(model(PLAIN, inputs=inputs))) as policy:
            assert policy.options.observation == layout
    with load_file(write(model(PLAIN, 16, 10)), "hexapod") as policy:
        assert policy.options.body.name == "hexapod"
    known = (
        r"12 \('full'\) or 9 \('original'\) or 26 \('ground'\) for the body 'quadruped', got O = 10"
    )
    with pytest.raises(PolicyError, match=f"net.onnx: .*{known}"):
        load_file(write(model(PLAIN, inputs=10)))


def test_a_network_drives_a_body_of_one_s_own(write, saved):
    heavy = tuple(replace(node, mass=12.0) for node in get_body("quadruped").nodes)
    options = Options(body=replace(get_body("quadruped"), name="own", nodes=heavy))
    assert load_agent(saved, options).options.body.name == "quadruped"
    with load_agent(write(model(PLAIN)), options) as policy:
        assert policy.options.body == options.body


def test_an_observation_that_may_be_one_or_another_must_be_named(monkeypatch):
    monkeypatch.setitem(LAYOUTS, "other", LAYOUTS["full"])
    with pytest.raises(PolicyError, match=r"several observations, \['full', 'other'\]; say wh"):
        OnnxPolicy(model(PLAIN), About("net"))


def test_what_is_not_installed_is_no_fault_of_the_file(write, monkeypatch, tmp_path):
    (tmp_path / "onnxruntime.py").write_text("raise ImportError")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with pytest.raises(ImportError, match="--group onnx"):
        load_file(write(model(PLAIN)))
