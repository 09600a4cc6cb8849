"""The page in a real browser, from the file system and from a server: it sorts, races, fits."""

from __future__ import annotations

import json
import threading

import numpy as np
import pytest

from agents.baselines import load_agent
from agents.networks.network import MLP, Graph, plain_normaliser
from agents.policy import Policy
from benchmarks.evaluation.published import ENTRIES
from benchmarks.site.build import build_site
from benchmarks.site.content import Board, BoardRow, Content, Score, ShownEntry, Skills, SkillScore
from benchmarks.site.network import network
from benchmarks.site.serve import make_server
from benchmarks.site.source import COURSES
from benchmarks.site.tape import decode
from benchmarks.site.walks import checked_tape, record_walk
from benchmarks.submission.entries import read_entry
from tests.engine import GOLDEN, ask_page
from tests.own_bodies import spider, three_nodes
from tests.pages import needs_browser, started_browser, until
from walker_env import BODIES, Body, Options
from walker_env.observation import ACTION, FULL, width
from walker_env.skin import webs

OWN = (BODIES["hexapod"], spider(), three_nodes())

STEPS = 500

pytestmark = needs_browser


def untrained(body):
    """A random network that drives a body."""
    sizes, rng = (width(FULL, body), width(ACTION, body)), np.random.default_rng(0)
    layer = rng.normal(size=sizes).astype(np.float32), np.zeros(sizes[1], np.float32)
    return Policy(body.name, MLP((layer,)), plain_normaliser(sizes[0]), Options(body=body))


@pytest.fixture(scope="module")
def content():
    """Two champions, two baselines and bodies of one's own, of whom two race at first."""
    entries = [
        ShownEntry(name, name, "es", load_agent(ENTRIES / name / read_entry(ENTRIES / name).file))
        for name in ("rear-runner", "trot")
    ]
    entries += [ShownEntry(name, name, "by hand", load_agent(name)) for name in ("gait", "still")]
    entries += [ShownEntry(body.name, body.name, "none", untrained(body)) for body in OWN]
    rows = [
        BoardRow(
            e.name,
            e.algorithm,
            Score(9 - i, 8 - i, 10 - i),
            np.ones((3, 1)) * i,
            (10.0 * (i - 1),),
            e.id,
            i + 1,
        )
        for i, e in enumerate(entries)
    ]
    figures = [(row.name, row.entry, (SkillScore(row.score, row.cells[0]),) * 11) for row in rows]
    several = ("some skill",) * 11
    skills = Skills(several, several, ("targets in 100 s",) * 11, several[:1], tuple(figures))
    board = Board(
        "one",
        "Policies",
        "",
        "targets in 100 s",
        "policy",
        "course",
        ("absolute",),
        tuple(rows),
        skills=skills,
    )
    featured = ("trot", "gait")
    return Content("test", tuple(entries), (board,), COURSES[:2], featured=featured)


@pytest.fixture(scope="module")
def folder(content, tmp_path_factory):
    folder = tmp_path_factory.mktemp("page")
    build_site(content, folder, steps=STEPS)
    return folder


@pytest.fixture(scope="module")
def browser():
    with started_browser() as found:
        yield found


@pytest.fixture(scope="module")
def root(folder):
    """Address of a server that outlives every page: one that is still loading must not fail."""
    with make_server(folder) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


@pytest.fixture
def visit(browser):
    """visit(address, **context): a page that fails the test on any error it reports."""
    contexts, wrong = [], []

    def go(address, **options):
        context = browser.new_context(**{"viewport": {"width": 1100, "height": 720}, **options})
        contexts.append(context)
        context.set_default_timeout(20_000)
        page = context.new_page()
        page.on("console", lambda m: wrong.append(m.text) if m.type in ("error", "warning") else 0)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.goto(address)
        return page

    yield go
    for context in contexts:
        context.close()
    assert not wrong


def race(page):
    until(page, "!!(window.WALKER && WALKER.race && WALKER.race.stage.scene)")
    return page


PICTURE = "document.getElementById('stage').toDataURL()"


