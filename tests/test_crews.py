"""A population on worker processes: the same results, and workers that end with their master."""

import json
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from multiprocessing.context import SpawnProcess

import numpy as np
import pytest

from agents.crews.crew import make_crew, make_pool
from agents.crews.process_crew import ProcessCrew
from agents.crews.worker import WorkerError
from agents.networks.network import plain_normaliser
from agents.networks.population import MLPs, Shape
from agents.training.budget import Budget
from agents.training.train import config_class, make_config, train
from agents.trial import Trial, Walkers
from tests.watching import alive, children, wait_for
from walker_env import Options

SMALL = {"population": 7, "episodes": [[0, 1]], "hidden": 4, "seed": 3}
OPTIONS = Options(stall_limit=0.4)  # walkers drop out at different times
SHAPE = Shape((12, 4, 6))
WORKER = "multiprocessing.spawn"
"""On the command line of a worker."""


def trial(count=5, steps=20):
    values = np.random.default_rng(0).normal(size=(count, SHAPE.size))
    seeds = np.array([1, 2], np.uint64)
    return Trial(MLPs(SHAPE, values), seeds, steps, plain_normaliser(12), gauge=True)


@pytest.fixture(scope="module")
def crews():
    made = {count: make_crew(OPTIONS, count) for count in (1, 2, 3)}
    yield made
    for crew in made.values():
        crew.close()


def same(one, other):
    names = ("returns", "walked", "seen", "looks", "stance")
    return all(np.array_equal(getattr(one, n), getattr(other, n)) for n in names)


def learned(algorithm, crew, generations=4):
    settings = {**SMALL, "population": 8, "options.stall_limit": 0.4}
    learner = make_config(algorithm, settings, tuned=False).learner(crew)
    for _ in range(generations):
        learner.advance()
    policy = learner.policy()
    tensors = [*policy.network.tensors().values(), policy.normaliser.mean, policy.normaliser.std]
    return b"".join(np.ascontiguousarray(t).tobytes() for t in tensors), learner


@pytest.mark.parametrize("algorithm", ["snes", "ga"])
def test_the_final_policy_does_not_depend_on_the_number_of_workers(algorithm, crews):
    found = {count: learned(algorithm, crew) for count, crew in crews.items()}
    assert found[2][0] == found[1][0]
    assert found[3][0] == found[1][0]
    assert found[1][1].cpu_seconds == 0
    assert found[2][1].cpu_seconds > 0
    assert found[2][1].steps == found[1][1].steps


def test_parts_join_to_the_whole_whichever_walkers_drop_out(crews):
    alone = crews[1].run(trial())
    assert len(set(alone.walked.tolist())) > 1
    for count in (2, 3):
        assert same(crews[count].run(trial()), alone)


def test_a_population_smaller_than_the_crew_is_walked_by_some(crews):
    assert same(crews[3].run(trial(count=1)), crews[1].run(trial(count=1)))


def test_a_worker_that_is_killed_is_replaced_and_its_part_walked_again(crews):
    expected = crews[1].run(trial(steps=2000))
    crew, workers = fresh_crew()
    victim, other = workers
    threading.Timer(0.02, os.kill, (victim, signal.SIGKILL)).start()
    assert same(crew.run(trial(steps=2000)), expected)
    wait_for(lambda: not alive(victim), "the victim's end")
    os.kill(other, signal.SIGKILL)  # between two generations
    wait_for(lambda: not alive(other), "the other's end")
    assert same(crew.run(trial()), crews[1].run(trial()))
    crew.close()


def fresh_crew(options=OPTIONS):
    """A crew of two, and the ids of its workers."""
    before = children(WORKER)
    crew = make_crew(options, 2)
    return crew, sorted(children(WORKER) - before)


@dataclass(frozen=True)
class Deadly:
    """A population that ends whoever looks at it."""

    size: int = 4

    def __len__(self):
        return self.size

    def part(self, first, last):
        return Deadly(last - first)

    def act(self, obs, normaliser):
        os.kill(os.getpid(), signal.SIGKILL)


class Broken(Deadly):
    def part(self, first, last):
        return Broken(last - first)

    def act(self, obs, normaliser):
        raise ArithmeticError("two left feet")


def of(population):
    return Trial(population, np.array([1], np.uint64), 3, plain_normaliser(12))


def test_an_exception_in_a_worker_is_raised_here_and_the_crew_can_be_used_again(crews):
    with pytest.raises(WorkerError, match="ArithmeticError: two left feet") as caught:
        crews[2].run(of(Broken()))
    assert "in act" in str(caught.value.__cause__)
    assert same(crews[2].run(trial()), crews[1].run(trial()))


@pytest.mark.long
def test_workers_that_die_again_and_again_are_given_up(monkeypatch):
    monkeypatch.setattr("agents.crews.process_crew.PATIENCE", 2)
    before = children(WORKER)
    crew = make_crew(Options(), 2)
    with pytest.raises(WorkerError, match=r"2 workers died .* by SIGKILL"):
        crew.run(of(Deadly()))
    assert children(WORKER) == before


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs POSIX signals")
def test_a_signal_to_the_whole_group_ends_no_worker():
    crew, workers = fresh_crew()
    for number in (signal.SIGINT, signal.SIGTERM):
        for worker in workers:
            os.kill(worker, number)
    crew.run(trial())
    assert set(workers) <= children(WORKER)
    crew.close()


