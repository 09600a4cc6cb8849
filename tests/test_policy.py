"""Policies and their files: a bad file is refused by name, a write is whole or nothing."""

import json
import os
import pickle
import signal
import struct
import subprocess
import sys
from itertools import pairwise

import numpy as np
import pytest
from safetensors.numpy import save as save_tensors

from agents.networks.network import MLP, Graph, Normaliser
from agents.policy import MAX_BYTES, Policy, PolicyError
from walker_env import Options, WalkerBatch, World
from walker_env.files import atomic_path, atomic_write


def make_policy(sizes=(12, 8, 6), seed=0, **fields):
    rng = np.random.default_rng(seed)
    weights = tuple((rng.normal(size=(i, o)), rng.normal(size=o)) for i, o in pairwise(sizes))
    seen = {"mean": np.zeros(sizes[0]), "std": np.ones(sizes[0]), "obs_clip": 10.0}
    net = {"hidden": "tanh", "output": "clip"}
    seen |= {name: fields.pop(name) for name in list(fields) if name in seen}
    net |= {name: fields.pop(name) for name in list(fields) if name in net}
    return Policy(
        network=MLP(weights, **net),
        normaliser=Normaliser(seen["mean"], seen["std"], seen["obs_clip"]),
        **{"name": "test"} | fields,
    )


@pytest.fixture
def saved(tmp_path):
    path = tmp_path / "policy.safetensors"
    make_policy(training={"algorithm": "chance", "seed": 3}).save(path)
    return path


def metadata(path):
    """The description in a policy file."""
    content = path.read_bytes()
    size = struct.unpack("<Q", content[:8])[0]
    return json.loads(json.loads(content[8 : 8 + size])["__metadata__"]["policy"])


def rewrite(path, tensors=None, **changes):
    """Write the file again with some tensors or some of the description changed (None: removed)."""
    meta = metadata(path) | changes
    policy = Policy.load(path)
    arrays = {"mean": policy.normaliser.mean, "std": policy.normaliser.std}
    arrays |= policy.network.tensors()
    arrays = {k: v for k, v in (arrays | (tensors or {})).items() if v is not None}
    meta = {k: v for k, v in meta.items() if v is not None}
    path.write_bytes(save_tensors(arrays, metadata={"policy": json.dumps(meta)}))


def test_the_network_is_the_written_formula():
    policy = make_policy((12, 5, 4, 6), mean=np.full(12, 0.5), std=np.full(12, 2.0), obs_clip=0.6)
    obs = np.random.default_rng(1).normal(size=(7, 12)).astype(np.float32)
    x = np.clip((obs - 0.5) / 2, -0.6, 0.6)
    for w, b in policy.network.weights[:-1]:
        x = np.tanh(x @ w + b)
    w, b = policy.network.weights[-1]
    action = policy.act(obs)
    np.testing.assert_allclose(action, np.clip(x @ w + b, -1, 1), rtol=1e-5, atol=1e-6)
    assert action.dtype == np.float32


def test_tanh_and_clip_bound_the_same_output():
    obs = np.random.default_rng(1).normal(size=(50, 12))
    for output in ("tanh", "clip"):
        assert np.abs(make_policy(output=output).act(obs)).max() <= 1
    loose = make_policy((12, 6))
    inside = np.abs(loose.act(obs)) < 1
    bounded = make_policy((12, 6), output="tanh").act(obs)
    np.testing.assert_allclose(bounded[inside], np.tanh(loose.act(obs)[inside]), rtol=1e-5)


def test_a_row_does_not_know_how_many_are_beside_it():
    policy = make_policy((12, 64, 64, 6))
    obs = np.random.default_rng(2).normal(size=(200, 12)).astype(np.float32)
    together = policy.act(obs)
    for n in (1, 2, 3, 8, 33):
        parts = [policy.act(obs[i : i + n]) for i in range(0, 200, n)]
        assert np.array_equal(np.concatenate(parts), together)


def test_a_saved_policy_acts_and_reads_the_same(saved):
    policy = Policy.load(saved)
    obs = np.random.default_rng(0).normal(size=(4, 12))
    assert np.array_equal(policy.act(obs), make_policy().act(obs))
    assert policy.training == {"algorithm": "chance", "seed": 3}
    assert policy.network.sizes == (12, 8, 6)
    assert policy.options == Options()


