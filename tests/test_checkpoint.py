"""Checkpoints: what goes in comes out, and nothing good is lost."""

from contextlib import suppress

import numpy as np
import pytest
import torch

from agents.training.checkpoint import CheckpointError, load_checkpoint, newest, save_checkpoint

STATE = {
    "numbers": [1, 2.5, True, None, "text"],
    "big": 1 << 127,
    "nested": {"array": np.arange(6.0).reshape(2, 3), "deeper": [{"t": np.zeros(0)}]},
    3: {"index": np.array([1, 2], np.int64)},
}


def test_a_state_comes_back_as_it_was(tmp_path):
    path = save_checkpoint(tmp_path, 7, STATE)
    found = load_checkpoint(path)
    assert found["numbers"] == STATE["numbers"]
    assert found["big"] == 1 << 127
    np.testing.assert_array_equal(found["nested"]["array"], STATE["nested"]["array"])
    assert found["nested"]["deeper"][0]["t"].shape == (0,)
    assert found[3]["index"].dtype == np.int64


def test_random_streams_and_tensors_travel(tmp_path):
    rng = np.random.default_rng(5)
    state = {"random": rng.bit_generator.state, "tensor": torch.arange(3), "scalar": np.float32(2)}
    found = load_checkpoint(save_checkpoint(tmp_path, 1, state))
    other = np.random.default_rng(0)
    other.bit_generator.state = found["random"]
    assert other.random() == rng.random()
    assert found["tensor"].tolist() == [0, 1, 2]
    assert found["scalar"] == 2.0


def test_the_two_newest_are_kept(tmp_path):
    for number in (1, 20, 300):
        save_checkpoint(tmp_path, number, {"n": number})
    assert len(list(tmp_path.iterdir())) == 2
    assert load_checkpoint(newest(tmp_path)) == {"n": 300}


def test_a_damaged_one_is_named_with_the_one_before(tmp_path):
    first = save_checkpoint(tmp_path, 1, STATE)
    second = save_checkpoint(tmp_path, 2, STATE)
    second.write_bytes(second.read_bytes()[:-5])
    with pytest.raises(CheckpointError, match=f"{second.name}.*damaged.*{first.name}"):
        load_checkpoint(second)
    second.write_bytes(b"")
    with pytest.raises(CheckpointError, match="damaged"):
        load_checkpoint(second)


def test_no_bit_may_fall_over(tmp_path):
    path = save_checkpoint(tmp_path, 1, STATE)
    content, known = path.read_bytes(), repr(load_checkpoint(path))
    for at in range(0, 8 * len(content), 37):
        damaged = bytearray(content)
        damaged[at // 8] ^= 1 << at % 8
        path.write_bytes(damaged)
        with suppress(CheckpointError):
            assert repr(load_checkpoint(path)) == known  # a space of the header


def test_a_full_disk_leaves_the_last_good_one(tmp_path, monkeypatch):
    save_checkpoint(tmp_path, 1, STATE)

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("agents.container.atomic_write", full)
    with pytest.raises(CheckpointError, match=r"No space left.*state-000000000001"):
        save_checkpoint(tmp_path, 2, STATE)
    assert load_checkpoint(newest(tmp_path))["big"] == 1 << 127


@pytest.mark.parametrize("value", [object(), {1.5: 2}, np.array(["a"]), float("nan")])
def test_what_cannot_be_written_is_refused(tmp_path, value):
    with pytest.raises((TypeError, CheckpointError)):
        save_checkpoint(tmp_path, 1, {"value": value})
    assert list(tmp_path.iterdir()) == []
