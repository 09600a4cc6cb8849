"""The page's sandbox in a real browser: films, public scores, bodies in addresses, ghosts, and
whatever a visitor may bring that is none of it."""

from __future__ import annotations

import gzip
import json
import struct
import time
from dataclasses import replace
from importlib.resources import files

import numpy as np
import pytest

from agents.baselines import load_agent
from agents.networks.network import MLP, plain_normaliser
from agents.policy import Policy
from agents.rollout import episode_scores
from benchmarks.evaluation.published import BESTIARY, ENTRIES, OPEN
from benchmarks.evaluation.suite import SUITE_V1
from benchmarks.site.build import build_site
from benchmarks.site.content import Content, ShownEntry
from benchmarks.site.sandbox import bodies_to_begin_with, pack_body, public_courses
from benchmarks.site.source import COURSES, read_content
from benchmarks.submission.entries import read_entry
from tests.own_bodies import spider
from tests.pages import needs_browser, served, started_browser, until, visiting
from walker_env import BODIES, Body, Options
from walker_env.body import ZOO
from walker_env.observation import ACTION, FULL, width

pytestmark = needs_browser

STYLE = "Content Security Policy"  # axe tries a style of its own, which the page forbids
AXE = files("axe_playwright_python") / "axe.min.js"


def champion(name):
    return load_agent(ENTRIES / name / read_entry(ENTRIES / name).file)


def untrained(body):
    sizes, rng = (width(FULL, body), width(ACTION, body)), np.random.default_rng(0)
    layer = rng.normal(size=sizes).astype(np.float32), np.zeros(sizes[1], np.float32)
    return Policy(body.name, MLP((layer,)), plain_normaliser(sizes[0]), Options(body=body))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    agents = {"trot": champion("trot"), "grown": champion("grown"), "spider": untrained(spider())}
    entries = tuple(ShownEntry(name, name, "es", agent) for name, agent in agents.items())
    folder = tmp_path_factory.mktemp("page")
    build_site(Content("test", entries, (), COURSES[:1], featured=("trot",)), folder, steps=40)
    return folder


@pytest.fixture(scope="module")
def browser():
    with started_browser() as found:
        yield found


@pytest.fixture(scope="module")
def root(folder):
    with served(folder) as address:
        yield address


@pytest.fixture
def visit(browser):
    with visiting(browser) as go:
        yield go


@pytest.fixture
def sandbox(visit, folder):
    """sandbox(hash, **context): the page from a file, ready; it does not play by itself."""

    def go(hash_="#walkers=trot", **options):
        address = (folder / "sandbox.html").as_uri() + hash_
        return ready(visit(address, **{"reduced_motion": "reduce", **options}))

    return go


def ready(page):
    until(page, "!!(window.WALKER && WALKER.sandbox)")
    return page


def message(page):
    return page.locator("#message").inner_text()


def walk(page, steps):
    """Let the sand go on by so many control steps, at once."""
    page.evaluate(
        """(steps) => {
        const { scene } = WALKER.sandbox;
        for (let k = 0; k < steps; k++) scene.place(scene.zero + scene.clock + 1);
    }""",
        steps,
    )


# --- the last seconds as a film


@pytest.mark.long
def test_a_press_saves_what_was_just_seen_as_a_film(sandbox, tmp_path):
    imageio_ffmpeg = pytest.importorskip("imageio_ffmpeg")
    page = sandbox("#walkers=trot&course=slalom")
    walk(page, 16)
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save a film").click()
    file = tmp_path / saved.value.suggested_filename
    saved.value.save_as(file)
    frames, seconds = imageio_ffmpeg.count_frames_and_secs(str(file))
    assert frames >= 5
    assert 0.5 < seconds < 4  # 16 control steps are 0.8 s, and the last picture stays
    assert "a film now" in message(page)


@pytest.mark.long
def test_a_film_shows_the_states_that_were_there(sandbox):
    page = sandbox("#walkers=trot,spider&course=slalom")
    script = """(steps) => {
        const { scene, memory } = WALKER.sandbox, there = [];
        for (let k = 0; k < steps; k++) {
            scene.place(scene.zero + scene.clock + 1);
            there.push(scene.runners.map((r) => [...r.pose.position, r.index, ...r.middle]));
        }
        const film = WALKER.newPlayback(memory), { steps: long } = film, again = [];
        for (let k = 1; k <= long; k++) {
            film.place(k);
            again.push(film.runners.map((r) => [...r.pose.position, r.index, ...r.middle]));
        }
        return [there.slice(-long), again, long];
    }"""
    there, again, long = page.evaluate(script, 230)
    assert long == 200  # ten seconds
    for one, other in zip(there, again):
        for mine, theirs in zip(one, other):
            assert np.allclose(mine[:-3], theirs[:-3], atol=1e-3)  # float32 is enough to draw


