"""The page's engine gives Python's numbers to the last bit: fast cases in Node, sweeps in both."""

from __future__ import annotations

import base64
import hashlib
import itertools
import json
import re
from dataclasses import asdict, replace

import numpy as np
import pytest

from agents.baselines import load_agent
from agents.networks.network import MLP, Normaliser
from agents.policy import Policy
from agents.rollout import episode_scores
from benchmarks.evaluation.published import BESTIARY
from benchmarks.site.content import ShownCourse
from benchmarks.site.engine import exact_network, replay_data
from benchmarks.site.walks import record_walk
from tests import engine
from tests.engine import ask, case, random_policy, trace
from tests.own_bodies import OWN, spider
from walker_env import (
    BODIES,
    WORLDS,
    Bone,
    Muscle,
    Node,
    Options,
    RewardWeights,
    WalkerBatch,
    World,
)
from walker_env.courses import COURSES, Course
from walker_env.exponential import exponential, power
from walker_env.observation import ACTION, FULL, width
from walker_env.schema import PATCHES, SAND, TRACK
from walker_env.tasks import episode_rng

pytestmark = pytest.mark.skipif(engine.NODE is None, reason="needs node on the path")

FORBIDDEN = r"Math\.(?!sqrt|fround|imul|floor|min|max)\w+|\*\*|document|window"
"""What is not exact in every browser, and what no worker has."""


def text(array):
    return base64.b64encode(np.ascontiguousarray(array).tobytes()).decode()


def assert_equal(found, expected):
    """Numbers are the same; JSON may write a large one without its point."""
    assert list(map(float, found)) == expected


