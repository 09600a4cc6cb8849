"""Examination: the same bits whatever the batch, the threads or the process."""

from __future__ import annotations

import functools
import json
import math
import platform
from dataclasses import replace

import numpy as np
import pytest

from agents.baselines import load_agent
from benchmarks.evaluation.examine import _much_better, examine, suite_fingerprint
from benchmarks.evaluation.report import ReportError, load_report, save_report
from benchmarks.evaluation.suite import Skill
from walker_env import Options

pytest.importorskip("numba", reason="the compiled engine is the official one")


@pytest.fixture
def file(tmp_path, make_policy):
    make_policy().save(tmp_path / "p.safetensors")
    return tmp_path / "p.safetensors"


@pytest.fixture
def report(file, tiny_suite):
    return examine(load_agent(file), tiny_suite, file)


def test_a_report_has_a_figure_for_every_course_and_skill(report, tiny_suite):
    assert list(report.scores) == ["disc", "ice"]
    assert {name: len(v) for name, v in report.scores["ice"].items()} == {"public": 3, "private": 5}
    assert set(report.summary["disc"]) == {"score", "low", "high", "public"}
    assert report.suite == "tiny-1"
    assert report.exact
    assert report.versions["engine"] == "compiled"


def test_a_figure_is_per_100_s_and_in_the_skills_unit(file, tiny_suite):
    short = examine(load_agent(file), tiny_suite, file)
    whole = replace(tiny_suite, skills=(replace(tiny_suite.skills[0], worth=3.0),))
    tripled = examine(load_agent(file), whole, file)
    assert tripled.scores["disc"]["public"] == pytest.approx(
        [3.0 * x for x in short.scores["disc"]["public"]]
    )


def test_pymunk_is_the_check_of_the_official_engine(file, report, tiny_suite):
    other = examine(load_agent(file), tiny_suite, file, engine="pymunk")
    assert report.differences(other) == []


def test_the_batch_and_the_threads_change_no_bit(file, report, tiny_suite):
    larger = replace(tiny_suite, public=70, private=80)
    more = examine(load_agent(file), larger, file)
    for name, parts in report.scores.items():
        assert more.scores[name]["public"][:3] == parts["public"]
        assert more.scores[name]["private"][:5] == parts["private"]
    many = load_agent(file)
    object.__setattr__(many, "options", replace(many.options, threads=3))
    assert examine(many, tiny_suite, file).differences(report) == []


def test_another_process_and_a_lesser_processor_give_the_same_bits(file, report, fresh_python):
    script = f"""
import hashlib, json
from agents.baselines import load_agent
from benchmarks.evaluation.examine import examine
from benchmarks.evaluation.suite import Allowance, Skill, Suite
suite = Suite("tiny-1", (Skill("disc", "discs"), Skill("ice", "ice", world="ice", worth=2.0)),
    "disc", (Allowance("steps", steps=2000),), public=3, private=5, horizon=60)
file = {str(file)!r}
print(json.dumps(examine(load_agent(file), suite, file).scores))
"""
    assert json.loads(fresh_python(script)) == report.scores
    if platform.machine() not in ("x86_64", "AMD64"):
        return
    from numpy._core._multiarray_umath import __cpu_dispatch__, __cpu_features__

    usable = " ".join(name for name in __cpu_dispatch__ if __cpu_features__[name])
    lesser = {"NUMBA_CPU_NAME": "x86-64", "NPY_DISABLE_CPU_FEATURES": usable}  # no AVX, no FMA
    assert json.loads(fresh_python(script, **lesser)) == report.scores


def test_a_report_comes_back_from_its_file(report, tmp_path):
    save_report(report, tmp_path / "r.json")
    again = load_report(tmp_path / "r.json")
    assert again == report
    assert again.differences(report) == []


def test_a_report_that_tells_anything_else_differs(report):
    faster = replace(report, walk={**report.walk, "speed": 1.0})
    assert faster.differences(report) == ["walk"]
    finer = replace(report, agent=report.agent | {"name": "x", "training": {"steps": 1}})
    assert finer.differences(report) == ["agent.name", "agent.training"]
    moved = replace(report, agent=report.agent | {"file": "elsewhere"}, versions={})
    assert moved.differences(report) == []


DEEP = functools.reduce(lambda inner, _: {"a": inner}, range(200), {})


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda d: d | {"format": "x"}, "format must be"),
        (lambda d: d | {"colour": 1}, "colour"),
        (lambda d: d | {"summary": {}}, "'disc'"),
        (lambda d: d | {"scores": {"disc": {"public": [None], "private": []}}}, "finite numbers"),
        (lambda d: [], "report"),
        (lambda d: d | {"exact": "yes"}, "exact is of a wrong kind"),
        (lambda d: d | {"walk": d["walk"] | {"speed": None}}, "walk.speed must be a number"),
        (lambda d: d | {"agent": d["agent"] | {"name": 3}}, "agent.name is of a wrong kind"),
        (lambda d: d | {"agent": d["agent"] | {"sha256": 10**400}}, "at most 40 digits"),
        (lambda d: d | {"walk": d["walk"] | {"speed": 10**400}}, "at most 40 digits"),
        (lambda d: d | {"walk": d["walk"] | {"speed": math.inf}}, "finite numbers, got Infinity"),
        (lambda d: d | {"agent": {k: d["agent"][k] for k in ("name", "algorithm")}}, "sha256"),
        (lambda d: d | {"agent": d["agent"] | {"training": DEEP}}, "nested too deeply"),
    ],
)
def test_a_broken_report_is_refused_by_name(report, tmp_path, change, message):
    path = tmp_path / "r.json"
    path.write_text(json.dumps(change(report.as_dict())))
    with pytest.raises(ReportError, match=message) as caught:
        load_report(path)
    assert str(caught.value).startswith(str(path))


def test_the_fingerprint_changes_with_worlds_and_courses(tiny_suite):
    other = replace(tiny_suite, skills=(tiny_suite.skills[0], Skill("far", "far", course="far")))
    assert suite_fingerprint(tiny_suite) == suite_fingerprint(tiny_suite)
    assert suite_fingerprint(tiny_suite) != suite_fingerprint(other)


def test_a_policy_tuned_to_the_public_courses_is_marked(tiny_suite):
    rng = np.random.default_rng(0)
    private = (30 + rng.normal(size=256)).tolist()
    fair = (30 + rng.normal(size=64)).tolist()
    tuned = [x + 3 for x in fair]
    assert not _much_better({"public": fair, "private": private}, tiny_suite)
    assert _much_better({"public": tuned, "private": private}, tiny_suite)
    assert not _much_better({"public": private[:64], "private": tuned * 4}, tiny_suite)


def test_another_body_is_refused(tiny_suite):
    with pytest.raises(ValueError, match="walks the 'quadruped', this policy drives 'hexapod'"):
        examine(load_agent("still", Options(body="hexapod")), tiny_suite)
