"""A folder of reports as a leaderboard: ranked, generated, and only where they compare."""

import json

import pytest
from msgspec.structs import replace
from typer.testing import CliRunner

from agents.baselines import BASELINES, load_agent
from benchmarks.__main__ import app
from benchmarks.evaluation.examine import examine
from benchmarks.evaluation.report import ReportError, save_report
from benchmarks.evaluation.suite import SUITE_V1
from benchmarks.leaderboard.ranking import ranking, read_reports
from benchmarks.leaderboard.tables import WIDTH, entries_rows, ranking_markdown, terminal
from walker_env.engine import resolve

OLD = {"format": 0, "protocol": {"version": "walker-v0.2"}, "summary": {"score": 1.0}}
LONG = {"public": [1.0, 2.0], "private": [3.0]}


@pytest.fixture(scope="module")
def base(tiny_suite):
    return examine(load_agent("gait"), tiny_suite.part(["disc"]), engine=resolve("auto"))


@pytest.fixture(scope="module")
def references(tmp_path_factory, tiny_suite):
    folder = tmp_path_factory.mktemp("references")
    for name in BASELINES:
        report = examine(load_agent(name), tiny_suite, engine=resolve("auto"))
        save_report(report, folder / f"{name}.json")
    return folder


def named(base, name, score, algorithm="es", **training):
    figures = {"score": score, "low": score - 1, "high": score + 1, "public": score}
    summary = {"disc": replace(base.summary["disc"], **figures)}
    agent = replace(base.agent, name=name, algorithm=algorithm, training=training)
    return replace(base, agent=agent, summary=summary)


@pytest.fixture
def table(tiny_suite, references):
    def make(*reports):
        return ranking(reports, tiny_suite, references)

    return make


def test_the_best_comes_first_and_equals_share_a_rank(base, table):
    data = table(*(named(base, n, s) for n, s in (("d", 1), ("b", 5), ("a", 5), ("c", 9))))
    rows = entries_rows(data)[1:]
    assert [row[:2] for row in rows] == [["1", "c"], ["2", "a"], ["2", "b"], ["4", "d"]]


def test_a_row_shows_what_was_measured(base, table):
    report = named(base, "walker", 12.34, "ppo", run_steps=2_600_000, run_cpu_seconds=123.4)
    walk = replace(
        report.walk,
        speed=61.25,
        energy_per_1000=3.456,
        first_target=7.04,
        left_share=0.4,
        course_left_share=0.5,
    )
    still, gait = 0.0, base.summary["disc"].score
    assert entries_rows(table(replace(report, walk=walk)))[1] == [
        "1",
        "walker",
        "ppo",
        "12.3 [11.3, 13.3]",
        f"{100 * (12.34 - still) / (gait - still):.0f}",
        "61.2",
        "3.46",
        "7.0",
        "40% (50%)",
        "2.60",
        "123",
    ]


def test_what_is_not_there_is_a_dash(base, table):
    walk = replace(base.walk, energy_per_1000=None, left_share=None)
    report = replace(named(base, "still", 0.0, run_steps="many"), walk=walk, physics="another")
    row = entries_rows(table(report))[1]
    assert [row[i] for i in (4, 6, 8, 9, 10)] == ["-"] * 5


def test_a_walker_that_hardly_moves_has_no_huge_number(base, table):
    report = replace(base, walk=replace(base.walk, energy_per_1000=123456.0))
    assert entries_rows(table(report))[1][6] == ">999"


def test_the_scale_is_that_of_the_whole_suite(base, table, tiny_suite):
    data = table(base)
    assert data["entries"][0]["skills"]["disc"]["absolute"] == pytest.approx(100.0)
    assert data["remarks"] == []
    quick = examine(load_agent("gait"), tiny_suite.part(["ice"], 2), engine=resolve("auto"))
    assert table(quick)["suite"]["ranked"] == "ice"
    assert table(quick)["remarks"] == [
        "A quick look, 2 of 5 courses: it does not compare with the leaderboard."
    ]


def test_the_markdown_is_one_table_whatever_the_names_hold(base, table):
    text = ranking_markdown(
        table(named(base, "a|b\n<img src=x> [l](u)", 2.0), named(base, "c", 1.0))
    )
    lines = [line for line in text.splitlines() if line.startswith("|")]
    assert len(lines) == 4
    assert len({line.replace(r"\|", "").count("|") for line in lines}) == 1
    assert r"a\|b &lt;img src=x&gt; \[l\](u)" in text
    assert "tiny-1" in text


