"""Records of runs: what standings count with is there, and no run is there twice."""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict

import pytest

from agents.baselines import load_agent
from benchmarks.evaluation.examine import examine
from benchmarks.evaluation.published import RUNS
from benchmarks.evaluation.report import ReportError
from benchmarks.history.record import (
    Budget,
    Cost,
    Curve,
    Record,
    load_record,
    read_records,
    save_record,
)

pytest.importorskip("numba", reason="the compiled engine is the official one")


@pytest.fixture
def path(tmp_path, tiny_suite):
    curve = Curve([1, 2], [1.0, 2.0], [1.0, 2.0], [[1.0, 2.0], [3.0, 4.0]])
    cost = Cost(steps=2, seconds=1.0, cpu_seconds=1.0)
    report = examine(load_agent("still"), tiny_suite)
    budget = Budget(**asdict(tiny_suite.budgets[0]))
    record = Record("tiny-1", "snes", 3, budget, {}, {}, {}, "", cost, curve, report)
    save_record(record, tmp_path / "snes-steps-3.json")
    return tmp_path / "snes-steps-3.json"


def test_records_are_called_after_their_runs(path):
    assert [record.name for record in read_records(path.parent)] == ["snes-steps-3"]
    shutil.copy(path, path.with_name("snes-steps-4.json"))
    with pytest.raises(ReportError, match=r"snes-steps-4\.json must be called snes-steps-3\.json"):
        read_records(path.parent)


def test_published_records_are_written_again_to_the_byte(tmp_path):
    paths = sorted(RUNS.glob("*.json"))
    assert len(paths) == 160
    for path in paths:
        save_record(load_record(path), tmp_path / path.name)
        assert (tmp_path / path.name).read_bytes() == path.read_bytes(), path.name


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda d: d | {"format_version": 9}, r"format must be \('walker-run', 0\), got .* 9"),
        (lambda d: d | {"report": None}, "expected an object, got None"),
        (
            lambda d: d | {"report": d["report"] | {"suite": 1}},
            r"Expected `str`, got `int` - at `\$\.report\.suite`",
        ),
        (lambda d: d | {"colour": "red"}, "unknown field `colour`"),
        (lambda d: d | {"cost": d["cost"] | {"euros": 1}}, r"field `euros` - at `\$\.cost`"),
        (lambda d: d | {"seed": "3"}, r"Expected `int`, got `str` - at `\$\.seed`"),
        (lambda d: d | {"seed": True}, r"Expected `int`, got `bool` - at `\$\.seed`"),
        (lambda d: d | {"budget": {}}, "`name`"),
        (lambda d: d | {"budget": None}, "expected the record of a run"),
        (lambda d: d | {"cost": {"steps": 1}}, "seconds"),
        (
            lambda d: d | {"cost": d["cost"] | {"steps": "1"}},
            r"Expected `int`, got `str` - at `\$\.cost\.steps`",
        ),
        (lambda d: d | {"cost": d["cost"] | {"steps": 10**400}}, "at most 40 digits"),
        (lambda d: d | {"cost": d["cost"] | {"steps": float("inf")}}, "finite numbers"),
        (lambda d: d | {"curve": d["curve"] | {"steps": [1]}}, "lists of one length"),
        (lambda d: d | {"curve": d["curve"] | {"scores": [[1], [1, 2]]}}, "as many scores"),
        (
            lambda d: d | {"curve": d["curve"] | {"scores": [[None], [1]]}},
            r"Expected `float`, got `null` - at `\$\.curve\.scores\[0\]\[0\]`",
        ),
        (
            lambda d: d | {"curve": {name: [] for name in d["curve"]}},
            r"length >= 1 - at `\$\.curve",
        ),
        (lambda d: d | {"curve": d["curve"] | {"scores": [1, 2]}}, "expected the record"),
        (lambda d: [d], "expected the record of a run"),
    ],
)
def test_a_broken_record_is_refused_by_name(path, change, message):
    path.write_text(json.dumps(change(json.loads(path.read_text()))))
    with pytest.raises(ReportError, match=message) as caught:
        load_record(path)
    assert str(caught.value).startswith(str(path))
