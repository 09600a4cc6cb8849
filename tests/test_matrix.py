"""The matrix of runs: done once each, whatever is killed or fails in between."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from dataclasses import asdict, replace

import numpy as np
import pytest
from rich.text import Text
from typer.testing import CliRunner

from agents.lock import lock
from benchmarks.__main__ import app
from benchmarks.commands import matrix as running
from benchmarks.evaluation.report import ReportError
from benchmarks.evaluation.suite import TrainingBudget
from benchmarks.matrix.job import ROOT, parse, work
from benchmarks.matrix.matrix import Done, LocalWorkers, pending, plan, run
from benchmarks.matrix.record import Budget, Cost, Curve, load_record, save_record
from tests.watching import wait_for

pytest.importorskip("numba")
pytest.importorskip("evotorch")

SETTINGS = ("population=8", "courses=1", "hidden=[4]")


@pytest.fixture
def jobs(tmp_path, tiny_suite):
    def make(seeds=1, algorithms=("snes",), settings=SETTINGS, steps=2000):
        budget = replace(tiny_suite.budgets[0], steps=steps)
        places = (tmp_path / "runs", tmp_path / "records")
        return plan(algorithms, seeds, [budget], *places, settings)

    return make


def carry_out(jobs, suite, room=2):
    return [e for e in run(jobs, LocalWorkers(room, suite), suite) if isinstance(e, Done)]


def left(jobs, suite):
    return pending(jobs, suite, suite.physics)


def test_each_run_leaves_one_record_and_a_failed_one_stops_no_other(jobs, tiny_suite):
    good, bad = jobs()[0], replace(jobs(settings=("wings=2",))[0], seed=7)
    found = {done.job.seed: done for done in carry_out([bad, good], tiny_suite)}
    assert "wings" in found[7].problem
    assert "wings" in bad.log.read_text()
    assert found[0].problem == ""
    assert left([good, bad], tiny_suite) == [bad]
    record = load_record(good.record)
    assert (record.algorithm, record.seed, record.suite) == ("snes", 0, "tiny-1")
    assert record.budget == Budget(name="steps", steps=2000, cpu_seconds=None)
    assert record.cost.steps >= 2000
    assert record.curve.steps[-1] == record.cost.steps
    assert {len(scores) for scores in record.curve.scores} == {16}
    assert record.config["population"] == 8
    assert record.report.summary["disc"].score == found[0].score
    assert record.machine["cores"] >= 1


@pytest.mark.long
@pytest.mark.skipif(os.name != "posix", reason="needs POSIX process groups")
def test_a_run_killed_at_any_moment_is_neither_lost_nor_repeated(jobs, tiny_suite):
    (job,) = jobs(steps=60_000)
    process = subprocess.Popen(
        job.command(tiny_suite), cwd=ROOT, start_new_session=True, stderr=subprocess.DEVNULL
    )
    wait_for(lambda: len(job.points()) >= 2, "two points of the curve")
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    before = job.points()
    assert not job.record.exists()
    assert before
    work(job, tiny_suite)
    record = load_record(job.record)
    kept = len(before) - 1  # the last point may be newer than its checkpoint
    assert record.curve.scores[:kept] == [[*point.scores] for point in before[:kept]]
    assert (np.diff(record.curve.steps) > 0).all()


@pytest.mark.skipif(os.name != "posix", reason="needs POSIX file locks")
def test_a_run_is_locked_for_as_long_as_its_process_lives(tmp_path):
    path = tmp_path / "run.lock"
    hold = f"""
import sys
from pathlib import Path
from agents.lock import lock
with lock(Path({str(path)!r})):
    print("held", flush=True)
    sys.stdin.read()