def test_options_travel_with_the_policy(tmp_path, body_name, layout_name):
    options = Options(body=body_name, observation=layout_name, energy_price=0.5)
    batch = WalkerBatch(2, options)
    obs = batch.reset(seed=np.arange(2))
    policy = make_policy((obs.shape[1], batch.action_width), options=options)
    policy.save(tmp_path / "p")
    loaded = Policy.load(tmp_path / "p")
    assert loaded.options == options
    batch.step(loaded.act(obs))


def test_what_was_made_cannot_be_changed():
    policy = make_policy()
    with pytest.raises(ValueError, match="read-only"):
        policy.network.weights[0][0][0, 0] = 1
    with pytest.raises(AttributeError):
        policy.name = "other"


@pytest.mark.parametrize("shape", [(12,), (3, 11), (3, 13), (1, 3, 12)])
def test_observations_of_another_shape_are_refused(shape):
    with pytest.raises(ValueError, match=r"obs must have shape \(N, O\) = \(N, 12\)"):
        make_policy().act(np.zeros(shape))


CIRCULAR = {}
CIRCULAR["me"] = CIRCULAR


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"name": ""}, "name must be"),
        ({"output": "relu"}, "output must be one of"),
        ({"obs_clip": 0}, "obs_clip must be"),
        ({"obs_clip": np.nan}, "obs_clip must be"),
        ({"std": np.zeros(12)}, "std must be at least"),
        ({"std": np.ones(11)}, r"std must have shape \(12,\).*got \(11,\)"),
        ({"mean": np.full(12, np.inf)}, "mean must be finite"),
        ({"mean": np.full(12, 1e9)}, "mean must lie within"),
        ({"options": Options(observation="original")}, r"mean must have shape \(9,\)"),
        ({"options": Options(body="hexapod")}, "mean must have shape"),
        ({"training": [1]}, "training must be a dict"),
        ({"training": {"notes": "x" * 100_000}}, "training must have at most 100,000 characters"),
        ({"training": {(1, 2): 3}}, "training must be fit for JSON: keys must be"),
        ({"training": CIRCULAR}, "training must be fit for JSON: Circular reference"),
        ({"training": {"steps": 10**5000}}, "training must be fit for JSON"),
    ],
)
def test_a_policy_that_makes_no_sense_is_refused(fields, message):
    with pytest.raises(PolicyError, match=message):
        make_policy(**fields)


def test_no_layers_and_wrong_action_widths_are_refused():
    with pytest.raises(PolicyError, match="at least one layer"):
        make_policy((12,))
    with pytest.raises(PolicyError, match=r"w0 must have shape \(12, 6\).*got \(12, 5\)"):
        make_policy((12, 5))


def test_training_that_is_no_json_is_refused_and_writes_nothing(tmp_path):
    for training in ({"when": object()}, {"score": float("nan")}):
        with pytest.raises(PolicyError, match="cannot be written as JSON"):
            make_policy(training=training).save(tmp_path / "p")
    with pytest.raises(PolicyError, match="fit for JSON"):
        make_policy(training={"note": "half \ud800"})
    assert list(tmp_path.iterdir()) == []


STORED = Options().as_dict()
NAN = np.full((12, 8), np.nan, np.float32)


