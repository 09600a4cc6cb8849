"""Windows under a virtual display, driven by real keys and a real mouse."""

from __future__ import annotations

import json
import subprocess
import sys

import numpy as np
import pytest

pytest.importorskip("pygame")

from tests.conftest import ROOT
from tests.own_bodies import spider
from tests.watching import wait_for
from walker_env import World
from walker_env.replay import Replay

SAND = (223, 198, 152)


@pytest.fixture
def program(display):
    """program(*words): start ``python -m words`` and wait until its window shows sand."""
    running = []

    def start(*words):
        running.append(
            subprocess.Popen(
                [sys.executable, "-m", *words],
                cwd=ROOT,
                env=display.environment,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
        )
        display.do("mousemove", 650, 370)  # keys go where the pointer is
        wait_for(lambda: sandy(display.picture()), "a window with sand")
        return running[-1]

    yield start
    for process in running:
        process.kill()
        process.communicate()


def sandy(picture: np.ndarray) -> bool:
    return bool((np.abs(picture.astype(int) - SAND).max(axis=2) < 40).mean() > 0.2)


def leave(display, process) -> str:
    display.do("key", "Escape")
    out, error = process.communicate(timeout=20)
    assert process.returncode == 0, error
    return out


def hold(display, *keys):
    """Hold keys down until they have moved something."""
    before = display.picture()
    display.do("keydown", *keys)
    moved = "a walker that moves"
    wait_for(lambda: (display.picture() != before).any(axis=2).mean() > 0.01, moved)
    display.do("keyup", *keys)


def stands_still(see) -> bool:
    """Whether what is seen stays the same for some pictures."""
    first = see()
    return all((see() == first).all() for _ in range(10))


def test_a_game_with_real_keys_and_clicks(display, program, tmp_path):
    game = program("agents", "play", "gait", "--out", str(tmp_path / "mine"))
    hold(display, "2", "Up")
    hold(display, "1", "Down")
    display.do("mousemove", 800, 200, "click", 1)
    display.do("mousemove", 650, 370)
    display.do("key", "space")
    display.do("key", "F8")
    films = wait_for(lambda: list((tmp_path / "mine").glob("2*.gif")), "a GIF")
    assert films[0].read_bytes()[:4] == b"GIF8"
    leave(display, game)


@pytest.mark.long
def test_a_game_with_a_body_and_a_world_of_ones_own(display, program, tmp_path):
    for name, plan in (("my", spider()), ("mud", World("mud", damping=0.5))):
        (tmp_path / f"{name}.json").write_text(json.dumps(plan.as_dict()))
    plans = ("--body", str(tmp_path / "my.json"), "--world", str(tmp_path / "mud.json"))
    game = program("agents", "play", *plans, "--out", str(tmp_path))
    hold(display, "2", "Up")

    def saved():  # a run must last a second
        display.do("key", "F10")
        return list(tmp_path.glob("[!.]*.npz"))  # not one that is being written

    run = wait_for(saved, "a saved run")[0]
    leave(display, game)
    options = Replay.load(run).walkers[0].options
    assert (options.body, options.world.name) == (spider(), "mud")


def test_a_paused_game_stands_still_and_single_steps_move_it(display, program, tmp_path):
    game = program("agents", "play", "gait", "--out", str(tmp_path))
    display.do("key", "F1")
    display.do("key", "F2")  # the gait by hand drives
    display.do("key", "space")

    def middle():
        return display.picture()[120:600, 100:900]

    wait_for(lambda: stands_still(middle), "the pause")
    first = middle()
    display.do("key", "period")
    display.do("key", "period")
    wait_for(lambda: (middle() != first).any(), "a step")
    leave(display, game)


@pytest.mark.long
def test_a_race_with_its_countdown_camera_and_final_table(display, program):
    race = program("benchmarks", "race", "gait", "still", "--seconds", "1")
    display.do("key", "c")
    display.do("key", "n")
    paper = wait_for(
        lambda: (display.picture()[300:440, 500:800].min(axis=2) > 225).mean() > 0.5,
        "the table of splits",
    )
    assert paper
    assert "1. gait" in leave(display, race)


@pytest.fixture
def on_display(display, monkeypatch):
    """This process opens its windows on the virtual display."""
    for name, value in (("DISPLAY", display.name), ("SDL_VIDEODRIVER", "x11")):
        monkeypatch.setenv(name, value)


def test_showing_a_policy_ends_with_its_time(display, on_display, monkeypatch):
    import pygame

    from agents.baselines import load_agent
    from agents.show import watch

    seen, tick = [], pygame.display.flip
    monkeypatch.setattr(pygame.display, "flip", lambda: (tick(), seen.append(display.picture())))
    watch(load_agent("gait"), seconds=0.4, seed=0, size=600)
    assert len(seen) == 1 + 3 * 8  # the start, then each physics step
    assert sandy(seen[-1])
    assert (seen[-1] != seen[-2]).any()


def test_gymnasiums_human_rendering_shows_the_pictures(display, on_display):
    import gymnasium as gym

    from walker_env import ENV_ID

    env = gym.make(ENV_ID, render_mode="rgb_array", render_size=600)
    env = gym.wrappers.HumanRendering(env)
    env.reset(seed=0)
    env.step(env.action_space.sample())
    wait_for(lambda: sandy(display.picture()), "a window with sand")
    env.close()


def test_without_a_display_the_error_says_what_to_do(monkeypatch):
    import pygame

    from walker_env.render.window import Window

    for name in ("DISPLAY", "WAYLAND_DISPLAY", "SDL_VIDEODRIVER"):
        monkeypatch.delenv(name, raising=False)
    if sys.platform != "linux":
        pytest.skip("other systems always have a display")
    with pytest.raises(RuntimeError, match=r"no display to open .* DISPLAY is not set.*--gif FILE"):
        Window((64, 64), 60).show(pygame.Surface((64, 64)))
    assert not pygame.display.get_init()
