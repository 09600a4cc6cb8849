"""The leaderboard: ranked, generated, and never across protocols."""

from dataclasses import replace

import pytest
from typer.testing import CliRunner

from agents.baselines import load_agent
from benchmarks.__main__ import app
from benchmarks.evaluation.evaluate import ResultError, evaluate, save_result
from benchmarks.evaluation.protocol import Protocol
from benchmarks.leaderboard.result_table import (
    COLUMNS,
    SECTION,
    markdown,
    rank,
    read_results,
    rows,
    terminal,
    update_readme,
)

MARKERS = (f"<!-- {SECTION} -->", f"<!-- /{SECTION} -->")


@pytest.fixture(scope="module")
def base():
    return evaluate(load_agent("still"), Protocol(courses=2, horizon=5))


def named(base, name, score, algorithm="es", **training):
    summary = base.summary | {"score": score, "score_low": score - 1, "score_high": score + 1}
    agent = base.agent | {"name": name, "algorithm": algorithm, "training": training}
    return replace(base, agent=agent, summary=summary)


def test_the_best_comes_first_and_equals_share_a_rank(base):
    results = rank([named(base, n, s) for n, s in (("d", 1), ("b", 5), ("a", 5), ("c", 9))])
    assert [row[:2] for row in rows(results)] == [["1", "c"], ["2", "a"], ["2", "b"], ["4", "d"]]


def test_a_row_shows_what_was_measured(base):
    result = named(base, "walker", 12.34, "ppo", run_steps=2_600_000, run_seconds=123.4)
    summary = result.summary | {
        "speed": 61.25,
        "energy_per_1000": 3.456,
        "first_target": 7.04,
        "left_share": 0.4,
        "course_left_share": 0.5,
    }
    row = rows([replace(result, summary=summary)])[0]
    assert row == [
        "1",
        "walker",
        "ppo",
        "12.3 [11.3, 13.3]",
        "61.2",
        "3.46",
        "7.0",
        "40% (50%)",
        "2.60",
        "123",
    ]


def test_what_is_not_there_is_a_dash(base):
    row = rows([named(base, "still", 0.0)])[0]
    assert [row[i] for i in (5, 7, 8, 9)] == ["-"] * 4


def test_the_markdown_is_one_table_whatever_the_names_hold(base):
    text = markdown(rank([named(base, "a|b\n<img src=x> [l](u)", 2.0), named(base, "c", 1.0)]))
    table = [line for line in text.splitlines() if line.startswith("|")]
    assert len(table) == 4
    assert len({line.replace(r"\|", "").count("|") for line in table}) == 1
    assert r"a\|b &lt;img src=x&gt; \[l\](u)" in text
    assert "walker-v0.2" in text


def test_a_narrow_terminal_leaves_out_columns_not_names(base):
    results = [named(base, "[bold]walker", 3.0)]
    assert len(terminal(results, 120).columns) == len(COLUMNS)
    assert len(terminal(results, 80).columns) == len(COLUMNS) - 2


def test_results_are_read_from_a_folder_but_not_half_written_ones(base, tmp_path):
    save_result(named(base, "one", 1.0), tmp_path / "one.json")
    save_result(named(base, "two", 2.0), tmp_path / "two.json")
    (tmp_path / ".three.abc.part.json").write_text("{")
    assert [result.agent["name"] for result in read_results(tmp_path)] == ["two", "one"]


@pytest.mark.parametrize(
    "other",
    [
        lambda r: replace(r, protocol=replace(r.protocol, version="walker-v9")),
        lambda r: replace(r, protocol=replace(r.protocol, courses=3)),
        lambda r: replace(r, protocol=replace(r.protocol, body="hexapod")),
        lambda r: replace(r, physics="another"),
    ],
)
def test_results_that_do_not_compare_are_refused_by_name(base, tmp_path, other):
    save_result(base, tmp_path / "ours.json")
    save_result(other(base), tmp_path / "theirs.json")
    with pytest.raises(ResultError, match=r"(?s)do not compare.*ours\.json.*theirs\.json"):
        read_results(tmp_path)


def test_the_error_names_the_versions(base, tmp_path):
    save_result(base, tmp_path / "a.json")
    newer = replace(base, protocol=replace(base.protocol, version="walker-v9"))
    save_result(newer, tmp_path / "b.json")
    with pytest.raises(ResultError, match=r"walker-v0\.2.*walker-v9"):
        read_results(tmp_path)


def test_a_folder_without_results_is_refused(tmp_path):
    with pytest.raises(ResultError, match="expected result files"):
        read_results(tmp_path)


def test_the_readme_is_renewed_between_its_markers(base, tmp_path):
    readme = tmp_path / "README.md"
    readme.write_text(f"before\n{MARKERS[0]}\nold\n{MARKERS[1]}\nafter\n")
    for _ in range(2):
        update_readme(readme, [named(base, "walker", 1.0)])
        text = readme.read_text()
        assert text.startswith(f"before\n{MARKERS[0]}\n| # |")
        assert text.endswith(f"{MARKERS[1]}\nafter\n")
        assert "old" not in text
        assert text.count("walker |") == 1


@pytest.mark.parametrize(
    "text", ["", MARKERS[0], f"{MARKERS[1]} {MARKERS[0]}", f"{MARKERS[0]}" * 2 + MARKERS[1]]
)
def test_a_readme_without_its_markers_is_left_alone(base, tmp_path, text):
    readme = tmp_path / "README.md"
    readme.write_text(text)
    with pytest.raises(ValueError, match="expected <!-- leaderboard -->"):
        update_readme(readme, [base])
    assert readme.read_text() == text


def test_the_command_prints_the_table_and_writes_it(base, tmp_path):
    results, table, readme = tmp_path / "results", tmp_path / "t.md", tmp_path / "README.md"
    save_result(named(base, "walker", 3.0), results / "walker.json")
    readme.write_text("".join(MARKERS))
    command = ["leaderboard", str(results), "--markdown", str(table), "--readme", str(readme)]
    done = CliRunner().invoke(app, command)
    assert done.exit_code == 0, done.output
    assert "walker" in done.output
    assert table.read_text() in readme.read_text()
