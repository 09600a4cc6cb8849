"""The standings: everything shown is worked out from results, on one absolute scale."""

from __future__ import annotations

import dataclasses
import json
import shutil
from dataclasses import asdict

import numpy as np
import pytest
from msgspec.structs import replace

from agents.baselines import BASELINES, load_agent
from benchmarks.evaluation.examine import examine, much_better, summarise
from benchmarks.evaluation.plausibility import reach
from benchmarks.evaluation.report import ReportError, Scores, Summary, save_report
from benchmarks.evaluation.stats import iqm
from benchmarks.history.plausibility import check_records
from benchmarks.history.record import Budget, Cost, Curve, Record, save_record
from benchmarks.leaderboard import tables
from benchmarks.leaderboard.ranking import grouped
from benchmarks.leaderboard.standings import counted_records, read_standings, standings
from benchmarks.submission.card import Card, EntryError, write_card
from benchmarks.submission.entries import read_entry
from benchmarks.submission.submit import stored

pytest.importorskip("numba", reason="the compiled engine is the official one")

LEVELS = {"slow": 2.0, "fast": 6.0, "faster": 7.0}


def with_scores(report, rng, level, suite):
    """The report with drawn scores, as an examination would sum them up."""

    def drawn(values):
        return np.abs(level + rng.normal(size=len(values))).tolist()

    scores = {n: Scores(drawn(s.public), drawn(s.private)) for n, s in report.scores.items()}
    summary = {n: summarise(s) for n, s in scores.items()}
    suspicious = [n for n, s in scores.items() if much_better(s, suite)]
    return replace(report, scores=scores, summary=summary, suspicious=suspicious)


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
        flat_report = replace(report, scores=flat, summary=summary, suspicious=[])
        save_report(flat_report, root / "ref" / f"{name}.json")
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
            scores = [[level * s / 2000 + 1e-9 * seed] * 3 for s in steps]
            curve = Curve(steps, [1.0, 2.0, 4.0], [1.0, 2.0, 4.0], scores)
            cost = Cost(steps=2000, seconds=4.0, cpu_seconds=4.0)
            report = with_scores(reports["gait"], rng, level + 0.1 * seed, tiny_suite)
            budget = Budget(**asdict(tiny_suite.budgets[0]))
            record = Record("tiny-1", algorithm, seed, budget, {}, {}, {}, "", cost, curve, report)
            save_record(record, root / "runs" / f"{record.name}.json")
            other = replace(record, budget=replace(budget, steps=1), seed=seed + 50)
            save_record(other, root / "runs" / f"{other.name}.json")
            more = replace(record, seed=seed + tiny_suite.runs)
            save_record(more, root / "runs" / f"{more.name}.json")
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
    assert b["runs"] == 4  # those of another budget or of further seeds do not count
    assert b["best"].startswith("b-steps-")
    assert b["skills"]["disc"]["low"] < b["skills"]["disc"]["score"] < b["skills"]["disc"]["high"]
    assert iqm(np.array([s["score"] for s in b["seeds"]])) == pytest.approx(
        b["skills"]["disc"]["score"], abs=0.7
    )
    assert np.array(data["algorithms_better"]["steps"])[0, 1] == 1.0


def test_ranks_that_the_runs_do_not_tell_apart_are_a_group(data):
    b, a = data["algorithms"]["steps"]
    assert (b["group"], a["group"]) == ([1, 1], [2, 2])
    assert data["algorithms_better_intervals"]["steps"][0][1] == [1.0, 1.0]
    ranks = [1, 2, None, 3, 4, 5]
    intervals = [[[0.9, 1.0]] * 6 for _ in ranks]
    intervals[1][3] = intervals[3][4] = [0.4, 0.8]
    found = grouped([{"rank": rank} for rank in ranks], intervals)
    groups = [one["group"] for one in found]
    assert groups == [[1, 1], [2, 4], None, [2, 4], [2, 4], [5, 5]]
    assert [tables.place_words(group) for group in groups] == ["1", "2-4", "", "2-4", "2-4", "5"]


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


def _raised(data):
    """Scores of one skill raised, and nothing else."""
    data["report"]["scores"]["disc"]["private"] = [x + 50 for x in _private(data)]


def _private(data):
    return data["report"]["scores"]["disc"]["private"]


def _beyond(data):
    _private(data)[:] = [1e308] * 5
    data["report"]["summary"]["disc"].update(score=1e308, low=1e308, high=1e308)


def _long(data):
    for part in (data["cost"], data["curve"]):
        part["steps"] = 300_000 if part is data["cost"] else [500, 1000, 300_000]


