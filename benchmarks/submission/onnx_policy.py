"""A policy as an ONNX network, run by onnxruntime: one float32 input (N, O), one output (N, A).

onnxruntime rounds as it likes, so the same file may walk differently on another processor; its
report says so (``exact`` is False). Networks that read other files, draw random numbers or mix the
walkers of a batch are refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from agents.policy import PolicyError
from benchmarks.evaluation.suite import SUITE_V1
from benchmarks.submission.card import Card
from walker_env import Options
from walker_env.body import get_body
from walker_env.observation import ACTION, get_layout, width

_RANDOM = ("Random", "Multinomial", "Bernoulli", "Dropout")
_TRIED = (2, 5, SUITE_V1.public + SUITE_V1.private)  # rows together; each is also tried alone
_CLOSE = 1e-4  # how much an action may depend on how many rows there are


class OnnxPolicy:
    """An agent whose actions an ONNX network works out.

    Args:
        content: The file's bytes.
        card: Names it and says what it observes.
        body: The body that it drives.

    Raises:
        PolicyError: It is no such network.
        ImportError: onnxruntime is not installed.
    """

    def __init__(self, content: bytes, card: Card, body: str) -> None:
        self.name = card.name
        self.options = Options(body=body, observation=card.observation)
        self.training: dict[str, Any] = {"algorithm": card.algorithm, **card.budget}
        whole = get_body(body)
        self._widths = width(get_layout(card.observation), whole), width(ACTION, whole)
        runtime, onnx = _libraries()
        _check_graph(onnx, content)
        self._session = _session(runtime, content)
        self._check_ends()
        self._check_rows()

    def act(self, obs: np.ndarray) -> np.ndarray:
        """Actions ``(N, A)`` float32 in [-1, 1] for observations ``(N, O)``."""
        try:
            found = np.asarray(self._session.run(None, {self._input: obs.astype(np.float32)})[0])
        except Exception as error:  # onnxruntime's errors have no common class of their own
            raise PolicyError(f"the network fails for N = {len(obs)}: {error!s:.200}") from error
        if found.shape != (len(obs), self._widths[1]) or found.dtype != np.float32:
            raise PolicyError(
                f"the network must give float32 (N, {self._widths[1]}), got {found.dtype} "
                f"{found.shape} for N = {len(obs)}"
            )
        if not np.isfinite(found).all():
            raise PolicyError("the network gives actions that are not finite")
        return np.clip(found, -1, 1)

    def _check_ends(self) -> None:
        ins, outs = self._session.get_inputs(), self._session.get_outputs()
        if len(ins) != 1 or len(outs) != 1:
            raise PolicyError(f"expected one input and one output, got {len(ins)} and {len(outs)}")
        self._input = ins[0].name
        shape = ins[0].shape
        if ins[0].type != "tensor(float)" or len(shape) != 2 or shape[1] != self._widths[0]:
            raise PolicyError(
                f"the input must be float32 (N, {self._widths[0]}), got {ins[0].type} {shape}"
            )
        if isinstance(shape[0], int):
            raise PolicyError(f"the input's first axis must be free, got {shape[0]}")

    def _check_rows(self) -> None:
        shape = max(_TRIED), self._widths[0]
        rows = np.random.default_rng(0).normal(size=shape).astype(np.float32)
        alone = np.concatenate([self.act(row[None]) for row in rows])
        for count in _TRIED:
            together = self.act(rows[:count])
            if not np.allclose(together, alone[:count], atol=_CLOSE):
                raise PolicyError(
                    f"a walker's action depends on the other walkers in a batch of {count}"
                )
            if not np.array_equal(together, self.act(rows[:count])):
                raise PolicyError("the network does not give the same actions twice")


def _libraries() -> tuple[Any, Any]:
    try:
        import onnx
        import onnxruntime
    except ImportError as error:
        raise ImportError("ONNX entries need: pip install -e '.[onnx]'") from error
    return onnxruntime, onnx


def _session(runtime: Any, content: bytes) -> Any:
    options = runtime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.use_deterministic_compute = True
    options.log_severity_level = 4
    try:
        return runtime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime's errors have no common class of their own
        raise PolicyError(f"onnxruntime cannot load it: {error!s:.200}") from error


def _check_graph(onnx: Any, content: bytes) -> None:
    try:
        model = onnx.load_model_from_string(content)
    except Exception as error:  # protobuf's DecodeError, and what onnx makes of it
        raise PolicyError(f"expected an ONNX file: {error!s:.200}") from error
    for message in _messages(model):
        kind = type(message).__name__
        if kind == "TensorProto" and (message.data_location == 1 or message.external_data):
            raise PolicyError(f"{message.name!r} lies in another file; all weights must be inside")
        if kind == "NodeProto" and message.op_type.startswith(_RANDOM):
            raise PolicyError(f"{message.op_type} draws random numbers")


def _messages(message: Any) -> Iterator[Any]:
    """A protobuf message and all messages inside it."""
    yield message
    for field, value in message.ListFields():
        if field.message_type is None:
            continue  # numbers and texts
        for part in [value] if hasattr(value, "ListFields") else list(value):
            yield from _messages(part)
