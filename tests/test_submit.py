"""Entering: what is accepted, what is refused and why, and that results come out again exactly."""

from __future__ import annotations

import json
import os
import pickle
import shutil
from dataclasses import replace

import numpy as np
import pytest
from typer.testing import CliRunner

from agents.baselines import BASELINES, load_agent
from agents.foreign.limits import Limits
from agents.networks.network import MLP
from benchmarks.__main__ import app
from benchmarks.evaluation.examine import examine
from benchmarks.evaluation.published import ENTRIES
from benchmarks.evaluation.report import save_report
from benchmarks.leaderboard.standings import standings
from benchmarks.submission.card import Card, EntryError, parse_card, write_card
from benchmarks.submission.entries import entry_folders, read_entry
from benchmarks.submission.judge import examine_entry
from benchmarks.submission.submit import stored, submit, verify
from benchmarks.submission.suites import board_suite, suite_of

pytest.importorskip("numba", reason="the compiled engine is the official one")

CARD = Card("small", ("A. Nonymous",), "chance", "https://example.org/code", {"steps": 12})


def make_entry(folder, policy, card=CARD):
    folder.mkdir(parents=True)
    policy.save(folder / "policy.safetensors")
    (folder / "card.toml").write_text(write_card(card))
    return folder


@pytest.fixture
def root(tmp_path):
    return tmp_path / "entries"


@pytest.fixture
def entry(root, make_policy):
    return make_entry(root / "small", make_policy(seed=1))


def test_an_entry_is_evaluated_ranked_and_verified(root, entry, make_policy, tiny_suite):
    first = submit(entry, root, tiny_suite)
    assert (first.rank, first.others) == (1, 0)
    assert stored(read_entry(entry), tiny_suite) == first.report
    other = make_entry(root / "b", make_policy(seed=5), Card("b", ("B",), "x", "y", {"steps": 1}))
    second = submit(other, root, tiny_suite)
    best = max(first, second, key=lambda s: s.report.summary["disc"].score)
    assert second.rank == (1 if best is second else 2)
    names = ["b", "small"]  # without the baselines
    assert list(verify(root, root, tiny_suite, names=names)) == [("b", ""), ("small", "")]
    result = entry / "result.json"
    data = json.loads(result.read_text())
    data["scores"]["ice"]["private"][0] += 2**-40
    result.write_text(json.dumps(data))
    ((_, problem),) = verify(root, root, tiny_suite, names=["small"])
    assert "these parts differ: scores" in problem
    assert list(verify(root, root, tiny_suite, names=["small"], renew=True)) == [("small", "")]
    assert stored(read_entry(entry), tiny_suite) == first.report


def test_what_lies_about_its_score_is_refused(root, make_policy, tiny_suite):
    claim = Card("liar", ("L",), "x", "y", {"steps": 1}, score=99.0)
    folder = make_entry(root / "liar", make_policy(), claim)
    with pytest.raises(EntryError, match=r"claims a score of 99.0, the evaluation gives"):
        submit(folder, root, tiny_suite)
    assert not (folder / "result.json").exists()
    (folder / "card.toml").write_text(write_card(CARD))
    submit(folder, root, tiny_suite)
    data = json.loads((folder / "result.json").read_text())
    data["summary"]["disc"]["score"] = 99.0
    (folder / "result.json").write_text(json.dumps(data))
    with pytest.raises(EntryError, match=r"result.json is not what .*these parts differ: summary"):
        submit(folder, root, tiny_suite)


def evaluated(folder, suite):
    """The folder of an entry with the result that belongs there."""
    path = folder / "policy.safetensors"
    save_report(examine(load_agent(path), suite, path), folder / "result.json")
    return folder


def _copied(data, other):
    return other


def _without_hash(data, other):
    return data | {"agent": {k: v for k, v in data["agent"].items() if k != "sha256"}}


def _fewer(data, other):
    ice = data["scores"]["ice"]
    return data | {"scores": data["scores"] | {"ice": ice | {"private": ice["private"][:-1]}}}


def _unknown(part):
    return lambda data, other: data | {part: data[part] | {"moon": data[part]["ice"]}}


