"""Entries of suite 2: courses come from the walker, a card names its condition, boards compare."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import msgspec
import numpy as np
import pytest
from typer.testing import CliRunner

from agents.baselines import load_agent
from agents.foreign.held import Held
from agents.networks.network import MLP, Normaliser
from agents.policy import Policy
from benchmarks.__main__ import app
from benchmarks.commands.readme import ranked_table
from benchmarks.evaluation.conditions import CONDITIONS, DISC, VERSION, ranked_suites
from benchmarks.evaluation.examine import examine
from benchmarks.evaluation.published import ENTRIES, OPEN, REFERENCES
from benchmarks.evaluation.report import FORMAT_VERSION, load_report, save_report
from benchmarks.evaluation.suite import FILE, SUITE_V1, WALKER, Skill
from benchmarks.leaderboard.condition_boards import compare_entries, read_condition_boards
from benchmarks.leaderboard.markers import replace_section
from benchmarks.leaderboard.ranking import ranking, read_reports, scale_of
from benchmarks.leaderboard.tables import condition_rows, conditions_markdown
from benchmarks.submission.card import Card, EntryError, parse_card, write_card
from benchmarks.submission.entries import entry_folders, read_entry, result_path
from benchmarks.submission.submit import Submission, stored, submit, verify
from benchmarks.submission.suites import fitting, reference_path, suite_of
from tests.conftest import ROOT
from walker_env import BODIES, Options

pytest.importorskip("numba", reason="the compiled engine is the official one")

CARD = Card("small", ("A",), "es", "y", {"steps": 1}, condition="disc")


@pytest.fixture(scope="module")
def conditions(tiny_suite):
    """Two tiny conditions: one with a further skill, one of another world."""
    disc = replace(tiny_suite, version=VERSION, identity=WALKER, public=8)
    ice = replace(disc, skills=(Skill("ice", "slippery", world="ice"),), ranked="ice")
    hexapod = replace(disc.part(("disc",)), body="hexapod", skills=(Skill("spider", "knees"),),
                      ranked="spider")  # fmt: skip
    return {"disc": disc, "ice": ice, "spider": hexapod}


@pytest.fixture
def references(tmp_path, conditions):
    """The baselines' reports on the tiny conditions."""
    for name in ("still", "random", "gait"):
        path = reference_path(tmp_path / "references", name)
        save_report(examine(load_agent(name), conditions["disc"]), path)
    return tmp_path / "references"


@pytest.fixture
def root(tmp_path):
    return tmp_path / "entries"


@pytest.fixture
def write(root):
    """write(name, policy, condition): an entry's folder."""

    def make(name, policy, condition="disc"):
        folder = root / name
        folder.mkdir(parents=True)
        policy.save(folder / "policy.safetensors")
        card = replace(CARD, name=name, condition=condition)
        (folder / "card.toml").write_text(write_card(card))
        return folder

    return make


@pytest.fixture
def enter(write, root, tiny_suite, conditions):
    """enter(name, policy, condition): what submitting an entry gives."""

    def make(*words):
        return submit(write(*words), root, tiny_suite, conditions=conditions)

    return make


@pytest.fixture
def put(write, tiny_suite, conditions):
    """put(name, policy, condition): an entry with its result, evaluated in this process."""

    def make(*words):
        folder = write(*words)
        suite = suite_of(read_entry(folder), tiny_suite, conditions)
        report = examine(load_agent(folder), suite, folder)
        save_report(report, result_path(read_entry(folder), suite))
        return folder

    return make


def changed_network(policy, **fields):
    return replace(policy, network=replace(policy.network, **fields))


def one_bit(policy):
    (w, b), *rest = policy.network.weights
    w = w.copy()
    w.view(np.uint32)[0, 0] ^= 1
    return changed_network(policy, weights=((w, b), *rest))


def moments(policy, **fields):
    parts = {"mean": policy.normaliser.mean, "std": policy.normaliser.std, "bound": 10.0} | fields
    return replace(policy, normaliser=Normaliser(**parts))


@pytest.mark.parametrize(
    "change",
    [
        one_bit,
        lambda p: moments(p, mean=np.full(12, 1e-3, np.float32)),
        lambda p: moments(p, std=np.full(12, 1.5, np.float32)),
        lambda p: moments(p, bound=9.0),
        lambda p: changed_network(p, hidden="relu"),
        lambda p: changed_network(p, output="tanh"),
        lambda p: replace(p, options=Options(body=replace(BODIES["quadruped"], hub=1))),
    ],
)
def test_another_walker_has_another_identity(make_policy, change):
    policy = moments(make_policy())
    assert change(policy).walker != policy.walker


