"""The demo, from training to the race, with a tiny budget."""

import io
import json
import os
import shutil
import subprocess
import sys
from contextlib import redirect_stdout
from functools import partial

import pytest
from msgspec.structs import replace

from agents.foreign.held import hold
from benchmarks.commands.demo import run_demo
from benchmarks.evaluation.published import REFERENCES, RUNS
from benchmarks.evaluation.report import load_report
from benchmarks.site.newcomers import build_with_newcomers
from benchmarks.site.source import read_content


def examined(agent, suite, file, *_, **__):
    """The report of one that stands still, as if it were the agent's: a whole suite takes long."""
    report = load_report(REFERENCES / "still.json")
    about = {"name": agent.name, "file": file.name, "sha256": hold(file).sha256}
    return replace(report, agent=replace(report.agent, **about))


def few_runs(folder):
    """A folder with the published runs of one algorithm."""
    folder.mkdir()
    for path in RUNS.glob("snes-*.json"):
        shutil.copy(path, folder)
    return folder


@pytest.fixture(scope="module")
def quick(tmp_path_factory):
    """The folder of a demo that examines nobody, with short walks on its page, and what it said."""
    root = tmp_path_factory.mktemp("demo")
    content = partial(read_content, runs=few_runs(root / "runs"))
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(io.StringIO()) as said:
        patch.setenv("COLUMNS", "200")
        patch.setattr("benchmarks.commands.demo.examine", examined)
        patch.setattr("benchmarks.site.newcomers.read_content", content)
        short = partial(build_with_newcomers, steps=40)
        patch.setattr("benchmarks.site.newcomers.build_with_newcomers", short)
        run_demo(0.5, root / "demo", 1.0)
    return (root / "demo").resolve(), said.getvalue()


@pytest.fixture(scope="module")
def real(tmp_path_factory):
    """The folder of a demo, and what the real command printed."""
    out = tmp_path_factory.mktemp("demo") / "demo"
    words = ["demo", "--seconds", "2", "--race-seconds", "1", "--out", str(out)]
    command = [sys.executable, "-m", "benchmarks", *words]
    done = subprocess.run(command, capture_output=True, text=True, timeout=280)
    assert done.returncode == 0, done.stderr
    return out.resolve(), done.stdout


@pytest.fixture(params=[pytest.param(name, marks=pytest.mark.long) for name in ("quick", "real")])
def demo(request):
    return request.getfixturevalue(request.param)


def test_learners_are_ranked_beside_the_baselines(demo):
    out, said = demo
    for name in ("ppo", "snes", "gait", "still", "random"):
        result = json.loads((out / "results" / f"{name}.json").read_text())
        assert result["summary"]["disc"]["score"] >= 0
        assert name in said


def test_the_race_and_the_curves_are_pictures(demo):
    out, said = demo
    assert (out / "race.gif").read_bytes()[:4] == b"GIF8"
    assert (out / "curve.png").stat().st_size > 5000
    assert str(out / "race.gif") in said


def test_the_page_has_the_learners(demo):
    out, said = demo
    assert str(out / "page" / "index.html") in said
    front = (out / "page" / "index.html").read_text()
    for name in ("ppo", "snes"):
        assert f'href="entries/{name}.html"' in front
        assert (out / "page" / "data" / "minds" / f"{name}.js").exists()
    sandbox = out / "page" / "sandbox.html"
    assert sandbox.exists()
    assert said.rstrip().endswith(f"{sandbox.as_uri()}#walkers=ppo,snes")
    assert "How they learned" in front


def test_a_folder_with_something_else_is_left_alone(tmp_path):
    (tmp_path / "mine.txt").write_text("precious")
    with pytest.raises(ValueError, match="choose another --out"):
        run_demo(1.0, tmp_path)
    assert os.listdir(tmp_path) == ["mine.txt"]


@pytest.mark.parametrize("seconds", [0.0, -1.0, float("nan"), float("inf")])
def test_a_budget_that_makes_no_sense_is_refused(tmp_path, seconds):
    with pytest.raises(ValueError, match="seconds must be a positive number"):
        run_demo(seconds, tmp_path / "demo")
    assert not (tmp_path / "demo").exists()


def test_the_learner_that_failed_is_the_one_that_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr("benchmarks.commands.demo.LEARNERS", ("ppo", "nosuch"))
    with pytest.raises(RuntimeError, match=r"nosuch failed \(exit 2\)(.|\n)*algorithm must be"):
        run_demo(30.0, tmp_path / "demo")
