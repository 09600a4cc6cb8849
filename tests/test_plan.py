"""Bodies, worlds and rewards are data: strict, bounded, with an identity, wherever one is taken."""

from __future__ import annotations

import copy
import dataclasses
import json
import os
import pickle
from fractions import Fraction
from pathlib import Path

import gymnasium as gym
import numpy as np
import pytest
from gymnasium.envs.registration import EnvSpec

from walker_env import (
    BODIES,
    ENV_ID,
    WORLD,
    WORLDS,
    Body,
    BodyError,
    Course,
    Options,
    PlanError,
    RewardWeights,
    WalkerBatch,
    WalkerEnv,
    WalkerVectorEnv,
    World,
)
from walker_env.body import MOST_LINKS, MOST_NODES, Bone, Muscle, Node, get_body
from walker_env.params import get_world
from walker_env.reward import REWARDS

PLANS = [*BODIES.values(), *WORLDS.values(), *REWARDS.values()]


def three_nodes(**changes):
    """A body's data, with parts exchanged."""
    data = {
        "name": "three",
        "nodes": [{"x": 0, "y": 20}, {"x": 0, "y": -20}, {"x": -30, "y": 0}],
        "bones": [{"a": 0, "b": 1}],
        "muscles": [{"a": 0, "b": 2}, {"a": 1, "b": 2}],
        "feet": [0, 1],
        "head": [0, 1],
        "across": [0, 1],
        "hub": 2,
    }
    return {**data, **changes}


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: getattr(plan, "name", "reward"))
def test_a_plan_comes_back_from_json_as_it_is_and_as_files_hold_it(plan):
    for data in (plan.as_dict(), plan.stored(), dataclasses.asdict(plan)):
        again = type(plan).from_dict(json.loads(json.dumps(data)))
        assert again == plan
        assert again.digest == plan.digest
        assert again.as_dict() == plan.as_dict()


def test_a_name_and_a_skin_are_labels():
    body = BODIES["quadruped"]
    other = dataclasses.replace(body, name="mine", skin=())
    assert other == body
    assert other.digest == body.digest
    assert dataclasses.replace(WORLD, name="mine").digest == WORLD.digest


def test_every_number_is_part_of_the_identity():
    numbers = [field for field in dataclasses.fields(World) if field.type in ("int", "float")]
    other = {"int": lambda value: value + 1, "float": lambda value: value / 2}
    values = {field.name: other[field.type](getattr(WORLD, field.name)) for field in numbers}
    changed = [dataclasses.replace(WORLD, **{name: value}) for name, value in values.items()]
    assert len({world.digest for world in (WORLD, *changed)}) == 1 + len(numbers)


def test_whole_numbers_and_floats_have_one_identity():
    one = Body.from_dict(three_nodes())
    other = Body.from_dict(three_nodes(nodes=[Node(0.0, 20.0), Node(-0.0, -20.0), Node(-30, 0)]))
    assert one.digest == other.digest
    assert one == other


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"wings": 2}, "body has no field 'wings'; expected across, bones"),
        ({"nodes": "many"}, "body.nodes must be a list"),
        ({"nodes": [{"x": "far", "y": 0}] * 3}, r"body.nodes\[0\].x must be a number, got 'far'"),
        ({"nodes": [{"x": 0}] * 3}, r"body.nodes\[0\] lacks the field 'y'"),
        (
            {"nodes": [{"x": 1e160, "y": 0}] * 3},
            "within ±1000 units",
        ),
        ({"nodes": [{"x": 1, "y": 1, "mass": 1e200}] * 3}, "mass 1e"),
        ({"nodes": [{"x": 0, "y": 20, "mass": "light"}] * 3}, r"nodes\[0\].mass must be a number"),
        ({"nodes": [{"x": float(i), "y": 0} for i in range(MOST_NODES + 1)]}, "at most 64 nodes"),
        ({"nodes": [{"x": float(i), "y": 0} for i in range(10_000)]}, "at most 256 elements"),
        ({"bones": [{"a": 0, "b": 1}] * 2}, r"bone 1 \(0-1\) joins the same nodes as bone 0"),
        ({"bones": [{"a": 0.5, "b": 1}]}, r"bones\[0\].a must be a whole number, got 0.5"),
        ({"muscles": [{"a": 0, "b": 2, "longest": 1e300}]}, "shortest <= 1 <= longest, got"),
        ({"muscles": [{"a": 0, "b": 2, "stiffness": float("nan")}]}, "stiffness > 0"),
        ({"hub": True}, "body.hub must be a whole number, got True"),
        ({"hub": 3}, "hub names node 3"),
        ({"name": ""}, "a body needs a name"),
        ({"name": "a\x1b[2Jb"}, "body.name must be at most 60 printable characters"),
        ({"skin": [[0, 9]]}, r"skin\[0\] names node 9"),
        ({"digest": "0" * 64}, "a plan that was changed by hand must come without its old digest"),
    ],
)
def test_a_body_that_is_none_is_refused_with_its_place(changes, message):
    with pytest.raises(BodyError, match=message):
        Body.from_dict(three_nodes(**changes))


