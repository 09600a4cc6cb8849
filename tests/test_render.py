"""Drawing only watches, opens no display unless asked, and shows what the walker does."""

from __future__ import annotations

import importlib
import sys

import gymnasium as gym
import numpy as np
import pytest

from walker_env import BODIES, ENV_ID, Options, WalkerBatch

pygame = pytest.importorskip("pygame")

from walker_env.render.actor import Actor  # noqa: E402
from walker_env.render.camera import Camera  # noqa: E402
from walker_env.render.figure import Figure, Pose, foot_look, muscle_look  # noqa: E402
from walker_env.render.sand import Sand  # noqa: E402
from walker_env.render.scene import pixels  # noqa: E402
from walker_env.render.trail import LIFETIME, Trail  # noqa: E402
from walker_env.render.video import video_writer  # noqa: E402
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


def figure_picture(grip: float = 0.1, shrink: float = 1.0, gaze=(500.0, 0.0)) -> np.ndarray:
    """The quadruped on grey, its rear pulled up by ``shrink``."""
    body = BODIES["quadruped"]
    position = body.rest_positions() * [shrink, 1.0]
    surface, camera = pygame.Surface((SIZE, SIZE), depth=32), Camera((SIZE, SIZE))
    surface.fill((128, 128, 128))
    camera.fix(np.zeros(2), 100)
    pose = Pose(position, np.full(len(body.feet), grip), np.array(gaze), 0)
    Figure(body).draw(surface, camera, pose)
    return pixels(surface).astype(int)


def test_feet_grow_and_darken_with_grip():
    looks = [foot_look(grip) for grip in (0.1, 0.5, 1.0)]
    assert looks == sorted(looks, key=lambda look: look[0])
    assert [sum(colour) for _, colour in looks] == sorted(
        (sum(colour) for _, colour in looks), reverse=True
    )
    loose, firm = figure_picture(grip=0.1), figure_picture(grip=1.0)
    assert (firm.sum(axis=2) < 200).sum() > 1.5 * (loose.sum(axis=2) < 200).sum()


def test_muscles_redden_and_thicken_when_they_contract():
    long, short = muscle_look(0.0), muscle_look(1.0)
    assert short[0] > long[0]
    figure = Figure(BODIES["quadruped"])
    rest = BODIES["quadruped"].rest_positions()
    assert (figure.contraction(rest * [0.7, 1]) > figure.contraction(rest)).all()

    def red(picture: np.ndarray) -> int:
        return int((picture[..., 0] - picture[..., 1] > 80).sum())

    assert red(figure_picture(shrink=0.7)) > 100 + red(figure_picture(shrink=1.3))


def test_pupils_follow_the_target():
    left, right = figure_picture(gaze=(0.0, 500.0)), figure_picture(gaze=(0.0, -500.0))
    eyes = (left != right).any(axis=2)
    assert 0 < eyes.sum() < 0.02 * eyes.size


