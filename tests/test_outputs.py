"""One rule for what commands write: tested by itself, and at every option that names an output."""

import os

import pytest
import typer

from agents.__main__ import app as agents
from agents.outputs import OutputError, output_file, output_folder
from benchmarks.__main__ import app as benchmarks

ENDINGS = {
    "gif": ".gif",
    "mp4": ".mp4",
    "markdown": ".md",
    "replay": ".npz",
    "save": ".safetensors",
    "picture": ".png",
}
"""What options of these names write; ``out`` is a figure, a page, figures in JSON, or a folder."""

PLACES = ("out", "folder", *ENDINGS)


def test_an_ending_is_added_where_there_is_none(tmp_path):
    assert output_file(tmp_path / "walk", ".gif", ".mp4") == tmp_path / "walk.gif"
    assert output_file(tmp_path / "a.MP4", ".gif", ".mp4") == tmp_path / "a.MP4"
    assert output_file(tmp_path / "new" / "study.db") == tmp_path / "new" / "study.db"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("walk.png", r"walk.png: expected the ending .gif or .mp4"),
        ("folder", r"folder is a folder; expected the name of a file .gif or .mp4"),
        ("file/walk.gif", r"file is no folder; nothing can be written below it"),
        ("file/a/walk", r"file is no folder"),
        ("pipe.gif", r"pipe.gif is no plain file"),
        ("", r"is a folder"),
    ],
)
def test_a_file_that_cannot_be_written_is_named(tmp_path, name, message):
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").touch()
    os.mkfifo(tmp_path / "pipe.gif")
    with pytest.raises(OutputError, match=message):
        output_file(tmp_path / name, ".gif", ".mp4")


def test_a_folder_is_no_file(tmp_path):
    (tmp_path / "file").touch()
    assert output_folder(tmp_path / "a" / "b") == tmp_path / "a" / "b"
    for name in ("file", "file/below"):
        with pytest.raises(OutputError, match="file is no folder"):
            output_folder(tmp_path / name)


def test_a_place_without_permission_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "access", lambda *_: False)  # root may write everywhere
    with pytest.raises(OutputError, match="no permission to write there"):
        output_folder(tmp_path / "new")


def commands():
    """Every command of both command lines, by its words."""
    found, stack = {}, [(("agents",), typer.main.get_command(agents))]
    stack.append((("benchmarks",), typer.main.get_command(benchmarks)))
    while stack:
        words, command = stack.pop()
        if hasattr(command, "commands"):
            stack += [((*words, name), sub) for name, sub in command.commands.items()]
        else:
            found[" ".join(words)] = command
    return found


COMMANDS = commands()


def outputs():
    """Every option of every command that says where something is written."""
    return [
        pytest.param(command, option, id=f"{words} {option.name}")
        for words, command in COMMANDS.items()
        for option in command.params
        if option.param_type_name == "option" and option.name in PLACES
    ]


@pytest.mark.parametrize(("command", "option"), outputs())
def test_every_output_is_checked_when_the_command_line_is_read(tmp_path, command, option):
    (tmp_path / "file").touch()
    context = command.context_class(command)
    with pytest.raises(OutputError, match="file is no folder"):
        option.process_value(context, str(tmp_path / "file" / "below"))
    ending = ENDINGS.get(option.name)
    if ending is not None:
        assert option.process_value(context, str(tmp_path / "x")) == tmp_path / f"x{ending}"
    assert option.default is None or str(option.default).split(os.sep)[0] in {
        "runs",
        "demo",
        "site",
        "",  # an absolute path: the published records
    }
