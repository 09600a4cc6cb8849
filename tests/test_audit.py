"""The audit: every published course is solvable, and one that is not is found."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from agents.baselines import load_agent
from benchmarks.commands.entries import REFERENCE
from benchmarks.evaluation.audit import PATIENCE, TARGETS, audit, time_to_solve
from benchmarks.evaluation.suite import SUITE_V1, Skill
from benchmarks.site.source import COURSES

pytest.importorskip("numba", reason="the compiled engine is the official one")


@pytest.fixture(scope="module")
def champion():
    return load_agent(REFERENCE)


def test_the_published_courses_of_every_skill_are_solvable(champion):
    suite = replace(SUITE_V1, public=16)  # the first ones; `python -m benchmarks audit` walks all
    verdicts = audit([champion, load_agent("gait")], suite)
    assert [v.skill for v in verdicts] == [skill.name for skill in SUITE_V1.skills]
    assert {v.skill: v.unsolved for v in verdicts if v.unsolved} == {}


@pytest.mark.parametrize("course", COURSES, ids=lambda course: course.id)
def test_the_champion_reaches_targets_on_every_course_of_the_page(champion, course):
    skill = Skill(course.id, course.title, course.draw, course.world)
    seeds = np.array([course.seed], dtype=np.uint64)
    most = PATIENCE * SUITE_V1.horizon
    assert np.isfinite(time_to_solve(champion, skill, seeds, TARGETS, most)).all()


def test_an_audit_finds_courses_that_no_reference_solves(champion, tiny_suite):
    suite = replace(tiny_suite, horizon=400)
    easy, hard = audit([champion], suite, targets=2, patience=3), audit([champion], suite, 40, 1)
    assert [v.skill for v in easy] == ["disc", "ice"]
    assert all(v.unsolved == () and 0 < v.slowest <= 60 for v in easy)
    assert all(len(v.unsolved) == 3 for v in hard)


def test_an_audit_asks_further_references_only_where_one_failed(champion, tiny_suite):
    suite = replace(tiny_suite, skills=(Skill("disc", "discs"),), horizon=300)
    seen = []

    class Watched:
        def __init__(self, agent):
            self.agent, self.options = agent, agent.options

        def act(self, obs):
            seen.append(len(obs))
            return self.agent.act(obs)

    audit([champion, Watched(load_agent("gait"))], suite, targets=1, patience=2)
    assert seen == []
    (verdict,) = audit([load_agent("still"), Watched(champion)], suite, targets=1, patience=2)
    assert verdict.unsolved == ()
    assert set(seen) == {3}
