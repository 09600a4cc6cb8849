"""What the games pay, who is out, who has won, and when a match is over."""

from __future__ import annotations

import numpy as np
import pytest

from walker_env import BODIES
from walker_env.arena import ArenaBatch, Start, get_game, rush, sumo, tag
from walker_env.plan import PlanError

RADIUS = BODIES["quadruped"].node_radius
EAST, WEST = (1.0, 0.0), (-1.0, 0.0)
STILL = np.array([1, 1, 1, 1, 0, 0], np.float32)


def begun(game, *rows):
    """One arena whose walkers begin where they are told: x, y and direction."""
    batch = ArenaBatch(1, game)
    start = Start(np.array([r[:2] for r in rows], float), np.array([r[2] for r in rows], float))
    batch.reset(seeds=np.zeros(1, np.uint64), starts=[start])
    return batch


def still(batch):
    return np.tile(STILL, (batch.n, 1))


def apart(gap):
    """Distance of two quadrupeds, one behind the other, whose circles have a gap."""
    return 100 + 2 * RADIUS + gap


def test_a_touch_by_the_head_catches_and_one_by_the_tail_does_not():
    caught = begun(tag(half=600), (0, 0, EAST), (apart(1), 0, EAST)).step(np.tile(STILL, (2, 1)))
    assert caught.over.tolist() == [True]
    assert caught.terminated.tolist() == [True, True]
    assert not caught.truncated.any()
    assert caught.caught.tolist() == [1, 0]
    np.testing.assert_allclose(caught.terms["prize"], [10, -10])
    for start in (
        [(0, 0, EAST), (apart(8), 0, EAST)],  # near, but no touch
        [(0, 0, WEST), (apart(1), 0, WEST)],  # the chaser's tail
    ):
        batch = begun(tag(half=600), *start)
        assert not batch.step(still(batch)).over.any()


def test_a_caught_runner_is_out_and_the_others_play_on():
    game = tag(1, 2, half=900)
    batch = begun(game, (0, 0, EAST), (apart(1), 0, EAST), (-500, 0, EAST))
    outcome = batch.step(still(batch))
    assert outcome.terminated.tolist() == [False, True, False]
    assert batch.playing.tolist() == [[True, False, True]]
    np.testing.assert_allclose(outcome.terms["prize"], [5, -10, 0])
    after = batch.step(still(batch))
    assert after.reward[1] == 0
    assert not after.observation[1].any()
    assert after.observation[0].any()
    assert not after.over.any()


def test_nobody_bumps_into_who_is_out():
    game = tag(1, 2, half=900)
    batch = begun(game, (0, 0, EAST), (apart(1), 0, EAST), (-500, 0, EAST))
    batch.step(still(batch))
    before = batch.state.position[1].copy()
    push = np.tile(np.array([-1, -1, 1, 1, 1, 1], np.float32), (3, 1))
    for _ in range(10):
        batch.step(push)
    assert np.abs(batch.state.position[1] - before).max() < 3
    assert batch.state.position[0, 0, 0] - 50 > 5  # its front feet went on


def test_runners_that_are_left_when_time_is_up_have_won():
    batch = begun(tag(1, 1, half=900, seconds=0.2), (-500, 0, EAST), (500, 0, EAST))
    for _ in range(3):
        assert not batch.step(still(batch)).over.any()
    outcome = batch.step(still(batch))
    assert outcome.terminated.all()
    np.testing.assert_allclose(outcome.terms["prize"], [-10, 10])
    assert batch.score.tolist() == [[0, 1]]


def test_a_chaser_is_paid_for_coming_nearer_and_a_runner_for_getting_away():
    batch = begun(tag(half=900), (-300, 0, EAST), (300, 0, EAST))
    command = np.array([[-1, -1, 1, 1, 1, 1], STILL], np.float32)  # the chaser stretches forward
    outcome = batch.step(command)
    nearer = -outcome.terms["progress"][1] * 50
    assert nearer > 1
    np.testing.assert_allclose(outcome.terms["progress"], [nearer / 50, -nearer / 50])
    np.testing.assert_allclose(outcome.reward, sum(outcome.terms.values()))


