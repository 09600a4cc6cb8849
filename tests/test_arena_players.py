"""Players learn, meet, are kept in files, and are compared with intervals."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pytest

from agents.arena.command import app
from agents.arena.duel import Tally, duel, play, seats, wilson
from agents.arena.league import play_league
from agents.arena.player import BRAINS, Player, Random, Still, load_brain
from agents.arena.training import train
from agents.networks.network import MLP, plain_normaliser
from agents.policy_checks import PolicyError
from agents.training.budget import Budget
from walker_env import BODIES, WORLD
from walker_env.arena import ARENA, rush, sumo, tag
from walker_env.match import Match
from walker_env.observation import width

QUADRUPED = BODIES["quadruped"]
SEEN = width(ARENA, QUADRUPED)


def player(seed=0, game=None):
    rng = np.random.default_rng(seed)
    layers = tuple(
        (rng.normal(0, 0.5, (i, o)).astype(np.float32), np.zeros(o, np.float32))
        for i, o in ((SEEN, 8), (8, 6))
    )
    return Player("small", MLP(layers), plain_normaliser(SEEN), game or tag(), QUADRUPED)


class First:
    """Knows which matches it plays: acts as random, and counts whom it acts for."""

    name = "first"

    def __init__(self):
        self.rows = 0

    def act(self, obs):
        self.rows += len(obs)
        return np.zeros((len(obs), 6), np.float32)


def test_a_player_s_file_gives_the_same_player(tmp_path):
    made = player()
    made.save(tmp_path / "player.safetensors")
    read = load_brain(tmp_path, QUADRUPED)
    obs = np.random.default_rng(1).normal(size=(5, SEEN)).astype(np.float32)
    assert np.array_equal(read.act(obs), made.act(obs))
    assert (read.game, read.body, read.name) == (made.game, made.body, "small")


def test_what_is_no_player_is_refused_by_name(tmp_path):
    player().save(tmp_path / "player.safetensors")
    with pytest.raises(PolicyError, match="has the body quadruped, but hexapod plays"):
        load_brain(tmp_path, BODIES["hexapod"])
    narrow = MLP(((np.zeros((12, 6), np.float32), np.zeros(6, np.float32)),))
    with pytest.raises(PolicyError, match=rf"mean must have shape \({SEEN},\)"):
        Player("narrow", narrow, plain_normaliser(12), tag(), QUADRUPED)
    first = np.zeros((SEEN, 4), np.float32), np.zeros(4, np.float32)
    holed = MLP((first, (np.zeros((), np.float32), np.zeros(6, np.float32))))
    with pytest.raises(PolicyError, match="w1 must have shape"):
        Player("holed", holed, plain_normaliser(SEEN), tag(), QUADRUPED)
    (tmp_path / "player.safetensors").write_bytes(b"no")
    with pytest.raises(PolicyError, match=r"player\.safetensors: expected a whole safetensors"):
        Player.load(tmp_path / "player.safetensors")


def test_a_policy_that_walks_alone_plays():
    alone = load_brain("rear-runner", QUADRUPED)
    obs = np.random.default_rng(1).normal(size=(3, SEEN)).astype(np.float32)
    np.testing.assert_array_equal(alone.act(obs), alone.agent.act(obs[:, :12].copy()))


def test_seats_are_roles_or_every_other_walker():
    assert seats(tag(2, 1), False).tolist() == [0, 0, 1]
    assert seats(tag(2, 1), True).tolist() == [1, 1, 0]
    assert seats(rush(4), False).tolist() == [0, 1, 0, 1]


def test_every_start_is_played_both_ways_and_the_scores_add_up():
    game = tag(seconds=0.3)
    tally = duel([Still(QUADRUPED), Random(QUADRUPED)], game, QUADRUPED, matches=6)
    assert tally.scores == (0, 1, 0, 1, 0, 1)  # nobody is caught: who runs has won
    assert tally.mean == 0.5
    assert (tally.part(True), tally.part(False)) == (0, 1)


def test_a_champion_beats_random_walkers_in_tag():
    game = tag(seconds=6, half=330)
    tally = duel([load_brain("rear-runner", QUADRUPED), Random(QUADRUPED)], game, QUADRUPED, 8)
    assert tally.part(True) > 0.7
    assert tally.part(False) == 1


def test_matches_do_not_depend_on_how_many_are_played_at_once(monkeypatch):
    game = sumo(seconds=0.4, ring=200.0, walkers=2)
    owners = np.array([[0, 1], [1, 0]] * 3)
    numbers = np.arange(6, dtype=np.uint64)
    brains = [player(1), player(2)]
    whole = play(brains, game, QUADRUPED, numbers, owners)
    monkeypatch.setattr("agents.arena.duel.ARENAS", 2)
    np.testing.assert_array_equal(play(brains, game, QUADRUPED, numbers, owners), whole)


def test_the_interval_is_wilson_s():
    low, high = wilson(0.9, 1000)
    assert (round(low, 4), round(high, 4)) == (0.8798, 0.9171)
    assert wilson(1.0, 10)[1] == 1.0
    tally = Tally((1.0, 0.5), (True, False))
    assert tally.interval() == wilson(0.75, 2)


@dataclass
class Counting:
    """Learns nothing, 10 control steps at a time."""

    algorithm: ClassVar[str] = "counting"
    seed: int = 0
    steps: int = 0

    def learner(self, game, body, world):
        return self

    def advance(self):
        self.steps += 10

    def player(self, name):
        return player(self.steps)


def test_a_training_ends_with_its_budget_and_keeps_its_quarter_and_a_curve(tmp_path):
    told = []
    game, budget = tag(seconds=0.1), Budget(steps=80)
    train(Counting(), game, QUADRUPED, WORLD, budget, tmp_path, told.append, points=2)
    assert Player.load(tmp_path / "player.safetensors").training["steps"] == 80
    assert load_brain(tmp_path / "quarter.safetensors", QUADRUPED).training["steps"] == 20
    curve = json.loads((tmp_path / "curve.json").read_text())
    assert [point["steps"] for point in curve] == [40, 80]
    assert [point["score"] for point in curve] == [0.5] * 2  # nobody is caught so soon
    assert [vars(point) for point in told] == curve


@pytest.mark.long
@pytest.mark.parametrize("algorithm", ["ppo", "coevolution"])
def test_both_algorithms_learn_a_little_and_keep_their_quarter(algorithm, tmp_path, capsys):
    small = {
        "ppo": ["arenas=4", "horizon=8", "minibatches=2", "epochs=1", "hidden=[8]", "every=1"],
        "coevolution": ["population=4", "first=0.4", "hidden=[8]", "every=1"],
    }[algorithm]
    words = ["train", algorithm, "sumo", "--steps", "150", "--out", str(tmp_path), "--seed", "3"]
    words += [word for each in small for word in ("--set", each)]
    app([*words, "--game", "seconds=0.4"], standalone_mode=False)
    assert "against random" in capsys.readouterr().out
    made, quarter = (
        Player.load(tmp_path / "player.safetensors"),
        load_brain(tmp_path / "quarter.safetensors", QUADRUPED),
    )
    assert made.training["algorithm"] == algorithm
    assert made.training["steps"] >= 150 > quarter.training["steps"] * 0.5
    obs = np.random.default_rng(0).normal(size=(2, SEEN)).astype(np.float32)
    assert np.isfinite(made.act(obs)).all()
    curve = json.loads((tmp_path / "curve.json").read_text())
    assert all(math.isfinite(point["score"]) for point in curve)


def test_the_pool_plays_the_other_side():
    from agents.arena.selfplay import SelfPlayVecEnv

    env = SelfPlayVecEnv(tag(seconds=0.2), QUADRUPED, WORLD, arenas=4, among=0.5, seed=0)
    assert env.num_envs == 6  # two arenas with both, two with one of both
    member = First()
    env.pool.append(member)
    env.reset()
    done = np.zeros(6, dtype=bool)
    for _ in range(4):
        _, _, done, infos = env.step(np.zeros((6, 6), np.float32))
    assert member.rows == 2 * 4
    assert done.all()
    assert infos[0]["terminal_observation"].shape == (SEEN,)


def test_a_match_is_played_kept_and_filmed(tmp_path, capsys):
    file, gif = tmp_path / "match.npz", tmp_path / "match.gif"
    app(
        ["match", "tag", "random", "still", "--out", str(file), "--game", "seconds=0.3"],
        standalone_mode=False,
    )
    assert "chaser_0 0.00, runner_0 1.00" in capsys.readouterr().out
    app(["show", str(file), "--gif", str(gif), "--size", "64"], standalone_mode=False)
    assert gif.read_bytes()[:4] == b"GIF8"


def test_duels_are_a_table_with_intervals(capsys):
    words = ["duels", "sumo", "still", *BRAINS, "--matches", "2", "--game", "seconds=0.2"]
    app(words, standalone_mode=False)
    shown = capsys.readouterr().out
    assert "0.500" in shown
    assert "0.095 to 0.905" in shown
    with pytest.raises(ValueError, match="at least two players, got 1"):
        app(["duels", "sumo", "still"], standalone_mode=False)


def test_in_a_league_every_player_meets_every_other_on_a_published_schedule(tmp_path, capsys):
    words = ["league", "tag", "gait", "random", "still", "--matches", "2", "--out", str(tmp_path)]
    app([*words, "--game", "seconds=0.3"], standalone_mode=False)
    assert "0.500" in capsys.readouterr().out
    schedule = json.loads((tmp_path / "schedule.json").read_text())
    met = [(pair["first"], pair["second"]) for pair in schedule["pairs"]]
    assert met == [("gait", "random"), ("gait", "still"), ("random", "still")]
    result = json.loads((tmp_path / "league.json").read_text())
    assert [s["matches"] for s in result["standings"]] == [4, 4, 4]
    kept = sorted((tmp_path / "matches").iterdir())
    assert len(kept) == 6
    assert Match.load(kept[0]).verify().tolist() == [0, 1]


def test_a_league_refuses_two_of_one_name(tmp_path):
    twice = [("still", Still(QUADRUPED))] * 2
    with pytest.raises(ValueError, match=r"different names, got \['still', 'still'\]"):
        play_league(twice, tag(), QUADRUPED, WORLD, 2, tmp_path)
