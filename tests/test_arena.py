"""Arenas: walkers collide, walk as alone where they do not, and depend on nobody elsewhere."""

from __future__ import annotations

import copy
import hashlib
import pickle

import numpy as np
import pytest
from gymnasium.error import ResetNeeded

from walker_env import BODIES, Body, Options, WalkerBatch
from walker_env.arena import ARENA, ArenaBatch, Field, Game, Post, Start, Wall, rush, sumo, tag
from walker_env.arena.field import box
from walker_env.arena.physics import DEEPEST
from walker_env.arena.starts import check_start, nodes_at
from walker_env.body import BodyError
from walker_env.observation import FULL, width
from walker_env.plan import PlanError

QUADRUPED = BODIES["quadruped"]
EAST, WEST = (1.0, 0.0), (-1.0, 0.0)


def seeds(*values):
    return np.array(values, dtype=np.uint64)


def at(*rows):
    """A start: x, y and the direction of each walker."""
    return Start(np.array([r[:2] for r in rows], float), np.array([r[2] for r in rows], float))


def begun(game, *rows, **more):
    """One arena whose walkers begin where they are told."""
    batch = ArenaBatch(1, game, **more)
    batch.reset(seeds=seeds(0), starts=[at(*rows)])
    return batch


def drawn(batch, steps, seed=0):
    shape = (steps, batch.n, batch.action_width)
    return np.random.default_rng(seed).uniform(-1, 1, shape).astype(np.float32)


def test_a_walker_that_touches_nothing_walks_as_it_does_alone_to_the_last_bit():
    game = tag(1, 1, half=3000)
    batch = begun(game, (-1500, 0, EAST), (1500, 0, EAST))
    alone = WalkerBatch(1, Options(engine="pymunk"))
    alone.reset(seed=seeds(0))
    offset = batch.state.position[0] - alone.state.position[0]
    for actions in drawn(batch, 40):
        batch.step(actions)
        alone.step(actions[:1])
        np.testing.assert_allclose(
            batch.state.position[0] - offset, alone.state.position[0], atol=1e-9
        )
    at_origin = begun(sumo(2, ring=4000), (0, 0, EAST), (2000, 0, EAST))
    alone.reset(seed=seeds(0))
    for actions in drawn(at_origin, 40):
        at_origin.step(actions)
        alone.step(actions[:1])
        assert np.array_equal(at_origin.state.position[0], alone.state.position[0])
        assert np.array_equal(at_origin.state.velocity[0], alone.state.velocity[0])


def test_the_radius_is_body_data_that_changes_no_digest():
    assert QUADRUPED.node_radius == pytest.approx(29.9, abs=0.1)
    assert Body.from_dict(QUADRUPED.as_dict()).digest == QUADRUPED.digest
    old = QUADRUPED.as_dict()
    assert "radius" not in old  # files hold what they held before
    assert Body.from_dict(old | {"radius": 0.0}) == QUADRUPED
    wide = Body.from_dict(old | {"radius": 40.0})
    assert wide.node_radius == 40.0
    assert wide.digest != QUADRUPED.digest
    with pytest.raises(BodyError, match=r"quadruped: radius is 0\.5, expected 1 to 500 units"):
        Body.from_dict(old | {"radius": 0.5})


def test_who_stretches_pushes_who_stands_before_it_and_a_wall_holds_it():
    far = 2 * (50 + QUADRUPED.node_radius)
    push = np.array([[-1, -1, 1, 1, 1, 1], [-1, -1, -1, -1, 0, 0]], np.float32)
    moved = {}
    walls = {"open": (), "walled": (Wall(110 + far, -300, 110 + far, 300),)}
    for name, standing in walls.items():
        batch = begun(
            sumo(2, ring=1000, field=Field(walls=standing)), (0, 0, EAST), (far + 1, 0, WEST)
        )
        for _ in range(12):
            batch.step(push)
            assert batch.overlap() < DEEPEST * QUADRUPED.node_radius
        moved[name] = batch.state.position[1].mean(axis=0) - (far + 1, 0)
    assert moved["open"][0] > 10
    assert abs(moved["open"][1]) < 0.1
    assert moved["walled"][0] < moved["open"][0] - 3


