"""The search in the page: it learns, goes on as if it had never stopped, and saves policies."""

from __future__ import annotations

import pytest

from agents.algorithms.snes import SNESConfig
from agents.policy import Policy
from agents.rollout import episode_scores
from tests.engine import NODE, ask
from walker_env import BODIES, Options
from walker_env.seeds import held_out_seeds

pytestmark = pytest.mark.skipif(NODE is None, reason="needs node on the path")

COURSES = held_out_seeds(4)


def evolve(steps, body="quadruped", **more):
    config = SNESConfig(population=32, hidden=(8,), **more.pop("config", {}))
    names = ("population", "courses", "hidden", "stdev", "centre_rate", "episodes")
    settings = {name: getattr(config, name) for name in names}
    task = {"body": BODIES[body].as_dict(), "world": {}, "observation": "full"}
    given = {"task": task, "settings": settings, "seed": 3, "steps": steps}
    return ask("evolve", given | {"courses": [str(seed) for seed in COURSES]} | more)


def test_what_is_learned_in_the_page_walks_in_python_to_the_last_bit(tmp_path):
    found = evolve(1_000_000, config={"stdev": 0.6294, "centre_rate": 1.658})
    path = tmp_path / "policy.safetensors"
    path.write_bytes(bytes(found["file"]))
    policy = Policy.load(path)
    assert policy.options == Options()
    assert policy.training["steps"] == found["walked"] >= 1_000_000
    here = episode_scores(policy.act, policy.options.for_evaluation(), COURSES)
    assert found["scores"] == here.tolist()
    assert here.mean() > 2.0  # it has learned to walk
    assert found["curve"][-1][1] > found["curve"][0][1]


def test_a_search_that_was_saved_goes_on_as_if_it_had_not_been():
    whole, split = evolve(60_000), evolve(60_000, split=37)
    assert whole["curve"] == split["curve"]
    assert whole["file"] == split["file"]


def test_another_body_learns_too(tmp_path):
    found = evolve(20_000, body="hexapod")
    path = tmp_path / "policy.safetensors"
    path.write_bytes(bytes(found["file"]))
    policy = Policy.load(path)
    assert policy.options.body == BODIES["hexapod"]
    here = episode_scores(policy.act, policy.options.for_evaluation(), COURSES)
    assert found["scores"] == here.tolist()


@pytest.mark.long
def test_the_tuned_search_makes_ten_targets_within_its_time(tmp_path):
    """Two minutes of a core are some 40 million control steps here; a tenth must do."""
    found = evolve(4_000_000, config={"stdev": 0.9515, "centre_rate": 0.5231})
    assert sum(found["scores"]) / len(found["scores"]) > 10.0
