"""What the tests of the walker share: every body, seeded commands, how two runs are compared."""

from __future__ import annotations

import dataclasses
import hashlib
import itertools
import os
import shutil
import signal
import struct
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.no_skips import pytest_make_collect_report, pytest_runtest_makereport  # noqa: F401
from walker_env import BODIES

ROOT = Path(__file__).resolve().parent.parent

# Started in the background, the suite ignores Ctrl-C, and by nohup the end of its terminal; and so
# would every program that it starts.
signal.signal(signal.SIGINT, signal.default_int_handler)
if hasattr(signal, "SIGHUP"):
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


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


@pytest.fixture
def called(tmp_path, monkeypatch, capsys):
    """called(*words): the command line in this process and a folder of its own.

    That something is compiled depends on what this machine has run before, so it is left out.
    """
    from agents.__main__ import main
    from agents.cli import COMPILING

    def call(*words):
        monkeypatch.chdir(tmp_path)
        monkeypatch.setattr(sys, "argv", ["agents", *words])
        with pytest.raises(SystemExit) as ended:
            main()
        captured = capsys.readouterr()
        return ended.value.code, captured.out, captured.err.replace(f"{COMPILING}\n", "")

    return call


@pytest.fixture(scope="session")
def tiny_suite():
    """A suite that takes a fraction of a second."""
    from benchmarks.evaluation.suite import Skill, Suite, TrainingBudget

    return Suite(
        version="tiny-1",
        skills=(Skill("disc", "discs"), Skill("ice", "ice", world="ice", worth=2.0)),
        ranked="disc",
        budgets=(TrainingBudget("steps", steps=2000),),
        runs=4,
        public=3,
        private=5,
        horizon=60,
    )


@pytest.fixture
def make_policy():
    """make_policy(seed, **fields): a small random network that walks somehow."""
    from agents.networks.network import MLP, plain_normaliser
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


class VirtualDisplay:
    """An X server without a screen, with real keys, a real mouse and real screenshots."""

    def __init__(self, folder):
        read, write = os.pipe()
        words = ["Xvfb", "-displayfd", str(write), "-screen", "0", "1300x740x24"]
        words += ["-nolisten", "tcp", "-fbdir", str(folder)]
        self._server = subprocess.Popen(
            words, pass_fds=(write,), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        os.close(write)
        with os.fdopen(read) as told:
            self.name = f":{told.readline().strip()}"
        self._screen = folder / "Xvfb_screen0"
        self.environment = {**os.environ, "DISPLAY": self.name}
        self.environment.pop("SDL_VIDEODRIVER", None)
        self.environment.pop("WAYLAND_DISPLAY", None)

    def do(self, *words):
        """Let xdotool do something, e.g. ``do("key", "F8")``."""
        subprocess.run(["xdotool", *map(str, words)], env=self.environment, check=True, timeout=20)

    def picture(self):
        """What is on the screen, (height, width, 3)."""
        data = self._screen.read_bytes()
        head = struct.unpack(">25I", data[:100])
        size, width, height, line, colours = head[0], head[4], head[5], head[12], head[19]
        pixels = np.frombuffer(data, np.uint8, line * height, size + 12 * colours)
        return pixels.reshape(height, line // 4, 4)[:, :width, 2::-1].copy()

    def close(self):
        self._server.terminate()
        self._server.wait(10)


@pytest.fixture(scope="session")
def display(tmp_path_factory):
    """A virtual display; skips where there is none to be had."""
    for tool in ("Xvfb", "xdotool"):
        if shutil.which(tool) is None:
            pytest.skip(f"{tool} is not installed: no virtual display to test windows on")
    found = VirtualDisplay(tmp_path_factory.mktemp("screen"))
    yield found
    found.close()


@pytest.fixture
def obs():
    """Observations of seven walkers."""
    return np.random.default_rng(3).normal(size=(7, 12)).astype(np.float32)


@pytest.fixture
def saved(tmp_path, make_policy):
    """The file of a small policy."""
    path = tmp_path / "small.safetensors"
    make_policy(seed=2).save(path)
    return path


@pytest.fixture
def assert_acts_as_its_model():
    """Check that the policy of an SB3 learner acts as its model with its normalisation."""

    def check(learner):
        model, policy = learner.model, learner.policy()
        env = model.get_vec_normalize_env()
        raw = env.get_original_obs()
        expected, _ = model.predict(env.normalize_obs(raw), deterministic=True)
        np.testing.assert_allclose(policy.act(raw), expected, atol=1e-5)

    return check