def test_closing_ends_the_workers_even_in_the_middle():
    crew, workers = fresh_crew(Options())  # in which nobody drops out before the end
    main = threading.main_thread().ident
    threading.Timer(0.1, signal.pthread_kill, (main, signal.SIGINT)).start()
    with pytest.raises(KeyboardInterrupt):
        crew.run(trial(steps=10**7))
    assert not any(map(alive, workers))


def test_workers_load_neither_torch_nor_evotorch_nor_ray(fresh_python):
    script = """
import sys
import agents.crews.worker, agents.trial
print(*{"torch", "evotorch", "ray", "stable_baselines3"} & set(sys.modules))
"""
    assert fresh_python(script) == ""


MASTER = """
import multiprocessing, sys
from agents.crews.crew import make_crew, make_pool
from tests.test_crews import trial
from walker_env import Options
if __name__ == "__main__":
    crew = make_crew(Options(), 2)
    try:  # before the word that lets Ctrl-C come
        print(*[child.pid for child in multiprocessing.active_children()], flush=True)
        crew.run(trial(steps=10**7))
    except KeyboardInterrupt:
        crew.close()
        print("stopped")
"""


def master(tmp_path):
    path = tmp_path / "master.py"
    path.write_text(MASTER)
    return subprocess.Popen(
        [sys.executable, path],
        env={**os.environ, "PYTHONPATH": os.getcwd()},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs POSIX signals")
def test_workers_end_when_their_master_is_killed(tmp_path):
    process = master(tmp_path)
    pids = [int(word) for word in process.stdout.readline().split()]
    assert len(pids) == 2
    assert all(map(alive, pids))
    process.kill()
    process.communicate(timeout=30)
    wait_for(lambda: not any(map(alive, pids)), "the workers' end")


@pytest.mark.skipif(not hasattr(os, "killpg"), reason="needs POSIX process groups")
def test_ctrl_c_ends_everything_quietly(tmp_path):
    process = master(tmp_path)
    pids = [int(word) for word in process.stdout.readline().split()]
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does
    try:
        out, errors = process.communicate(timeout=30)
    finally:
        process.kill()  # where Ctrl-C has not: it would go on for good
    assert (out.strip(), errors) == ("stopped", "")
    wait_for(lambda: not any(map(alive, pids)), "the workers' end")


@pytest.mark.skipif(not hasattr(signal, "pthread_sigmask"), reason="needs POSIX signals")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_while_a_worker_starts_leaves_none(monkeypatch, number):
    """It would not be in the crew's list yet, ignore SIGTERM, and be waited for at exit."""
    start = SpawnProcess.start

    def stopped(self):
        start(self)
        threading.Thread(target=os.kill, args=(os.getpid(), number)).start()  # any thread is told
        time.sleep(0.1)

    monkeypatch.setattr(SpawnProcess, "start", stopped)
    others = {*multiprocessing.active_children()}  # of crews of other tests
    before = signal.signal(number, signal.default_int_handler)
    try:
        with pytest.raises(KeyboardInterrupt):
            ProcessCrew(Options(), 2)
    finally:
        signal.signal(number, before)
    assert {*multiprocessing.active_children()} <= others


@pytest.mark.parametrize("workers", [0, -1, 1.5, "two", True])
def test_a_crew_has_at_least_one_worker(workers):
    with pytest.raises(ValueError, match="workers must be an int >= 1"):
        make_crew(Options(), workers)


def test_one_worker_is_this_process():
    assert isinstance(make_crew(Options()), Walkers)


@dataclass(frozen=True)
class Alone:
    """Settings of an algorithm without a population."""

    algorithm = "gradients"
    seed: int = 0
    options: Options = field(default_factory=Options)


@pytest.mark.parametrize(
    ("how", "named"), [({"workers": 2}, "--workers 2"), ({"ray": "auto"}, "--ray auto")]
)
def test_an_algorithm_without_a_population_shares_nothing(how, named, tmp_path):
    with pytest.raises(ValueError, match=rf"{named} shares a population .* gradients has none"):
        train(Alone(), Budget(steps=10), tmp_path / "run", **how)
    assert not (tmp_path / "run").exists()
    assert not hasattr(config_class("ppo"), "population")


def test_a_run_with_workers_counts_their_processor_time(tmp_path):
    config = make_config("snes", SMALL, tuned=False)
    run = train(config, Budget(cpu_seconds=0.5), tmp_path / "run", courses=1, workers=2)
    assert run.best.training["run_cpu_seconds"] >= 0.5
    last = json.loads((tmp_path / "run" / "progress.jsonl").read_text().splitlines()[-1])
    assert last["cpu_seconds"] >= 0.5


class Doubler:
    """Doubles numbers, slowly where they are small."""

    def run(self, number):
        time.sleep(0.02 if number < 2 else 0.0)
        return Doubled(2 * number)


@dataclass(frozen=True)
class Doubled:
    value: int
    cpu: float = 0.0


def test_pools_give_outcomes_in_the_order_of_their_jobs():
    pools = [make_pool(Doubler, count) for count in (1, 2)]
    for pool in pools:
        assert [done.value for done in pool.map(range(7))] == [0, 2, 4, 6, 8, 10, 12]
        assert pool.map([]) == []
        pool.close()
    with pytest.raises(ValueError, match="workers must be an int >= 1, got 0"):
        make_pool(Doubler, 0)
