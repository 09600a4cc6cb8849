"""Ground that is not even: what it does, what belongs to a state, what is refused."""

from __future__ import annotations

import dataclasses
import platform

import gymnasium as gym
import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env

from tests.random_bodies import random_three
from walker_env import BODIES, WORLDS, Options, WalkerBatch, WalkerEnv, World
from walker_env.courses import CIRCUIT
from walker_env.ground import EVEN, Ground, track_card
from walker_env.observation import get_layout, slices
from walker_env.plan import PlanError
from walker_env.replay import Recorder, Replay
from walker_env.schema import FIRM, FRESH, ICE, MUD
from walker_env.terrain import MOST_SAND, Terrain, field_number, make_soil
from walker_env.track import Walker

KINDS = ("patches", "track", "sand")
ENGINES = ("pymunk", "compiled")


@pytest.fixture(params=KINDS)
def kind(request):
    return request.param


@pytest.fixture(params=ENGINES)
def engine(request):
    if request.param == "compiled":
        pytest.importorskip("numba")
    return request.param


def start(world, engine="auto", n=3, **options):
    options = {"observation": "ground", **options}
    batch = WalkerBatch(n, Options(world=world, engine=engine, **options))
    return batch, batch.reset(seed=np.arange(n, dtype=np.uint64))


def terrain(world, body="quadruped"):
    return Terrain(BODIES[body], make_soil(BODIES[body], world))


def test_even_ground_is_no_part_of_a_world_as_data():
    assert World().ground == EVEN
    assert "ground" not in World().as_dict()
    assert World(ground=Ground()).digest == World().digest
    standard = "b7c1e026"
    assert WORLDS["standard"].digest[:8] == standard
    sand = World("mine", ground={"kind": "sand", "density": 0.3})
    assert World.from_dict(sand.stored()) == sand
    assert sand.digest != WORLDS["sand"].digest
    assert make_soil(BODIES["quadruped"], World()) is None


@pytest.mark.parametrize(
    ("ground", "message"),
    [
        ({"kind": "lava"}, r"World.ground.kind must be one of \['even', 'patches', .* got 'lava'"),
        ({"kind": "sand", "density": -1}, r"ground.density must be a number in \[0, 100\], got -1"),
        ({"kind": "sand", "density": float("nan")}, "World.ground.density .* got nan"),
        (
            {"kind": "sand", "cells": 4096},
            r"ground.cells must be a number in \[2, 1024\], got 4096",
        ),
        ({"kind": "sand", "cells": 8.5}, "ground.cells must be a whole number, got 8.5"),
        (
            {"kind": "patches", "density": 2.0},
            "ground.density means nothing on .* 'patches', got 2",
        ),
        ({"density": 2.0}, "ground.density means nothing on ground of the kind 'even'"),
        ({"kind": "patches", "ice_grip": 1.5}, "ground.ice_grip must be a number in"),
        ({"kind": "track", "depth": 1}, "ground has no field 'depth'"),
        ("sand", "World.ground must be a dict, got str"),
    ],
)
def test_a_ground_that_is_none_is_named(ground, message):
    with pytest.raises(PlanError, match=message):
        World(ground=ground)
    with pytest.raises(PlanError, match=message.replace("World", "[wW]orld")):
        gym.make("walker_env/Walker-v0", world={"ground": ground})


def test_more_sand_than_a_batch_has_room_for_is_refused():
    ground = Ground("sand", cells=1024)
    assert ground.memory == 1 << 20
    most = MOST_SAND // ground.memory
    with pytest.raises(
        ValueError, match=f"1024 x 1024 cells takes 1,048,576 bytes .* {most + 1:,}"
    ):
        WalkerBatch(most + 1, Options(world=World(ground=ground)))
    with pytest.raises(ValueError, match=r"snapshot.sand has shape \(3, 64, 64\)"):
        start("patches")[0].restore(start("sand")[0].snapshot())