@pytest.mark.long
def test_a_start_begins_a_new_film(sandbox):
    page = sandbox()
    walk(page, 30)
    page.get_by_role("button", name="From the start").click()
    walk(page, 5)
    assert page.evaluate("WALKER.sandbox.memory.moments.length") == 5


# --- public courses


@pytest.mark.parametrize(
    ("name", "skill"), [("trot", "disc"), pytest.param("grown", "delay", marks=pytest.mark.long)]
)
def test_public_scores_are_pythons_course_by_course(sandbox, name, skill):
    page, steps, courses = sandbox(), 300, 6
    script = """async ([name, skill, steps, courses]) => {
        const { site } = WALKER.sandbox, suite = await WALKER.load("suite");
        const found = suite.skills.find((one) => one.name === skill);
        const champion = await WALKER.loadChampion(site, name);
        const some = { ...found, seeds: found.seeds.slice(0, courses) };
        return WALKER.publicScores(champion, some, steps);
    }"""
    there = page.evaluate(script, [name, skill, steps, courses])
    part = replace(SUITE_V1.part((skill,)), horizon=steps)
    assert there == public_scores(champion(name), part, skill)[:courses]


def public_scores(agent, suite, name):
    """What Python's evaluation gives on the public courses."""
    skill, seconds = suite.skill(name), suite.horizon * 0.05
    options = replace(agent.options.for_evaluation(), course=skill.course, world=skill.world)
    scores = episode_scores(agent.act, options, suite.public_seeds(name), suite.horizon)
    return [score * (skill.worth * (100.0 / seconds)) for score in scores]


@pytest.mark.long
@pytest.mark.parametrize("skill", [skill.name for skill in SUITE_V1.skills])
def test_every_public_score_is_that_of_the_published_result(sandbox, skill):
    page = sandbox()
    page.get_by_role("button", name="a public one").click()
    page.locator("#skill").select_option(skill)
    for name in ("trot", "grown"):
        page.evaluate(
            """(name) => WALKER.loadChampion(WALKER.sandbox.site, name)
                .then((found) => WALKER.sandbox.walk([found]))""",
            name,
        )
        until(page, f"WALKER.sandbox.scene.runners[0].id === '{name}'")
        page.locator("#measure").click()
        until(page, f"document.getElementById('scorewords').textContent.startsWith('{name}')", 120)
        told = page.locator("#scores").get_attribute("aria-label").split(": ")[1].split(", ")
        result = json.loads((ENTRIES / name / "result.json").read_text())
        published = result["scores"][skill]["public"]
        assert told == [f"{score:.1f}" for score in published]
        figure = page.locator("#scorewords").inner_text().split(": ")[1].split(" ")[0]
        assert abs(float(figure) - result["summary"][skill]["public"]) <= 0.05 + 1e-9


@pytest.mark.long
def test_a_public_course_is_chosen_and_walked_and_the_policy_scored(sandbox):
    page = sandbox()
    page.get_by_role("button", name="a public one").click()
    until(page, "WALKER.sandbox.course === 'disc.1'")
    page.locator("#skill").select_option("ice")
    page.locator("#coursenumber").fill("7")
    page.locator("#coursenumber").press("Enter")
    until(page, "WALKER.sandbox.course === 'ice.7'")
    assert page.evaluate("WALKER.sandbox.ground.name") == "ice"
    course = page.evaluate("""(() => {
        const { seed, data } = WALKER.sandbox.scene.runners[0].course;
        return [String(seed), data];
    })()""")
    assert course == [str(SUITE_V1.public_seeds("ice")[6]), "disc"]
    page.evaluate("WALKER.load('suite').then((suite) => { suite.horizon = 40; })")
    page.get_by_role("button", name="Score trot on all 64").click()
    until(page, "document.getElementById('scorewords').textContent.startsWith('trot: ')")
    assert len(page.locator("#scores").get_attribute("aria-label").split(",")) == 64
    page.get_by_role("button", name="where I click").click()
    assert not page.locator("#public").is_visible()


