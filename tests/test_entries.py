"""Entries as folders: a file is what it says it is, and every number in a card is one."""

from __future__ import annotations

import io
import pickle
import zipfile
from dataclasses import replace

import pytest

from agents.policy import Policy
from benchmarks.submission.card import EntryError, parse_card
from benchmarks.submission.entries import read_entry

CARD = 'name = "x"\nauthors = ["y"]\nalgorithm = "z"\ncode = "c"\n[budget]\nsteps = 1\n'


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "card.toml").write_text(CARD)
    return tmp_path


def save_padded(policy, length, path):
    """Write a policy so that its file's header has about so many bytes; returns how many."""
    size = 0
    for pad in (0, length):  # the first time to see how long it is without
        notes = "x" * max(0, pad - size)
        replace(policy, training={"notes": notes}).save(path)
        size = int.from_bytes(path.read_bytes()[:8], "little")
    return size


def test_a_policy_may_begin_like_a_pickle_or_a_zip(folder, make_policy):
    path, begins = folder / "policy.safetensors", set()
    for length in (*range(2552, 2840, 8), 0x4B50, 0x4B80):  # "PK" and 0x80 as little-endian numbers
        assert save_padded(make_policy(), length, path) == length
        assert read_entry(folder).content == path.read_bytes()
        assert Policy.load(path).name == "small"
        begins.add(path.read_bytes()[:2])
    assert b"PK" in begins
    assert b"\x80" in {begin[:1] for begin in begins}


def _zip():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(zipfile.ZipInfo("weights"), b"{}" * 50)  # of 1980: tests keep their names
    return packed.getvalue()


IMPOSTORS = [
    *((pickle.dumps({"w": [1.0] * 99}, protocol), "a pickle") for protocol in (2, 3, 4, 5)),
    (pickle.dumps("a{}", 2), "a pickle"),  # with a brace where a header would begin
    (_zip(), "a zip archive"),
    (b"\x7fELF\x02\x01\x01\x00{" + bytes(50), "a program"),
]


@pytest.mark.parametrize("ending", ["safetensors", "onnx"])
@pytest.mark.parametrize(("content", "what"), IMPOSTORS)
def test_what_lies_about_its_ending_is_called_by_its_name(folder, ending, content, what):
    (folder / f"policy.{ending}").write_bytes(content)
    with pytest.raises(EntryError, match=rf"policy.{ending} is {what}"):
        read_entry(folder)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("steps = 1", "steps = 1" + "0" * 400, r"budget.steps must be a number in \[0, 1e18\)"),
        ("steps = 1", "steps = 1e400", "budget.steps must be a number .*got inf"),
        ("steps = 1", "cpu_seconds = nan", "budget.cpu_seconds must be a number .*got nan"),
        ("steps = 1", "steps = -1", "budget.steps must be a number"),
        ("steps = 1", "steps = true", "budget.steps must be a number"),
        ("steps = 1", "steps = 1" + "0" * 6000, "must be TOML"),
        ("steps = 1", "steps = 0x" + "f" * 9000, "card.toml"),
        ("[budget]", "score = 1e400\n[budget]", "score must be a number"),
        ("[budget]", "score = -inf\n[budget]", "score must be a number"),
        ('["y"]', "[" * 5000 + "]" * 5000, "must be TOML"),
        ("[budget]", "x" + ".x" * 101 + " = 1\n[budget]", "at most 100 dots in a line, got 101"),
        ("[budget]", "[x" + ".x" * 9000 + "]\n[budget]", "at most 100 dots in a line, got 9000"),
        ("[budget]", "x = " + "{x=" * 3000 + "1" + "}" * 3000 + "\n[budget]", "must be TOML"),
        ('["y"]', "[" * 90 + "]" * 90, "authors must be 1 to 60 printable characters"),
    ],
)
def test_a_card_with_numbers_that_nobody_can_use_is_refused(old, new, message):
    with pytest.raises(EntryError, match=message):
        parse_card(CARD.replace(old, new).encode())
