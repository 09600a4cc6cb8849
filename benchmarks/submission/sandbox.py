"""Evaluates a foreign policy file in a process of its own that can neither hang nor fill memory.

Policy files are data and run no code, but a network may be huge or endless. The child limits its
own processor time, memory and files before it opens the policy; the parent gives it so much time by
the clock and then kills it.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from agents.baselines import Agent
from agents.policy import Policy
from benchmarks.evaluation.examine import examine
from benchmarks.evaluation.report import Report, from_dict
from benchmarks.evaluation.suite import SUITE_V1, Suite
from benchmarks.submission.card import Card, EntryError
from benchmarks.submission.entries import Entry

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Limits:
    """What evaluating one entry may take."""

    cpu_seconds: int = 600
    seconds: float = 1800.0  # by the clock
    memory: int = 4 << 30  # [byte] of address space, of which compiled code takes most
    file: int = 64 << 20  # [byte], the largest file it may write


LIMITS = Limits()
"""Some thirty times what the largest champion takes."""


def examine_entry(entry: Entry, suite: Suite = SUITE_V1, limits: Limits = LIMITS) -> Report:
    """Evaluate an entry in a child process.

    Raises:
        EntryError: The policy is refused: it is damaged, drives another body, takes too long or
            too much memory, or its actions are not finite.
    """
    with tempfile.TemporaryDirectory(prefix="walker-entry-") as place:
        folder = Path(place)
        (folder / entry.file).write_bytes(entry.content)
        job = {"file": entry.file, "kind": entry.kind, "card": asdict(entry.card)}
        job |= {"suite": asdict(suite), "limits": asdict(limits)}
        (folder / "job.json").write_text(json.dumps(job))
        code = _run(folder, limits)
        return _answer(entry, folder, code, limits)


def _run(folder: Path, limits: Limits) -> int:
    """Run the child and return its exit status; negative is the signal that ended it."""
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    with open(folder / "log", "wb") as log:
        child = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.submission.sandbox", str(folder)],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        try:
            return child.wait(limits.seconds)
        except subprocess.TimeoutExpired:
            return -int(signal.SIGXCPU)
        finally:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(child.pid, signal.SIGKILL)
            child.wait()


def _answer(entry: Entry, folder: Path, code: int, limits: Limits) -> Report:
    answer = folder / "answer.json"
    if code == 0 and answer.exists():
        data = json.loads(answer.read_text())
        if "refused" in data:
            raise EntryError(f"{entry.folder}: {data['refused']}")
        return from_dict(data)
    if code in (-signal.SIGXCPU, -signal.SIGKILL):
        raise EntryError(
            f"{entry.folder}: the network takes too long: more than {limits.cpu_seconds} s of "
            f"processor time or {limits.seconds:g} s by the clock for the whole suite"
        )
    words = (folder / "log").read_text(errors="replace").strip().splitlines()[-1:]
    raise EntryError(
        f"{entry.folder}: evaluation broke off (exit {code}; at most {limits.memory >> 20} MiB of "
        f"memory): {' '.join(words):.200}"
    )


def _load_libraries() -> None:
    """Load what takes memory on loading: OpenBLAS (in scipy) repeats a refused request for ever."""
    with contextlib.suppress(ImportError):  # the engine says what is missing
        import numba  # noqa: F401
        import scipy.linalg  # noqa: F401, which numba loads when it first needs it


def _limit(limits: Limits) -> None:
    try:
        import resource
    except ImportError:  # Windows: the parent's clock remains
        return
    resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu_seconds, limits.cpu_seconds + 5))
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory, limits.memory))
    resource.setrlimit(resource.RLIMIT_FSIZE, (limits.file, limits.file))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _load(job: dict[str, Any], path: Path, suite: Suite) -> Agent:
    if job["kind"] == "safetensors":
        return Policy.load(path)
    from benchmarks.submission.onnx_policy import OnnxPolicy

    return OnnxPolicy(path.read_bytes(), Card(**job["card"]), suite.body)


def _child(folder: Path) -> None:
    """Evaluate the policy in ``folder`` and leave an answer beside it."""
    job = json.loads((folder / "job.json").read_text())
    suite = Suite.from_dict(job["suite"])
    _load_libraries()
    _limit(Limits(**job["limits"]))
    path = folder / job["file"]
    answer: dict[str, Any]
    try:
        agent = _load(job, path, suite)
        exact = job["kind"] == "safetensors"
        answer = examine(agent, suite, path, exact=exact).as_dict()
    except MemoryError:
        answer = {"refused": f"it needs more than {job['limits']['memory'] >> 20} MiB of memory"}
    except (ValueError, ImportError) as error:  # what the border checks say
        answer = {"refused": str(error).replace(f"{path}: ", "")}
    (folder / "answer.json").write_text(json.dumps(answer, allow_nan=False))


if __name__ == "__main__":
    _child(Path(sys.argv[1]))