@pytest.mark.parametrize("path", [*engine.FOLDER.glob("*.js")], ids=lambda path: path.stem)
def test_a_script_of_the_engine_uses_only_what_is_exact_and_what_workers_have(path):
    code = re.sub(r"//[^\n]*|/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert not re.findall(FORBIDDEN, code)
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 300


def test_exponentials_are_pythons():
    rng = np.random.default_rng(0)
    small, large = -(10.0 ** rng.uniform(-18, 3, 2000)), 10.0 ** rng.uniform(-18, 2.85, 500)
    edges = [0.0, -0.0, -1e-300, -5e-324, -745.13, -745.14, -708.5, -1e5, -3.0, -0.75, -(2.0**-54)]
    exponents = [*edges, *small.tolist(), *large.tolist()]
    assert_equal(ask("exponentials", exponents), [exponential(x) for x in exponents])
    bases = [(1.0, 1 / 60), (0.2, 1 / 60), (1e-6, 0.001), (1 - 2**-53, 1 / 60), (5.0, -3.25)]
    bases += [(x, 1 / 60) for x in rng.uniform(1e-6, 1, 500).tolist()]
    assert_equal(ask("powers", bases), [power(*pair) for pair in bases])


@pytest.mark.long
def test_exponentials_are_pythons_ten_thousand_times():
    rng = np.random.default_rng(1)
    exponents = (-(10.0 ** rng.uniform(-20, 2.88, 10_000))).tolist()
    assert_equal(ask("exponentials", exponents), [exponential(x) for x in exponents])
    rates = 1 / rng.integers(1, 1001, 10_000)
    bases = list(zip((10.0 ** rng.uniform(-6, 0, 10_000)).tolist(), rates.tolist()))
    assert_equal(ask("powers", bases), [power(*pair) for pair in bases])


def test_hashes_are_those_of_the_standard():
    contents = [bytes(range(256))[:n] * 3 for n in (0, 1, 18, 19, 21, 22, 42, 43, 100)]
    expected = [hashlib.sha256(content).hexdigest() for content in contents]
    assert ask("hashes", [base64.b64encode(content).decode() for content in contents]) == expected


def test_courses_are_drawn_as_in_python():
    seeds = (0, 7, 2**32, (3 << 40) + 1, 2**64 - 1)
    keys = [(name, seed, episode) for name in COURSES for seed in seeds for episode in (0, 2)]
    found = ask("courses", [(name, str(seed), episode, 70) for name, seed, episode in keys])
    for course, (name, seed, episode) in zip(found, keys):
        drawn = COURSES[name](episode_rng(seed, episode), 70)
        assert np.array_equal(np.array([course["x"], course["y"]]).T, drawn), name
        assert course["count"] == 0


def test_courses_have_parameters_or_are_lists():
    near, listed = Course("disc", {"radius": 33.3}), Course(targets=((1, 2.5), (3, 4)))
    found = ask("courses", [(near.as_data(), "5", 0, 8), (listed.as_data(), "5", 0, 2)])
    assert np.array_equal(found[0]["x"], near.draw(episode_rng(5, 0), 8)[:, 0])
    assert found[1] == {"x": [1, 3], "y": [2.5, 4], "count": 2}


def test_what_a_plan_may_leave_out_is_what_python_takes():
    known = ask("defaults", None)
    parts = {"node": Node(0, 0), "bone": Bone(0, 1), "muscle": Muscle(0, 1)}
    for name, part in parts.items():
        assert {**asdict(part), **known[name]} == asdict(part)
        assert len(known[name]) == len(asdict(part)) - 2
    assert known["world"] == World().as_dict()
    assert known["reward"] == RewardWeights().as_dict()


def page_soil(soil):
    """The constants of a ground by the page's names."""
    if soil is None:
        return None
    kinds = {PATCHES: "patches", TRACK: "track", SAND: "sand"}
    return {
        **{"kind": kinds[soil.kind], "grip": list(soil.grip), "keep": list(soil.keep)},
        **{"perPatch": soil.per_patch, "left": soil.left, "low": soil.low},
        **{"perCell": soil.per_cell, "pace": soil.pace, "soften": soil.soften},
        "resist": soil.resist.tolist(),
    }


def python_model(options):
    """The constants of a task as the compiled engine has them, by the page's names."""
    pytest.importorskip("numba", reason="the compiled engine needs numba")
    batch = WalkerBatch(1, replace(options, engine="compiled"))
    (
        (inverse, ends, links, foot, foot_mass, bones, iterations, substeps, force, dt, drag, soil),
        task,
        _,
    ) = batch.compiled()
    drive, work, grip_cost, head, column, scale, left, right, hub, *end = task
    stall_steps, stall_progress, radius, weights = end
    names = ("target_distance", "target_cos", "target_sin", "grip", "muscle_length")
    places = zip((*names, "velocity", "turn_rate"), column.tolist())
    places = {name: place for name, place in places if place >= 0}
    lists = {
        "inverseMass": inverse,
        "a": ends[0],
        "b": ends[1],
        "foot": foot,
        "footMass": foot_mass,
    }
    lists |= dict(zip(("rest", "stiffness", "damped", "mass"), links))
    lists |= dict(zip(("middle", "up", "down", "least", "decay"), drive))
    lists |= {"work": work, "gripCost": grip_cost, "head": head, "scale": scale}
    lists |= dict(zip("xy", batch.body.rest_positions().T))
    state = WalkerBatch(1, options)
    state.reset(seed=np.zeros(1, np.uint64))
    lists["atRest"] = state.state.drive[0]
    progress = weights[0] if np.isfinite(weights[0]) else None  # as JSON has it
    return {name: values.tolist() for name, values in lists.items()} | {
        **{"bones": bones, "iterations": iterations, "substeps": substeps, "gripForce": force},
        **{
            "dt": dt,
            "damping": drag,
            "soil": page_soil(soil),
            "column": places,
            "left": left,
            "right": right,
            "hub": hub,
        },
        **{"stallSteps": stall_steps, "stallProgress": stall_progress, "targetRadius": radius},
        **{"progressLength": progress, "targetWorth": weights[1], "energyPrice": weights[2]},
        "delay": options.world.sensor_delay,
    }


def test_both_languages_derive_the_same_model_of_any_body_world_and_task():
    odd = World(iterations=7, grip_rate=33.3, muscle_rate=3.7, damping=0.37, left_strength=0.45,
                grip_force=12345.6, energy_unit=3e7, grip_power=0.11, sensor_delay=3)  # fmt: skip
    tasks = [Options(body=body, world=world) for body in BODIES for world in WORLDS]
    tasks += [Options(body=body, world=odd) for body in (*OWN.values(), BODIES["hexapod"])]
    tasks += [Options(observation="original", reward="sparse", stall_limit=5.025)]
    tasks += [Options(energy_price=0.3, stall_limit=0.01), Options(stall_limit=2.975)]
    for found, options in zip(ask("models", [o.as_dict() for o in tasks]), tasks):
        for name in ("rows", "columns", "cell", "cells"):  # the page's own way to say where it is
            (found["soil"] or {}).pop(name, None)
        assert found == python_model(options), options


@pytest.fixture(scope="module")
def golden():
    return json.loads(engine.GOLDEN.read_text(encoding="utf-8"))


def test_golden_traces_come_out_of_the_engine(golden):
    found = ask("traces", golden)
    for one, traces in zip(golden, found):
        assert traces == one["traces"], one["options"]["body"]["name"]


def test_golden_traces_are_those_of_this_python(golden):
    for one, (policy, options, seeds, steps) in zip(golden, engine.golden_cases(), strict=True):
        assert one == case(policy, options, seeds, steps) | {"traces": one["traces"]}
        few = 1 if options.body == BODIES["quadruped"] else 2
        assert trace(policy, options, seeds[:few], steps) == one["traces"][:few]


def test_a_walk_that_ends_at_the_last_target_drawn_has_pythons_digest():
    """Python has drawn 64 targets, of which this walker reaches 63: there is no one more."""
    policy = Policy.load(BESTIARY / "025-body-411.safetensors")
    walk = policy, replace(policy.options, course="slalom"), [24]
    assert ask("traces", [case(*walk)]) == [trace(*walk)]


@pytest.mark.parametrize("hidden", ["tanh", "relu"])
@pytest.mark.parametrize("output", ["tanh", "clip"])
def test_networks_of_any_shape_act_as_in_python(hidden, output):
    body, rng = spider(), np.random.default_rng(3)
    options = Options(body=body)
    inputs, outputs = width(FULL, body), width(ACTION, body)
    seen = Normaliser(*rng.uniform(0.5, 2, (2, inputs)).astype(np.float32), 1.5)
    rows, asked, expected = rng.normal(0, 3, (5, inputs)).astype(np.float32), [], []
    for sizes in ((inputs, outputs), (inputs, 1, 9, 4, outputs)):
        layers = [
            rng.normal(size=(a + 1, b)).astype(np.float32) for a, b in itertools.pairwise(sizes)
        ]
        network = MLP(tuple((layer[1:], layer[0]) for layer in layers), hidden, output)
        asked.append(Policy("drawn", network, seen, options))
    asked.append(random_policy(options, 4, graph=True))
    given = [
        {"network": exact_network(policy), "seen": text(rows), "outputs": outputs}
        for policy in asked
    ]
    expected = [hashlib.sha256(policy.act(rows).T.tobytes()).hexdigest() for policy in asked]
    assert ask("actions", given) == expected


def test_rewards_ends_and_energies_are_pythons():
    options = Options(
        course=[(150, 20), (180, -60)], world="ice", energy_price=0.7, stall_limit=4.0,
        reward={"progress_length": 20.0, "target": 3.5},
    )  # fmt: skip
    policies, seeds, steps = (load_agent("trot"), random_policy(options, 1)), [0, 1], 160
    for policy in policies:
        given = case(policy, options, seeds, steps) | {"options": options.as_dict()}
        batch = WalkerBatch(len(seeds), options)
        seen = batch.reset(seed=np.array(seeds, dtype=np.uint64))
        for found in ask("rewards", given):
            step = batch.step(policy.act(seen))
            seen, state = step.observation, batch.state
            rows = (step.reward, step.terminated, state.path, state.energy, state.idle)
            for mine, row in zip(found, (*rows, state.best_distance)):
                assert np.array_equal(mine, row)
        assert step.terminated.all()


def test_whole_episodes_end_with_pythons_scores_and_rewards():
    listed = Options(course=[(100, 0), (120, 30)], stall_limit=3.0)
    policies = [(Options(stall_limit=3.0), random_policy(listed, 1)), (listed, load_agent("trot"))]
    seeds, steps = [0, 1, 2], 120
    given = [case(p, o, seeds, steps) | {"options": o.as_dict()} for o, p in policies]
    for found, (options, policy) in zip(ask("scores", given), policies):
        assert found["score"] == episode_scores(policy.act, options, seeds, steps).tolist()
        batch = WalkerBatch(3, options)
        seen, total, alive = batch.reset(seed=np.array(seeds, np.uint64)), np.zeros(3), np.ones(3)
        for _ in range(steps):
            step = batch.step(policy.act(seen))
            seen = step.observation
            total += step.reward * alive
            alive[step.terminated] = 0
        assert found["total"] == total.tolist()
        assert alive.sum() < 3


@pytest.mark.parametrize("world", ["standard", "delay"])
def test_a_moment_is_pythons_and_goes_on_with_the_same_bits(world):
    options, policy = replace(load_agent("trot").options, world=world), load_agent("trot")
    seeds, steps = [3, 4, 5], 60
    found = ask("moments", case(policy, options, seeds, steps))
    assert (found["same"], found["alone"]) == (True, True)
    batch = WalkerBatch(3, replace(options, stall_limit=None))
    seen = batch.reset(seed=np.array(seeds, dtype=np.uint64))
    for _ in range(steps):
        seen = batch.step(policy.act(seen)).observation
    state, moment = batch.snapshot(), found["moment"]
    names = {"warmStart": "warm_start", "legLength": "leg_length", "bestDistance": "best_distance"}
    names |= {"targetIndex": "target_index"} | {
        name: name for name in ("position", "velocity", "drive", "target", "distance", "energy",
                                "path", "idle", "steps", "sight")
    }  # fmt: skip
    for mine, theirs in names.items():
        assert np.array_equal(moment[mine], getattr(state, theirs).ravel()), mine
    assert moment["courses"] == [
        {"data": "disc", "seed": str(seed), "episode": 0} for seed in seeds
    ]


QUADRUPED = json.dumps(BODIES["quadruped"].as_dict())


def test_a_walker_goes_on_to_a_target_that_is_put_there():
    script = f"""
        const model = W.makeModel({QUADRUPED}), walkers = W.newWalkers(model, 1);
        W.beginWalk(walkers, 0, W.newCourse([[55, 3]]));
        W.step(walkers);
        const first = [walkers.ended[0], walkers.targetIndex[0], W.scoreOf(walkers, 0)];
        W.sendOn(walkers, 0, 50, 400);
        const seen = walkers.seen[0], ended = walkers.ended[0];
        W.step(walkers);
        return {{ first, seen, ended, then: [walkers.ended[0], walkers.targetIndex[0]],
                  left: walkers.seen[2], moment: W.snapshot(walkers).courses,
                  ...redirected(walkers) }};

        function redirected(walkers) {{
          W.redirect(walkers, 0, W.newCourse("sprint", 4));
          let refused = "";
          try {{
            W.sendOn(walkers, 0, 1, 1);
          }} catch (error) {{
            refused = error.message;
          }}
          return {{ ahead: walkers.seen[1], target: walkers.targetX[0], refused }};
        }}
    """
    found = ask("script", script)
    sprint = COURSES["sprint"](episode_rng(4, 0), 1)
    assert found["target"] == sprint[0, 0]
    assert found["ahead"] > 0.9
    assert found["refused"] == "a course that is drawn goes on by itself"
    assert found["first"] == [1, 1, 1]
    assert found["seen"] == pytest.approx(0.4, abs=0.01)
    assert (found["ended"], found["then"]) == (0, [0, 1])
    assert found["left"] == pytest.approx(1.0, abs=0.01)
    assert found["moment"] == [{"data": [[55, 3], [50, 400]], "seed": "0", "episode": 0}]


def test_the_world_may_change_under_a_walker():
    """The rest is as if it had always been there, and a body of another shape is refused."""
    script = f"""
        const body = {QUADRUPED}, begin = function (world) {{
          const walkers = W.newWalkers(W.makeModel(body, world), 2);
          for (const i of [0, 1]) W.beginWalk(walkers, i, W.newCourse("disc", i));
          return walkers;
        }};
        const one = begin({{}}), other = begin({{ grip_force: 15000, sensor_delay: 2 }});
        W.changeModel(one, other.model);
        for (let step = 0; step < 20; step++) {{
          for (const walkers of [one, other]) {{
            const told = (at) => ((step * 7 + at * 3) % 9) / 4 - 1;
            walkers.action.forEach((_, at) => (walkers.action[at] = told(at)));
            W.step(walkers);
          }}
        }}
        const text = (walkers) => JSON.stringify([W.snapshot(walkers), Array.from(walkers.seen)]);
        let refused = "";
        try {{
          W.changeModel(one, W.makeModel(body, {{}}, {{ observation: "original" }}));
        }} catch (error) {{
          refused = error.message;
        }}
        const same = text(one) === text(other);
        W.changeModel(one, W.makeModel(body));
        const now = Math.fround(one.distance[0] * one.model.scale[0]);
        return {{ same, refused, prompt: one.seen[0] === now, kept: one.sight.length }};
    """
    found = ask("script", script)
    assert found["same"]
    assert found["refused"] == "a model of another body or layout: scale differs"
    assert (found["kept"], found["prompt"]) == (0, True)


@pytest.fixture(scope="module")
def replay():
    policy = load_agent("trot")
    course = ShownCourse("one", "A course", 3 << 40, "disc", "delay")
    return replay_data(record_walk(policy, course, steps=80).replay)


def test_a_replay_is_true_or_the_step_is_named_at_which_it_parts(replay):
    walk = replay["walkers"][0]
    actions = np.frombuffer(base64.b64decode(walk["actions"]), dtype="<f4").copy()
    actions[6 * 41] = np.nextafter(actions[6 * 41], np.float32(0))  # of the 42nd step
    changed = [walk | {"actions": text(actions)}, walk | {"states": "0" * 64}]
    changed.append(walk | {"seed": "1"})
    found = ask("replays", [replay, {"walkers": changed}])
    score = found[0][0]["score"]
    assert found[0] == [{"name": "trot", "same": True, "step": None, "score": score}]
    assert [(one["same"], one["step"]) for one in found[1]] == [
        (False, 42),
        (False, 80),
        (False, 0),
    ]
