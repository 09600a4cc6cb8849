"""Evaluation: held-out courses, one whole episode each, and a file that says all about it."""

import hashlib
import json
from dataclasses import replace

import numpy as np
import pytest
from typer.testing import CliRunner

from agents.baselines import load_agent
from agents.networks.network import MLP, plain_normaliser
from agents.policy import Policy
from benchmarks.__main__ import app, main
from benchmarks.evaluation.evaluate import (
    SUMMARY,
    ResultError,
    evaluate,
    load_result,
    physics_fingerprint,
    save_result,
)
from benchmarks.evaluation.legs import Legs
from benchmarks.evaluation.protocol import (
    PROTOCOL,
    Protocol,
    check_training_seed,
    held_out_seeds,
    validation_seeds,
)
from walker_env import BODIES, Options, WalkerBatch

SHORT = Protocol(courses=6, horizon=300)


@pytest.fixture(scope="module")
def gait_result():
    return evaluate(load_agent("gait"), SHORT)


@pytest.fixture
def policy_file(tmp_path):
    rng = np.random.default_rng(0)
    policy = Policy(
        name="tiny/one",
        network=MLP(((rng.normal(size=(12, 6)), np.zeros(6)),)),
        normaliser=plain_normaliser(12),
        training={"algorithm": "chance", "steps": 12_000_000, "seconds": 61.5},
    )
    path = tmp_path / "tiny.safetensors"
    policy.save(path)
    return path


def test_training_never_meets_the_courses_that_count():
    held_out, validation = set(held_out_seeds(4096).tolist()), set(validation_seeds(4096).tolist())
    assert not held_out & validation
    for seed in (*list(held_out)[:50], *list(validation)[:50], 1 << 32, -1):
        with pytest.raises(ValueError, match="training seed"):
            check_training_seed(seed)
    assert check_training_seed((1 << 32) - 1) == (1 << 32) - 1
    widest = (1 << 32) + 1_000_000  # a vector environment counts on from its seed
    assert min(held_out | validation) > widest
    assert PROTOCOL.seeds().tolist() == held_out_seeds(64).tolist()


def test_held_out_courses_are_other_courses_than_those_of_training():
    batch = WalkerBatch(3)
    batch.reset(seed=np.arange(3))
    training = batch.state.targets.copy()
    batch.reset(seed=held_out_seeds(3))
    assert not np.isin(batch.state.targets, training).any()


@pytest.mark.parametrize("fields", [{"courses": 0}, {"courses": 1 << 21}, {"horizon": 0}])
def test_a_protocol_is_checked(fields):
    with pytest.raises(ValueError, match=next(iter(fields))):
        Protocol(**fields)


def test_evaluation_repeats_bit_for_bit(gait_result):
    assert evaluate(load_agent("gait"), SHORT) == gait_result


@pytest.mark.parametrize("name", ["gait", "random"])
def test_a_course_does_not_know_how_many_are_walked_beside_it(name):
    few = evaluate(load_agent(name), replace(SHORT, courses=2)).courses
    many = evaluate(load_agent(name), SHORT).courses
    for quantity, values in few.items():
        assert many[quantity][:2] == values, quantity


def test_a_policy_from_a_file_walks_each_course_as_if_alone(policy_file):
    policy = Policy.load(policy_file)
    few = evaluate(policy, replace(SHORT, courses=1)).courses
    many = evaluate(policy, SHORT).courses
    assert {name: values[:1] for name, values in many.items()} == few


def test_the_result_is_what_a_loop_by_hand_measures(gait_result):
    agent = load_agent("gait")
    batch = WalkerBatch(1)
    obs = batch.reset(seed=held_out_seeds(1))
    first = None
    for t in range(SHORT.horizon):
        obs = batch.step(agent.act(obs)).observation
        if first is None and batch.state.target_index[0]:
            first = (t + 1) / 20
    courses = {name: values[0] for name, values in gait_result.courses.items()}
    assert courses["score"] == batch.score()[0]
    assert courses["targets"] == batch.state.target_index[0]
    assert courses["distance"] == batch.state.path[0]
    assert courses["energy"] == batch.state.energy[0]
    assert courses["first_target"] == (None if first is None else pytest.approx(first))


def test_the_summary_puts_the_courses_together(gait_result):
    courses, summary = gait_result.courses, gait_result.summary
    assert tuple(summary) == SUMMARY
    seconds = SHORT.horizon / 20
    assert summary["speed"] == pytest.approx(np.mean(courses["distance"]) / seconds)
    assert summary["score_mean"] == pytest.approx(np.mean(courses["score"]) * 100 / seconds)
    assert summary["score_low"] <= summary["score"] <= summary["score_high"]
    assert summary["energy_per_1000"] == pytest.approx(
        1000 * sum(courses["energy"]) / sum(courses["distance"])
    )
    assert 0 <= summary["left_share"] <= 1


def test_a_walker_that_does_nothing_has_no_shares(gait_result):
    summary = evaluate(load_agent("still"), SHORT).summary
    assert summary["score"] == summary["speed"] == 0
    assert summary["first_target"] == SHORT.horizon / 20
    for name in ("energy_per_1000", "left_share", "course_left_share"):
        assert summary[name] is None


