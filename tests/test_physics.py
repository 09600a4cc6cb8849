"""What pymunk does to a walker: rest, grip, momentum, Coulomb's limit."""

from __future__ import annotations

import numpy as np
import pytest

from walker_env import BODIES, Options, WalkerBatch, World
from walker_env.engine import ENGINES
from walker_env.params import WORLD
from walker_env.physics_pymunk import PymunkEngine


def start(body_name, world=WORLD, n=1):
    batch = WalkerBatch(n, Options(body=body_name, engine="pymunk", world=world))
    batch.reset(seed=np.arange(n))
    return batch


def single_steps(body_name, n, steps, seed=0):
    """Walkers under random grips and muscles, moved by one physics step at a time."""
    body, rng, world = BODIES[body_name], np.random.default_rng(seed), World(substeps=1)
    state = start(body_name, n=n).snapshot()
    engine = PymunkEngine(n, body, world)
    engine.load(state, np.ones(n, dtype=bool))
    feet, muscles = len(body.feet), len(body.muscles)
    for _ in range(steps):
        grips, lengths = rng.uniform(0.05, 1.0, (n, feet)), rng.uniform(0.6, 1.35, (n, muscles))
        state.drive = np.concatenate([grips, lengths], axis=1)
        before = state.copy()
        engine.step(state)
        engine.save(state)
        yield before, state


def push(batch, velocity):
    """Give the nodes a velocity, as a snapshot taken in motion would."""
    state = batch.snapshot()
    state.velocity[:] = velocity
    batch.restore(state)


def masses(batch):
    return np.array([node.mass for node in batch.body.nodes])


def momentum(batch):
    return np.einsum("k,nkd->nd", masses(batch), batch.state.velocity)


def momentum_of(state, body):
    return np.einsum("k,nkd->nd", [node.mass for node in body.nodes], state.velocity)


def still(batch, grip):
    feet, muscles = len(batch.body.feet), len(batch.body.muscles)
    return np.array([[grip] * feet + [0.0] * muscles] * batch.n)


@pytest.mark.parametrize("grip", [-1.0, 0.0, 1.0])
def test_a_body_at_rest_stays_at_rest(body_name, grip):
    batch = start(body_name)
    for _ in range(400):
        batch.step(still(batch, grip))
    np.testing.assert_allclose(batch.state.position[0], batch.body.rest_positions(), atol=1e-9)
    np.testing.assert_allclose(batch.state.velocity, 0.0, atol=1e-9)
    assert batch.state.path[0] < 1e-9


@pytest.mark.parametrize("muscle", [-0.2, 0.2])
def test_feet_that_grip_fully_hold_against_a_moderate_muscle(body_name, muscle):
    slid = {}
    for grip in (-1.0, 1.0):
        batch = start(body_name)
        for _ in range(20):  # let the grip close first
            batch.step(still(batch, grip))
        action = still(batch, grip)
        action[:, len(batch.body.feet) :] = muscle
        for _ in range(100):
            batch.step(action)
        feet = list(batch.body.feet)
        moved = batch.state.position[0, feet] - batch.body.rest_positions()[feet]
        slid[grip] = np.abs(moved).max()
    assert slid[1.0] < 1.0 < slid[-1.0]


def test_a_foot_that_grips_fully_stops_and_stays(body_name):
    batch = start(body_name)
    for _ in range(20):
        batch.step(still(batch, 1.0))
    push(batch, np.array([30.0, -20.0]))
    for _ in range(60):
        batch.step(still(batch, 1.0))
    feet = list(batch.body.feet)
    stopped = batch.state.position[:, feet]
    for _ in range(200):
        batch.step(still(batch, 1.0))
    np.testing.assert_allclose(batch.state.position[:, feet], stopped, atol=1e-3)


def test_without_any_grip_momentum_is_conserved(body_name, commands):
    batch = start(body_name, World(grip_min=0.0), n=3)
    push(batch, np.array([[[40.0, -7.0]], [[0.0, 0.0]], [[-3.0, 90.0]]]))
    before, moving = momentum(batch), 0.0
    for action in commands(200, batch):
        action[:, : len(batch.body.feet)] = -1.0
        batch.step(action)
        np.testing.assert_allclose(momentum(batch), before, atol=1e-6)
        moving = max(moving, np.ptp(batch.state.velocity, axis=1).max())
    assert moving > 50  # the muscles did work inside the body


def test_only_the_ground_changes_momentum_and_by_the_impulse_it_reports(body_name):
    body = BODIES[body_name]
    for before, after in single_steps(body_name, n=2, steps=200):
        change = momentum_of(after, body) - momentum_of(before, body)
        np.testing.assert_allclose(change, after.warm_start.sum(axis=1), atol=1e-8)


def test_the_ground_never_gives_more_than_coulombs_limit(body_name):
    share = []
    for _, state in single_steps(body_name, n=4, steps=300):
        impulse = np.linalg.norm(state.warm_start, axis=-1)
        limit = state.grip * WORLD.grip_force * WORLD.physics_dt
        assert (impulse <= limit * (1 + 1e-9)).all()
        share.append(impulse / limit)
    share = np.array(share)
    assert (share > 1 - 1e-9).mean() > 0.02, "no foot ever slid"
    assert (share < 0.9).mean() > 0.02, "no foot ever held"


def test_the_path_is_the_way_of_the_bodys_centre(commands):
    batch = start("quadruped", n=2)
    way, centre = np.zeros(2), batch.state.position.mean(axis=1)
    for action in commands(100, batch):
        batch.step(action)
        now = batch.state.position.mean(axis=1)
        way += np.linalg.norm(now - centre, axis=1)
        centre = now
    np.testing.assert_allclose(batch.state.path, way, rtol=1e-12)


def test_the_time_steps_follow_from_the_rates():
    assert (WORLD.physics_rate, WORLD.substeps, WORLD.iterations) == (60, 3, 4)
    assert pytest.approx(1 / 60) == WORLD.physics_dt
    assert pytest.approx(0.05) == WORLD.control_dt
    assert WORLD.control_rate == 20


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("physics_rate", 0),
        ("substeps", -1),
        ("iterations", 0),
        ("grip_rate", float("nan")),
        ("grip_min", -0.1),
        ("grip_min", 1.5),
        ("grip_force", 0.0),
        ("muscle_rate", -10.0),
        ("grip_power", -1.0),
        ("energy_unit", 0.0),
        ("grip_force", float("inf")),
        ("substeps", 2.5),
    ],
)
def test_a_world_that_cannot_be_is_refused_by_name(name, value):
    with pytest.raises(ValueError, match=rf"World.{name} must be .*, got {value!r}"):
        World(**{name: value})


def test_an_unknown_engine_is_refused_with_the_known_ones():
    with pytest.raises(ValueError, match=r"engine must be 'auto' or one of .*'pymunk'.*'warp'"):
        WalkerBatch(1, Options(engine="warp"))


def test_auto_takes_an_engine_that_exists():
    assert WalkerBatch(1, Options(engine="auto")).engine.name in ENGINES
    assert set(BODIES) == {"quadruped", "hexapod", "inchworm"}
