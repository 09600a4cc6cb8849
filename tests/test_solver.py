"""Both engines are held to a solver that can be read."""

from __future__ import annotations

import importlib.util
import platform

import numpy as np
import pytest

from tests.readable_solver import physics_step
from walker_env import Options, WalkerBatch, World

EXACT = platform.machine() in ("x86_64", "AMD64")  # elsewhere a C compiler may fuse multiply-adds
DRAG = {
    "none": World(),
    "some": World(damping=0.7),
    "heavy and icy": World(grip_force=15_000.0, damping=0.2),
}


@pytest.mark.parametrize("world", DRAG)
@pytest.mark.parametrize("engine", ["pymunk", "compiled"])
def test_an_engine_moves_every_body_as_the_readable_solver(engine, world, body_name, commands):
    if engine == "compiled" and importlib.util.find_spec("numba") is None:
        pytest.skip("the extra 'fast' is not installed")
    batch = WalkerBatch(1, Options(body=body_name, engine=engine, world=DRAG[world]))
    batch.reset(seed=np.array([0]))
    start = batch.snapshot()
    mechanics = start.position[0], start.velocity[0], start.warm_start[0]
    slipped = 0
    for action in commands(100, batch):
        batch.step(action)
        now = batch.snapshot()
        for _ in range(batch.world.substeps):
            physics_step(batch.body, batch.world, *mechanics, now.grip[0], now.muscle[0])
        for mine, name in zip(mechanics, ("position", "velocity", "warm_start")):
            np.testing.assert_allclose(mine, getattr(now, name)[0], rtol=1e-9, atol=1e-9)
            assert not EXACT or np.array_equal(mine, getattr(now, name)[0]), name
        pull = np.linalg.norm(now.warm_start[0], axis=1)
        slipped += (
            pull > 0.999 * now.grip[0] * batch.world.grip_force * batch.world.physics_dt
        ).sum()
    assert slipped > 0
    assert slipped < 100 * len(batch.body.feet)
