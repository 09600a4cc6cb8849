"""Commands end as by Ctrl-C, and leave nothing behind, however they are told or killed."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading

import pytest

from agents.ending import ROOT, end_on_signals, undisturbed
from agents.lock import lock
from benchmarks.evaluation.published import ENTRIES
from tests.watching import alive, children, wait_for

pytestmark = pytest.mark.skipif(os.name != "posix", reason="needs POSIX signals")

TOLD = pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
ENDED = pytest.mark.parametrize(
    "number",
    [signal.SIGTERM, pytest.param(signal.SIGHUP, marks=pytest.mark.long), signal.SIGKILL],
)


@pytest.fixture
def started(tmp_path):
    """Starts a command whose temporary files go to a folder of their own."""
    processes = []
    (tmp_path / "temporary").mkdir()

    def start(*words):
        process = subprocess.Popen(
            [sys.executable, "-m", *words],
            env={**os.environ, "TMPDIR": str(tmp_path / "temporary")},
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        processes.append(process)
        return process

    yield start
    for process in processes:
        process.kill()
        process.communicate()


def ended(process, number):
    """Send a signal; what the command says last."""
    process.send_signal(number)
    _, words = process.communicate(timeout=60)
    assert process.returncode != 0
    assert "Traceback" not in words
    return words


@TOLD
def test_an_ignored_signal_stays_ignored(number):
    before = signal.signal(number, signal.SIG_IGN)
    try:
        end_on_signals()
        assert signal.getsignal(number) is signal.SIG_IGN
        signal.signal(number, signal.SIG_DFL)
        end_on_signals()
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(number)
    finally:
        signal.signal(number, before)


def test_what_must_not_be_cut_in_two_is_not():
    done = []

    def work():
        with undisturbed():
            signal.raise_signal(signal.SIGINT)
            done.append("all of it")

    with pytest.raises(KeyboardInterrupt):
        work()
    assert done == ["all of it"]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_elsewhere_than_in_the_main_thread_signals_are_left_alone():
    def work():
        end_on_signals()
        with undisturbed():
            pass

    thread = threading.Thread(target=work)
    before = [signal.getsignal(n) for n in (signal.SIGINT, signal.SIGTERM)]
    thread.start()
    thread.join()
    assert before == [signal.getsignal(n) for n in (signal.SIGINT, signal.SIGTERM)]


@pytest.mark.long
@ENDED
def test_a_run_of_the_study_ends_with_it(started, tmp_path, number):
    pytest.importorskip("evotorch")
    words = ["benchmarks", "run", "-c", "disc", "-a", "snes", "--seeds", "1", "--folder"]
    matrix = started(*words, str(tmp_path / "runs"), "--out", str(tmp_path / "records"))
    (job,) = wait_for(lambda: children("benchmarks.study.job", matrix.pid), "the job")
    wait_for((tmp_path / "runs" / "disc" / "snes-0" / "config.json").exists, "the run")
    ended(matrix, number)
    if number == signal.SIGKILL:
        wait_for(lambda: not alive(job), "its end")
    assert not alive(job)
    with lock(tmp_path / "runs" / "disc" / "snes-0.lock"):  # nobody holds it
        pass


@pytest.mark.long
@ENDED
def test_an_entrys_evaluation_leaves_nothing(started, tmp_path, number):
    entry = shutil.copytree(ENTRIES / "trot", tmp_path / "trot")
    (entry / "result.json").unlink(missing_ok=True)
    (tmp_path / "entries").mkdir()
    command = started("benchmarks", "submit", str(entry), "--entries", str(tmp_path / "entries"))
    (child,) = wait_for(lambda: children("agents.foreign", command.pid), "the policy's process")
    ended(command, number)
    wait_for(lambda: not alive(child), "its end")
    assert list((tmp_path / "temporary").iterdir()) == []
    assert not (entry / "result.json").exists()


@pytest.mark.long
@ENDED
def test_a_search_with_several_processes_ends_as_a_whole(started, tmp_path, number):
    pytest.importorskip("optuna")
    words = ["agents", "tune", "ars", "--jobs", "2", "--out", str(tmp_path), "--storage"]
    command = started(*words, f"sqlite:///{tmp_path}/study.db", "--cpu-seconds", "30")
    workers = wait_for(
        lambda: len(found := children("spawn_main", command.pid)) == 2 and found, "both processes"
    )
    folder = tmp_path / "temporary"
    wait_for(lambda: len([*folder.glob("*/run")]) == 2, "their runs")
    ended(command, number)
    wait_for(lambda: not any(map(alive, workers)), "their end")
    assert number == signal.SIGKILL or list(folder.iterdir()) == []