"""
    holder = subprocess.Popen(
        [sys.executable, "-c", hold], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert holder.stdout.readline() == b"held\n"
    waiting = threading.Thread(target=lambda: lock(path).__enter__(), daemon=True)
    waiting.start()
    waiting.join(0.5)
    assert waiting.is_alive()
    holder.kill()
    holder.wait()
    holder.stdin.close()
    holder.stdout.close()
    waiting.join(20)
    assert not waiting.is_alive()


def test_seeds_come_first_so_that_a_broken_off_matrix_is_even(jobs):
    names = [job.name for job in jobs(seeds=2, algorithms=("snes", "ppo"))]
    assert names == ["snes-steps-0", "ppo-steps-0", "snes-steps-1", "ppo-steps-1"]


def test_a_job_comes_back_from_its_command(jobs, tiny_suite):
    (job,) = jobs()
    assert parse(job.command(tiny_suite)[-1]) == (job, tiny_suite)
    assert "--resume" not in job.training()
    job.run.mkdir(parents=True)
    (job.run / "config.json").write_text("{}")
    assert job.training()[-1] == "--resume"
    seconds = replace(job, budget=TrainingBudget("cpu", cpu_seconds=10.0)).training()
    assert seconds[seconds.index("--cpu-seconds") + 1] == "10.0"


def test_records_of_another_matrix_are_in_the_way(jobs, tiny_suite, tmp_path, make_policy):
    from agents.baselines import load_agent
    from benchmarks.evaluation.examine import examine
    from benchmarks.matrix.record import Budget, Record

    (job,) = jobs()
    curve, cost = Curve([1], [1.0], [1.0], [[1.0]]), Cost(1, 1.0, 1.0)
    budget = Budget(**asdict(job.budget))
    report = examine(load_agent("still"), tiny_suite)
    record = Record("tiny-1", "snes", 0, budget, {}, {}, {}, "", cost, curve, report)
    save_record(record, job.record)
    assert left([job], tiny_suite) == []
    assert load_record(job.record) == record
    with pytest.raises(ReportError, match=r"this matrix of .*tiny-2"):
        left([job], replace(tiny_suite, version="tiny-2"))
    with pytest.raises(ReportError, match="with limits"):
        left([replace(job, budget=TrainingBudget("steps", steps=9))], tiny_suite)
    other = replace(job, seed=1)
    shutil.copy(job.record, other.record)
    with pytest.raises(ReportError, match=r"is of .*snes-steps-0.*this matrix of .*snes-steps-1"):
        left([other], tiny_suite)
    job.record.write_text(json.dumps({"format": "x"}))
    with pytest.raises(ReportError, match="format must be"):
        left([job], tiny_suite)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda jobs: jobs(algorithms=("magic",)), "algorithm must be one of"),
        (lambda jobs: jobs(seeds=0), "seeds >= 1"),
        (lambda jobs: LocalWorkers(0, None), "jobs must be at least 1"),
    ],
)
def test_what_makes_no_sense_is_refused(jobs, make, message):
    with pytest.raises(ValueError, match=message):
        make(jobs)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["-a", "magic"], "algorithm must be one of"),
        (["--budget", "money"], "budget must be one of"),
        (["--cpu-seconds", "0"], "positive"),
        (["--cpu-seconds", "inf"], "positive"),
        (["--steps", "0"], "Invalid value for '--steps'"),
        (["--seeds", "0"], "Invalid value for '--seeds'"),
        (["--jobs", "0"], "Invalid value for '--jobs'"),
    ],
)
def test_the_command_names_a_users_mistake(tmp_path, options, message):
    places = ["--out", str(tmp_path / "r"), "--folder", str(tmp_path / "f")]
    done = CliRunner().invoke(app, ["run", *options, *places])
    assert done.exit_code != 0
    assert message in Text.from_ansi(done.output).plain + str(done.exception)
    assert list(tmp_path.iterdir()) == []


def test_what_is_named_twice_is_run_once(tmp_path, monkeypatch):
    seen = []
    monkeypatch.setattr(running, "carry_out", lambda left, *_: (_ for _ in seen.extend(left) or ()))
    words = ["run", "-a", "snes,snes", "-a", "ppo", "-a", "snes", "--seeds", "1"]
    words += ["--budget", "cpu", "--budget", "steps", "--budget", "cpu"]
    done = CliRunner().invoke(app, [*words, "--out", str(tmp_path), "--folder", str(tmp_path)])
    assert done.exit_code == 0
    assert "0 of 4 runs are done" in done.output
    assert [job.name for job in seen] == ["snes-cpu-0", "ppo-cpu-0", "snes-steps-0", "ppo-steps-0"]


def test_the_command_tells_what_failed(tiny_suite, tmp_path, monkeypatch):
    class Workers:
        room = 2

        def __init__(self, room, suite):
            pass

        def start(self, job):
            job.log.parent.mkdir(parents=True, exist_ok=True)
            job.log.write_text("one\ntwo\nit broke\n")

        def ended(self, token):
            return True

        def close(self):
            pass

    monkeypatch.setattr("benchmarks.commands.matrix.SUITE_V1", tiny_suite)
    monkeypatch.setattr(running, "LocalWorkers", Workers)
    words = ["run", "-a", "snes", "--seeds", "3", "--budget", "steps"]
    done = CliRunner().invoke(app, [*words, "--out", str(tmp_path), "--folder", str(tmp_path)])
    assert done.exit_code == 1
    assert "3 of 3 runs failed" in done.output
    assert "snes-steps-2: FAILED: one | two | it broke" in done.output
