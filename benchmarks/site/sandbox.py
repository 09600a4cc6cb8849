"""What the page's sandbox is given beside champions: public courses, bodies to begin with."""

from __future__ import annotations

import functools
from typing import Any

from agents.container import load_container
from agents.policy_checks import MAX_BYTES
from benchmarks.evaluation.published import BESTIARY
from benchmarks.evaluation.suite import SUITE_V1, Suite
from walker_env.body import BODIES, ZOO, Body


def public_courses(suite: Suite = SUITE_V1) -> dict[str, Any]:
    """A suite's public courses, so that a page gives a policy the public scores that Python gives.

    Seeds are texts: JavaScript's numbers do not hold them all.
    """
    skills = [
        {
            "name": skill.name,
            "title": skill.title,
            "course": skill.course.as_data(),
            "world": skill.world.stored(),
            "worth": skill.worth,
            "unit": skill.unit,
            "seeds": [str(seed) for seed in suite.public_seeds(skill.name)],
        }
        for skill in suite.skills
    ]
    return {"version": suite.version, "horizon": suite.horizon, "skills": skills}


@functools.cache
def bodies_to_begin_with() -> dict[str, list[list[Any]]]:
    """Bodies by where they come from, each as `pack_body` writes it."""
    elites = [load_container(path, "policy", MAX_BYTES)[1] for path in sorted(BESTIARY.iterdir())]
    return {
        "The zoo": [pack_body(body.as_dict()) for body in (BODIES | ZOO).values()],
        "The bestiary": [pack_body(about["options"]["body"]) for about in elites],
    }


def pack_body(plan: dict[str, Any]) -> list[Any]:
    """A body's plan without names of fields and without what is as usual: `WALKER.unpackBody`.

    Name, nodes, bones, muscles, feet, head, across, hub, skin; a node is its place and its mass
    where that is another one, a link its two nodes and all its numbers where one is another.
    """
    usual = Body.from_dict(_USUAL).as_dict()
    parts = [
        [_packed(one, usual[part][0], count) for one in plan[part]]
        for part, count in (("nodes", 2), ("bones", 2), ("muscles", 2))
    ]
    return [plan["name"], *parts, *(plan[key] for key in ("feet", "head", "across", "hub", "skin"))]


_USUAL = {
    "name": "usual",
    "nodes": [{"x": 0, "y": 10}, {"x": 0, "y": -10}, {"x": 10, "y": 0}],
    "bones": [{"a": 0, "b": 1}],
    "muscles": [{"a": 0, "b": 2}, {"a": 1, "b": 2}],
    "feet": [0, 1],
    "head": [0],
    "across": [0, 1],
    "hub": 0,
}


def _packed(one: dict[str, Any], usual: dict[str, Any], always: int) -> list[float]:
    """Its first numbers, and the others where one of them is not as usual; whole ones as ints."""
    values = [int(x) if x == int(x) else x for x in one.values()]
    same = values[always:] == list(usual.values())[always:]
    return values[:always] if same else values
