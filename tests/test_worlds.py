"""Worlds other than the standard one: each changes one thing, in both engines alike."""

from __future__ import annotations

import math
import platform
from dataclasses import replace

import gymnasium as gym
import numpy as np
import pytest

from walker_env import BODIES, WORLD, WORLDS, Options, WalkerBatch, World
from walker_env.body import with_left_strength
from walker_env.exponential import exponential, power

EXACT = platform.machine() in ("x86_64", "AMD64")
ENGINES = ("pymunk", "compiled")
OTHERS = sorted(set(WORLDS) - {"standard"})


def start(world="standard", engine="pymunk", n=1, **options):
    batch = WalkerBatch(n, Options(world=world, engine=engine, **options))
    return batch, batch.reset(seed=np.arange(n))


def test_the_standard_world_is_the_world_of_version_0():
    assert WORLDS["standard"] is WORLD
    assert (WORLD.damping, WORLD.left_strength, WORLD.sensor_delay) == (1.0, 1.0, 0)
    batch, _ = start()
    assert batch.body is BODIES["quadruped"]
    assert batch.state.sight.size == 0


@pytest.mark.parametrize("world", OTHERS)
@pytest.mark.skipif(not EXACT, reason="exact on x86-64 only")
def test_every_world_is_the_same_in_both_engines_to_the_last_bit(
    world, body_name, commands, assert_same_state
):
    pytest.importorskip("numba")
    (one, first), (other, also) = (start(world, engine, 3, body=body_name) for engine in ENGINES)
    assert np.array_equal(first, also)
    for action in commands(700, one):
        steps = one.step(action), other.step(action)
        assert np.array_equal(steps[0].observation, steps[1].observation)
        assert np.array_equal(steps[0].reward, steps[1].reward)
    assert_same_state(one.snapshot(), other.snapshot())


@pytest.mark.parametrize("world", [world for world in OTHERS if world != "track"])  # it begins firm
def test_every_world_moves_or_shows_a_walker_otherwise(world, commands):
    (standard, _), (other, _) = start(), start(world)
    for action in commands(5, standard):
        steps = standard.step(action), other.step(action)
    assert not np.array_equal(steps[0].observation, steps[1].observation)
    same = np.array_equal(standard.state.position, other.state.position)
    assert same == (world == "delay")


def test_drag_leaves_the_named_share_of_speed_after_a_second():
    batch, _ = start("heavy")
    loose = World(damping=0.2, grip_force=1e-9)
    batch = WalkerBatch(1, Options(engine="pymunk", world=loose))
    batch.reset(seed=np.array([0]))
    snapshot = batch.snapshot()
    snapshot.velocity[:] = (30.0, -20.0)  # the whole body alike: no spring is stretched
    batch.restore(snapshot)
    for _ in range(20):
        batch.step(np.zeros((1, 6)))
    np.testing.assert_allclose(batch.state.velocity, 0.2 * snapshot.velocity, rtol=1e-3)


def test_only_muscles_on_the_left_are_weak():
    body = with_left_strength(BODIES["quadruped"], 0.6)
    left, right = body.muscles
    assert left.stiffness == 0.6 * right.stiffness
    assert body.nodes[left.a].y > 0 > body.nodes[right.a].y
    assert body.bones == BODIES["quadruped"].bones
    assert with_left_strength(body, 1.0) is body


def test_late_sensors_tell_what_was_a_step_ago(commands):
    (now, seen), (late, first) = start(n=3), start("delay", n=3)
    assert np.array_equal(first, seen)  # nothing was before the start
    for action in commands(30, now):
        told = late.step(action).observation
        assert np.array_equal(told, seen)
        assert np.array_equal(late.observe(), told)
        seen = now.step(action).observation


@pytest.mark.parametrize("engine", ENGINES)
def test_late_sensors_are_reset_and_restored_with_their_walker(engine, commands):
    batch, _ = start("delay", engine, n=130)
    actions = commands(20, batch)
    for action in actions[:10]:
        batch.step(action)
    mask = np.arange(130) == 7
    before, fresh = batch.observe(), start("delay", engine)[0]
    fresh.reset(seed=np.array([7]))
    fresh.reset()
    seen = batch.reset(mask, seen=batch.observe())
    assert np.array_equal(seen[7], fresh.observe()[0])
    assert np.array_equal(seen[~mask], before[~mask])
    snapshot = batch.snapshot()
    onward = [batch.step(action).observation for action in actions[10:]]
    assert np.array_equal(batch.restore(snapshot), seen)
    again = [batch.step(action).observation for action in actions[10:]]
    assert np.array_equal(onward, again)


def test_a_snapshot_of_prompt_sensors_does_not_fit_late_ones():
    (prompt, _), (late, _) = start(), start("delay")
    with pytest.raises(ValueError, match=r"snapshot.sight has shape \(1, 0, 12\)"):
        late.restore(prompt.snapshot())


def test_worlds_are_made_by_name():
    env = gym.make("walker_env/Walker-v0", world="ice")
    assert env.unwrapped.batch.world == WORLDS["ice"]
    envs = gym.make_vec(
        "walker_env/Walker-v0", 2, vectorization_mode="vector_entry_point", world="delay"
    )
    assert envs.batch.world.sensor_delay == 1
    assert Options(world="heavy").as_dict()["world"]["name"] == "heavy"
    assert Options(**Options(world="heavy").as_dict()) == Options(world="heavy")
    with pytest.raises(ValueError, match=r"world must be one of .*'ice'.*, got 'moon'"):
        Options(world="moon")


@pytest.mark.parametrize(
    "wrong",
    [
        {"damping": 0.0},
        {"damping": 1.5},
        {"left_strength": 2.0},
        {"sensor_delay": -1},
        {"sensor_delay": 0.5},
    ],
)
def test_a_world_that_is_none_is_refused(wrong):
    with pytest.raises(ValueError, match=f"World.{next(iter(wrong))} must be"):
        replace(WORLD, **wrong)


def test_exponentials_are_the_nearest_doubles():
    assert (exponential(0.0), power(1.0, 1 / 60), power(0.25, 0.5)) == (1.0, 1.0, 0.5)
    for x in np.random.default_rng(0).uniform(-9, 9, 300).tolist():
        assert abs(exponential(x) - math.exp(x)) <= math.ulp(math.exp(x))
        assert abs(power(abs(x), 0.3) - abs(x) ** 0.3) <= math.ulp(abs(x) ** 0.3)
