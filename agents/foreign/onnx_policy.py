"""A policy as an ONNX network, run by onnxruntime: a float32 input (N, O) and an output (N, A).

Of several outputs the actions are the one that is as wide as the body's commands; stable-baselines3
exports values and log-probabilities beside them. A network for one row at a time, as most exports
are, walks row by row.

onnxruntime rounds as it likes, so the same file may walk differently on another processor. Networks
that read other files or draw random numbers are refused, and those that mix the walkers of a batch:
beforehand for drawn observations, and then at every step for one walker, chosen by the file's hash,
that is asked once more alone. Rounding may tip a walker over an edge a few times, no more.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

import numpy as np

from agents.foreign.about import About
from agents.missing import remedy
from agents.policy import FORMAT_VERSION, PolicyError
from walker_env import Options
from walker_env.body import get_body
from walker_env.observation import ACTION, LAYOUTS, fitting_layouts, get_layout, width

INSIDE = (
    "all weights must be inside: export with external_data=False, or "
    "onnx.save(onnx.load(PATH), PATH, save_as_external_data=False)"
)
"""What to do about weights in another file."""

_ACTION_NAMES = ("action", "actions")
_RANDOM = ("Random", "Multinomial", "Bernoulli", "Dropout")
_CLOSE = 1e-4  # how much an action may depend on how many rows there are
_TIPPED = 3  # so many answers in all may depend on it by more, for networks with steps


class OnnxPolicy:
    """An agent whose actions an ONNX network works out, in this process.

    Args:
        content: The file's bytes.
        about: What it does not say of itself.

    Raises:
        PolicyError: It is no such network.
        ImportError: onnxruntime is not installed.
    """

    def __init__(self, content: bytes, about: About) -> None:
        self.name = about.name
        self.training: dict[str, Any] = {"algorithm": about.algorithm, **about.budget}
        self.format_version = FORMAT_VERSION
        runtime, onnx = _libraries()
        _check_graph(onnx, content)
        self._session = _session(runtime, content)
        self._input, inputs, self._single = self._check_input()
        self.options = Options(body=about.body, observation=_layout(about, inputs))
        self._widths = inputs, width(ACTION, self.options.body)
        self._output = _actions(self._session.get_outputs(), self._widths[1])
        self._check_rows((2, 5, about.together))
        seed = int.from_bytes(hashlib.sha256(content).digest(), "big")
        self._rng = np.random.default_rng(seed)
        self._apart = 0

    def act(self, obs: np.ndarray) -> np.ndarray:
        """Actions ``(N, A)`` float32 in [-1, 1] for observations ``(N, O)``."""
        obs = np.ascontiguousarray(obs, dtype=np.float32)
        action = self._run(obs)
        if len(obs) > 1 and not self._single:
            self._ask_alone(obs, action)
        return action

    def _run(self, obs: np.ndarray) -> np.ndarray:
        if self._single and len(obs) != 1:
            return np.concatenate([self._run(row[None]) for row in obs])
        try:
            found = np.asarray(self._session.run([self._output], {self._input: obs})[0])
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

    def _ask_alone(self, obs: np.ndarray, action: np.ndarray) -> None:
        row = int(self._rng.integers(len(obs)))
        alone = self._run(obs[row : row + 1])[0]
        self._apart += bool(np.abs(alone - action[row]).max() > _CLOSE)
        if self._apart > _TIPPED:
            raise _mixes(len(obs))

    def _check_input(self) -> tuple[str, int, bool]:
        """Name and width of the input, and whether it takes one row only."""
        ins = self._session.get_inputs()
        if len(ins) != 1:
            raise PolicyError(
                f"expected one input, the observation, got {[one.name for one in ins]}"
            )
        shape = ins[0].shape
        if ins[0].type != "tensor(float)" or len(shape) != 2 or not isinstance(shape[1], int):
            raise PolicyError(f"the input must be float32 (N, O), got {ins[0].type} {shape}")
        if isinstance(shape[0], int) and shape[0] != 1:
            raise PolicyError(
                f"the input's first axis must be free or 1, got {shape[0]}; export it with "
                f"dynamic_axes={{{ins[0].name!r}: {{0: 'N'}}}}"
            )
        return ins[0].name, shape[1], shape[0] == 1

    def _check_rows(self, counts: tuple[int, ...]) -> None:
        """Every row of so many together is also tried alone, and all of them twice."""
        shape = max(counts), self._widths[0]
        rows = np.random.default_rng(0).normal(size=shape).astype(np.float32)
        alone = np.concatenate([self._run(row[None]) for row in rows])
        for count in counts:
            together = self._run(rows[:count])
            if not np.allclose(together, alone[:count], atol=_CLOSE):
                raise _mixes(count)
            if not np.array_equal(together, self._run(rows[:count])):
                raise PolicyError("the network does not give the same actions twice")


def _actions(outputs: Any, wide: int) -> str:
    """The name of the output that holds the actions."""
    if len(outputs) == 1:
        return outputs[0].name
    fitting = [one.name for one in outputs if len(one.shape) == 2 and one.shape[1] == wide]
    named = [name for name in fitting if name.lower() in _ACTION_NAMES]
    if len(fitting) != 1 and len(named) != 1:
        told = ", ".join(f"{one.name} {one.shape}" for one in outputs)
        raise PolicyError(
            f"expected one output (N, {wide}), the actions, or one of that width with the name "
            f"'action', got {told}; export the actions alone"
        )
    return (named if len(fitting) != 1 else fitting)[0]


def _mixes(count: int) -> PolicyError:
    return PolicyError(f"a walker's action depends on the other walkers in a batch of {count}")


def _layout(about: About, inputs: int) -> str:
    """The layout that is ``inputs`` wide for the body, the one that ``about`` names if any."""
    body = get_body(about.body)
    fitting, named = fitting_layouts(inputs, body), about.observation
    if named:
        fitting = [named] if named in fitting else []
    if not fitting:
        known = " or ".join(
            f"{width(get_layout(name), body)} ({name!r})"
            for name in ([named] if named else LAYOUTS)
        )
        raise PolicyError(
            f"the input must be float32 (N, O) with O = {known} for the body {body.name!r}, "
            f"got O = {inputs}"
        )
    if len(fitting) > 1:
        raise PolicyError(
            f"{inputs} inputs fit several observations, {fitting}; say which: put the file into a "
            "folder with a card.toml that has a line: observation = ..."
        )
    return fitting[0]


def _libraries() -> tuple[Any, Any]:
    try:
        import onnx
        import onnxruntime
    except ImportError as error:
        raise ImportError(f"ONNX networks need onnx and onnxruntime; {remedy('onnx')}") from error
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
            raise PolicyError(f"{message.name!r} lies in another file; {INSIDE}")
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