@pytest.mark.parametrize("layout", ["full", "ground"])
@pytest.mark.filterwarnings(
    "ignore:.*A Box observation space (minimum|maximum) value is:UserWarning"
)
def test_environments_on_every_ground_keep_gymnasiums_contract(kind, layout):
    check_env(WalkerEnv(world=kind, observation=layout), skip_render_check=True)
    env = gym.make("walker_env/Walker-v0", world=kind, course="race")
    assert env.reset(seed=1)[0].shape == (12,)


def test_both_engines_have_the_same_bits_on_any_body(kind, commands, assert_same_state):
    pytest.importorskip("numba")
    for seed in range(2):
        body = (BODIES["hexapod"], random_three(7))[seed]
        (one, first), (other, also) = (start(kind, engine, body=body) for engine in ENGINES)
        assert np.array_equal(first, also)
        for action in commands(40, one, seed):
            steps = one.step(action), other.step(action)
            assert np.array_equal(steps[0].observation, steps[1].observation)
        assert_same_state(one.snapshot(), other.snapshot())


WALKS = {
    "patches": "08725f5b1e5fa2cc",
    "track": "201fb7bacaf29509",
    "sand": "abe70cf785bdd42a",
}
"""SHA-256 of the states of a seeded walk, the first digits."""


@pytest.mark.skipif(platform.machine() not in ("x86_64", "AMD64"), reason="exact on x86-64 only")
def test_the_same_ground_gives_the_numbers_of_this_physics_version(kind, commands, digest):
    batch, seen = start(kind, "pymunk", course="race")
    seen = [seen, *(batch.step(action).observation for action in commands(60, batch))]
    state = batch.snapshot()
    found = digest([*seen, state.position, state.velocity, state.sand, state.field])
    assert found[:16] == WALKS[kind], "bump PHYSICS_VERSION where the ground's rules change"


def test_a_walker_moves_as_if_alone(kind, engine, commands, assert_same_state):
    many, first = start(kind, engine, n=70)
    alone = WalkerBatch(1, many.options)
    assert np.array_equal(alone.reset(seed=np.array([66], np.uint64))[0], first[66])
    for action in commands(30, many):
        seen = many.step(action).observation[66], alone.step(action[66:67]).observation[0]
        assert np.array_equal(*seen)
    assert_same_state(many.snapshot(), alone.snapshot(), slice(66, 67), skip=("targets",))


def test_a_snapshot_goes_on_with_the_same_bits(kind, engine, commands, assert_same_state):
    batch, _ = start(kind, engine)
    actions = commands(40, batch)
    for action in actions[:20]:
        batch.step(action)
    snapshot = batch.snapshot()
    onward = [batch.step(action).observation for action in actions[20:]]
    end = batch.snapshot()
    other, _ = start(kind, engine)
    other.restore(snapshot)
    again = [other.step(action).observation for action in actions[20:]]
    assert np.array_equal(onward, again)
    assert_same_state(end, other.snapshot())


def test_a_reset_smooths_the_sand_of_those_who_begin(engine, commands):
    batch, _ = start("sand", engine)
    for action in commands(30, batch):
        batch.step(action)
    trodden = batch.state.sand.copy()
    assert (trodden.reshape(3, -1).min(axis=1) < FRESH).all()
    batch.reset(np.array([False, True, False]))
    assert (batch.state.sand[1] == FRESH).all()
    assert np.array_equal(batch.state.sand[[0, 2]], trodden[[0, 2]])


def test_a_replay_on_every_ground_is_true(kind, tmp_path, commands):
    walker = Walker("mine", Options(world=kind, observation="ground"), seed=5)
    recorder = Recorder([walker])
    for action in commands(25, WalkerBatch(1, walker.options)):
        recorder.note(action)
    recorder.replay().save(tmp_path / "mine.npz")
    replay = Replay.load(tmp_path / "mine.npz")
    replay.verify()
    assert len({track.digest() for e in ENGINES for track in replay.simulate(e)}) == 1


