"""Drawing only watches, opens no display unless asked, and shows what the walker does."""

from __future__ import annotations

import importlib
import sys

import gymnasium as gym
import numpy as np
import pytest
from gymnasium.error import DependencyNotInstalled

from walker_env import BODIES, ENV_ID, Options, WalkerBatch

pygame = pytest.importorskip("pygame")

from walker_env.render.camera import Camera  # noqa: E402
from walker_env.render.canvas import pixels  # noqa: E402
from walker_env.render.sand import Sand  # noqa: E402
from walker_env.render.view import View  # noqa: E402

SIZE = 200


def waves(batch: WalkerBatch) -> np.ndarray:
    """A gait for any body: front and rear feet grip in turn while the muscles swing."""
    phase = 2 * np.pi * 1.2 * batch.state.steps[0] / 20
    front = batch.body.rest_positions()[list(batch.body.feet), 0] >= 0
    grip = np.where(front, -1, 1) * np.sign(np.cos(phase))
    return np.concatenate([grip, np.full(len(batch.body.muscles), np.sin(phase))])[None]


def started(body: str = "quadruped", seed: int = 3) -> WalkerBatch:
    batch = WalkerBatch(1, Options(body=body))
    batch.reset(seed=np.array([seed]))
    return batch


def trajectory(body: str, view: View | None, steps: int = 60) -> np.ndarray:
    batch, seen = started(body), []
    for _ in range(steps):
        seen.append(batch.step(waves(batch)).observation.tobytes())
        seen.append(batch.state.position.tobytes())
        if view is not None:
            view.frame(batch)
    return seen


def test_a_drawn_episode_is_bit_for_bit_the_same(body_name):
    view = View(BODIES[body_name], SIZE)
    assert trajectory(body_name, view) == trajectory(body_name, None)


def test_drawing_leaves_the_global_random_state_alone():
    before = np.random.get_state()[1].tobytes()
    View(BODIES["quadruped"], SIZE).frame(started())
    assert np.random.get_state()[1].tobytes() == before


def test_every_body_draws_and_moves(body_name):
    batch = started(body_name)
    view = View(batch.body, SIZE)
    first = view.frame(batch)
    for _ in range(15):
        batch.step(waves(batch))
        view.watch(batch)
    later = view.frame(batch)
    assert first.shape == later.shape == (SIZE, SIZE, 3)
    assert first.dtype == np.uint8
    assert (first != later).any(axis=2).mean() > 0.01


def test_the_same_state_gives_the_same_picture_in_a_new_array():
    batch = started()
    view = View(batch.body, SIZE)
    first, second = view.frame(batch), view.frame(batch)
    np.testing.assert_array_equal(first, second)
    first[:] = 0
    assert second.any()
    assert view.frame(batch).any()


def test_a_cleared_view_draws_like_a_new_one():
    batch, view = started(), View(BODIES["quadruped"], SIZE)
    for _ in range(30):
        batch.step(waves(batch))
        view.watch(batch)
    batch.reset(seed=np.array([4]))
    view.clear()
    fresh = View(BODIES["quadruped"], SIZE).frame(batch)
    np.testing.assert_array_equal(view.frame(batch), fresh)


def test_the_environment_gives_pictures_without_a_display():
    env = gym.make(ENV_ID, render_mode="rgb_array", render_size=SIZE)
    env.reset(seed=0)
    frames = [env.render()]
    for _ in range(5):
        env.step(env.action_space.sample())
        frames.append(env.render())
    env.close()
    assert not pygame.display.get_init()
    assert all(frame.shape == (SIZE, SIZE, 3) for frame in frames)
    assert (frames[0] != frames[-1]).any()


@pytest.mark.filterwarnings("ignore::SyntaxWarning", "ignore::DeprecationWarning:moviepy")
def test_gymnasiums_recorder_works(tmp_path):
    pytest.importorskip("moviepy")
    env = gym.make(ENV_ID, render_mode="rgb_array", render_size=64, max_episode_steps=8)
    env = gym.wrappers.RecordVideo(env, str(tmp_path / "films"), disable_logger=True)
    env.reset(seed=0)
    while not env.step(env.action_space.sample())[3]:
        pass
    env.close()
    assert [file.suffix for file in (tmp_path / "films").iterdir()] == [".mp4"]


def test_a_window_shows_and_closes_for_good(monkeypatch):
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    batch = started()
    view = View(batch.body, SIZE, fps=1000)
    view.show(batch)
    assert pygame.display.get_init()
    pygame.event.post(pygame.event.Event(pygame.QUIT))
    view.show(batch)
    assert view.closed
    assert not pygame.display.get_init()
    view.show(batch)
    assert not pygame.display.get_init()


def test_y_is_up_in_the_world_and_down_on_the_screen():
    camera = Camera((200, 100))
    camera.fix(np.zeros(2), 50)
    x, y = camera.to_screen(np.array([[0.0, 0.0], [10.0, 20.0]])).T
    assert x[1] - x[0] == 10 * camera.zoom
    assert y[1] - y[0] == -20 * camera.zoom
    assert (x[0], y[0]) == (100, 50)


def test_the_camera_never_loses_the_walker():
    camera, head = Camera((300, 300)), np.zeros(2)
    rng = np.random.default_rng(0)
    for _ in range(40):
        target = rng.uniform(-4000, 4000, 2)
        for _ in range(10):
            head = head + 8 * (target - head) / np.hypot(*(target - head))
            camera.follow(np.stack([head, target]), 1)
            assert (np.abs(camera.to_screen(head) - 150) < 150).all()


def test_sand_stays_in_place_under_the_camera():
    sand, surface = Sand(), pygame.Surface((64, 64), depth=32)
    camera = Camera((64, 64))
    pictures = []
    for centre in ([0.0, 0.0], [8.0, 0.0]):
        camera.fix(np.array(centre), 32)
        sand.draw(surface, camera)
        pictures.append(pixels(surface))
    np.testing.assert_array_equal(pictures[0][:, 8:], pictures[1][:, :-8])


def test_a_finished_course_has_no_target_to_draw():
    batch = started()
    batch.reset(seed=np.array([0]), targets=np.array([[55.0, 0.0]]))
    view = View(batch.body, SIZE)
    view.frame(batch)
    assert batch.step(waves(batch)).terminated[0]
    assert view.frame(batch).shape == (SIZE, SIZE, 3)


def test_without_pygame_the_error_names_the_extra(monkeypatch):
    import walker_env.render

    monkeypatch.setitem(sys.modules, "pygame", None)
    with pytest.raises(DependencyNotInstalled, match=r'pip install "walker_env\[render\]"'):
        importlib.reload(walker_env.render)


def test_the_older_pygame_is_refused_by_name(monkeypatch):
    import walker_env.render

    monkeypatch.delattr(pygame, "IS_CE")
    with pytest.raises(DependencyNotInstalled, match="needs pygame-ce, but pygame"):
        importlib.reload(walker_env.render)
