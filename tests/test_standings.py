"""The standings: everything shown is worked out from results, on one absolute scale."""

from __future__ import annotations

import json
from dataclasses import asdict, replace

import numpy as np
import pytest

from agents.baselines import BASELINES, load_agent
from benchmarks import tables
from benchmarks.audit import audit
from benchmarks.card import Card, write_card
from benchmarks.examine import examine
from benchmarks.record import Record, save_record
from benchmarks.report import save_report
from benchmarks.standings import standings
from benchmarks.stats import iqm
from benchmarks.suite import Skill

pytest.importorskip("numba", reason="the compiled engine is the official one")

LEVELS = {"slow": 2.0, "fast": 6.0, "faster": 7.0}


def with_scores(report, rng, level, suite):
    """The report with drawn scores, as an examination would sum them up."""
    from benchmarks.examine import _summary

    scores = {
        name: {part: (level + rng.normal(size=len(v))).tolist() for part, v in parts.items()}
        for name, parts in report.scores.items()
    }
    return replace(report, scores=scores, summary={n: _summary(s) for n, s in scores.items()})


@pytest.fixture(scope="module")
def data(tmp_path_factory, tiny_suite):
    from agents.networks.network import MLP, plain_normaliser
    from agents.policy import Policy

    root, rng = tmp_path_factory.mktemp("standings"), np.random.default_rng(0)
    reports = {name: examine(load_agent(name), tiny_suite) for name in BASELINES}
    marks = {"still": 0.0, "random": 0.5, "gait": 4.0}
    for name, report in reports.items():
        flat = {
            n: {p: [marks[name]] * len(v) for p, v in s.items()} for n, s in report.scores.items()
        }
        summary = {n: dict.fromkeys(("score", "low", "high", "public"), marks[name]) for n in flat}
        save_report(replace(report, scores=flat, summary=summary), root / "ref" / f"{name}.json")
    for i, (name, level) in enumerate(LEVELS.items()):
        folder = root / "entries" / name
        layer = (np.full((12, 6), 0.1 * i, np.float32), np.zeros(6, np.float32))
        folder.mkdir(parents=True)
        Policy(name, MLP((layer,)), plain_normaliser(12)).save(folder / "policy.safetensors")
        card = Card(f"{name}|x", ("A", "B"), "es", "y", {"steps": 2_000_000})
        (folder / "card.toml").write_text(write_card(card))
        save_report(with_scores(reports["gait"], rng, level, tiny_suite), folder / "result.json")
    for algorithm, level in (("a", 3.0), ("b", 6.0)):
        for seed in range(4):
            steps = [500, 1000, 2000]
            curve = {"steps": steps, "seconds": [1, 2, 4], "cpu_seconds": [1.0, 2.0, 4.0]}
            curve["scores"] = [[level * s / 2000] * 3 for s in steps]
            cost = {"steps": 2000, "seconds": 4.0, "cpu_seconds": 4.0}
            report = with_scores(reports["gait"], rng, level + 0.1 * seed, tiny_suite)
            budget = asdict(tiny_suite.budgets[0])
            record = Record("tiny-1", algorithm, seed, budget, {}, {}, {}, "", cost, curve, report)
            save_record(record, root / "runs" / f"{record.name}.json")
            other = replace(record, budget={**budget, "steps": 1}, seed=seed + 50)
            save_record(other, root / "runs" / f"{other.name}.json")
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


def test_an_audit_finds_courses_that_no_reference_solves(tiny_suite):
    references = [load_agent("benchmarks/entries/rear-runner/policy.safetensors")]
    suite = replace(tiny_suite, horizon=400)
    easy, hard = audit(references, suite, targets=2, patience=3), audit(references, suite, 40, 1)
    assert [v.skill for v in easy] == ["disc", "ice"]
    assert all(v.unsolved == () and 0 < v.slowest <= 60 for v in easy)
    assert all(len(v.unsolved) == 3 for v in hard)


def test_an_audit_asks_further_references_only_where_one_failed(tiny_suite):
    suite = replace(tiny_suite, skills=(Skill("disc", "discs"),), horizon=300)
    seen = []

    class Watched:
        def __init__(self, agent):
            self.agent, self.options = agent, agent.options

        def act(self, obs):
            seen.append(len(obs))
            return self.agent.act(obs)

    good = load_agent("benchmarks/entries/rear-runner/policy.safetensors")
    audit([good, Watched(load_agent("gait"))], suite, targets=1, patience=2)
    assert seen == []
    (verdict,) = audit([load_agent("still"), Watched(good)], suite, targets=1, patience=2)
    assert verdict.unsolved == ()
    assert set(seen) == {3}