def test_the_suites_public_courses_are_data():
    found = public_courses(SUITE_V1)
    assert found["horizon"] == SUITE_V1.horizon
    for skill, data in zip(SUITE_V1.skills, found["skills"]):
        assert [int(seed) for seed in data["seeds"]] == SUITE_V1.public_seeds(skill.name).tolist()
        assert data["world"] == skill.world.stored()


# --- files


def bring(page, name, content, kind="application/octet-stream"):
    """Drop a file on the page, or one of so many zeros; the sentence that it gets."""
    script = """([name, kind, bytes]) =>
        WALKER.takeFile(WALKER.sandbox, new File([new Uint8Array(bytes)], name, { type: kind }))"""
    given = content if isinstance(content, int) else list(content)
    return page.evaluate(script, [name, kind, given])


@pytest.mark.long
@pytest.mark.parametrize("name", ["trot", "grown", "spider"])
def test_a_policy_file_walks_as_in_python(sandbox, tmp_path, name):
    """Files of both formats, perceptrons and graphs, other bodies."""
    page = sandbox()
    if name == "spider":
        untrained(spider()).save(tmp_path / "policy.safetensors")
        file = tmp_path / "policy.safetensors"
    else:
        file = ENTRIES / name / "policy.safetensors"
    assert "walks now" in bring(page, file.name, file.read_bytes())
    script = """async (courses) => {
        const suite = await WALKER.load("suite"), [disc] = suite.skills;
        const [runner] = WALKER.sandbox.scene.runners;
        return WALKER.publicScores(runner, { ...disc, seeds: disc.seeds.slice(0, courses) }, 200);
    }"""
    there = page.evaluate(script, 3)
    policy = Policy.load(file)
    part = replace(SUITE_V1.part(("disc",)), horizon=200)
    assert there == public_scores(policy, part, "disc")[:3]
    page.get_by_role("button", name="Share this moment").click()
    assert "an address holds champions" in message(page)


def test_a_body_file_is_drawn_and_a_replay_verified(sandbox, folder, tmp_path):
    page = sandbox()
    plan = json.dumps(ZOO["star"].as_dict()).encode()
    assert bring(page, "star.json", plan) == "star can be drawn on now, and learn to walk."
    assert page.evaluate("WALKER.sandbox.mode") == "draw"
    replay = next((folder / "data" / "replays").glob("*/trot.npz")).read_bytes()
    assert bring(page, "trot.npz", replay).startswith("trot: verified, the same bits")


def container(header, data=b""):
    text = json.dumps(header).encode() if not isinstance(header, bytes) else header
    return struct.pack("<Q", len(text)) + text + data


def trot_file():
    return (ENTRIES / "trot" / "policy.safetensors").read_bytes()


def with_nan():
    content = bytearray(trot_file())
    content[-4:] = struct.pack("<f", float("nan"))
    return bytes(content)


def described(**changes):
    """trot's file with another description."""
    content = trot_file()
    (size,) = struct.unpack("<Q", content[:8])
    header = json.loads(content[8 : 8 + size])
    about = json.loads(header["__metadata__"]["policy"]) | changes
    header["__metadata__"]["policy"] = json.dumps(about)
    return container(header, content[8 + size :])


def star(**changes):
    return json.dumps({**ZOO["star"].as_dict(), **changes}).encode()


