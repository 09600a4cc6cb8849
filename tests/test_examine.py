"""Examination: the same bits whatever the batch, the threads or the process."""

from __future__ import annotations

import functools
import hashlib
import json
import math
import platform
from dataclasses import replace

import msgspec
import numpy as np
import pytest
from msgspec.structs import replace as changed

from agents.baselines import load_agent
from benchmarks.evaluation.examine import examine, much_better
from benchmarks.evaluation.published import ENTRIES, REFERENCES
from benchmarks.evaluation.report import ReportError, Scores, load_report, save_report
from benchmarks.evaluation.suite import Skill
from benchmarks.evaluation.walk import walk
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
    assert (len(report.scores["ice"].public), len(report.scores["ice"].private)) == (3, 5)
    summary = report.summary["disc"]
    assert summary.low <= summary.score <= summary.high
    assert report.suite == "tiny-1"
    assert report.exact
    assert report.versions["engine"] == "compiled"
    assert {"python", "numpy", "pymunk", "walker_env", "engine"} <= set(report.versions)
    assert report.physics == tiny_suite.physics


def test_a_report_says_who_walked(tmp_path, make_policy, tiny_suite):
    policy, path = make_policy(name="tiny/one"), tmp_path / "tiny.safetensors"
    policy.training.update(algorithm="chance", steps=12_000_000)
    policy.save(path)
    about = examine(load_agent(path), tiny_suite, path).agent
    assert about.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert (about.name, about.algorithm, about.file) == ("tiny/one", "chance", "tiny.safetensors")
    assert about.training["steps"] == 12_000_000


def test_the_walk_puts_the_private_courses_together(tiny_suite):
    suite = replace(tiny_suite, horizon=400)
    agent = load_agent("gait")
    report = examine(agent, suite)
    sha256 = hashlib.sha256(b"baseline gait").hexdigest()
    seeds = suite.private_seeds("disc", sha256)
    courses = walk(agent, agent.options.for_evaluation(), seeds, suite.horizon, suite.turn_min)
    seconds = suite.horizon / 20
    assert report.walk.speed == pytest.approx(np.mean(courses["distance"]) / seconds)
    assert report.walk.energy_per_1000 == pytest.approx(
        1000 * sum(courses["energy"]) / sum(courses["distance"])
    )
    assert report.walk.left_share == sum(courses["left_turns"]) / sum(courses["turns"])
    assert report.scores["disc"].private == pytest.approx(
        [score * 100 / seconds for score in courses["score"]]
    )


def test_a_walker_that_does_nothing_has_no_shares(tiny_suite):
    report = examine(load_agent("still"), tiny_suite)
    assert report.summary["disc"].score == report.walk.speed == 0
    assert report.walk.first_target == tiny_suite.horizon / 20
    for name in ("energy_per_1000", "left_share", "course_left_share"):
        assert getattr(report.walk, name) is None


def test_a_part_of_a_suite_gives_the_same_figures(file, report, tiny_suite):
    part = examine(load_agent(file), tiny_suite.part(["ice"], 2), file)
    assert list(part.scores) == ["ice"]
    assert part.scores["ice"].public == report.scores["ice"].public[:1]
    assert part.scores["ice"].private == report.scores["ice"].private[:2]
    whole = examine(load_agent(file), tiny_suite.part(["disc"]), file)
    assert whole.summary["disc"] == report.summary["disc"]
    assert whole.walk == report.walk


def test_a_figure_is_per_100_s_and_in_the_skills_unit(file, tiny_suite):
    short = examine(load_agent(file), tiny_suite, file)
    whole = replace(tiny_suite, skills=(replace(tiny_suite.skills[0], worth=3.0),))
    tripled = examine(load_agent(file), whole, file)
    assert tripled.scores["disc"].public == pytest.approx(
        [3.0 * x for x in short.scores["disc"].public]
    )


def test_pymunk_is_the_check_of_the_official_engine(file, report, tiny_suite):
    other = examine(load_agent(file), tiny_suite, file, engine="pymunk")
    assert report.differences(other) == []


def test_the_batch_and_the_threads_change_no_bit(file, report, tiny_suite):
    larger = replace(tiny_suite, public=70, private=80)
    more = examine(load_agent(file), larger, file)
    for name, parts in report.scores.items():
        assert more.scores[name].public[:3] == parts.public
        assert more.scores[name].private[:5] == parts.private
    many = load_agent(file)
    object.__setattr__(many, "options", replace(many.options, threads=3))
    assert examine(many, tiny_suite, file).differences(report) == []


