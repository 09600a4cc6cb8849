"""What is published installs and says what it holds; what needs the checkout is not in it."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from walker_env import __version__

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
EXTRAS = PROJECT["project"]["optional-dependencies"]
LONG_DESCRIPTION = (ROOT / PROJECT["project"]["readme"]).read_text(encoding="utf-8")
PUBLISHED_AS = {"PIL": "pillow", "imageio_ffmpeg": "imageio-ffmpeg", "pygame": "pygame-ce"}
PACKED = ("walker_env", "tests", "agents", "benchmarks")


def requirements(lists):
    return [Requirement(word) for words in lists for word in words if isinstance(word, str)]


def of_the_package():
    """Everything that the wheel or one of its extras requires, but the package itself."""
    found = requirements([PROJECT["project"]["dependencies"], *EXTRAS.values()])
    return [requirement for requirement in found if requirement.name != "walker_env"]


def imported(package):
    """Libraries that the package imports anywhere."""
    for path in (ROOT / package).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                yield from (alias.name.split(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                yield node.module.split(".")[0]


def test_the_package_requires_what_it_imports_and_nothing_else():
    libraries = set(imported("walker_env")) - set(sys.stdlib_module_names)
    needed = {
        PUBLISHED_AS.get(name, name) for name in libraries - {"walker_env", "llvmlite"}
    }  # numba's
    assert needed == {requirement.name for requirement in of_the_package()}


def test_every_requirement_has_an_oldest_version_and_make_reads_it():
    lists = [*PROJECT["dependency-groups"].values(), *EXTRAS.values()]
    found = requirements([PROJECT["project"]["dependencies"], *lists])
    bounds = {
        f"{requirement.name}=={spec.version}"
        for requirement in found
        for spec in requirement.specifier
        if spec.operator == ">="
    }
    without = {r.name for r in found if ">=" not in str(r.specifier)}
    assert without == {"walker_env", "gymnasium"}  # the latter with extras, and bounded above
    command = re.search(r"sed -nE .* pyproject\.toml", (ROOT / "Makefile").read_text())[0]
    if shutil.which("sed") is None:
        pytest.skip("sed is a program of POSIX systems")
    read = subprocess.run(command, shell=True, cwd=ROOT, capture_output=True, text=True, check=True)
    assert set(read.stdout.split()) == bounds


def test_every_group_is_installed_by_make_but_the_peers():
    groups = PROJECT["dependency-groups"]
    included = {entry["include-group"] for entry in groups["all"]}
    assert included == set(groups) - {"all", "peers"}


def test_every_package_that_make_installs_is_pinned():
    pins = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    groups = [words for name, words in PROJECT["dependency-groups"].items() if name != "peers"]
    names = {requirement.name for requirement in [*of_the_package(), *requirements(groups)]}
    assert not {name for name in names if not re.search(rf"^{name}==", pins, re.M)}


def test_the_long_description_needs_no_checkout():
    links = re.findall(r"\]\(([^)]+)\)", LONG_DESCRIPTION)
    assert links
    assert all(link.startswith("https://") for link in links)
    for extra in re.findall(r"walker_env\[(\w+)\]", LONG_DESCRIPTION):
        assert extra in EXTRAS


def test_the_long_description_runs():
    (block,) = re.findall(r"```python\n(.*?)```", LONG_DESCRIPTION, re.DOTALL)
    names: dict = {}
    exec(compile(block, "README.md", "exec"), names)
    assert names["observation"].shape == (12,)
    assert names["observations"].shape == (64, 12)


def test_the_citation_is_of_this_version():
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert re.findall(r"^version: (.*)$", citation, re.M) == [__version__]


def test_the_workflow_calls_commands_that_exist_and_actions_by_their_commit():
    text = (ROOT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.M))
    called = re.findall(r"run: make ([a-z-]+)", text)
    assert called
    assert set(called) <= targets
    used = re.findall(r"uses: (\S+)", text)
    assert used
    assert all(re.fullmatch(r"[\w/-]+@[0-9a-f]{40}", action) for action in used)
    assert "permissions:\n  contents: read\n" in text


def test_links_of_those_who_contribute_exist():
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    for link in re.findall(r"\]\((?!http)([^)#]+)\)", text):
        assert (ROOT / link).exists(), link
    for path in re.findall(r"`((?:walker_env|agents|benchmarks|tests|docs)/[\w/]+\.\w+)`", text):
        assert (ROOT / path).exists(), path


@pytest.mark.parametrize("package", ["agents", "benchmarks"])
def test_a_command_without_its_libraries_says_how_to_install_them(package):
    script = f"""
