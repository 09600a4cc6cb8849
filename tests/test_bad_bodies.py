"""What is no body is refused in one line by every door: command, environment, policy, option."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import gymnasium as gym
import pytest
from safetensors import safe_open
from safetensors.numpy import load_file, save_file

from agents.policy import Policy, PolicyError
from walker_env import BODIES, ENV_ID, Body, BodyError, WalkerBatch
from walker_env.body.__main__ import main
from walker_env.plan import MAX_BYTES

QUADRUPED = BODIES["quadruped"].as_dict()


def changed(**fields):
    return json.dumps(QUADRUPED | fields)


def part(field, index, **values):
    """The quadruped with one of its parts changed."""
    parts = [dict(one) for one in QUADRUPED[field]]
    parts[index] |= values
    return changed(**{field: parts})


STIFF = [muscle | {"shortest": 1, "longest": 1} for muscle in QUADRUPED["muscles"]]

BAD = {
    "no JSON": ("nodes: 5", "expected JSON: Expecting value: line 1 column 1"),
    "half a JSON": (changed()[:-20], "Expecting|Unterminated"),
    "a name of blanks": (changed(name="  "), "a body needs a name that can be seen, got '  '"),
    "a list": ("[]", "body must be a dict, got list"),
    "of another version": (changed(format_version=9), "body has no field 'format_version'"),
    "with another's digest": (changed(digest="0" * 64), "its digest is b3bfb105.*data says '0000"),
    "with unknown fields": (changed(wings=2), "body has no field 'wings'; expected "),
    "with a part's unknown field": (
        part("bones", 1, colour="red"),
        r"body.bones\[1\] has no field 'colour'; expected a, b",
    ),
    "without a field": (json.dumps({"name": "x"}), "body lacks the field 'nodes'"),
    "NaN": (part("nodes", 2, x=float("nan")), "finite numbers, got NaN"),
    "infinite": (part("nodes", 2, mass=float("inf")), "finite numbers, got Infinity"),
    "words for a number": (
        part("nodes", 2, x="far"),
        r"body.nodes\[2\].x must be a number, got 'far'",
    ),
    "far away": (
        part("nodes", 2, x=1e6),
        r"quadruped: node 2 is at \(1e\+06, 50\), expected .*1000",
    ),
    "a foot out of range": (
        changed(feet=[0, 1, 9]),
        "feet names node 9, but there are nodes 0 to 4",
    ),
    "a bone out of range": (
        part("bones", 3, b=5),
        r"bone 3 \(1-5\) names a node that does not exist; there are nodes 0 to 4",
    ),
    "a link twice": (
        part("bones", 3, a=0),
        r"bone 3 \(0-4\) joins the same nodes as bone 2 \(0-4\)",
    ),
    "in pieces": (
        changed(bones=QUADRUPED["bones"][:2]),
        r"not connected; nodes \[4\] hang on no bone or muscle from node 0",
    ),
    "too light": (
        part("nodes", 4, mass=0.5),
        "node 4 is unstable at the time step: .*expected at most 1.4; give it a mass of at least",
    ),
    "without muscles": (changed(muscles=[]), "needs at least one .* muscle .*, got no muscle"),
    "without feet": (changed(feet=[]), "needs at least one .* foot, .*, got no foot"),
    "with stiff muscles": (
        changed(muscles=STIFF),
        "no muscle can move it: expected one whose shortest is less than its longest, got 1 and 1",
    ),
    "with too many nodes": (
        changed(nodes=[*QUADRUPED["nodes"], *[{"x": 1, "y": i} for i in range(60)]]),
        "at most 64 nodes and 256 links, got 65 and 8",
    ),
    "with endless lists": (
        changed(feet=list(range(300))),
        "at most 256 elements, got 300 elements",
    ),
}
"""What a file holds, and what every door says of it."""

HUGE = " " * MAX_BYTES + changed()

EXPLODING = part("muscles", 0, damping=20_000.0)
"""Its numbers are in range; it is refused when it meets a world."""

DOORS = ("module", "gym.make", "--body")


def refusal(door, path, called, capsys):
    """What a door says of a file."""
    if door == "gym.make":
        with pytest.raises(BodyError) as caught:
            gym.make(ENV_ID, body=str(path))
        return f"error: {caught.value}"
    if door == "module":
        assert main([str(path)]) == 2
        return capsys.readouterr().err.strip()
    code, _, said = called("train", "snes", "--body", str(path), "--steps", "1", "--out", "run")
    assert code == 2
    return said.strip()


@pytest.fixture
def write(tmp_path):
    """write(text): a body file."""

    def written(text):
        path = tmp_path / "mine.json"
        path.write_text(text)
        return path

    return written


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("case", BAD)
def test_one_line_names_the_part_and_what_was_expected(case, door, write, called, capsys):
    text, words = BAD[case]
    path = write(text)
    said = refusal(door, path, called, capsys)
    assert said.startswith(f"error: {path}: ")
    assert len(said.splitlines()) == 1
    assert re.search(words, said), said


@pytest.mark.parametrize("door", DOORS)
def test_too_large_a_file_is_not_read(door, write, called, capsys):
    said = refusal(door, write(HUGE), called, capsys)
    assert "must have at most 1,000,000 bytes, but it has more" in said
    assert len(said.splitlines()) == 1


@pytest.mark.parametrize("door", DOORS)
def test_one_that_would_explode_is_refused_where_it_meets_a_world(door, write, called, capsys):
    said = refusal(door, write(EXPLODING), called, capsys)
    assert re.search(r"muscle \(0-2\) is a rod, .*expected at most 20; give it a damping of", said)
    assert len(said.splitlines()) == 1


@pytest.mark.parametrize("door", DOORS)
def test_a_file_that_is_not_there_is_named(door, tmp_path, called, capsys):
    said = refusal(door, tmp_path / "none.json", called, capsys)
    assert said.endswith("none.json: cannot be read: No such file or directory")


@pytest.mark.parametrize("case", [case for case in BAD if "JSON" not in case])
def test_a_policy_file_is_held_to_the_same(case, saved, tmp_path):
    """The body in a stranger's policy file, which has its digest beside it."""
    text, words = BAD[case]
    if text.startswith("{") and '"digest"' not in text:
        text = f'{{"digest": "{BODIES["quadruped"].digest}", {text[1:]}'
    with safe_open(saved, "numpy") as file:
        told = file.metadata()["policy"]
    held = json.dumps(BODIES["quadruped"].stored())
    assert held in told
    path = tmp_path / "strange.safetensors"
    save_file(load_file(saved), path, metadata={"policy": told.replace(held, text)})
    with pytest.raises(PolicyError, match=words if text != "[]" else "whole plan") as caught:
        Policy.load(path)
    assert str(caught.value).startswith(f"{path}: ")
    assert len(str(caught.value).splitlines()) == 1


def test_a_policy_whose_body_would_explode_is_refused_before_it_walks(saved):
    body = Body.from_dict(json.loads(EXPLODING))
    with pytest.raises(BodyError, match="is a rod"):
        WalkerBatch(1, replace(Policy.load(saved).options, body=body))
