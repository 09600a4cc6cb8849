"""Files of version 0.1: replays, policies and runs that hold names instead of plans."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace

import numpy as np
import pytest

from agents.algorithms.snes import SNESConfig
from agents.policy import FORMAT_VERSION, NAMED_VERSION, Policy, PolicyError
from agents.training.budget import Budget
from agents.training.run_config import read_config
from agents.training.train import make_config, plan_run, train
from benchmarks.evaluation.published import ENTRIES
from walker_env import BODIES, WORLDS, Options, legacy
from walker_env.replay import Replay, ReplayError

OLD = ENTRIES.parents[1] / "tests" / "data" / "0.1"
POLICIES = sorted(ENTRIES.glob("*/policy.safetensors"))


@pytest.mark.parametrize("name", ["replay", "hexapod", "inchworm"])
def test_a_replay_of_0_1_verifies_and_is_saved_as_what_it_is(name, tmp_path):
    replay = Replay.load(OLD / f"{name}.npz")
    assert replay.format_version == 0
    replay.verify()
    replay.save(tmp_path / "again.npz")
    with np.load(OLD / f"{name}.npz") as old, np.load(tmp_path / "again.npz") as new:
        assert bytes(old["header"]) == bytes(new["header"])
        assert np.array_equal(old["actions"], new["actions"])


def test_a_replay_of_0_1_is_refused_where_its_names_stand_for_other_plans(monkeypatch):
    heavy = tuple(replace(node, mass=14.0) for node in BODIES["hexapod"].nodes)
    monkeypatch.setitem(BODIES, "hexapod", replace(BODIES["hexapod"], nodes=heavy))
    with pytest.raises(ReplayError, match=r"'hexapod' of version .* is another plan here"):
        Replay.load(OLD / "hexapod.npz")


def test_new_replays_hold_whole_plans_and_verify_wherever_they_are_read(monkeypatch, tmp_path):
    old = Replay.load(OLD / "hexapod.npz")
    new = Replay(old.walkers, old.actions, old.lengths, engine=old.engine)
    new.save(tmp_path / "new.npz")
    monkeypatch.setattr("walker_env.body.BODIES", {"quadruped": BODIES["quadruped"]})
    monkeypatch.setattr("walker_env.params.WORLDS", {"standard": WORLDS["standard"]})
    again = Replay.load(tmp_path / "new.npz")
    again.verify()
    assert again.format_version == 1
    assert again.walkers[0].options == old.walkers[0].options
    with np.load(tmp_path / "new.npz") as arrays:
        told = json.loads(bytes(arrays["header"]))["walkers"][0]["options"]
    assert told["body"]["digest"] == legacy.BODY_DIGESTS["hexapod"]
    assert len(told["body"]["nodes"]) == 8
    assert told["world"]["sensor_delay"] == 1


@pytest.mark.parametrize("path", POLICIES, ids=lambda path: path.parent.name)
def test_a_published_policy_says_by_name_what_it_walks(path):
    policy = Policy.load(path)
    assert policy.format_version == NAMED_VERSION
    assert policy.options.body == BODIES["quadruped"]
    assert legacy.named_options(legacy.names_of(policy.options)) == policy.options


def test_saving_an_old_policy_anew_says_that_its_hash_changes(tmp_path):
    policy = Policy.load(POLICIES[0])
    with pytest.warns(UserWarning, match=r"format 2 .* SHA-256 changes, .* private courses"):
        policy.save(tmp_path / "new.safetensors")
    again = Policy.load(tmp_path / "new.safetensors")
    assert again.format_version == FORMAT_VERSION
    assert again.options == policy.options
    again.save(tmp_path / "newer.safetensors")  # nothing to say now
    seen = np.random.default_rng(0).normal(size=(50, 12)).astype(np.float32)
    assert np.array_equal(again.act(seen), policy.act(seen))


def test_an_old_policy_is_refused_where_its_body_is_another(monkeypatch):
    heavy = tuple(replace(node, mass=14.0) for node in BODIES["quadruped"].nodes)
    monkeypatch.setitem(BODIES, "quadruped", replace(BODIES["quadruped"], nodes=heavy))
    with pytest.raises(PolicyError, match=r"'quadruped' of version .* is another plan here"):
        Policy.load(POLICIES[0])


@pytest.fixture
def old_run(tmp_path):
    return shutil.copytree(OLD / "run", tmp_path / "run")


def test_a_run_of_0_1_goes_on_as_what_it_was(old_run):
    plan = plan_run("snes", {}, Budget(steps=6400), old_run, resume=True)
    assert plan.config.options == Options(world="ice", energy_price=0.1)
    run = train(plan.config, plan.budget, old_run, resume=True, courses=2)
    assert run.best is not None
    told = read_config(old_run)["config"]["options"]
    assert told["world"]["digest"] == legacy.WORLD_DIGESTS["ice"]
    curve = (old_run / "progress.jsonl").read_text().splitlines()
    assert json.loads(curve[-1])["steps"] >= 6400
    assert curve[:3] == (OLD / "run" / "progress.jsonl").read_text().splitlines()[:3]


def test_another_run_is_told_apart_from_one_of_0_1(old_run):
    other = make_config("snes", {"options.world": "heavy"}, tuned=False)
    with pytest.raises(ValueError, match=r"options.world 'ice' \(8604ab99\)"):
        train(other, Budget(steps=9000), old_run, resume=True, courses=2)
    assert isinstance(other, SNESConfig)
