"""Evolution in a real browser: in a worker from a server, between two pictures from a file."""

from __future__ import annotations

import threading

import pytest

from agents.baselines import load_agent
from agents.networks.network import MLP, Graph
from agents.policy import Policy
from agents.rollout import episode_scores
from benchmarks.evaluation.published import ENTRIES
from benchmarks.site.build import build_site
from benchmarks.site.content import Content, ShownEntry
from benchmarks.site.serve import make_server
from benchmarks.site.source import COURSES
from benchmarks.submission.entries import read_entry
from tests.pages import needs_browser, started_browser, until
from tests.test_site_browser import sandbox
from walker_env import Options
from walker_env.seeds import held_out_seeds

pytestmark = needs_browser

SMALL = {
    "snes": "{population: 6, courses: 1, hidden: [4], episodes: [[0, 2]]}",
    "neat": "{population: 30, courses: 1, finalists: 2, final_courses: 2, episodes: [[0, 2]]}",
}
EVOLUTION = "WALKER.sandbox.evolution"
KEPT = f"{EVOLUTION}.lineage.kept"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("page")
    agent = load_agent(ENTRIES / "trot" / read_entry(ENTRIES / "trot").file)
    entries = (ShownEntry("trot", "trot", "es", agent),)
    build_site(Content("test", entries, (), COURSES[:1], featured=("trot",)), folder, steps=2)
    return folder


@pytest.fixture(scope="module")
def addresses(folder):
    """Of the sandbox, from the file system and from a server."""
    with make_server(folder) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        root = f"http://127.0.0.1:{server.server_address[1]}"
        yield {"file": (folder / "sandbox.html").as_uri(), "http": f"{root}/sandbox.html"}
        server.shutdown()


@pytest.fixture(scope="module")
def browser():
    with started_browser() as found:
        yield found


@pytest.fixture(scope="module")
def pages(browser, addresses):
    """The sandbox from both, opened once, and all that went wrong in it."""
    found, wrong = {}, []
    for scheme, address in addresses.items():
        page = browser.new_context(
            viewport={"width": 920, "height": 320}, reduced_motion="reduce"
        ).new_page()
        page.set_default_timeout(20_000)
        page.on("console", lambda m: wrong.append(m.text) if m.type in ("error", "warning") else 0)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.goto(address)
        found[scheme] = page
    yield found, wrong
    for page in found.values():
        page.context.close()


@pytest.fixture
def visit(pages):
    """visit(scheme): the panel in which one evolves; an error that it reports is a failure."""
    found, wrong = pages
    wrong.clear()
    yield lambda scheme: opened(found[scheme])
    assert not wrong


def opened(page):
    sandbox(page)
    page.get_by_role("tab", name="Evolve").click()
    until(page, f"!!{EVOLUTION}")  # its scripts come now
    page.locator("#haste").select_option("fast")
    return page


def begin(page, kind="snes", seed=3):
    """Begin with a small population."""
    for name, settings in SMALL.items():
        page.evaluate(f"Object.assign(WALKER.sandbox.site.learners.{name}, {settings})")
    page.locator("#learner").select_option(kind)
    page.evaluate(f"{EVOLUTION}.begin(WALKER.sandbox.scene.runners[0].body, {seed})")


def generations(page, count):
    until(page, f"{KEPT}.length >= {count}", 60)


POLICIES = f"""(count, kept = {KEPT}) => kept.slice(0, count).map((one) => {{
    const {{ network, generation, score, best, mean }} = one;
    const bits = (array) => Array.from(new Uint32Array(Float32Array.from(array).buffer));
    const {{ flat, weight, bias, source, edges, normaliser }} = network;
    const parts = [flat || [], weight || [], bias || [], source || [], edges || []];
    const all = [...parts, normaliser.mean, normaliser.std].map(bits);
    return [generation, score, best, mean, all];
}})"""


SLICES = f"""(count) => {{
    const {{ search }} = {EVOLUTION}, kept = [], {{ kind, task, settings, seed }} = search;
    const evolver = WALKER.newEvolver((news) => kept.push(news));
    evolver.hear({{ what: "begin", run: 0, kind, task, settings, seed, saved: null }});
    evolver.hear({{ what: "go", steps: Infinity }});
    while (kept.length < count) evolver.work(3);
    return ({POLICIES})(count, kept);
}}"""


@pytest.mark.parametrize("kind", ["snes", pytest.param("neat", marks=pytest.mark.long)])
def test_a_worker_and_slices_find_the_same_to_the_last_bit(visit, kind):
    page = visit("http")
    begin(page, kind)
    generations(page, 6)
    page.locator("#evolve").click()
    assert page.evaluate(f"{EVOLUTION}.workshop.apart")
    found = page.evaluate(POLICIES, 6)
    assert found == page.evaluate(SLICES, 6)
    assert [one[0] for one in found] == [1, 2, 3, 4, 5, 6]
    assert [one[1] is not None for one in found] == [True, False, False, False, True, False]
    assert len({str(one[4]) for one in found}) > 3


HIDE = """() => {
    window.shown = window.requestAnimationFrame; // a hidden tab gets no pictures
    window.held = [];
    window.requestAnimationFrame = (picture) => window.held.push(picture);
}"""
SHOW = """() => {
    window.requestAnimationFrame = window.shown;
    window.held.forEach((picture) => requestAnimationFrame(picture));
}"""


