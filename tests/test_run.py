"""Runs: what is kept, what is counted, and how a stopped run goes on."""

import dataclasses
import json
import signal
import time
from typing import ClassVar

import numpy as np
import pytest

from agents.networks.network import MLP, plain_normaliser
from agents.policy import Policy
from agents.training import run as runs
from agents.training.budget import Budget, Clock, Cost
from agents.training.checkpoint import (
    CheckpointError,
    load_checkpoint,
    newest,
    save_checkpoint,
)
from agents.training.curve import read_points
from agents.training.progress import Watchers
from agents.training.run_config import begun_with, describe, read_config
from agents.training.run_folder import RunState, open_run
from agents.training.train import train
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
        self.config, self.steps, self.whole = config, 0, 0

    def advance(self):
        self.steps += 1
        if self.steps == self.config.stop_at:
            signal.raise_signal(signal.SIGINT)
            self.hurry()
            self.whole = self.steps

    def hurry(self):
        """What is still to do when Ctrl-C comes."""

    def policy(self):
        weights = np.zeros((12, 6))
        weights[0, 0] = self.steps
        network = MLP(((weights, np.zeros(6)),))
        return Policy("count", network, plain_normaliser(12), self.config.options)

    def state_dict(self):
        assert self.whole in (0, self.config.stop_at)  # never half an update
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


def test_a_learner_that_keeps_its_best_is_not_chosen_for(tmp_path, scores, monkeypatch):
    """As an evolution does whose bodies have a price: its best may reach fewer targets."""
    scores([0.0, 1.0, 3.0, 2.0])
    monkeypatch.setattr(CountConfig, "keeps_best", True, raising=False)
    run = train(CountConfig(), Budget(steps=3), tmp_path / "run", courses=1)
    assert run.best_score == 2.0
    assert first_weight(tmp_path / "run" / "policy.safetensors") == 3


def test_a_budget_of_steps_is_validated_at_even_steps(tmp_path, scores):
    scores([])
    train(CountConfig(), Budget(steps=200), tmp_path / "run", courses=1)
    assert [p["steps"] for p in points(tmp_path / "run")] == list(range(0, 201, 10))


def test_looks_can_be_named_and_the_end_is_always_one(tmp_path, scores):
    scores([])
    how = {"courses": 1, "looks": (3, 10, 50)}
    train(CountConfig(), Budget(steps=20), tmp_path / "run", **how)
    assert [p["steps"] for p in points(tmp_path / "run")] == [3, 10, 20]
    train(CountConfig(), Budget(steps=60), tmp_path / "run", resume=True, **how)
    assert [p["steps"] for p in points(tmp_path / "run")] == [3, 10, 20, 50, 60]


@pytest.fixture
def processor(monkeypatch):
    """Processor time goes on by a second with every update, whatever the clock on the wall says."""
    spent = [0.0]
    monkeypatch.setattr("agents.training.budget.time.process_time", lambda: spent[0])
    advance = Counter.advance

    def work(self):
        spent[0] += 1.0
        advance(self)

    monkeypatch.setattr(Counter, "advance", work)


def test_a_budget_of_processor_time_is_validated_by_processor_time(tmp_path, scores, processor):
    scores([])
    how = {"courses": 1, "validate_every": 3.0}
    train(CountConfig(), Budget(cpu_seconds=7.0), tmp_path / "run", **how)
    assert [p["cpu_seconds"] for p in points(tmp_path / "run")] == [0.0, 3.0, 6.0, 7.0]
    train(CountConfig(), Budget(cpu_seconds=14.0), tmp_path / "run", resume=True, **how)
    times = [p["cpu_seconds"] for p in points(tmp_path / "run")]
    assert times == [0.0, 3.0, 6.0, 7.0, 10.0, 13.0, 14.0]


def test_checkpoints_of_earlier_versions_say_which_clock_they_meant(tmp_path):
    state = {"learner": {}, "seconds": 1.0, "cpu_seconds": 1.0, "next": 2.0, "points": 0}
    state |= {"best_steps": None, "best_score": None}
    written = [{}, {"in_steps": True}, {"in_steps": False}, {"clock": "cpu_seconds"}]
    paths = [save_checkpoint(tmp_path / str(i), 0, state | more) for i, more in enumerate(written)]
    clocks = [RunState.load(path).clock for path in paths]
    assert clocks == [None, "steps", "seconds", "cpu_seconds"]


