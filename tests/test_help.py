"""What ``--help`` shows: all that is written there, and nothing of this machine."""

import pytest
from typer.testing import CliRunner

from agents.__main__ import app as agents
from benchmarks.__main__ import app as benchmarks
from tests.conftest import ROOT
from tests.test_outputs import COMMANDS


def shown(words):
    """What a command's help shows, without frames and line breaks."""
    start, *rest = words.split()
    app = {"agents": agents, "benchmarks": benchmarks}[start]
    done = CliRunner().invoke(app, [*rest, "--help"], env={"COLUMNS": "200", "NO_COLOR": "1"})
    assert done.exit_code == 0, done.output
    return " ".join(done.output.replace("│", " ").split())


@pytest.mark.parametrize("words", COMMANDS)
def test_help_shows_every_word_of_it(words):
    text = shown(words)
    for option in COMMANDS[words].params:
        if option.name != "help":
            assert option.help, f"{words} {option.name}: says nothing"
            assert option.help in text, f"{words} {option.name}: not all of it is shown"
            assert option.help.endswith("."), f"{words} {option.name}: no sentence"
    assert str(ROOT) not in text