@pytest.mark.long
def test_the_race_plays_from_the_file_system(visit, folder):
    address = f"{(folder / 'race.html').as_uri()}#entries=gait,trot,still&speed=8"
    page = race(visit(address, reduced_motion="reduce"))
    until(page, "!!document.getElementById('cards').dataset.order")
    clock = page.locator("#clock").inner_text()
    before = page.evaluate(PICTURE)
    order = page.locator("#cards").get_attribute("data-order")
    page.get_by_role("button", name="Play").click()
    until(page, "WALKER.race.stage.time > 300")
    assert page.locator("#clock").inner_text() != clock
    assert page.evaluate(PICTURE) != before
    assert page.locator("#cards").get_attribute("data-order") != order
    assert page.locator("#cards button").nth(1).text_content().startswith("Place 1: trot")
    page.wait_for_selector("#finish:not([hidden])")
    assert page.locator("#winner").inner_text() == "trot"


@pytest.mark.long
def test_everything_loads_from_a_server(root, visit):
    page = visit(f"{root}/")
    until(page, "!!(window.WALKER && WALKER.hero && WALKER.hero.time > 45)")
    page.get_by_role("link", name="Open the race").click()
    race(page)
    page = visit(f"{root}/entries/trot.html")
    until(page, "!!(window.WALKER && WALKER.hero && WALKER.hero.time > 45)")


@pytest.mark.long
def test_a_browser_reads_tapes_as_python_does(visit, folder, content):
    page = race(visit((folder / "race.html").as_uri()))
    entry = next(entry for entry in content.entries if entry.id == "gait")
    walk = decode(checked_tape(record_walk(entry.agent, content.courses[0], STEPS).walk))
    script = """WALKER.load("walks/disc-1/gait").then(WALKER.decodeTape)
        .then((walk) => [walk.position, walk.grip, walk.seen].map((part) => [...part]))"""
    found = page.evaluate(script)
    for mine, theirs in zip((walk.position, walk.grip, walk.seen), found):
        assert np.array_equal(np.ravel(mine).astype(np.float32), np.array(theirs, np.float32))


@pytest.mark.long
def test_a_browser_thinks_as_the_policy_does(visit, folder, content):
    """Commands worked out from a tape come near those of the policy; tapes are rounded."""
    page = race(visit(f"{(folder / 'race.html').as_uri()}#entries=rear-runner,trot&t=0"))
    for name in ("rear-runner", "trot"):
        agent = next(entry.agent for entry in content.entries if entry.id == name)
        script = """async ([name, step]) => {
            const network = WALKER.unpackNetwork(await WALKER.load("networks/" + name));
            const scene = WALKER.race.stage.scene;
            const runner = scene.runners.find((r) => r.id === name);
            scene.place(step);
            const seen = WALKER.sight(runner, network, step);
            return [seen, [...WALKER.activate(network, seen).slice(-6)]];
        }"""
        for step in (0, 100, 333):
            seen, thought = page.evaluate(script, [name, step])
            assert np.abs(agent.act(np.array([seen], np.float32))[0] - thought).max() < 0.02


@pytest.mark.long
def test_a_browser_thinks_through_graphs_too(visit, folder):
    rng = np.random.default_rng(0)
    graph = Graph(
        width=12,
        bias=rng.normal(size=9).astype(np.float32),
        edges=np.array([0, 2, 4, 5, 6, 7, 9, 9, 10, 12], np.int32),
        source=np.array([0, 5, 12, 3, 13, 14, 1, 12, 14, 2, 12, 14], np.int32),
        weight=rng.normal(size=12).astype(np.float32),
        outputs=6,
    )
    policy = Policy("graph", graph, plain_normaliser(12))
    page = race(visit((folder / "race.html").as_uri(), reduced_motion="reduce"))
    seen = rng.normal(size=12).astype(np.float32)
    script = """([data, seen]) => {
        const network = WALKER.unpackNetwork(data);
        const columns = network.columns.map((c) => c.length);
        return [columns, [...WALKER.activate(network, seen).slice(-6)]];
    }"""
    columns, thought = page.evaluate(script, [network(policy), seen.tolist()])
    assert columns == [12, 1, 1, 1, 6]
    assert np.abs(policy.act(seen[None])[0] - thought).max() < 1e-3