@pytest.mark.long
def test_another_process_and_a_lesser_processor_give_the_same_bits(file, report, fresh_python):
    script = f"""
import hashlib, json
from agents.baselines import load_agent
from benchmarks.evaluation.examine import examine
from benchmarks.evaluation.suite import TrainingBudget, Skill, Suite
suite = Suite("tiny-1", (Skill("disc", "discs"), Skill("ice", "ice", world="ice", worth=2.0)),
    "disc", (TrainingBudget("steps", steps=2000),), public=3, private=5, horizon=60)
file = {str(file)!r}
print(json.dumps(examine(load_agent(file), suite, file).as_dict()["scores"]))
"""
    scores = report.as_dict()["scores"]
    assert json.loads(fresh_python(script)) == scores
    if platform.machine() not in ("x86_64", "AMD64"):
        return
    usable = " ".join(np.show_config(mode="dicts")["SIMD Extensions"]["found"])
    lesser = {"NUMBA_CPU_NAME": "x86-64", "NPY_DISABLE_CPU_FEATURES": usable}  # no AVX, no FMA
    assert json.loads(fresh_python(script, **lesser)) == scores


def test_a_report_comes_back_from_its_file(report, tmp_path):
    save_report(report, tmp_path / "r.json")
    again = load_report(tmp_path / "r.json")
    assert again == report
    assert again.differences(report) == []


PUBLISHED = [*ENTRIES.glob("*/result*.json"), *REFERENCES.rglob("*.json")]


@pytest.mark.parametrize("path", PUBLISHED, ids=lambda p: f"{p.parent.name}-{p.stem}")
def test_a_published_report_is_written_again_to_the_byte(path, tmp_path):
    save_report(load_report(path), tmp_path / "again.json")
    assert (tmp_path / "again.json").read_bytes() == path.read_bytes()


def test_a_report_cannot_be_changed(report):
    with pytest.raises(AttributeError, match="immutable"):
        report.suite = "mine"
    assert msgspec.to_builtins(report)["suite"] == "tiny-1"


def test_a_report_that_tells_anything_else_differs(report):
    faster = changed(report, walk=changed(report.walk, speed=1.0))
    assert faster.differences(report) == ["walk"]
    finer = changed(report, agent=changed(report.agent, name="x", training={"steps": 1}))
    assert finer.differences(report) == ["agent.name", "agent.training"]
    moved = changed(report, agent=changed(report.agent, file="elsewhere"), versions={})
    assert moved.differences(report) == []


DEEP = functools.reduce(lambda inner, _: {"a": inner}, range(200), {})


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda d: d | {"format": "x"}, "format must be"),
        (lambda d: d | {"colour": 1}, "colour"),
        (lambda d: d | {"walk": d["walk"] | {"colour": 1}}, r"field `colour` - at `\$\.walk`"),
        (lambda d: d | {"summary": {}}, "'disc'"),
        (
            lambda d: d | {"scores": {"disc": {"public": [None], "private": [1]}}},
            r"Expected `float`, got `null` - at `\$\.scores\[\.\.\.\]\.public\[0\]`",
        ),
        (lambda d: d | {"scores": {"disc": {"public": [], "private": [1]}}}, "length >= 1"),
        (lambda d: d | {"scores": {"disc": {"public": [1]}}}, "required field `private`"),
        (lambda d: [], "report"),
        (lambda d: d | {"exact": "yes"}, r"Expected `bool`, got `str` - at `\$\.exact`"),
        (
            lambda d: d | {"walk": d["walk"] | {"speed": None}},
            r"Expected `float`, got `null` - at `\$\.walk\.speed`",
        ),
        (
            lambda d: d | {"agent": d["agent"] | {"name": 3}},
            r"Expected `str`, got `int` - at `\$\.agent\.name`",
        ),
        (
            lambda d: d | {"walk": d["walk"] | {"speed": True}},
            r"Expected `float`, got `bool` - at `\$\.walk\.speed`",
        ),
        (lambda d: d | {"agent": d["agent"] | {"sha256": 10**400}}, "at most 40 digits"),
        (lambda d: d | {"walk": d["walk"] | {"speed": 10**400}}, "at most 40 digits"),
        (lambda d: d | {"walk": d["walk"] | {"speed": math.inf}}, "finite numbers, got Infinity"),
        (lambda d: d | {"agent": {k: v for k, v in d["agent"].items() if k != "sha256"}}, "sha256"),
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
    assert tiny_suite.physics == tiny_suite.physics
    assert tiny_suite.physics != other.physics


def test_a_policy_tuned_to_the_public_courses_is_marked(tiny_suite):
    rng = np.random.default_rng(0)
    private = (30 + rng.normal(size=256)).tolist()
    fair = (30 + rng.normal(size=64)).tolist()
    tuned = [x + 3 for x in fair]
    assert not much_better(Scores(fair, private), tiny_suite)
    assert much_better(Scores(tuned, private), tiny_suite)
    assert not much_better(Scores(private[:64], tuned * 4), tiny_suite)


def test_another_body_is_refused(tiny_suite):
    with pytest.raises(ValueError, match="walks the 'quadruped', this policy drives 'hexapod'"):
        examine(load_agent("still", Options(body="hexapod")), tiny_suite)
