"""Replays: small, true or refused, and never code."""

from __future__ import annotations

import io
import json
import os
import pickle
import struct
import zipfile
from dataclasses import replace

import numpy as np
import pytest

from agents.baselines import load_agent
from walker_env import Options, WalkerBatch
from walker_env.engine import resolve
from walker_env.files import open_zip, read_zipped
from walker_env.replay import Recorder, Replay, ReplayError, main
from walker_env.track import Walker


def record(steps=120, seeds=(3, 3), world="standard", engine="auto"):
    """Two walkers on a course, one of which is out earlier."""
    walkers = [Walker(f"w{i}", Options(world=world), seed) for i, seed in enumerate(seeds)]
    batches = [WalkerBatch(1, replace(walker.options, engine=engine)) for walker in walkers]
    seen = [b.reset(seed=np.array([w.seed])) for b, w in zip(batches, walkers)]
    agents = [load_agent("gait"), load_agent("random")]
    recorder = Recorder(walkers)
    for step in range(steps):
        actions = [agent.act(o)[0] for agent, o in zip(agents, seen)]
        if step >= steps // 2:
            actions[1] = None
        recorder.note(actions)
        for i, action in enumerate(actions):
            if action is not None:
                seen[i] = batches[i].step(action[None]).observation
    return recorder.replay("a test", engine=engine), batches


@pytest.fixture(scope="module")
def replay():
    return record()[0]


@pytest.fixture
def path(replay, tmp_path):
    replay.save(tmp_path / "walk.npz")
    return tmp_path / "walk.npz"


@pytest.mark.parametrize("engine", ["pymunk", "compiled"])
@pytest.mark.parametrize("world", ["standard", "delay"])
def test_a_replay_gives_the_states_of_the_walk(engine, world):
    if engine == "compiled":
        pytest.importorskip("numba")
    replay, batches = record(world=world, engine=engine)
    assert replay.lengths.tolist() == [120, 60]
    for track, batch in zip(replay.verify(), batches):
        assert np.array_equal(track.position[-1], batch.state.position[0])
        assert np.array_equal(track.drive[-1], batch.state.drive[0])
        assert np.array_equal(track.observation[-1], batch.observe()[0])
        assert track.score[-1] == batch.score()[0]
        assert np.array_equal(track.targets[track.target_index[-1]], batch.state.target[0])
    assert track.position.shape == (61, 5, 2)


def test_a_file_holds_the_same_replay_and_is_true(replay, path, capsys):
    again = Replay.load(path)
    assert again.walkers == replay.walkers
    assert np.array_equal(again.actions, replay.actions)
    assert (again.title, again.engine, again.physics) == ("a test", resolve("auto"), replay.physics)
    assert main(["verify", str(path)]) == 0
    assert "true: 180 steps come out exactly" in capsys.readouterr().out


def test_a_race_of_four_for_100_s_is_small(tmp_path):
    walkers = [Walker(str(i), Options(), 7) for i in range(4)]
    files = ("rear-runner", "trot", "limp", "diagonal")
    agents = [load_agent(f"benchmarks/entries/{name}/policy.safetensors") for name in files]
    batches = [WalkerBatch(1) for _ in range(4)]
    seen = [batch.reset(seed=np.array([7])) for batch in batches]
    recorder = Recorder(walkers)
    for _ in range(2000):
        actions = [agent.act(o) for agent, o in zip(agents, seen)]
        recorder.note([action[0] for action in actions])
        seen = [batch.step(action).observation for batch, action in zip(batches, actions)]
    recorder.replay().save(tmp_path / "race.npz")
    assert (tmp_path / "race.npz").stat().st_size < 200_000
    assert Replay.load(tmp_path / "race.npz").verify()[0].score[-1] == batches[0].score()[0]


def change(path, **new):
    """Write the file again with another header entry or other arrays."""
    with np.load(path) as old:
        header, arrays = json.loads(old["header"].tobytes()), dict(old)
    header |= {k: v for k, v in new.items() if k not in arrays}
    arrays["header"] = np.frombuffer(json.dumps(header).encode(), dtype=np.uint8)
    np.savez(path, **(arrays | {k: v for k, v in new.items() if k in arrays}))


