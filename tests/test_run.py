"""Runs: what is kept, what is counted, and how a stopped run goes on."""

import dataclasses
import json
from typing import ClassVar

import numpy as np
import pytest

from agents import run as runs
from agents.budget import Budget, Clock, Cost
from agents.checkpoint import CheckpointError, newest
from agents.networks.network import MLP, plain_normaliser
from agents.policy import Policy
from agents.train import train
from walker_env import Options


@dataclasses.dataclass(frozen=True)
class CountConfig:
    """A learner that counts: its policy's first weight is the number of updates."""

    algorithm: ClassVar[str] = "count"

    seed: int = 0
    options: Options = dataclasses.field(default_factory=Options)
    stop_at: int | None = None

    def learner(self, crew):
        return Counter(self)


class Counter:
    cpu_seconds = 0.0
    metrics: ClassVar[dict] = {}

    def __init__(self, config):
        self.config, self.steps = config, 0

    def advance(self):
        self.steps += 1
        if self.steps == self.config.stop_at:
            raise KeyboardInterrupt

    def policy(self):
        weights = np.zeros((12, 6))
        weights[0, 0] = self.steps
        network = MLP(((weights, np.zeros(6)),))
        return Policy("count", network, plain_normaliser(12), self.config.options)

    def state_dict(self):
        return {"steps": self.steps, "array": np.arange(3)}

    def load_state_dict(self, state):
        self.steps = state["steps"]


@pytest.fixture
def scores(monkeypatch):
    """scores([...]): what the next validations will say; afterwards 0."""

    def use(values):
        found = iter(values)
        monkeypatch.setattr(runs, "episode_scores", lambda *_: np.array([next(found, 0.0)]))

    return use


def points(folder):
    return [json.loads(line) for line in (folder / "progress.jsonl").read_text().splitlines()]


def first_weight(path):
    return Policy.load(path).network.weights[0][0][0, 0]


def test_the_best_policy_is_kept_not_the_last(tmp_path, scores):
    scores([0.0, 1.0, 3.0, 2.0])
    run = train(CountConfig(), Budget(steps=3), tmp_path / "run", courses=1)
    assert run.best_score == 3.0
    best = Policy.load(tmp_path / "run" / "policy.safetensors")
    assert best.training["steps"] == 2
    assert best.training["run_steps"] == 3
    assert first_weight(tmp_path / "run" / "policy.safetensors") == 2
    assert [p["steps"] for p in points(tmp_path / "run")] == [0, 1, 2, 3]


def test_a_budget_of_steps_is_validated_at_even_steps(tmp_path, scores):
    scores([])
    train(CountConfig(), Budget(steps=200), tmp_path / "run", courses=1)
    assert [p["steps"] for p in points(tmp_path / "run")] == list(range(0, 201, 10))


def test_what_is_kept_does_not_depend_on_the_machines_speed(tmp_path, scores, monkeypatch):
    found = []
    for name, speed in (("slow", 1e-3), ("fast", 1e6)):
        scores([])
        monkeypatch.setattr(
            "agents.budget.time.perf_counter", iter(np.arange(1e5) * speed).__next__
        )
        train(CountConfig(), Budget(steps=50), tmp_path / name, courses=1)
        found.append([p["steps"] for p in points(tmp_path / name)])
    assert found[0] == found[1]


def test_an_interrupted_run_keeps_what_it_learned_last(tmp_path, scores):
    scores([1.0, 2.0])
    config = CountConfig(stop_at=7)
    train(config, Budget(seconds=60.0), tmp_path / "run", courses=1)
    assert [p["steps"] for p in points(tmp_path / "run")] == [0, 7]
    assert first_weight(tmp_path / "run" / "policy.safetensors") == 7


def test_a_resumed_run_ends_as_the_uninterrupted_one(tmp_path, scores):
    values = [0.0, 5.0, 2.0, 1.0, 4.0, 7.0, 3.0]
    scores(values)
    train(CountConfig(), Budget(steps=6), tmp_path / "whole", courses=1)
    scores(values)
    train(CountConfig(), Budget(steps=3), tmp_path / "parts", courses=1)
    scores(values[4:])
    run = train(CountConfig(), Budget(steps=6), tmp_path / "parts", courses=1, resume=True)
    assert run.best_score == 7.0
    for name in ("steps", "score"):
        ours, theirs = (
            [p[name] for p in points(tmp_path / folder)] for folder in ("parts", "whole")
        )
        assert ours == theirs
    assert first_weight(tmp_path / "parts" / "policy.safetensors") == 5


