"""What README and docs tell to type works: Python runs, commands exist and take those options."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest

from benchmarks.submission.card import parse_card
from tests.doc_blocks import COMMANDS, LANGUAGES, PAGES, ROOT, blocks, find, lines, parsed, read
from walker_env import BODIES, COURSES
from walker_env.body import ZOO
from walker_env.body.__main__ import make_parser

OWN_TESTS = {"docs/entering.md"}
"""Pages whose blocks run in a test file of their own, which also checks what they leave."""

WITH_PYTHON = [
    page
    for page in PAGES
    if page not in OWN_TESTS and any(b.language == "python" for b in blocks(page))
]
WITH_SHELL = [page for page in PAGES if any(b.language == "sh" for b in blocks(page))]
SLOW_PAGES = [page for page in WITH_PYTHON if any(b.long for b in blocks(page))]

TARGETS = set(re.findall(r"^([a-z-]+):", read("Makefile"), re.MULTILINE))

SMALLER = {"Budget(seconds=20)": "Budget(steps=4000)"}
"""What is trained on the pages is trained less here."""

LESS = {
    "train": ["--steps", "2000", "--seconds", "3", "--courses", "1", "--quiet"],
    "evaluate": ["--courses", "2"],
    "show": ["--seconds", "0.2"],
    "race": ["--seconds", "0.2"],
    "atlas": ["--seconds", "0.2", "--courses", "1"],
    "gait": [],
    "leaderboard": [],
}
"""Commands that are run, and what is added to them so that they take seconds."""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder that looks like a checkout; what is written stays in it."""
    for name in ("benchmarks", "docs"):
        (tmp_path / name).symlink_to(ROOT / name)
    monkeypatch.chdir(tmp_path)
    known = dict(COURSES)
    yield tmp_path
    COURSES.clear()
    COURSES.update(known)


def run_python(page, long):
    names = {}
    for block in blocks(page):
        if block.language == "python" and (long or not block.long):
            text = block.text
            for big, small in SMALLER.items():
                text = text.replace(big, small)
            exec(compile("\n" * (block.line - 1) + text, page, "exec"), names)
    return names


@pytest.mark.parametrize("page", WITH_PYTHON)
def test_python_blocks_run_in_order(page, folder):
    run_python(page, long=False)


@pytest.mark.long
@pytest.mark.parametrize("page", SLOW_PAGES)
def test_python_blocks_run_in_order_the_slow_ones_too(page, folder):
    run_python(page, long=True)


def test_the_readme_makes_a_picture_and_steps_many_walkers(folder):
    names = run_python("README.md", long=False)
    assert names["picture"].shape == (600, 600, 3)
    assert names["rewards"].shape == (64,)


def test_the_reference_makes_an_environment_of_files(folder):
    names = run_python("docs/environment.md", long=False)
    batch = names["env"].unwrapped.batch
    assert batch.body == names["long"]
    assert batch.world.name == "mud"


@pytest.mark.parametrize("page", PAGES)
def test_every_block_says_what_it_is(page):
    assert {block.language for block in blocks(page)} <= LANGUAGES


def test_the_card_is_one():
    (card,) = (b for page in PAGES for b in blocks(page) if b.language == "toml")
    assert parse_card(card.text.encode()).name == "my-walker"


@pytest.mark.parametrize("page", WITH_SHELL)
def test_every_command_line_is_one_and_reads_what_is_there(page, folder):
    made = set()
    for block in blocks(page):
        if block.language == "python":
            made |= set(re.findall(r'"([\w./-]+)"', block.text))
        for words in lines(block) if block.language == "sh" else []:
            if words[0] == "make":
                assert set(words[1:]) <= TARGETS
                continue
            assert words[:2] == ["python", "-m"], words
            if words[2] == "walker_env.body":
                assert set(make_parser().parse_args(words[3:]).bodies) <= made | {*BODIES, *ZOO}
                continue
            command = parsed(words)
            for path in command.reads():
                places = {path, *(path[: i.start()] for i in re.finditer("/", path))}
                assert (ROOT / path).exists() or places & made, f"{page}: nobody makes {path}"
            for path in command.writes():
                made.add(path)
                (folder / path).mkdir(parents=True, exist_ok=True)  # some are refused otherwise


@pytest.mark.parametrize("page", PAGES)
def test_every_command_named_in_a_sentence_exists(page):
    prose = re.sub(r"^```.*?^```$", "", read(page), flags=re.MULTILINE | re.DOTALL)
    for code in re.findall(r"(?<!`)`([^`]+)`(?!`)", prose):
        words = code.split()
        if words[:1] == ["make"] and len(words) > 1 and words[1].islower():
            assert words[1] in TARGETS, code
        if words[:2] == ["python", "-m"] and words[2] in ("agents", "benchmarks") and words[3:]:
            command, _, rest = find(words[2], words[3:])
            options = {name for p in command.params for name in (*p.opts, *p.secondary_opts)}
            assert {word for word in rest if word.startswith("--")} <= options, code


@pytest.mark.parametrize(
    ("words", "error"),
    [
        ("python -m agents trian snes", "no command 'trian'"),
        ("python -m benchmarks figure", "which command"),
    ],
)
def test_a_command_that_does_not_exist_is_found(words, error):
    with pytest.raises(AssertionError, match=error):
        parsed(words.split())


def test_an_option_that_does_not_exist_is_found():
    with pytest.raises(Exception, match="--secnds"):
        parsed(["python", "-m", "agents", "train", "snes", "--secnds", "3"])


def quick(words):
    """Whether a command ends soon by itself: windows, clusters and cells of a whole map do not."""
    if (
        words[:2] != ["python", "-m"]
        or words[2] not in COMMANDS
        or find(words[2], words[3:])[1][0] not in LESS
    ):
        return False
    values, name = parsed(words).values, parsed(words).names[0]
    shown = name not in ("show", "race") or values["gif"] or values["mp4"]
    return shown and not values.get("ray") and not values.get("cell")


@pytest.mark.long
@pytest.mark.parametrize("page", [page for page in WITH_SHELL if page not in OWN_TESTS])
def test_commands_that_are_quick_run(page, folder):
    run_python(page, long=False)
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    for block in blocks(page):
        for words in lines(block) if block.language == "sh" else []:
            if not quick(words):
                continue
            rest = [word for word in words[1:] if word != "--live"]  # a window
            done = subprocess.run(
                [sys.executable, *rest, *LESS[parsed(words).names[0]]],
                cwd=folder, env=environment, capture_output=True, text=True, check=False,
            )  # fmt: skip
            assert done.returncode == 0, f"{' '.join(words)}\n{done.stdout}\n{done.stderr}"
