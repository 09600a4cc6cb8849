"""Entries to the leaderboard: folders with a policy file, a card, and the result of evaluating it.

Nothing in such a folder is trusted: files are opened without following links, read up to a limit,
and what is evaluated is the bytes that were checked (`judge`).
"""

from __future__ import annotations

import functools
import stat
from dataclasses import dataclass
from pathlib import Path

from agents.foreign.held import CARD, CARD_MAX, KINDS, Held, policy_name, read_plain
from agents.foreign.onnx_policy import INSIDE
from agents.policy import MAX_BYTES, PolicyError
from benchmarks.evaluation.conditions import VERSION
from benchmarks.evaluation.published import ENTRIES, OPEN
from benchmarks.evaluation.suite import Suite
from benchmarks.submission.card import Card, EntryError, parse_card
from walker_env import Body, Options

RESULT, RESULT_2 = "result.json", "result-2.json"
"""An entry's results in suite 1 and in suite 2; it may have both."""

_OTHERS = (RESULT, RESULT_2, CARD, "README.md")
_MAY_RUN_CODE = (".pkl", ".pickle", ".pt", ".pth", ".zip", ".npy", ".npz", ".joblib", ".py", ".so")
_MAGIC = {b"\x80": "a pickle, which can run code", b"PK": "a zip archive", b"\x7fELF": "a program"}
_LENGTH = 8  # [byte] of a safetensors file before its header, which begins with a brace


@dataclass(frozen=True)
class Entry:
    """What a folder holds, read once.

    Attributes:
        folder: The entry's folder.
        card: Its card.
        file: Name of the policy file.
        content: The policy file's bytes.
    """

    folder: Path
    card: Card
    file: str
    content: bytes

    @functools.cached_property
    def held(self) -> Held:
        """The policy file."""
        return Held(self.folder / self.file, self.content)

    @property
    def kind(self) -> str:
        """``"safetensors"`` or ``"onnx"``."""
        return self.held.kind

    @property
    def sha256(self) -> str:
        """Of the policy file."""
        return self.held.sha256

    @property
    def options(self) -> Options | None:
        """What its policy was made for; None where the file says nothing of it."""
        return self.held.policy.options if self.held.policy else None

    @property
    def body(self) -> Body | None:
        """The body that its policy drives; None where the file says nothing of it."""
        return self.options.body if self.options else None

    @property
    def walker(self) -> str:
        """What its policy is, see `Held.walker`."""
        return self.held.walker


def read_entry(folder: str | Path) -> Entry:
    """Read an entry's card and policy file.

    Raises:
        EntryError: It is refused; the message names folder and reason.
    """
    folder = Path(folder)
    try:
        _check_folder(folder)
        card = parse_card(read_plain(folder / CARD, CARD_MAX))
        file = policy_name(folder, card.policy)
        content = read_plain(folder / file, MAX_BYTES)
        _check_magic(file, content)
        return Entry(folder, card, file, content)
    except (EntryError, PolicyError) as error:
        raise EntryError(f"{folder}: {error}") from error
    except OSError as error:
        raise EntryError(f"{folder}: cannot be read: {error.strerror}") from error


def result_path(entry: Entry, suite: Suite) -> Path:
    """Where an entry's result in a suite lies."""
    return entry.folder / (RESULT_2 if suite.version == VERSION else RESULT)


def entry_folders(root: str | Path = ENTRIES) -> list[Path]:
    """The entries in a folder of entries, by name; none where there is no folder."""
    return sorted(p for p in Path(root).glob("*") if p.is_dir() and p.name[0] not in "._")


def verified_folders(root: str | Path | None = None) -> list[Path]:
    """The entries in a folder of entries; None: the published ones, of all boards."""
    return [
        folder for one in ((root,) if root else (ENTRIES, OPEN)) for folder in entry_folders(one)
    ]


def _check_folder(folder: Path) -> None:
    if folder.is_symlink() or not folder.is_dir():
        raise EntryError("expected a folder that is no link")
    for path in sorted(folder.iterdir()):
        if not path.name.isprintable():
            raise EntryError(f"the name of {path.name!a:.80} must be printable")
        mode = path.lstat().st_mode
        if stat.S_ISLNK(mode):
            raise EntryError(f"{path.name} is a link, which may lead out of the folder")
        if not stat.S_ISREG(mode):
            raise EntryError(f"{path.name} is no plain file; an entry has no folders or devices")
        if path.suffix in _MAY_RUN_CODE:
            raise EntryError(
                f"{path.name}: files of this kind can run code when loaded; "
                "write the policy as safetensors (agents.policy.Policy.save) or ONNX"
            )
        if path.name.endswith(".onnx.data"):
            raise EntryError(f"{path.name} is a part of a network: {INSIDE}")
        if path.suffix not in KINDS and path.name not in _OTHERS:
            raise EntryError(f"{path.name} does not belong in an entry: {_OTHERS} and a policy do")


def _check_magic(file: str, content: bytes) -> None:
    """Name what a file is that lies about its ending; nothing here would load it as that anyway."""
    header = int.from_bytes(content[:_LENGTH], "little")  # its length, may begin like anything
    fits = content[_LENGTH : _LENGTH + 1] == b"{" and _LENGTH + header <= len(content)
    if Path(file).suffix == ".safetensors" and fits:
        return
    for magic, what in _MAGIC.items():
        if content.startswith(magic):
            raise EntryError(f"{file} is {what}; expected safetensors or ONNX")