def test_what_came_after_the_newest_state_is_walked_again(tmp_path, scores):
    """A kill between a point of the curve and its state leaves a point too many."""
    scores([0.0, 1.0, 2.0])
    train(CountConfig(), Budget(steps=2), tmp_path / "run", courses=1)
    newest(tmp_path / "run" / "checkpoints").unlink()
    scores([9.0, 8.0])
    train(CountConfig(), Budget(steps=3), tmp_path / "run", courses=1, resume=True)
    assert [p["score"] for p in points(tmp_path / "run")] == [0.0, 1.0, 9.0, 8.0]


def test_time_adds_up_over_resumes(tmp_path, scores):
    scores([])
    train(CountConfig(stop_at=20), Budget(seconds=60.0), tmp_path / "run", courses=1)
    before = points(tmp_path / "run")[-1]["cpu_seconds"]
    run = train(CountConfig(stop_at=20), Budget(steps=21), tmp_path / "run", courses=1, resume=True)
    assert run.best.training["run_steps"] >= 20
    assert points(tmp_path / "run")[-1]["cpu_seconds"] >= before


def test_a_folder_with_a_run_is_not_overwritten(tmp_path, scores):
    scores([])
    train(CountConfig(), Budget(steps=1), tmp_path / "run", courses=1)
    with pytest.raises(FileExistsError, match="holds a run already; --resume"):
        train(CountConfig(), Budget(steps=1), tmp_path / "run", courses=1)


def test_only_the_same_run_is_resumed(tmp_path, scores):
    scores([])
    with pytest.raises(FileNotFoundError, match="no run to resume"):
        train(CountConfig(), Budget(steps=1), tmp_path / "run", courses=1, resume=True)
    train(CountConfig(), Budget(steps=1), tmp_path / "run", courses=1)
    with pytest.raises(
        ValueError, match=r"config .*'seed': 0.* cannot be resumed with .*'seed': 1"
    ):
        train(CountConfig(seed=1), Budget(steps=2), tmp_path / "run", courses=1, resume=True)


def test_a_damaged_state_is_named_and_the_one_before_serves(tmp_path, scores):
    scores([])
    train(CountConfig(), Budget(steps=2), tmp_path / "run", courses=1)
    broken = newest(tmp_path / "run" / "checkpoints")
    broken.write_bytes(b"\x00" * 50)
    with pytest.raises(CheckpointError, match=rf"{broken.name}.*remove it to go on from state-"):
        train(CountConfig(), Budget(steps=3), tmp_path / "run", courses=1, resume=True)
    broken.unlink()
    train(CountConfig(), Budget(steps=3), tmp_path / "run", courses=1, resume=True)
    assert points(tmp_path / "run")[-1]["steps"] == 3


def test_a_full_disk_ends_the_run_with_the_last_good_state(tmp_path, scores, monkeypatch):
    scores([])
    train(CountConfig(), Budget(steps=2), tmp_path / "run", courses=1)

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("agents.container.atomic_write", full)
    with pytest.raises((CheckpointError, OSError), match="No space left"):
        train(CountConfig(), Budget(steps=4), tmp_path / "run", courses=1, resume=True)
    monkeypatch.undo()
    scores([])
    train(CountConfig(), Budget(steps=4), tmp_path / "run", courses=1, resume=True)
    assert points(tmp_path / "run")[-1]["steps"] == 4


def test_a_budget_ends_at_whichever_comes_first():
    budget = Budget(seconds=10.0, steps=100, cpu_seconds=5.0)
    assert budget.used(Cost(10, 5.0, 1.0)) == 0.5
    assert budget.used(Cost(100, 1.0, 1.0)) == 1.0
    assert budget.used(Cost(1, 1.0, 4.0)) == 0.8
    assert Budget(steps=5).in_steps
    assert not budget.in_steps


@pytest.mark.parametrize(
    "limits", [{}, {"seconds": -1}, {"steps": 0}, {"cpu_seconds": float("inf")}, {"steps": "9"}]
)
def test_a_budget_that_makes_no_sense_is_refused(limits):
    with pytest.raises(ValueError, match="budget"):
        Budget(**limits)


def test_what_happens_in_a_pause_is_not_counted():
    clock = Clock(seconds=5.0, cpu_seconds=2.0)
    with clock.paused():
        end = clock.cpu_seconds + 0.05
        while clock.cpu_seconds < end:
            pass
    assert 2.0 <= clock.cpu_seconds < 2.04
    assert 5.0 <= clock.seconds < 5.04
