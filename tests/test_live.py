"""The live window: it takes over what a run finds, at the lowest priority, and ends with it."""

import os
import subprocess
import sys

import numpy as np
import pytest

from agents.networks.network import MLP, plain_normaliser
from agents.policy import Policy
from walker_env import Options

pytest.importorskip("pygame")


def save_policy(path, grip):
    bias = np.full(6, grip)
    Policy("p", MLP(((np.zeros((12, 6)), bias),)), plain_normaliser(12)).save(path)


def test_a_new_policy_takes_over_and_the_window_closes(tmp_path, monkeypatch):
    import agents.live
    from walker_env import WalkerEnv
    from walker_env.render.view import View

    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    monkeypatch.setattr(agents.live.os, "nice", lambda amount: None)
    path, seen = tmp_path / "policy.safetensors", []
    save_policy(path, 1.0)

    def step(self, action):
        seen.append(float(action[0]))
        if len(seen) == 5:
            save_policy(path, -1.0)
        return WalkerEnv.reset(self, seed=0)[0], 0.0, False, False, {}

    monkeypatch.setattr(WalkerEnv, "step", step)
    monkeypatch.setattr(View, "show", lambda self, batch: None)
    monkeypatch.setattr(WalkerEnv, "window_closed", property(lambda self: len(seen) >= 60))
    agents.live.watch_live(path, 100)
    assert seen[0] == 1.0
    assert seen[-1] == -1.0


def test_the_best_of_a_folder_walk_in_turn_in_their_own_bodies(tmp_path, monkeypatch):
    import agents.live
    from walker_env import WalkerEnv
    from walker_env.render.view import View

    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    monkeypatch.setattr(agents.live.os, "nice", lambda amount: None)
    monkeypatch.setattr("agents.live.TURN", 40)
    save_policy(tmp_path / "001-a.safetensors", 1.0)
    hexapod = Options(body="hexapod")
    network = MLP(((np.zeros((16, 10)), np.zeros(10)),))
    Policy("p", network, plain_normaliser(16), hexapod).save(tmp_path / "002-b.safetensors")
    seen = []

    def step(self, action):
        seen.append(self.batch.body.name)
        return WalkerEnv.reset(self, seed=0)[0], 0.0, False, False, {}

    monkeypatch.setattr(WalkerEnv, "step", step)
    monkeypatch.setattr(View, "show", lambda self, batch: None)
    monkeypatch.setattr(WalkerEnv, "window_closed", property(lambda self: len(seen) >= 100))
    agents.live.watch_live(tmp_path, 100)
    assert seen == ["quadruped"] * 40 + ["hexapod"] * 40 + ["quadruped"] * 20


@pytest.mark.skipif(not hasattr(os, "nice"), reason="priorities are POSIX")
def test_it_runs_at_the_lowest_priority_and_ends_with_the_run(tmp_path):
    path = tmp_path / "policy.safetensors"
    save_policy(path, 1.0)
    script = f"""
import os
from pathlib import Path
from agents.training.progress import Live
from tests.watching import children, wait_for
live = Live()
live.start("snes", Path({str(tmp_path)!r}), 0)
live.validated(None, 0.0, Path({str(tmp_path)!r}))
try:
    (window,) = wait_for(lambda: children("--live"), "the window's process")
    wait_for(lambda: os.getpriority(os.PRIO_PROCESS, window) == 19, "the lowest priority")
finally:
    live.stop()
print("left:", *children("--live"))
"""
    environment = {**os.environ, "SDL_VIDEODRIVER": "dummy", "PYTHONPATH": os.getcwd()}
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, env=environment, timeout=100
    )
    assert done.stdout == "left:\n", done.stderr