FILES = {
    "empty": (b"", "it is empty"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(50), "it is a picture"),
    "words": (b"hello, this is no file of ours at all", "its header claims"),
    "seven bytes": (b"1234567", "it is cut off before its header"),
    "a huge header": (struct.pack("<Q", 1 << 62) + b"{}", "its header claims 4611686018427387904"),
    "no header": (container(b"no json"), "its header is no JSON"),
    "a list as header": (container([]), "its header is no object"),
    "another network": (container({"w": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}},
                                  bytes(4)), "it holds no walker's policy"),
    "a negative shape": (container({"w": {"dtype": "F32", "shape": [-1], "data_offsets": [0, 4]}},
                                   bytes(4)), "w has no shape or no place"),
    "a truncated policy": (trot_file()[:-10], "it is cut off within"),
    "a policy cut in its header": (trot_file()[:100], "its header claims"),
    "NaN weights": (with_nan(), "must be finite and within"),
    "another format": (described(format="flyer-policy"), 'format must be "walker-policy"'),
    "another layout": (described(options={"body": "quadruped", "observation": "__proto__"}),
                       "no observation is called"),
    "another body": (described(options={"body": "hexapod"}), "mean must have shape"),
    "no body": (described(options={"body": "dragon"}), "body must be one of quadruped"),
    "another network kind": (described(network="cnn"), "network must be mlp or graph"),
    "no bound": (described(obs_clip=-1), "obs_clip must be a number in"),
    "no name": (described(name=" "), "its name must be 1 to 60 characters"),
    "200 MB": (200_000_000, "it has 200 MB, files for this page have at most 10"),
    "wrong JSON": (b'{"nodes": [', "it is no JSON"),
    "another JSON": (b'{"name": "a"}', "body lacks nodes"),
    "a list": (b"[1, 2]", "expected an object with nodes"),
    "a body with words": (star(hub="middle"), "hub must be a node's number"),
    "a body with more": (star(wings=2), 'body has "wings"'),
    "a body with a hidden name": (star(name="a\u200bb"), "its name must be"),
    "a body at infinity": (star(nodes=[{"x": 1e300, "y": 0}]), "node 0: x must be a number"),
    "a body of too many": (star(feet=[0] * 100), "feet must be a list of nodes"),
    "a cut zip": (b"PK\x03\x04" + bytes(30), "expected a replay: it is no zip"),
}  # fmt: skip


@pytest.fixture(scope="module")
def shared(browser, folder):
    """One page for all files: none of them harms it."""
    with visiting(browser) as visit:
        address = (folder / "sandbox.html").as_uri() + "#walkers=trot"
        yield ready(visit(address, reduced_motion="reduce"))


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=pytest.mark.long) if name == "200 MB" else name for name in FILES],
)
def test_a_file_that_is_none_gets_a_sentence(shared, name):
    content, words = FILES[name]
    told = bring(shared, "file.bin", content)
    assert told.startswith("file.bin cannot be used here: ")
    assert words in told
    assert message(shared) == told
    assert shared.evaluate("WALKER.sandbox.scene.runners.map((r) => r.id)") == ["trot"]


def test_a_replay_of_another_body_that_was_changed_is_told(shared):
    assert "cannot be used" in bring(shared, "x.npz", b"PK\x05\x06" + bytes(18))


# --- addresses


ADDRESSES = {
    "#walkers=nobody": "nobody here is called nobody",
    "#walkers=trot,<b>": "nobody here is called <b>",
    "#walkers=" + ",".join(["trot"] * 9): "at most 8 walk at once",
    "#mode=fly": "there is no fly here",
    "#course=sea": "no course is called sea",
    "#course=disc.65": "no course is called disc.65",
    "#course=disc.x": "no course is called disc.x",
    "#course=public": "",
    "#ground=__proto__": "no ground is called __proto__",
    "#own=1,2": "its ground is out of bounds",
    "#own=1e99,1,1,0": "its ground is out of bounds",
    "#own=60000,1,1,1.5": "its ground is out of bounds",
    "#walkers=trot&moment=AAAA": "the moment is of another body",
    "#walkers=trot&moment=%%%": "",
    "#walkers=trot&moment=A,A": "it has more moments than walkers",
    "#walkers=trot&targets=x,y;1&moment=AAAA": "its targets are no places",
    "#walkers=trot&course=slalom&moment=" + "A" * 400: "the moment is of another body",
    "#mode=draw&body=": "its body is damaged",
    "#mode=draw&body=AAAA": "its body is damaged",
    "#mode=draw&body=%F0%9F%98%80": "its body is damaged",
    "#body=" + "A" * 20_000: "its body has 20000 characters",
}


@pytest.mark.parametrize("hash_", ADDRESSES)
def test_an_address_that_cannot_be_gets_a_sentence(shared, hash_):
    shared.evaluate("(hash) => WALKER.sandbox.open(hash)", hash_)
    if hash_ == "#course=public":  # the suite's first
        assert message(shared) == ""
        return
    assert message(shared).startswith("This address cannot be shown: " + ADDRESSES[hash_])
    assert shared.evaluate("WALKER.sandbox.scene.runners.length") >= 1


