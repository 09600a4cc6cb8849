"""Arenas as pictures: walls, ring, line, bumps and catches are there to be seen."""

from __future__ import annotations

import numpy as np
import pytest

from walker_env.arena import ArenaBatch, Field, Post, Start, rush, sumo, tag
from walker_env.render.arena_view import ArenaView, colours

EAST, WEST = (1.0, 0.0), (-1.0, 0.0)
SIZE = 200


def begun(game, *rows):
    batch = ArenaBatch(1, game)
    start = Start(np.array([r[:2] for r in rows], float), np.array([r[2] for r in rows], float))
    batch.reset(seeds=np.zeros(1, np.uint64), starts=[start])
    return batch


def picture(batch, steps=0, command=(1, 1, 1, 1, 0, 0)):
    view = ArenaView(batch, SIZE)
    view.watch(None)
    for _ in range(steps):
        view.watch(batch.step(np.tile(np.array(command, np.float32), (batch.n, 1))))
    return view.frame().astype(int)


def differs(a, b):
    return float((np.abs(a - b).max(axis=2) > 30).mean())


def test_walls_posts_and_the_ring_are_drawn():
    rows = [(-150, 0, EAST), (150, 0, WEST)]
    bare = picture(begun(sumo(ring=400), *rows))
    posts = Field(posts=(Post(0, 250, 60),))
    assert differs(bare, picture(begun(sumo(ring=400, field=posts), *rows))) > 0.01
    assert differs(bare, picture(begun(sumo(ring=300), *rows))) > 0.02
    assert differs(bare, picture(begun(tag(half=400), *rows))) > 0.03


def test_a_bump_is_seen_where_walkers_begin_to_touch():
    near = 100 + 2 * 29.9
    apart = begun(sumo(ring=400), (-near / 2 - 6, 0, EAST), (near / 2 + 6, 0, WEST))
    touching = begun(sumo(ring=400), (-near / 2, 0, EAST), (near / 2, 0, WEST))
    middle = slice(SIZE // 2 - 12, SIZE // 2 + 12)
    quiet, bumped = picture(apart, 2), picture(touching, 2)
    assert differs(quiet[middle, middle], bumped[middle, middle]) > 0.02


def test_who_is_caught_vanishes_in_a_burst():
    near = 100 + 2 * 29.9
    batch = begun(tag(1, 2, half=500), (-80, 0, EAST), (near - 79, 0, EAST), (-350, 300, EAST))
    assert batch.playing.all()
    view = ArenaView(batch, SIZE)
    view.watch(None)
    before = view.frame().astype(int)
    view.watch(batch.step(np.tile(np.array([1, 1, 1, 1, 0, 0], np.float32), (3, 1))))
    assert batch.left.tolist() == [[0, 1, 0]]
    after = view.frame().astype(int)
    assert differs(before, after) > 0.01


def test_the_camera_goes_along_with_the_leader_of_a_race():
    batch = ArenaBatch(1, rush(3))
    batch.reset(seeds=np.zeros(1, np.uint64))
    view = ArenaView(batch, SIZE)
    view.watch(None)
    frames = list(view.frames(batch.step(np.zeros((3, 6), np.float32)), 2))
    assert [frame.shape for frame in frames] == [(SIZE, SIZE, 3)] * 2


def test_pictures_depend_on_what_was_seen_alone():
    rows = [(-150, 0, EAST), (150, 0, WEST)]
    once = picture(begun(sumo(), *rows), 3)
    batch = begun(sumo(), *rows)
    view = ArenaView(batch, SIZE)
    view.watch(None)
    for _ in range(3):
        view.watch(batch.step(np.tile(np.array([1, 1, 1, 1, 0, 0], np.float32), (2, 1))))
        view.frame()
    assert differs(view.frame().astype(int), once) < 0.01


def test_a_window_shows_the_way_to_each_state(monkeypatch):
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    batch = ArenaBatch(1, sumo())
    batch.reset(seeds=np.zeros(1, np.uint64))
    view = ArenaView(batch, 64, fps=1000)
    view.show(None)
    view.show(batch.step(np.zeros((2, 6), np.float32)))
    assert not view.closed
    view.close()
    assert view.closed
    view.show(batch.step(np.zeros((2, 6), np.float32)))


@pytest.mark.parametrize("game", [tag(4, 4), sumo(8), rush(8)])
def test_every_walker_has_a_colour_of_its_own(game):
    assert len(set(colours(game))) == game.walkers
