"""Throughput is measured, not asserted; only that the figures are real is tested."""

import json

import pytest

from benchmarks.speed import generations, speed
from benchmarks.speed.costs import peak_bytes, state_bytes, thread_gain
from benchmarks.speed.peers import peer_cases
from benchmarks.speed.throughput import Case, available_engines, cases, measure


def test_every_case_makes_the_steps_it_says():
    for case in cases(sizes=(1, 8)):
        if case.walkers <= 1024:
            step = case.make()
            assert step() == case.walkers, case


def test_populations_make_whole_episodes():
    assert generations.rollouts(3, steps=5)() == 3 * 5
    assert generations.rollouts(20, threads=2, steps=5)() == 20 * 5
    for stepped in (False, True):
        assert generations.training("snes", 4, stepped)() == 4 * 2 * 200
    assert generations.training("neat", 3)() >= 3 * 2 * 200


def test_ratios_are_of_medians_where_both_are_measured():
    rows = [
        {"group": "training", "name": "snes", "median": 30},
        {"group": "physics alone", "name": "compiled", "median": 60},
        {"group": "gym.make", "name": "compiled", "median": 7},
    ]
    assert generations.ratios(rows) == {"training snes / physics alone compiled": 0.5}
    names = {(case.group, case.name) for case in (*cases(), *peer_cases())}
    names |= {(case.group, case.name) for case in generations.generation_cases()}
    missing = {row for pair in generations.RATIOS for row in pair} - names
    assert not {row for row in missing if "compiled" not in row}


def test_rates_are_counted_steps_over_time():
    ticks = []
    case = Case("g", "n", 7, lambda: lambda: ticks.append(1) or 7)
    (row,) = measure([case], seconds=0.01, repeats=3, on_turn=lambda name: None)
    assert len(row["rates"]) == 3
    assert row["median"] == sorted(row["rates"])[1]
    assert sum(row["rates"]) * 0.01 == pytest.approx(7 * len(ticks), rel=0.5)


def test_pymunk_is_always_there_and_some_peer_too():
    assert "pymunk" in available_engines()
    assert any(case.name == "Pendulum-v1" for case in peer_cases())


def test_a_walker_takes_at_most_two_kilobytes():
    assert 0 < state_bytes(256) <= 2000
    assert state_bytes(256) < peak_bytes(256)


def test_the_report_writes_figures_and_a_picture(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(speed, "ppo_shares", lambda: {"steps_per_second": 1.0, "rollout_share": 0})
    monkeypatch.setattr(speed, "thread_gain", lambda: thread_gain(130, seconds=0.0))
    monkeypatch.setattr(speed, "first_step_seconds", lambda: 1.0)
    monkeypatch.setattr(speed, "peer_cases", lambda: [])
    monkeypatch.setattr(speed, "generation_cases", lambda: [])
    monkeypatch.setattr(speed, "cases", lambda sizes: [c for c in cases(sizes) if c.walkers < 9])
    speed.report(0.01, 1, tmp_path / "s.json", tmp_path / "s.png", sizes=(1, 8))
    data = json.loads((tmp_path / "s.json").read_text())
    assert {row["walkers"] for row in data["rows"]} == {1, 8}
    assert all(row["median"] > 0 for row in data["rows"])
    assert (tmp_path / "s.png").read_bytes()[:4] == b"\x89PNG"
    assert "make_vec" in capsys.readouterr().out


def test_wrong_lengths_are_refused():
    with pytest.raises(ValueError, match="seconds > 0"):
        speed.report(seconds=0.0)
