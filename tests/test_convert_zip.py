"""`convert` reads a saved model's tensors, and nothing that could run."""

from __future__ import annotations

import base64
import io
import json
import os
import pickle
import sys
import zipfile

import numpy as np
import pytest
import torch
from sb3_models import KINDS, met, predicted, trained, walkers

from agents.convert.sb3_zip import from_zip
from agents.convert.trusted import load_vec_normalize
from agents.policy import Policy, PolicyError


class Mine:
    """A pickle of it makes a folder when it is read."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return os.mkdir, (str(self.path),)


class Failing:
    """A pickle of it fails in two lines when it is read."""

    def __reduce__(self):
        return np.zeros(2).reshape, ((3,),)


def saved(folder, kind="ppo", **how):
    """A model, its zip and the file of its VecNormalize."""
    model = trained(kind, env=walkers(), **how)
    model.save(folder / "model.zip")
    if env := model.get_vec_normalize_env():
        env.save(folder / "vec.pkl")
    return model


@pytest.fixture(scope="module")
def parts(tmp_path_factory):
    """What a PPO's zip holds, by name."""
    folder = tmp_path_factory.mktemp("saved")
    saved(folder)
    with zipfile.ZipFile(folder / "model.zip") as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture
def write(parts, tmp_path):
    """write(**changes): the zip with other data, tensors or whole entries (None: without one)."""

    def written(data=None, tensors=None, entries=None):
        found = dict(parts)
        if data is not None:
            found["data"] = json.dumps(json.loads(found["data"]) | data).encode()
        if tensors is not None:
            old = torch.load(io.BytesIO(found["policy.pth"]), weights_only=True)
            file = io.BytesIO()
            torch.save({k: v for k, v in (old | tensors).items() if v is not None}, file)
            found["policy.pth"] = file.getvalue()
        found |= entries or {}
        with zipfile.ZipFile(tmp_path / "model.zip", "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in found.items():
                if content is not None:
                    archive.writestr(name, content)
        return tmp_path / "model.zip"

    return written


@pytest.mark.parametrize("kind", KINDS)
def test_the_command_s_policy_acts_as_the_model(kind, tmp_path, called):
    model = saved(tmp_path, kind)
    words = ["--vec-normalize", "vec.pkl", "--trust", "--out", "mine.safetensors", "--name", "ada"]
    code, told, errors = called("convert", "model.zip", *words)
    assert (code, errors) == (0, "")
    policy = Policy.load(tmp_path / "mine.safetensors")
    np.testing.assert_allclose(policy.act(met(12)), predicted(model, met(12)), atol=1e-5)
    assert policy.walker == Policy.from_sb3(model).walker
    assert (policy.name, policy.training["algorithm"]) == ("ada", kind)
    assert policy.training["steps"] == model.num_timesteps
    activation = "tanh" if kind in ("ppo", "a2c", "trpo") else "relu"
    assert f"{kind}, 12 -> 8 -> 8 -> 6, hidden layers {activation} (the default of {kind}" in told
    assert "Largest difference of actions over 1,000 observations: " in told
    assert "VecNormalize" not in told


def test_what_was_taken_for_what_is_said(tmp_path, called):
    saved(tmp_path, normalise=False, activation_fn=torch.nn.ReLU, arch=(5,))
    options = ["--world", "ice", "--observation", "full"]
    code, told, _ = called("convert", "model.zip", "--out", "mine.safetensors", *options)
    assert code == 0
    assert "hidden layers relu (as the file says)" in told
    assert "Without normalisation, as it was trained.\n" in told
    assert "Observation full, body quadruped, world ice" in told
    policy = Policy.load(tmp_path / "mine.safetensors")
    assert (policy.name, policy.network.sizes) == ("model", (12, 5, 6))
    code, _, errors = called("convert", "model.zip", "--out", "x", "--activation", "tanh")
    assert code == 2
    assert errors.endswith("the file says that its activation is relu, not tanh\n")


def test_a_pickle_is_read_by_request_only(tmp_path, called):
    saved(tmp_path)
    (tmp_path / "vec.pkl").write_bytes(pickle.dumps(Mine(tmp_path / "ran")))
    words = ["convert", "model.zip", "--vec-normalize", "vec.pkl", "--out", "mine.safetensors"]
    code, _, errors = called(*words)
    assert code == 2
    assert "is a pickle, which can run any code when it is read; add --trust if" in errors
    assert "would give a policy with a wrong score" in errors
    assert not (tmp_path / "ran").exists()
    code, _, errors = called("convert", "model.zip", "--out", "mine.safetensors", "--trust")
    assert (code, errors) == (2, "error: --trust is for --vec-normalize FILE: which one?\n")
    code, _, errors = called(*words, "--trust")
    assert code == 2
    assert "expected a VecNormalize, got NoneType" in errors
    assert (tmp_path / "ran").exists()
    assert not (tmp_path / "mine.safetensors").exists()


@pytest.mark.parametrize("content", [b"", b"no pickle", pickle.dumps(3)[:-1]])
def test_a_damaged_pickle_is_named(tmp_path, content):
    (tmp_path / "vec.pkl").write_bytes(content)
    with pytest.raises(PolicyError, match=r"vec.pkl: expected what VecNormalize.save writes"):
        load_vec_normalize(tmp_path / "vec.pkl", trust=True)


def test_an_error_of_a_pickle_is_one_line(tmp_path):
    for content in (pickle.dumps(Failing()), b"cno_such_module\nname\n."):
        (tmp_path / "vec.pkl").write_bytes(content)
        with pytest.raises(PolicyError) as caught:
            load_vec_normalize(tmp_path / "vec.pkl", trust=True)
        assert "\n" not in str(caught.value)


def test_no_pickle_in_the_zip_is_touched(write, tmp_path):
    bomb = pickle.dumps(Mine(tmp_path / "ran"))
    text = {":type:": "x", ":serialized:": base64.b64encode(bomb).decode()}
    names = ("policy_class", "policy_kwargs", "action_space", "observation_space", "lr_schedule")
    parts, _ = from_zip(write(data=dict.fromkeys(names, text)), False)
    assert parts.network.sizes == (12, 8, 8, 6)
    packed = io.BytesIO()
    torch.save({"action_net.weight": Mine(tmp_path / "ran")}, packed)
    for content in (bomb, packed.getvalue()):
        with pytest.raises(PolicyError, match=r"'policy.pth' in it must be tensors"):
            from_zip(write(entries={"policy.pth": content}))
    assert not (tmp_path / "ran").exists()


@pytest.mark.long
def test_reading_a_zip_needs_no_learning_library(write, fresh_python):
    script = f"""
import sys
from agents.convert.sb3_zip import from_zip
from_zip({str(write())!r}, False)
print("stable_baselines3" in sys.modules)
"""
    assert fresh_python(script) == "False"


def bomb(size):
    """A small zip whose only entry unpacks to ``size`` bytes."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("archive/data.pkl", bytes(size))
    return file.getvalue()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"entries": {"policy.pth": None}}, "lacks policy.pth: it is not what model.save"),
        ({"entries": {"data": None, "policy.pth": None}}, "lacks data and policy.pth"),
        ({"entries": {"bomb": bytes(1_100_000)}}, "must unpack to at most 1,000,000 bytes"),
        ({"entries": {f"x{i}": b"" for i in range(1200)}}, "must have at most 1,000 entries"),
        ({"entries": {"policy.pth": bomb(1_100_000)}}, "'policy.pth' .* unpack to at most"),
        ({"entries": {"policy.pth": b"PK\x03\x04"}}, "'policy.pth' in it must be tensors that"),
        ({"entries": {"data": b"\xff\xfe"}}, "'data' in it must be JSON"),
        ({"entries": {"data": b"[" * 90_000}}, "'data' in it must be JSON"),
        ({"entries": {"data": b"[]"}}, "'data' in it must be an object, got list"),
        ({"entries": {"data": b" " * 110_000}}, "'data' in it must have at most 100,000"),
        (
            {"tensors": {"w": torch.zeros(1).expand(10**5, 10**5)}},
            "must have at most 25,000,000 numbers, has 10,0",
        ),
        (
            {"tensors": {"w": torch.zeros(1).expand(1000, 1000)}},
            r"'w' has the shape \(1000, 1000\), and fewer numbers are stored",
        ),
        (
            {
                "tensors": {
                    "mlp_extractor.policy_net.0.weight": torch.zeros(200_000, 12),
                    "mlp_extractor.policy_net.0.bias": torch.zeros(200_000),
                    "mlp_extractor.policy_net.2.weight": torch.zeros(2, 200_000),
                    "mlp_extractor.policy_net.2.bias": torch.zeros(2),
                    "action_net.weight": torch.zeros(6, 2),
                },
            },
            "the network has 3,000,020 numbers, a policy file .* holds 2,500,000",
        ),
        ({"tensors": {"w": 3}}, "must be plain tensors of real numbers by name"),
        ({"tensors": {"w": torch.zeros(2).to_sparse()}}, "must be plain tensors"),
        ({"tensors": {"w": torch.zeros(2, device="meta")}}, "must be plain tensors"),
        ({"tensors": {"w": torch.zeros(2, dtype=torch.complex64)}}, "must be plain tensors"),
        ({"tensors": {"action_net.weight": None}}, "expected the tensors of PPO, A2C, TRPO, SAC"),
        (
            {"tensors": {"action_net.weight": torch.zeros(6)}},
            "'action_net' is no Linear layer that an activation follows",
        ),
        ({"tensors": {"action_net.bias": None}}, "'action_net' is no Linear layer"),
        (
            {"tensors": {"mlp_extractor.policy_net.1.weight": torch.zeros(8)}},
            "'mlp_extractor.policy_net.1' is no Linear layer",
        ),
        ({"tensors": {"action_net.weight": torch.full((6, 8), np.nan)}}, "w2 must be finite"),
        ({"tensors": {"action_net.weight": torch.zeros(6, 9)}}, r"w2 must have shape \(8, 6\)"),
        ({"tensors": {"features_extractor.cnn.weight": torch.zeros(1)}}, "features extractors are"),
        ({"tensors": {"lstm_actor.weight_ih_l0": torch.zeros(1)}}, "recurrent"),
        (
            {"data": {"policy_kwargs": {"features_extractor_class": "<class 'x.Big\x1b[2J'>"}}},
            "features extractors are not supported, got .<class 'x.Big.x1b",
        ),
        (
            {"data": {"policy_kwargs": {"activation_fn": "<class 'torch.nn.ELU'>"}}},
            r"activations must be one of \['tanh', 'relu'\], got \"<class 'torch.nn.ELU'>\"",
        ),
        (
            {"data": {"policy_kwargs": {"activation_fn": "<class 'mine.ReLU'>"}}},
            r"activations must be one of .*, got \"<class 'mine.ReLU'>\"",
        ),
        (
            {"data": {"policy_kwargs": {"features_extractor_class": "<class 'mine.FlattenNorm'>"}}},
            "features extractors are not supported, got \"<class 'mine.FlattenNorm'>\"",
        ),
        (
            {"data": {"policy_class": {"__module__": "stable_baselines3.mine"}}},
            "expected a policy of PPO, A2C, .*, got one of 'stable_baselines3.mine'",
        ),
        (
            {
                "data": {"policy_class": {"__module__": "sb3_contrib.crossq.policies"}},
                "tensors": {"actor.latent_pi.0.steps": torch.tensor(3)},
            },
            "CrossQ normalises between its layers",
        ),
        (
            {"entries": {"_stable_baselines3_version": bytes(2000)}},
            "'_stable_baselines3_version' in it must have at most 1,000 bytes",
        ),
        (
            {"data": {"policy_class": {"__module__": "theirs.policies"}}},
            "a class of its own, from 'theirs.policies'.*Policy.from_sb3",
        ),
        (
            {"data": {"action_space": {"low": "[-2. -2.]", "high": "[2. 2.]"}}},
            r"actions must lie within -1 and 1, got low = '\[-2. -2.\]'",
        ),
    ],
)
def test_what_is_no_model_of_ours_is_refused_in_a_line(write, changes, message, monkeypatch):
    size = 20_000_000 if "3,000,020" in message else 1_000_000
    monkeypatch.setattr("agents.convert.saved.MAX_BYTES", size)
    monkeypatch.setattr("agents.convert.saved.MAX_TENSORS", size)
    monkeypatch.setattr("agents.convert.saved.MAX_DATA", 100_000)
    path = write(**changes)
    with pytest.raises(PolicyError, match=message) as caught:
        from_zip(path, False)
    told = str(caught.value)
    assert told.startswith(str(path))
    assert told.isprintable()
    assert len(told) < 400


@pytest.mark.parametrize("content", [b"", b"PK", b"hello", pickle.dumps({"a": 1}), bytes(5000)])
def test_what_is_no_zip_is_refused(tmp_path, content):
    (tmp_path / "model.zip").write_bytes(content)
    with pytest.raises(PolicyError, match=r"model.zip: File is not a zip file"):
        from_zip(tmp_path / "model.zip")


def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.zip")
    with pytest.raises(PolicyError, match="expected a plain file"):
        from_zip(tmp_path / "pipe.zip")


def test_a_cut_zip_is_refused_at_every_place(write, tmp_path):
    whole = write().read_bytes()
    for size in np.random.default_rng(0).integers(0, len(whole), 40):
        (tmp_path / "cut.zip").write_bytes(whole[:size])
        with pytest.raises(PolicyError, match=r"cut.zip: "):
            from_zip(tmp_path / "cut.zip")


def test_a_squashed_gaussian_is_read_from_the_settings(write):
    parts, (words, *_) = from_zip(write(data={"policy_kwargs": {"squash_output": True}}), False)
    assert parts.network.output == "tanh"
    assert words.endswith("actions bounded by tanh")


def test_gsde_of_sac_is_refused(tmp_path):
    from stable_baselines3 import SAC

    model = SAC("MlpPolicy", walkers(), use_sde=True, buffer_size=10, device="cpu")
    model.save(tmp_path / "model.zip")
    with pytest.raises(PolicyError, match="gSDE bounds the mean of its actions"):
        from_zip(tmp_path / "model.zip")


def off_policy(write, **tensors):
    """The zip of a small SAC with some tensors changed."""
    layers = {f"actor.{name}.weight": torch.zeros(*s) for name, s in _SAC.items()}
    layers |= {f"actor.{name}.bias": torch.zeros(s[0]) for name, s in _SAC.items()}
    packed = io.BytesIO()
    torch.save(layers | {"critic.qf0.0.weight": torch.zeros(1, 18)} | tensors, packed)
    data = {"policy_class": {"__module__": "stable_baselines3.sac.policies"}}
    return write(entries={"policy.pth": packed.getvalue()}, data=data)


_SAC = {"latent_pi.0": (4, 12), "mu": (6, 4)}


@pytest.mark.parametrize(
    ("tensors", "message"),
    [
        (
            {"critic.qf0.2.bias": torch.zeros(1)},
            "'critic.qf0.2.weight' must be a matrix.* got none",
        ),
        (
            {"critic.qf0.0.weight": torch.tensor(1.0)},
            r"'critic.qf0.0.weight' must be a matrix, of a Linear layer, got the shape \(\)",
        ),
    ],
)
def test_a_critic_that_is_none_is_named(write, tensors, message):
    with pytest.raises(PolicyError, match=message):
        from_zip(off_policy(write, **tensors))


def test_off_policy_the_file_does_not_tell_whether_there_was_a_normalisation(write):
    parts, (words, note) = from_zip(off_policy(write))
    assert words.startswith("sac, 12 -> 4 -> 6, hidden layers relu (the default of sac")
    assert note.startswith("Without normalisation: the file does not tell whether there was one.")
    assert parts.network.output == "tanh"
    assert from_zip(off_policy(write), False)[1][1] == "Without normalisation, as told."
    quantiles = {"critic.qf0.0.weight": torch.zeros(25, 18)}
    assert from_zip(off_policy(write, **quantiles))[1][0].startswith("tqc, ")


def test_a_normalisation_that_the_file_tells_of_is_left_out_by_request_only(tmp_path, called):
    saved(tmp_path)
    words = ["convert", "model.zip", "--out", "mine.safetensors"]
    code, _, errors = called(*words)
    assert code == 2
    assert "it was trained with VecNormalize: pass it (--vec-normalize FILE --trust)" in errors
    assert not (tmp_path / "mine.safetensors").exists()
    code, told, _ = called(*words, "--no-normalisation")
    assert code == 0
    assert "Without normalisation, as told.\n" in told
    assert not Policy.load(tmp_path / "mine.safetensors").normaliser.mean.any()
    code, _, errors = called(*words, "--no-normalisation", "--vec-normalize", "vec.pkl")
    assert (code, errors) == (2, "error: --vec-normalize FILE or --no-normalisation: which one?\n")


def test_a_normalisation_that_the_file_knows_nothing_of_is_warned_of(write, parts, tmp_path):
    env = trained("ppo", env=walkers()).get_vec_normalize_env()
    note = from_zip(write(data={"_last_original_obs": None}), env)[1][1]
    assert note.startswith("Warning: the file says that it was trained without VecNormalize.")
    assert len(from_zip(write(), env)[1]) == 1
    unlearned = {"_last_original_obs": None, "_last_obs": None}
    assert "does not tell" in from_zip(write(data=unlearned))[1][1]


def test_an_activation_against_the_library_s_default_is_refused(write):
    with pytest.raises(PolicyError, match=r"is tanh \(the default of ppo,.*, not relu"):
        from_zip(write(), False, activation="relu")
    assert "tanh (as told)" in from_zip(write(), False, activation="tanh")[1][0]
    unknown = write(data={"policy_class": {":type:": "x"}})
    assert "relu (as told)" in from_zip(unknown, False, activation="relu")[1][0]


def test_empty_names_are_refused(tmp_path, called):
    saved(tmp_path, normalise=False)
    code, _, errors = called("convert", "model.zip", "--out", "x", "--name", "")
    assert (code, errors) == (2, "error: name must be 1 to 60 printable characters, got ''\n")
    code, _, errors = called("convert", "", "--out", "x")
    assert (code, errors) == (2, "error: MODEL must be the name of a file, got the folder '.'\n")


def test_what_a_zip_holds_beside_tensors_is_named_without_torch_s_advice(write, tmp_path):
    packed = io.BytesIO()
    torch.save({"action_net.weight": Mine(tmp_path / "ran")}, packed)
    with pytest.raises(PolicyError, match=r"tensors and nothing else; what else it holds is not r"):
        from_zip(write(entries={"policy.pth": packed.getvalue()}))


CARD = 'name = "ada"\nauthors = ["Ada"]\nalgorithm = "ppo"\ncode = "x"\n[budget]\nsteps = 32\n'


@pytest.mark.long
def test_a_converted_policy_goes_through_the_command_of_the_leaderboard(
    tmp_path, called, monkeypatch, capsys
):
    from benchmarks.__main__ import main

    saved(tmp_path, steps=400)
    entry = tmp_path / "entries" / "ada"
    words = ["--vec-normalize", "vec.pkl", "--trust", "--out", str(entry / "policy.safetensors")]
    assert called("convert", "model.zip", *words)[0] == 0
    (entry / "card.toml").write_text(CARD)
    command = ["benchmarks", "submit", str(entry), "--entries", str(entry.parent)]
    monkeypatch.setattr(sys, "argv", command)
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 0
    assert "rank" in capsys.readouterr().out.lower()
    assert (entry / "result.json").exists()