def _lacking(data, other):
    parts = ("scores", "summary")
    return data | {part: {k: v for k, v in data[part].items() if k != "ice"} for part in parts}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (_copied, "the result of another policy file"),
        (_without_hash, "sha256"),
        (_fewer, r"ice must have \(3, 5\) public and private scores, got \(3, 4\)"),
        (_unknown("scores"), "moon"),
        (_unknown("summary"), r"same skills, got \['disc', 'ice'\] and \['disc', 'ice', 'moon'\]"),
        (_lacking, r"scores must be of skills \['disc', 'ice'\], got \['disc'\]"),
        (lambda data, other: data | {"walk": {"speed": 1}}, "energy_per_1000"),
        (lambda data, other: [data], "expected a report"),
    ],
)
def test_a_result_of_something_else_is_refused_with_its_name(
    root, entry, make_policy, tiny_suite, change, message
):
    results = [evaluated(entry, tiny_suite) / "result.json"]
    other = make_entry(root / "b", make_policy(seed=5), Card("b", ("B",), "x", "y", {"steps": 1}))
    results.append(evaluated(other, tiny_suite) / "result.json")
    results[0].write_text(json.dumps(change(*(json.loads(p.read_text()) for p in results))))
    list(verify(root, root, tiny_suite, names=list(BASELINES), renew=True))
    before = {path: path.read_text() for path in results}
    for use in (
        lambda: stored(read_entry(entry), tiny_suite),
        lambda: standings(root, root / "runs", root, tiny_suite),
        lambda: submit(entry, root, tiny_suite),
        lambda: submit(other, root, tiny_suite),  # which is ranked among it
    ):
        with pytest.raises(EntryError, match=message) as caught:
            use()
        assert str(results[0]) in str(caught.value)
    ((_, problem),) = verify(root, root, tiny_suite, names=["small"])
    assert str(results[0]) in problem
    assert {path: path.read_text() for path in results} == before


def test_only_what_is_known_can_be_verified(root, entry, tiny_suite):
    known = r"names among \['small', 'still', 'random', 'gait'\], got \['large', 'smal'\]"
    with pytest.raises(ValueError, match=known):
        next(verify(root, root, tiny_suite, names=["smal", "small", "large"]))


def test_the_same_file_or_name_is_no_second_entry(root, entry, make_policy, tiny_suite):
    make_entry(root / "copy", make_policy(seed=1), Card("c", ("C",), "x", "y", {"steps": 1}))
    with pytest.raises(EntryError, match="the same policy file as entry"):
        submit(entry, root, tiny_suite)
    make_policy(seed=2).save(root / "copy" / "policy.safetensors")
    (root / "copy" / "card.toml").write_text(write_card(CARD))
    with pytest.raises(EntryError, match="has the same name 'small'"):
        submit(entry, root, tiny_suite)


@pytest.mark.parametrize(
    "name", ["Small", "sm\u0430ll", "sma1l", "SMALL", "\u0455mall", "s-mall", "smaIl"]
)
def test_a_name_that_looks_like_another_entry_s_is_refused(
    root, entry, make_policy, tiny_suite, name
):
    card = Card(name, ("C",), "x", "y", {"steps": 1})
    copy = make_entry(root / "copy", make_policy(seed=7), card)
    with pytest.raises(EntryError, match=r"its name '.*' looks like that of small, 'small'"):
        submit(copy, root, tiny_suite)


def test_a_policy_that_walks_as_another_entry_is_refused(root, entry, make_policy, tiny_suite):
    """Its file is another one: by a word about its training, or by a unit that does nothing."""
    policy = make_policy(seed=1)
    same = replace(policy, name="other", training={"note": "mine"})
    card = Card("mine", ("C",), "x", "y", {"steps": 1})
    copy = make_entry(root / "copy", same, card)
    with pytest.raises(EntryError, match="the same policy as entry small"):
        submit(copy, root, tiny_suite)
    submit(entry, root / "none", tiny_suite)
    (w, b), (v, c) = policy.network.weights
    wide = ((np.pad(w, ((0, 0), (0, 1))), np.pad(b, (0, 1))), (np.pad(v, ((0, 1), (0, 0))), c))
    replace(same, network=MLP(wide)).save(copy / "policy.safetensors")
    with pytest.raises(EntryError, match="walks exactly as entry small"):
        submit(copy, root, tiny_suite)
    assert not (copy / "result.json").exists()


def _pickle(folder):
    (folder / "policy.safetensors").write_bytes(pickle.dumps({"w": 1}))


def _link(folder):
    (folder / "policy.safetensors").unlink()
    (folder / "policy.safetensors").symlink_to(ENTRIES / "trot" / "policy.safetensors")


def _card(**fields):
    def change(folder):
        data = {"name": "x", "authors": ["y"], "algorithm": "z", "code": "c"} | fields
        lines = [f"{name} = {json.dumps(value)}" for name, value in data.items()]
        (folder / "card.toml").write_text("\n".join([*lines, "[budget]", "steps = 1"]))

    return change


def _nan(folder):
    path = folder / "policy.safetensors"
    content = bytearray(path.read_bytes())
    content[-4:] = np.float32(np.nan).tobytes()
    path.write_bytes(content)


