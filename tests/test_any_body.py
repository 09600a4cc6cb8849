"""A body and a world of one's own, from JSON files through every command, to the end."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pytest
from safetensors import safe_open
from typer.testing import CliRunner

import agents.__main__
import benchmarks.__main__
from agents.policy import Policy
from tests.own_bodies import spider
from walker_env import BODIES
from walker_env.params import WORLDS, World
from walker_env.replay import Replay
from walker_env.replay import main as replay_command

pytest.importorskip("pygame")
pytest.importorskip("matplotlib")

MUD = World("mud", grip_force=30_000.0, damping=0.5)
BRIEF = ("--set", "population=4", "--set", "episodes=[[0,1]]", "--courses", "1", "--quiet")


def call(app, *words):
    done = CliRunner().invoke(app, [str(word) for word in words])
    assert done.exit_code == 0, (words, done.output, done.exception)
    return done.output


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    """A trained spider's policy file, and the files of its body and world."""
    folder = tmp_path_factory.mktemp("own")
    for name, plan in (("legs", spider()), ("mud", MUD)):
        (folder / f"{name}.json").write_text(json.dumps(plan.as_dict()))
    plans = ("--body", folder / "legs.json", "--world", folder / "mud.json")
    words = ("train", "snes", "--steps", "200", "--out", folder / "run", *plans, *BRIEF)
    call(agents.__main__.app, *words)
    return SimpleNamespace(folder=folder, plans=plans, policy=folder / "run/policy.safetensors")


def test_the_run_and_the_policy_hold_the_whole_plans(own):
    held = json.loads((own.folder / "run" / "config.json").read_text())
    with safe_open(own.policy, "np") as file:
        told = json.loads(file.metadata()["policy"])
    for options in (held["config"]["options"], told["options"]):
        assert options["body"] == spider().stored()
        assert options["world"] == MUD.stored()


def test_a_fresh_process_elsewhere_walks_with_the_file_alone(own, fresh_python, tmp_path):
    copy = tmp_path / "copy.safetensors"
    copy.write_bytes(own.policy.read_bytes())
    script = f"""
import numpy as np
from agents.baselines import load_agent
from walker_env import BODIES, WalkerBatch
agent = load_agent({str(copy)!r})
batch = WalkerBatch(1, agent.options)
batch.step(agent.act(batch.reset(seed=np.array([1], np.uint64))))
assert len(BODIES) == 3
print(agent.options.body.digest, agent.options.world.digest)
"""
    assert fresh_python(script).split() == [spider().digest, MUD.digest]


@pytest.mark.parametrize("ending", ["gif", "mp4"])
def test_it_is_filmed(own, tmp_path, ending):
    film = tmp_path / f"walk.{ending}"
    words = ("show", own.policy, f"--{ending}", film, "--seconds", "0.3", "--size", "120")
    call(agents.__main__.app, *words)
    assert film.stat().st_size > 500


def test_it_is_evaluated_in_its_body_and_world(own, tmp_path):
    words = ("evaluate", own.policy, "random", *own.plans, "--courses", "1", "--out", tmp_path)
    call(benchmarks.__main__.app, *words)
    report = json.loads((tmp_path / "random.json").read_text())
    assert report["agent"]["options"]["body"] == spider().stored()
    assert all(score >= 0 for score in report["scores"]["disc"]["public"])


def test_it_races_beside_other_bodies_and_the_replay_is_true(own, tmp_path, capsys):
    film, replay = tmp_path / "race.gif", tmp_path / "race.npz"
    how = ("--gif", film, "--seconds", "0.5", "--size", "120", "--replay", replay)
    call(benchmarks.__main__.app, "race", own.policy, "gait", *how)
    assert film.read_bytes()[:4] == b"GIF8"
    bodies = [walker.options.body for walker in Replay.load(replay).walkers]
    assert bodies == [spider(), BODIES["quadruped"]]
    assert replay_command(["verify", str(replay)]) == 0
    assert "come out exactly" in capsys.readouterr().out


@pytest.mark.long
def test_its_gait_has_a_page_and_its_walk_has_figures(own, tmp_path):
    page = tmp_path / "gait.html"
    output = call(benchmarks.__main__.app, "gait", own.policy, "--out", page)
    name = Policy.load(own.policy).name
    assert f"| {name} |" in output
    assert f"{spider().name}, learned by snes" in page.read_text()
    for figure, how in (("footfall", ()), ("paths", ("--seconds", 1)), ("timeline", ())):
        out = tmp_path / f"{figure}.png"
        call(benchmarks.__main__.app, "figure", figure, own.policy, *how, "--out", out)
        assert out.read_bytes()[:4] == b"\x89PNG"


def test_nothing_of_it_became_ready_made(own):
    assert spider() not in BODIES.values()
    assert MUD not in WORLDS.values()
