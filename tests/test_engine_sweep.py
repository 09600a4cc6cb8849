"""Every body, champion and world over 2,000 control steps: the engine of the page has every bit."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from agents.baselines import load_agent
from agents.policy import Policy
from benchmarks.evaluation.published import ENTRIES, OPEN
from benchmarks.evaluation.report import load_report
from benchmarks.evaluation.suite import SUITE_V1
from benchmarks.site.build import HERE as SITE
from benchmarks.site.content import ShownCourse
from benchmarks.site.engine import replay_data
from benchmarks.site.walks import record_walk
from tests import engine
from tests.engine import ask, ask_page, case, random_policy, trace
from tests.random_bodies import random_three
from tests.stability_vectors import pairs
from walker_env import BODIES, WORLDS, BodyError, Options, World
from walker_env.body import ZOO
from walker_env.courses import COURSES
from walker_env.stability import check_stable

ELITES = SITE.parent / "bestiary" / "data" / "elites"

pytestmark = [
    pytest.mark.long,
    pytest.mark.timeout(1800),
    pytest.mark.skipif(engine.NODE is None, reason="needs node on the path"),
]


@pytest.fixture(scope="module")
def page():
    """An empty page of a browser."""
    playwright = pytest.importorskip("playwright.sync_api", reason="needs playwright (group: dev)")
    if engine.BROWSER is None:
        pytest.skip(f"needs one of {engine.BROWSERS} on the path")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=engine.BROWSER, args=["--no-sandbox"])
        yield browser.new_page()
        browser.close()


def shipped_bodies():
    """Every body in every world with both layouts, under networks that nobody trained."""
    for i, body in enumerate((BODIES | ZOO).values()):
        for j, world in enumerate(WORLDS):
            for layout in ("full", "original"):
                options = Options(body=body, world=world, observation=layout, course=course(i + j))
                yield random_policy(options, 10 * i + j, graph=j % 2 == 1), options, [i, 2**40 + j]


def champions(folder):
    """Every policy of a folder of entries in every world."""
    for i, path in enumerate(sorted(folder.glob("*/policy.safetensors"))):
        policy = load_agent(path)
        for j, world in enumerate(WORLDS):
            yield policy, replace(policy.options, world=world, course=course(i + j)), [2**40 + i]


def evolved_bodies():
    """The bodies of the published evolution, each with its own policy."""
    for i, path in enumerate(sorted(ELITES.glob("*.safetensors"))):
        policy, world = Policy.load(path), list(WORLDS)[i % len(WORLDS)]
        yield policy, replace(policy.options, world=world, course=course(i)), [i]


def random_bodies():
    """Bodies that nobody made, light and heavy, soft and stiff, with both layouts."""
    bodies = [random_three(seed) for seed in range(60)]
    bodies += [body for body, world in pairs() if world == WORLDS["standard"]]
    for i, body in enumerate(filter(can_walk, bodies)):
        layout = ("full", "original")[i % 2]
        options = Options(body=body, observation=layout, course=course(i))
        yield random_policy(options, i, graph=i % 3 == 0), options, [i]


def own_worlds():
    """Ready-made bodies in worlds as sliders make them."""
    rng, bodies = np.random.default_rng(0), list((BODIES | ZOO).values())
    for i in range(60):
        low, high = [2, 5, 5, 0, 1e3, 0.2, 0.2], [9, 90, 40, 0.3, 1e5, 1, 1]
        iterations, grip, muscle, least, force, damping, left = rng.uniform(low, high).tolist()
        world = World(
            iterations=int(iterations), grip_rate=grip, muscle_rate=muscle, grip_min=least,
            grip_force=force, damping=damping, left_strength=left, sensor_delay=i % 6,
        )  # fmt: skip
        body = bodies[i % len(bodies)]
        if can_walk(body, world):
            options = Options(body=body, world=world, course=course(i))
            yield random_policy(options, i, graph=i % 3 == 0), options, [i, i + 1]


def can_walk(body, world=WORLDS["standard"]):
    try:
        check_stable(body, world)
    except BodyError:
        return False
    return True


def course(number):
    return sorted(COURSES)[number % len(COURSES)]


GROUPS = {
    "shipped bodies": shipped_bodies,
    "champions": lambda: champions(ENTRIES),
    "champions of other bodies": lambda: champions(OPEN),
    "evolved bodies": evolved_bodies,
    "random bodies": random_bodies,
    "own worlds": own_worlds,
}


@pytest.mark.parametrize("group", GROUPS)
def test_every_bit_of_2000_steps_is_pythons_in_node_and_chromium(group, page):
    walks = list(GROUPS[group]())
    assert len(walks) >= 30
    given = [case(*walk) for walk in walks]
    in_node, in_browser = ask("traces", given), ask_page(page, "traces", given)
    for walk, one, other in zip(walks, in_node, in_browser):
        expected = trace(*walk)
        assert (one, other) == (expected, expected), walk[1]


@pytest.mark.parametrize("name", ["trot", "grown"])
def test_public_scores_are_the_published_ones(name):
    policy, report = load_agent(name), load_report(ENTRIES / name / "result.json")
    given = [
        case(
            policy,
            replace(policy.options, course=skill.course, world=skill.world),
            SUITE_V1.public_seeds(skill.name).tolist(),
        )
        for skill in SUITE_V1.skills
    ]
    for skill, found in zip(SUITE_V1.skills, ask("scores", given)):
        figures = [score * skill.worth for score in found["score"]]
        assert figures == report.scores[skill.name].public, skill.name


@pytest.mark.parametrize("world", sorted(WORLDS))
def test_replays_of_champions_are_verified_in_both(world, page):
    course = ShownCourse("one", "A course", 3 << 40, "slalom", world)
    files = sorted(ENTRIES.glob("*/policy.safetensors"))
    given = [replay_data(record_walk(load_agent(file), course).replay) for file in files]
    assert len(json.dumps(given[0])) < 100_000
    for found in (ask("replays", given), ask_page(page, "replays", given)):
        assert [walk["same"] for replay in found for walk in replay] == [True] * len(files)


def test_a_walker_moves_exactly_as_if_alone(page):
    """Whoever stands beside it: one of sixty-four."""
    policy = load_agent("trot")
    seeds = np.arange(64).tolist()
    together = ask("traces", [case(policy, policy.options, seeds)])[0]
    alone = ask_page(page, "traces", [case(policy, policy.options, [seed]) for seed in seeds[::9]])
    assert [one for (one,) in alone] == together[::9]
