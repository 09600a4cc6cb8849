"""The README tells the truth: its tables are generated, its code runs, its files exist."""

import re
from pathlib import Path

import pytest

from agents.baselines import load_agent
from benchmarks.commands.readme import (
    ROOT,
    champions,
    reached_table,
    render,
    sections,
    training_table,
)
from benchmarks.leaderboard.markers import replace_section

README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_tables_are_those_of_the_code_and_the_results():
    assert render(README) == README, "run: python -m benchmarks readme"


def test_the_table_of_how_soon_algorithms_learn_is_that_of_the_runs():
    text = (ROOT / "docs" / "algorithms.md").read_text(encoding="utf-8")
    assert replace_section(text, "reached", reached_table()) == text


@pytest.mark.parametrize("name", ["action", "observation", "reward", "info", "bodies"])
def test_every_generated_table_has_rows(name):
    assert len(sections()[name].splitlines()) >= 4


def test_the_table_of_how_champions_were_trained_is_that_of_their_files():
    text = (ROOT / "docs" / "champions.md").read_text(encoding="utf-8")
    table = training_table([load_agent(file) for file in champions()])
    assert replace_section(text, "training", table) == text


def test_the_python_blocks_run_in_order(monkeypatch, tmp_path):
    (tmp_path / "benchmarks").symlink_to(ROOT / "benchmarks")  # they read there, and write here
    monkeypatch.chdir(tmp_path)
    blocks = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    assert len(blocks) == 3
    names: dict = {}
    for block in blocks:
        exec(compile(block, "README.md", "exec"), names)
    assert names["picture"].shape == (600, 600, 3)
    assert names["env"].unwrapped.batch.body == names["long"]
    names["env"].close()


def test_linked_and_mapped_files_exist():
    for link in re.findall(r"\]\((?!http)([^)#]+)\)", README):
        assert (ROOT / link).exists(), link
    map_ = README.split("## The map")[1].split("```")[1]
    folder = Path()
    for line in map_.splitlines():
        for name in re.findall(r"[\w/]+\.py|^\w+/", line):
            folder = Path(name) if name.endswith("/") else folder
            assert (ROOT / folder / ("" if name.endswith("/") else name)).exists(), name


def test_a_missing_marker_is_named():
    with pytest.raises(ValueError, match="<!-- x -->"):
        replace_section("nothing here", "x", "y")