@pytest.mark.parametrize(
    ("tensors", "changes", "message"),
    [
        ({"w0": NAN}, {}, "w0 must be finite, got nan"),
        ({"b1": np.full(6, np.inf, np.float32)}, {}, "b1 must be finite, got inf"),
        ({"w0": np.zeros((8, 12), np.float32)}, {}, r"w0 must have shape .*got \(8, 12\)"),
        ({"w1": np.zeros((7, 6), np.float32)}, {}, r"w1 must have shape \(8, 6\)"),
        ({"w0": np.zeros(12, np.float32)}, {}, "w0 must have shape"),
        ({"w0": np.zeros((12, 0), np.float32), "b0": np.zeros(0, np.float32)}, {}, "w0 must"),
        ({"w0": np.zeros((12, 8))}, {}, "w0 must be float32, got float64"),
        ({"w1": None}, {}, "expected tensors"),
        ({"extra": np.zeros(1, np.float32)}, {}, "expected tensors"),
        ({"mean": None}, {}, "expected tensors"),
        ({}, {"format": "other"}, "format must be 'walker-policy', got 'other'"),
        ({}, {"format_version": 99}, r"format_version must be one of \[1, 2\], got 99"),
        ({}, {"layout_version": 77}, "layout_version must be .*got 77"),
        ({}, {"env_id": "CartPole-v1"}, "env_id must be .*got 'CartPole-v1'"),
        ({}, {"training": None}, r"metadata lacks \['training'\]"),
        ({}, {"options": {"wings": 2}}, r"options must be a dict with .*'body'.* got \['wings'\]"),
        ({}, {"options": "quadruped"}, "options must be a dict with .* got 'quadruped'"),
        ({}, {"options": STORED | {"body": "snake"}}, "body must be a whole plan .* got 'snake'"),
        ({}, {"options": STORED | {"body": "/etc/passwd.json"}}, "body must be a whole plan"),
        ({}, {"options": STORED | {"world": World().as_dict()}}, "world must be a whole plan with"),
        ({}, {"options": STORED | {"body": [1]}}, "body must be a whole plan"),
        ({}, {"options": STORED | {"threads": 4096}}, "options must be a dict with .*'threads'"),
        ({}, {"options": STORED | {"observation": "original"}}, r"mean must have shape \(9,\)"),
        ({}, {"format_version": 1, "options": {"body": {}}}, r"body must be one of .*, got \{\}"),
        ({}, {"format_version": 1, "options": {"wings": 2}}, r"options must be among .*wings"),
        ({}, {"options": STORED | {"engine": "a\x1b[2J"}}, "options must be a dict .*'engine'"),
        ({}, {"format_version": 1, "options": {"engine": "x"}}, r"options must be among .*engine"),
        ({}, {"network": "tree"}, "network must be 'mlp' or 'graph'"),
        ({}, {"hidden": "sine"}, "hidden must be one of"),
        ({}, {"output": "relu"}, "output must be one of"),
        ({}, {"obs_clip": "ten"}, "obs_clip must be"),
        ({}, {"name": 7}, "name must be"),
    ],
)
def test_a_broken_file_is_refused_by_name(saved, tensors, changes, message):
    rewrite(saved, tensors, **changes)
    with pytest.raises(PolicyError, match=message) as caught:
        Policy.load(saved)
    assert str(caught.value).startswith(str(saved))


def foreign_metadata(text):
    arrays = {"mean": np.zeros(12, np.float32)}
    return save_tensors(arrays, metadata=None if text is None else {"policy": text})


def foreign_header(header):
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "safetensors"),
        (b"hello, I am no policy at all", "safetensors"),
        (b"\xff" * 200, "safetensors"),
        (pickle.dumps({"w0": [1.0]}), "safetensors"),
        (b"\x00" * (MAX_BYTES + 1), "at most"),
        (foreign_metadata(None), "expected metadata"),
        (foreign_metadata("{no json"), "must be JSON"),
        (foreign_metadata("[" * 100_000), "must be JSON"),
        (foreign_metadata("[1, 2]"), "must be an object"),
        (foreign_header({"__metadata__": None}), "expected metadata"),
        (
            foreign_header({"a": {"dtype": "F32", "shape": [0, 2**62], "data_offsets": [0, 0]}}),
            "big",
        ),
    ],
    ids=[
        "empty",
        "text",
        "noise",
        "pickle",
        "big",
        "no-meta",
        "no-json",
        "deep",
        "list",
        "null-meta",
        "huge-shape",
    ],
)
def test_foreign_content_is_refused_by_name(tmp_path, content, message):
    path = tmp_path / "strange"
    path.write_bytes(content)
    with pytest.raises(PolicyError, match=message) as caught:
        Policy.load(path)
    assert str(caught.value).startswith(str(path))


@pytest.mark.parametrize("where", ["obs_clip", "training"])
@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("1e400", "expected finite numbers, got 1e400"),
        ("-Infinity", "expected finite numbers, got -Infinity"),
        ("1" + "0" * 400, "numbers of at most 40 digits, got one of 401"),
        ("9" * 6000, "numbers of at most 40 digits, got one of 6000"),
        ("[" * 300 + "]" * 300, "nested too deeply"),
        (r'"\ud800"', "text that can be written as UTF-8"),
    ],
)
def test_numbers_and_depths_that_nobody_can_use_are_refused(saved, where, value, message):
    meta = metadata(saved) | {where: {"steps": "?"} if where == "training" else "?"}
    saved.write_bytes(foreign_metadata(json.dumps(meta).replace('"?"', value)))
    with pytest.raises(PolicyError, match=message):
        Policy.load(saved)