@pytest.mark.parametrize(
    "change",
    [
        lambda p: replace(p, name="another"),
        lambda p: replace(p, training={"seconds": 3.1, "steps": 5}),
        lambda p: replace(p, options=Options(world="ice", course="far", energy_price=0.5)),
        lambda p: replace(p, options=Options(body=replace(BODIES["quadruped"], name="mine"))),
        lambda p: Policy.from_bytes(p.to_bytes()),
    ],
)
def test_the_same_walker_has_the_same_identity_whatever_its_file_says(make_policy, change):
    policy = make_policy()
    assert change(policy).walker == policy.walker


def test_the_layout_of_what_it_sees_is_part_of_the_walker(make_policy):
    network = MLP(((np.zeros((9, 6), np.float32), np.zeros(6, np.float32)),))
    wide = Normaliser(np.zeros(9, np.float32), np.ones(9, np.float32), 10.0)
    original = Policy("one", network, wide, Options(observation="original"))
    network = MLP(((np.zeros((12, 6), np.float32), np.zeros(6, np.float32)),))
    full = Policy("one", network, moments(make_policy()).normaliser, Options())
    assert original.walker != full.walker


def test_an_onnx_file_is_its_own_identity():
    held = Held(Path("policy.onnx"), b"\x08\x07 no policy file")
    assert held.policy is None
    assert held.walker == held.sha256


def test_the_same_walker_in_other_bytes_walks_the_same_private_courses_in_suite_2_alone(
    tmp_path, make_policy, tiny_suite, conditions
):
    policies = [make_policy(), replace(make_policy(), training={"seconds": 2.0}, name="other")]
    paths = [tmp_path / f"{i}.safetensors" for i in range(2)]
    for policy, path in zip(policies, paths):
        policy.save(path)
    assert paths[0].read_bytes() != paths[1].read_bytes()
    suite = conditions["disc"]
    new = [examine(load_agent(path), suite, path) for path in paths]
    assert new[0].scores == new[1].scores
    assert new[0].agent.walker == new[1].agent.walker == policies[0].walker
    assert new[0].agent.sha256 != new[1].agent.sha256
    old = [examine(load_agent(path), tiny_suite, path) for path in paths]
    assert old[0].scores["disc"].private != old[1].scores["disc"].private
    assert old[0].scores["disc"].public == old[1].scores["disc"].public
    assert old[0].agent.walker is msgspec.UNSET


def test_a_report_says_in_its_version_where_its_courses_come_from(
    tmp_path, make_policy, tiny_suite, conditions
):
    path = tmp_path / "p.safetensors"
    make_policy().save(path)
    versions = []
    for suite in (tiny_suite, conditions["disc"]):
        report = examine(load_agent(path), suite, path)
        save_report(report, tmp_path / "r.json")
        assert load_report(tmp_path / "r.json") == report
        versions.append(report.as_dict()["format_version"])
    assert versions == [1, FORMAT_VERSION]
    assert examine(load_agent("gait"), conditions["disc"]).agent.walker is None


@pytest.mark.parametrize("value", ['"moon"', '"starting"', "3", "true", '["disc"]', "{a = 1}"])
def test_a_condition_that_is_none_is_named_with_those_that_are(value):
    known = re.escape(f"one of {[*ranked_suites()]}, got")
    text = write_card(CARD).replace('"disc"', value)
    with pytest.raises(EntryError, match=known):
        parse_card(text.encode())


def test_a_card_keeps_its_condition():
    assert parse_card(write_card(CARD).encode()) == CARD
    assert "condition" not in write_card(replace(CARD, condition=""))


def test_an_entry_walks_its_condition_and_is_ranked_among_those_who_name_it(
    root, enter, put, make_policy, tiny_suite, conditions
):
    put("one", make_policy(seed=1))
    again = enter("again", make_policy(seed=1), "ice")  # the same policy, another condition
    assert (again.rank, again.others, again.suite) == (1, 0, conditions["ice"])
    assert [*again.report.scores] == ["ice"]
    second = enter("two", make_policy(seed=5))
    assert second.others == 1
    assert [*second.report.scores] == ["disc", "ice"]
    assert sorted(p.name for p in (root / "two").iterdir()) == [
        "card.toml",
        "policy.safetensors",
        "result-2.json",
    ]
    assert stored(read_entry(root / "two"), conditions["disc"]) == second.report
    assert stored(read_entry(root / "two"), tiny_suite) is None
    with pytest.raises(EntryError, match="the same policy file as entry one"):
        enter("three", make_policy(seed=1))
    with pytest.raises(EntryError, match="the same policy as entry one"):
        enter("four", replace(make_policy(seed=1), training={"note": 1}))


