"""How the results are cited: the software with its version, and the suite's."""

from __future__ import annotations

from benchmarks.evaluation.conditions import VERSION
from walker_env import __version__

TITLE = "walker_env: a learning walker seen from above, with gradient and evolutionary learners"


def bibtex() -> str:
    """An entry for a bibliography."""
    return "\n".join(
        [
            "@software{walker_env,",
            f"  title   = {{{TITLE}}},",
            "  author  = {{The walker\\_env authors}},",
            f"  version = {{{__version__}}},",
            f"  note    = {{Results of {VERSION}}},",
            "}",
        ]
    )