@pytest.mark.long
def test_different_bodies_race_side_by_side(visit, folder, content):
    names = ["trot", *(body.name for body in OWN)]
    wish = f"#entries={','.join(names)}&t=5&follow=spider&camera=all"
    page = race(visit((folder / "race.html").as_uri() + wish, reduced_motion="reduce"))
    sizes = "WALKER.race.stage.scene.runners.map((r) => [r.walk.nodes, r.walk.feet])"
    quadruped = BODIES["quadruped"]
    wanted = [[len(body.nodes), len(body.feet)] for body in (quadruped, *OWN)]
    assert page.evaluate(sizes) == wanted
    drawn = """(name) => {
        const scene = WALKER.race.stage.scene;
        const { body, pose } = scene.runners.find((r) => r.id === name);
        const context = document.createElement("canvas").getContext("2d");
        context.scale(0.1, -0.1);
        WALKER.drawFigure(context, body, pose, WALKER.coat([0, 114, 178]), { x: 0, y: 0 }, 0);
        return [body.digest, body.webs.map((web) => web.nodes)];
    }"""
    for body, name in zip((quadruped, *OWN), names):
        digest, webbed = page.evaluate(drawn, name)
        assert digest == body.digest
        assert [tuple(nodes) for nodes in webbed] == [web.nodes for web in webs(body)]
    until(page, "document.getElementById('brainname').textContent === 'spider'")
    script = """async ([name, step]) => {
        const network = WALKER.unpackNetwork(await WALKER.load("networks/" + name));
        const scene = WALKER.race.stage.scene;
        scene.place(step);
        const runner = scene.runners.find((r) => r.id === name);
        const seen = WALKER.sight(runner, network, step);
        return [seen, [...WALKER.activate(network, seen).slice(-network.outputs.length)]];
    }"""
    for body in OWN:
        agent = next(entry.agent for entry in content.entries if entry.id == body.name)
        seen, thought = page.evaluate(script, [body.name, 50])
        assert np.abs(agent.act(np.array([seen], np.float32))[0] - thought).max() < 0.02


RANKED = ["rear-runner", "trot", "gait", "still", *(body.name for body in OWN)]


def ranked(page):
    return page.locator("table.ranking tbody th").all_inner_texts()


@pytest.mark.long
def test_the_ranking_sorts_by_name_and_back(visit, folder):
    page = visit((folder / "index.html").as_uri())
    assert ranked(page) == RANKED
    header = page.locator("table.ranking thead th").nth(1)
    header.get_by_role("button").click()
    assert header.get_attribute("aria-sort") == "ascending"
    assert ranked(page) == sorted(RANKED)
    header.get_by_role("button").click()
    assert ranked(page) == sorted(RANKED, reverse=True)
    page.locator("table.ranking thead th").nth(3).get_by_role("button").click()
    assert ranked(page) == RANKED


@pytest.mark.long
def test_the_ranking_sorts_figures_largest_first(visit, folder):
    page = visit((folder / "index.html").as_uri())
    absolute = page.locator("table.ranking thead th", has_text="absolute")
    absolute.get_by_role("button").click()
    assert absolute.get_attribute("aria-sort") == "descending"
    assert ranked(page) == RANKED[::-1]


@pytest.fixture
def steered(visit, folder):
    """A race that its address has chosen."""
    wish = "#course=disc-2&entries=trot,gait&t=7&follow=gait&camera=all"
    address = (folder / "race.html").as_uri() + wish
    return race(visit(address, reduced_motion="reduce"))


@pytest.mark.long
def test_the_address_chooses_the_race(steered):
    assert steered.locator("#course").inner_text() == COURSES[1].title
    assert steered.locator("#clock").inner_text() == "7.0 s"
    assert steered.locator("#cards button[aria-pressed=true] .who").inner_text() == "gait"


def test_keys_steer_the_race_and_the_address_follows(steered):
    page = steered
    assert page.evaluate("WALKER.race.stage.playing") is False
    for key, script in (
        ("ArrowRight", "WALKER.race.stage.time === 160"),
        ("]", "WALKER.race.stage.speed === 2"),
        ("c", "WALKER.race.stage.camera.mode === 'course'"),
        ("1", "WALKER.race.shown.follow === 'trot'"),
        ("Space", "WALKER.race.stage.playing"),
    ):
        page.keyboard.press(key)
        until(page, script)
    page.keyboard.press("Space")
    until(page, "!WALKER.race.stage.playing")
    assert "course=disc-2&entries=trot,gait" in page.url
    assert "follow=trot" in page.url


