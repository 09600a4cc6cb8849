"""Video files, written picture by picture; a file appears only when it is complete."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from gymnasium.error import DependencyNotInstalled

from walker_env.files import atomic_path

Write = Callable[[np.ndarray], None]
"""Takes the next picture, ``(height, width, 3)`` uint8."""

_QUALITY = 7  # of 10, for MP4


@contextmanager
def video_writer(path: str | os.PathLike[str], fps: float) -> Iterator[Write]:
    """Write a video.

    Example::

        with video_writer("walk.gif", fps=20) as write:
            write(frame)

    Args:
        path: Where it will be; the ending, ``.gif`` or ``.mp4``, says what it is. An older file
            of this name stays until the new one is complete.
        fps: Pictures a second.

    Yields:
        A function that appends a picture ``(height, width, 3)`` uint8; all of one size.

    Raises:
        ValueError: Another ending, or pictures of another shape than the first.
        RuntimeError: There was no picture.
    """
    path = Path(path)
    encode = _encoder(path)
    shapes: list[tuple[int, ...]] = []
    with atomic_path(path) as part:
        with encode(part, fps) as append:
            yield lambda frame: append(_checked(frame, shapes))
        if not shapes:
            raise RuntimeError(f"{path} would be a video without a picture")


def check_ending(path: str | os.PathLike[str]) -> None:
    """Fail early, before there are pictures.

    Raises:
        ValueError: The ending is none of the known ones.
    """
    _encoder(Path(path))


def _encoder(path: Path) -> Any:
    ending = path.suffix.lower()
    if ending not in _ENCODERS:
        known = " or ".join(sorted(_ENCODERS))
        raise ValueError(f"a video's name must end with {known}, got {path.name!r}")
    return _ENCODERS[ending]


def _checked(frame: np.ndarray, shapes: list[tuple[int, ...]]) -> np.ndarray:
    if frame.dtype != np.uint8 or frame.ndim != 3 or frame.shape[2] != 3:
        raise ValueError(
            f"a picture must be (height, width, 3) uint8, got {frame.shape} {frame.dtype}"
        )
    if not shapes:
        shapes.append(frame.shape)
    if frame.shape != shapes[0]:
        raise ValueError(f"all pictures must be {shapes[0]} like the first, got {frame.shape}")
    return frame


@contextmanager
def _gif(path: Path, fps: float) -> Iterator[Write]:
    from walker_env.render.gif import GifEncoder

    with path.open("wb") as file:
        encoder = GifEncoder(file, fps)
        yield encoder.write
        encoder.end()


@contextmanager
def _mp4(path: Path, fps: float) -> Iterator[Write]:
    stream: list[Generator[None, Any, None]] = []

    def append(frame: np.ndarray) -> None:
        height, width = frame.shape[:2]
        # the format's colours come in blocks of 2 x 2
        even = np.pad(frame, ((0, height % 2), (0, width % 2), (0, 0)), mode="edge")
        if not stream:
            stream.append(_ffmpeg(path, fps, (even.shape[1], even.shape[0])))
        stream[0].send(np.ascontiguousarray(even))

    try:
        yield append
    finally:
        if stream:
            stream[0].close()


def _ffmpeg(path: Path, fps: float, size: tuple[int, int]) -> Generator[None, Any, None]:
    try:
        import imageio_ffmpeg
    except ImportError as error:
        raise DependencyNotInstalled(
            'MP4 files need imageio-ffmpeg: pip install "walker_env[render]"'
        ) from error
    stream = imageio_ffmpeg.write_frames(
        path, size, fps=fps, quality=_QUALITY, macro_block_size=2, ffmpeg_log_level="error"
    )
    stream.send(None)
    return stream


_ENCODERS = {".gif": _gif, ".mp4": _mp4}