@pytest.mark.parametrize("game", [tag(2, 2, half=330), sumo(5, ring=330)], ids=["tag", "sumo"])
def test_circles_of_different_walkers_never_overlap_deeply(game):
    batch = ArenaBatch(2, game)
    batch.reset(seeds=seeds(1, 2))
    rng, deepest = np.random.default_rng(3), 0.0
    for step in range(150):
        if step % 4 == 0:  # commands that jump from end to end and stay are the roughest
            held = rng.choice([-1.0, 1.0], size=(batch.n, batch.action_width))
        batch.step(held)
        deepest = max(deepest, batch.overlap())
    assert 0 < deepest < DEEPEST * QUADRUPED.node_radius


@pytest.mark.long
@pytest.mark.parametrize("kind", ["random", "ends", "charging"])
def test_circles_never_overlap_deeply_in_long_play(kind):
    from agents.baselines import load_agent

    agent = load_agent("rear-runner")
    field = Field(walls=box(-450, -450, 450, 450))
    batch = ArenaBatch(8, sumo(8, ring=420, field=field))
    seen = batch.reset(seeds=np.arange(8, dtype=np.uint64))
    rng, deepest = np.random.default_rng(3), 0.0
    for step in range(1200):
        if kind == "charging":  # a champion runs at whoever is nearest
            held = np.array(agent.act(np.ascontiguousarray(seen[:, : width(FULL, QUADRUPED)])))
        elif kind == "random" or step % int(rng.integers(2, 9)) == 0:
            held = rng.uniform(-1, 1, size=(batch.n, batch.action_width))
            held = held if kind == "random" else np.sign(held)
        outcome = batch.step(held)
        seen = batch.reset(outcome.over) if outcome.over.any() else outcome.observation
        deepest = max(deepest, batch.overlap())
    assert deepest < DEEPEST * QUADRUPED.node_radius


def test_an_arena_does_not_depend_on_the_others():
    game = tag(1, 2, half=330, seconds=1.5)
    many, one = ArenaBatch(3, game), ArenaBatch(1, game)
    seen, alone = many.reset(seeds=seeds(4, 5, 6)), one.reset(seeds=seeds(5))
    assert np.array_equal(seen[3:6], alone)
    for actions in drawn(many, 40):
        theirs, own = many.step(actions), one.step(actions[3:6])
        assert np.array_equal(theirs.observation[3:6], own.observation)
        assert np.array_equal(theirs.reward[3:6], own.reward)
        assert np.array_equal(many.state.position[3:6], one.state.position)
        if own.over[0]:
            many.reset(np.array([False, True, False]))
            one.reset()


def test_a_match_is_the_same_in_every_process(fresh_python):
    script = """
import hashlib, numpy as np
from walker_env.arena import ArenaBatch, sumo
batch = ArenaBatch(2, sumo(4, ring=300))
batch.reset(seeds=np.array([1, 2], dtype=np.uint64))
found = hashlib.sha256()
for actions in np.random.default_rng(0).uniform(-1, 1, (60, batch.n, batch.action_width)):
    found.update(batch.step(actions).observation.tobytes() + batch.state.position.tobytes())
print(found.hexdigest())
"""
    batch = ArenaBatch(2, sumo(4, ring=300))
    batch.reset(seeds=seeds(1, 2))
    found = hashlib.sha256()
    for actions in np.random.default_rng(0).uniform(-1, 1, (60, batch.n, batch.action_width)):
        found.update(batch.step(actions).observation.tobytes() + batch.state.position.tobytes())
    assert fresh_python(script) == found.hexdigest()


