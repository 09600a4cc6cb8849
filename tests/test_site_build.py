"""The page as files: complete, the same each time, and nothing of an entry gets out of its text."""

import hashlib
import json
import os
import re
import shutil
from dataclasses import asdict, replace
from html.parser import HTMLParser

import numpy as np
import pytest
from msgspec.structs import astuple
from msgspec.structs import replace as changed

from agents.baselines import load_agent
from agents.networks.network import Graph, plain_normaliser
from agents.policy import Policy
from benchmarks.evaluation.published import ENTRIES, OPEN, REFERENCES, RUNS
from benchmarks.evaluation.report import Scores, Summary, load_report, save_report
from benchmarks.evaluation.suite import SUITE_V1, TrainingBudget
from benchmarks.history.record import Budget, Cost, Curve, Record, save_record
from benchmarks.site import charts
from benchmarks.site.algorithms import Newcomer, budget_words
from benchmarks.site.build import beats, build_site, work_items
from benchmarks.site.content import (
    Board,
    BoardRow,
    Chart,
    Content,
    Line,
    Score,
    ShownEntry,
    Skills,
    SkillScore,
    slugs,
    web_link,
    without,
)
from benchmarks.site.network import network
from benchmarks.site.source import COURSES, read_content
from tests.own_bodies import spider
from walker_env import BODIES, Body, Options
from walker_env.body import ZOO
from walker_env.params import WORLD, WORLDS
from walker_env.replay import Replay
from walker_env.skin import webs
from walker_env.tasks import TARGET_RADIUS

EVIL = '<script>alert("x")</script>&\'"><img src=x onerror=alert(1)>'


class Links(HTMLParser):
    """Collects what a page refers to, and anything that could run."""

    def __init__(self):
        super().__init__()
        self.found, self.handlers, self.inline = [], [], 0
        self._script = False

    def handle_starttag(self, tag, attrs):
        self._script = tag == "script" and "src" not in dict(attrs)
        for name, value in attrs:
            if name in ("src", "href") and value:
                self.found.append(value)
            if name.startswith("on") or name == "style":
                self.handlers.append((tag, name))

    def handle_data(self, data):
        self.inline += self._script and bool(data.strip())
        self._script = False


def small(name="gait", link=None):
    """Content with two entries on one course, with everything a page can have."""
    ids = slugs([name, "still"])
    entries = (
        ShownEntry(ids[0], name, EVIL, load_agent("gait"), authors=EVIL, trained=((EVIL, EVIL),),
              link=link, marks=(EVIL,), description=EVIL, sha256="ab" * 32),
        ShownEntry(ids[1], "still", "none", load_agent("still")),
    )  # fmt: skip
    samples = np.array([[30.0, 31.0, 32.0]])
    rows = (
        BoardRow(name, EVIL, Score(31, 30, 32), samples, (1.5, None, EVIL), ids[0], 1),
        BoardRow("still", "none", Score(0, 0, 0), 0 * samples, (0.0, 250.0, "b"), ids[1]),
    )
    points = np.array([1.0, 2.0])
    chart = Chart("x", EVIL, EVIL, EVIL, (Line(EVIL, points, points, points, points),))
    figures = (SkillScore(Score(31, 30, 32), 100.0), None)
    skills = Skills(
        ("disc", EVIL), (EVIL, EVIL), ("targets", EVIL), ("disc",), ((name, ids[0], figures),)
    )
    board = Board(
        "one", EVIL, EVIL, "targets", "policy", "course", ("a", "b", "c"), rows, (chart,), skills
    )
    return Content(
        version="test",
        entries=entries,
        boards=(board, replace(board, key="two")),
        courses=COURSES[:1],
        charts=(chart, replace(chart, key="y")),
        protocol=(EVIL,),
        featured=tuple(ids),
    )


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    folder = tmp_path_factory.mktemp("page")
    build_site(small(EVIL, "javascript:alert(1)"), folder, steps=60)
    return folder


def _pages(folder):
    return sorted(folder.rglob("*.html"))


def test_every_page_links_to_files_that_are_there(page):
    assert len(_pages(page)) == 6
    for path in _pages(page):
        links = Links()
        links.feed(path.read_text())
        assert len(links.found) > 5
        for link in links.found:
            if link.startswith("data:image/svg+xml,"):
                continue  # the icon, which no change of the address fetches again
            assert not re.match(r"[a-z]+:|//", link), f"{path.name} leaves the page: {link}"
            target = link.split("#")[0]
            assert not target or (path.parent / target).resolve().exists(), (path.name, link)


