"""A GIF encoder that streams: each picture costs what changed in it, and none is kept.

All pictures share one palette, so sand that comes back from under a walker is the sand of before,
and what did not change is written as transparent runs that compress to almost nothing.
"""

from __future__ import annotations

import struct
from typing import BinaryIO

import numpy as np
from gymnasium.error import DependencyNotInstalled

from walker_env.render.palette import inks

try:
    from PIL import GifImagePlugin, Image
except ImportError as error:
    raise DependencyNotInstalled(
        'GIF files need pillow: pip install "walker_env[render]"'
    ) from error

_COLOURS = 255
_CLEAR = 255  # palette index that shows what was there before
_FOREVER = b"\x21\xff\x0bNETSCAPE2.0\x03\x01\x00\x00\x00"


class GifEncoder:
    """Writes pictures to a binary file.

    Args:
        file: Open for writing; left open.
        fps: Pictures a second; GIFs count in hundredths of a second.
    """

    def __init__(self, file: BinaryIO, fps: float) -> None:
        self._file, self._fps = file, fps
        self._count = 0
        self._palette: Image.Image | None = None
        self._shown = np.empty((0, 0), dtype=np.uint8)

    def write(self, frame: np.ndarray) -> None:
        """Append a picture ``(height, width, 3)`` uint8."""
        picture = Image.fromarray(frame)
        if self._palette is None:
            self._palette = _choose_palette(picture)
            self._begin(picture.size)
        near = picture.quantize(palette=self._palette, dither=Image.Dither.NONE)
        index = np.array(near, dtype=np.uint8)
        index[index == _CLEAR] = 0
        left, top, part = self._changes(index)
        self._shown = index
        self._append(part, left, top)

    def end(self) -> None:
        """Write what ends a GIF."""
        self._file.write(b"\x3b")

    def _begin(self, size: tuple[int, int]) -> None:
        assert self._palette is not None
        table = bytes(self._palette.getpalette() or [])
        self._file.write(b"GIF89a" + struct.pack("<HHBBB", *size, 0xF7, 0, 0) + table + _FOREVER)

    def _changes(self, index: np.ndarray) -> tuple[int, int, np.ndarray]:
        """Left, top and the smallest part of ``index`` that differs from what is shown."""
        if self._shown.shape != index.shape:
            return 0, 0, index
        changed = index != self._shown
        rows, columns = np.flatnonzero(changed.any(axis=1)), np.flatnonzero(changed.any(axis=0))
        if not len(rows):
            return 0, 0, np.full((1, 1), _CLEAR, dtype=np.uint8)
        window = slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)
        part = np.where(changed[window], index[window], _CLEAR).astype(np.uint8)
        return int(columns[0]), int(rows[0]), part

    def _append(self, part: np.ndarray, left: int, top: int) -> None:
        due = round(100 * (self._count + 1) / self._fps) - round(100 * self._count / self._fps)
        self._count += 1
        self._file.write(b"\x21\xf9\x04" + struct.pack("<BHB", 0x05, due, _CLEAR) + b"\0")
        image = Image.fromarray(part)  # indices; the palette is the file's
        for block in GifImagePlugin.getdata(image, (left, top)):
            self._file.write(block)


def _choose_palette(first: Image.Image) -> Image.Image:
    """`inks`, and as many colours of the first picture as there is room for."""
    known = inks()
    room = _COLOURS - len(known)
    seen = first.quantize(room, method=Image.Quantize.MEDIANCUT).getpalette() or []
    table = known.tobytes() + bytes(seen[: 3 * room])
    spare = table[:3] * (256 - len(table) // 3)  # repeats the first, also in the clear entry
    palette = Image.new("P", (1, 1))
    palette.putpalette(table + spare)
    return palette
