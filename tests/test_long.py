"""What takes minutes: everything published once more, and laws over thousands of cases."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.baselines import BASELINES
from benchmarks.evaluation.examine import summarise
from benchmarks.evaluation.published import ENTRIES, REFERENCES, RUNS
from benchmarks.evaluation.report import check_courses, load_report
from benchmarks.evaluation.suite import SUITE_V1
from benchmarks.history.record import load_record
from benchmarks.submission.entries import entry_folders
from benchmarks.submission.submit import verify
from tests.conftest import ROOT
from tests.test_identity import SlopedWorld, StoppedBody, later
from tests.test_physics_compiled import EXACT, random_body
from walker_env import WORLDS, Body, PlanError, RewardWeights, WalkerVectorEnv, World
from walker_env.courses import COURSES

pytest.importorskip("numba", reason="the compiled engine is the official one")

pytestmark = [pytest.mark.long, pytest.mark.timeout(1800)]

RECORDS = sorted(RUNS.glob("*.json"))
THOUSANDS = settings(max_examples=3000, deadline=None, derandomize=True)


def reports():
    """Every published report, by its file."""
    for path in (*ENTRIES.glob("*/result.json"), *REFERENCES.glob("*.json")):
        yield path, load_report(path)
    for path in RECORDS:
        yield path, load_record(path).report


@pytest.mark.parametrize("name", [*(folder.name for folder in entry_folders()), *BASELINES])
def test_a_published_result_comes_out_exactly(name):
    found = dict(verify(names=[name]))
    assert found == dict.fromkeys([name, f"{name} (disc)"], "")


def test_every_published_summary_is_that_of_its_scores():
    assert len(RECORDS) == 160
    for path, report in reports():
        check_courses(report, SUITE_V1, str(path))
        for name, parts in report.scores.items():
            assert report.summary[name] == summarise(parts), f"{path}: {name}"


def test_published_results_keep_their_physics_when_plans_get_fields_and_the_registry_worlds(
    monkeypatch,
):
    monkeypatch.setitem(WORLDS, "mine", replace(WORLDS["ice"], name="mine", grip_min=0.2))
    grown = replace(
        SUITE_V1,
        body=later(SUITE_V1.body, StoppedBody),
        skills=tuple(
            replace(skill, world=later(skill.world, SlopedWorld)) for skill in SUITE_V1.skills
        ),
    )
    for path, report in reports():
        assert report.physics == grown.physics == SUITE_V1.physics, path


def assert_comes_back(plan):
    """A plan is the same from data as from text, and its identity with it."""
    for data in (plan.as_dict(), plan.stored()):
        again = type(plan).from_dict(json.loads(json.dumps(data)))
        assert again == plan
        assert (again.digest, again.as_dict()) == (plan.digest, plan.as_dict())


@THOUSANDS
@given(st.integers(0, 2**32 - 1))
def test_any_body_comes_back_and_another_one_is_another(seed):
    body = random_body(seed)
    assert_comes_back(body)
    nodes = (replace(body.nodes[0], x=body.nodes[0].x + 1), *body.nodes[1:])
    assert replace(body, nodes=nodes).digest != body.digest
    assert replace(body, name="another").digest == body.digest
    with pytest.raises(PlanError, match="digest"):
        Body.from_dict(body.as_dict() | {"digest": "0" * 64})


def changes(kind):
    """Some fields of a plan with values that may be wrong."""
    number = st.floats(0, 2, allow_subnormal=False) | st.integers(0, 5) | st.floats()
    names = [field.name for field in fields(kind) if field.name != "name"]
    return st.dictionaries(st.sampled_from(names), number)


@THOUSANDS
@pytest.mark.parametrize("kind", [World, RewardWeights])
@given(data=st.data())
def test_any_world_and_reward_comes_back_or_is_refused(kind, data):
    given = data.draw(changes(kind))
    try:
        plan = kind(**given)
    except PlanError:
        return
    assert_comes_back(plan)
    same = all(getattr(plan, name) == getattr(kind(), name) for name in given)
    assert (plan.digest == kind().digest) == same


@pytest.mark.skipif(not EXACT, reason="exact on x86-64 only")
@pytest.mark.parametrize("course", sorted(COURSES))
@pytest.mark.parametrize("world", sorted(WORLDS))
def test_both_engines_walk_alike_for_thousands_of_steps(world, body_name, course):
    how = {"body": body_name, "world": world, "course": course, "stall_limit": 5.0}
    one, other = (
        WalkerVectorEnv(4, max_episode_steps=400, engine=engine, **how)
        for engine in ("pymunk", "compiled")
    )
    assert np.array_equal(one.reset(seed=1)[0], other.reset(seed=1)[0])
    rng = np.random.default_rng(2)
    for step in range(5000):
        action = rng.uniform(-1, 1, one.action_space.shape).astype(np.float32)
        for mine, theirs in zip(one.step(action)[:4], other.step(action)[:4]):
            assert np.array_equal(mine, theirs), f"step {step}"
    assert np.array_equal(one.batch.state.position, other.batch.state.position)


def test_the_whole_page_is_built(tmp_path):
    words = [sys.executable, "-m", "benchmarks", "site", "--out", str(tmp_path / "site")]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    pages = {path.stem for path in (tmp_path / "site" / "entries").glob("*.html")}
    assert {folder.name for folder in entry_folders()} <= pages