@pytest.fixture
def both(put, make_policy, conditions, references):
    """An entry with a result in suite 1 and one in suite 2, in which a figure is wrong."""
    folder = put("one", make_policy(seed=1), "")
    (folder / "card.toml").write_text(write_card(replace(CARD, name="one")))
    report = examine(load_agent(folder), conditions["disc"], folder)
    data = report.as_dict()
    data["scores"]["ice"]["private"][0] += 2**-40
    (folder / "result-2.json").write_text(json.dumps(data))
    return folder, report


@pytest.mark.usefixtures("both")
def test_an_entry_may_have_results_in_both_suites(root, tiny_suite, conditions, references):
    found = verify(root, references, tiny_suite, names=["one"], conditions=conditions)
    (first, good), (other, problem) = found
    assert (first, good, other) == ("one", "", "one (disc)")
    assert problem == "these parts differ: scores"


@pytest.mark.long
def test_both_results_are_written_anew(both, root, tiny_suite, conditions, references):
    folder, report = both
    old = (folder / "result.json").read_bytes()
    words = {"names": ["one"], "renew": True, "conditions": conditions}
    found = list(verify(root, references, tiny_suite, **words))
    assert found == [("one", ""), ("one (disc)", "")]
    assert stored(read_entry(folder), conditions["disc"]) == report
    assert (folder / "result.json").read_bytes() == old


def test_verify_walks_the_references_of_both_suites(tmp_path, tiny_suite, conditions, references):
    save_report(examine(load_agent("still"), tiny_suite), references / "still.json")
    words = (tmp_path / "none", references, tiny_suite)
    found = verify(*words, names=["still"], conditions=conditions)
    assert list(found) == [("still", ""), ("still (disc)", "")]


def test_another_body_than_the_condition_s_is_refused_with_what_fits(enter, make_policy):
    message = (
        r"condition 'spider' walks the 'hexapod', this policy drives 'quadruped'; "
        r"conditions of its body and world: \['disc', 'sparse'\]"
    )
    with pytest.raises(EntryError, match=message):
        enter("one", make_policy(), "spider")
    long = replace(BODIES["quadruped"], hub=1)
    with pytest.raises(EntryError, match="; none has its body"):
        enter("two", make_policy(options=Options(body=long)))


@pytest.mark.parametrize(
    ("options", "names"),
    [
        (Options(), ["disc", "sparse"]),
        (Options(reward="sparse"), ["disc", "sparse"]),
        (Options(world="ice"), ["ice"]),
        (Options(world="delay"), []),
        (Options(body=replace(BODIES["quadruped"], hub=1)), []),
    ],
)
def test_conditions_that_fit_have_the_policy_s_body_and_world(root, make_policy, options, names):
    root.mkdir()
    make_policy(options=options).save(root / "policy.safetensors")
    (root / "card.toml").write_text(write_card(replace(CARD, condition="")))
    assert fitting(read_entry(root).options) == names


def test_the_command_says_which_board_it_is_or_may_be(
    root, put, make_policy, tiny_suite, conditions, monkeypatch
):
    def submitted(folder, entries, on_step):
        entry = read_entry(folder)
        suite = suite_of(entry, tiny_suite, conditions)
        hints = [] if entry.card.condition else fitting(entry.options)
        return Submission(entry, stored(entry, suite), 1, 0, root, suite, hints)

    monkeypatch.setattr("benchmarks.submission.submit.submit", submitted)
    for name, condition, lines in (
        ("one", "", ['put condition = "disc" or condition = "sparse" on the', "one/result.json"]),
        ("two", "disc", ["Condition disc of walker-suite-2: discs", "two/result-2.json"]),
    ):
        folder = put(name, make_policy(), condition)
        done = CliRunner().invoke(app, ["submit", str(folder)])
        assert done.exit_code == 0, done.output
        assert all(line in done.output for line in lines), done.output


def _agent(**fields):
    return lambda data, other: data | {"agent": data["agent"] | fields}


def _without_walker(data, other):
    agent = {k: v for k, v in data["agent"].items() if k != "walker"}
    return data | {"agent": agent, "format_version": 1}


