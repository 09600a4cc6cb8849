"""Machine code kept on disk is used while the compiled files are unchanged, and not after."""

from __future__ import annotations

import shutil

import pytest

from tests.conftest import ROOT

pytest.importorskip("numba", reason="the extra 'fast' is not installed")

SCRIPT = """
import sys
sys.path.insert(0, {folder!r})
from walker_env import Options, WalkerBatch
from walker_env.compiled import entry
state = WalkerBatch(1, Options(engine="pymunk")).state
state.velocity += 1.0
WalkerBatch(1, Options(engine="compiled")).engine.step(state)
assert entry.__file__.startswith({folder!r})
print(state.position.sum(), sum(entry.advance.stats.cache_hits.values()))
"""


@pytest.fixture
def run(tmp_path, fresh_python):
    """run(): moves a walker with a copy of the package; where it is, and whether from the disk."""
    shutil.copytree(
        ROOT / "walker_env",
        tmp_path / "walker_env",
        ignore=shutil.ignore_patterns("__pycache__", "*.nbi", "*.nbc"),
    )

    def once():
        script = SCRIPT.format(folder=str(tmp_path))
        place, hits = fresh_python(script, NUMBA_CACHE_DIR=str(tmp_path / "cache")).split()
        return float(place), int(hits)

    return once


@pytest.mark.long
def test_an_edited_helper_is_compiled_anew_and_an_unchanged_one_is_not(run, tmp_path):
    first, hits = run()
    assert hits == 0
    helper = tmp_path / "walker_env" / "compiled" / "solver.py"
    source = helper.read_text()
    assert "load(vx, k, w) * dt" in source
    helper.write_text(source.replace("load(vx, k, w) * dt", "load(vx, k, w) * 9.0"))
    edited, hits = run()
    assert hits == 0
    assert edited != first
    helper.write_text(source)
    assert run() == (first, 1)


def test_what_compiled_code_shares_with_readable_code_is_part_of_the_stamp(tmp_path, fresh_python):
    shutil.copytree(ROOT / "walker_env", tmp_path / "walker_env")
    script = f"import sys; sys.path.insert(0, {str(tmp_path)!r})\n"
    script += "from walker_env.compiled.stamp import STAMP; print(STAMP)"
    before = fresh_python(script)
    assert fresh_python(script) == before
    with (tmp_path / "walker_env" / "schema.py").open("a") as file:
        file.write("\n")
    assert fresh_python(script) != before


@pytest.mark.parametrize(
    "file", ["agents/compiled/forward.py", "walker_env/compiled/solver.py", "walker_env/schema.py"]
)
def test_every_file_of_an_episode_is_part_of_its_stamp(file, tmp_path, fresh_python):
    for package in ("agents", "walker_env"):
        shutil.copytree(ROOT / package, tmp_path / package)
    script = f"import sys; sys.path.insert(0, {str(tmp_path)!r})\n"
    script += "from agents.compiled.stamp import STAMP; print(STAMP)"
    before = fresh_python(script)
    with (tmp_path / file).open("a") as source:
        source.write("\n")
    assert fresh_python(script) != before
