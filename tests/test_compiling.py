"""The first compilation is told to whoever asked, once, and to nobody else."""

import pytest

pytest.importorskip("numba", reason="the extra 'fast' is not installed")

SCRIPT = """
from walker_env import compiling
told = []
{before}
from numba import njit
compiling.listen()

def make(module):
    def double(x):
        return 2 * x
    double.__module__ = module
    return njit(double)

make("somebody.else")(1)
print(len(told), end=" ")
make("walker_env.compiled.entry")(1)
make("agents.networks.kernels")(1)
print(len(told))
"""


@pytest.mark.parametrize(
    ("before", "told"),
    [("compiling.announce(lambda: told.append(1))", "0 1"), ("", "0 0")],
    ids=["asked", "not asked"],
)
def test_the_first_compilation_of_ours_is_told_once(fresh_python, before, told):
    assert fresh_python(SCRIPT.format(before=before)) == told