def _late(data):
    data["curve"]["steps"] = [500, 2001, 2002]
    data["cost"]["steps"] = 2002


def _falling(data):
    data["curve"]["seconds"] = [3.0, 2.0, 4.0]


def _unlike(data):
    data["cost"]["cpu_seconds"] = 3.0


def _other_seed(data):
    data["config"] = {"seed": 7}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (_raised, "the summary of disc is not that of its scores"),
        (_beyond, r"scores of disc must lie in \[0, 2033.33\], got 1e\+308"),
        (
            lambda d: _private(d).__setitem__(2, 1000.0),
            r"the private course 2 of disc allows at most 2\d\d.*, got 1000",
        ),
        (lambda d: d["report"]["suspicious"].append("ice"), "suspicious must be"),
        (lambda d: d["report"]["walk"].update(speed=1e9), "walk.speed must be finite and lie in"),
        (_long, r"steps must end with .* budget of 2,000, at most 200,000 beyond it"),
        (_late, r"got \[2001, 2002\]"),
        (_falling, "seconds of the curve must be >= 0 and rise"),
        (_unlike, "the curve must end at the whole cost, cpu_seconds 3.0, got 4.0"),
        (_other_seed, "seed must be that of its config, 7, got 0"),
        (lambda d: d["curve"]["scores"][1].__setitem__(0, -1.0), "scores of the curve must lie in"),
    ],
)
def test_a_record_that_cannot_be_true_is_named(root, tmp_path, tiny_suite, change, message):
    runs = shutil.copytree(root / "runs", tmp_path / "runs")
    path = runs / "a-steps-0.json"
    data = json.loads(path.read_text())
    change(data)
    path.write_text(json.dumps(data))
    with pytest.raises(ReportError, match=f"record a-steps-0: .*{message}"):
        standings(tmp_path / "none", runs, root / "ref", tiny_suite)


def _one_run(data, other):
    return other | {"seed": 1}


def _one_curve(data, other):
    return data | {"curve": other["curve"]}


def _one_file(data, other):
    for one in (data, other):
        one["report"]["agent"]["sha256"] = "ab" * 32
    return data


@pytest.mark.parametrize("change", [_one_run, _one_curve, _one_file])
def test_one_run_under_two_seeds_is_found_out(root, tmp_path, tiny_suite, change):
    runs = shutil.copytree(root / "runs", tmp_path / "runs")
    paths = [runs / f"a-steps-{seed}.json" for seed in (1, 0)]
    data, other = (json.loads(path.read_text()) for path in paths)
    paths[0].write_text(json.dumps(change(data, other)))
    paths[1].write_text(json.dumps(other))
    with pytest.raises(ReportError, match="a-steps-0 and a-steps-1 are of the same run"):
        standings(tmp_path / "none", runs, root / "ref", tiny_suite)


def test_an_entry_that_raised_its_own_score_is_not_ranked(root, tmp_path, tiny_suite):
    folder = shutil.copytree(root / "entries" / "slow", tmp_path / "slow")
    path = folder / "result.json"
    data = json.loads(path.read_text())
    data["summary"]["disc"]["score"] = 99.0
    path.write_text(json.dumps(data))
    with pytest.raises(EntryError, match=r"slow/result\.json: the summary of disc is not that of"):
        stored(read_entry(folder), tiny_suite)
    told = []
    found = read_standings(tmp_path, root / "none", root / "ref", tiny_suite, told.append)
    assert (found.entered, len(told)) == ({}, 1)


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


def test_intervals_of_records_are_worked_out_again_on_demand(root, tiny_suite):
    records = counted_records(root / "runs", tiny_suite)
    check_records(records, tiny_suite, intervals=True)
    told = records[0].report.summary["disc"]
    wide = replace(told, low=min(records[0].report.scores["disc"].private))
    report = replace(records[0].report, summary={**records[0].report.summary, "disc": wide})
    records[0] = replace(records[0], report=report)
    check_records(records, tiny_suite)
    with pytest.raises(ReportError, match="the summary of disc is not that of its scores"):
        check_records(records, tiny_suite, intervals=True)


def test_no_walk_gets_beyond_what_its_course_allows(tiny_suite):
    """At a thousand units a second, 3 s are room for a few targets; and walks stay far below."""
    suite = dataclasses.replace(tiny_suite, horizon=400)
    report = examine(load_agent("gait"), suite)
    for seed, score in zip(suite.public_seeds("disc").tolist(), report.scores["disc"].public):
        assert 0 < 5 * score < reach(suite, "disc", seed) < 400 / 20 * 100
