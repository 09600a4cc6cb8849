"""Atomic writes, and bounded reads of untrusted files."""

from __future__ import annotations

import contextlib
import io
import os
import stat
import struct
import uuid
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

_END = struct.Struct("<4s4H2LH")  # a zip file's last record: what its directory holds
_LARGE = struct.Struct("<4sQ2H2L4Q")  # the same in 64 bits, which some write before it ...
_LOCATOR = 20  # ... [byte], with a record that leads there between the two
_HEAD = 46  # [byte], the least that an entry takes in the directory
_NAME = 300  # [byte], what a name and its notes may take there


@contextlib.contextmanager
def atomic_path(path: str | Path) -> Iterator[Path]:
    """A temporary path in the folder of ``path`` that takes its place when the block ends well.

    The temporary name starts with a dot and keeps the ending, for writers that go by it. When the
    block raises, the temporary file is removed and what was at ``path`` before is untouched.

    Args:
        path: The file to make or to replace; missing folders are made.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.stem}.{uuid.uuid4().hex}.part{path.suffix}")
    try:
        yield part
        with open(part, "rb+") as file:
            os.fsync(file.fileno())  # a rename must not reach the disk before the content
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)


def atomic_write(path: str | Path, content: bytes | str) -> None:
    """Write ``content`` (text as UTF-8) to ``path``, or leave ``path`` as it was.

    Args:
        path: The file to make or to replace; missing folders are made.
        content: All of it.
    """
    with atomic_path(path) as part:
        part.write_bytes(content.encode() if isinstance(content, str) else content)


def read_plain(path: str | Path, most: int) -> bytes:
    """The bytes of a plain file.

    Args:
        path: The file; devices and pipes, which may have no end, are refused.
        most: Largest size that is read [byte].

    Raises:
        ValueError: Missing, no plain file, or too big; the message has the reason only.
    """
    try:
        with open(path, "rb", opener=_at_once) as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise ValueError("expected a plain file")
            content = file.read(most + 1)
    except OSError as error:
        raise ValueError(f"cannot be read: {error.strerror or error}") from error
    if len(content) > most:
        raise ValueError(f"must have at most {most:,} bytes, but it has more")
    return content


def open_zip(content: bytes, entries: int, unpacked: int) -> zipfile.ZipFile:
    """A zip file of somebody, bounded before it is listed; ask `read_zipped` for what is in it.

    Args:
        content: The file's bytes.
        entries: How many there may be.
        unpacked: How much they may be, all together [byte].

    Raises:
        ValueError: It is none, it has more or larger entries, or some that are packed in another
            way than deflate; the message has the reason only.
    """
    count, size = _directory(content)
    if count > entries:
        raise ValueError(f"must have at most {entries:,} entries, has {count:,}")
    if size > entries * (_HEAD + _NAME):  # whatever the count says
        raise ValueError(f"must have at most {entries:,} entries, they take {size:,} bytes alone")
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, NotImplementedError, UnicodeDecodeError) as error:
        raise ValueError(f"is no whole zip file: {error}") from error
    listed = archive.infolist()
    if len(listed) > entries:
        raise ValueError(f"must have at most {entries:,} entries, has {len(listed):,}")
    whole = sum(entry.file_size for entry in listed)
    if whole > unpacked:
        raise ValueError(f"must unpack to at most {unpacked:,} bytes, has {whole:,}")
    if any(
        entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for entry in listed
    ):
        raise ValueError("must be packed by deflate or not at all")
    return archive


def _directory(content: bytes) -> tuple[int, int]:
    """How many entries the directory of a zip file has by its own word, and its size [byte]."""
    end = content[-_END.size :]
    if len(end) < _END.size or end[:4] != b"PK\x05\x06" or end[-2:] != bytes(2):
        raise ValueError("File is not a zip file, or does not end with its directory")
    *_, count, size, _, _ = _END.unpack(end)
    locator = content[-_END.size - _LOCATOR : -_END.size]
    if locator[:4] != b"PK\x06\x07":
        return count, size
    large = content[-_END.size - _LOCATOR - _LARGE.size : -_END.size - _LOCATOR]
    if large[:4] != b"PK\x06\x06":
        raise ValueError("File is not a zip file: a part of its directory is not where it says")
    *_, large_count, large_size, _ = _LARGE.unpack(large)
    return max(count, large_count), max(size, large_size)


def read_zipped(archive: zipfile.ZipFile, name: str) -> bytes:
    """One entry of what `open_zip` opened; no more is unpacked than the directory says.

    Raises:
        ValueError: There is none of that name, or it is damaged.
    """
    try:
        with archive.open(name) as file:
            return file.read(archive.getinfo(name).file_size)
    except KeyError as error:
        raise ValueError(
            f"expected {name!r} in it, got {sorted(archive.namelist())!r:.200}"
        ) from error
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError) as error:
        raise ValueError(f"{name!r} in it is damaged: {error}") from error


def _at_once(path: str, flags: int) -> int:
    """Open a file without waiting, as a pipe would make it."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))
