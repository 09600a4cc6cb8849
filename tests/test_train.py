"""Runs: their folder, budget, settings and the real commands."""

import json
import os
import signal
import subprocess
import sys
import time

import numpy as np
import pytest

from agents.policy import Policy
from agents.run import Budget, Run
from agents.train import make_config, parse_settings, train

TINY = ["--set", "population=4", "--set", "episodes=[[0,1]]", "--courses", "1"]


def command(*words, **how):
    return subprocess.run(
        [sys.executable, "-m", "agents", *words], capture_output=True, text=True, timeout=100, **how
    )


def test_a_run_folder_holds_everything(tmp_path):
    out = tmp_path / "run"
    done = command("train", "es", "--steps", "500", "--seed", "5", "--out", str(out), *TINY)
    assert done.returncode == 0, done.stderr
    config = json.loads((out / "config.json").read_text())
    assert config["algorithm"] == "es"
    assert config["config"]["seed"] == 5
    assert config["config"]["population"] == 4
    points = [json.loads(line) for line in (out / "progress.jsonl").read_text().splitlines()]
    assert points[-1]["steps"] >= 500
    assert [p["steps"] for p in points] == sorted(p["steps"] for p in points)
    policy = Policy.load(out / "policy.safetensors")
    assert policy.training["config"]["seed"] == 5
    assert policy.training["steps"] <= points[-1]["steps"]
    assert len(list((out / "checkpoints").glob("*.safetensors"))) == len(points)
    assert str(out / "policy.safetensors") in done.stdout.replace("\n", "")


def test_a_folder_with_a_run_is_not_overwritten(tmp_path):
    words = ("train", "es", "--steps", "100", "--out", str(tmp_path / "run"), *TINY)
    assert command(*words).returncode == 0
    again = command(*words)
    assert again.returncode == 2
    assert "holds a run already" in again.stderr
    assert "Traceback" not in again.stderr


@pytest.mark.parametrize("kind", [signal.SIGINT, signal.SIGKILL])
def test_a_run_that_is_stopped_is_usable_and_leaves_no_half_written_file(tmp_path, kind):
    out = tmp_path / "run"
    more = ["--out", str(out), "--validate-every", "0.01", "--quiet", *TINY]
    process = subprocess.Popen(
        [sys.executable, "-m", "agents", "train", "es", "--seconds", "60", *more],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    deadline = time.monotonic() + 60
    while not (out / "progress.jsonl").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    time.sleep(0.5)
    os.kill(process.pid, kind)
    _, errors = process.communicate(timeout=30)
    assert "Traceback" not in errors
    Policy.load(out / "policy.safetensors")
    for path in (out / "checkpoints").glob("[!.]*"):
        Policy.load(path)
    for line in (out / "progress.jsonl").read_text().splitlines():
        json.loads(line)
    if kind == signal.SIGINT:
        assert process.returncode == 0


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("train", "dreaming"), "algorithm must be one of"),
        (("train", "es", "--seconds", "-3"), "seconds must be a positive number"),
        (("train", "es", "--seed", "-1"), "a training seed must be"),
        (("train", "es", "--set", "populaton=3"), "got ['populaton']"),
        (("train", "es", "--set", "population"), "name=value"),
        (("train", "es", "--set", "population=many"), "population must be an int"),
        (("train", "es", "--set", "options.body=octopus"), "body must be"),
        (("show", "nowhere.safetensors"), "no such"),
        (("show", "gait", "--seconds", "0", "--gif", "x.gif"), "seconds must be a positive"),
    ],
)
def test_a_users_error_is_one_clear_line(words, message, tmp_path):
    done = command(*words, cwd=tmp_path, env={**os.environ, "PYTHONPATH": os.getcwd()})
    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert not list(tmp_path.glob("**/*.safetensors"))


def test_show_writes_a_film(tmp_path):
    path = tmp_path / "walk.gif"
    done = command("show", "gait", "--seconds", "1", "--size", "200", "--gif", str(path))
    assert done.returncode == 0, done.stderr
    assert path.stat().st_size > 1000


def test_help_teaches():
    for words in ((), ("train",), ("show",)):
        done = command(*words, "--help")
        assert done.returncode == 0
        assert "Usage" in done.stdout
    assert "Example" in command("train", "--help").stdout


def test_settings_are_json_or_text():
    given = parse_settings(["hidden=[8, 8]", "options.body=hexapod", "learning_rate=1e-3"])
    assert given == {"hidden": [8, 8], "options.body": "hexapod", "learning_rate": 1e-3}
    config = make_config("ppo", given)
    assert config.hidden == (8, 8)
    assert config.options.body == "hexapod"


def test_a_budget_ends_at_whichever_comes_first():
    budget = Budget(10.0, 100)
    assert budget.used(5.0, 10) == 0.5
    assert budget.used(1.0, 100) == 1.0
    with pytest.raises(ValueError, match="needs seconds, steps or both"):
        Budget(None, None)


def test_the_best_policy_is_kept_not_the_last(tmp_path, monkeypatch):
    scores = iter([1.0, 3.0, 2.0])
    monkeypatch.setattr("agents.run.episode_scores", lambda *_: np.array([next(scores)]))
    policy = Policy.load(_trained(tmp_path))
    scores = iter([1.0, 3.0, 2.0])
    config = make_config("es", {})
    with Run(tmp_path / "b", "es", config, Budget(None, 3), 0.0, 1, quiet=True) as run:
        for steps in (1, 2, 3):
            run.report(steps, lambda: policy)
    assert run.best_score == 3.0
    assert Policy.load(tmp_path / "b" / "policy.safetensors").training["steps"] == 2


def _trained(folder):
    config = make_config("es", {"population": 4, "episodes": [[0, 1]], "hidden": 2})
    run = train("es", config, Budget(None, 10), folder / "a", courses=1, quiet=True)
    return run.folder / "policy.safetensors"


def test_with_a_budget_of_steps_the_policy_does_not_depend_on_the_machine(tmp_path, monkeypatch):
    config = make_config("es", {"population": 4, "episodes": [[0, 1]], "hidden": 2})
    policies = []
    for name, slow in (("a", 0.0), ("b", 0.02)):
        real = time.perf_counter
        monkeypatch.setattr(
            "agents.run.time.perf_counter", lambda real=real, s=slow: real() * (1 + s)
        )
        run = train("es", config, Budget(None, 3000), tmp_path / name, courses=1, quiet=True)
        policies.append(run.best)
        assert len((tmp_path / name / "progress.jsonl").read_text().splitlines()) >= 10
    assert policies[0].training["steps"] == policies[1].training["steps"]
    np.testing.assert_array_equal(policies[0].weights[0][0], policies[1].weights[0][0])


def test_an_interrupted_run_keeps_what_it_learned_last(tmp_path, monkeypatch):
    policy = Policy.load(_trained(tmp_path))

    def interrupted(config, run):
        run.report(1, lambda: policy)
        run.report(999, lambda: policy)  # not yet time to validate
        raise KeyboardInterrupt

    monkeypatch.setattr("agents.train._find", lambda name: (None, interrupted))
    run = train("es", make_config_of(policy), Budget(60.0), tmp_path / "b", courses=1, quiet=True)
    assert run.interrupted
    points = (tmp_path / "b" / "progress.jsonl").read_text().splitlines()
    assert [json.loads(point)["steps"] for point in points] == [1, 999]
    assert Policy.load(tmp_path / "b" / "policy.safetensors").training["run_steps"] == 999


def make_config_of(policy):
    from agents.es import ESConfig

    return ESConfig(seed=policy.training["config"]["seed"])