REFUSED = [
    (_pickle, "policy.safetensors is a pickle, which can run code"),
    (lambda f: (f / "model.pkl").write_bytes(b""), "can run code when loaded"),
    (lambda f: (f / "net.pt").write_bytes(b""), "can run code when loaded"),
    (_link, "is a link, which may lead out of the folder"),
    (_card(policy="../trot/policy.safetensors"), "leads out of the folder"),
    (_card(policy="/etc/passwd"), "leads out of the folder"),
    (_card(policy="card.toml"), "must end with one of"),
    (lambda f: (f / "sub").mkdir(), "sub is no plain file"),
    (lambda f: os.mkfifo(f / "policy.onnx"), "policy.onnx is no plain file"),
    (lambda f: (f / "notes.txt").write_text(""), "does not belong in an entry"),
    (lambda f: (f / "net.onnx.data").write_text(""), "part of a network: .*external_data=False"),
    (lambda f: (f / "policy.safetensors").unlink(), "expected one policy file"),
    (lambda f: shutil.copy(f / "policy.safetensors", f / "b.safetensors"), "expected one policy"),
    (lambda f: (f / "card.toml").unlink(), "expected a file card.toml"),
    (lambda f: (f / "card.toml").write_bytes(b"\xff"), "must be TOML in UTF-8"),
    (lambda f: (f / "card.toml").write_text("name = 3"), "lacks"),
    (lambda f: (f / "card.toml").write_text("name" + ".x" * 9000 + " = 1"), "dots in a line"),
    (lambda f: (f / "card.toml").write_text("#" * 20_001), "card.toml is too big"),
    (_card(colour="red"), "expected keys among"),
    (_card(name="a\nb"), "name must be 1 to 60 printable"),
    (_card(name="\u3164"), "name must hold no invisible characters"),
    (_card(name=" "), "name must have single spaces"),
    (_card(name="\uff54rot"), "name must be in the normal form NFKC, as 'trot'"),
    (_card(algorithm="--"), "algorithm must have a letter or a digit"),
    (_card(authors=["a\ufe0f"]), "authors must hold no invisible characters"),
    (lambda f: (f / "\x1b[2J.md").write_text(""), r"name of '\\x1b\[2J.md' must be printable"),
    (_card(authors=[]), "authors must be a list"),
    (_card(score="nan"), "score must be a number"),
    (_card(observation="x-ray"), "observation must be one of"),
    (lambda f: (f / "policy.safetensors").write_bytes(bytes(10_000_001)), "is too big"),
]


@pytest.mark.parametrize(("change", "message"), REFUSED)
def test_a_folder_that_cannot_be_an_entry_is_refused_with_the_reason(entry, change, message):
    change(entry)
    with pytest.raises(EntryError, match=message) as caught:
        read_entry(entry)
    assert str(entry) in str(caught.value)


def test_networks_that_cannot_be_judged_are_refused_with_the_reason(
    root, entry, make_policy, tiny_suite
):
    _nan(entry)
    with pytest.raises(EntryError, match="must be finite, got nan"):
        submit(entry, root, tiny_suite)
    from walker_env import Options

    shape = make_policy()
    object.__setattr__(shape, "options", Options(observation="original"))  # 9 numbers, not 12
    shape.save(entry / "policy.safetensors")
    with pytest.raises(EntryError, match=r"must have shape \(9,"):
        submit(entry, root, tiny_suite)
    (entry / "policy.safetensors").write_bytes(b"{}" * 50)
    with pytest.raises(EntryError, match="expected a whole safetensors file"):
        submit(entry, root, tiny_suite)


def test_a_network_that_takes_too_long_is_stopped(entry, make_policy, tiny_suite):
    make_policy(hidden=4000).save(entry / "policy.safetensors")
    long = Limits(cpu_seconds=2)
    from dataclasses import replace

    endless = replace(tiny_suite, public=256, horizon=2000)
    with pytest.raises(EntryError, match="the network takes too long: more than 2 s of processor"):
        examine_entry(read_entry(entry), endless, long)
    with pytest.raises(EntryError, match="the network takes too long"):
        examine_entry(read_entry(entry), endless, Limits(seconds=0.2))


def test_an_evaluation_cannot_fill_the_memory(entry, tiny_suite):
    with pytest.raises(EntryError, match="memory"):
        examine_entry(read_entry(entry), tiny_suite, Limits(memory=300 << 20))


def test_a_card_comes_back_from_its_text():
    card = Card(
        'quo"ted \\', ("A", "B"), "x", "https://e.org", {"steps": 1, "cpu_seconds": 2.5}, "why"
    )
    assert parse_card(write_card(card).encode()) == card


def test_the_entries_of_this_repository_can_be_read():
    folders = entry_folders()
    assert len(folders) >= 4
    for folder in folders:
        entry = read_entry(folder)
        found = [stored(entry, suite) for suite in (board_suite(entry), suite_of(entry))]
        reports = [report for report in found if report is not None]
        assert reports, f"{folder}: evaluate again: python -m benchmarks verify --renew"
        assert {report.agent.sha256 for report in reports} == {entry.sha256}
        assert write_card(entry.card) == (folder / "card.toml").read_text()


def test_the_command_refuses_in_one_line(entry):
    _pickle(entry)
    done = CliRunner().invoke(app, ["submit", str(entry)])
    assert done.exit_code != 0
    assert "is a pickle" in str(done.exception)
