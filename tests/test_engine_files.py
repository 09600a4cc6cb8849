"""Identities and files of replays are read in the page as in Python, or get a sentence."""

from __future__ import annotations

import base64
import io
import json
import zipfile

import numpy as np
import pytest

from tests import engine
from tests.conftest import ROOT
from tests.engine import ask
from tests.own_bodies import OWN
from tests.test_replay import record
from walker_env import BODIES, WORLDS, RewardWeights, World
from walker_env.body import ZOO

pytestmark = pytest.mark.skipif(engine.NODE is None, reason="needs node on the path")


def test_plans_have_the_same_identity_in_both_languages():
    bodies, odd = (
        [*BODIES.values(), *ZOO.values(), *OWN.values()],
        World(damping=1e-6, grip_min=0.1),
    )
    plans = [*bodies, *WORLDS.values(), odd, RewardWeights(), RewardWeights(float("inf"), -1e-7)]
    assert ask("digests", [plan.as_dict() for plan in plans]) == [plan.digest for plan in plans]
    written_out = BODIES["quadruped"].as_dict() | {"radius": 0.0}  # neutral: no part of it
    assert ask("digests", [written_out]) == [BODIES["quadruped"].digest]


@pytest.fixture(scope="module")
def replay():
    return record(steps=40, seeds=(2**64 - 1, 3), world="delay")[0]


@pytest.fixture(scope="module")
def content(replay, tmp_path_factory):
    """The bytes of a replay's file."""
    path = tmp_path_factory.mktemp("replay") / "walk.npz"
    replay.save(path)
    return path.read_bytes()


def changed(content, part, change):
    """The file with another part, which ``change`` makes from the array that was there."""
    with np.load(io.BytesIO(content)) as arrays:
        parts = dict(arrays)
    parts[part] = change(parts[part])
    packed = io.BytesIO()
    np.savez_compressed(
        packed, **{name: array for name, array in parts.items() if array is not None}
    )
    return packed.getvalue()


def rewritten(**fields):
    """A change of the header."""

    def change(header):
        words = json.loads(header.tobytes()) | fields
        return np.frombuffer(json.dumps(words).encode(), dtype=np.uint8)

    return change


def other_options(**changes):
    """A change of the first walker's options."""

    def change(header):
        words = json.loads(header.tobytes())
        for name, value in changes.items():
            words["walkers"][0]["options"][name] = value
        return np.frombuffer(json.dumps(words).encode(), dtype=np.uint8)

    return change


def other_action(actions):
    actions = actions.copy()
    actions[1, 3, 0] = -actions[1, 3, 0]
    return actions


def no_replay():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("header.npy", b"nothing")
    return packed.getvalue()


def test_files_are_verified_or_get_a_sentence(content):
    wrong = "expected a replay: "
    old = next((ROOT / "tests" / "data" / "0.1").rglob("*.npz")).read_bytes()
    fast = World(physics_rate=120).stored()
    cases = [
        (content, [[True, None], [True, None]]),
        (changed(content, "actions", other_action), [[True, None], [False, None]]),
        (b"", wrong + "it is no zip"),
        (content[:-40], wrong + "it is no zip"),
        (content[200:], wrong),
        (no_replay(), wrong + "header is no array"),
        (changed(content, "lengths", lambda array: None), wrong + "it lacks lengths"),
        (changed(content, "lengths", lambda array: array + 1), wrong + "its lengths do not fit"),
        (changed(content, "actions", lambda array: array * 2), wrong + "its actions are beyond"),
        (
            changed(content, "actions", lambda a: a.astype(float)),
            wrong + "actions must be an array",
        ),
        (changed(content, "header", rewritten(format="x")), wrong + "it is of another format"),
        (changed(content, "header", rewritten(physics="0")), wrong + "it is of another physics: 0"),
        (changed(content, "header", rewritten(walkers=[])), wrong + "its walkers do not fit"),
        (changed(content, "header", rewritten(walkers=3)), wrong),
        (
            changed(content, "header", other_options(course="nowhere")),
            wrong + "no course is called",
        ),
        (changed(content, "header", other_options(body={"nodes": []})), wrong + "its body is not"),
        (changed(content, "header", other_options(observation="all")), wrong),
        (
            changed(content, "header", other_options(world=fast)),
            wrong + "its physics_rate is not 60",
        ),
        (old, wrong + "it is of format 0, expected 1"),
    ]
    found = ask("files", [base64.b64encode(file).decode() for file, _ in cases])
    for came, (_, expected) in zip(found, cases):
        assert came.startswith(expected) if isinstance(expected, str) else came == expected, came