def test_words_of_an_entry_stay_words(page):
    for path in _pages(page):
        text = path.read_text()
        links = Links()
        links.feed(text)
        assert not links.handlers, "handlers and styles in the page are what its policy forbids"
        assert links.inline == 0
        assert "<img" not in text
        assert "alert(1)>" not in text
        assert not re.search(r"(href|src)=[^>]*javascript:", text)
    for path in page.joinpath("data").rglob("*.js"):
        assert path.resolve().is_relative_to(page.resolve())


def test_a_skill_is_told_as_scored_with_its_interval_beside_the_absolute_figure(tmp_path):
    build_site(small(), tmp_path / "page", steps=5)
    told = "31.0 targets, 95 % interval 30.0 to 32.0"
    front = (tmp_path / "page" / "index.html").read_text()
    assert f'title="gait, disc: {told}">100<span class="hidden">: {told}</span></td>' in front
    entry = (tmp_path / "page" / "entries" / "gait.html").read_text()
    cells = re.search(r"<tbody>(.*?)</tbody>", entry, re.DOTALL)[1]
    shown = [re.sub(r"<[^>]*>", "", cell) for cell in re.findall(r"<td.*?</td>", cells)]
    assert shown[:4] == ["31.0 targets", "30.0 to 32.0", "100", "100 of 100"]


def test_the_data_hold_whole_plans_by_digest(tmp_path):
    """Two bodies of one name stay two; every value and the digest can be read again."""
    own = replace(spider(), name="quadruped")
    content = small()
    agents = [load_agent("still"), load_agent("still", Options(body=own))]
    entries = [replace(e, agent=agent) for e, agent in zip(content.entries, agents)]
    build_site(replace(content, entries=tuple(entries)), tmp_path / "page", steps=5)
    script = (tmp_path / "page" / "data" / "site.js").read_text()
    data = json.loads(script.removeprefix('WALKER.receive("site",').removesuffix(");\n"))
    assert (data["rate"], data["radius"]) == (WORLD.control_rate, TARGET_RADIUS)
    assert [one["body"] for one in data["entries"]] == [BODIES["quadruped"].digest, own.digest]
    for digest, held in data["bodies"].items():
        drawn = held.pop("webs")
        body = Body.from_dict(held)  # checks the digest
        assert body.digest == digest
        assert [tuple(web["nodes"]) for web in drawn] == [web.nodes for web in webs(body)]
        assert body.skin == (BODIES["quadruped"].skin if digest != own.digest else ())
    assert data["courses"][0]["world"] == WORLDS["standard"].stored()


def test_replays_name_the_protocol(page):
    paths = sorted(page.joinpath("data", "replays").rglob("*.npz"))
    assert len(paths) == 2
    assert {Replay.load(path).suite for path in paths} == {"test"}


def test_courses_of_the_page_are_those_of_the_suite():
    kinds = {(skill.course.name, skill.world.name) for skill in SUITE_V1.skills}
    assert {(course.draw, course.world) for course in COURSES} <= kinds


def test_an_honest_link_is_shown(tmp_path):
    build_site(small(link="https://example.org/code?a=1&b=2"), tmp_path / "page", steps=5)
    text = (tmp_path / "page" / "entries" / "gait.html").read_text()
    assert 'href="https://example.org/code?a=1&amp;b=2"' in text
    assert "noopener" in text


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("https://example.org/a", True),
        ("http://example.org", True),
        ("javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("//example.org", False),
        ("https://", False),
        ("https://exa mple.org", False),
        ("https://[", False),
        (None, False),
        ("https://example.org/" + "a" * 300, False),
    ],
)
def test_only_plain_web_addresses_are_links(text, good):
    assert web_link(text) == (text if good else None)


def test_names_become_file_names_that_differ():
    assert slugs(["A b", "a B", "../..", "Übung", ""]) == [
        "a-b",
        "a-b-2",
        "entry",
        "bung",
        "entry-2",
    ]


