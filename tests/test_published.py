"""What is published stays valid, whatever is added to the worlds, the bodies and their fields."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest

from benchmarks.evaluation.published import ENTRIES, REFERENCES, RUNS
from benchmarks.evaluation.report import check_courses, load_report
from benchmarks.evaluation.suite import SUITE_V1
from benchmarks.history.plausibility import check_records
from benchmarks.history.record import read_records
from benchmarks.submission.entries import entry_folders, read_entry
from benchmarks.submission.names import alike
from benchmarks.submission.submit import stored
from tests.later_plans import SlopedWorld, StoppedBody, later
from walker_env import BODIES, WORLDS, World


def with_later_fields(suite):
    """The suite as a later version has it: its plans have fields of which nobody has heard yet."""
    skills = [replace(s, world=later(s.world, SlopedWorld)) for s in suite.skills]
    return replace(suite, skills=tuple(skills), body=later(suite.body, StoppedBody))


@pytest.fixture(params=[SUITE_V1, with_later_fields(SUITE_V1)], ids=["as it is", "later"])
def suite(request, monkeypatch):
    """The published suite beside a world and a body that somebody has added."""
    monkeypatch.setitem(WORLDS, "moon", World("moon", grip_force=9_000.0))
    monkeypatch.setitem(BODIES, "giant", replace(BODIES["hexapod"], name="giant", hub=7))
    return replace(request.param)  # worked out anew


def test_all_entries_have_a_result_of_this_physics(suite):
    entries = [read_entry(folder) for folder in entry_folders(ENTRIES)]
    assert len(entries) == 8
    assert all(stored(entry, suite) is not None for entry in entries)
    assert len({entry.walker for entry in entries}) == 8
    names = [entry.card.name for entry in entries]
    assert not any(alike(one, other) for one, other in itertools.combinations(names, 2))


def test_all_references_and_records_are_of_this_physics(suite):
    reports = {path.stem: load_report(path) for path in sorted(REFERENCES.glob("*.json"))}
    records = {record.name: record for record in read_records(RUNS)}
    assert len(records) == 160
    reports |= {name: record.report for name, record in records.items()}
    for name, report in reports.items():
        assert report.physics == suite.physics == "1836a96e6b4de29a", name
        check_courses(report, suite, name)
    check_records(list(records.values()), suite)


def test_another_physics_has_another_hash():
    heavier = tuple(replace(node, mass=14.0) for node in BODIES["quadruped"].nodes)
    others = {
        replace(SUITE_V1, body=replace(SUITE_V1.body, nodes=heavier)).physics,
        replace(SUITE_V1, body="hexapod").physics,
        replace(SUITE_V1, horizon=1999).physics,
        replace(SUITE_V1, skills=SUITE_V1.skills[1:], ranked="far").physics,
        replace(SUITE_V1, skills=(replace(SUITE_V1.skills[0], world="ice"),)).physics,
        replace(SUITE_V1, skills=(replace(SUITE_V1.skills[0], course=[[9.0, 0.0]]),)).physics,
        replace(SUITE_V1, skills=(replace(SUITE_V1.skills[0], worth=2.0),)).physics,
        SUITE_V1.physics,
    }
    assert len(others) == 8
    titled = replace(SUITE_V1.skills[0], title="anything")
    assert replace(SUITE_V1, skills=(titled, *SUITE_V1.skills[1:])).physics == SUITE_V1.physics
