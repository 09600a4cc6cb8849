"""Helper threads: they help, they sleep, they end, and nothing depends on them."""

from __future__ import annotations

import copy
import gc
import multiprocessing
import os
import threading
import time

import numpy as np
import pytest

from tests.watching import wait_for
from walker_env import Options, WalkerBatch

pytest.importorskip("numba", reason="the extra 'fast' is not installed")

from walker_env.compiled.team import HELPER

N = 300


@pytest.fixture(autouse=True)
def cores(monkeypatch):
    """Three cores, wherever the tests run."""
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: {0, 1, 2}, raising=False)


def batch(threads=3, seed=0):
    made = WalkerBatch(N, Options(engine="compiled", threads=threads))
    made.reset(seed=np.arange(N) + seed)
    return made


def walk(made, steps=30):
    for action in np.random.default_rng(1).uniform(-1, 1, (steps, N, 6)):
        step = made.step(action)
    return step.observation


def walk_twice(*counts):
    made = batch(threads=1)
    return [walk(made, count) for count in counts][-1]


@pytest.fixture
def helpers():
    """helpers(): the threads that help with steps and were not there before the test."""

    def now():
        return {thread for thread in threading.enumerate() if thread.name == HELPER}

    before = now()
    return lambda: now() - before


def rests():
    """Whether this process used next to no processor time in a tenth of a second."""
    before = time.process_time()
    time.sleep(0.1)
    return time.process_time() - before < 0.02


def test_helpers_start_with_the_first_step_and_sleep_when_there_is_none(helpers):
    made = batch()
    assert helpers() == set()
    walk(made, 1)
    assert len(helpers()) == 2
    wait_for(rests, "rest")
    assert len(helpers()) == 2


def test_every_part_of_a_step_is_done_once():
    made = batch()
    walk(made, 1)
    wait_for(rests, "rest")  # compiled by now
    seen = walk(made, 50)
    assert (made.state.steps == 51).all()
    assert np.array_equal(seen, walk_twice(1, 50))


def test_a_batch_that_goes_takes_its_helpers_along(helpers):
    made = batch()
    walk(made)
    assert len(helpers()) == 2
    del made
    gc.collect()
    wait_for(lambda: not helpers(), "the helpers' end")


def test_a_copy_has_helpers_of_its_own(helpers):
    made = batch()
    walk(made)
    other = copy.deepcopy(made)
    assert len(helpers()) == 2
    assert np.array_equal(walk(made), walk(other))
    assert len(helpers()) == 4


def test_batches_step_in_threads_of_the_callers_own():
    expected = [walk(batch(threads=1, seed=seed)) for seed in range(3)]
    found = [None] * 3

    def run(seed):
        found[seed] = walk(batch(seed=seed))

    callers = [threading.Thread(target=run, args=(seed,)) for seed in range(3)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    assert all(np.array_equal(a, b) for a, b in zip(expected, found))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs POSIX fork")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_forked_process_goes_on(helpers):
    made = batch()
    walk(made)

    def goes_on():
        walk(made)
        assert len(helpers()) == 2

    child = multiprocessing.get_context("fork").Process(target=goes_on)
    child.start()
    child.join()
    assert child.exitcode == 0
    walk(made)


def test_a_process_ends_with_helpers_awake(fresh_python):
    script = """
import numpy as np
import os
os.sched_getaffinity = lambda pid: {0, 1, 2}
from walker_env import WalkerVectorEnv
env = WalkerVectorEnv(300, engine="compiled", threads=3)
env.reset(seed=0)
for _ in range(20):
    env.step(np.zeros((300, 6), dtype=np.float32))
print("done")
"""
    assert fresh_python(script) == "done"