def test_the_same_content_gives_the_same_bytes(page, tmp_path):
    again = tmp_path / "again"
    build_site(small(EVIL, "javascript:alert(1)"), again, steps=60)
    files = {p.relative_to(page): p.read_bytes() for p in page.rglob("*") if p.is_file()}
    assert files == {p.relative_to(again): p.read_bytes() for p in again.rglob("*") if p.is_file()}


def test_a_folder_with_something_else_is_left_alone(tmp_path):
    (tmp_path / "mine.txt").write_text("precious")
    with pytest.raises(ValueError, match="choose another folder"):
        build_site(small(), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_former_page_is_replaced(tmp_path):
    folder = tmp_path / "page"
    build_site(small("old"), folder, steps=5)
    build_site(small("new"), folder, steps=5)
    assert {path.name for path in (folder / "entries").iterdir()} == {"new.html", "still.html"}


def test_a_former_page_stays_until_the_new_one_is_whole(tmp_path):
    folder = tmp_path / "page"
    build_site(small("old"), folder, steps=5)
    before = {p: p.read_bytes() for p in folder.rglob("*") if p.is_file()}

    def interrupt(what):
        if "still" in what:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build_site(small("new"), folder, steps=5, on_step=interrupt)
    assert {p: p.read_bytes() for p in folder.rglob("*") if p.is_file()} == before
    with pytest.raises(KeyboardInterrupt):
        build_site(small("new"), tmp_path / "other" / "page", steps=5, on_step=interrupt)
    assert [path.name for path in (tmp_path / "other").iterdir()] == []
    (tmp_path / "other").rmdir()
    assert list(tmp_path.iterdir()) == [folder]


def test_a_former_page_comes_back_when_the_new_one_cannot_take_its_place(tmp_path, monkeypatch):
    folder, rename = tmp_path / "page", os.rename
    build_site(small("old"), folder, steps=5)

    def failing(source, target):
        if source.name == "new":
            raise OSError("no")
        rename(source, target)

    monkeypatch.setattr(os, "rename", failing)
    with pytest.raises(OSError, match="no"):
        build_site(small("new"), folder, steps=5)
    assert (folder / "entries" / "old.html").exists()
    assert list(tmp_path.iterdir()) == [folder]


class Broken:
    """Walks like another agent until it does not."""

    def __init__(self, agent):
        self.name, self.options, self.training = agent.name, agent.options, agent.training

    def act(self, seen):
        return np.full((len(seen), 6), np.nan)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"agent": Broken(load_agent("gait"))}, "expected finite actions"),
        ({"description": "half \ud800"}, "surrogates not allowed"),
        ({"trained": (("\udfff", "x"),)}, "surrogates not allowed"),
    ],
)
def test_an_entry_that_cannot_be_shown_is_named_and_left_out(tmp_path, capsys, change, reason):
    content = small()
    board = content.boards[0]
    rows = (board.rows[0], replace(board.rows[1], rank=2))
    bad = replace(content.entries[0], **change)
    content = replace(
        content,
        entries=(bad, content.entries[1]),
        boards=tuple(replace(board, key=key, rows=rows) for key in ("one", "two")),
    )
    folder = tmp_path / "page"
    build_site(content, folder, steps=5)
    told = capsys.readouterr().err
    assert "left out of the page: gait: " in told
    assert reason in told
    assert [path.name for path in (folder / "entries").iterdir()] == ["still.html"]
    assert {path.name for path in (folder / "data" / "walks").rglob("*.js")} == {"still.js"}
    front = (folder / "index.html").read_text()
    assert "entries/gait.html" not in front
    assert [row.rank for row in without(content, {"gait"}).boards[0].rows] == [1]


def test_progress_is_told_as_often_as_promised(tmp_path):
    told = []
    build_site(small(), tmp_path / "page", steps=5, on_step=told.append)
    assert len(told) == work_items(small())


def test_a_row_has_the_ranks_of_its_group_as_its_place():
    row = small().boards[0].rows[0]
    assert row.place == "1"
    assert replace(row, rank=3, group=(2, 4)).place == "2-4"
    assert replace(row, rank=3, group=(3, 3)).place == "3"


def test_who_beats_whom_adds_up():
    chance = beats(small().boards[0])
    assert chance[0, 1] == 1.0
    assert np.array_equal(chance + chance.T, np.ones((2, 2)))


@pytest.fixture(scope="module")
def few(tmp_path_factory):
    """A folder with the published runs of one algorithm; figures over all runs take a while."""
    folder = tmp_path_factory.mktemp("few")
    for path in RUNS.glob("snes-*.json"):
        shutil.copy(path, folder)
    return folder


