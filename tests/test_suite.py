"""The suite as data: courses nobody can tune to and everybody can repeat."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.evaluation.suite import PRIVATE_LEAST, SUITE_V1, Skill, TrainingBudget
from walker_env.seeds import TRAINING_LIMIT, held_out_seeds, validation_seeds

ONE, OTHER = "a" * 64, "b" * 64
FIRST = [9888397433505095748, 10004097364342815460]


def test_suite_1_in_numbers():
    assert (SUITE_V1.public, SUITE_V1.private, SUITE_V1.horizon, SUITE_V1.runs) == (
        64,
        256,
        2000,
        10,
    )
    assert SUITE_V1.budget("steps").steps == 1_000_000
    assert SUITE_V1.budget("cpu").cpu_seconds == 30.0
    assert SUITE_V1.ranked == "disc"
    names = {"disc", "far", "sprint", "turn-left", "turn-right", "slalom", "race"}
    assert {skill.name for skill in SUITE_V1.skills} == names | {"ice", "heavy", "weak", "delay"}


def test_private_courses_depend_on_the_file_the_suite_and_the_skill():
    seeds = SUITE_V1.private_seeds("disc", ONE)
    assert len(set(seeds.tolist())) == 256
    assert np.array_equal(seeds, SUITE_V1.private_seeds("disc", ONE))
    newer = replace(SUITE_V1, version="walker-suite-2")
    for other in (
        SUITE_V1.private_seeds("disc", OTHER),
        SUITE_V1.private_seeds("ice", ONE),
        newer.private_seeds("disc", ONE),
    ):
        assert not set(seeds.tolist()) & set(other.tolist())


def test_private_courses_are_the_same_on_every_machine():
    # worked out with hashlib alone
    assert SUITE_V1.private_seeds("disc", ONE)[:2].tolist() == FIRST


def test_private_courses_are_met_by_nobody_in_training_or_validation():
    least = SUITE_V1.private_seeds("disc", ONE).min()
    assert least >= PRIVATE_LEAST > max(TRAINING_LIMIT, held_out_seeds(9999).max())
    assert least > validation_seeds(9999).max()


def test_a_fixed_course_is_walked_once():
    assert len(SUITE_V1.public_seeds("race")) == len(SUITE_V1.private_seeds("race", ONE)) == 1


def test_a_part_of_a_suite_has_the_same_courses_in_the_same_order():
    part = SUITE_V1.part(["ice", "disc"], 32)
    assert [skill.name for skill in part.skills] == ["disc", "ice"]
    assert (part.version, part.ranked) == (SUITE_V1.version, "disc")
    assert (part.public, part.private) == (8, 32)
    for name in ("disc", "ice"):
        own, whole = (suite.private_seeds(name, ONE) for suite in (part, SUITE_V1))
        assert np.array_equal(own, whole[:32])
        assert np.array_equal(part.public_seeds(name), SUITE_V1.public_seeds(name)[:8])
    assert SUITE_V1.part(["ice", "race"]).ranked == "race"
    assert SUITE_V1.part(courses=1).public == 1
    assert SUITE_V1.part() == SUITE_V1


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Skill("x", "x", course="moon"), "skill x: course must be"),
        (lambda: Skill("x", "x", world="moon"), "skill x: world must be one of"),
        (lambda: TrainingBudget("x"), "either steps or cpu_seconds"),
        (lambda: TrainingBudget("x", steps=1, cpu_seconds=1.0), "either steps or cpu_seconds"),
        (lambda: TrainingBudget("x", steps=0), "either steps or cpu_seconds"),
        (lambda: replace(SUITE_V1, ranked="x"), "'x' among"),
        (lambda: replace(SUITE_V1, public=0), "ints >= 1"),
        (lambda: SUITE_V1.skill("x"), "skill must be one of"),
        (lambda: SUITE_V1.part(["disc", "x"]), "skill must be one of"),
        (lambda: SUITE_V1.part(courses=0), r"courses must lie in \[1, 256\], got 0"),
        (lambda: SUITE_V1.part(courses=257), r"courses must lie in \[1, 256\], got 257"),
        (lambda: SUITE_V1.budget("x"), "budget must be one of"),
    ],
)
def test_what_makes_no_sense_is_refused(make, message):
    with pytest.raises(ValueError, match=message):
        make()
