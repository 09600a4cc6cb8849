"""Whole episodes on ground that is not even come to what stepping the batch comes to."""

from __future__ import annotations

import numpy as np
import pytest

from agents.networks.network import Normaliser
from agents.networks.population import MLPs, Shape
from agents.trial import Trial, Walkers
from walker_env import Options, WalkerBatch

pytest.importorskip("numba", reason="the extra 'fast' is not installed")

pytestmark = pytest.mark.long


@pytest.mark.parametrize("kind", ["patches", "track", "sand"])
@pytest.mark.parametrize("layout", ["full", "ground"])
def test_episodes_in_compiled_calls_are_those_of_the_batch(kind, layout):
    options = Options(world=kind, observation=layout)
    batch = WalkerBatch(1, options)
    width = batch.reset(seed=np.zeros(1, np.uint64)).shape[1]
    shape = Shape((width, 8, batch.action_width))
    networks = np.random.default_rng(0).normal(size=(33, shape.size))
    plain = Normaliser(np.zeros(width, np.float32), np.ones(width, np.float32), 5.0)
    trial = Trial(MLPs(shape, networks), np.array([3, 4], np.uint64), 50, plain, True)
    one, other = Walkers(options).run(trial), Walkers(options).step(trial)
    for name in ("returns", "walked", "seen", "stance"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name), err_msg=name)
