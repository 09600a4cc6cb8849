"""Foreign policies: the same bits through the door, and nothing that a file does gets out of it."""

from __future__ import annotations

import copy
import gc
import importlib
import io
import os
import pickle
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from agents.foreign import frames
from agents.foreign.about import About
from agents.foreign.door import load_file, open_policy
from agents.foreign.foreign_policy import ForeignPolicy
from agents.foreign.held import Held, hold
from agents.foreign.limits import Limits
from agents.policy import Policy, PolicyError
from tests.watching import alive, children, seconds_used, wait_for

ROOT = Path(__file__).resolve().parent.parent
CHILD = "agents.foreign"
"""On the command line of a policy's process."""


@pytest.fixture
def foreign(saved):
    with open_policy(hold(saved), About("x"), confined=True) as policy:
        yield policy


def test_a_policy_acts_through_the_door_as_it_does_in_this_process(saved, foreign, obs):
    own = Policy.load(saved)
    for rows in (obs, obs[:1], obs[:0], obs[::2], obs.astype(np.float64)):
        found = foreign.act(rows)
        assert np.array_equal(found, own.act(rows))
        assert (found.dtype, found.flags.writeable) == (np.float32, True)
    assert (foreign.name, foreign.options) == (own.name, own.options)
    assert foreign.training == own.training
    assert copy.deepcopy(foreign) is foreign


def test_a_policy_that_has_been_judged_stays_in_this_process(saved):
    assert isinstance(open_policy(hold(saved), About("x")), Policy)


def test_observations_of_another_width_are_refused_before_they_are_sent(foreign, obs):
    with pytest.raises(ValueError, match=r"\(N, O\) = \(N, 12\), got \(7, 9\)"):
        foreign.act(obs[:, :9])
    assert foreign.act(obs).shape == (7, 6)


def test_a_damaged_file_is_named(tmp_path):
    held = Held(tmp_path / "bad.safetensors", b"{}" * 50)
    for confined in (False, True):
        with pytest.raises(PolicyError, match=r"bad.safetensors: expected a whole safetensors"):
            open_policy(held, About("x"), confined=confined)