def test_what_is_kept_does_not_depend_on_the_machines_speed(tmp_path, scores, monkeypatch):
    found = []
    for name, speed in (("slow", 1e-3), ("fast", 1e6)):
        scores([])
        monkeypatch.setattr(
            "agents.training.budget.time.perf_counter", iter(np.arange(1e5) * speed).__next__
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


def test_ctrl_c_waits_for_the_end_of_an_update(tmp_path, scores):
    scores([])
    run = train(CountConfig(stop_at=7), Budget(seconds=60.0), tmp_path / "run", courses=1)
    assert run.interrupted
    state = load_checkpoint(newest(tmp_path / "run" / "checkpoints"))
    assert state["learner"]["steps"] == 7
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_a_second_ctrl_c_does_not_wait_and_the_last_state_stays(tmp_path, scores, monkeypatch):
    scores([])
    monkeypatch.setattr(Counter, "hurry", lambda self: signal.raise_signal(signal.SIGINT))
    with pytest.raises(KeyboardInterrupt):
        train(CountConfig(stop_at=7), Budget(seconds=60.0), tmp_path / "run", courses=1)
    state = load_checkpoint(newest(tmp_path / "run" / "checkpoints"))
    assert state["learner"]["steps"] == 0
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_what_fails_after_ctrl_c_does_not_hide_it(tmp_path, scores, monkeypatch):
    """A pruner that stops the run, for instance: the search around it must stop, too."""
    scores([])

    class Pruner(Watchers):
        def validated(self, cost, score, folder):
            if cost.steps:
                raise RuntimeError("pruned")

    config, how = CountConfig(stop_at=7), {"courses": 1, "watchers": Pruner()}
    with pytest.raises(KeyboardInterrupt) as stop:
        train(config, Budget(seconds=60.0), tmp_path / "run", **how)
    assert str(stop.value.__cause__) == "pruned"


def test_another_kind_of_budget_makes_the_next_point_due(tmp_path, scores):
    scores([])
    train(CountConfig(stop_at=60), Budget(steps=40), tmp_path / "run", courses=1)
    how = {"courses": 1, "resume": True, "validate_every": 0.0}
    train(CountConfig(stop_at=60), Budget(seconds=60.0), tmp_path / "run", **how)
    assert [p["steps"] for p in points(tmp_path / "run")][-21:] == list(range(40, 61))


def test_a_run_without_its_checkpoints_is_not_begun_anew_by_resume(tmp_path, scores):
    scores([])
    train(CountConfig(), Budget(steps=2), tmp_path / "run", courses=1)
    for state in (tmp_path / "run" / "checkpoints").glob("state-*"):
        state.unlink()
    with pytest.raises(CheckpointError, match="holds no checkpoint to go on from"):
        train(CountConfig(), Budget(steps=3), tmp_path / "run", courses=1, resume=True)


def test_a_finished_run_that_is_resumed_gains_no_point(tmp_path, scores):
    scores([])
    for resume in (False, True):
        train(CountConfig(), Budget(steps=2), tmp_path / "run", courses=1, resume=resume)
    assert [p["steps"] for p in points(tmp_path / "run")] == [0, 1, 2]


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
    spent = points(tmp_path / "run")[-1]
    config, budget = CountConfig(stop_at=20), Budget(steps=21)
    place = open_run(tmp_path / "run", describe(config, budget), resume=True)
    again = runs.Run(place, config, budget)
    learner = Counter(CountConfig())
    again.begin(learner)
    cost = again.cost(learner)
    assert 0 <= cost.cpu_seconds - spent["cpu_seconds"] < 0.05
    assert 0 <= cost.seconds - spent["seconds"] < 0.05


def test_what_a_checkpoint_says_was_spent_leaves_validation_out(tmp_path, scores, monkeypatch):
    def slow(*_):
        end = time.process_time() + 0.3
        while time.process_time() < end:
            pass
        return np.zeros(1)

    monkeypatch.setattr(runs, "episode_scores", slow)
    train(CountConfig(), Budget(steps=1), tmp_path / "run", courses=1)
    state = load_checkpoint(newest(tmp_path / "run" / "checkpoints"))
    assert state["cpu_seconds"] < 0.2
    assert state["cpu_seconds"] == pytest.approx(points(tmp_path / "run")[-1]["cpu_seconds"], abs=1)


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
    with pytest.raises(ValueError, match=r"a run with seed 0; it cannot be resumed with seed 1$"):
        train(CountConfig(seed=1), Budget(steps=2), tmp_path / "run", courses=1, resume=True)
    harder = CountConfig(options=Options(energy_price=0.5))
    with pytest.raises(ValueError, match=r"options.energy_price 0.0; .* options.energy_price 0.5$"):
        train(harder, Budget(steps=2), tmp_path / "run", courses=1, resume=True)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("config.json", "{", r"config.json: expected the settings of a run .* used as they are"),
        ("config.json", "[]", r"config.json: expected the settings of a run"),
        ("progress.jsonl", "{", r"progress.jsonl: the learning curve is damaged"),
        ("progress.jsonl", "", r"progress.jsonl: .* expected 3 points, got 0"),
        ("progress.jsonl", None, r"progress.jsonl: the learning curve is damaged"),
        ("checkpoints/000000000000.safetensors", "", r"best policy so far is damaged: .*0000"),
    ],
)
def test_a_damaged_file_of_a_run_is_named(tmp_path, scores, name, content, message):
    scores([])
    train(CountConfig(), Budget(steps=2), tmp_path / "run", courses=1)
    (tmp_path / "run" / name).unlink()
    if content is not None:
        (tmp_path / "run" / name).write_text(content)
    with pytest.raises(ValueError, match=message):
        train(CountConfig(), Budget(steps=3), tmp_path / "run", courses=1, resume=True)