def _best(data, other):
    scores = data["scores"] | {"disc": data["scores"]["disc"] | {"private": [1900.0] * 5}}
    return data | {"scores": scores}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda data, other: other, "the result of another policy file"),
        (_agent(walker="a" * 64), "on the private courses of another walker"),
        (_agent(walker=None), "on the private courses of another walker"),
        (_without_walker, "on the private courses of another walker"),
        (lambda data, other: data | {"format_version": 1}, "version 2 must have agent.walker"),
        (_best, "the private course 0 of disc allows at most"),
    ],
)
def test_a_result_on_other_courses_is_refused_with_its_name(
    root, put, make_policy, conditions, change, message
):
    put("one", make_policy(seed=1))
    put("two", make_policy(seed=5))
    paths = [root / name / "result-2.json" for name in ("one", "two")]
    paths[0].write_text(json.dumps(change(*(json.loads(p.read_text()) for p in paths))))
    with pytest.raises(EntryError, match=message) as caught:
        stored(read_entry(root / "one"), conditions["disc"])
    assert str(paths[0]) in str(caught.value)
    told = []
    boards = read_condition_boards((root,), conditions, REFERENCES, told.append, DISC.suite)
    assert [*boards[0].entered] == ["two"]
    assert len(told) == 1
    assert str(paths[0]) in told[0]


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"sha256": "../../x"}, "agent.sha256 must be 64 hexadecimal digits, got '../../x'"),
        ({"walker": "A" * 64}, "agent.walker must be 64 hexadecimal digits"),
        ({"walker": None}, "agent must have both sha256 and walker, or neither"),
    ],
)
def test_a_report_in_a_folder_must_have_hashes(tmp_path, make_policy, conditions, fields, message):
    path = tmp_path / "p.safetensors"
    make_policy().save(path)
    report = examine(load_agent(path), conditions["disc"], path).as_dict()
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports" / "r.json").write_text(json.dumps(_agent(**fields)(report, None)))
    with pytest.raises(ValueError, match=message):
        read_reports(tmp_path / "reports", conditions["disc"])


def test_a_report_of_suite_1_does_not_pass_for_one_of_suite_2(tmp_path, make_policy, conditions):
    suite = replace(conditions["disc"], identity=FILE)
    path = tmp_path / "p.safetensors"
    make_policy().save(path)
    save_report(examine(load_agent(path), suite, path), tmp_path / "reports" / "r.json")
    with pytest.raises(ValueError, match="come from the walker, these do not"):
        read_reports(tmp_path / "reports", conditions["disc"])


def test_a_board_compares_entries_course_by_course(put, root, make_policy, conditions, references):
    for name, seed in (("one", 1), ("two", 5), ("three", 7)):
        put(name, make_policy(seed=seed, scale=3.0))
    board, ice, spider = read_condition_boards(
        (root,), conditions, references, reference=conditions["disc"]
    )
    data = board.data
    json.dumps(data, allow_nan=False)
    entries = data["entries"]
    assert [e["rank"] for e in entries] == [1, 2, 3]
    common = [board.entered[e["id"]].report.scores["disc"].public for e in entries]
    assert entries[0]["above"] is None
    for i in (1, 2):
        above = entries[i]["above"]
        assert above["difference"] == pytest.approx(np.mean(common[i]) - np.mean(common[i - 1]))
        assert above["low"] <= above["difference"] <= above["high"]
        assert above["tie"] == (above["low"] <= 0 <= above["high"])
    assert data["differences"][0][1]["difference"] == -entries[1]["above"]["difference"]
    assert ice.data["entries"] == spider.data["entries"] == []
    head, *rows = condition_rows(data)
    assert head[:6] == ["#", "places", "policy", "algorithm", "targets in 100 s",
                        "to the one above"]  # fmt: skip
    assert len({len(row) for row in (head, *rows)}) == 1
    text = conditions_markdown([(b.name, b.data) for b in (board, ice, spider)])
    assert text.count("| ---: | ---: | --- |") == 1
    assert conditions_markdown([(ice.name, ice.data)]) == "No entries yet."


def test_equals_are_ties_and_the_surely_better_are_not():
    rng = np.random.default_rng(0)
    hard = rng.normal(50.0, 20.0, 128)  # what a course does to all
    scores = [hard + 1.0 + rng.normal(0, 0.5, 128), hard, hard + rng.normal(0, 0.5, 128)]
    places, differences = compare_entries(scores)
    assert places == [[1, 1], [2, 3], [2, 3]]
    assert not differences[1][0]["tie"]
    assert differences[1][0]["high"] < -0.8
    assert differences[2][1]["tie"]
    assert differences[0][0] is None
    assert compare_entries(scores[:1]) == ([[1, 1]], [[None]])
    assert compare_entries([hard, hard])[1][0][1]["tie"]


