"""One identity of the physics: what takes part and nothing else, and it moves with the numbers."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import numpy as np
import pytest

from tests.later_plans import SlopedWorld, StoppedBody, later
from walker_env import BODIES, WORLDS, Options, WalkerBatch, World, legacy
from walker_env.identity import PHYSICS_VERSION, physics_hash, physics_of

TRACES = {0: "c75b9e2c84526ebcf545f2dcd459021164fa9ba8a67a0b2293178d1d760aaef3"}
"""Of each `PHYSICS_VERSION`, the SHA-256 over every bit of the walks below."""

STEPS = 100


def trace(engine):
    """Every body in every world under seeded actions: all states, rewards and observations."""
    found = hashlib.sha256()
    for body in legacy.BODY_DIGESTS:
        for world in legacy.WORLD_DIGESTS:
            options = Options(body=body, world=world, energy_price=0.1, engine=engine)
            batch = WalkerBatch(3, options)
            seen = [batch.reset(seed=np.arange(3))]
            rng = np.random.default_rng(0)
            for _ in range(STEPS):
                step = batch.step(rng.uniform(-1.3, 1.3, (3, batch.action_width)))
                seen += [step.observation, step.reward, *step.terms.values()]
            state = batch.snapshot()
            seen += [state.position, state.velocity, state.drive, state.energy, state.warm_start]
            for array in seen:
                found.update(np.ascontiguousarray(array).tobytes())
    return found.hexdigest()


def test_the_same_plans_and_actions_give_the_numbers_of_this_physics_version():
    found = trace("auto")
    assert found == TRACES.get(PHYSICS_VERSION), (
        f"the physics gives other numbers than version {PHYSICS_VERSION} did: bump the version, "
        f"add {found!r} under it, and evaluate the published results again"
    )


def test_the_names_of_version_0_1_stand_for_the_plans_they_stood_for():
    assert {name: BODIES[name].digest for name in legacy.BODY_DIGESTS} == legacy.BODY_DIGESTS
    assert {name: WORLDS[name].digest for name in legacy.WORLD_DIGESTS} == legacy.WORLD_DIGESTS


def test_a_name_that_stands_for_another_plan_today_is_refused(monkeypatch):
    heavy = tuple(replace(node, mass=14.0) for node in BODIES["quadruped"].nodes)
    monkeypatch.setitem(BODIES, "quadruped", replace(BODIES["quadruped"], nodes=heavy))
    with pytest.raises(ValueError, match=r"'quadruped' of version .* is another plan"):
        legacy.named_options({"body": "quadruped"})


def test_a_field_added_later_changes_no_identity_at_its_neutral_value():
    for world in WORLDS.values():
        assert later(world, SlopedWorld).digest == world.digest
    for body in BODIES.values():
        assert later(body, StoppedBody).digest == body.digest
    assert SlopedWorld(slope=0.1).digest != World().digest
    data = World("old").as_dict()
    assert SlopedWorld.from_dict(data).slope == 0.0
    assert SlopedWorld.from_dict(SlopedWorld(slope=0.1).stored()).slope == 0.1


def test_the_physics_depends_on_plans_and_not_on_labels_courses_or_prices():
    one = physics_hash([Options()])
    named = replace(BODIES["quadruped"], name="mine")
    assert physics_hash([Options(body=named, course="race", energy_price=2.0)]) == one
    assert physics_hash([Options(observation="original", reward="sparse")]) == one
    others = {
        physics_hash([options])
        for options in (Options(body="hexapod"), Options(world="ice"), Options(world="delay"))
    }
    assert len(others | {one}) == 4
    assert physics_of(Options())["physics_version"] == PHYSICS_VERSION