def test_links_are_counted_together():
    nodes = [{"x": 10.0 * i, "y": 7.0 * (i % 3), "mass": 900} for i in range(24)]
    pairs = [(a, b) for a in range(24) for b in range(a)][: MOST_LINKS + 1]
    links = [{"a": a, "b": b, "stiffness": 100} for a, b in pairs]
    whole = three_nodes(nodes=nodes, bones=links[:200], muscles=links[200:MOST_LINKS])
    assert len(Body.from_dict(whole).links) == MOST_LINKS
    with pytest.raises(BodyError, match="at most 64 nodes and 256 links, got 24 and 257"):
        Body.from_dict({**whole, "muscles": links[200:]})


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"gravity": 9.81}, "world has no field 'gravity'; expected "),
        ({"damping": 1.5}, r"World.damping must be a number in \[1e-06, 1\], got 1.5"),
        ({"iterations": 2.5}, "iterations must be a whole number, got 2.5"),
        ({"grip_force": "much"}, "grip_force must be a number, got 'much'"),
        ({"substeps": 1}, "World.substeps must be 3, so that an episode is 100 s, got 1"),
        ({"physics_rate": 120}, "World.physics_rate must be 60, .* got 120"),
    ],
)
def test_a_world_that_is_none_is_refused(changes, message):
    for make in (get_world, lambda world: gym.make(ENV_ID, world=world)):
        with pytest.raises(PlanError, match=message):
            make({"name": "mine", **changes})


def test_rates_stay_fixed_for_objects_too():
    with pytest.raises(PlanError, match="an episode is 100 s"):
        Options(world=World(substeps=1))


@pytest.mark.parametrize("content", ["{", "[]", '{"name": "x"}', "\x00", '{"nodes": 1e999}', ""])
def test_a_file_that_holds_no_body_is_named(tmp_path, content):
    path = tmp_path / "mine.json"
    path.write_text(content)
    with pytest.raises(BodyError, match=r"mine\.json: "):
        get_body(str(path))


def test_a_pipe_and_a_missing_file_are_no_bodies(tmp_path):
    os.mkfifo(tmp_path / "pipe.json")
    with pytest.raises(BodyError, match=r"pipe\.json: expected a plain file"):
        get_body(tmp_path / "pipe.json")
    with pytest.raises(BodyError, match=r"none\.json: cannot be read: No such file"):
        get_body(str(tmp_path / "none.json"))


def test_a_file_may_leave_out_defaults_and_the_name(tmp_path):
    data = three_nodes()
    del data["name"]
    (tmp_path / "tripod.json").write_text(json.dumps(data))
    body = get_body(tmp_path / "tripod.json")
    assert body.name == "tripod"
    assert body.nodes[0].mass == Node(0, 0).mass
    assert body.muscles[0] == Muscle(0, 2)
    assert body.bones[0] == Bone(0, 1)
    (tmp_path / "sand.json").write_text('{"damping": 0.5}')
    assert get_world(tmp_path / "sand.json") == World(damping=0.5)


@pytest.fixture
def ways(tmp_path):
    """A body and a world of one's own in every form that is taken."""
    body, world = Body.from_dict(three_nodes()), World("sand", damping=0.4, sensor_delay=2)
    for plan, name in ((body, "body"), (world, "world")):
        (tmp_path / f"{name}.json").write_text(json.dumps(plan.as_dict()))
    return [
        (body, world),
        (body.as_dict(), world.as_dict()),
        (str(tmp_path / "body.json"), str(tmp_path / "world.json")),
        (tmp_path / "body.json", tmp_path / "world.json"),
    ]


def test_every_form_gives_the_same_environment(ways):
    walks = []
    for body, world in ways:
        env = gym.make(ENV_ID, body=body, world=world, reward={"target": 3.0})
        assert env.unwrapped.batch.body == ways[0][0]
        assert env.unwrapped.batch.world == ways[0][1]
        walks.append(env.reset(seed=3)[0])
        walks[-1] = env.step(np.ones(4, np.float32))[0]
        vector = gym.make_vec(ENV_ID, 2, body=body, world=world)
        assert vector.unwrapped.batch.body == ways[0][0]
        assert Options(body=body, world=world).body == ways[0][0]
    assert all(np.array_equal(walk, walks[0]) for walk in walks)


@pytest.mark.parametrize("form", range(4))
def test_a_spec_is_written_as_json_and_comes_back(ways, form):
    body, world = ways[form]
    reward = RewardWeights(progress_length=float("inf"), target=1.0)
    env = gym.make(ENV_ID, body=body, world=world, reward=reward, course=[[50, 0], [90, 5]])
    again = gym.make(EnvSpec.from_json(env.spec.to_json()))
    one, other = env.unwrapped.batch.options, again.unwrapped.batch.options
    assert one == other
    assert one.weights == reward
    assert [b.body.digest for b in (one, other)] == [ways[0][0].digest] * 2


