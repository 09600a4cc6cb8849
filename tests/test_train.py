"""Settings, and the real commands."""

import json
import os
import signal
import subprocess
import sys

import numpy as np
import pytest

from agents.policy import Policy
from agents.training.budget import Budget
from agents.training.train import make_config, parse_settings, train
from tests.watching import wait_for

SMALL = {"population": 4, "episodes": [[0, 1]]}
TINY = ["--set", "population=4", "--set", "episodes=[[0,1]]", "--courses", "1"]


def lines(run):
    """The learning curve of a run so far, as text."""
    file = run / "progress.jsonl"
    return file.read_text().splitlines() if file.exists() else []


def command(*words, **how):
    return subprocess.run(
        [sys.executable, "-m", "agents", *words], capture_output=True, text=True, timeout=100, **how
    )


def test_a_run_folder_holds_everything(tmp_path):
    out = tmp_path / "run"
    done = command("train", "snes", "--steps", "500", "--seed", "5", "--out", str(out), *TINY)
    assert done.returncode == 0, done.stderr
    config = json.loads((out / "config.json").read_text())
    assert config["algorithm"] == "snes"
    assert config["config"]["seed"] == 5
    assert config["config"]["population"] == 4
    points = [json.loads(line) for line in (out / "progress.jsonl").read_text().splitlines()]
    assert points[-1]["steps"] >= 500
    assert [p["steps"] for p in points] == sorted(p["steps"] for p in points)
    policy = Policy.load(out / "policy.safetensors")
    assert policy.training["config"]["seed"] == 5
    assert policy.training["steps"] <= points[-1]["steps"]
    assert len(list((out / "checkpoints").glob("0*.safetensors"))) == len(points)
    assert policy.training["run_cpu_seconds"] > 0
    assert str(out / "policy.safetensors") in done.stdout.replace("\n", "")


def test_a_folder_that_holds_a_run_is_left_alone(tmp_path, called):
    out = tmp_path / "run"
    train(make_config("snes", SMALL, tuned=False), Budget(steps=100), out, courses=1)
    code, _, errors = called("train", "snes", "--steps", "100", "--out", str(out), *TINY)
    assert code == 2
    assert "holds a run already" in errors
    assert "Traceback" not in errors


def test_resume_asks_for_nothing_again(tmp_path, called):
    """Settings, seed, engine, threads and budget are the run's own."""
    given = SMALL | {"options.threads": 2, "seed": 3}
    train(make_config("snes", given, tuned=False), Budget(steps=500), tmp_path / "run", courses=1)
    code, _, errors = called("train", "snes", "--resume", "--quiet", "--out", str(tmp_path / "run"))
    assert code == 0, errors
    told = json.loads((tmp_path / "run" / "config.json").read_text())
    assert told["budget"] == {"seconds": None, "steps": 500, "cpu_seconds": None}
    assert (told["config"]["population"], told["config"]["seed"]) == (4, 3)
    assert told["how"] == {"engine": "auto", "threads": 2}


@pytest.mark.long
@pytest.mark.parametrize("kind", [signal.SIGINT, signal.SIGHUP, signal.SIGTERM])
def test_a_run_that_is_stopped_is_usable_and_leaves_no_half_written_file(tmp_path, kind):
    out = tmp_path / "run"
    more = ["--out", str(out), "--validate-every", "0.01", "--quiet", *TINY]
    process = subprocess.Popen(
        [sys.executable, "-m", "agents", "train", "snes", "--seconds", "60", *more],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    wait_for(lambda: len(lines(out)) >= 3, "three points of the curve")
    os.kill(process.pid, kind)
    try:
        _, errors = process.communicate(timeout=30)
    finally:
        process.kill()  # where the signal has not: it would go on beside the other tests
    assert "Traceback" not in errors
    Policy.load(out / "policy.safetensors")
    for path in (out / "checkpoints").glob("0*"):
        Policy.load(path)
    for line in lines(out):
        json.loads(line)
    assert process.returncode == 0


@pytest.mark.long
def test_a_killed_run_resumes_to_the_same_policy(tmp_path):
    settings = {"population": 8, "courses": 1, "hidden": [3], "episodes": [[0, 1]]}
    steps, words = 100_000, [f"--set={name}={value}" for name, value in settings.items()]
    out = tmp_path / "run"
    line = [sys.executable, "-m", "agents", "train", "snes", "--steps", str(steps), "--quiet"]
    line += ["--out", str(out), "--courses", "1", "--no-tuned", *words]
    process = subprocess.Popen(line, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    config = make_config("snes", settings, tuned=False)
    whole = train(config, Budget(steps=steps), tmp_path / "whole", courses=1)
    wait_for(lambda: len(lines(out)) >= 4, "four points of the curve")
    process.kill()
    process.wait()
    resumed = train(config, Budget(steps=steps), out, courses=1, resume=True)
    assert resumed.best_score == whole.best_score
    for name, tensor in whole.best.network.tensors().items():
        np.testing.assert_array_equal(resumed.best.network.tensors()[name], tensor)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("train", "dreaming"), "algorithm must be one of"),
        (("train", "snes", "--seconds", "-3"), "seconds must be a positive number"),
        (("train", "snes", "--seed", "-1"), "a training seed must be"),
        (("train", "snes", "--set", "populaton=3"), "got ['populaton']"),
        (("train", "snes", "--set", "population"), "name=value"),
        (("train", "snes", "--set", "population=many"), "population must be an int"),
        (("train", "snes", "--set", "options.body=octopus"), "body must be"),
        (("show", "nowhere.safetensors"), "no such"),
        (("show", "gait", "--seconds", "0", "--gif", "x.gif"), "seconds must be a positive"),
    ],
)
def test_a_users_error_is_one_clear_line(words, message, tmp_path, called):
    code, _, errors = called(*words)
    assert code == 2
    assert message in errors
    assert "Traceback" not in errors
    assert not list(tmp_path.glob("**/*.safetensors"))


