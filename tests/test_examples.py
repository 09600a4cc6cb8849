"""The examples in the docs run as they stand, with less to do."""

import pathlib
import re
import runpy

import numpy as np
import pytest

from agents.policy import Policy
from agents.training.budget import Budget
from agents.training.train import make_config, train
from benchmarks.commands.readme import ROOT
from walker_env.body.__main__ import main as look_at

SMALLER = {"GENERATIONS = 3": "GENERATIONS = 1", "STEPS = 20_000": "STEPS = 10"}


@pytest.mark.parametrize("name", ["vec_gym_ne.py", "sb3_ppo.py"])
def test_example_runs(name, tmp_path, capsys):
    text = (ROOT / "docs" / "examples" / name).read_text()
    for big, small in SMALLER.items():
        text = text.replace(big, small)
    path = pathlib.Path(tmp_path) / name
    path.write_text(re.sub(r"popsize=64", "popsize=8", text))
    runpy.run_path(str(path), run_name="__main__")
    assert capsys.readouterr().out


@pytest.mark.long
def test_the_own_algorithm_of_the_docs_trains_and_goes_on(tmp_path, called):
    file = ROOT / "docs" / "examples" / "hill_climber.py"
    words = ["train", f"{file}:HillClimberConfig", "--courses", "1", "--quiet"]
    words += ["--set", "population=4", "--set", "episodes=[[0,1]]", "--set", "options.body=hexapod"]
    words += ["--out", str(tmp_path / "run")]
    for more in (["--steps", "600"], ["--steps", "1200", "--resume", "--workers", "2"]):
        code, _, errors = called(*words, *more)
        assert code == 0, errors
    policy = Policy.load(tmp_path / "run" / "policy.safetensors")
    assert policy.training["run_steps"] >= 1200
    assert policy.options.body.name == "hexapod"


def test_the_own_algorithm_of_the_docs_goes_on_exactly(tmp_path):
    file = ROOT / "docs" / "examples" / "hill_climber.py"
    settings = {"population": 4, "episodes": [[0, 1]]}
    config = make_config(f"{file}:HillClimberConfig", settings)
    whole = train(config, Budget(steps=1200), tmp_path / "whole", courses=1)
    train(config, Budget(steps=600), tmp_path / "run", courses=1)
    parts = train(config, Budget(steps=1200), tmp_path / "run", courses=1, resume=True, workers=2)
    ends = [Policy.load(sorted(run.checkpoints.glob("0*"))[-1]) for run in (whole, parts)]
    for name, tensor in ends[0].network.tensors().items():
        np.testing.assert_array_equal(ends[1].network.tensors()[name], tensor)


def test_the_body_of_the_guide_is_that_of_the_example_and_can_walk(tmp_path, monkeypatch, capsys):
    block = re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "bodies.md").read_text(), re.DOTALL)
    text = (ROOT / "docs" / "examples" / "stilt.py").read_text()
    assert text.split('"""\n\n', 1)[1] == block[0]
    statements = [line for line in block[0].splitlines() if line and "import" not in line]
    assert len(statements) <= 15
    monkeypatch.chdir(tmp_path)
    exec(compile(block[0], "bodies.md", "exec"), {})
    assert look_at(["stilt.json"]) == 0
    assert "warning" not in capsys.readouterr().out
