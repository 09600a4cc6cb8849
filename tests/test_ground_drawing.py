"""What ground that is not even looks like."""

from __future__ import annotations

import numpy as np
import pytest

from walker_env import Options, WalkerBatch, World
from walker_env.ground import Ground
from walker_env.terrain import Terrain, make_soil

pytest.importorskip("pygame", reason="needs the extra render")

from walker_env.render.palette import ICE, MUD, SAND
from walker_env.render.view import View

SIDE, HALF = 240, 400.0


def picture(world, walk=None, centre=(0.0, 0.0)):
    """A batch, and its picture of the square of `HALF` around a centre."""
    batch = WalkerBatch(1, Options(world=world, engine="pymunk", course=[[5000, 5000]]))
    batch.reset(seed=np.array([3], dtype=np.uint64))
    if walk is not None:
        walk(batch)
    view = View(batch.body, SIDE)
    view.overlook(np.array(centre), HALF)
    return batch, view.frame(batch).astype(float)


def tone(frame, x, y, centre=(0.0, 0.0)):
    """The middle colour of a few pixels around a place [unit]."""
    scale = SIDE / (2 * HALF)
    column = round(SIDE / 2 + (x - centre[0]) * scale)
    row = round(SIDE / 2 - (y - centre[1]) * scale)
    return np.median(frame[row - 2 : row + 3, column - 2 : column + 3].reshape(-1, 3), axis=0)


def likest(colour):
    """Which of the colours it is most like."""
    known = {"ice": ICE, "mud": MUD, "firm": SAND}
    return min(known, key=lambda name: np.abs(np.subtract(known[name], colour)).sum())


def test_a_track_has_a_road_ice_in_its_bends_and_mud_beside_it():
    centre = (1100.0, 500.0)
    _, frame = picture("track", centre=centre)
    places = {(1420, 640): "ice", (1300, 156): "firm", (1100, 450): "mud"}
    assert {place: likest(tone(frame, *place, centre)) for place in places} == places


def test_patches_are_where_the_ground_says():
    batch, frame = picture("patches")
    terrain = Terrain(batch.body, make_soil(batch.body, batch.world))
    places = np.random.default_rng(0).uniform(-330, 330, (1, 60, 2))
    around = places[:, :, None] + np.array([[30, 0], [-30, 0], [0, 30], [0, -30], [0, 0]])
    grip = terrain.grip_and_depth(around.reshape(1, -1, 2), batch.state.ground)[0].reshape(60, 5)
    names = {1.0: "firm", 0.25: "ice", 0.6: "mud"}
    away = np.abs(places[0]).max(axis=1) > 120  # from the walker itself
    inner = [i for i in range(60) if len(set(grip[i])) == 1 and away[i] and places[0, i, 1] < 200]
    assert len(inner) > 8
    found = [likest(tone(frame, *places[0, i])) for i in inner]
    assert found == [names[grip[i, 0]] for i in inner]


def test_a_cleared_path_is_darker_than_fresh_sand_and_even_ground_is_as_it_was():
    def clear(batch):
        batch.state.sand[:, 32:, 14:20] = 0  # a path upwards, left of the start

    world = World(ground=Ground("sand"))
    (_, fresh), (_, trodden), (_, even) = picture(world), picture(world, clear), picture(World())
    assert np.array_equal(fresh, even)
    path, beside = tone(trodden, -300, 200), tone(trodden, 300, 200)
    assert (path < beside - 15).all()
    assert np.array_equal(beside, tone(fresh, 300, 200))