def test_show_writes_a_film(tmp_path, called):
    path = tmp_path / "walk.gif"
    code, _, errors = called("show", "gait", "--seconds", "1", "--size", "200", "--gif", str(path))
    assert code == 0, errors
    assert path.stat().st_size > 1000


def test_help_teaches(called):
    for words in ((), ("train",), ("show",)):
        code, said, _ = called(*words, "--help")
        assert code == 0
        assert "Usage" in said
    assert "Example" in called("train", "--help")[1]


def test_settings_are_json_or_text():
    given = parse_settings(["hidden=[8, 8]", "options.body=hexapod", "learning_rate=1e-3"])
    assert given == {"hidden": [8, 8], "options.body": "hexapod", "learning_rate": 1e-3}
    config = make_config("ppo", given)
    assert config.hidden == (8, 8)
    assert config.options.body.name == "hexapod"


def test_tuned_settings_come_first_and_ones_own_last(tmp_path, monkeypatch):
    (tmp_path / "snes.toml").write_text("[settings]\npopulation = 10\nstdev = 0.5\n")
    monkeypatch.setattr("agents.tuned.FOLDER", tmp_path)
    config = make_config("snes", {"stdev": 0.25})
    assert (config.population, config.stdev) == (10, 0.25)
    assert make_config("snes", {}, tuned=False).population != 10
    (tmp_path / "snes.toml").write_text("[settings")
    with pytest.raises(ValueError, match=r"snes\.toml: expected TOML"):
        make_config("snes", {})


def test_an_algorithm_of_ones_own_is_found_in_its_file(tmp_path):
    file = tmp_path / "mine.py"
    file.write_text(
        "from dataclasses import dataclass, field\n"
        "from typing import ClassVar\n"
        "from walker_env import Options\n"
        "@dataclass(frozen=True)\n"
        "class Mine:\n"
        "    algorithm: ClassVar[str] = 'mine'\n"
        "    seed: int = 0\n"
        "    options: Options = field(default_factory=Options)\n"
        "    def learner(self, crew): ...\n"
        "class Half:\n"
        "    algorithm = 'half'\n"
    )
    assert make_config(f"{file}:Mine", {"seed": 4}).seed == 4
    with pytest.raises(ValueError, match="has no class Other"):
        make_config(f"{file}:Other", {})
    with pytest.raises(ValueError, match="Half must be a frozen dataclass with fields seed and"):
        make_config(f"{file}:Half", {})
    with pytest.raises(ValueError, match="expected a Python file"):
        make_config(f"{tmp_path}/nowhere.py:Mine", {})


def test_tensorboard_gets_the_curve(tmp_path):
    pytest.importorskip("tensorboard")
    from agents.training.progress import TensorBoard, Watchers

    config = make_config("snes", SMALL)
    watchers = Watchers(TensorBoard())
    train(config, Budget(steps=100), tmp_path / "run", courses=1, watchers=watchers)
    assert list((tmp_path / "run" / "tensorboard").glob("events*"))


def test_what_is_wrong_is_told_before_torch_is_loaded(tmp_path, fresh_python):
    """Neither an algorithm's library nor optuna is needed to see a typo."""
    (tmp_path / "a" / "config.json").parent.mkdir()
    (tmp_path / "a" / "config.json").write_text("{}")
    script = f"""
import sys
from agents.training.budget import Budget
from agents.training.train import ALGORITHMS, make_config, train
from agents.tuning.search import Search

def refused(call, *given, **named):
    try:
        call(*given, **named)
    except (ValueError, OSError):
        return 1
    return 0

wrong = [refused(make_config, name, {{"typo": 1}}) for name in ALGORITHMS]
wrong += [refused(make_config, name, {{"seed": -1}}) for name in ALGORITHMS]
wrong += [refused(make_config, "nobody", {{}}), refused(Search, "ppo", trials=0)]
wrong += [refused(Search, "mapelites", seeds=0), refused(Budget, seconds=-1.0)]
for name in ALGORITHMS:
    wrong += [refused(train, make_config(name, {{}}), folder={str(tmp_path / "a")!r})]
heavy = {{"torch", "evotorch", "stable_baselines3", "sb3_contrib", "ribs", "optuna", "numba"}}
print(wrong.count(0), *sorted(heavy & set(sys.modules)))
"""
    assert fresh_python(script) == "0"