def test_patches_differ_from_seed_to_seed_and_are_smooth_enough_to_stand_on():
    places = np.random.default_rng(0).uniform(-2000, 2000, (50, 400, 2))
    land, state = terrain(WORLDS["patches"]), start("patches", n=50)[0].state
    grip, depth = land.grip_and_depth(places, state.ground)
    assert {0.25, 0.6, 1.0} == set(np.unique(grip))
    assert np.array_equal(depth == 1.0, grip == 0.6)
    for share in ((grip == 0.25).mean(), (grip == 0.6).mean()):
        assert 0.28 < share < 0.34
    near = land.grip_and_depth(places + 3.0, state.ground)[0]
    assert (near == grip).mean() > 0.93
    assert len(np.unique(state.field)) == 50
    other = field_number(np.zeros(2, np.uint64), np.array([0, 1]))
    assert other[0] != other[1]


def test_places_that_are_no_places_are_firm_or_the_like_and_never_an_error():
    places = np.array([[[np.nan, 0.0], [np.inf, -np.inf], [1e300, 1e30], [-1e12, 5.0]]])
    for kind in KINDS:
        grip, depth = terrain(WORLDS[kind]).grip_and_depth(places, start(kind, n=1)[0].state.ground)
        assert np.isfinite(grip).all()
        assert np.isfinite(depth).all()


def test_the_track_is_a_road_with_icy_bends_and_mud_beside_it():
    card, land, state = track_card(), terrain(WORLDS["track"]), start("track", n=1)[0].state
    assert (np.bincount(card.ravel(), minlength=3) / card.size > 0.05).all()
    grip = land.grip_and_depth(np.array([CIRCUIT], dtype=float), state.ground)[0][0]
    assert set(grip) == {1.0, 0.25}
    beside = np.array([[[600.0, 0.0], [600.0, 85.0], [600.0, 200.0], [9e3, 0.0]]])
    assert land.grip_and_depth(beside, state.ground)[0][0].tolist() == [1.0, 1.0, 0.6, 0.6]
    assert (FIRM, ICE, MUD) == (0, 1, 2)


def test_whole_numbers_are_numbers():
    same = [
        World(ground=Ground("patches", ice_grip=zero, mud_grip=one, mud_drag=one))
        for zero, one in ((0, 1), (0.0, 1.0))
    ]
    assert same[0].digest == same[1].digest
    for world in same:
        soil = make_soil(BODIES["quadruped"], world)
        assert {type(number) for number in (*soil.grip, *soil.keep)} == {float}


def test_ice_lets_a_foot_slip_and_mud_drags():
    """One physics step's ground by hand: a node's speed and its foot's share of grip."""
    world = World(ground=Ground("track", ice_grip=0.1, mud_grip=0.5, mud_drag=0.25))
    body = BODIES["quadruped"]
    land, state = terrain(world), start(world, n=1)[0].state
    position, velocity = np.full((1, 5, 2), [600.0, 0.0]), np.full((1, 5, 2), [30.0, -40.0])
    assert land.tread(position, velocity, state.ground).tolist() == [[1.0] * len(body.feet)]
    assert (velocity == [30.0, -40.0]).all()
    position[0, body.feet[1]] = [600.0, -300.0]
    share = land.tread(position, velocity, state.ground)[0]
    assert share[1] == 0.5
    left = velocity[0, body.feet[1]] / [30.0, -40.0]
    np.testing.assert_allclose(left, 0.25 ** (1 / 60), rtol=1e-12)


