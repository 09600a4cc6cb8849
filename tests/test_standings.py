"""The standings: everything shown is worked out from results, on one absolute scale."""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict

import numpy as np
import pytest
from msgspec.structs import replace

from agents.baselines import BASELINES, load_agent
from benchmarks.evaluation.examine import examine, summarise
from benchmarks.evaluation.report import ReportError, Scores, Summary, save_report
from benchmarks.evaluation.stats import iqm
from benchmarks.leaderboard import tables
from benchmarks.leaderboard.standings import standings
from benchmarks.matrix.record import Budget, Cost, Curve, Record, save_record
from benchmarks.submission.card import Card, write_card
from benchmarks.submission.entries import read_entry

pytest.importorskip("numba", reason="the compiled engine is the official one")

LEVELS = {"slow": 2.0, "fast": 6.0, "faster": 7.0}


def with_scores(report, rng, level, suite):
    """The report with drawn scores, as an examination would sum them up."""

    def drawn(values):
        return (level + rng.normal(size=len(values))).tolist()

    scores = {n: Scores(drawn(s.public), drawn(s.private)) for n, s in report.scores.items()}
    return replace(report, scores=scores, summary={n: summarise(s) for n, s in scores.items()})


@pytest.fixture(scope="module")
def root(tmp_path_factory, tiny_suite):
    """A folder with entries, runs of two algorithms, and references."""
    from agents.networks.network import MLP, plain_normaliser
    from agents.policy import Policy

    root, rng = tmp_path_factory.mktemp("standings"), np.random.default_rng(0)
    reports = {name: examine(load_agent(name), tiny_suite) for name in BASELINES}
    marks = {"still": 0.0, "random": 0.5, "gait": 4.0}
    for name, report in reports.items():
        mark = marks[name]
        flat = {
            n: Scores([mark] * len(s.public), [mark] * len(s.private))
            for n, s in report.scores.items()
        }
        summary = {n: Summary(mark, mark, mark, mark) for n in flat}
        save_report(replace(report, scores=flat, summary=summary), root / "ref" / f"{name}.json")
    for i, (name, level) in enumerate(LEVELS.items()):
        folder = root / "entries" / name
        layer = (np.full((12, 6), 0.1 * i, np.float32), np.zeros(6, np.float32))
        folder.mkdir(parents=True)
        Policy(name, MLP((layer,)), plain_normaliser(12)).save(folder / "policy.safetensors")
        card = Card(f"{name}|x", ("A", "B"), "es", "y", {"steps": 2_000_000})
        (folder / "card.toml").write_text(write_card(card))
        report = with_scores(reports["gait"], rng, level, tiny_suite)
        about = replace(report.agent, sha256=read_entry(folder).sha256)
        save_report(replace(report, agent=about), folder / "result.json")
    for algorithm, level in (("a", 3.0), ("b", 6.0)):
        for seed in range(4):
            steps = [500, 1000, 2000]
            scores = [[level * s / 2000] * 3 for s in steps]
            curve = Curve(steps, [1.0, 2.0, 4.0], [1.0, 2.0, 4.0], scores)
            cost = Cost(steps=2000, seconds=4.0, cpu_seconds=4.0)
            report = with_scores(reports["gait"], rng, level + 0.1 * seed, tiny_suite)
            budget = Budget(**asdict(tiny_suite.budgets[0]))
            record = Record("tiny-1", algorithm, seed, budget, {}, {}, {}, "", cost, curve, report)
            save_record(record, root / "runs" / f"{record.name}.json")
            other = replace(record, budget=replace(budget, steps=1), seed=seed + 50)
            save_record(other, root / "runs" / f"{other.name}.json")
    return root


@pytest.fixture(scope="module")
def data(root, tiny_suite):
    return standings(root / "entries", root / "runs", root / "ref", tiny_suite)


def test_entries_are_ranked_with_their_interval_on_the_absolute_scale(data):
    assert [(e["rank"], e["id"]) for e in data["entries"]] == [
        (1, "faster"),
        (2, "fast"),
        (3, "slow"),
    ]
    figure = data["entries"][0]["skills"]["disc"]
    assert figure["low"] <= figure["score"] <= figure["high"]
    assert figure["absolute"] == pytest.approx(100 * figure["score"] / 4.0)
    assert data["references"]["ice"] == {"still": 0.0, "random": 0.5, "gait": 4.0}


def test_who_beats_whom_is_a_probability(data):
    better = np.array(data["entries_better"])
    np.testing.assert_allclose(better + better.T, 1)
    assert better[0, 2] > 0.95


