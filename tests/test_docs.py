"""The handbook is whole: every page is in its order, every link and anchor leads somewhere."""

from __future__ import annotations

import ast
import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import walker_env
from tests.doc_blocks import PAGES, ROOT, read

LINK = re.compile(r"\]\((?!https?:)([^)\s]+)\)|<img src=\"(?!https?:)([^\"]+)\"")

NAV = re.findall(r"^\s+- .*?: ([\w/]+\.md)$", read("mkdocs.yml"), re.MULTILINE)

LONGEST_README = 120


def without_code(text):
    return re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)


def anchors(page):
    """The anchors of a page's headings, which GitHub and mkdocs make alike."""
    heads = re.findall(r"^#+ (.+)$", without_code(read(page)), re.MULTILINE)
    plain = [re.sub(r"[^\w\s-]", "", head.lower()).strip() for head in heads]
    return {re.sub(r"[\s-]+", "-", head) for head in plain}


def test_every_page_has_its_place_in_the_order():
    assert sorted(NAV) == sorted(page.removeprefix("docs/") for page in PAGES if "docs/" in page)


@pytest.mark.parametrize("page", PAGES)
def test_every_relative_link_and_anchor_leads_somewhere(page):
    for found in LINK.findall(without_code(read(page))):
        path, _, anchor = next(filter(None, found)).partition("#")
        target = Path(os.path.normpath(Path(page).parent / path)) if path else Path(page)
        assert (ROOT / target).exists(), f"{page}: no {target}"
        if anchor:
            assert anchor in anchors(target.as_posix()), f"{page}: no #{anchor} in {target}"


@pytest.mark.parametrize("page", [page for page in PAGES if page != "README.md"])
def test_pages_of_the_handbook_link_to_nothing_outside_it(page):
    assert not re.findall(r"\]\(\.\./", without_code(read(page)))


def test_the_readme_is_short():
    assert len(read("README.md").splitlines()) <= LONGEST_README


def test_the_map_names_files_that_exist():
    text = read("docs/architecture.md").split("## The files")[1].split("```")[1]
    folder, seen = Path(), 0
    for line in text.splitlines():
        for name in re.findall(r"[\w/]+\.py|^\w+/", line):
            folder = Path(name) if name.endswith("/") else folder
            assert (ROOT / folder / ("" if name.endswith("/") else name)).exists(), name
            seen += 1
    assert seen > 40


def names_in(module):
    """What a module defines or imports at its top; nothing is loaded for that."""
    path = ROOT / module.replace(".", "/")
    path = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        targets = getattr(node, "targets", [getattr(node, "target", node)])
        yield from (target.id for target in targets if isinstance(target, ast.Name))
        yield from (alias.name for alias in getattr(node, "names", ()))
        yield getattr(node, "name", None)


def test_every_name_of_the_reference_exists():
    for name in re.findall(r"^::: ([\w.]+)$", read("docs/api.md"), re.MULTILINE):
        module, attribute = name.rsplit(".", 1)
        assert attribute in names_in(module), name


def test_the_reference_has_every_public_name_of_the_environment():
    listed = set(re.findall(r"^::: walker_env\.(\w+)$", read("docs/api.md"), re.MULTILINE))
    assert listed == set(walker_env.__all__) - {"__version__"}


@pytest.mark.long
def test_the_handbook_builds_without_a_warning_and_loads_nothing_from_elsewhere(tmp_path):
    if importlib.util.find_spec("mkdocs") is None:
        pytest.skip("mkdocs is not installed (extra: docs)")
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(tmp_path / "book")],
        cwd=ROOT,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "WARNING" not in done.stderr
    pages = [(tmp_path / "book" / page).with_suffix(".html") for page in NAV]
    for page in pages:
        text = page.read_text(encoding="utf-8")
        tags = re.findall(r"<(?:script|img|link|iframe)\b[^>]*>", text)
        assert not [tag for tag in tags if re.search(r"(?:src|href)=\"?(?:https?:)?//", tag)], page
    assert "WalkerVectorEnv" in (tmp_path / "book" / "api.html").read_text(encoding="utf-8")
