"""A population on a real cluster of two nodes, one of which is killed in the middle."""

import json
import os
import secrets
import socket
import subprocess
import sys

import pytest

from agents.crews import cluster
from agents.crews.crew import make_crew
from walker_env import Options

pytestmark = pytest.mark.timeout(240)

pytest.importorskip("ray", reason="Ray is not installed (group: ray)")

SCRIPT = """
import json, os, signal
import ray
from ray.cluster_utils import Cluster

node = {"num_cpus": 1, "object_store_memory": 80_000_000}
nodes = Cluster(initialize_head=True, head_node_args=node | {"include_dashboard": False})
second = nodes.add_node(**node)
print("STARTED", flush=True)

from agents.crews.crew import make_crew
from agents.training.train import make_config
from agents.crews.worker import WorkerError
from tests.watching import wait_for

settings = {"population": 7, "episodes": [[0, 1]], "hidden": 4, "seed": 3}
config = make_config("snes", settings | {"options.stall_limit": 0.4}, tuned=False)

def policy(learner):
    policy = learner.policy()
    tensors = [*policy.network.tensors().values(), policy.normaliser.mean, policy.normaliser.std]
    return "".join(tensor.tobytes().hex() for tensor in tensors)

found = {}
try:
    make_crew(config.options, 3, nodes.address)
except WorkerError as error:
    found["too many"] = str(error)
crew = make_crew(config.options, 1, nodes.address)
found["actors"] = [len(crew.actors)]
learner = config.learner(crew)
learner.advance()
generations = 2
ray.kill(crew.actors[0])
learner.advance()
found["actors"].append(len(crew.actors))
def joined():
    global generations
    learner.advance()
    generations += 1
    return len(crew.actors) == 2

wait_for(joined, "a successor, which joins between two generations")
found["actors"].append(len(crew.actors))
def where(actor):
    return ray.get_runtime_context().get_node_id(), os.getpid()

places = dict(ray.get([actor.__ray_call__.remote(where) for actor in crew.actors]))
nodes.remove_node(second, allow_graceful=False)
os.kill(places[second.node_id], signal.SIGKILL)  # a machine that is gone takes its actors along
for _ in range(5):
    learner.advance()
found["actors"].append(len(crew.actors))
alone = config.learner(make_crew(config.options))
for _ in range(generations + 5):
    alone.advance()
found["same"] = policy(learner) == policy(alone)
found["cpu"] = learner.cpu_seconds
crew.close()
found["left"] = not ray.is_initialized()
print("FOUND", json.dumps(found))
nodes.shutdown()
"""


BODIES = """
import json
from ray.cluster_utils import Cluster

node = {"num_cpus": 2, "object_store_memory": 80_000_000}
nodes = Cluster(initialize_head=True, head_node_args=node | {"include_dashboard": False})
print("STARTED", flush=True)

from agents.evolving.outcome import table
from tests.test_evolving import config

def evolved(ray):
    pool = config().make_crew(1, ray)
    search = config().learner(pool)
    for _ in range(3):
        search.advance()
    pool.close()
    return table(search.records), [search.policy_of(r).to_bytes().hex() for r in search.elites]

print("FOUND", json.dumps({"same": evolved(nodes.address) == evolved(None)}))
nodes.shutdown()
"""


@pytest.fixture(scope="module")
def found():
    """What the script saw."""
    return seen_by(SCRIPT)


def seen_by(script):
    """What a script saw; its processes are in a group of their own, which ends with it."""
    mine = {"RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": secrets.token_hex(20)}
    process = subprocess.Popen(
        [sys.executable, "-c", script],
        env={**os.environ, "PYTHONPATH": os.getcwd(), "RAY_USAGE_STATS_ENABLED": "0", **mine},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        out, errors = process.communicate(timeout=200)
    finally:
        process.terminate()  # its nodes' processes end with it
    lines = [line for line in out.splitlines() if line.startswith("FOUND ")]
    if "STARTED" not in out:
        pytest.skip(f"Ray cannot start here: {errors[-300:]}")
    assert lines, errors
    return json.loads(lines[-1].removeprefix("FOUND "))


@pytest.mark.long
def test_a_killed_actor_and_a_killed_node_change_nothing(found):
    assert found["same"]


@pytest.mark.long
def test_each_processor_of_the_cluster_gets_an_actor_and_a_lost_one_a_successor(found):
    assert found["actors"] == [2, 1, 2, 1]


@pytest.mark.long
def test_processor_time_of_the_actors_is_counted(found):
    assert found["cpu"] > 0


@pytest.mark.long
def test_more_actors_than_processors_are_refused(found):
    assert "has 2 processors, too few for 3" in found["too many"]


@pytest.mark.long
def test_a_closed_crew_leaves_the_cluster(found):
    assert found["left"]


@pytest.mark.long
def test_bodies_evolve_alike_on_a_cluster():
    assert seen_by(BODIES)["same"]


def free_port():
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return held.getsockname()[1]


def test_an_address_nobody_answers_is_a_clear_error():
    address = f"127.0.0.1:{free_port()}"
    with pytest.raises(ConnectionError, match=f"{address} .*refused.*ray start --head"):
        make_crew(Options(), ray=address)


def test_who_answers_but_is_no_cluster_is_told_apart(monkeypatch):
    monkeypatch.setattr(cluster, "HEALTH_SECONDS", 0.5)
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        address = f"127.0.0.1:{other.getsockname()[1]}"
        with pytest.raises(ConnectionError, match=f"what answers at {address} is no Ray cluster"):
            make_crew(Options(), ray=address)


@pytest.mark.parametrize("address", ["", "nowhere", "host:port", "127.0.0.1:99999", "a b:1"])
def test_an_address_is_checked(address):
    with pytest.raises(ValueError, match="a Ray address must be host:port or auto"):
        make_crew(Options(), ray=address)


def test_token_mode_without_a_token_is_told_before_ray_gives_up(monkeypatch, tmp_path):
    for name in ("RAY_AUTH_TOKEN", "RAY_AUTH_TOKEN_PATH"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("RAY_AUTH_MODE", "token")
    monkeypatch.setenv("HOME", str(tmp_path))
    with pytest.raises(ConnectionError, match="there is no token"):
        make_crew(Options(), ray="auto")