@pytest.mark.long
def test_a_hidden_tab_goes_on_in_its_worker_and_pauses_without(visit):
    for scheme, more in (("http", 3), ("file", 0)):
        page = visit(scheme)
        begin(page)
        generations(page, 1)
        page.evaluate(HIDE)
        until(page, "window.held.length > 0")
        count = page.evaluate(f"{KEPT}.length")
        if more:
            generations(page, count + more)
        else:
            page.wait_for_timeout(100)
            assert page.evaluate(f"{KEPT}.length") == count
        page.evaluate(SHOW)
        generations(page, count + more + 1)
        assert page.evaluate(f"{KEPT}.every((one, i) => one.generation === i + 1)")


@pytest.mark.long
def test_a_page_learns_where_no_worker_comes_up(pages):
    page = opened(pages[0]["http"])
    page.route("**/worker.js", lambda route: route.abort())
    page.evaluate(f"{EVOLUTION}.workshop = null")
    begin(page)
    generations(page, 2)
    page.unroute("**/worker.js")
    assert page.evaluate(f"{EVOLUTION}.workshop.apart") is False
    page.reload()


@pytest.mark.parametrize(
    ("kind", "scheme", "network"),
    [("snes", "file", MLP), pytest.param("neat", "http", Graph, marks=pytest.mark.long)],
)
def test_a_policy_saved_in_the_page_has_the_same_score_in_python(
    visit, tmp_path, kind, scheme, network
):
    page = visit(scheme)
    begin(page, kind)
    generations(page, 5)
    page.locator("#evolve").click()
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save the policy").click()
    saved.value.save_as(tmp_path / "mine.safetensors")
    policy = Policy.load(tmp_path / "mine.safetensors")
    assert policy.options == Options()
    assert isinstance(policy.network, network)
    assert policy.training["algorithm"] == kind
    assert policy.training["config"]["seed"] == 3
    courses = held_out_seeds(2)
    script = f"""(seeds) => {{
        const {{ search, lineage }} = {EVOLUTION}, last = lineage.kept[lineage.kept.length - 1];
        const courses = seeds.map((seed) => WALKER.newCourse("disc", seed));
        const networks = seeds.map(() => WALKER.networkOf(last.network));
        const walk = WALKER.newEpisodes(WALKER.makeModel(search.task.body), networks, courses);
        walk.advance();
        return Array.from(walk.score);
    }}"""
    there = page.evaluate(script, [str(seed) for seed in courses])
    here = episode_scores(policy.act, policy.options.for_evaluation(), courses)
    assert there == here.tolist()


@pytest.mark.long
def test_an_evolution_outlives_a_reload_and_seeds_race(visit):
    page = visit("http")
    begin(page, "neat")
    generations(page, 2)
    page.evaluate(f"{EVOLUTION}.champions = []")
    page.get_by_role("button", name="From nothing again").click()
    page.evaluate(f"{EVOLUTION}.begin(WALKER.sandbox.scene.runners[0].body, 4, 'snes')")
    generations(page, 3)
    page.locator("#evolve").click()
    until(
        page,
        "WALKER.shelf.get('evolution').then((found) => found && found.lineage.kept.length >= 3)",
    )
    before = page.evaluate(POLICIES, 3)
    page.reload()
    opened(page)
    until(page, f"!!{EVOLUTION}.search")
    assert page.locator("#evolve").inner_text() == "Go on"
    assert page.evaluate(POLICIES, 3) == before
    kept = page.evaluate(f"{KEPT}.length")
    assert page.locator("#generation").inner_text() == str(kept)
    page.locator("#evolve").click()
    generations(page, kept + 2)
    assert page.evaluate(f"{KEPT}.every((one, i) => one.generation === i + 1)")
    page.get_by_role("button", name="Let all seeds race").click()
    until(page, "WALKER.sandbox.scene.runners.length === 2")
    algorithms = page.evaluate("WALKER.sandbox.scene.runners.map((r) => r.algorithm)")
    assert algorithms == ["neat, seed 3", "snes, seed 4"]


DRAWN = """(() => {
    const canvas = document.getElementById("%s"), context = canvas.getContext("2d");
    return new Set(context.getImageData(0, 0, canvas.width, canvas.height).data).size > 3;
})()"""


@pytest.mark.long
@pytest.mark.parametrize(("kind", "scheme", "count"), [("snes", "file", 6), ("neat", "http", 30)])
def test_one_sees_a_generation_its_best_the_network_and_tracks(visit, kind, scheme, count):
    page = visit(scheme)
    begin(page, kind)
    generations(page, 2)
    page.locator("#haste").select_option("8")
    until(page, f"{EVOLUTION}.scene.view && {EVOLUTION}.scene.view.count === {count}")
    until(page, f"{EVOLUTION}.scene.runners[0].tracks.prints.length > 0")
    until(page, "document.getElementById('grownsize').textContent.includes('link')")
    for canvas in ("grown", "curve"):
        until(page, DRAWN % canvas)
    page.locator("#shown").fill("0")
    assert page.locator("#shownout").inner_text().startswith("1: ")
    page.get_by_role("button", name="Let it walk").click()
    assert "generation 1" in page.locator("#cards").inner_text()


@pytest.mark.long
def test_real_time_is_real_time(visit):
    """As many control steps as the stage has shown, but for those that are on their way."""
    page = visit("http")
    page.locator("#haste").select_option("1")
    begin(page)
    until(page, f"{EVOLUTION}.scene.view && {EVOLUTION}.scene.view.time > 0")
    script = f"[WALKER.sandbox.stage.time, {EVOLUTION}.scene.view.walked / 6]"
    time, walked = page.evaluate(script)
    until(page, f"WALKER.sandbox.stage.time > {time + 8}")
    later, then = page.evaluate(script)
    assert then - walked == pytest.approx(later - time, abs=4)