def test_the_published_results_make_a_page(few):
    content = read_content(runs=few)
    board = content.boards[0]
    names = [row.name for row in board.rows]
    assert {"gait", "still", "random"} <= set(names)
    scores = [row.score.value for row in board.rows]
    assert scores == sorted(scores, reverse=True)
    assert [row.entry for row in board.rows] == [entry.id for entry in content.entries]
    assert all(row.rank is None for row in board.rows if row.name in ("gait", "still", "random"))
    skills = {name: [f.absolute for f in figures] for name, _, figures in board.skills.rows}
    assert set(skills["still"]) == {0.0}
    assert skills["gait"] == pytest.approx([100.0] * len(board.skills.names))
    absolute = {row.name: row.cells[board.columns.index("absolute")] for row in board.rows}
    assert absolute == {name: figures[0] for name, figures in skills.items()}
    for row, (_, _, figures) in zip(board.rows, board.skills.rows):
        assert row.score == figures[0].score
    assert board.skills.units == tuple(skill.unit for skill in SUITE_V1.skills)


def test_an_entry_that_cannot_be_read_or_opened_is_named_and_left_out(few, tmp_path, capsys):
    for name in ("trot", "pace", "limp"):
        shutil.copytree(ENTRIES / name, tmp_path / name)
    (tmp_path / "trot" / "card.toml").write_text("name = ")
    (tmp_path / "pace" / "policy.safetensors").write_bytes(b"none")
    report = load_report(tmp_path / "pace" / "result.json")
    sha256 = hashlib.sha256(b"none").hexdigest()
    own = changed(report, agent=changed(report.agent, sha256=sha256))
    save_report(own, tmp_path / "pace" / "result.json")
    content = read_content(tmp_path, few)
    baselines = {"gait", "still", "random"}
    assert {entry.name for entry in content.entries} == baselines | {"limp"}
    (row,) = [row for row in content.boards[0].rows if row.name == "limp"]
    assert row.rank == 1
    told = capsys.readouterr().err.splitlines()
    assert [line.split(": ")[0] for line in told] == ["left out of the page"] * 2
    assert str(tmp_path / "trot") in told[0]
    assert str(tmp_path / "pace") in told[1]


def test_open_boards_stand_beside_the_ranking_and_their_walkers_can_race(few, tmp_path):
    shutil.copytree(ENTRIES / "trot", tmp_path / "ours" / "trot")
    for name in ("star", "snake"):
        shutil.copytree(OPEN / name, tmp_path / "open" / name)
    content = read_content(tmp_path / "ours", few, open_entries=tmp_path / "open")
    assert [board.title for board in content.bodies] == [
        "snake",
        "star",
    ]
    star = content.bodies[-1]
    ((row,), report) = star.rows, load_report(OPEN / "star" / "result.json")
    assert row.score.value == report.summary["disc"].score
    assert (row.rank, row.entry) == (1, "star")
    assert "absolute" not in star.columns
    assert len(row.cells) == len(star.columns)
    assert star.skills is None
    assert [e.id for e in content.entries][-2:] == ["snake", "star"]
    assert content.entries[-1].agent.options.body == ZOO["star"]
    assert "star" not in content.featured
    assert [row.name for row in content.boards[0].rows if row.rank] == ["trot"]


@pytest.mark.long
def test_runs_make_a_ranking_for_each_budget(tmp_path):
    report = load_report(REFERENCES / "gait.json")
    curve = Curve([0, 9], [0.0, 1.0], [0.0, 1.0], [[0.0, 0.0], [5.0, 7.0]])
    cost = Cost(steps=9, seconds=1.0, cpu_seconds=1.0)
    budget = Budget(**asdict(SUITE_V1.budget("steps")))
    for algorithm, factor in (("worse", 0.5), ("better", 2.0)):
        scores = {
            skill: Scores([factor * x for x in s.public], [factor * x for x in s.private])
            for skill, s in report.scores.items()
        }
        summary = {
            skill: Summary(*(factor * x for x in astuple(s))) for skill, s in report.summary.items()
        }
        own = changed(report, scores=scores, summary=summary)
        record = Record(report.suite, algorithm, 0, budget, {}, {}, {}, "c", cost, curve, own)
        save_record(record, tmp_path / f"{record.name}.json")
    content = read_content(runs=tmp_path)
    assert [board.key for board in content.history] == ["entries", "steps"]
    board = content.history[1]
    assert board.title.startswith("Algorithms, ")
    assert "million steps" in board.title
    assert [row.name for row in board.rows] == ["better", "worse"]
    assert beats(board).tolist() == [[0.5, 1.0], [0.0, 0.5]]
    assert [row[2][0].absolute for row in board.skills.rows] == pytest.approx([200, 50])
    assert [row[2][0].score for row in board.skills.rows] == [row.score for row in board.rows]
    assert "lack runs" in board.note
    (by_steps,) = content.charts
    assert [line.label for line in by_steps.lines] == ["better", "worse"]
    styles = {line.label: line.look for chart in board.charts for line in chart.lines}
    assert styles == {line.label: line.look for line in by_steps.lines}


