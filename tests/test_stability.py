"""A body that would explode is refused before it walks, whoever moves it; no good one is."""

from __future__ import annotations

import json

import numpy as np
import pytest

from tests.own_bodies import OWN, centipede
from tests.random_bodies import random_three
from tests.stability_vectors import VECTORS, as_data, pairs, unstable_plans
from tests.test_physics_compiled import EXACT
from walker_env import BODIES, WORLDS, Body, BodyError, Bone, Muscle, Node, Options, WalkerBatch
from walker_env.params import WORLD
from walker_env.stability import SHAKEN_LIMIT, SPEED_LIMIT, check_stable, judge

pytest.importorskip("numba", reason="thousands of walks")

GOOD = {body.name: body for body in (*OWN.values(), *map(centipede, range(3, 12)))}


@pytest.mark.parametrize("world", WORLDS)
def test_every_ready_made_body_is_stable_in_every_ready_made_world(world):
    for body in BODIES.values():
        assert judge(body, WORLDS[world]).speed < SHAKEN_LIMIT / 5


@pytest.mark.parametrize("name", GOOD)
def test_a_reasonable_body_is_far_from_the_limit(name):
    verdict = judge(GOOD[name], WORLD)
    assert verdict.stable
    assert verdict.speed < SHAKEN_LIMIT / 5


@pytest.mark.parametrize("engine", ["pymunk", "compiled"])
@pytest.mark.parametrize("plan", unstable_plans(), ids=lambda plan: plan["name"])
def test_a_body_that_once_reached_nan_is_refused(plan, engine):
    with pytest.raises(BodyError, match=plan["name"]):
        WalkerBatch(1, Options(body=plan, engine=engine))


def test_the_error_names_commands_step_speed_and_remedy():
    message = (
        r"^min: unstable: with the commands 'shortest, loose' a node moves at 1.\d+e\+04 units/s "
        r"in control step \d+, expected at most 10000; give it heavier nodes, or softer, shorter "
        r"or less damped links$"
    )
    with pytest.raises(BodyError, match=message):
        check_stable(Body.from_dict(unstable_plans()[0]), WORLD)


def test_a_body_that_runs_away_only_once_it_is_tangled_is_refused():
    with pytest.raises(BodyError, match=r"unstable: torn apart a node moves at .* 30 times that"):
        check_stable(random_three(85), WORLD)


def rod(damping):
    """A muscle and a bone in a row; the bone's ends have a mass of 5 together."""
    return Body(
        name="rod",
        nodes=(Node(0, 0), Node(50, 0), Node(90, 20)),
        bones=(Bone(0, 1, damping=damping),),
        muscles=(Muscle(1, 2),),
        feet=(0, 2),
        head=(1,),
        across=(0, 1),
        hub=1,
    )


def test_a_damper_that_leaves_its_spring_no_effect_is_refused_with_the_damping_that_would_do():
    check_stable(rod(6000 * 0.99), WORLD)
    with pytest.raises(BodyError, match=r"rod: bone \(0-1\) is a rod.* damping of at most 6e\+03"):
        check_stable(rod(6000 * 1.01), WORLD)


def test_the_world_counts():
    plan = Body.from_dict(unstable_plans()[0])
    quicker = WORLD.from_dict({**WORLD.as_dict(), "physics_rate": 1000, "substeps": 50})
    assert judge(plan, quicker).stable
    assert not judge(plan, WORLD).stable


def test_a_name_is_no_part_of_the_verdict_but_of_the_error():
    plan = {**unstable_plans()[0], "name": "other"}
    with pytest.raises(BodyError, match=r"^other: "):
        check_stable(Body.from_dict(plan), WORLD)


def test_verdicts_are_those_that_were_written_down_to_the_last_bit():
    assert [as_data(*pair, judge(*pair, "compiled")) for pair in pairs()] == json.loads(
        VECTORS.read_text()
    )


def test_both_verdicts_are_among_those_written_down():
    stable = [vector["stable"] for vector in json.loads(VECTORS.read_text())]
    assert min(stable.count(True), stable.count(False)) >= 5


@pytest.mark.long
def test_both_engines_give_the_same_verdict():
    for body, world in [*pairs()[::3], *((random_three(seed), WORLD) for seed in range(100, 120))]:
        one, other = (judge(body, world, engine) for engine in ("pymunk", "compiled"))
        assert one.stable == other.stable
        if EXACT:
            assert one == other


def fastest(body, seed, steps=2000):
    """The highest speed of walkers with random, held and constant commands, until one is bad."""
    hold = np.array([1, 2, 3, 5, 7, 11, 20, steps])
    batch = WalkerBatch(len(hold), Options(body=body, engine="compiled"))
    batch.reset(seed=np.full(len(hold), seed))
    drawn = np.random.default_rng(seed).choice([-1.0, 1.0], (steps, len(hold), batch.action_width))
    held = np.arange(steps)[:, None] // hold * hold  # (T, N), the step whose commands are held
    found = 0.0
    for step in range(steps):
        batch.step(drawn[held[step], np.arange(len(hold))])
        if step % 5 == 0:
            found = max(found, float(np.abs(batch.state.velocity).max()))
            if not found < SPEED_LIMIT:
                break
    return found


def assert_bounded(seeds):
    refused = 0
    for seed in seeds:
        body = random_three(seed)
        try:
            speed = fastest(body, seed)
        except BodyError:
            refused += 1
            continue
        assert speed < SPEED_LIMIT, (seed, speed)
    assert 0 < refused < len(seeds) / 3


def test_what_is_accepted_stays_below_the_speed_limit():
    assert_bounded(range(60))


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_thousands_that_are_accepted_stay_below_the_speed_limit():
    assert_bounded(range(60, 1060))


def test_a_reasonable_body_stays_below_a_tenth_of_the_speed_limit():
    for name in ("spider", "centipede-12"):
        assert fastest(GOOD[name], 0, steps=500) < SPEED_LIMIT / 10