@pytest.mark.long
def test_a_page_that_begins_with_a_wrong_address_has_a_walker(sandbox):
    page = sandbox("#walkers=nobody&body=x")
    assert message(page).startswith("This address cannot be shown: ")
    assert page.evaluate("WALKER.sandbox.stage.scene.runners.length") == 1


@pytest.mark.long
def test_every_body_fits_into_an_address_and_comes_back_the_same(sandbox):
    page = sandbox()
    script = """async () => {
        const found = [];
        for (const { bodies } of await WALKER.loadBodies()) {
            for (const body of bodies) {
                const text = await WALKER.textOfBody(body), again = await WALKER.bodyOfText(text);
                const digests = [body, again].map(WALKER.planDigest);
                found.push([body.name, text.length, ...digests, again.name]);
            }
        }
        return found;
    }"""
    found = page.evaluate(script)
    known = {body.name: body.digest for body in (BODIES | ZOO).values()}
    assert len(found) == len(known) + len(list(BESTIARY.iterdir()))
    for name, size, digest, again, named in found:
        assert size < 1900
        assert (digest, name) == (again, named)
        assert known.get(name, digest) == digest


def test_bodies_are_written_without_what_is_usual():
    assert len(json.dumps(bodies_to_begin_with(), separators=(",", ":"))) < 50_000
    heavy = Body.from_dict({**ZOO["star"].as_dict(), "name": "heavy"})
    assert pack_body(heavy.as_dict())[0] == "heavy"
    odd = ZOO["spider"].as_dict()
    assert len(pack_body(odd)[3][0]) == 6  # its muscles are not as usual


@pytest.mark.long
def test_the_body_that_evolves_is_chosen_from_pictures(sandbox):
    page = sandbox()
    page.get_by_role("tab", name="Evolve").click()
    page.get_by_role("button", name="Choose a body by its picture").click()
    page.locator("#gallery .choice", has_text="spider").click()
    digest = page.locator("#evolvebody").input_value()
    assert digest == spider().digest
    assert not page.locator("#gallery").is_visible()


@pytest.mark.long
def test_a_body_of_ones_own_is_shared_by_its_address(sandbox):
    page = sandbox()
    page.get_by_role("tab", name="Draw").click()
    page.get_by_role("button", name="Begin with").click()
    page.get_by_role("button", name="body-462", exact=True).click()
    until(page, "document.getElementById('verdict').dataset.good === 'true'")
    assert page.locator("#bodyname").input_value() == "my body-462"
    page.get_by_role("button", name="Share this body").click()
    until(page, "location.hash.includes('body=')")
    digest = "WALKER.planDigest(WALKER.readBody(WALKER.sandbox.editor.drawing.body))"
    other = sandbox(page.evaluate("location.hash"))
    assert other.evaluate("WALKER.sandbox.mode") == "draw"
    assert other.evaluate(digest) == page.evaluate(digest)


# --- by hand


@pytest.mark.long
def test_a_hand_races_a_ghost_and_the_best_run_is_kept(sandbox):
    page = sandbox()
    page.locator("#hand").click()
    until(page, "WALKER.sandbox.scene.runners.length === 2")
    assert page.locator("#cards .who").all_inner_texts() == ["you", "trot"]
    page.keyboard.down("2")
    page.keyboard.down("ArrowUp")
    walk(page, 1200)
    page.keyboard.up("2")
    actions = page.evaluate("[...WALKER.sandbox.scene.runners[0].walkers.action]")
    assert actions == [-1, -1, 1, 1, 1, 1]
    mine, ghost = page.evaluate("WALKER.sandbox.scene.runners.map(WALKER.liveScore)")
    agent = champion("trot")
    alone = replace(agent.options.for_evaluation(), course="disc")
    assert ghost == episode_scores(agent.act, alone, np.array([1], np.uint64), 1200)[0]
    assert message(page).startswith(f"You have {mine:.1f} targets after 60 s, trot {ghost:.1f}")
    until(page, "!document.querySelector('#ghost [value=best]').disabled")
    page.locator("#ghost").select_option("best")
    walk(page, 1200)
    again = page.evaluate("WALKER.liveScore(WALKER.sandbox.scene.runners[1])")
    assert page.locator("#cards").inner_text().count("your best") == 1
    assert again == mine
    page.locator("#hand").click()
    assert page.evaluate("WALKER.sandbox.scene.runners.map((r) => r.name)") == ["trot"]