@pytest.mark.long
def test_walkers_and_course_are_chosen(visit, folder):
    page = race(visit((folder / "race.html").as_uri(), reduced_motion="reduce"))
    page.get_by_role("button", name="Choose walkers").click()
    page.get_by_role("checkbox", name="still").check()
    page.get_by_role("checkbox", name="gait").uncheck()
    page.locator("#picker select").select_option("disc-2")
    page.get_by_role("button", name="Start the race").click()
    until(page, "WALKER.race.shown.course === 'disc-2'")
    replay = page.locator("#replaylink").get_attribute("href")
    assert (folder / replay).exists()
    assert sorted(page.locator("#cards .who").all_inner_texts()) == ["still", "trot"]


NAMELESS = """[...document.querySelectorAll("button, a, input, select, canvas, table")]
    .filter((e) => !e.closest("[aria-hidden=true]") && !(e.textContent.trim() ||
      e.getAttribute("aria-label") || e.getAttribute("aria-labelledby") || e.labels?.length))
    .map((e) => e.outerHTML)"""


@pytest.mark.parametrize(
    ("name", "scheme"),
    [
        pytest.param("index.html", "dark", marks=pytest.mark.long),
        pytest.param("race.html", "light", marks=pytest.mark.long),
        ("sandbox.html", "dark"),
        pytest.param("entries/trot.html", "dark", marks=pytest.mark.long),
    ],
)
def test_a_phone_shows_everything_with_a_name_and_without_sideways_scrolling(
    visit, folder, name, scheme
):
    options = {"viewport": {"width": 390, "height": 844}, "color_scheme": scheme, "has_touch": True}
    page = visit((folder / name).as_uri(), reduced_motion="reduce", **options)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.evaluate(NAMELESS) == []
    assert page.evaluate("WALKER.isDark()") == (scheme == "dark")
    page.get_by_role("button", name="Switch to").click()
    assert page.evaluate("WALKER.isDark()") != (scheme == "dark")


def sandbox(page):
    until(page, "!!(window.WALKER && WALKER.sandbox)")
    return page


POSITIONS = "Array.from(WALKER.snapshot(WALKER.sandbox.scene.runners[0].walkers).position)"
COUNT = "WALKER.sandbox.scene.runners[0].walkers.targetIndex[0]"


def test_a_walker_goes_where_one_clicks(visit, folder):
    page = sandbox(visit(f"{(folder / 'sandbox.html').as_uri()}#walkers=trot"))
    page.locator("#speed").select_option("8")
    until(page, f"{COUNT} === 1")  # the target that lies there at first
    box = page.locator("#stage").bounding_box()
    page.mouse.click(box["x"] + 0.25 * box["width"], box["y"] + 0.3 * box["height"])
    assert page.evaluate("WALKER.sandbox.scene.runners[0].targets.length") == 2
    until(page, f"{COUNT} === 2")
    assert page.locator("#count").inner_text() == "2 targets"


@pytest.mark.long
def test_a_hand_pulls_a_walker(visit, folder):
    address = f"{(folder / 'sandbox.html').as_uri()}#walkers=trot"
    page = sandbox(visit(address, reduced_motion="reduce"))
    before = page.evaluate(POSITIONS)
    box = page.locator("#stage").bounding_box()
    place = """(() => {
        const { stage, scene } = WALKER.sandbox, [x, y] = scene.runners[0].middle;
        const box = stage.canvas.getBoundingClientRect();
        const view = WALKER.viewOf(stage.camera, box.width, box.height);
        return [box.left + view.x(x), box.top + view.y(y)];
    })()"""
    x, y = page.evaluate(place)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, box["y"] + 5, steps=5)
    until(page, "WALKER.sandbox.scene.clock > 8")
    page.mouse.up()
    after = page.evaluate(POSITIONS)
    assert after[9] - before[9] > 15  # the hub came along, upwards
    assert page.evaluate("WALKER.sandbox.scene.runners[0].targets.length") == 1


