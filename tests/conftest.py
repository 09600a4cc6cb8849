"""What the tests of the walker share: every body, seeded commands, how two runs are compared."""

from __future__ import annotations

import dataclasses
import hashlib
import itertools
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from walker_env import BODIES

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(params=sorted(BODIES))
def body_name(request):
    return request.param


@pytest.fixture(params=["full", "original"])
def layout_name(request):
    return request.param


@pytest.fixture
def commands():
    """commands(steps, n, batch, seed): random actions (T, N, A) that often hit the limits."""

    def draw(steps, batch, seed=0):
        rng = np.random.default_rng(seed)
        shape = (steps, batch.n, batch.action_width)
        return np.clip(1.3 * rng.uniform(-1, 1, shape), -1, 1).astype(np.float32)

    return draw


@pytest.fixture
def assert_same_state():
    """Two states are the same bit for bit, whichever rows are compared."""

    def compare(one, other, rows_one=slice(None), rows_other=slice(None), skip=()):
        for field in dataclasses.fields(one):
            if field.name in skip:
                continue
            a, b = getattr(one, field.name)[rows_one], getattr(other, field.name)[rows_other]
            assert a.dtype == b.dtype, field.name
            assert np.array_equal(a, b), f"state.{field.name} differs"

    return compare


@pytest.fixture
def digest():
    """A hash over arrays that changes with every bit of them."""

    def of(arrays):
        found = hashlib.sha256()
        for array in arrays:
            found.update(np.ascontiguousarray(array).tobytes())
        return found.hexdigest()

    return of


@pytest.fixture
def fresh_python():
    """Run a script in a Python process of its own and return what it prints."""

    def run(script, **environment):
        path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]).rstrip(os.pathsep)
        done = subprocess.run(
            [sys.executable, "-W", "error", "-c", script],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": path, **environment},
            capture_output=True,
            text=True,
            timeout=100,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    return run


@pytest.fixture(scope="session")
def tiny_suite():
    """A suite that takes a fraction of a second."""
    from benchmarks.suite import Allowance, Skill, Suite

    return Suite(
        version="tiny-1",
        skills=(Skill("disc", "discs"), Skill("ice", "ice", world="ice", worth=2.0)),
        ranked="disc",
        budgets=(Allowance("steps", steps=2000),),
        public=3,
        private=5,
        horizon=60,
    )


@pytest.fixture
def make_policy():
    """make_policy(seed, **fields): a small random network that walks somehow."""
    from agents.network import MLP, plain_normaliser
    from agents.policy import Policy
    from walker_env import Options

    def make(seed=0, options=None, name="small", hidden=4, scale=1.0):
        rng = np.random.default_rng(seed)
        sizes = (12, hidden, 6)
        layers = [
            (scale * rng.normal(size=(i, o)).astype(np.float32), np.zeros(o, np.float32))
            for i, o in itertools.pairwise(sizes)
        ]
        return Policy(name, MLP(tuple(layers)), plain_normaliser(12), options or Options())

    return make