@pytest.mark.long
def test_pads_drive_with_one_finger(sandbox):
    page = sandbox(viewport={"width": 390, "height": 844}, has_touch=True)
    page.locator("#hand").tap()
    until(page, "WALKER.sandbox.scene.runners.length === 2")
    page.get_by_role("button", name="Front grip").tap()
    page.get_by_role("button", name="←").dispatch_event("pointerdown", {"pointerId": 1})
    walk(page, 1)
    actions = page.evaluate("[...WALKER.sandbox.scene.runners[0].walkers.action]")
    assert actions == [1, 1, -1, -1, -1, 1]
    page.get_by_role("button", name="←").dispatch_event("pointerup", {"pointerId": 1})
    walk(page, 1)
    actions = page.evaluate("[...WALKER.sandbox.scene.runners[0].walkers.action]")
    assert actions == [1, 1, -1, -1, 0, 0]


# --- keys, fingers, small screens


@pytest.mark.long
def test_keys_live_on_after_a_control_was_used(sandbox):
    page = sandbox()
    for control in ("#speed", "#choose", "#worlds button", "#sliders input"):
        page.locator(control).first.click()
        if control == "#speed":
            page.locator(control).select_option("2")
        elif control == "#choose":
            page.keyboard.press("Escape")
        until(page, "!document.querySelector('dialog[open]')")
        before = page.evaluate("WALKER.sandbox.scene.clock")
        page.keyboard.press(".")
        until(page, f"WALKER.sandbox.scene.clock === {before} + 1")


@pytest.mark.long
def test_nothing_overflows_and_everything_can_be_reached(sandbox):
    page = sandbox()
    page.get_by_role("button", name="a public one").click()
    until(page, "!document.getElementById('public').hidden")
    page.locator("#hand").click()
    until(page, "!document.getElementById('pads').hidden")
    beyond = """[...document.querySelectorAll('.pad, .side button, .controls button')]
        .filter((e) => e.offsetParent).map((e) => e.getBoundingClientRect())
        .filter((box) => box.left < 0 || box.right > innerWidth).length"""
    for size in ((320, 640), (390, 844), (844, 390), (1280, 800)):
        page.set_viewport_size(dict(zip(("width", "height"), size)))
        for mode in ("evolve", "draw", "play"):
            page.locator(f"#tab-{mode}").click()
            assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
            assert page.evaluate(beyond) == 0


@pytest.mark.long
def test_tabs_change_with_arrows(sandbox):
    page = sandbox()
    page.locator("#tab-play").focus()
    page.keyboard.press("ArrowRight")
    assert page.evaluate("[WALKER.sandbox.mode, document.activeElement.id]") == [
        "evolve",
        "tab-evolve",
    ]


# --- what a browser may lack


@pytest.mark.long
def test_without_storage_everything_but_memory_works(sandbox):
    refuse = """for (const name of ["indexedDB", "localStorage", "sessionStorage"]) {
        const get = () => { throw new DOMException("no", "SecurityError"); };
        Object.defineProperty(window, name, { get });
    }"""
    page = sandbox(before=refuse)
    page.locator("#hand").click()
    until(page, "WALKER.sandbox.scene.runners.length === 2")
    page.evaluate("WALKER.sandbox.scene.clock = 1199")
    walk(page, 1)
    until(page, "!document.querySelector('#ghost [value=best]').disabled")
    page.get_by_role("button", name="Switch to").click()


@pytest.mark.long
@pytest.mark.parametrize(
    ("lacking", "button", "words"),
    [
        ("delete window.MediaRecorder", "Save a film", "This browser cannot record films."),
        ("delete HTMLCanvasElement.prototype.captureStream", "Save a film", "cannot record films"),
        (
            "MediaRecorder.prototype.start = () => { throw new Error('no encoder'); }",
            "Save a film",
            "There is no film: no encoder.",
        ),
    ],
)  # fmt: skip
def test_what_a_browser_lacks_is_told(sandbox, lacking, button, words):
    page = sandbox(before=lacking)
    walk(page, 5)
    page.get_by_role("button", name=button).click()
    until(page, f"document.getElementById('message').textContent.includes({words!r})")


@pytest.mark.long
def test_without_compression_a_body_cannot_be_shared_and_it_is_told(sandbox):
    page = sandbox(before="delete window.CompressionStream")
    page.get_by_role("tab", name="Draw").click()
    page.get_by_role("button", name="Share this body").click()
    until(page, "document.getElementById('message').textContent.includes('cannot write a body')")


