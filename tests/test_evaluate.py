"""The command `evaluate`: the leaderboard's own numbers, and what else it may be asked for."""

import json
from dataclasses import replace

import msgspec
import pytest
from typer.testing import CliRunner

from benchmarks.__main__ import app, main
from benchmarks.evaluation.published import ENTRIES, REFERENCES
from benchmarks.evaluation.report import check_courses, load_report
from benchmarks.evaluation.suite import SUITE_V1
from tests.conftest import ROOT


def run(*words):
    done = CliRunner().invoke(app, [*map(str, words)])
    assert done.exit_code == 0, done.output
    return done.output


@pytest.fixture
def policy_file(tmp_path, make_policy):
    make_policy(name="tiny/one").save(tmp_path / "tiny.safetensors")
    return tmp_path / "tiny.safetensors"


def test_it_gives_exactly_what_the_leaderboard_has(tmp_path):
    words = run("evaluate", ENTRIES / "trot" / "policy.safetensors", "gait", "--out", tmp_path)
    for name, published in (
        ("trot", ENTRIES / "trot" / "result.json"),
        ("gait", REFERENCES / "gait.json"),
    ):
        own, theirs = load_report(tmp_path / f"{name}.json"), load_report(published)
        assert own.scores == {"disc": theirs.scores["disc"]}
        assert own.summary == {"disc": theirs.summary["disc"]}
        assert own.walk == theirs.walk
        told = msgspec.structs.replace(own.agent, options=theirs.agent.options)
        assert told == theirs.agent
        assert own.agent.options["body"]["digest"] == SUITE_V1.body.digest
    assert "42.8 [42.4, 43.2]" in words
    assert SUITE_V1.physics in words


def test_a_quick_look_at_other_skills_says_that_it_is_one(tmp_path, policy_file):
    out = tmp_path / "out"
    words = run(
        "evaluate", "still", policy_file, "--courses", 4, "--skills", "ice,race", "--out", out
    )
    assert sorted(path.name for path in out.iterdir()) == ["still.json", "tiny-one.json"]
    check_courses(load_report(out / "still.json"), SUITE_V1.part(["race", "ice"], 4), "here")
    assert "tiny/one" in words
    assert "A quick look, 4 of 256 courses" in words


def test_all_skills_are_those_of_the_suite(tmp_path):
    run("evaluate", "still", "--courses", 1, "--skills", "all", "--out", tmp_path)
    report = load_report(tmp_path / "still.json")
    assert list(report.scores) == [skill.name for skill in SUITE_V1.skills]
    assert report.physics == SUITE_V1.physics


def test_another_body_does_not_compare(tmp_path):
    words = run("evaluate", "random", "--body", "hexapod", "--courses", 1, "--out", tmp_path)
    assert "Another body or physics" in words
    report = json.loads((tmp_path / "random.json").read_text())
    part = SUITE_V1.part(["disc"])
    assert report["physics"] == replace(part, body="hexapod").physics
    assert report["physics"] != part.physics


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["evaluate", "nowhere.safetensors"], "nowhere.safetensors: no such file"),
        (["evaluate", "still", "--courses", "0"], "courses must lie in"),
        (["evaluate", "still", "--courses", "257"], "courses must lie in [1, 256], got 257"),
        (["evaluate", "still", "--skills", "disc,swim"], "skill must be one of"),
        (["evaluate", "still", "--body", "unicorn"], "body must be"),
        (["evaluate", "still", "still"], "both named 'still'"),
        (["evaluate", "gait", "--body", "hexapod"], "leave gait out, or evaluate it by itself"),
        (["leaderboard", "no-such-folder"], "expected reports"),
        (["leaderboard", "--markdown", "table.txt"], "table.txt: expected the ending .md"),
        (["drawing", "--seconds", "inf"], "seconds must be a positive number, got inf"),
        (["figure", "paths", "trot", "--out", "a.gif"], "expected the ending .png or .svg or .pdf"),
        (["site", "--out", str(ROOT / "docs")], "docs holds files that are not of a page"),
        (["race", "still", "--gif", "a.mp4"], "expected the ending .gif"),
        (["race", "still", "--gif", "a.gif", "--mp4", "a.mp4"], "choose one of"),
        (["race", "nobody", "--gif", "a.gif"], "nobody: no such file"),
    ],
)
def test_a_users_mistake_is_one_line_and_exit_2(tmp_path, monkeypatch, capsys, arguments, message):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.argv", ["benchmarks", *arguments])
    with pytest.raises(SystemExit) as caught:
        main()
    error = capsys.readouterr().err
    assert caught.value.code == 2
    assert error.startswith("error: ")
    assert message in error
    assert len(error.strip().splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.long
def test_the_real_command_runs_from_a_checkout(fresh_python):
    script = (
        "import sys, runpy; sys.argv = ['benchmarks', '--help'];"
        "runpy.run_module('benchmarks', run_name='__main__')"
    )
    assert "leaderboard" in fresh_python(script)
