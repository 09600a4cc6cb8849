"""Matches are recorded from their start, and come out exactly or are refused by name."""

from __future__ import annotations

import io
import json
from dataclasses import replace

import numpy as np
import pytest

from walker_env.arena import ArenaBatch, Start, sumo, tag
from walker_env.match import Match, MatchError, MatchRecorder, Seat, main


def recorded(batch, arena=0, start=None, steps=25):
    players = [Seat(f"player {i}") for i in range(batch.walkers)]
    recorder = MatchRecorder(batch, players, arena, start)
    drawn = np.random.default_rng(0).uniform(-1, 1, (steps, batch.n, batch.action_width))
    for actions in drawn.astype(np.float32):
        recorder.note(actions)
        batch.step(actions)
    return recorder.match("a test")


@pytest.fixture
def match():
    batch = ArenaBatch(1, tag(1, 2, half=330))
    batch.reset(seeds=np.array([5], np.uint64))
    return recorded(batch)


def test_a_match_of_one_of_many_arenas_comes_out_exactly_from_its_file(tmp_path):
    batch = ArenaBatch(3, sumo(4, ring=300))
    batch.reset(seeds=np.arange(3, dtype=np.uint64))
    batch.reset()  # an arena's second episode
    kept = recorded(batch, arena=1)
    kept.save(tmp_path / "match.npz")
    read = Match.load(tmp_path / "match.npz")
    assert read.verify().tolist() == [0, 0, 0, 0]  # it is not over
    *_, (again, _) = read.walk()
    assert np.array_equal(again.state.position, batch.state.position[4:8])
    assert [seat.name for seat in read.players][:2] == ["player 0", "player 1"]
    assert (read.seed, read.episode, read.title) == (1, 1, "a test")


def test_a_match_from_given_places_comes_out_exactly(tmp_path):
    batch = ArenaBatch(1, sumo(2))
    start = Start(np.array([[-100.0, 0], [100, 0]]), np.array([[0.6, 0.8], [-1, 0]]))
    batch.reset(seeds=np.zeros(1, np.uint64), starts=[start])
    kept = recorded(batch, start=start)
    kept.save(tmp_path / "match.npz")
    read = Match.load(tmp_path / "match.npz")
    read.verify()
    np.testing.assert_array_equal(read.start, np.hstack(start))


def test_another_action_seed_or_field_is_not_true(match):
    match.verify()
    actions = match.actions.copy()
    actions[3, 1, 0] = -actions[3, 1, 0]
    rougher = replace(match.game, field=replace(match.game.field, friction=0.9))
    for change in ({"actions": actions}, {"seed": 6}):
        with pytest.raises(MatchError, match="do not give the states that were recorded"):
            replace(match, **change).verify()
    with pytest.raises(MatchError, match="recorded in another physics"):
        replace(match, game=rougher).verify()


def test_damaged_and_impossible_files_are_refused_by_name(tmp_path, match):
    path = tmp_path / "match.npz"
    with pytest.raises(MatchError, match=r"match\.npz: expected a match: cannot be read"):
        Match.load(path)
    path.write_bytes(b"PK no zip")
    with pytest.raises(MatchError, match="not a zip file"):
        Match.load(path)
    match.save(path)
    with np.load(path) as arrays:
        header, actions = json.loads(arrays["header"].tobytes()), arrays["actions"]

    def refused(words, changed=(), given=actions):
        text = np.frombuffer(json.dumps(header | dict(changed)).encode(), np.uint8)
        packed = io.BytesIO()
        np.savez_compressed(packed, header=text, actions=given)
        path.write_bytes(packed.getvalue())
        with pytest.raises(MatchError, match=words):
            Match.load(path)

    refused("format must be 'walker-match'", {"format": "walker-replay"})
    refused("physics and states must be hashes", {"states": ""})
    refused("a player for each of 3 walkers, got 2", {"players": header["players"][:2]})
    refused("seed must be an int", {"seed": -1})
    refused(r"actions must be float32 \(T, W, A\)", given=actions[:, :2])
    refused(r"finite and in \[-1, 1\]", given=np.full_like(actions, np.nan))
    refused("1 to 600 steps, got 0", given=actions[:0])
    refused(r"numbers \(W, 4\) with W = 3", {"start": [[0.0, 0, 1, 0]]})
    refused("directions must be unit vectors", {"start": [[0.0, 0, 1, 1]] * 3})
    refused("start must be None or rows of numbers", {"start": "here"})
    for players in (None, ["a", "b", "c"], [{}] * 3, [{"name": "a", "sha256": None, "x": 1}] * 3):
        refused(
            r"players must be a list of objects with \['name', 'sha256'\]", {"players": players}
        )
    refused("sha256 must be", {"players": [{"name": "a", "sha256": 0}] * 3})
    for part in list(header):
        value = header.pop(part)
        refused(f"it lacks '{part}'")
        header[part] = value


def test_a_start_that_cannot_be_is_no_true_match(match):
    crowd = replace(match, start=np.tile([0.0, 0, 1, 0], (3, 1)))
    with pytest.raises(MatchError, match="cannot be played again: chaser_0 and runner_0 overlap"):
        crowd.verify()
    far = replace(match, start=np.array([[0.0, 0, 1, 0], [1e300, 0, 1, 0], [200, 0, 1, 0]]))
    with pytest.raises(MatchError, match="runner_0 starts farther than 10000 units"):
        far.verify()


def test_the_command_says_what_is_true(tmp_path, match, capsys):
    good, bad = tmp_path / "good.npz", tmp_path / "bad.npz"
    match.save(good)
    replace(match, states="0" * 64).save(bad)
    assert main(["verify", str(good)]) == 0
    assert "true: 25 steps come out exactly: chaser_0 player 0" in capsys.readouterr().out
    assert main(["verify", str(good), str(bad)]) == 1
    assert "bad.npz: NOT TRUE: its actions do not give" in capsys.readouterr().err
    assert main([]) == 2


def test_a_recorder_needs_float32_and_a_step():
    batch = ArenaBatch(1, sumo())
    batch.reset(seeds=np.zeros(1, np.uint64))
    recorder = MatchRecorder(batch, [Seat("a"), Seat("b")])
    with pytest.raises(MatchError, match="at least one control step"):
        recorder.match()
    with pytest.raises(MatchError, match="keeps float32"):
        recorder.note(np.full((2, 6), 0.1))


def test_a_recorder_notes_a_match_from_its_start_or_not_at_all():
    batch = ArenaBatch(1, sumo())
    batch.reset(seeds=np.zeros(1, np.uint64))
    batch.step(np.zeros((2, 6)))
    with pytest.raises(MatchError, match="a match has 1 steps that were not noted"):
        recorded(batch)
    places = Start(np.array([[-150.0, 0], [150, 0]]), np.array([[1.0, 0], [-1, 0]]))
    batch.reset(seeds=np.zeros(1, np.uint64), starts=[places])
    with pytest.raises(MatchError, match="at a start that the recorder was not told"):
        recorded(batch)