def test_an_answer_that_was_not_waited_for_is_not_taken_for_another(foreign, obs, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(frames, "read", _interrupt)
        with pytest.raises(KeyboardInterrupt):
            foreign.act(obs)
    with pytest.raises(PolicyError, match="an earlier answer was not waited for"):
        foreign.act(obs)


def _interrupt(*_):
    raise KeyboardInterrupt


def test_a_child_that_broke_off_is_told_with_its_last_words(foreign, obs):
    (child,) = children(CHILD)
    os.kill(child, signal.SIGTERM)
    for _ in range(2):
        with pytest.raises(PolicyError, match=r"small.safetensors: its process broke off"):
            foreign.act(obs)


def test_words_of_a_child_that_are_no_actions_are_refused(foreign, obs, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(frames, "read", lambda stream, most: np.zeros((7, 5), np.float32))
        with pytest.raises(PolicyError, match=r"answers no array \(7, 6\)"):
            foreign.act(obs)


def test_actions_that_are_not_finite_are_refused(foreign, obs, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(frames, "read", lambda *_: np.full((7, 6), np.nan, np.float32))
        with pytest.raises(PolicyError, match="not finite"):
            foreign.act(obs)


def test_a_policy_that_is_closed_says_so_and_one_that_nobody_knows_has_no_process(saved, obs):
    policy = open_policy(hold(saved), About("x"), confined=True)
    assert len(children(CHILD)) == 1
    policy.close()
    policy.close()
    assert not children(CHILD)
    with pytest.raises(PolicyError, match="it is closed"):
        policy.act(obs)
    policy = open_policy(hold(saved), About("x"), confined=True)
    assert len(children(CHILD)) == 1
    del policy
    gc.collect()
    assert not children(CHILD)


def test_a_limit_on_memory_is_told(saved, make_policy):
    make_policy(hidden=100_000).save(saved)
    with pytest.raises(PolicyError, match=r"small.safetensors: .* MiB of memory"):
        ForeignPolicy(hold(saved), About("x"), Limits(memory=100 << 20))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (pickle.dumps([1.0] * 50), "expected"),
        (b"a" + (2**31).to_bytes(4, "little") * 2, "at most 1,000 bytes, got one of"),
        (b"w" + (9).to_bytes(4, "little") + bytes(4) + b"[1, 2, 3]", "expected an array, bytes"),
        (b"w" + (3).to_bytes(4, "little") + bytes(4) + b"NaN", "finite"),
        (b"w" + (900).to_bytes(4, "little") + bytes(4) + b"[" * 900, "Expecting value|nested"),
        (b"x" + bytes(8), "kind b'x'"),
    ],
)
def test_what_is_no_frame_is_refused(content, message):
    with pytest.raises(ValueError, match=message):
        frames.read(io.BytesIO(content), 1000)


def test_frames_come_back_and_a_pipe_that_ends_is_noticed(obs):
    stream = io.BytesIO()
    for value in (obs, b"\x80\x00", {"a": [1, None, "\u3164"]}):
        frames.write(stream, value)
    whole = stream.getvalue()
    stream.seek(0)
    assert np.array_equal(frames.read(stream, 1000), obs)
    assert frames.read(stream, 1000) == b"\x80\x00"
    assert frames.read(stream, 1000) == {"a": [1, None, "\u3164"]}
    for end in (0, 5, 100, len(whole) - 1):
        cut = io.BytesIO(whole[:end])
        with pytest.raises(EOFError):
            _read_all(cut)


def _read_all(stream):
    while True:
        frames.read(stream, 1000)


PARENT = """
import sys
import numpy as np
from agents.foreign.about import About
from agents.foreign.door import open_policy
from agents.foreign.held import hold
policy = open_policy(hold(sys.argv[1]), About("x"), confined=True)
print("open", flush=True)
policy.act(np.zeros((1, 12), np.float32))
print("answered", flush=True)
sys.stdin.read()
"""


def _ends_with_its_parent(path, number, answers):
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(path)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with parent:
        assert parent.stdout.readline() == "open\n"
        (child,) = children(CHILD, parent.pid)
        if answers:
            assert parent.stdout.readline() == "answered\n"
        else:
            before = seconds_used(child)
            wait_for(lambda: seconds_used(child) > before + 0.1, "the child's endless loop")
        parent.send_signal(number)
        assert parent.wait(20) != 0
    wait_for(lambda: not alive(child), "the end of the child")


def _ask_for_ever(policy, obs):
    while True:
        policy.act(obs)


SIGNALS = pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])


@pytest.mark.skipif(os.name != "posix", reason="needs POSIX signals")
@SIGNALS
def test_a_child_that_waits_ends_with_its_parent(saved, number):
    _ends_with_its_parent(saved, number, answers=True)


def _networks():
    pytest.importorskip("onnx", reason="the group 'onnx' is not installed")
    pytest.importorskip("onnxruntime")
    return importlib.import_module("onnx_networks")


def _written(folder, content):
    (folder / "net.onnx").write_bytes(content)
    return folder / "net.onnx"


def test_an_endless_answer_is_cut_short_and_named(tmp_path, obs):
    networks = _networks()
    caught = np.zeros((1, 12), np.float32)
    policy = load_file(
        _written(tmp_path, networks.trap(caught[0])), limits=Limits(answer_seconds=2.0)
    )
    assert policy.act(obs).shape == (7, 6)
    late = r"net.onnx: the network takes too long: .* 2 s by the clock"
    for _ in range(2):  # the second time at once
        begun = time.monotonic()
        with pytest.raises(PolicyError, match=late):
            policy.act(caught)
    assert time.monotonic() - begun < 1


def test_all_answers_together_have_an_end(tmp_path, obs):
    networks = _networks()
    policy = load_file(
        _written(tmp_path, networks.model(networks.PLAIN)), limits=Limits(seconds=1.0)
    )
    with pytest.raises(PolicyError, match=r"takes too long: .* 1 s for all of them"):
        _ask_for_ever(policy, obs)


@pytest.mark.skipif(not os.path.isdir("/proc"), reason="needs Linux's /proc")
@SIGNALS
def test_a_child_in_an_endless_loop_ends_with_its_parent(tmp_path, number):
    networks = _networks()
    _ends_with_its_parent(_written(tmp_path, networks.trap(np.zeros(12))), number, answers=False)
