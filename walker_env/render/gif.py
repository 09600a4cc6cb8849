"""A GIF encoder that streams: each picture costs what changed in it.

All pictures share one palette, so sand that comes back from under a walker is the sand of before,
and what did not change is written as transparent runs that compress to almost nothing.

A camera that goes along changes everything, and the format knows no motion: each grain of sand
would be paid for in each picture. A film with such a camera has calm ground instead, a few tones
without grains.
"""

from __future__ import annotations

import struct
from typing import BinaryIO

import numpy as np
from gymnasium.error import DependencyNotInstalled

from walker_env.render.palette import grains, inks, sands

try:
    from PIL import GifImagePlugin, Image, ImageFilter
except ImportError as error:
    raise DependencyNotInstalled(
        'GIF files need pillow: pip install "walker_env[render]"'
    ) from error

_COLOURS = 255
_CLEAR = 255  # palette index that shows what was there before
_FOREVER = b"\x21\xff\x0bNETSCAPE2.0\x03\x01\x00\x00\x00"
_MOVED = 0.5  # share of the pixels that changes when the camera moves, at least
_AHEAD = 12  # pictures that wait until it is known whether the camera moves
_CLEAN = 230  # of 255: share of ground around a pixel, from which on it is nothing but ground

_SLIGHT = 8  # levels of a colour that a pixel may be off before it is written anew
_THING, _SAND, _GRAIN = 0, 1, 2  # what a colour of the palette is of


class GifEncoder:
    """Writes pictures to a binary file.

    Args:
        file: Open for writing; left open.
        fps: Pictures a second; GIFs count in hundredths of a second.
    """

    def __init__(self, file: BinaryIO, fps: float) -> None:
        self._file, self._fps = file, fps
        self._count = 0
        self._palette: _Palette | None = None
        self._calm = False
        self._before = np.empty((0, 0), dtype=np.uint8)  # the last picture written, not calm
        self._shown = np.empty((0, 0), dtype=np.uint8)
        self._waiting: list[tuple[np.ndarray, np.ndarray]] = []  # each picture and its indices

    def write(self, frame: np.ndarray) -> None:
        """Append a picture ``(height, width, 3)`` uint8."""
        if self._palette is None:
            self._palette = _Palette(frame)
            self._begin((frame.shape[1], frame.shape[0]))
        if self._calm:
            self._put(self._palette.calm(frame, self._palette.nearest(frame)))
            return
        index = self._palette.nearest(frame)
        known, self._before = self._before, index
        self._calm = known.shape == index.shape and (known != index).mean() > _MOVED
        if self._count < _AHEAD:
            self._waiting.append((frame.copy(), index))
            if self._calm or len(self._waiting) == _AHEAD:
                self._release()
        else:
            self._put(self._palette.calm(frame, index) if self._calm else index)

    def end(self) -> None:
        """Write what still waits, and what ends a GIF."""
        self._release()
        self._file.write(b"\x3b")

    def _release(self) -> None:
        """Write the first pictures, once the camera has moved or has had time to."""
        waiting, self._waiting = self._waiting, []
        for frame, index in waiting:
            assert self._palette is not None
            self._put(self._palette.calm(frame, index) if self._calm else index)

    def _begin(self, size: tuple[int, int]) -> None:
        assert self._palette is not None
        table = self._palette.table
        self._file.write(b"GIF89a" + struct.pack("<HHBBB", *size, 0xF7, 0, 0) + table + _FOREVER)

    def _put(self, index: np.ndarray) -> None:
        if self._shown.shape != index.shape:
            self._shown = index.copy()
            self._append(index, 0, 0)
            return
        assert self._palette is not None
        changed = ~self._palette.alike[self._shown, index]
        self._shown[changed] = index[changed]
        self._append(*_part(changed, index))

    def _append(self, part: np.ndarray, left: int, top: int) -> None:
        due = round(100 * (self._count + 1) / self._fps) - round(100 * self._count / self._fps)
        self._count += 1
        self._file.write(b"\x21\xf9\x04" + struct.pack("<BHB", 0x05, due, _CLEAR) + b"\0")
        image = Image.fromarray(part)  # indices; the palette is the file's
        for block in GifImagePlugin.getdata(image, (left, top)):
            self._file.write(block)


