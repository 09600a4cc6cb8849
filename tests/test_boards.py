"""Open boards: entries with bodies that the suite does not rank."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace

import pytest
from typer.testing import CliRunner

from agents.baselines import load_agent
from benchmarks.__main__ import app
from benchmarks.commands.readme import ROOT, boards_table
from benchmarks.evaluation.examine import examine
from benchmarks.evaluation.published import ENTRIES, OPEN
from benchmarks.evaluation.report import save_report
from benchmarks.evaluation.suite import SUITE_V1
from benchmarks.leaderboard import tables
from benchmarks.leaderboard.boards import body_names, read_boards
from benchmarks.leaderboard.markers import replace_section
from benchmarks.submission.card import Card, EntryError, write_card
from benchmarks.submission.entries import entry_folders, read_entry
from benchmarks.submission.submit import submit, verify
from benchmarks.submission.suites import board_suite
from walker_env import BODIES, Options
from walker_env.body import ZOO

LONG = replace(
    BODIES["quadruped"],
    name="long",
    nodes=tuple(replace(node, x=1.5 * node.x) for node in BODIES["quadruped"].nodes),
)
"""Has as many parts as the quadruped, and is another body."""


def enter(root, name, policy):
    folder = root / name
    folder.mkdir(parents=True)
    policy.save(folder / "policy.safetensors")
    card = Card(name, ("A",), "es", "y", {"steps": 1})
    (folder / "card.toml").write_text(write_card(card))
    return folder


@pytest.fixture
def root(tmp_path, make_policy, tiny_suite):
    """Two entries of the long body and one of the quadruped, all with their results."""
    root = tmp_path / "entries"
    for name, seed, options in (
        ("one", 1, Options(body=LONG)),
        ("two", 5, Options(body=replace(LONG, name="another name"))),
        ("ours", 2, Options()),
    ):
        folder = enter(root, name, make_policy(seed=seed, options=options))
        suite = board_suite(read_entry(folder), tiny_suite)
        save_report(examine(load_agent(folder), suite, folder), folder / "result.json")
    return root


def test_entries_of_one_body_share_a_board_whatever_they_call_it(root, tiny_suite):
    (board,) = read_boards(root, tiny_suite)
    assert board.suite.body == LONG
    assert [skill.name for skill in board.suite.skills] == ["disc"]
    listed = board.data["entries"]
    assert {one["id"] for one in listed} == {"one", "two"}
    assert [one["rank"] for one in listed] in ([1, 2], [1, 1])
    scores = [one["skills"]["disc"]["score"] for one in listed]
    assert scores == sorted(scores, reverse=True)
    assert all(one["skills"]["disc"]["absolute"] is None for one in listed)


def test_scores_are_what_evaluate_gives_on_the_policys_own_courses(root, tiny_suite):
    (board,) = read_boards(root, tiny_suite)
    again = examine(load_agent(root / "one"), tiny_suite.open_to(LONG), root / "one")
    assert board.entered["one"].report.scores == again.scores


def test_a_newcomer_is_ranked_among_its_own_body_alone(root, make_policy, tiny_suite):
    folder = enter(root, "three", make_policy(seed=9, options=Options(body=LONG)))
    done = submit(folder, root, tiny_suite)
    assert done.others == 2
    assert done.suite.body == LONG
    assert 1 <= done.rank <= 3


def test_verify_walks_every_board_again(root, tiny_suite):
    assert list(verify(root, root, tiny_suite, names=["one"])) == [("one", "")]
    path = root / "one" / "result.json"
    data = json.loads(path.read_text())
    data["summary"]["disc"]["score"] += 1.0
    path.write_text(json.dumps(data))
    ((_, problem),) = verify(root, root, tiny_suite, names=["one"])
    assert "summary" in problem


def test_a_broken_entry_is_told_once_and_left_out(root, tiny_suite):
    (root / "two" / "card.toml").write_text("name = 3")
    told = []
    (board,) = read_boards(root, tiny_suite, told.append)
    assert [*board.entered] == ["one"]
    assert len(told) == 1
    assert "two" in told[0]
    with pytest.raises(EntryError):
        read_boards(root, tiny_suite)


def test_a_body_goes_by_its_ready_made_names():
    assert body_names(ZOO["centipede-3"]) == "hexapod, centipede-3"
    assert body_names(replace(ZOO["star"], name="mine")) == "star"
    assert body_names(LONG) == "long"


def test_a_table_has_the_body_and_raw_targets(root, tiny_suite):
    boards = [(board.title, board.data) for board in read_boards(root, tiny_suite)]
    head, ruler, *lines = tables.boards_markdown(boards).splitlines()
    assert head.startswith("| body | # | policy | algorithm | targets in 100 s | speed")
    assert ruler.startswith("| --- | ---: | --- | --- | ---: |")
    assert [line.split(" | ")[0] for line in lines] == ["| long", "| long"]
    assert tables.boards_markdown([]) == "No entries yet."


def test_the_published_boards_are_of_the_zoo_and_walk():
    boards = {board.title: board for board in read_boards()}
    assert [*boards] == [
        "centipede-8",
        "hexapod, centipede-3",
        "lopsided",
        "snake",
        "spider",
        "star",
    ]
    for board in boards.values():
        best = board.data["entries"][0]["skills"]["disc"]["score"]
        assert best >= 15, board.title
    assert len(entry_folders(OPEN)) == sum(len(board.entered) for board in boards.values())


def test_the_table_in_the_guide_is_that_of_the_results():
    text = (ROOT / "docs" / "bodies.md").read_text(encoding="utf-8")
    assert replace_section(text, "boards", boards_table()) == text, (
        "run: python -m benchmarks readme"
    )


def test_the_suites_own_entries_are_on_no_open_board():
    assert read_boards(ENTRIES) == []
    entry = read_entry(ENTRIES / "trot")
    assert board_suite(entry) is SUITE_V1


@pytest.mark.long
def test_submit_says_which_board_takes_a_foreign_body(tmp_path):
    folder = shutil.copytree(OPEN / "star", tmp_path / "star")
    done = CliRunner().invoke(app, ["submit", str(folder), "--entries", str(tmp_path)])
    assert done.exit_code == 0, done.output
    first, score, rank, *_ = done.output.splitlines()
    assert first == (
        "walker-suite-1 ranks the 'quadruped', this policy drives 'star': it goes to the open "
        "board of that body (8e087eb3)."
    )
    assert score.startswith("star: ")
    assert score.endswith("targets in 100 s")
    assert rank == "It would take rank 1 of 1."


def test_leaderboard_shows_one_board_alone():
    done = CliRunner().invoke(app, ["leaderboard", "--body", "star"])
    assert "Open board of star: targets in 100 s, no scale" in done.output
    assert "scale\n" not in done.output
    assert "spider" not in done.output
    with pytest.raises(ValueError, match="'inchworm' has no open board, expected one of"):
        CliRunner().invoke(app, ["leaderboard", "--body", "inchworm"], catch_exceptions=False)