@pytest.mark.parametrize("shape", [(), (6, 2)])
def test_a_graph_whose_bias_is_no_row_is_refused(shape):
    graph = Graph(
        width=12,
        bias=np.zeros(shape, np.float32),
        edges=np.zeros(7, np.int32),
        source=np.zeros(0, np.int32),
        weight=np.zeros(0, np.float32),
        outputs=6,
    )
    with pytest.raises(PolicyError, match="bias must have shape"):
        Policy("graph", graph, Normaliser(np.zeros(12), np.ones(12), 10.0))


def test_a_file_cut_anywhere_is_refused(saved):
    whole = saved.read_bytes()
    for length in range(0, len(whole), 37):
        saved.write_bytes(whole[:length])
        with pytest.raises(PolicyError, match=r"policy\.safetensors"):
            Policy.load(saved)


def test_a_pickle_is_not_executed(tmp_path):
    class Bomb:
        def __reduce__(self):
            return (os.mkdir, (str(tmp_path / "boom"),))

    path = tmp_path / "bomb"
    path.write_bytes(pickle.dumps(Bomb()))
    with pytest.raises(PolicyError):
        Policy.load(path)
    assert not (tmp_path / "boom").exists()


def test_missing_files_and_folders_are_refused_by_name(tmp_path):
    for path in (tmp_path / "nowhere", tmp_path):
        with pytest.raises(PolicyError, match="cannot be read") as caught:
            Policy.load(path)
        assert str(path) in str(caught.value)


def test_a_pipe_is_refused_and_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(PolicyError, match="pipe: expected a plain file"):
        Policy.load(tmp_path / "pipe")


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path):
    path = tmp_path / "folder" / "file"
    atomic_write(path, "old")

    def fail():
        with atomic_path(path) as part:
            part.write_text("half of the ne")
            raise RuntimeError("the disk went away")

    with pytest.raises(RuntimeError, match="went away"):
        fail()
    assert path.read_text() == "old"
    assert [p.name for p in path.parent.iterdir()] == ["file"]
    atomic_write(path, b"new")
    assert path.read_bytes() == b"new"


@pytest.mark.skipif(os.name != "posix", reason="needs POSIX signals")
def test_a_killed_write_leaves_the_old_file(tmp_path, saved):
    script = f"""
import os, signal
from walker_env.files import atomic_path
with atomic_path({str(saved)!r}) as part:
    part.write_text("half")
    os.kill(os.getpid(), signal.SIGKILL)
"""
    done = subprocess.run([sys.executable, "-c", script], timeout=60, check=False)
    assert done.returncode == -signal.SIGKILL
    assert Policy.load(saved).name == "test"
    assert not [p for p in saved.parent.glob("*.safetensors") if p != saved and p.name[0] != "."]


def test_the_policy_module_needs_no_learning_library(fresh_python):
    script = "import sys, agents.policy, agents.baselines; print('torch' in sys.modules)"
    assert fresh_python(script) == "False"


@pytest.mark.parametrize("name", ["", "x" * 61, "red\x1b[31m", "two\nlines", "\ud800"], ids=repr)
def test_a_name_that_would_upset_a_table_is_refused(name):
    with pytest.raises(PolicyError, match="printable characters"):
        make_policy(name=name)


@pytest.mark.parametrize("steps", [float("nan"), -1, 10**400, "many", True])
def test_a_cost_that_is_no_number_is_refused(steps):
    with pytest.raises(PolicyError, match="steps must be a number"):
        make_policy(training={"steps": steps})


def test_a_policy_that_nothing_could_read_is_not_saved(tmp_path):
    large = make_policy((12, 140_000, 6))
    message = r"a policy file has at most 10,000,000 bytes, this one would have 10,6\d\d,\d\d\d"
    with pytest.raises(PolicyError, match=message):
        large.to_bytes()
    with pytest.raises(PolicyError, match=f"p.safetensors: {message}"):
        large.save(tmp_path / "p.safetensors")
    assert not any(tmp_path.iterdir())
