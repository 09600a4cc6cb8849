"""Entries to the leaderboard: folders with a policy file, a card, and the result of evaluating it.

Nothing in such a folder is trusted: files are opened without following links, read up to a limit,
and the policy is evaluated from a copy of the bytes that were checked (`sandbox`).
"""

from __future__ import annotations

import hashlib
import os
import stat
from dataclasses import dataclass
from pathlib import Path

from agents.baselines import Agent
from agents.policy import MAX_BYTES, Policy
from benchmarks.evaluation.published import ENTRIES
from benchmarks.submission.card import MAX_BYTES as CARD_BYTES
from benchmarks.submission.card import Card, EntryError, parse_card

KINDS = {".safetensors": "safetensors", ".onnx": "onnx"}
"""What a policy file's ending says."""

RESULT, CARD = "result.json", "card.toml"

_OTHERS = (RESULT, CARD, "README.md")
_MAY_RUN_CODE = (".pkl", ".pickle", ".pt", ".pth", ".zip", ".npy", ".npz", ".joblib", ".py", ".so")
_MAGIC = {b"\x80": "a pickle, which can run code", b"PK": "a zip archive", b"\x7fELF": "a program"}
_LENGTH = 8  # [byte] of a safetensors file before its header, which begins with a brace


@dataclass(frozen=True)
class Entry:
    """What a folder holds, read once.

    Attributes:
        folder: Where it lies.
        card: Its card.
        file: Name of the policy file.
        content: The policy file's bytes.
    """

    folder: Path
    card: Card
    file: str
    content: bytes

    @property
    def kind(self) -> str:
        """``"safetensors"`` or ``"onnx"``."""
        return KINDS[Path(self.file).suffix]

    @property
    def sha256(self) -> str:
        """Of the policy file."""
        return hashlib.sha256(self.content).hexdigest()


def read_entry(folder: str | Path) -> Entry:
    """Read an entry's card and policy file.

    Raises:
        EntryError: It is refused; the message names folder and reason.
    """
    folder = Path(folder)
    try:
        _check_folder(folder)
        card = parse_card(_read(folder, CARD, CARD_BYTES))
        file = _policy_name(folder, card)
        content = _read(folder, file, MAX_BYTES)
        _check_magic(file, content)
        return Entry(folder, card, file, content)
    except EntryError as error:
        raise EntryError(f"{folder}: {error}") from error
    except OSError as error:
        raise EntryError(f"{folder}: cannot be read: {error.strerror}") from error


def load_policy(entry: Entry, body: str) -> Agent:
    """The policy of an entry.

    Args:
        entry: Whose policy.
        body: The one that an ONNX network drives; other policies bring their own.

    Raises:
        PolicyError: The file is no usable policy.
        ImportError: It is an ONNX network, and onnxruntime is not installed.
    """
    if entry.kind == "safetensors":
        return Policy.load(entry.folder / entry.file)
    from benchmarks.submission.onnx_policy import OnnxPolicy

    return OnnxPolicy(entry.content, entry.card, body)


def entry_folders(root: str | Path = ENTRIES) -> list[Path]:
    """The entries in a folder of entries, by name; none where there is no folder."""
    return sorted(p for p in Path(root).glob("*") if p.is_dir() and p.name[0] not in "._")


def _check_folder(folder: Path) -> None:
    if folder.is_symlink() or not folder.is_dir():
        raise EntryError("expected a folder that is no link")
    for path in sorted(folder.iterdir()):
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
        if path.suffix not in KINDS and path.name not in _OTHERS:
            raise EntryError(f"{path.name} does not belong in an entry: {_OTHERS} and a policy do")


def _policy_name(folder: Path, card: Card) -> str:
    """The policy's file name: the card's, or the only one there is."""
    if card.policy:
        if Path(card.policy).name != card.policy:
            raise EntryError(f"policy {card.policy!r} leads out of the folder")
        if Path(card.policy).suffix not in KINDS:
            raise EntryError(f"policy {card.policy!r} must end with one of {sorted(KINDS)}")
        return card.policy
    found = sorted(path.name for path in folder.iterdir() if path.suffix in KINDS)
    if len(found) != 1:
        raise EntryError(f"expected one policy file *.safetensors or *.onnx, got {found}")
    return found[0]


def _check_magic(file: str, content: bytes) -> None:
    """Name what a file is that lies about its ending; nothing here would load it as that anyway."""
    header = int.from_bytes(content[:_LENGTH], "little")  # its length, may begin like anything
    fits = content[_LENGTH : _LENGTH + 1] == b"{" and _LENGTH + header <= len(content)
    if Path(file).suffix == ".safetensors" and fits:
        return
    for magic, what in _MAGIC.items():
        if content.startswith(magic):
            raise EntryError(f"{file} is {what}; expected safetensors or ONNX")


def _read(folder: Path, name: str, most: int) -> bytes:
    """The bytes of a plain file in ``folder``; links are not followed."""
    try:
        handle = os.open(folder / name, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
    except FileNotFoundError as error:
        raise EntryError(f"expected a file {name}, got none") from error
    with open(handle, "rb") as file:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise EntryError(f"{name} is no plain file")
        content = file.read(most + 1)
    if len(content) > most:
        raise EntryError(f"{name} is too big: it must have at most {most:,} bytes")
    return content
