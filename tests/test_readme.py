"""The tables of README and docs are those of the code and the results."""

import pytest

from benchmarks.commands import readme
from benchmarks.commands.readme import TOP, render, sections, study_sections
from benchmarks.leaderboard.markers import replace_section
from tests.doc_blocks import read
from walker_env import BODIES


@pytest.mark.parametrize("table", ["action", "observation", "reward", "info", "body"])
def test_a_table_of_the_reference_is_that_of_the_code(table):
    made = {
        "action": readme.action_table(BODIES["quadruped"]),
        "observation": readme.observation_table(BODIES["quadruped"]),
        "reward": readme.reward_table(),
        "info": readme.info_table(),
        "body": readme.body_table(),
    }[table]
    assert made in read("docs/environment.md"), "run: python -m benchmarks readme"


@pytest.mark.long
def test_tables_are_those_of_the_code_and_the_results():
    for page, parts in sections().items():  # one test: the standings take a while
        assert render(read(page), parts) == read(page), "run: python -m benchmarks readme"
        for name, table in parts.items():
            assert len(table.splitlines()) >= 4, name


@pytest.mark.long
def test_tables_of_suite_2_are_those_of_its_records():
    for page, parts in study_sections().items():
        assert render(read(page), parts) == read(page), "run: python -m benchmarks readme"


def test_the_readme_shows_the_best_entries_of_suite_2():
    def rows(text):
        table = [line for line in text.splitlines() if line.startswith("| ")]
        return [[cell.strip() for cell in line.strip("|").split("|")] for line in table]

    _, board = read("docs/results.md").split("<!-- conditions -->")
    _, top = read("README.md").split("<!-- top -->")
    shown, whole = rows(top)[: 2 + TOP], rows(board)
    assert [row[0] for row in shown[2:]] == [str(i) for i in range(1, TOP + 1)]
    places = [whole[0].index(name) for name in shown[0]]
    assert [row for row in shown if row[0] != "---:"] == [
        [row[i] for i in places] for row in whole[: 2 + TOP] if row[0] != "---:"
    ]


def test_a_missing_marker_is_named():
    with pytest.raises(ValueError, match="<!-- x -->"):
        replace_section("nothing here", "x", "y")