def test_a_narrow_terminal_leaves_out_columns_not_names(base, table, monkeypatch, tmp_path):
    data = table(named(base, "[bold]walker", 3.0))
    whole, narrow = entries_rows(data), entries_rows(data, costs=False)
    assert narrow == [row[:-2] for row in whole]
    assert len(terminal(whole, "all").columns) == len(whole[0])
    monkeypatch.setattr("benchmarks.commands.leaderboard.WIDE", WIDTH - 1)
    words = ["evaluate", "still", "--courses", "1", "--out", str(tmp_path)]
    output = CliRunner().invoke(app, words).output
    assert "still" in output
    assert "million" not in output


def test_reports_are_read_from_a_folder_but_not_half_written_ones(base, tmp_path, tiny_suite):
    for name in ("one", "two"):
        report = replace(base, agent=replace(base.agent, name=name))
        save_report(report, tmp_path / f"{name}.json")
    (tmp_path / ".three.abc.part.json").write_text("{")
    assert [r.agent.name for r in read_reports(tmp_path, tiny_suite)] == ["one", "two"]


@pytest.mark.parametrize(
    ("other", "ours", "theirs"),
    [
        (lambda r, s: replace(r, suite="tiny-9"), "suite tiny-1", "suite tiny-9"),
        (lambda r, s: replace(r, physics="another"), "physics ", "physics another"),
        (lambda r, s: again(s.part(["disc"], 2)), "courses 5", "courses 2"),
        (lambda r, s: again(s), "skills disc", "skills disc+ice"),
    ],
)
def test_reports_that_do_not_compare_are_refused_by_name(
    base, tmp_path, tiny_suite, other, ours, theirs
):
    save_report(base, tmp_path / "ours.json")
    save_report(other(base, tiny_suite), tmp_path / "theirs.json")
    with pytest.raises(ReportError, match="do not compare") as caught:
        read_reports(tmp_path, tiny_suite)
    first, second = str(caught.value).partition("move them: ")[2].split("; ")
    assert ours in first
    assert first.endswith(": ours.json")
    assert theirs in second
    assert second.endswith(": theirs.json")


def test_a_report_whose_figures_were_raised_is_refused(base, tmp_path, tiny_suite):
    save_report(named(base, "one", 99.0), tmp_path / "one.json")
    with pytest.raises(ReportError, match=r"one.json: the summary of disc is not that of its sc"):
        read_reports(tmp_path, tiny_suite)
    parts = replace(base.scores["disc"], private=[1000.0] * 5)
    save_report(replace(base, scores={"disc": parts}), tmp_path / "one.json")
    with pytest.raises(ReportError, match=r"the private course 0 of disc allows at most"):
        read_reports(tmp_path, tiny_suite)


def again(suite):
    return examine(load_agent("still"), suite, engine=resolve("auto"))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda d: OLD, "written by 'evaluate' of version 0.1: evaluate the policy again"),
        (lambda d: d | {"suite": "tiny-9"}, "expected a report of tiny-1, got 'tiny-9'"),
        (lambda d: d | {"scores": swim(d["scores"]), "summary": swim(d["summary"])}, "skill must"),
        (lambda d: d | {"scores": {"disc": LONG}}, r"disc must have \(1, 1\) .* got \(2, 1\)"),
        (lambda d: d | {"scores": {}, "summary": {}}, "scores must be of skills"),
    ],
)
def test_a_report_that_is_none_of_this_suite_is_refused(
    base, tmp_path, tiny_suite, change, message
):
    path = tmp_path / "r.json"
    path.write_text(json.dumps(change(base.as_dict())))
    with pytest.raises(ReportError, match=message) as caught:
        read_reports(tmp_path, tiny_suite)
    assert str(caught.value).startswith(str(path))
    assert len(str(caught.value).splitlines()) == 1


def swim(parts):
    return {"swim": parts["disc"]}


def test_a_folder_without_reports_is_refused(tmp_path):
    with pytest.raises(ReportError, match="expected reports"):
        read_reports(tmp_path)


def test_the_command_prints_the_table_and_writes_it(tmp_path):
    report = examine(load_agent("still"), SUITE_V1.part(["disc"], 1), engine=resolve("auto"))
    agent = replace(report.agent, name="walker")
    save_report(replace(report, agent=agent), tmp_path / "results" / "walker.json")
    table = tmp_path / "t.md"
    words = ["leaderboard", str(tmp_path / "results"), "--markdown", str(table)]
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 0, done.output
    assert "walker" in done.output
    assert table.read_text().startswith("| # | policy |")
    assert "| walker |" in table.read_text()