@pytest.mark.long
def test_a_shared_moment_is_the_same_state(visit, folder):
    address = (folder / "sandbox.html").as_uri()
    page = sandbox(visit(f"{address}#walkers=trot,rear-runner&course=slalom&ground=delay"))
    until(page, "WALKER.sandbox.scene.clock > 20")
    page.evaluate("WALKER.sandbox.stage.pause()")
    page.get_by_role("button", name="Share this moment").click()
    link, there = page.url, page.evaluate(POSITIONS)
    assert len(link) - len(address) < 2000
    other = sandbox(visit(link, reduced_motion="reduce"))
    assert other.evaluate(POSITIONS) == there
    step = "WALKER.sandbox.stepOnce()"
    for shown in (page, other):
        clock = shown.evaluate("WALKER.sandbox.scene.clock")
        shown.evaluate(step)
        until(shown, f"WALKER.sandbox.scene.clock > {clock}")
    assert other.evaluate(POSITIONS) == page.evaluate(POSITIONS) != there


@pytest.mark.long
def test_a_replay_is_verified_in_the_browser(visit, folder, tmp_path):
    page = sandbox(visit((folder / "sandbox.html").as_uri(), reduced_motion="reduce"))
    replay = next((folder / "data" / "replays").glob("*/trot.npz"))
    page.locator("#replay").set_input_files(replay)
    until(page, "document.getElementById('verified').textContent.includes('verified')")
    assert page.locator("#verified").text_content().startswith("trot: verified, the same bits (")
    (tmp_path / "none.npz").write_bytes(b"no replay")
    page.locator("#replay").set_input_files(tmp_path / "none.npz")
    until(page, "document.getElementById('verified').textContent.startsWith('No replay')")


def test_a_body_is_drawn_checked_and_learns(visit, folder, tmp_path):
    page = sandbox(visit((folder / "sandbox.html").as_uri(), reduced_motion="reduce"))
    page.get_by_role("tab", name="Draw").click()
    until(page, "document.getElementById('verdict').dataset.good === 'true'")
    page.wait_for_timeout(400)  # the camera has come
    place = """(([x, y]) => {
        const { stage } = WALKER.sandbox, box = stage.canvas.getBoundingClientRect();
        const view = WALKER.viewOf(stage.camera, box.width, box.height);
        return [box.left + view.x(x), box.top + view.y(y)];
    })"""

    def pointer(tool, start, end):
        page.get_by_role("button", name=tool, exact=True).click()
        page.mouse.move(*page.evaluate(place, start))
        page.mouse.down()
        page.mouse.move(*page.evaluate(place, end), steps=4)
        page.mouse.up()

    pointer("Bone", [50, 45], [110, 70])  # from a node to a new one, and on the other side
    pointer("Muscle", [0, 0], [110, 70])
    body = page.evaluate("WALKER.wholeBody(WALKER.sandbox.editor.drawing.body)")
    assert [(n["x"], n["y"]) for n in body["nodes"][5:]] == [(110, 70), (110, -70)]
    assert len(body["muscles"]) == 4
    until(page, "document.getElementById('verdict').textContent === 'It can walk: 8 commands.'")
    page.locator("#bodyname").fill("horned")
    page.locator("#bodyname").press("Enter")
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save as JSON").click()
    saved.value.save_as(tmp_path / "horned.json")
    assert Body.load(tmp_path / "horned.json").digest == Body.from_dict(body).digest
    page.get_by_role("button", name="Undo").click()
    assert len(page.evaluate("WALKER.sandbox.editor.drawing.body.nodes")) == 7
    page.locator("#json").evaluate("(node) => (node.closest('details').open = true)")
    page.locator("#json").fill("{}")
    page.locator("#json").blur()
    assert page.locator("#message").inner_text().startswith("That is no body: ")
    page.get_by_role("button", name="Let it learn to walk").click()
    until(page, "WALKER.sandbox.evolution.search.walked > 0", 30)
    page.get_by_role("button", name="Pause").last.click()


def test_the_engine_gives_its_golden_traces_in_the_browser(browser):
    golden = json.loads(GOLDEN.read_text(encoding="utf-8"))
    found = ask_page(browser.new_page(), "traces", golden)
    assert found == [one["traces"] for one in golden]


@pytest.mark.long
def test_a_page_tells_how_fast_the_engine_is(visit, folder):
    page = visit((folder / "bench.html").as_uri())
    until(page, "document.getElementById('speeds').dataset.done === 'true'", 120)
    rows = page.locator("#speeds tr")
    counts = [row.split()[0] for row in rows.all_inner_texts()]
    assert counts == ["1", "8", "64", "256"]
    assert all("," in row.split()[1] for row in rows.all_inner_texts())