@pytest.mark.long
@pytest.mark.parametrize("file", ["live/runner", "core", "live/sandbox"])
def test_a_script_that_does_not_load_is_named(browser, root, file):
    page = browser.new_page()
    page.route(f"**/static/{file}.js", lambda route: route.abort())
    page.goto(f"{root}/sandbox.html")
    words = f"The sandbox cannot begin: {file.split('/')[-1]}.js did not load"
    until(page, f"document.getElementById('message').textContent.startsWith({words!r})")
    page.close()


@pytest.mark.long
@pytest.mark.parametrize("data", ["site", "minds/trot"])
def test_data_that_do_not_load_are_named(browser, root, data):
    page = browser.new_page()
    page.route(f"**/data/{data}.js", lambda route: route.abort())
    page.goto(f"{root}/sandbox.html")
    until(page, f"document.getElementById('message').textContent.includes('data/{data}.js')")
    page.close()


@pytest.mark.long
def test_a_script_that_comes_late_and_does_not_load_is_named_too(visit, root):
    page = ready(visit(f"{root}/sandbox.html", expected=("ERR_FAILED",)))
    page.route("**/static/live/policyreader.js", lambda route: route.abort())
    told = bring(page, "trot.safetensors", trot_file())
    assert told.endswith("cannot be used here: static/live/policyreader.js did not load.")
    page.unroute("**/static/live/policyreader.js")
    assert bring(page, "trot.safetensors", trot_file()) == "trot walks now."


def test_without_scripts_there_is_a_sentence(browser, folder):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((folder / "sandbox.html").as_uri())
    assert page.locator("noscript .message").is_visible()
    context.close()


# --- assistive software


def violations(page):
    """What axe-core calls serious or critical, as rule and element."""
    found = page.evaluate("""async () => {
        const options = { resultTypes: ["violations"], preload: false };
        const { violations } = await axe.run(document, options);
        return violations.filter(({ impact }) => ["serious", "critical"].includes(impact))
            .flatMap(({ id, nodes }) => nodes.map(({ html }) => [id, html.slice(0, 120)]));
    }""")
    return sorted(map(tuple, found))


def with_axe(page):
    page.evaluate(AXE.read_text(encoding="utf-8"))
    return page


@pytest.mark.parametrize("scheme", ["dark", pytest.param("light", marks=pytest.mark.long)])
def test_assistive_software_can_read_every_panel(sandbox, scheme):
    page = with_axe(sandbox(color_scheme=scheme, expected=(STYLE,)))
    page.get_by_role("button", name="a public one").click()
    page.locator("#hand").click()
    page.locator("details").first.evaluate("(node) => (node.open = true)")
    until(page, "!document.getElementById('pads').hidden")
    for mode in ("play", "evolve", "draw"):
        page.locator(f"#tab-{mode}").click()
        assert violations(page) == []


@pytest.mark.long
@pytest.mark.parametrize("button", ["Choose walkers", "Begin with"])
def test_assistive_software_can_read_the_dialogs(sandbox, button):
    page = with_axe(sandbox(expected=(STYLE,)))
    if button == "Begin with":
        page.get_by_role("tab", name="Draw").click()
    page.get_by_role("button", name=button).click()
    until(page, "document.querySelectorAll('dialog[open] .choice').length > 2")
    assert violations(page) == []


@pytest.mark.long
@pytest.mark.parametrize("scheme", ["dark", "light"])
@pytest.mark.parametrize("name", ["index.html", "race.html", "entries/trot.html"])
def test_assistive_software_can_read_the_other_pages(whole, visit, name, scheme):
    options = {"color_scheme": scheme, "reduced_motion": "reduce", "expected": (STYLE,)}
    page = with_axe(visit((whole / name).as_uri(), **options))
    until(page, "!!(WALKER.hero || WALKER.race)")
    assert violations(page) == []


# --- how much is loaded, and how fast it is


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """The published page, with every entry."""
    folder = tmp_path_factory.mktemp("whole")
    build_site(read_content(open_entries=OPEN), folder)
    return folder


