"""Tests say what a user can see: they look at objects through public names alone."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

FILES = sorted(Path(__file__).parent.glob("*.py"))

PATCHES = {"setattr", "getattr", "delattr", "setitem"}
"""Functions whose first two arguments may name an attribute."""


def private(name):
    """Whether a dotted name has a part that its owner keeps to itself."""
    return any(
        part == "__defaults__" or (part.startswith("_") and not part.endswith("__"))
        for part in name.split(".")
    )


def own(node):
    return isinstance(node, ast.Name) and node.id in ("self", "cls")


def names(node):
    """Names of others that a node of the syntax tree reaches for."""
    if isinstance(node, ast.Attribute) and not own(node.value):
        yield node.attr
    if isinstance(node, ast.ImportFrom):
        yield node.module or ""
        yield from (alias.name for alias in node.names)
    if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in PATCHES:
        yield from (a.value for a in node.args[:2] if isinstance(getattr(a, "value", 0), str))


def parsed(text):
    try:
        return ast.parse(text)
    except SyntaxError:
        return ast.Module([], [])


def reaches(text):
    """Private names that a file or a script uses, with their lines; scripts in it included."""
    for node in ast.walk(parsed(text)):
        yield from ((node.lineno, name) for name in names(node) if private(name))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and "\n" in node.value:
            yield from ((node.lineno + line - 1, name) for line, name in reaches(node.value))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_no_test_reaches_into_what_others_keep_to_themselves(path):
    found = [f"{path.name}:{line}: {name}" for line, name in reaches(path.read_text())]
    assert not found, "say what a user can see, or make a public seam"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("learner._model.steps", ["_model"]),
        ("from a.b import _hidden", ["_hidden"]),
        ("from a._b import shown", ["a._b"]),
        ("patch.setattr('a.b._c', 1)", ["a.b._c"]),
        ("patch.setattr(a.b, '_c', 1)", ["_c"]),
        ("patch.setattr('a.read.__defaults__', ())", ["a.read.__defaults__"]),
        ("script = '''\\nimport a\\na._b()\\n'''", ["_b"]),
        ("self._server.__class__, a.__file__, b.c", []),
    ],
)
def test_what_counts_as_reaching(text, found):
    assert [name for _, name in reaches(text)] == found


SKIPPED = """
import pytest

def test_that_misses_a_program():
    pytest.skip("xdotool is not installed")

@pytest.mark.skipif(True, reason="needs POSIX signals")
def test_of_another_platform(): ...

@pytest.mark.xfail(reason="known")
def test_that_is_known_to_fail():
    assert False
"""


@pytest.mark.parametrize(
    ("environment", "summary"),
    [
        ({}, "3 skipped, 1 xfailed"),
        ({"CI_NO_SKIPS": "1"}, "1 failed, 1 skipped, 1 xfailed, 1 error"),
    ],
)
def test_nothing_is_skipped_for_want_of_anything_where_everything_must_run(
    environment, summary, tmp_path
):
    (tmp_path / "test_skipped.py").write_text(SKIPPED)
    (tmp_path / "test_module.py").write_text("import pytest; pytest.importorskip('nowhere')\n")
    words = ["-p", "tests.no_skips", "-c", os.devnull, "--rootdir", ".", "-p", "no:cacheprovider"]
    words += ["--continue-on-collection-errors", "test_skipped.py", "test_module.py"]
    words += ["-rN"]  # a summary would repeat some reasons, in full where the variable CI is set
    told = {k: v for k, v in os.environ.items() if k not in ("CI_NO_SKIPS", "PYTEST_ADDOPTS")}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *words],
        cwd=tmp_path,
        env={**told, **environment, "PYTHONPATH": str(FILES[0].parent.parent)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert summary in done.stdout
    assert done.stdout.count("nothing may be skipped here") == (2 if environment else 0)
