"""The examples in the docs run as they stand, with less to do."""

import pathlib
import re
import subprocess
import sys

import pytest

from agents.policy import Policy
from benchmarks.readme import ROOT

SMALLER = {"GENERATIONS = 3": "GENERATIONS = 1", "STEPS = 20_000": "STEPS = 10"}


@pytest.mark.parametrize("name", ["vec_gym_ne.py", "sb3_ppo.py"])
def test_example_runs(name, tmp_path):
    text = (ROOT / "docs" / "examples" / name).read_text()
    for big, small in SMALLER.items():
        text = text.replace(big, small)
    path = pathlib.Path(tmp_path) / name
    path.write_text(re.sub(r"popsize=64", "popsize=8", text))
    done = subprocess.run(
        [sys.executable, str(path)],
        capture_output=True,
        text=True,
        timeout=110,
        env={"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1", "PATH": ""},
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout


def test_the_own_algorithm_of_the_docs_trains_and_goes_on(tmp_path):
    file = ROOT / "docs" / "examples" / "hill_climber.py"
    words = ["train", f"{file}:HillClimberConfig", "--set", "tries=4", "--set", "seconds=1"]
    how = ["--courses", "1", "--quiet", "--out", str(tmp_path / "run")]
    for more in (["--steps", "600"], ["--steps", "1200", "--resume"]):
        done = subprocess.run(
            [sys.executable, "-m", "agents", *words, *how, *more],
            capture_output=True,
            text=True,
            timeout=110,
            cwd=ROOT,
        )
        assert done.returncode == 0, done.stderr
    assert Policy.load(tmp_path / "run" / "policy.safetensors").training["run_steps"] >= 1200
