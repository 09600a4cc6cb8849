"""Every public function with three arguments or more says what each of them is."""

from __future__ import annotations

import ast
import importlib
import re
import typing
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from typer.models import ParameterInfo

ROOT = Path(__file__).resolve().parent.parent

PACKAGES = ("walker_env", "agents", "benchmarks")

FEWEST = 3
"""Arguments, besides self and cls, from which on each is documented."""

VOCABULARIES = {
    "walker_env/compiled": "walker_env/compiled/__init__.py",
    "agents/compiled": "agents/compiled/__init__.py",
    "agents/networks/kernels.py": "agents/networks/kernels.py",
}
"""Compiled code whose arguments have one meaning throughout, and the docstring that has it."""


class Function(NamedTuple):
    """A public function, or a class with a constructor of its own."""

    file: str
    name: str  # of its class too
    arguments: tuple[str, ...]
    docstring: str

    @property
    def id(self) -> str:
        return f"{self.file}:{self.name}"

    def undocumented(self) -> list[str]:
        known = documented(self.docstring) | vocabulary(self.file)
        return [name for name in self.arguments if name not in known]


def documented(docstring: str) -> set[str]:
    """Names under ``Args:`` that have a description."""
    section = re.search(r"^Args:\n((?:[ ]+.*\n|\n)+)", docstring + "\n", re.MULTILINE)
    return set(re.findall(r"^    (\*{0,2}\w+): \S", section[1], re.MULTILINE)) if section else set()


def vocabulary(file: str) -> set[str]:
    """Names that the vocabulary for this file explains: ``- ``name``, ``name``: ...``."""
    for place, home in VOCABULARIES.items():
        if file.startswith(place):
            text = ast.get_docstring(ast.parse((ROOT / home).read_text())) or ""
            heads = re.findall(r"(?:^- |; )((?:``\w+``(?:, )?)+):", text, re.MULTILINE)
            return {name for head in heads for name in re.findall(r"\w+", head)}
    return set()


def arguments_of(function: ast.FunctionDef, method: bool) -> tuple[str, ...]:
    given = function.args
    plain = [a.arg for a in (*given.posonlyargs, *given.args)]
    static = any(ast.unparse(d) == "staticmethod" for d in function.decorator_list)
    names = plain[1:] if method and not static else plain
    names += [f"*{given.vararg.arg}"] if given.vararg else []
    names += [a.arg for a in given.kwonlyargs]
    names += [f"**{given.kwarg.arg}"] if given.kwarg else []
    return tuple(name for name in names if name != "_")  # what is not used has no name


def functions(file: str, node: Any, owners: tuple[ast.ClassDef, ...] = ()) -> Iterator[Function]:
    for child in node.body:
        if isinstance(child, ast.ClassDef) and not child.name.startswith("_"):
            yield from functions(file, child, (*owners, child))
        if not isinstance(child, ast.FunctionDef):
            continue
        made = child.name == "__init__"
        if child.name.startswith("_") and not made:
            continue
        names = [owner.name for owner in owners] + [child.name] * (not made)
        docstring = ast.get_docstring(owners[-1] if made else child) or ""
        arguments = arguments_of(child, bool(owners))
        if len(arguments) >= FEWEST:
            yield Function(file, ".".join(names), arguments, docstring)


def sources() -> Iterator[tuple[str, ast.Module]]:
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def interfaces() -> set[tuple[str, tuple[str, ...]]]:
    """Methods that a Protocol documents, by name and arguments."""
    return {
        (function.name.split(".")[-1], function.arguments)
        for file, tree in sources()
        for node in tree.body
        if isinstance(node, ast.ClassDef) and "Protocol" in map(ast.unparse, node.bases)
        for function in functions(file, ast.Module([node], []))
        if not function.undocumented()
    }


def is_command(function: Function) -> bool:
    """Whether every argument is one of a command line and has a help text."""
    if "." in function.name:
        return False
    module = importlib.import_module(function.file.removesuffix(".py").replace("/", "."))
    hints = typing.get_type_hints(getattr(module, function.name), include_extras=True)
    kinds = [(hints.get(name), *typing.get_args(hints.get(name))) for name in function.arguments]
    # Python 3.10 makes an Optional of what is None by default
    found = [
        next((k.__metadata__[0] for k in kind if hasattr(k, "__metadata__")), None)
        for kind in kinds
    ]
    return all(isinstance(info, ParameterInfo) and info.help for info in found)


def test_every_argument_of_a_public_function_is_documented() -> None:
    known = interfaces()
    lacking = {
        function.id: function.undocumented()
        for file, tree in sources()
        for function in functions(file, tree)
        if function.undocumented()
        and (function.name.split(".")[-1], function.arguments) not in known
        and not ("Annotated" in (ROOT / file).read_text() and is_command(function))
    }
    assert not lacking


@pytest.mark.parametrize(
    ("code", "missing"),
    [
        ("def f(a, b): ...", []),
        ("def _f(a, b, c): ...", []),
        ("def f(a, b, c): ...", ["a", "b", "c"]),
        ("def f(_, a, b, c): 'F.\\n\\nArgs:\\n    a: x\\n    c: x'", ["b"]),
        (
            "def f(a, *b, c, **d): 'F.\\n\\nArgs:\\n    a: x\\n    *b: x\\n    c:\\n    **d: x'",
            ["c"],
        ),
        (
            "class A:\n    'F.\\n\\nArgs:\\n    a: x'\n    def __init__(self, a, b, c): ...",
            ["b", "c"],
        ),
        ("class A:\n    class B:\n        def f(self, a, b, c): ...", ["a", "b", "c"]),
        ("class _A:\n    def f(self, a, b, c): ...", []),
    ],
)
def test_what_counts_as_documented(code: str, missing: list[str]) -> None:
    found = functions("some/file.py", ast.parse(code))
    assert [name for function in found for name in function.undocumented()] == missing


def test_a_vocabulary_explains_names_that_compiled_functions_share() -> None:
    assert {"model", "block", "senses", "first", "lanes"} <= vocabulary("walker_env/compiled/x.py")
    assert {"seen", "alive", "edges", "bias"} <= vocabulary("agents/networks/kernels.py")
    assert not vocabulary("agents/networks/network.py")