def test_a_changed_action_or_state_is_found_out(replay, path, capsys):
    actions = replay.actions.copy()
    actions[0, 5, 5] = np.nextafter(actions[0, 5, 5], np.float32(0))
    change(path, actions=actions)
    assert main(["verify", str(path)]) == 1
    assert "walker 0, 'w0': its actions do not give the states" in capsys.readouterr().err


def test_another_physics_is_named(path):
    change(path, physics="0123")
    with pytest.raises(ReplayError, match="recorded in another physics: 0123"):
        Replay.load(path).verify()


@pytest.mark.parametrize(
    ("new", "message"),
    [
        ({"format": "film"}, "format must be"),
        ({"engine": "magic"}, "engine must be one of"),
        ({"walkers": []}, "1 to 64 walkers, got 0"),
        ({"actions": np.full((2, 120, 6), np.nan, np.float32)}, r"finite and in \[-1, 1\]"),
        ({"actions": np.zeros((2, 120, 6))}, "actions must be float32"),
        ({"actions": np.zeros((2, 120, 5), np.float32)}, "walker 0 needs 6 actions, got 5"),
        ({"lengths": np.array([120, 999])}, "lengths must be int64"),
        ({"lengths": np.array([None, None])}, "allow_pickle=False"),
    ],
)
def test_what_is_no_possible_walk_is_refused(path, new, message):
    change(path, **new)
    with pytest.raises(ReplayError, match=message):
        Replay.load(path)


def test_a_file_is_checked_before_it_is_unpacked(tmp_path):
    path = tmp_path / "bomb.npz"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("header.npy", bytes(60_000_000))
    with pytest.raises(ReplayError, match="must unpack to at most"):
        Replay.load(path)
    path.write_bytes(pickle.dumps({"header": 1}))
    with pytest.raises(ReplayError, match="not a zip file"):
        Replay.load(path)
    header = io.BytesIO()
    np.lib.format.write_array_header_1_0(
        header, {"descr": "<f4", "fortran_order": False, "shape": (1 << 50,)}
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("header.npy", header.getvalue())
    with pytest.raises(ReplayError, match=r"claims to be larger|header"):
        Replay.load(path)
    with pytest.raises(ReplayError, match="cannot be read: No such file"):
        Replay.load(tmp_path / "nowhere.npz")


@pytest.mark.parametrize("honest", [True, False])
def test_many_entries_are_refused_before_they_are_listed(path, honest, monkeypatch):
    whole = path.read_bytes()
    end = bytearray(whole[-22:])
    start = int.from_bytes(end[16:20], "little")
    directory = whole[start:-22] * 70_000
    end[12:16] = len(directory).to_bytes(4, "little")
    if honest:
        end[8:12] = (60_000).to_bytes(2, "little") * 2
    path.write_bytes(whole[:start] + directory + end)
    listed = []
    monkeypatch.setattr(zipfile, "ZipFile", listed.append)
    told = "has 60,000" if honest else "they take .* bytes alone"
    with pytest.raises(ReplayError, match=f"must have at most 16 entries, {told}"):
        Replay.load(path)
    assert not listed


def test_a_directory_in_64_bits_is_bounded_too():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a", b"abc")
    whole = file.getvalue()
    start, end = int.from_bytes(whole[-6:-2], "little"), whole[-22:]
    size = len(whole) - 22 - start

    def written(count, size):
        large = struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, count, count, size, start)
        locator = struct.pack("<4sLQL", b"PK\6\7", 0, len(whole) - 22, 1)
        return whole[:-22] + large + locator + end

    with open_zip(written(1, size), 2, 100) as archive:
        assert read_zipped(archive, "a") == b"abc"
        with pytest.raises(ValueError, match=r"expected 'b' in it, got \['a'\]"):
            read_zipped(archive, "b")
    for count, told in ((3, size), (1, 10**6)):
        with pytest.raises(ValueError, match="must have at most 2 entries"):
            open_zip(written(count, told), 2, 100)
    with pytest.raises(ValueError, match="not where it says"):
        open_zip(whole[:-22] + bytes(56) + written(1, size)[-42:], 2, 100)


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_packing_whose_size_cannot_be_bounded_is_refused(method):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        archive.writestr("a", bytes(1000))
    with pytest.raises(ValueError, match="packed by deflate or not at all"):
        open_zip(file.getvalue(), 2, 2000)