import runpy, sys
sys.modules["typer"] = None
runpy.run_module({package!r}, run_name="__main__")
"""
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 2
    assert done.stderr == (
        "error: typer is not installed; in the checkout: make install, "
        "or pip install -c constraints.txt --group agents\n"
    )


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The names in the source archive, and the wheel unpacked into a folder."""
    source, out = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("dist")
    for path in ROOT.iterdir():
        if path.is_file():
            shutil.copy(path, source)
        elif path.name in PACKED:
            skip = shutil.ignore_patterns("__pycache__", "entries", "runs", "references")
            shutil.copytree(path, source / path.name, ignore=skip)
    words = ["-m", "build", "--no-isolation", "--outdir", out, source]
    done = subprocess.run([sys.executable, *words], capture_output=True, text=True, timeout=250)
    assert done.returncode == 0, done.stdout + done.stderr
    with tarfile.open(out / f"walker_env-{__version__}.tar.gz") as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    wheel = tmp_path_factory.mktemp("wheel")
    with zipfile.ZipFile(out / f"walker_env-{__version__}-py3-none-any.whl") as archive:
        archive.extractall(wheel)
    return names, wheel


@pytest.mark.long
def test_the_source_archive_holds_the_environment_alone(built):
    names, _ = built
    folders = {name.split("/")[0] for name in names if "/" in name}
    assert folders == {"walker_env", "walker_env.egg-info"}
    assert {"LICENSE", "CHANGELOG.md", "CITATION.cff", "walker_env/README.md"} <= names


@pytest.mark.long
def test_the_wheel_holds_every_file_of_the_environment_and_none_else(built):
    _, wheel = built
    info = f"walker_env-{__version__}.dist-info"
    assert {path.name for path in wheel.iterdir()} == {"walker_env", info}
    found = {path.relative_to(wheel) for path in (wheel / "walker_env").rglob("*.*")}
    sources = {path.relative_to(ROOT) for path in (ROOT / "walker_env").rglob("*.py")}
    assert found == sources | {Path("walker_env/py.typed")}


@pytest.mark.long
def test_the_wheel_says_what_it_is(built):
    _, wheel = built
    (path,) = wheel.glob("*.dist-info/METADATA")
    text = path.read_text(encoding="utf-8")
    head, _, description = text.partition("\n\n")
    assert description.strip() == LONG_DESCRIPTION.strip()
    assert set(re.findall(r"^Provides-Extra: (.*)$", head, re.M)) == set(EXTRAS)
    for line in (f"Version: {__version__}", "License-Expression: MIT", "Requires-Python: >=3.10"):
        assert f"\n{line}\n" in head
    required = {Requirement(word).name for word in re.findall(r"^Requires-Dist: (.*)$", head, re.M)}
    assert not required & {"torch", "stable-baselines3", "evotorch", "typer", "pytest"}


@pytest.mark.long
def test_the_wheel_walks_in_an_empty_folder(built, tmp_path):
    _, wheel = built
    (block,) = re.findall(r"```python\n(.*?)```", LONG_DESCRIPTION, re.DOTALL)
    script = f"import sys; sys.path.insert(0, {str(wheel)!r})\n{block}\n"
    script += "import walker_env; print(walker_env.__file__)"
    done = subprocess.run(
        [sys.executable, "-I", "-c", script], cwd=tmp_path, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert Path(done.stdout.strip()).is_relative_to(wheel)
