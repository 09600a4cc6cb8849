"""The runs of suite 2: done once each, whatever is killed or fails in between."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
from dataclasses import replace

import numpy as np
import pytest
from rich.text import Text
from typer.testing import CliRunner

from agents.lock import lock
from agents.training.budget import Cost
from benchmarks.__main__ import app
from benchmarks.commands import run as running
from benchmarks.evaluation.conditions import (
    CANDIDATES,
    CONDITIONS,
    DISC,
    FAMILIES,
    Condition,
    find_condition,
    looks,
)
from benchmarks.evaluation.report import ReportError
from benchmarks.study.calibration import REFERENCE, Calibration, normalised
from benchmarks.study.job import ROOT, Job, work
from benchmarks.study.matrix import Done, LocalWorkers, pending, plan, run
from benchmarks.study.record import BEST, LAST, load_record, read_records, save_record
from benchmarks.study.verify import verify_records, walk_again
from benchmarks.study.walks import walk_all
from tests.watching import wait_for
from walker_env import Options

pytest.importorskip("numba")
pytest.importorskip("evotorch")

TINY = Condition(
    "tiny",
    "a small one",
    Options(),
    seeds={"snes": 2, "ppo": 1},
    steps={"snes": 40_000, "ppo": 9000},
    settings={"population": 8, "courses": 1, "hidden": [4]},
    skills=DISC.skills[5:6],
)


@pytest.fixture
def job(tmp_path):
    return Job(TINY, "snes", 0, tmp_path / "runs", tmp_path / "records")


def carry_out(jobs, room=2):
    return [event for event in run(jobs, LocalWorkers(room)) if isinstance(event, Done)]


def test_looks_lie_ten_to_a_decade_and_the_end_is_one():
    assert looks(20_000) == (10_000, 12_500, 16_000, 20_000)
    grid = looks(10_000_000)
    assert sum(100_000 < look <= 1_000_000 for look in grid) == CANDIDATES
    assert sum(1_000_000 < look <= 10_000_000 for look in grid) == CANDIDATES
    assert looks(11_000)[-2:] == (10_000, 11_000)
    ratios = np.array(grid[1:]) / np.array(grid[:-1])
    assert 1.2 < ratios.min() <= ratios.max() < 1.3


def test_conditions_are_data():
    names = [condition.name for condition in CONDITIONS]
    assert len(set(names)) == len(names)
    assert len({condition.digest for condition in CONDITIONS}) == len(names)
    for condition in CONDITIONS:
        assert {*condition.seeds} <= {*FAMILIES}
        assert {*condition.seeds} == {*condition.steps}
        back = Condition.from_dict(condition.as_dict())
        assert back == condition
        assert back.digest == condition.digest
    assert find_condition("disc") is DISC
    with pytest.raises(ValueError, match=r"condition must be one of \['disc'.*got 'moon'"):
        find_condition("moon")


def test_a_digest_covers_what_a_run_depends_on_and_no_names():
    assert replace(TINY, name="tiny", title="other", seeds={}).digest == TINY.digest
    others = [
        replace(TINY, settings={}),
        replace(TINY, options=Options(reward="sparse")),
        replace(TINY, options=Options(world="ice")),
        replace(TINY, options=Options(body="hexapod")),
        replace(TINY, options=Options(stall_limit=5.0)),
    ]
    assert len({condition.digest for condition in (TINY, *others)}) == 6


def test_a_run_leaves_a_record_that_its_weights_bear_out(job):
    work(job)
    record = load_record(job.record)
    about = record.about
    assert (about.condition, about.algorithm, about.seed) == ("tiny", "snes", 0)
    assert about.config["population"] == 8
    assert about.resumed == []
    assert record.name == "tiny/snes-0"
    assert record.steps[-1] >= 40_000
    assert record.scores.shape == (len(record.steps), 128)
    assert record.validation.shape == (len(record.steps), 16)
    suite = TINY.suite
    for which, look in ((LAST, len(record.steps) - 1), (BEST, record.best_look())):
        policy = record.policy(which, TINY)
        walked = walk_all([policy], TINY.options, suite.public_seeds("tiny"), suite)
        assert np.array_equal(walked.scores[0].astype(np.float32), record.scores[look])
        assert int(walked.turns[0]) == record.turns[look]
    assert record.skills.shape == (1, 128)
    assert np.isfinite(record.skills[0, :1]).all()  # the race track is one course
    assert np.isnan(record.skills[0, 1:]).all()
    with pytest.raises(ReportError, match=r"expected one of .*disc"):
        record.policy(BEST, DISC)
    assert [*verify_records(job.records, [TINY])] == [("tiny/snes-0", "")]
    better = record.scores.copy()
    better[-1] += 1.0
    assert (
        "scores of the last policy do not come out"
        in walk_again([replace(record, scores=better)], TINY)[0]
    )
    weights = {name: 2 * array for name, array in record.policies.items()}
    assert (
        "way of the best policy do not come out"
        in walk_again([replace(record, policies=weights)], TINY)[0]
    )
    lost = replace(record, policies={**record.policies, "best.w0": np.zeros((2, 2), np.float32)})
    problems = walk_again([lost, record], TINY)
    assert "w0" in problems[0]
    assert problems[1] == ""
    before = job.record.stat()
    work(job)  # it is done
    assert job.record.stat() == before
    assert [r.name for r in read_records(job.records, TINY)] == ["tiny/snes-0"]


@pytest.mark.long
@pytest.mark.skipif(os.name != "posix", reason="needs POSIX process groups")
def test_a_run_killed_at_any_moment_ends_with_the_same_bits(job, tmp_path):
    condition = replace(TINY, steps={"snes": 3_000_000})
    killed, whole = (
        replace(job, condition=condition, folder=tmp_path / name, records=tmp_path / name)
        for name in ("killed", "whole")
    )
    process = subprocess.Popen(
        killed.command(), cwd=ROOT, start_new_session=True, stderr=subprocess.DEVNULL
    )
    wait_for(lambda: len(killed.points()) >= 4, "four looks")
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    assert not killed.record.exists()
    work(killed)
    work(whole)
    one, other = load_record(killed.record), load_record(whole.record)
    assert len(one.about.resumed) == 1
    assert other.about.resumed == []
    for name in ("steps", "scores", "validation"):
        assert np.array_equal(getattr(one, name), getattr(other, name)), name
    assert {*one.policies} == {*other.policies}
    assert all(np.array_equal(one.policies[name], other.policies[name]) for name in one.policies)
    assert (np.diff(one.seconds) >= 0).all()


@pytest.mark.long
def test_a_failed_run_is_told_and_stops_no_other(job):
    bad = replace(job, condition=replace(TINY, name="bad", settings={"wings": 2}))
    found = {done.job.name: done for done in carry_out([bad, job])}
    assert "wings" in found["bad/snes-0"].problem
    assert "wings" in bad.log.read_text()
    good = found["tiny/snes-0"]
    assert good.problem == ""
    assert pending([bad, job]) == [bad]
    record = load_record(job.record)
    assert good.score == pytest.approx(record.scores[record.best_look()].mean(), rel=1e-5)


def test_normalised_time_is_what_the_reference_machine_would_take():
    assert normalised([0.0, 10.0, 30.0], [REFERENCE] * 3).tolist() == [0.0, 10.0, 30.0]
    slow = normalised([0.0, 10.0, 30.0], [2 * REFERENCE, 2 * REFERENCE, 6 * REFERENCE])
    assert slow == pytest.approx([0.0, 5.0, 10.0])
    assert normalised([4.0], [2 * REFERENCE]) == pytest.approx([2.0])
    for spent, timed in (([1.0], [0.0]), ([1.0], [1.0, 1.0]), ([2.0, 1.0], [1.0, 1.0])):
        with pytest.raises(ValueError, match="expected rising processor times"):
            normalised(spent, timed)


def test_a_calibration_goes_on_with_its_run(tmp_path, monkeypatch):
    monkeypatch.setattr("benchmarks.study.calibration.Kernel.__init__", lambda self: None)
    monkeypatch.setattr("benchmarks.study.calibration.Kernel.seconds", lambda self: REFERENCE)
    first = Calibration(tmp_path)
    first.update(Cost(0, 0.0, 0.0), 0.0, {})
    first.validated(Cost(10, 1.0, 1.0), 0.0, tmp_path)
    first.update(Cost(15, 1.5, 1.5), 0.1, {})
    first.validated(Cost(20, 2.0, 2.0), 0.0, tmp_path)
    again = Calibration(tmp_path)
    again.update(Cost(15, 1.5, 1.5), 0.1, {})  # from a checkpoint before the second look
    again.validated(Cost(20, 2.5, 2.5), 0.0, tmp_path)
    assert again.resumed == [15]
    kernel, seconds = again.at(np.array([10, 20]))
    assert kernel.tolist() == [REFERENCE] * 2
    assert seconds == pytest.approx([1.0, 2.5])
    with pytest.raises(ValueError, match=r"not timed at the looks \[30\]"):
        again.at(np.array([10, 30]))


@pytest.fixture
def record(job):
    """A record made by hand, three looks."""
    from benchmarks.study.record import About, Record

    rows = {
        "steps": np.array([10, 20, 30]),
        "cpu_seconds": np.array([1.0, 2.0, 3.0]),
        "kernel": np.full(3, REFERENCE),
        "seconds": np.array([1.0, 2.0, 3.0]),
        "validation": np.array([[1, 2], [5, 6], [3, 4]], np.float32),
        "scores": np.array([[1, 1], [4, 4], [3, 3]], np.float32),
        "left": np.array([1, 2, 3], np.int32),
        "turns": np.array([2, 4, 6], np.int32),
        "energy": np.ones(3, np.float32),
        "way": np.ones(3, np.float32),
        "closing": np.full((2, 1), np.nan, np.float32),
        "skills": np.zeros((0, 2), np.float32),
    }
    texts = {key: {} for key in ("config", "versions", "machine", "gaits", "networks")}
    about = About(
        suite="walker-suite-2",
        condition="tiny",
        digest=TINY.digest,
        algorithm="snes",
        seed=0,
        commit="",
        resumed=[],
        **texts,
    )
    return Record(about, **rows, policies={})


def test_a_budget_has_room_for_the_look_that_was_due_at_its_end(record):
    counts = [record.looks_within_steps(steps) for steps in (5, 10, 11, 20, 30, 31)]
    assert counts == [1, 1, 2, 2, 3, None]
    counts = [record.looks_within_seconds(seconds) for seconds in (0.5, 1.0, 2.9, 3.0, 3.1)]
    assert counts == [0, 1, 2, 3, None]


def test_validation_chooses_among_the_last_looks(record, monkeypatch):
    assert [record.best_look(count) for count in (1, 2, 3, None)] == [0, 1, 1, 1]
    monkeypatch.setattr("benchmarks.study.record.CANDIDATES", 1)
    assert record.best_look() == 2
    for count in (0, 4):
        with pytest.raises(ValueError, match=r"count must lie in \[1, 3\]"):
            record.best_look(count)


def test_records_of_something_else_are_in_the_way(job, record):
    shorter = replace(job, condition=replace(TINY, steps={"snes": 30, "ppo": 30}))
    save_record(record, job.record)
    assert pending([shorter]) == []
    with pytest.raises(ReportError, match=r"with 30 control steps, this matrix of .*40,000"):
        pending([job])
    other = replace(shorter, condition=replace(shorter.condition, settings={}))
    with pytest.raises(ReportError, match=r"is of .*this matrix of"):
        pending([other])
    copy = replace(shorter, seed=1)
    shutil.copy(job.record, copy.record)
    with pytest.raises(ReportError, match=r"is of .*tiny/snes-0.*this matrix of .*tiny/snes-1"):
        pending([copy])
    with pytest.raises(ReportError, match=r"must be called snes-0\.safetensors"):
        read_records(job.records, TINY)
    job.record.write_bytes(b"no record")
    with pytest.raises(ReportError, match="expected the record of a run"):
        pending([shorter])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"steps": np.array([10, 10, 30])}, "steps must rise"),
        ({"steps": np.array([10.0, 20.0, 30.0])}, "steps must be int64"),
        ({"scores": np.full((3, 2), np.nan, np.float32)}, "scores must be finite"),
        ({"scores": np.zeros((2, 2), np.float32)}, "scores must have a row for each of 3 looks"),
        ({"seconds": np.array([1.0, 3.0, 2.0])}, "seconds must not fall"),
    ],
)
def test_a_record_that_cannot_be_is_refused(record, change, message):
    with pytest.raises(ValueError, match=message):
        replace(record, **change)


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


def test_seeds_come_first_so_that_a_broken_off_matrix_is_even(tmp_path):
    jobs = plan([TINY], tmp_path, tmp_path)
    assert [job.name for job in jobs] == ["tiny/snes-0", "tiny/ppo-0", "tiny/snes-1"]
    assert [job.name for job in plan([TINY], tmp_path, tmp_path, ["ppo"])] == ["tiny/ppo-0"]
    assert len(plan([TINY], tmp_path, tmp_path, seeds=1)) == 2


def test_a_job_comes_back_from_its_command(job):
    assert Job.parse(job.command()[-1]) == job


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["-a", "magic"], "algorithms must be among"),
        (["-c", "moon"], "condition must be one of"),
        (["-c", "linear", "-a", "tqc,xnes"], "algorithms must be among ['ppo'], got ['tqc', 'xnes"),
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
    words = ["run", "-c", "disc,disc", "-a", "snes,snes", "-a", "ppo", "--seeds", "1"]
    done = CliRunner().invoke(app, [*words, "--out", str(tmp_path), "--folder", str(tmp_path)])
    assert done.exit_code == 0
    assert "0 of 2 runs are done" in done.output
    assert {job.name for job in seen} == {"disc/snes-0", "disc/ppo-0"}


def test_the_command_tells_what_failed(tmp_path, monkeypatch):
    class Workers:
        room = 2

        def __init__(self, room):
            pass

        def start(self, job):
            job.log.parent.mkdir(parents=True, exist_ok=True)
            job.log.write_text("one\ntwo\nit broke\n")

        def ended(self, token):
            return True

        def close(self):
            pass

    monkeypatch.setattr(running, "LocalWorkers", Workers)
    words = ["run", "-c", "disc", "-a", "snes", "--seeds", "3"]
    done = CliRunner().invoke(app, [*words, "--out", str(tmp_path), "--folder", str(tmp_path)])
    assert done.exit_code == 1
    assert "3 of 3 runs failed" in done.output
    assert "disc/snes-2: FAILED: one | two | it broke" in done.output
