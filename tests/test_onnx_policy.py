"""ONNX entries: run by onnxruntime; refused where they read files, draw or mix walkers."""

from __future__ import annotations

import numpy as np
import pytest
from msgspec.structs import replace

from benchmarks.evaluation.report import Summary, save_report
from benchmarks.submission.card import Card, EntryError, write_card
from benchmarks.submission.entries import read_entry
from benchmarks.submission.onnx_policy import OnnxPolicy, PolicyError
from benchmarks.submission.sandbox import examine_entry
from benchmarks.submission.submit import submit, verify

onnx = pytest.importorskip("onnx", reason="the extra 'onnx' is not installed")
pytest.importorskip("onnxruntime")
pytest.importorskip("numba")

CARD = Card("net", ("N",), "chance", "x", {"steps": 1})


def model(nodes, inputs=12, outputs=6, rows="N", weights=None, external=False):
    """The bytes of a network ``x -> y`` made of nodes."""
    h = onnx.helper
    rng = np.random.default_rng(0)
    weights = {"w": rng.normal(size=(12, 6)).astype(np.float32)} | (weights or {})
    tensors = [onnx.numpy_helper.from_array(value, name) for name, value in weights.items()]
    if external:
        onnx.external_data_helper.set_external_data(tensors[0], "../../etc/passwd")
        tensors[0].ClearField("raw_data")
    ends = [
        [h.make_tensor_value_info(name, onnx.TensorProto.FLOAT, [rows, width])]
        for name, width in (("x", inputs), ("y", outputs))
    ]
    graph = h.make_graph([h.make_node(*node) for node in nodes], "g", *ends, tensors)
    made = h.make_model(graph, opset_imports=[h.make_opsetid("", 17)], ir_version=8)
    return made.SerializeToString()


ALONE = [  # nothing at all in a batch of more than a hundred
    ("MatMul", ["x", "w"], ["z"]),
    ("Shape", ["x"], ["shape"]),
    ("Gather", ["shape", "first"], ["rows"]),
    ("Greater", ["rows", "hundred"], ["large"]),
    ("Where", ["large", "nothing", "z"], ["y"]),
]
COUNTS = {"first": np.array(0), "hundred": np.array(100), "nothing": np.zeros((1, 6), np.float32)}

FOUR = [("MatMul", ["x", "w"], ["z"]), ("Reshape", ["z", "four"], ["y"])]  # fails unless N = 4

PLAIN = [("MatMul", ["x", "w"], ["z"]), ("Tanh", ["z"], ["y"])]


@pytest.fixture
def entry(tmp_path):
    folder = tmp_path / "entries" / "net"
    folder.mkdir(parents=True)
    (folder / "policy.onnx").write_bytes(model(PLAIN))
    (folder / "card.toml").write_text(write_card(CARD))
    return folder


def test_a_network_acts_as_its_formula_says():
    policy = OnnxPolicy(model(PLAIN), CARD, "quadruped")
    obs = np.random.default_rng(1).normal(size=(9, 12)).astype(np.float32)
    w = np.random.default_rng(0).normal(size=(12, 6)).astype(np.float32)
    np.testing.assert_allclose(policy.act(obs), np.tanh(obs @ w), atol=1e-5)


def test_an_onnx_entry_is_evaluated_and_verified_but_not_called_exact(entry, tiny_suite):
    done = submit(entry, entry.parent, tiny_suite)
    assert not done.report.exact
    assert done.report.agent.name == "net"
    assert list(verify(entry.parent, entry.parent, tiny_suite, names=["net"])) == [("net", "")]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"no network", "expected an ONNX file|onnxruntime cannot load"),
        (model(PLAIN, external=True), "'w' lies in another file"),
        (model([("RandomNormalLike", ["x"], ["y"])], outputs=12), "random numbers"),
        (model(PLAIN, rows=1), "first axis must be free"),
        (model([("MatMul", ["x", "w"], ["y"])], inputs=9), "input must be float32|cannot load"),
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
        OnnxPolicy(content, CARD, "quadruped")


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