def loaded(page, folder):
    """Bytes of all files that a page has asked for so far, plain and packed."""
    names = page.evaluate(
        "[location.href, ...performance.getEntriesByType('resource').map((e) => e.name)]"
    )
    files = {name.split("#")[0].split("?")[0] for name in names}
    texts = [(folder / file.split("/", 3)[3]).read_bytes() for file in sorted(files)]
    return sum(map(len, texts)), sum(len(gzip.compress(text, 6)) for text in texts), len(texts)


@pytest.mark.long
def test_the_first_view_is_small_and_the_sandbox_soon_ready(whole, visit, record_property):
    """Hosts pack what they send: the limit is for that."""
    with served(whole) as root:
        for name, ready_when in (("index", "!!WALKER.hero"), ("sandbox", "!!WALKER.sandbox")):
            begun = time.monotonic()
            page = visit(f"{root}/{name}.html")
            until(page, f"!!window.WALKER && {ready_when}")
            seconds = time.monotonic() - begun
            plain, packed, count = loaded(page, whole)
            size = f"{plain / 1000:.0f} kB, packed {packed / 1000:.0f} kB"
            told = f"{size}, {count} files, {seconds:.2f} s"
            record_property(name, told)
            print(f"{name}: {told}")
            assert packed < 400_000
            if name == "sandbox":
                assert seconds < 10  # 2 s on a machine that does nothing else


def test_the_sandbox_asks_for_little_at_first(root, visit, folder):
    page = ready(visit(f"{root}/sandbox.html", reduced_motion="reduce"))
    plain, packed, _ = loaded(page, folder)
    assert plain < 350_000
    assert packed < 140_000
    asked = page.evaluate("performance.getEntriesByType('resource').map((e) => e.name)")
    late = ("data/bodies", "data/suite", "static/evolve/", "static/draw/editor")
    assert not [name for name in asked if any(part in name for part in late)]


def test_a_panel_that_does_not_load_gets_a_sentence_and_opens_later(visit, root):
    options = {"expected": ("ERR_FAILED",), "reduced_motion": "reduce"}
    page = ready(visit(f"{root}/sandbox.html", **options))
    page.route("**/static/evolve/neat.js", lambda route: route.abort())
    page.locator("#tab-evolve").click()
    until(page, "document.getElementById('message').textContent.includes('neat.js did not load')")
    assert page.evaluate("WALKER.sandbox.mode") == "play"
    page.unroute("**/static/evolve/neat.js")
    page.locator("#tab-evolve").click()
    page.locator("#tab-draw").click()  # while the other one's scripts come
    page.locator("#tab-evolve").click()
    until(page, "!!(WALKER.sandbox.evolution && WALKER.sandbox.editor)")
    assert page.evaluate("WALKER.sandbox.mode") == "evolve"
    assert page.evaluate("document.getElementById('panel-evolve').inert") is False
    sources = page.evaluate("Array.from(document.scripts, ({ src }) => src)")
    assert len(sources) == len(set(sources))


@pytest.mark.long
@pytest.mark.parametrize(("walkers", "pictures"), [(1, 60), (8, 30)])
def test_what_a_picture_costs_on_a_processor_a_quarter_as_fast(visit, root, walkers, pictures):
    """Processor time of the page's own thread, which other work of the machine does not change.

    Scripts alone are held to the goal: without a graphics processor the same thread fills areas.
    """
    names = ",".join(["trot"] * walkers)
    page = ready(visit(f"{root}/sandbox.html#course=disc&walkers={names}"))
    chrome = page.context.new_cdp_session(page)
    chrome.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    chrome.send("Performance.enable", {"timeDomain": "threadTicks"})
    page.evaluate("""{
        const { stage } = WALKER.sandbox;
        window.pictures = 0;
        stage.watchers.push(() => window.pictures++);
        stage.play();
    }""")

    def now():
        found = chrome.send("Performance.getMetrics")["metrics"]
        return {one["name"]: one["value"] for one in found} | {
            "pictures": page.evaluate("pictures")
        }

    page.wait_for_timeout(2000)
    before = now()
    page.wait_for_timeout(8000)
    after = now()
    count = after["pictures"] - before["pictures"]
    parts = ("ScriptDuration", "TaskDuration")
    spent = {part: 1000 * (after[part] - before[part]) / count for part in parts}
    print(
        f"{walkers} walkers: scripts {spent['ScriptDuration']:.1f} ms a picture, "
        f"all {spent['TaskDuration']:.1f} ms"
    )
    assert spent["ScriptDuration"] < 1000 / pictures