def test_friction_and_elasticity_are_data():
    far = 2 * (50 + QUADRUPED.node_radius) + 1
    rng = np.random.default_rng(0)
    pushes = rng.choice([-1.0, 1.0], size=(40, 2, 6))
    ends = []
    for friction, elasticity in ((0.0, 0.0), (1.0, 0.0), (0.0, 0.9)):
        field = Field(friction=friction, elasticity=elasticity)
        batch = begun(sumo(2, ring=900, field=field), (0, 0, EAST), (far, 0, WEST))
        for push in pushes:
            batch.step(push)
        ends.append(batch.state.position.copy())
    assert not np.allclose(ends[0], ends[1])
    assert not np.allclose(ends[0], ends[2])


def test_nearest_others_are_seen_in_the_head_s_frame():
    north = (0.0, 1.0)
    game = tag(1, 2, half=2000)
    batch = ArenaBatch(1, game)
    start = at((0, 0, north), (-300, 50, EAST), (0, 650, WEST))  # its head is at (0, 50)
    seen = batch.reset(seeds=seeds(0), starts=[start])[0]
    names = [channel.name for channel in ARENA]
    places, column = {}, 0
    for channel in ARENA:
        places[channel.name] = seen[column : column + channel.size(QUADRUPED)] * channel.scale
        column += channel.size(QUADRUPED)
    assert column == len(seen)
    assert len(names) == len(set(names))
    np.testing.assert_allclose(places["other_place_0"], (0, 300), atol=1e-3)  # to the left
    np.testing.assert_allclose(places["other_heading_0"], (0, -1), atol=1e-6)  # looks to the right
    np.testing.assert_allclose(places["other_place_1"], (600, 0), atol=1e-3)
    assert places["other_role_0"] == places["other_role_1"] == -1
    assert places["other_there_2"] == 0
    np.testing.assert_allclose(places["target_distance"], 300, rtol=1e-5)
    np.testing.assert_allclose(places["target_sin"], 1, rtol=1e-6)
    np.testing.assert_allclose(places["middle"], (-50, 0), atol=1e-4)
    assert places["role"] == 1
    assert places["clock"] == 1


def test_feelers_measure_the_way_to_walls_posts_and_the_ring():
    first = width(FULL, QUADRUPED) + 4
    field = Field(walls=(Wall(250, -900, 250, 900),), posts=(Post(50, 240, 40),))
    batch = ArenaBatch(1, sumo(2, ring=600, field=field))
    seen = batch.reset(seeds=seeds(0), starts=[at((0, 0, EAST), (-300, -300, EAST))])[0]
    feelers = seen[first : first + 8] * 500  # the head is at (50, 0)
    assert feelers[0] == pytest.approx(190)  # half of the wall's 20 comes towards it
    assert feelers[1] == pytest.approx(200 * np.sqrt(2) - 10, rel=1e-3)
    assert feelers[2] == pytest.approx(200)
    assert feelers[4] == pytest.approx(500)  # the ring is 650 away
    assert feelers[6] == pytest.approx(500)


def test_bad_arenas_are_refused_by_name():
    with pytest.raises(PlanError, match="tag: the arena is too small: 8 walkers 201 units wide"):
        ArenaBatch(1, tag(4, 4, half=200))
    with pytest.raises(PlanError, match="too small"):
        ArenaBatch(1, rush(8, width=900))
    with pytest.raises(PlanError, match="too small"):
        ArenaBatch(1, sumo(8, ring=150))
    with pytest.raises(PlanError, match="for 2 to 8 walkers, got 9"):
        tag(4, 5)
    with pytest.raises(PlanError, match=r"Game.rule must be one of .*, got 'chess'"):
        Game("chess", (2,), Field())
    with pytest.raises(PlanError, match=r"Field.friction must be a number in \[0, 4\], got -1"):
        Field(friction=-1)
    with pytest.raises(PlanError, match=r"Field.walls\[0\] has no length"):
        Field(walls=(Wall(1, 1, 1, 1),))
    with pytest.raises(PlanError, match="sensors are not late, got a sensor_delay of 1"):
        ArenaBatch(1, tag(), world="delay")
    for ground in ("patches", "track", "sand"):  # nothing of it would be felt
        with pytest.raises(PlanError, match=f"a world of even ground, got '{ground}'"):
            ArenaBatch(1, tag(), world=ground)
    with pytest.raises(ValueError, match="arenas must be an int"):
        ArenaBatch(0, tag())