def test_a_folder_of_reports_of_suite_2_is_found_to_be_of_its_condition(tmp_path):
    suite = ranked_suites()["sparse"].part(courses=1)
    save_report(examine(load_agent("still"), suite), tmp_path / "still.json")
    reports = read_reports(tmp_path)
    data = ranking(reports)
    assert data["suite"]["ranked"] == "sparse"
    assert data["entries"][0]["skills"]["sparse"]["absolute"] == 0
    old = SUITE_V1.part(["disc"], 1)
    save_report(examine(load_agent("still"), old), tmp_path / "old.json")
    with pytest.raises(ValueError, match="do not compare"):
        read_reports(tmp_path)
    moon = msgspec.structs.replace(reports[0], physics="moon")
    with pytest.raises(ValueError, match="of no condition of walker-suite-2"):
        ranking([moon])


def test_every_published_entry_has_a_result_in_its_condition():
    entries = [read_entry(f) for root in (ENTRIES, OPEN) for f in entry_folders(root)]
    named = [entry for entry in entries if entry.card.condition]
    assert len(named) == 10
    for entry in named:
        assert entry.card.condition in fitting(entry.options)
        report = load_report(result_path(entry, suite_of(entry)))
        assert report.agent.walker == entry.walker
        assert report.agent.sha256 == entry.sha256
        assert report.physics == suite_of(entry).physics


def test_the_scale_is_that_of_the_quadruped_s_conditions():
    gait = load_report(reference_path(REFERENCES, "gait"))
    for name, skill in (("disc", "disc"), ("sparse", "disc"), ("ice", "ice")):
        scale = scale_of(ranked_suites()[name])
        assert scale(name, gait.summary[skill].score) == pytest.approx(100)
        assert scale(name, 0.0) == 0
    assert scale_of(ranked_suites()["spider"])("spider", 20.0) is None
    assert scale_of(ranked_suites()["disc"])("race", gait.summary["race"].score) == pytest.approx(
        100
    )


def test_evaluate_gives_what_a_condition_s_board_has(tmp_path):
    words = ["evaluate", "spider", "--condition", "spider", "--courses", "2", "--out", tmp_path]
    done = CliRunner().invoke(app, [*map(str, words)])
    assert done.exit_code == 0, done.output
    own = load_report(tmp_path / "spider.json")
    published = load_report(OPEN / "spider" / "result-2.json")
    assert own.scores["spider"].private == published.scores["spider"].private[:2]
    assert own.scores["spider"].public == published.scores["spider"].public[:1]
    assert "walker's own hash" in done.output


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["evaluate", "still", "--condition", "moon"], "condition must be one of .*'sparse'"),
        (["evaluate", "still", "--condition", "linear"], "condition must be one of"),
        (["evaluate", "still", "--condition", "disc", "--world", "ice"], "leave --body and"),
        (["evaluate", "trot", "--condition", "spider", "--courses", "1"], "drives 'quadruped'"),
        (["leaderboard", "--condition", "moon"], "condition must be one of"),
        (["leaderboard", "--condition", "disc", "--body", "star"], "three boards; give one"),
        (["fishing", "trot", "--condition", "moon"], "condition must be one of"),
        (["fishing", "gait"], "expected a policy file"),
    ],
)
def test_a_mistake_about_conditions_says_what_was_expected(words, message, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ValueError, match=message):
        CliRunner().invoke(app, words, catch_exceptions=False)


def test_evaluate_on_suite_1_says_which_conditions_fit(tmp_path):
    for name, fits in (("trot", True), ("star", False)):
        words = ["evaluate", name, "--courses", "1", "--out", str(tmp_path)]
        done = CliRunner().invoke(app, words)
        assert ("of this body and world: --condition disc or sparse" in done.output) == fits


def test_the_leaderboard_shows_one_condition_alone():
    done = CliRunner().invoke(app, ["leaderboard", "--condition", "spider"])
    assert "walker-suite-2, condition spider: a body with knees" in done.output
    assert "trot" not in done.output
    assert "scale\n" not in done.output
    empty = CliRunner().invoke(app, ["leaderboard", "--condition", "sparse"])
    assert "no entries yet" in empty.output


def test_the_protocol_names_the_conditions_that_there_are():
    text = (ROOT / "docs" / "benchmark.md").read_text(encoding="utf-8")
    names = [*ranked_suites()]
    assert f"Conditions: {', '.join(f'`{name}`' for name in names)}." in text
    assert f"# whose board it enters: {', '.join(names[:-1])} or {names[-1]}" in text
    assert replace_section(text, "ranked", ranked_table()) == text


def test_conditions_that_answer_a_question_are_no_boards():
    assert {c.name for c in CONDITIONS if not c.ranked}.isdisjoint(ranked_suites())
    assert {suite.identity for suite in ranked_suites().values()} == {WALKER}
    assert SUITE_V1.identity == FILE