def test_a_turn_is_the_net_rotation_of_a_leg_whole_turns_included():
    body = BODIES["quadruped"]
    batch = WalkerBatch(2)
    batch.reset(seed=np.arange(2))
    legs = Legs(batch, 0.1)
    rest, middle = body.rest_positions(), body.rest_positions().mean(axis=0)
    for step in range(1, 31):  # one turns left by 270 degrees, the other right by 5
        for i, angle in enumerate(np.radians([270, -5]) * step / 30):
            turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
            batch.state.position[i] = (rest - middle) @ turn + middle
        batch.state.target_index[:] = step == 30
        legs.watch()
    counts = legs.counts()
    assert counts["left_turns"].tolist() == [1, 0]
    assert counts["turns"].tolist() == [1, 0]


def test_the_courses_turns_are_those_of_its_straight_lines():
    batch = WalkerBatch(1)
    head = np.array([50.0, 0.0])
    square = head + np.array([[100, 0], [100, 100], [0, 100], [-100, 100], [-100, 200]])
    batch.reset(seed=np.arange(1), targets=square)
    legs = Legs(batch, 0.1)
    batch.state.target_index[:] = 5  # ahead, left, left, straight, right
    legs.watch()
    counts = legs.counts()
    assert counts["course_left_turns"].tolist() == [2]
    assert counts["course_turns"].tolist() == [3]


def test_another_body_is_refused_by_name():
    with pytest.raises(ValueError, match=r"still: protocol .* 'quadruped'.*'hexapod'"):
        evaluate(load_agent("still", Options(body="hexapod")), SHORT)


@pytest.mark.parametrize(
    ("action", "message"),
    [
        (np.zeros((6, 5)), r"still: expected .* \(6, 6\), got \(6, 5\)"),
        (np.full((6, 6), np.nan), "still: .*not finite"),
    ],
)
def test_actions_that_are_none_are_refused(action, message):
    agent = load_agent("still")
    agent.act = lambda obs: action
    with pytest.raises(ValueError, match=message):
        evaluate(agent, SHORT)


def test_a_policy_trained_with_a_stall_limit_still_walks_whole_episodes():
    agent = load_agent("still", Options(stall_limit=1.0))
    result = evaluate(agent, SHORT)
    assert result.courses == evaluate(load_agent("still"), SHORT).courses


def test_a_result_file_reads_as_it_was_written(tmp_path, policy_file):
    result = evaluate(Policy.load(policy_file), SHORT, policy_file)
    save_result(result, tmp_path / "r.json")
    assert load_result(tmp_path / "r.json") == result
    assert result.agent["sha256"] == hashlib.sha256(policy_file.read_bytes()).hexdigest()
    assert result.agent["file"] == "tiny.safetensors"
    assert result.agent["training"]["steps"] == 12_000_000
    assert result.physics == physics_fingerprint("quadruped")
    assert {"python", "numpy", "pymunk", "walker_env", "engine"} <= set(result.versions)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda d: "no json", "expected a result"),
        (lambda d: [], "expected a result"),
        (lambda d: {}, "expected result format 0, got None"),
        (lambda d: d | {"format": 9}, "expected result format 0, got 9"),
        (lambda d: d | {"colour": "red"}, "colour"),
        (lambda d: d | {"protocol": {"edition": 2}}, "edition"),
        (lambda d: d | {"summary": {}}, "score"),
        (lambda d: d | {"summary": d["summary"] | {"score": None}}, "summary.score must be"),
        (lambda d: d | {"summary": d["summary"] | {"speed": np.nan}}, "finite numbers, got NaN"),
        (lambda d: d | {"summary": d["summary"] | {"speed": 10**400}}, "at most 40 digits"),
        (lambda d: d | {"agent": d["agent"] | {"name": 3}}, "agent.name must be"),
    ],
)
def test_a_broken_result_is_refused_by_name(tmp_path, gait_result, change, message):
    path = tmp_path / "r.json"
    save_result(gait_result, path)
    content = change(json.loads(path.read_text()))
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    with pytest.raises(ResultError, match=message) as caught:
        load_result(path)
    assert str(caught.value).startswith(str(path))


def test_the_command_measures_policies_and_baselines(tmp_path, policy_file):
    out = tmp_path / "out"
    command = ["evaluate", "still", str(policy_file), "--courses", "1", "--out", str(out)]
    done = CliRunner().invoke(app, command)
    assert done.exit_code == 0, done.output
    assert sorted(path.name for path in out.iterdir()) == ["still.json", "tiny-one.json"]
    assert load_result(out / "tiny-one.json").protocol == replace(PROTOCOL, courses=1)
    assert "tiny/one" in done.output


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["evaluate", "nowhere.safetensors"], "nowhere.safetensors: no such file"),
        (["evaluate", "still", "--courses", "0"], "courses must lie in"),
        (["evaluate", "still", "--body", "snake"], "body must be"),
        (["evaluate", "still", "still"], "both named 'still'"),
        (["evaluate", "gait", "--body", "hexapod"], "quadruped's feet and muscles only"),
        (["leaderboard", "no-such-folder"], "expected result files"),
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


def test_the_real_command_runs_from_a_checkout(fresh_python):
    script = (
        "import sys, runpy; sys.argv = ['benchmarks', '--help'];"
        "runpy.run_module('benchmarks', run_name='__main__')"
    )
    assert "leaderboard" in fresh_python(script)
