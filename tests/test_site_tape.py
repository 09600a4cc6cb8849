"""Recorded walks: small, and the same walk again."""

import json

import numpy as np
import pytest

from agents.baselines import load_agent
from benchmarks.site.content import ShownCourse
from benchmarks.site.source import COURSES
from benchmarks.site.tape import GRIP, PLACE, SEEN, TapedWalk, decode, encode
from benchmarks.site.walks import checked_tape, record_walk, recorded_columns
from benchmarks.submission.entries import entry_folders, read_entry
from walker_env import WalkerBatch
from walker_env.replay import Replay
from walker_env.seeds import show_seed


def test_a_tape_gives_the_walk_again_to_half_a_quantum():
    walk = record_walk(load_agent("gait"), COURSES[0], steps=300).walk
    again = decode(encode(walk))
    assert np.abs(again.position - walk.position).max() <= 0.5 / PLACE + 1e-9
    assert np.abs(again.grip - walk.grip).max() <= 0.5 / GRIP + 1e-9
    assert np.abs(again.seen - walk.seen).max() <= 0.5 / SEEN + 1e-9
    assert again.reached.tolist() == walk.reached.tolist()


def test_what_is_recorded_is_what_a_batch_does():
    agent, course = load_agent("gait"), ShownCourse("x", "x", seed=show_seed(4))
    walk = record_walk(agent, course, steps=200).walk
    batch = WalkerBatch(1, agent.options)
    seen = batch.reset(seed=np.array([course.seed], dtype=np.uint64))
    for _ in range(200):
        seen = batch.step(agent.act(seen)).observation
    assert np.array_equal(walk.position[-1], batch.state.position[0])
    assert walk.score == batch.score()[0]
    assert len(walk.reached) == batch.state.target_index[0]
    assert np.array_equal(walk.seen[-1], seen[0, recorded_columns(agent.options)])


def test_four_walkers_for_100_seconds_take_less_than_200_kilobytes():
    course = COURSES[0]
    agents = [load_agent(folder / read_entry(folder).file) for folder in entry_folders()[:4]]
    sizes = [len(json.dumps(checked_tape(record_walk(agent, course).walk))) for agent in agents]
    assert len(sizes) == 4
    assert sum(sizes) < 200_000


def test_a_walker_that_stands_takes_next_to_nothing():
    walk = record_walk(load_agent("still"), COURSES[0]).walk
    assert len(json.dumps(encode(walk))) < 1000


def test_a_jump_that_does_not_fit_is_refused():
    places = np.zeros((3, 1, 2))
    places[1, 0, 0] = 5000.0
    walk = TapedWalk(places, np.zeros((3, 1)), np.zeros((3, 0)), np.array([], dtype=int), 0.0)
    with pytest.raises(ValueError, match="less than 32768 quanta in a control step, got 40000"):
        encode(walk)


def test_a_walk_comes_from_a_replay_that_is_true(tmp_path):
    found = record_walk(load_agent("gait"), COURSES[-1], 100, sha256="ab", suite="a suite")
    found.replay.save(tmp_path / "walk.npz")
    (track,) = Replay.load(tmp_path / "walk.npz").verify()
    assert np.array_equal(track.position, found.walk.position)
    assert found.replay.walkers[0].options.world.name == "ice"
    assert found.replay.walkers[0].sha256 == "ab"
    assert found.replay.suite == "a suite"


def test_actions_that_are_none_are_blamed_on_the_walker():
    agent = load_agent("still")
    agent.act = lambda obs: np.full((1, 6), np.nan, np.float32)
    with pytest.raises(ValueError, match="still: expected finite actions"):
        record_walk(agent, COURSES[0], steps=2)
