"""The commands around entries and the page name a folder that is not there, and make nothing."""

from __future__ import annotations

import pytest
from rich.text import Text
from typer.testing import CliRunner

from benchmarks.__main__ import app
from benchmarks.evaluation.published import ENTRIES


@pytest.mark.parametrize(
    "words",
    [
        ["site", "--entries"],
        ["site", "--runs"],
        ["submit", str(ENTRIES / "trot"), "--entries"],
        ["verify", "--entries"],
    ],
    ids=lambda words: words[0] + words[-1],
)
def test_a_folder_that_is_not_there_is_a_users_mistake(tmp_path, monkeypatch, words):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").write_text("")
    for place, problem in (("nowhere", "does not exist"), ("file", "is a file")):
        done = CliRunner().invoke(app, [*words, place])
        assert done.exit_code == 2
        told = Text.from_ansi(done.output).plain
        assert f"Invalid value for '{words[-1]}'" in told
        assert f"'{place}' {problem}" in told
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_verify_names_what_is_known(tmp_path):
    done = CliRunner().invoke(app, ["verify", "rear-runer", "gait"])
    assert isinstance(done.exception, ValueError)  # which the command line tells in one line
    assert "'rear-runner'" in str(done.exception)
    assert "got ['rear-runer']" in str(done.exception)
    assert done.output == ""
