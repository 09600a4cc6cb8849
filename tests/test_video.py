"""Films: streamed, whole or not there, small."""

from __future__ import annotations

import itertools
import pathlib
import weakref

import numpy as np
import pytest

from walker_env import BODIES, Options, WalkerBatch

pytest.importorskip("pygame")

from walker_env.render.palette import Coat
from walker_env.render.video import video_writer
from walker_env.render.view import View

SIZE = 200


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

    batch = WalkerBatch(1, Options())
    batch.reset(seed=np.array([3]))
    view, frames = View(BODIES["quadruped"], SIZE, follow=False), []
    with video_writer(tmp_path / "walk.gif", fps=20) as write:
        for step in range(12):
            frames.append(view.frame(batch))
            write(frames[-1])
            batch.step(np.sin(step + np.arange(6))[None])
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


def memory() -> int:
    """Bytes this process holds now."""
    statm = pathlib.Path("/proc/self/statm")
    if not statm.exists():
        pytest.skip("there is no /proc here to read the memory from")
    return int(statm.read_text().split()[1]) * 4096


@pytest.mark.parametrize("ending", [".gif", ".mp4"])
def test_ten_minutes_need_no_more_memory_than_ten_seconds(tmp_path, ending):
    """12,000 pictures, 36 MB in all, of which none is kept."""
    rng, path, shape = np.random.default_rng(0), tmp_path / f"long{ending}", (32, 32, 3)
    base, alive, held = rng.integers(0, 256, shape, dtype=np.uint8), [], []
    with video_writer(path, fps=20) as write:
        for number in range(12_000):
            frame = base.copy()
            frame[number % 32, 3] = number % 256
            write(frame)
            if number % 1000 == 200:
                alive.append(weakref.ref(frame))
                held.append(memory())
    assert [ref() for ref in alive[:-1]] == [None] * 11
    assert max(held) - held[0] < 12_000_000
    written = path.read_bytes().count(b"\x21\xf9\x04") if ending == ".gif" else count_frames(path)
    assert written == 12_000


def test_ten_seconds_of_walking_are_a_small_gif(tmp_path):
    from agents.baselines import load_agent
    from agents.show import film

    path = tmp_path / "walk.gif"
    film(load_agent("gait"), path, seconds=2.5, seed=0, size=480)
    assert count_frames(path) == 51
    assert path.stat().st_size < 5_000_000 / 4


def moving_pictures(size: int, count: int) -> list[np.ndarray]:
    """A walk that the camera goes along with."""
    from agents.baselines import load_agent

    agent, batch = load_agent("gait"), WalkerBatch(1, Options())
    view, seen, frames = View(BODIES["quadruped"], size), batch.reset(seed=np.array([3])), []
    for _ in range(count):
        seen = batch.step(agent.act(seen)).observation
        frames.append(view.frame(batch))
    return frames


def test_a_gif_whose_camera_moves_is_small_and_true(tmp_path):
    """The ground is calm: with all its grains it took three bytes for each pixel."""
    from PIL import Image

    path, frames = tmp_path / "walk.gif", moving_pictures(240, 20)
    film(path, frames)
    assert np.mean([(a != b).any(axis=2).mean() for a, b in itertools.pairwise(frames)]) > 0.5
    assert path.stat().st_size < 0.4 * 20 * 240 * 240
    with Image.open(path) as image:
        image.seek(19)
        shown = np.asarray(image.convert("RGB")).astype(int)
    off = np.abs(shown - frames[19]).max(axis=2)
    skin = np.abs(frames[19].astype(int) - Coat().colour).max(axis=2) < 8
    assert skin.sum() > 200
    assert np.median(off[skin]) < 10
    assert np.median(off) < 15
    ground = {tuple(colour) for colour in shown[-40:, -40:].reshape(-1, 3)}
    assert len(ground) <= 6


def test_a_camera_that_stands_still_keeps_each_grain(tmp_path):
    from PIL import Image

    frame = moving_pictures(200, 1)[0]
    film(tmp_path / "still.gif", [frame] * 20)
    with Image.open(tmp_path / "still.gif") as image:
        assert image.n_frames == 20
        image.seek(19)
        off = np.abs(np.asarray(image.convert("RGB")).astype(int) - frame)
    assert off.mean() < 4


def test_an_mp4_shows_every_physics_step_and_a_gif_every_control_step(tmp_path):
    from agents.baselines import load_agent
    from agents.show import film

    for name, pictures in (("walk.mp4", 31), ("walk.gif", 11)):
        film(load_agent("still"), tmp_path / name, seconds=0.5, seed=0, size=100)
        assert count_frames(tmp_path / name) == pictures