def test_prints_fade_and_deepen_with_grip():
    def darkness(grip: float, age: int) -> int:
        trail, surface = Trail(1, 10.0), pygame.Surface((64, 64), depth=32)
        surface.fill((255, 255, 255))
        trail.press(np.zeros((1, 2)), np.array([grip]), 0)
        camera = Camera((64, 64))
        camera.fix(np.zeros(2), 32)
        trail.draw(surface, camera, age)
        return int((255 - pixels(surface).astype(int)).sum())

    assert darkness(1.0, 0) > darkness(0.5, 0) > 0
    assert darkness(1.0, 0) > darkness(1.0, LIFETIME // 2) > 0
    assert darkness(1.0, LIFETIME) == 0


def test_a_foot_in_place_deepens_one_print_and_a_moving_one_leaves_many():
    still, moving = Trail(1, 5.0), Trail(1, 5.0)
    for step in range(10):
        still.press(np.zeros((1, 2)), np.array([0.1 * step]), step)
        moving.press(np.array([[10.0 * step, 0.0]]), np.array([1.0]), step)
    assert (still._count, moving._count) == (1, 10)
    assert still._depth[0] == pytest.approx(0.9)


def test_reaching_a_target_bursts_for_a_while():
    batch = started()
    batch.reset(seed=np.array([0]), targets=np.array([[55.0, 0.0], [300.0, 0.0]]))
    actor = Actor(batch.body)
    actor.watch(batch)
    batch.step(waves(batch))
    assert batch.state.target_index[0] == 1
    actor.watch(batch)
    assert len(actor._bursts) == 1
    for _ in range(20):
        batch.step(waves(batch))
        actor.watch(batch)
    assert actor._bursts == []


def test_a_finished_course_has_no_target_to_draw():
    batch = started()
    batch.reset(seed=np.array([0]), targets=np.array([[55.0, 0.0]]))
    view = View(batch.body, SIZE)
    view.frame(batch)
    assert batch.step(waves(batch)).terminated[0]
    assert view.frame(batch).shape == (SIZE, SIZE, 3)


def noise(count: int, shape=(31, 45, 3)) -> list[np.ndarray]:
    rng = np.random.default_rng(0)
    return [rng.integers(0, 256, shape, dtype=np.uint8) for _ in range(count)]


def count_frames(path) -> int:
    if path.suffix == ".mp4":
        ffmpeg = pytest.importorskip("imageio_ffmpeg")
        return ffmpeg.count_frames_and_secs(str(path))[0]
    from PIL import Image

    with Image.open(path) as image:
        return image.n_frames


@pytest.mark.parametrize("ending", [".gif", ".mp4"])
def test_videos_can_be_read_back(tmp_path, ending):
    path = tmp_path / "new" / f"walk{ending}"
    with video_writer(path, fps=10) as write:
        for frame in noise(7):
            write(frame)
    assert count_frames(path) == 7
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_a_gif_shows_what_was_written(tmp_path):
    from PIL import Image

    view, batch, frames = View(BODIES["quadruped"], SIZE), started(), []
    with video_writer(tmp_path / "walk.gif", fps=20) as write:
        for _ in range(12):
            frames.append(view.frame(batch))
            write(frames[-1])
            batch.step(waves(batch))
    with Image.open(tmp_path / "walk.gif") as image:
        assert image.info["duration"] == 50
        for i, frame in enumerate(frames):
            image.seek(i)
            off = np.abs(np.asarray(image.convert("RGB")).astype(int) - frame)
            assert off.mean() < 4


@pytest.mark.parametrize("ending", [".gif", ".mp4"])
def test_an_exception_halfway_leaves_the_old_file_and_no_other(tmp_path, ending):
    path = tmp_path / f"walk{ending}"
    path.write_bytes(b"old")

    def film() -> None:
        with video_writer(path, fps=10) as write:
            write(noise(1)[0])
            raise KeyError("halfway")

    with pytest.raises(KeyError, match="halfway"):
        film()
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_an_unknown_ending_names_the_known_ones(tmp_path):
    with (
        pytest.raises(ValueError, match=r"\.gif or \.mp4, got 'walk\.avi'"),
        video_writer(tmp_path / "walk.avi", fps=10),
    ):
        pass


def film(path, frames) -> None:
    with video_writer(path, fps=10) as write:
        for frame in frames:
            write(frame)


@pytest.mark.parametrize(
    ("frames", "error", "message"),
    [
        ([], RuntimeError, "without a picture"),
        ([np.zeros((4, 4, 3))], ValueError, "uint8"),
        ([*noise(1), *noise(1, (30, 45, 3))], ValueError, "like the first"),
    ],
)
def test_videos_refuse_what_is_no_video(tmp_path, frames, error, message):
    with pytest.raises(error, match=message):
        film(tmp_path / "walk.gif", frames)
    assert list(tmp_path.iterdir()) == []


def test_without_pygame_the_error_names_the_extra(monkeypatch):
    import walker_env.render

    monkeypatch.setitem(sys.modules, "pygame", None)
    with pytest.raises(ImportError, match=r"\[render\]"):
        importlib.reload(walker_env.render)


def test_the_older_pygame_is_refused_by_name(monkeypatch):
    import walker_env.render

    monkeypatch.delattr(pygame, "IS_CE")
    with pytest.raises(ImportError, match="needs pygame-ce, but pygame"):
        importlib.reload(walker_env.render)