def test_algorithms_are_ranked_over_seeds_and_courses(data):
    b, a = data["algorithms"]["steps"]
    assert (b["algorithm"], a["algorithm"], b["rank"], a["rank"]) == ("b", "a", 1, 2)
    assert b["runs"] == 4  # those of another budget do not count
    assert b["best"].startswith("b-steps-")
    assert b["skills"]["disc"]["low"] < b["skills"]["disc"]["score"] < b["skills"]["disc"]["high"]
    assert iqm(np.array([s["score"] for s in b["seeds"]])) == pytest.approx(
        b["skills"]["disc"]["score"], abs=0.7
    )
    assert np.array(data["algorithms_better"]["steps"])[0, 1] == 1.0


def test_an_algorithm_that_lacks_a_seed_has_no_rank_and_takes_nobodys(root, tmp_path, tiny_suite):
    runs = shutil.copytree(root / "runs", tmp_path / "runs")
    (runs / "b-steps-2.json").unlink()  # one of the better ones
    data = standings(tmp_path / "none", runs, root / "ref", tiny_suite)
    b, a = data["algorithms"]["steps"]
    assert (b["algorithm"], b["runs"], b["complete"], b["rank"]) == ("b", 3, False, None)
    assert (a["algorithm"], a["runs"], a["complete"], a["rank"]) == ("a", 4, True, 1)
    assert [row[:3] for row in tables.algorithms_rows(data, "steps")[1:]] == [
        ["-", "b", "3"],
        ["1", "a", "4"],
    ]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda d: d | {"physics": "0123"}, "gait.json is of another suite or physics; .*--renew"),
        (
            lambda d: d | {part: {"disc": d[part]["disc"]} for part in ("scores", "summary")},
            "gait.json: scores must be of",
        ),
    ],
)
def test_a_reference_that_does_not_compare_is_named(root, tmp_path, tiny_suite, change, message):
    references = shutil.copytree(root / "ref", tmp_path / "ref")
    path = references / "gait.json"
    path.write_text(json.dumps(change(json.loads(path.read_text()))))
    with pytest.raises(ReportError, match=message):
        standings(tmp_path / "none", tmp_path / "none", references, tiny_suite)


def test_a_record_of_other_courses_is_named(root, tmp_path, tiny_suite):
    runs = shutil.copytree(root / "runs", tmp_path / "runs")
    path = runs / "a-steps-0.json"
    data = json.loads(path.read_text())
    data["report"]["scores"]["ice"]["public"].append(1.0)
    path.write_text(json.dumps(data))
    with pytest.raises(ReportError, match=r"record a-steps-0: ice must have \(3, 5\)"):
        standings(tmp_path / "none", runs, root / "ref", tiny_suite)


def test_curves_rise_with_steps_and_with_time(data):
    for cost, most in (("steps", 2000), ("cpu_seconds", 4.0)):
        curve = data["algorithms"]["steps"][0]["curves"][cost]
        assert curve["cost"][-1] == most
        assert curve["score"][0] == 0.0
        assert curve["score"][-1] == pytest.approx(6.0)
        assert (np.diff(curve["score"]) >= 0).all()


def test_profiles_fall_from_all_to_nothing(data):
    profile = data["profiles"]["steps"]
    assert set(profile["above"]) == {"a", "b"}
    for above in profile["above"].values():
        assert (np.diff(above) <= 0).all()
    assert profile["above"]["b"][0] == 1.0
    assert profile["above"]["b"][-1] == 0.0


def test_the_data_is_json(data):
    assert json.loads(json.dumps(data, allow_nan=False)) == data


def test_the_tables_show_it_whatever_names_hold(data):
    rows = tables.entries_rows(data)
    assert rows[1][0] == "1"
    assert "100" not in rows[0]
    text = tables.entries_markdown(data)
    lines = [line for line in text.splitlines() if line.startswith("|")]
    assert len({line.replace(r"\|", "").count("|") for line in lines}) == 1
    assert r"fast\|x" in text
    assert "After 2,000 control steps" in tables.algorithms_markdown(data)
    assert "disc | ice" in tables.matrix_markdown(data)


def test_it_is_told_how_soon_levels_are_reached(data):
    (a,) = (one for one in data["algorithms"]["steps"] if one["algorithm"] == "a")
    assert [found["level"] for found in a["reached"]] == [10.0, 20.0]
    assert a["reached"][0]["runs"] == [None] * 4  # its curve ends at 3
    spent = [{"steps": 1e6 * i, "cpu_seconds": 2.0 * i} for i in (1, 2, 3)]
    soon = {**a, "reached": [{"level": 10.0, "runs": [*spent, None]}]}
    late = {**a, "algorithm": "late", "reached": [{"level": 10.0, "runs": [spent[0], None, None]}]}
    text = tables.reached_markdown({"algorithms": {"cpu": [late, soon]}}, "cpu").splitlines()
    assert text[2:] == [
        "| a | 5.0 (6.0) | 2.5 (3.0) | 3 of 4 |",
        "| late | - | - | 1 of 3 |",
    ]


def test_the_terminal_shows_every_column(data):
    rows = tables.entries_rows(data)
    assert len(tables.terminal(rows, "Entries").columns) == len(rows[0])
