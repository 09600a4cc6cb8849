"""The blocks of code on the pages of README and docs, and the commands on them."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import typer

from agents.__main__ import app as agents_app
from benchmarks.__main__ import app as benchmarks_app

ROOT = Path(__file__).resolve().parent.parent

PAGES = ["README.md", *(f"docs/{path.name}" for path in sorted((ROOT / "docs").glob("*.md")))]

LONG = "<!-- long -->"
"""On the line before a block that takes a while, where readers do not see it."""

LANGUAGES = {"python", "sh", "text", "toml"}
"""Of blocks: the first two run, the others are checked by eye or by a test of their own."""

COMMANDS = {
    "agents": typer.main.get_command(agents_app),
    "benchmarks": typer.main.get_command(benchmarks_app),
}

READ = {"body", "world", "entries", "runs", "records"}
"""Options that name what is read, as every argument may; any other option names what is written."""

WORDS = {"setting", "ray", "skills", "storage"}
"""Options whose values may look like files and are none."""


@dataclass(frozen=True)
class Block:
    """A fenced block.

    Attributes:
        page: Where it stands, as a path in the checkout.
        line: Of its first line, from 1 on.
        language: As the fence says.
        text: Without its fences.
        long: Whether it is marked by `LONG`.
    """

    page: str
    line: int
    language: str
    text: str
    long: bool


@dataclass(frozen=True)
class Command:
    """A command line of one of the packages, parsed by that package.

    Attributes:
        package: ``"agents"`` or ``"benchmarks"``.
        names: The command and its subcommand.
        rest: What follows, as it is written.
        values: Values of its parameters by name, defaults included.
        read: Names of the parameters that say what is read.
    """

    package: str
    names: tuple[str, ...]
    rest: list[str]
    values: dict[str, Any]
    read: set[str]

    def reads(self) -> list[str]:
        """Files and folders that must be there."""
        return [path for name in self.read for path in self._paths(name)]

    def writes(self) -> list[str]:
        """Files and folders that it makes."""
        return [path for name in self.values if name not in self.read for path in self._paths(name)]

    def _paths(self, name: str) -> list[str]:
        value = self.values.get(name)
        texts = value if isinstance(value, (list, tuple)) else [value]
        named = [str(t) for t in texts if isinstance(t, (str, Path)) and name not in WORDS]
        return [re.sub(r"\.py:\w+$", ".py", text) for text in named if re.search(r"[/.]", text)]


def read(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


def blocks(page: str) -> list[Block]:
    """All fenced blocks of a page."""
    text, found = read(page), []
    for match in re.finditer(r"^```(.*)\n((?:.*\n)*?)```$", text, re.MULTILINE):
        before = text[: match.start()]
        long = before.rstrip().endswith(LONG)
        found.append(Block(page, before.count("\n") + 2, match[1], match[2], long))
    return found


def lines(block: Block) -> list[list[str]]:
    """The words of each command line of a block; braces are alternatives, as in a shell."""
    text = block.text.replace("\\\n", " ")
    split = [shlex.split(line, comments=True) for line in text.splitlines()]
    return [[part for word in words for part in _expanded(word)] for words in split if words]


def _expanded(word: str) -> list[str]:
    match = re.fullmatch(r"(.*)\{([^{}]*,[^{}]*)\}(.*)", word)
    return [match[1] + part + match[3] for part in match[2].split(",")] if match else [word]


def find(package: str, words: list[str]) -> tuple[Any, tuple[str, ...], list[str]]:
    """The command that words name, its names, and the words that are left."""
    command, names, rest = COMMANDS[package], (), list(words)
    while hasattr(command, "commands"):
        assert rest, f"python -m {package} {' '.join(names)}: which command?"
        name = rest.pop(0)
        assert name in command.commands, f"python -m {package} has no command {name!r}"
        command, names = command.commands[name], (*names, name)
    return command, names, rest


def parsed(words: list[str]) -> Command:
    """The command line ``python -m PACKAGE ...``, as its package takes it."""
    package = words[2]
    command, names, rest = find(package, words[3:])
    context = command.make_context(" ".join(names), list(rest))
    read = READ | {p.name for p in command.params if p.param_type_name == "argument"}
    return Command(package, names, rest, context.params, read)