class _Palette:
    """The colours of a film: the ground's, `inks`, and those of the first picture that have room.

    Args:
        first: The first picture, ``(height, width, 3)`` uint8.

    Attributes:
        table: 256 colours, three bytes each; the last one is the clear entry's.
        alike: Pairs of indices of which one may stay where the other is due, ``(256, 256)`` bool.
    """

    def __init__(self, first: np.ndarray) -> None:
        ground = np.concatenate([sands(), grains()])
        known = np.concatenate([ground, inks()])
        room = _COLOURS - len(known)
        picture = Image.fromarray(first)
        seen = picture.quantize(room, method=Image.Quantize.MEDIANCUT).getpalette() or []
        table = known.tobytes() + bytes(seen[: 3 * room])
        self.table = table + table[:3] * (256 - len(table) // 3)  # repeats the first
        self._image = Image.new("P", (1, 1))
        self._image.putpalette(self.table)
        colours = np.frombuffer(self.table, dtype=np.uint8).reshape(-1, 3)
        self.alike = _alike(colours)
        self._kind = np.where(_sandy(colours), _SAND, _THING).astype(np.uint8)
        self._kind[: len(known)] = _THING
        self._kind[: len(ground)] = _GRAIN
        self._kind[: len(sands())] = _SAND
        tones = sands()[:, 1].astype(int)
        self._tone = np.abs(np.arange(256)[:, None] - tones).argmin(axis=1).astype(np.uint8)

    def nearest(self, frame: np.ndarray) -> np.ndarray:
        """A picture as indices, ``(height, width)`` uint8."""
        picture = Image.fromarray(frame)
        index = np.array(picture.quantize(palette=self._image, dither=Image.Dither.NONE))
        index[index == _CLEAR] = 0
        return index.astype(np.uint8, copy=False)

    def calm(self, frame: np.ndarray, index: np.ndarray) -> np.ndarray:
        """The same indices, but on the ground a few tones of `sands`, without grains.

        Args:
            frame: The picture, ``(height, width, 3)`` uint8.
            index: From `nearest`.
        """
        kind = self._kind[index]
        around = Image.fromarray(np.where(kind > _THING, 255, 0).astype(np.uint8))
        open_ground = np.asarray(around.filter(ImageFilter.BoxBlur(2))) >= _CLEAN
        green = np.ascontiguousarray(frame[..., 1])  # tells how bright sand is
        mean = np.asarray(Image.fromarray(green).filter(ImageFilter.BoxBlur(8)))
        bare = np.where(kind == _GRAIN, mean, green)
        half = Image.fromarray(bare).reduce(2)
        half = half.filter(ImageFilter.MedianFilter(3)).filter(ImageFilter.BoxBlur(1))
        smooth = np.asarray(half.resize(around.size, Image.Resampling.BILINEAR))
        tone = self._tone[np.where(open_ground, smooth, bare)]
        return np.where(open_ground | (kind > _THING), tone, index)


def _part(changed: np.ndarray, index: np.ndarray) -> tuple[np.ndarray, int, int]:
    """The smallest part of a picture that holds what changed, clear elsewhere; its left and top."""
    rows, columns = np.flatnonzero(changed.any(axis=1)), np.flatnonzero(changed.any(axis=0))
    if not len(rows):
        return np.full((1, 1), _CLEAR, dtype=np.uint8), 0, 0
    window = slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)
    part = np.where(changed[window], index[window], _CLEAR).astype(np.uint8)
    return part, int(columns[0]), int(rows[0])


def _alike(colours: np.ndarray) -> np.ndarray:
    """Which pairs of colours ``(C, 3)`` need not be told apart in time, ``(C, C)`` bool."""
    levels = colours.astype(int)
    return np.abs(levels[:, None] - levels).max(axis=2) <= _SLIGHT


def _sandy(colours: np.ndarray) -> np.ndarray:
    """Which of the colours ``(C, 3)`` sand, grains and prints may have, ``(C,)`` bool."""
    red, green, blue = colours.T.astype(int)
    warm = (red - green > 8) & (red - green < 52)
    return warm & (green - blue > 16) & (green - blue < 66) & (red > 90)
