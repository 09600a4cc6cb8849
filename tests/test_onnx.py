"""ONNX entries: run by onnxruntime; refused where they read files, draw or mix walkers."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
import torch
from msgspec.structs import replace

from agents.baselines import BASELINES, load_agent
from agents.foreign.about import About
from agents.foreign.limits import Limits
from agents.foreign.onnx_policy import OnnxPolicy
from agents.policy import PolicyError
from benchmarks.evaluation.examine import examine
from benchmarks.evaluation.report import Summary, save_report
from benchmarks.site.build import build_site
from benchmarks.site.source import COURSES, read_content
from benchmarks.submission.card import Card, EntryError, write_card
from benchmarks.submission.entries import read_entry
from benchmarks.submission.judge import examine_entry
from benchmarks.submission.submit import submit, verify
from walker_env import Options, WalkerBatch

onnx = pytest.importorskip("onnx", reason="the group 'onnx' is not installed")
pytest.importorskip("onnxruntime")
pytest.importorskip("numba")

from onnx_networks import PLAIN, model, trap  # noqa: E402
from sb3_models import met, predicted, trained, walkers  # noqa: E402

CARD = Card("net", ("N",), "chance", "x", {"steps": 1})


ALONE = [  # nothing at all in a batch of more than a hundred
    ("MatMul", ["x", "w"], ["z"]),
    ("Shape", ["x"], ["shape"]),
    ("Gather", ["shape", "first"], ["rows"]),
    ("Greater", ["rows", "hundred"], ["large"]),
    ("Where", ["large", "nothing", "z"], ["y"]),
]
COUNTS = {"first": np.array(0), "hundred": np.array(100), "nothing": np.zeros((1, 6), np.float32)}

FOUR = [("MatMul", ["x", "w"], ["z"]), ("Reshape", ["z", "four"], ["y"])]  # fails unless N = 4

REAL = [  # the mean of all walkers where the bearing is one, as no drawn observation's is
    ("Mul", ["x", "x"], ["squares"]),
    ("MatMul", ["squares", "bearing"], ["sum"]),
    ("Sub", ["sum", "one"], ["off"]),
    ("Abs", ["off"], ["far"]),
    ("Less", ["far", "near"], ["real"]),
    ("MatMul", ["x", "w"], ["z"]),
    onnx.helper.make_node("ReduceMean", ["z"], ["mean"], axes=[0]),
    ("Where", ["real", "mean", "z"], ["y"]),
]
BEARING = {
    "bearing": np.eye(1, 12, 1, dtype=np.float32).T + np.eye(1, 12, 2, dtype=np.float32).T,
    "one": np.array(1, np.float32),
    "near": np.array(1e-5, np.float32),
}


@pytest.fixture
def entry(tmp_path):
    folder = tmp_path / "entries" / "net"
    folder.mkdir(parents=True)
    (folder / "policy.onnx").write_bytes(model(PLAIN))
    (folder / "card.toml").write_text(write_card(CARD))
    return folder


def test_a_network_acts_as_its_formula_says():
    policy = OnnxPolicy(model(PLAIN), About("net"))
    obs = np.random.default_rng(1).normal(size=(9, 12)).astype(np.float32)
    w = np.random.default_rng(0).normal(size=(12, 6)).astype(np.float32)
    np.testing.assert_allclose(policy.act(obs), np.tanh(obs @ w), atol=1e-5)


class Exported(torch.nn.Module):
    """As the documentation of stable-baselines3 exports a policy: with value and probability."""

    def __init__(self, policy):
        super().__init__()
        self.policy = policy

    def forward(self, observation):
        """Actions, values and log-probabilities."""
        return self.policy(observation, deterministic=True)


@pytest.mark.long
def test_the_export_of_stable_baselines3_s_documentation_acts_as_its_model(tmp_path):
    source, path = trained("a2c", normalise=False, env=walkers()), tmp_path / "net.onnx"
    ends = {"input_names": ["input"], "opset_version": 17, "dynamo": False}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch on its older exporter, and on constants in SB3
        torch.onnx.export(Exported(source.policy), torch.zeros(1, 12), str(path), **ends)
    policy = OnnxPolicy(path.read_bytes(), About("net"))
    np.testing.assert_allclose(policy.act(met(12)), predicted(source, met(12)), atol=1e-5)


def test_a_network_for_one_row_walks_row_by_row(obs):
    one, many = (OnnxPolicy(model(PLAIN, rows=rows), About("net")) for rows in (1, "N"))
    np.testing.assert_allclose(one.act(obs), many.act(obs), atol=1e-6)
    np.testing.assert_array_equal(one.act(obs)[3:4], one.act(obs[3:4]))


def test_of_several_outputs_the_one_as_wide_or_named_is_the_action(obs):
    w = np.random.default_rng(0).normal(size=(12, 6)).astype(np.float32)
    expected = np.tanh(obs @ w)
    value = [*PLAIN, ("MatMul", ["x", "v"], ["u"])]
    wide = {"v": np.zeros((12, 1), np.float32)}
    content = model(value, weights=wide, ends=("x", "u", "y"), widths=(1, 6))
    np.testing.assert_allclose(OnnxPolicy(content, About("net")).act(obs), expected, atol=1e-5)
    named = [*PLAIN[:1], ("Tanh", ["z"], ["Action"])]
    content = model(named, ends=("x", "z", "Action"))
    np.testing.assert_allclose(OnnxPolicy(content, About("net")).act(obs), expected, atol=1e-5)


def test_an_onnx_entry_is_evaluated_and_verified_but_not_called_exact(entry, tiny_suite):
    done = submit(entry, entry.parent, tiny_suite)
    assert not done.report.exact
    assert done.report.agent.name == "net"
    assert list(verify(entry.parent, entry.parent, tiny_suite, names=["net"])) == [("net", "")]


def test_a_network_that_mixes_real_walkers_only_is_found_out_while_it_walks(entry, tiny_suite):
    (entry / "policy.onnx").write_bytes(model(REAL, weights=BEARING))
    with pytest.raises(EntryError, match=r"net/policy.onnx: .*depends on the other walkers"):
        submit(entry, entry.parent, tiny_suite)


def test_a_network_with_steps_may_be_tipped_by_rounding_a_few_times():
    policy = OnnxPolicy(model(REAL, weights=BEARING), About("net"))
    obs = np.random.default_rng(1).normal(size=(9, 12)).astype(np.float32)
    for _ in range(50):
        policy.act(obs)
    obs[:, 1:3] = (0.6, 0.8)
    for _ in range(3):
        policy.act(obs)
    with pytest.raises(PolicyError, match="depends on the other walkers in a batch of 9"):
        policy.act(obs)


def test_a_network_that_hangs_in_a_show_only_is_named_and_left_out(
    entry, tiny_suite, tmp_path, capsys
):
    """It loops for ever on what it sees first on a course of the page, which no suite has."""
    course = COURSES[0]
    batch = WalkerBatch(1, Options(course=course.draw, world=course.world))
    seen = batch.reset(seed=np.array([course.seed], dtype=np.uint64))[0]
    (entry / "policy.onnx").write_bytes(trap(seen))
    submit(entry, entry.parent, tiny_suite)
    for name in BASELINES:
        save_report(examine(load_agent(name), tiny_suite), tmp_path / f"{name}.json")
    limits = Limits(answer_seconds=2.0)
    content = read_content(entry.parent, tmp_path / "runs", tmp_path, (), tiny_suite, limits)
    build_site(content, tmp_path / "page", steps=5)
    assert "net/policy.onnx: the network takes too long" in capsys.readouterr().err
    pages = {path.stem for path in (tmp_path / "page" / "entries").iterdir()}
    assert pages == {*BASELINES}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"no network", "expected an ONNX file|onnxruntime cannot load"),
        (model(PLAIN, external=True), "'w' lies in another file.*save_as_external_data=False"),
        (
            model(PLAIN, ends=("x", "y", "z")),
            r"one output \(N, 6\), .* got y \['N', 6\], z \[.*; export the actions alone",
        ),
        (model([("RandomNormalLike", ["x"], ["y"])], outputs=12), "random numbers"),
        (
            model(PLAIN, rows=3),
            r"first axis must be free or 1, got 3; .*dynamic_axes=\{'x': \{0: 'N'\}\}",
        ),
        (model(PLAIN, inputs=10), "O = 12 .* or 9 .* got O = 10"),
        (model(PLAIN, inputs=9, weights={"w": np.zeros((12, 6), np.float32)}), "cannot load"),
        (
            model(
                [
                    ("MatMul", ["x", "w"], ["z"]),
                    ("ReduceMean", ["z"], ["m"]),
                    ("Sub", ["z", "m"], ["y"]),
                ]
            ),
            "depends on the other walkers in a batch of 2",
        ),
        (model(ALONE, weights=COUNTS), "depends on the other walkers in a batch of 320"),
        (model(FOUR, weights={"four": np.array([4, 6])}), "the network fails for N = 1"),
        (
            model([*PLAIN[:1], ("Log", ["z"], ["y"])]),
            "not finite",
        ),
    ],
)
def test_networks_that_cannot_be_judged_are_refused(content, message):
    with pytest.raises(PolicyError, match=message):
        OnnxPolicy(content, About("net"))


def test_a_network_that_is_not_as_wide_as_its_card_says_is_refused():
    with pytest.raises(PolicyError, match=r"with O = 12 \('full'\) for .*, got O = 9"):
        OnnxPolicy(model(PLAIN, inputs=9), About("net", observation="full"))


def test_a_made_up_result_is_found_out_however_wide_its_intervals(entry, tiny_suite):
    report = submit(entry, entry.parent, tiny_suite).report
    boast = Summary(score=99.0, low=-99.0, high=99.0, public=99.0)
    for name, value, problem in (
        ("summary", report.summary | {"disc": boast}, "its summary is not that of its scores"),
        (
            "agent",
            replace(report.agent, training={"steps": 1}),
            "these parts differ: agent.training",
        ),
    ):
        save_report(replace(report, **{name: value}), entry / "result.json")
        found = verify(entry.parent, entry.parent, tiny_suite, names=["net"])
        assert list(found) == [("net", problem)]


def test_the_reason_reaches_whoever_enters(entry, tiny_suite):
    (entry / "policy.onnx").write_bytes(model(PLAIN, external=True))
    with pytest.raises(EntryError, match="'w' lies in another file"):
        examine_entry(read_entry(entry), tiny_suite)
