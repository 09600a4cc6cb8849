"""ONNX networks for tests: good ones, and some that somebody might enter."""

from __future__ import annotations

import numpy as np
import onnx

FLOAT, INT, BOOL = onnx.TensorProto.FLOAT, onnx.TensorProto.INT64, onnx.TensorProto.BOOL

PLAIN = [("MatMul", ["x", "w"], ["z"]), ("Tanh", ["z"], ["y"])]


def model(
    nodes,
    inputs=12,
    outputs=6,
    rows="N",
    weights=None,
    external=False,
    ends=("x", "y"),
    widths=(),
):
    """The bytes of a network ``x -> y`` made of nodes, which may have several outputs."""
    h = onnx.helper
    rng = np.random.default_rng(0)
    weights = {"w": rng.normal(size=(inputs, outputs)).astype(np.float32)} | (weights or {})
    tensors = [onnx.numpy_helper.from_array(value, name) for name, value in weights.items()]
    if external:
        onnx.external_data_helper.set_external_data(tensors[0], "../../etc/passwd")
        tensors[0].ClearField("raw_data")
    sizes = [inputs, *(widths or [outputs] * (len(ends) - 1))]
    infos = [h.make_tensor_value_info(*one) for one in _infos(ends, rows, sizes)]
    made = [node if isinstance(node, onnx.NodeProto) else h.make_node(*node) for node in nodes]
    graph = h.make_graph(made, "g", infos[:1], infos[1:], tensors)
    done = h.make_model(graph, opset_imports=[h.make_opsetid("", 17)], ir_version=8)
    return done.SerializeToString()


def trap(observation):
    """A plain network that loops for ever when a walker sees ``observation``, ``(12,)``."""
    h = onnx.helper
    ends = [("i", INT, []), ("go", BOOL, []), ("a", FLOAT, ["N", 6])]
    again = [("on", BOOL, []), ("b", FLOAT, ["N", 6])]
    steps = [h.make_node("Identity", ["go"], ["on"]), h.make_node("Neg", ["a"], ["b"])]
    infos = [[h.make_tensor_value_info(*one) for one in part] for part in (ends, again)]
    nodes = [
        ("MatMul", ["x", "w"], ["z"]),
        ("Sub", ["x", "seen"], ["off"]),
        ("Abs", ["off"], ["far"]),
        h.make_node("ReduceMax", ["far"], ["most"], axes=[1]),
        h.make_node("ReduceMin", ["most"], ["least"], keepdims=0),
        ("Less", ["least", "near"], ["caught"]),
        h.make_node("Loop", ["", "caught", "z"], ["y"], body=h.make_graph(steps, "l", *infos)),
    ]
    weights = {"seen": np.float32(observation)[None], "near": np.array(1e-6, np.float32)}
    return model(nodes, weights=weights)


def _infos(names, rows, widths):
    return [(name, FLOAT, [rows, width]) for name, width in zip(names, widths)]