def test_an_arena_that_has_not_begun_asks_for_its_reset():
    batch = ArenaBatch(2, sumo())
    with pytest.raises(ResetNeeded, match="every arena needs a reset"):
        batch.step(np.zeros((4, 6)))
    batch.reset(np.array([True, False]), seeds(1, 2))
    with pytest.raises(ResetNeeded, match="every arena needs a reset"):
        batch.step(np.zeros((4, 6)))
    batch.reset(np.array([False, True]), seeds(1, 2))
    assert batch.step(np.zeros((4, 6))).reward.shape == (4,)


def test_a_copy_is_an_arena_of_its_own_before_the_match_and_refused_after():
    batch, rng = ArenaBatch(2, sumo()), np.random.default_rng(0)
    copies = [batch, copy.deepcopy(batch), pickle.loads(pickle.dumps(batch))]
    for one in copies:
        one.reset(seeds=seeds(1, 2))
    for actions in rng.uniform(-1, 1, (5, 4, 6)):
        seen = [one.step(actions).observation for one in copies]
    assert np.array_equal(seen[0], seen[1])
    assert np.array_equal(seen[0], seen[2])
    for take in (copy.deepcopy, pickle.dumps):
        with pytest.raises(TypeError, match="whose match has begun cannot be copied or pickled"):
            take(batch)


def test_bad_starts_are_refused_by_name():
    batch = ArenaBatch(1, tag(1, 1, half=400))
    for rows, words in (
        (
            [(0, 0, EAST), (100, 0, EAST)],
            "chaser_0 and runner_0 overlap at the start by",
        ),
        ([(0, 0, EAST), (340, 0, EAST)], "runner_0 overlaps a wall or a post at the start by"),
        ([(0, 0, EAST), (1e300, 0, EAST)], "runner_0 starts farther than 10000 units"),
    ):
        with pytest.raises(ValueError, match=words):
            batch.reset(seeds=seeds(0), starts=[at(*rows)])
    with pytest.raises(ValueError, match="walker_1 starts outside the ring, by 100 units"):
        check_start(at((0, 0, EAST), (400, 0, EAST)), sumo(2, ring=300), QUADRUPED)


@pytest.mark.parametrize("game", [tag(4, 4), tag(), sumo(8), sumo(), rush(8)])
def test_starts_come_from_the_seed_alone_and_are_free(game):
    batch = ArenaBatch(2, game)
    first = batch.reset(seeds=seeds(7, 8)).copy()
    assert not np.array_equal(first[: game.walkers], first[game.walkers :])
    assert np.array_equal(batch.reset(seeds=seeds(7, 8)), first)
    assert not np.array_equal(batch.reset(), first)  # the next episode
    assert batch.overlap() == 0.0


def test_a_start_turns_the_drawn_body():
    nodes = nodes_at(at((100, 200, (0.0, 1.0))), QUADRUPED)[0]
    np.testing.assert_allclose(nodes[0], (50, 250))  # its left front foot


def test_games_are_plans_with_digests():
    game = tag(2, 3, seconds=20, field=Field(walls=box(-400, -400, 400, 400), friction=0.5))
    again = Game.from_dict(game.as_dict())
    assert again == game
    assert again.digest == game.digest
    assert tag(2, 3).digest != tag(3, 2).digest
    assert tag().digest == tag(name="other").digest