def test_both_environments_take_the_same_options():
    for options in ({"wings": 2}, {"bodies": "quadruped"}):
        for make in (WalkerEnv, WalkerVectorEnv):
            with pytest.raises(TypeError, match="unexpected keyword argument"):
                make(**options)


def test_a_reward_of_ones_own_and_a_price_are_one_thing_or_an_error():
    own = RewardWeights(progress_length=10.0, target=1.0, energy_price=0.3)
    assert Options(reward=own).weights == own
    assert Options(reward=own).energy_price == 0.3
    assert Options(reward=own, energy_price=0.3).weights == own
    assert dataclasses.replace(Options(reward=own), energy_price=0.5).weights.energy_price == 0.5
    with pytest.raises(PlanError, match=r"energy_price is 0.5, but the reward has the price 0.3"):
        Options(reward=own, energy_price=0.5)
    assert Options.from_dict(Options(reward=own).as_dict()) == Options(reward=own)


def test_options_hold_whole_plans_with_their_digests():
    data = Options(body="hexapod", world="ice", reward="sparse").as_dict()
    assert data["body"]["digest"] == BODIES["hexapod"].digest
    assert data["world"]["digest"] == WORLDS["ice"].digest
    assert data["reward"]["progress_length"] is None
    data["body"]["nodes"][0]["mass"] = 14.0
    with pytest.raises(BodyError, match="its digest is"):
        Options.from_dict(data)


def test_paths_are_recognised_by_their_ending(tmp_path):
    with pytest.raises(BodyError, match=r"body must be one of .* a path to JSON \(\*\.json\)"):
        get_body(str(Path("bodies") / "mine"))


@pytest.mark.parametrize("kind", [np.float32, np.float64, np.int64, Fraction])
def test_numbers_of_other_kinds_become_plain_ones_and_count_the_same(kind):
    value = kind(1) if kind is np.int64 else kind(0.75)
    given = {"left_strength": value, "grip_power": value, "damping": value, "grip_rate": value}
    world = World(**given)
    assert all(type(getattr(world, name)) in (int, float) for name in given)
    assert World.from_dict(json.loads(json.dumps(world.stored()))) == world
    assert type(RewardWeights(target=value).target) in (int, float)
    WalkerEnv(world=world, stall_limit=value).reset(seed=0)


@pytest.mark.parametrize("huge", [10**400, -(10**5000), 1 << 53], ids=["400", "5000", "53"])
def test_whole_numbers_that_no_float_holds_are_refused(huge):
    for changes in ({"nodes": [{"x": huge, "y": 0}] * 3}, {"bones": [{"a": 0, "b": huge}]}):
        with pytest.raises(BodyError):
            Body.from_dict(three_nodes(**changes))
    with pytest.raises(PlanError):
        World(grip_force=huge)


def test_what_files_hold_is_whole_plans_and_neither_names_nor_paths(tmp_path):
    stored = Options().as_dict()
    (tmp_path / "secret.json").write_text('{"password": "hunter2"}')
    for name, value in (
        ("body", "quadruped"),
        ("body", str(tmp_path / "secret.json")),
        ("body", BODIES["quadruped"].as_dict()),
        ("body", BODIES["quadruped"].as_dict() | {"digest": None}),
        ("world", "ice"),
        ("reward", "dense"),
    ):
        with pytest.raises(PlanError, match="must be a whole plan with its digest") as caught:
            Options.from_dict(stored | {name: value})
        assert "hunter2" not in str(caught.value)
    for wrong in ({}, stored | {"threads": 2}, {k: v for k, v in stored.items() if k != "world"}):
        with pytest.raises(PlanError, match="options must be a dict with"):
            Options.from_dict(wrong)


def test_an_engine_is_checked_when_it_is_asked_for():
    for wrong in ("warp", {}, None):
        with pytest.raises(ValueError, match="engine must be 'auto' or one of"):
            Options(engine=wrong)


def test_options_and_courses_are_frozen_through_and_through():
    course = Options(course={"name": "disc", "parameters": {"radius": 30}}).course
    assert hash(course) == hash(Course("disc", (("radius", 30.0),)))
    assert isinstance(course.parameters, tuple)
    assert Course("disc", targets=[[1, 2]]) == Course.of([[1.0, 2.0]])
    envs = WalkerVectorEnv(2, course=[[100, 0]], body=three_nodes())
    envs.reset(seed=3)
    again = pickle.loads(pickle.dumps(envs.batch.options))
    assert again == envs.batch.options
    copy.deepcopy(WalkerBatch(1, Options(course=[[100, 0]], engine="compiled")))