def test_who_leaves_the_ring_has_lost():
    batch = begun(sumo(ring=200), (0, 0, EAST), (192, 0, EAST))
    push = np.array([STILL, [-1, -1, 1, 1, 1, 1]], np.float32)  # it stretches forward
    for _ in range(20):
        outcome = batch.step(push)
        if outcome.over[0]:
            break
    middle = np.linalg.norm(batch.state.position[1].mean(axis=0))
    assert outcome.over.tolist() == [True]
    assert middle > 200
    np.testing.assert_allclose(outcome.terms["prize"], [10, -10])
    assert outcome.terminated.all()
    assert batch.score.tolist() == [[1, 0]]


def test_who_is_nearest_to_the_middle_when_time_is_up_has_won():
    game = sumo(3, ring=400, seconds=0.1)
    batch = begun(game, (-200, 0, EAST), (0, 100, EAST), (200.5, 0, WEST))
    assert not batch.step(still(batch)).over.any()
    outcome = batch.step(still(batch))
    assert outcome.terminated.all()
    assert batch.score.tolist() == [[0.25, 1, 0.25]]  # half a unit is no difference
    np.testing.assert_allclose(outcome.terms["prize"], [-5, 10, -5])


def test_two_who_stand_equally_far_from_the_middle_draw():
    batch = begun(sumo(seconds=0.05), (-150, 0, EAST), (150, 0, WEST))
    outcome = batch.step(still(batch))
    assert outcome.terminated.all()
    assert batch.score.tolist() == [[0.5, 0.5]]
    assert not outcome.terms["prize"].any()


def test_in_sumo_a_way_to_the_middle_pays_and_costs_the_rival_as_much():
    batch = begun(sumo(ring=400), (-200, 0, EAST), (200, 0, WEST))
    command = np.array([[-1, -1, 1, 1, 1, 1], STILL], np.float32)  # one stretches to the middle
    for _ in range(3):
        outcome = batch.step(command)
    nearer = outcome.terms["progress"][0]
    assert nearer > 0.02
    np.testing.assert_allclose(outcome.terms["progress"], [nearer, -nearer])


def test_the_first_over_the_line_wins_and_the_last_need_not_arrive():
    game = rush(3, finish=300, seconds=1)
    batch = begun(game, (249, 0, EAST), (200, 200, EAST), (100, -200, EAST))
    command = np.tile(np.array([-1, -1, 1, 1, 1, 1], np.float32), (3, 1))
    outcome = batch.step(command)
    for _ in range(10):
        if outcome.terminated[0]:
            break
        outcome = batch.step(command)
    assert outcome.terminated.tolist() == [True, False, False]
    assert outcome.terms["prize"].tolist() == [10, 0, 0]
    while not outcome.over[0]:  # the others stay where they are until time is up
        outcome = batch.step(still(batch))
    assert outcome.truncated.tolist() == [False, True, True]
    assert batch.score.tolist() == [[1, 0.5, 0]]


def test_a_match_that_is_over_waits_for_its_reset():
    batch = begun(tag(half=600), (0, 0, EAST), (apart(1), 0, EAST))
    batch.step(still(batch))
    score = batch.score.copy()
    after = batch.step(still(batch))
    assert not after.over.any()
    assert not after.reward.any()
    assert np.array_equal(batch.score, score)
    batch.reset()
    assert batch.playing.all()
    assert not batch.score.any()


def test_get_game_names_what_it_does_not_know():
    assert get_game("tag", chasers=2, runners=3).sides == (2, 3)
    assert get_game(tag(2, 2).as_dict()).sides == (2, 2)
    assert get_game(sumo(3), seconds=5).seconds == 5
    with pytest.raises(PlanError, match="tag has no setting 'wolves'"):
        get_game("tag", wolves=2)
    for name, setting, words in (
        ("tag", {"chasers": "2"}, "chasers must be a whole number, got '2'"),
        ("tag", {"runners": None}, "runners must be a whole number, got None"),
        ("tag", {"half": "wide"}, "half must be a number, got 'wide'"),
        ("sumo", {"walkers": "4"}, "walkers must be a whole number, got '4'"),
        ("rush", {"walkers": 2.5}, "walkers must be a whole number, got 2.5"),
        ("rush", {"width": "x"}, "width must be a number, got 'x'"),
        ("rush", {"finish": None}, "finish must be a number, got None"),
    ):
        with pytest.raises(PlanError, match=words):
            get_game(name, **setting)
    with pytest.raises(PlanError, match="game must be one of"):
        get_game("chess")
    with pytest.raises(PlanError, match="a game has no setting 'chasers'"):
        get_game(tag(), chasers=2)