def test_config_json_tells_the_budget_that_a_resumed_run_has(tmp_path, scores):
    scores([])
    train(CountConfig(), Budget(steps=1), tmp_path / "run", courses=1)
    train(CountConfig(), Budget(steps=2), tmp_path / "run", courses=1, resume=True)
    assert read_config(tmp_path / "run")["budget"]["steps"] == 2


def test_a_folder_of_any_name_holds_a_run(tmp_path, scores):
    scores([])
    run = train(CountConfig(), Budget(steps=1), tmp_path / ("long\tname" * 20), courses=1)
    assert run.best.name.startswith("long?name")
    assert len(run.best.name) == 60


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


@pytest.mark.parametrize(
    ("limits", "clock"),
    [
        ({"steps": 5}, "steps"),
        ({"cpu_seconds": 5.0}, "cpu_seconds"),
        ({"seconds": 5.0}, "seconds"),
        ({"cpu_seconds": 5.0, "steps": 5}, "cpu_seconds"),
        ({"seconds": 5.0, "steps": 5, "cpu_seconds": 5.0}, "seconds"),
    ],
)
def test_a_run_is_timed_by_what_its_budget_counts(limits, clock):
    assert Budget(**limits).clock == clock


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


def test_a_resumed_run_keeps_its_validation_courses(tmp_path):
    train(CountConfig(), Budget(steps=1), tmp_path / "run", courses=2)
    run = train(CountConfig(), Budget(steps=2), tmp_path / "run", resume=True)
    assert {len(point.scores) for point in read_points(run.folder)} == {2}
    with pytest.raises(ValueError, match=r"validates on 2 courses; .* with 3 of them"):
        train(CountConfig(), Budget(steps=3), tmp_path / "run", courses=3, resume=True)


def test_a_price_is_told_apart_when_a_run_is_resumed(tmp_path, scores):
    scores([])
    dear = CountConfig(options=Options(energy_price=0.1))
    train(dear, Budget(steps=1), tmp_path / "run", courses=1)
    settings, _ = begun_with(tmp_path / "run", dear)
    assert settings["options.energy_price"] == 0.1
    free = {n.removeprefix("options."): v for n, v in settings.items() if n.startswith("options.")}
    assert Options(**free | {"energy_price": 0.0}).weights.energy_price == 0.0
    assert Options(**free) == dear.options
