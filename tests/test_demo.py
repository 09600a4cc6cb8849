"""The demo, from training to the race, with a tiny budget."""

import json
import os
import subprocess
import sys

import pytest

from benchmarks.commands.demo import run_demo


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """The folder of a demo, and what the real command printed."""
    out = tmp_path_factory.mktemp("demo") / "demo"
    words = ["demo", "--seconds", "2", "--race-seconds", "1", "--out", str(out)]
    command = [sys.executable, "-m", "benchmarks", *words]
    done = subprocess.run(command, capture_output=True, text=True, timeout=280)
    assert done.returncode == 0, done.stderr
    return out.resolve(), done.stdout


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