def test_an_entry_that_lies_about_its_size_is_not_unpacked_beyond_it():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a", bytes(1_000_000))
    lying = file.getvalue().replace((1_000_000).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    with open_zip(lying, 2, 20) as archive, pytest.raises(ValueError, match="'a' in it is damaged"):
        read_zipped(archive, "a")


def test_a_flipped_bit_is_refused_or_changes_nothing(tmp_path):
    replay, path = record(steps=20)[0], tmp_path / "walk.npz"
    replay.save(path)
    whole, told = path.read_bytes(), []
    for bit in np.random.default_rng(0).choice(8 * len(whole), 80, replace=False).tolist():
        content = bytearray(whole)
        content[bit // 8] ^= 1 << bit % 8
        path.write_bytes(content)
        try:
            read = Replay.load(path)
            read.verify()
        except ReplayError as error:
            told.append(str(error))
            continue
        read.save(tmp_path / "again.npz")
        assert (tmp_path / "again.npz").read_bytes() == whole, f"bit {bit}"
    assert len(told) > 50
    assert all(str(path) in words for words in told)


def test_a_replay_keeps_what_was_stepped_with():
    recorder = Recorder([Walker("p", Options(), 0)])
    with pytest.raises(ReplayError, match="step with float32 actions"):
        recorder.note([np.full(6, 0.1)])


def test_the_command_says_how_it_is_used(capsys):
    assert main([]) == 2
    assert "usage" in capsys.readouterr().err


def test_walkers_of_different_bodies_stand_in_one_replay(tmp_path):
    walkers = [Walker("four", Options(), 3), Walker("six", Options(body="hexapod", world="ice"), 3)]
    recorder, rng = Recorder(walkers), np.random.default_rng(0)
    for _ in range(30):
        recorder.note([rng.uniform(-1, 1, a).astype(np.float32) for a in (6, 10)])
    recorder.note([None, np.ones(10, np.float32)])
    recorder.replay().save(tmp_path / "race.npz")
    again = Replay.load(tmp_path / "race.npz")
    again.verify()
    assert again.actions.shape == (2, 31, 10)
    assert [again.commands(i).shape for i in range(2)] == [(30, 6), (31, 10)]
    actions = again.actions.copy()
    actions[0, 5, 8] = 0.5
    with pytest.raises(ReplayError, match="walker 0: actions beyond its own steps and commands"):
        replace(again, actions=actions)
    with pytest.raises(ReplayError, match="walker 1 needs 10 actions"):
        recorder.note([np.zeros(6, np.float32), np.zeros(6, np.float32)])


def test_a_course_that_ends_has_no_targets_beyond_its_own():
    walker = Walker("one", Options(course=[[100.0, 0.0]]), 3)
    (track,) = Replay((walker,), np.zeros((1, 5, 6), np.float32), np.array([5])).simulate()
    assert track.targets.tolist() == [[100.0, 0.0]]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"title": "a\x1b[2Jb"}, "title must be at most 300 printable characters"),
        ({"title": {}}, "title must be"),
        ({"title": "half \ud800"}, "text that can be written as UTF-8"),
        ({"suite": "x" * 301}, "suite must be"),
        ({"physics": ""}, "physics must be a hash"),
    ],
)
def test_words_that_are_none_are_refused(tmp_path, changes, message):
    record()[0].save(tmp_path / "replay.npz")
    with np.load(tmp_path / "replay.npz") as arrays:
        parts = dict(arrays)
    header = json.loads(bytes(parts["header"])) | changes
    parts["header"] = np.frombuffer(json.dumps(header).encode(), dtype=np.uint8)
    np.savez(tmp_path / "replay.npz", **parts)
    with pytest.raises(ReplayError, match=message):
        Replay.load(tmp_path / "replay.npz")


def test_a_pipe_is_no_replay(tmp_path):
    os.mkfifo(tmp_path / "pipe.npz")
    with pytest.raises(ReplayError, match="expected a plain file"):
        Replay.load(tmp_path / "pipe.npz")