def test_sand_resists_by_speed_and_is_pushed_aside_node_after_node():
    world = World(ground=Ground("sand", density=0.6, cell=20.0, sand_grip=0.4))
    land, state = terrain(world), start(world, n=1)[0].state
    position, velocity = np.full((1, 5, 2), 7.0), np.zeros((1, 5, 2))
    velocity[0, :2] = [[300.0, 400.0], [0.0, -500.0]]
    share = land.tread(position, velocity, state.ground)[0]
    keep = 1 / (1 + 0.6 / 10 / 60 * 500)  # density / mass * dt * speed
    np.testing.assert_allclose(velocity[0, 0], [300 * keep, 400 * keep], rtol=1e-12)
    left = FRESH - np.floor(FRESH * 500 * keep / 60 / 20)  # what is left of the way in a cell
    rest = 1 / (1 + left / FRESH * 0.6 / 10 / 60 * 500)
    np.testing.assert_allclose(velocity[0, 1], [0, -500 * rest], rtol=1e-12)
    left -= np.floor(left * 500 * rest / 60 / 20)
    assert state.sand[0, 32, 32] == left
    assert (state.sand < FRESH).sum() == 1
    body = BODIES["quadruped"]
    first, last = (list(body.feet).index(k) if k in body.feet else None for k in (0, 4))
    for foot, level in ((first, FRESH), (last, left)):
        if foot is not None:
            np.testing.assert_allclose(share[foot], 1 - 0.6 * level / FRESH, rtol=1e-12)


def test_sand_beyond_the_cells_closes_up_behind():
    world = World(ground=Ground("sand", cells=2, cell=10.0))
    land, state = terrain(world), start(world, n=1)[0].state
    outside = np.full((1, 5, 2), 10.0)  # the first place that is no cell's
    land.tread(outside, np.full((1, 5, 2), 900.0), state.ground)
    assert (state.sand == FRESH).all()
    land.tread(outside - 1e-9, np.full((1, 5, 2), 900.0), state.ground)
    assert state.sand[0, 1, 1] < FRESH


def test_sand_never_grows_and_denser_sand_holds_a_walker_back(commands):
    path = {}
    for density in (0.0, 0.05, 2.0):
        batch, _ = start(World(ground=Ground("sand", density=density, sand_grip=1.0)), n=4)
        before = batch.state.sand.copy()
        for action in commands(60, batch):
            batch.step(action)
            assert (batch.state.sand <= before).all()
            before = batch.state.sand.copy()
        path[density] = batch.state.path.mean()
    assert path[0.0] > path[0.05] > 1.2 * path[2.0]
    dust, standard = (
        start(World(ground=Ground("sand", density=0.0, sand_grip=1.0)))[0],
        start("standard")[0],
    )
    for action in commands(20, dust):
        dust.step(action)
        standard.step(action)
    assert np.array_equal(dust.state.position, standard.state.position)


def test_the_layout_tells_what_lies_under_feet_and_feelers(engine):
    found = slices(get_layout("ground"), BODIES["quadruped"])
    for world, under, ahead in (("standard", (1, 0), (1, 0)), ("sand", (0.7, 1), (0.7, 1))):
        seen = start(world, engine)[1]
        for names, (grip, depth) in (("foot", under), ("ahead", ahead)):
            assert (seen[:, found[f"{names}_grip"]] == np.float32(grip)).all()
            assert (seen[:, found[f"{names}_depth"]] == np.float32(depth)).all()
    batch, seen = start("track", engine)
    grips = seen[0, found["ahead_grip"]]
    land, head = terrain(batch.world), batch.body.rest_positions()[list(batch.body.head)].mean(0)
    places = head + np.array([[60.0, 0.0], [45.0, 45.0], [45.0, -45.0]])
    assert grips.tolist() == land.grip_and_depth(places[None], batch.state.ground)[0][0].tolist()


def test_plain_layouts_see_nothing_of_it():
    seen = {kind: start(kind, observation="full")[1].shape[1] for kind in ("standard", *KINDS)}
    assert set(seen.values()) == {12}
    assert dataclasses.fields(Ground)[0].name == "kind"
