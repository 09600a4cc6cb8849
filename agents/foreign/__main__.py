"""The child: loads one policy from a pipe and answers observations with actions until it closes.

Started by `process.Process`. Nothing but frames goes to standard output.
"""

from __future__ import annotations

import contextlib
import os
from typing import IO, Any

import numpy as np

from agents.ending import end_with_parent
from agents.foreign import frames
from agents.foreign.about import About
from agents.foreign.limits import Limits, confine
from agents.foreign.onnx_policy import OnnxPolicy
from agents.policy import MAX_BYTES, Policy

_QUESTION_MAX = 1 << 30  # [byte]; the parent is trusted


def main() -> None:
    """Answer until the parent closes the pipe, or is gone."""
    questions = open(os.dup(0), "rb", frames.BUFFER)  # noqa: SIM115, open to the end
    answers = open(os.dup(1), "wb", frames.BUFFER)  # noqa: SIM115
    os.dup2(2, 1)  # libraries may print
    end_with_parent(questions.fileno(), lambda: os._exit(0))
    with contextlib.suppress(EOFError):
        _serve(questions, answers)


def _serve(questions: IO[bytes], answers: IO[bytes]) -> None:
    job = frames.read(questions, _QUESTION_MAX)
    assert isinstance(job, dict)
    limits = Limits(**job["limits"])
    _load_libraries(job["kind"])
    confine(limits)
    frames.write(answers, {"ready": True})
    content = frames.read(questions, MAX_BYTES)
    assert isinstance(content, bytes)
    try:
        policy = _load(job, content)
    except (MemoryError, ImportError, ValueError) as error:
        frames.write(answers, _refusal(error, limits))
        return
    frames.write(answers, _told(policy))
    while True:
        obs = frames.read(questions, _QUESTION_MAX)
        assert isinstance(obs, np.ndarray)
        try:
            frames.write(answers, policy.act(obs))
        except (MemoryError, ValueError) as error:
            frames.write(answers, _refusal(error, limits))


def _load_libraries(kind: str) -> None:
    """Load what takes memory on loading: OpenBLAS (in scipy) repeats a refused request for ever."""
    with contextlib.suppress(ImportError):  # whoever uses it says what is missing
        if kind == "onnx":
            import onnxruntime  # noqa: F401
        else:
            import numba  # noqa: F401
            import scipy.linalg  # noqa: F401, which numba loads when it first needs it


def _load(job: dict[str, Any], content: bytes) -> Policy | OnnxPolicy:
    if job["kind"] == "safetensors":
        return Policy.from_bytes(content)
    return OnnxPolicy(content, About(**job["about"]))


def _told(policy: Policy | OnnxPolicy) -> dict[str, Any]:
    return {
        "name": policy.name,
        "options": policy.options.as_dict(),
        "training": policy.training,
        "format_version": policy.format_version,
    }


def _refusal(error: Exception, limits: Limits) -> dict[str, str]:
    if isinstance(error, MemoryError):
        return {"refused": f"it needs more than {limits.memory >> 20} MiB of memory"}
    return {"missing" if isinstance(error, ImportError) else "refused": str(error)}


if __name__ == "__main__":
    main()