@pytest.mark.long
def test_a_newcomer_stands_among_the_others(few, tmp_path):
    """A policy of any shape, here a graph that has learned nothing, and of an algorithm's name."""
    graph = Graph(
        width=12,
        bias=np.zeros(7, np.float32),
        edges=np.array([0, 2, 3, 3, 3, 3, 3, 3], np.int32),
        source=np.array([1, 2, 12], np.int32),
        weight=np.array([0.5, -0.25, 1.0], np.float32),
        outputs=6,
    )
    policy = Policy("snes", graph, plain_normaliser(12), training={"algorithm": "none yet"})
    policy.save(tmp_path / "policy.safetensors")
    report = load_report(REFERENCES / "still.json")
    about = changed(report.agent, name="snes", algorithm="none yet", sha256="ab" * 32)
    points = [
        {"steps": steps, "seconds": 2.0 * i, "cpu_seconds": 1.0 * i}
        | {"score": 1.5 * i, "scores": [1.0 * i, 2.0 * i]}
        for i, steps in enumerate((0, 1_000_000, 900_000_000))
    ]
    (tmp_path / "progress.jsonl").write_text("".join(json.dumps(p) + "\n" for p in points))
    newcomer = Newcomer(changed(report, agent=about), tmp_path / "policy.safetensors", tmp_path)
    content = read_content(runs=few, newcomers=[newcomer])
    for chart, expected in zip(content.charts, ([0.0, 1.0], [0.0, 1.0, 2.0])):
        own, published = (
            next(line for line in chart.lines if line.label == label)
            for label in ("snes, newcomer", "snes")
        )
        assert own.x.tolist() == expected  # it ends where the others would shrink
        assert own.look != published.look
    (entry,) = [entry for entry in content.entries if entry.name == "snes"]
    assert entry.marks[0] == "trained on this machine"
    assert next(row.rank for row in content.boards[0].rows if row.entry == entry.id) >= 1
    drawn = network(entry.agent)
    assert (drawn["kind"], drawn["actions"], drawn["from"]) == ("graph", 6, [1, 2, 12])


@pytest.mark.parametrize(
    ("limit", "words"),
    [
        (TrainingBudget("a", steps=1_000_000), "1 million steps"),
        (TrainingBudget("a", cpu_seconds=30), "30 s of processor time"),
        (TrainingBudget("a", cpu_seconds=119.5), "119.5 s of processor time"),
        (TrainingBudget("a", cpu_seconds=120), "2 minutes of processor time"),
    ],
)
def test_what_a_run_may_cost_is_told_for_people(limit, words):
    assert budget_words(limit) == words


@pytest.mark.parametrize(
    ("score", "words"),
    [
        (Score(31, 30, 32), "31.0 targets, 95 % interval 30.0 to 32.0"),
        (Score(31, 31, 31), "31.0 targets"),
    ],
)
def test_a_score_without_an_interval_tells_none(score, words):
    assert score.words("targets") == words


@pytest.mark.parametrize(
    ("top", "ticks"), [(0, [0]), (1, [0, 0.2, 0.4, 0.6, 0.8, 1]), (55, [0, 20, 40])]
)
def test_ticks_are_round_numbers(top, ticks):
    score = Score(top, top, top)
    drawn = charts.spread(np.array([[top]]), top, score)
    assert [float(tick) for tick in re.findall(r"<text[^>]*>([^<]*)</text>", drawn)] == ticks
