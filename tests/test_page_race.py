"""The race in a real browser: who starts where, what is shown, called out, kept in the address."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from agents.baselines import load_agent
from benchmarks.evaluation.published import ENTRIES
from benchmarks.site.build import build_site
from benchmarks.site.content import Content, ShownEntry
from benchmarks.site.lineage import read_lineage
from benchmarks.site.serve import make_server
from benchmarks.site.source import COURSES
from benchmarks.site.walks import record_walk
from benchmarks.submission.entries import read_entry
from tests.pages import needs_browser, started_browser, until
from walker_env import HORIZON, Options, WalkerBatch

CHAMPIONS = ("rear-runner", "limp", "trot", "diagonal", "grown", "gallop", "walk", "pace")
STEPS = 600  # of the races that are looked at
DISC, SPRINT, ICE = (COURSES[i] for i in (0, 4, 5))

pytestmark = needs_browser


def champion_file(name):
    return ENTRIES / name / read_entry(ENTRIES / name).file


@pytest.fixture(scope="module")
def agents():
    return {name: load_agent(champion_file(name)) for name in CHAMPIONS} | {
        name: load_agent(name) for name in ("gait", "still")
    }


@pytest.fixture(scope="module")
def folder(agents, tmp_path_factory):
    """A page with the champions and two baselines, built without a ranking.

    Policies walk in the page, so that theirs may be longer than what Python walked for it.
    """
    entries = tuple(ShownEntry(name, name, "es", agent) for name, agent in agents.items())
    featured = ("trot", "gait", "diagonal")
    folder = tmp_path_factory.mktemp("page")
    content = Content("test", entries, (), (DISC, SPRINT), (), (), featured, read_lineage())
    build_site(content, folder, 60)
    data = folder / "data" / "site.js"
    data.write_text(data.read_text().replace('"steps":60', f'"steps":{STEPS}'))
    return folder


@pytest.fixture(scope="module")
def root(folder):
    """Address of a server that outlives every page: one that is still loading must not fail."""
    with make_server(folder) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


@pytest.fixture(scope="module")
def browser():
    with started_browser() as found:
        yield found


@pytest.fixture
def visit(browser, folder):
    """visit(hash, **context): the race; the test fails on any error that the page reports."""
    contexts, wrong = [], []

    def go(hash_="", address=None, ready=True, **options):
        settings = {"viewport": {"width": 1100, "height": 720}, "reduced_motion": "reduce"}
        context = browser.new_context(**settings | options)
        contexts.append(context)
        context.set_default_timeout(20_000)
        page = context.new_page()
        page.on("console", lambda m: wrong.append(m.text) if m.type in ("error", "warning") else 0)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.goto((address or (folder / "race.html").as_uri()) + hash_)
        if ready:
            until(page, "!!(window.WALKER && WALKER.race && WALKER.race.stage.scene)")
        return page

    yield go
    for context in contexts:
        context.close()
    assert not wrong


@pytest.fixture(scope="module")
def engine(browser, folder):
    """A page in which functions of the race are called, over a whole race; nobody looks at it."""
    page = browser.new_context(reduced_motion="reduce").new_page()
    page.goto((folder / "race.html").as_uri() + "#entries=gait")
    until(page, "!!(window.WALKER && WALKER.race && WALKER.race.stage.scene)")
    page.evaluate(f"WALKER.race.site.steps = {HORIZON}")
    page.evaluate(
        "WALKER.race.open({ ...WALKER.race.shown, entries: ['trot', 'diagonal', 'gait'] })"
    )
    return page


EVERYBODY = "#entries=" + ",".join(CHAMPIONS)
SCENE = "WALKER.race.stage.scene"

# Walks


@pytest.mark.parametrize(("name", "course"), [("rear-runner", DISC), ("grown", ICE)])
def test_a_policy_walks_in_the_page_as_in_python(engine, agents, name, course):
    walk = record_walk(agents[name], course, 300).walk
    script = """async ([name, course, steps]) => {
        const champion = await WALKER.loadChampion(WALKER.race.site, name);
        const walk = await WALKER.simulateWalk(champion, course, steps);
        return [[...walk.position], [...walk.grip], walk.reached, walk.score];
    }"""
    world = engine.evaluate(f"WALKER.race.site.worlds['{course.world}']")
    data = {"draw": course.draw, "seed": str(course.seed), "world": world}
    position, grip, reached, score = engine.evaluate(script, [name, data, 300])
    assert np.array_equal(np.ravel(walk.position).astype(np.float32), position)
    assert np.array_equal(np.ravel(walk.grip).astype(np.float32), grip)
    assert reached == walk.reached.tolist()
    assert len(reached) >= 1
    assert score == walk.score


def test_targets_shown_are_targets_walked(engine):
    for course in COURSES:
        batch = WalkerBatch(1, Options(course=course.draw, world=course.world))
        batch.reset(seed=np.array([course.seed], dtype=np.uint64))
        data = {"draw": course.draw, "seed": str(course.seed)}
        shown = engine.evaluate("(course) => WALKER.targetsOf(course, 20)", data)
        assert np.array_equal(shown, batch.state.targets[0, :20])


def test_only_who_has_no_network_has_a_tape(folder):
    for course in (DISC, SPRINT):
        tapes = sorted(path.stem for path in (folder / "data" / "walks" / course.id).iterdir())
        assert tapes == ["gait", "still"]
    assert (folder / "data" / "replays" / DISC.id / "trot.npz").exists()


# The start


def test_all_start_side_by_side_and_equally_far_from_the_first_target(engine):
    script = """() => {
        const { runners, targets: [[tx, ty]] } = WALKER.race.stage.scene;
        const far = ({ position, nodes }, step) => Array.from({ length: nodes }, function (_, k) {
            const at = 2 * (step * nodes + k);
            return Math.hypot(position[at] - tx, position[at + 1] - ty);
        });
        return runners.map(({ walk, shown }) => ({
            reached: walk.reached[0] ?? walk.steps,
            walked: Array.from({ length: 60 }, (_, step) => far(walk, step)),
            shown: Array.from({ length: 60 }, (_, step) => far(shown, step)),
            hub: [shown.position[8], shown.position[9]],
            after: [walk, shown].map((one) => [...one.position.subarray(one.nodes * 2 *
                (walk.reached[0] ?? walk.steps))].slice(0, 2000)),
        }));
    }"""
    trot, diagonal, gait = engine.evaluate(script)
    for one in (trot, diagonal, gait):
        assert np.allclose(one["walked"], one["shown"], atol=1e-3)  # no distance changes
    for one in (trot, diagonal):
        assert one["reached"] < 400
        assert one["after"][0] == one["after"][1]  # from the first target on it is the truth
    for one, other in ((trot, diagonal), (diagonal, gait)):
        assert 100 < np.hypot(*np.subtract(one["hub"], other["hub"])) < 140


def test_lanes_leave_room_for_wide_bodies_and_never_close_a_circle(engine):
    script = """([count, far]) => {
        const body = Object.values(WALKER.race.site.bodies)[0];
        return WALKER.lanesOf(new Array(count).fill(body), far);
    }"""
    assert engine.evaluate(script, [1, 300]) == [0]
    four = np.array(engine.evaluate(script, [4, 400]))
    assert np.allclose(four, -four[::-1])
    assert np.allclose(-np.diff(four) * 400, -np.diff(four)[0] * 400)
    assert engine.evaluate(script, [8, 150])[0] == pytest.approx(1.25)


def test_a_race_counts_down_and_goes(visit):
    page = visit("#entries=trot,diagonal&speed=0.25", reduced_motion="no-preference")
    until(page, "document.getElementById('countdown').textContent === '3'")
    assert page.locator("#clock").inner_text() == "0.0 s"
    assert "equally far from the first target" in page.locator("#startnote").inner_text()
    page.keyboard.press("]")
    page.evaluate("WALKER.race.stage.seek(-1)")
    until(page, "document.getElementById('countdown').textContent === 'Go!'")
    assert page.locator("#startnote").is_hidden()
    page.keyboard.press("Home")
    assert page.evaluate("WALKER.race.stage.time") < -30


# Courses and worlds


def test_courses_look_like_what_their_targets_make(engine):
    script = "(course) => WALKER.wayOf(WALKER.targetsOf(course, WALKER.TELLING))"
    found = {
        course.id: engine.evaluate(script, {"draw": course.draw, "seed": str(course.seed)})
        for course in COURSES
    }
    kinds = {name: way["kind"] for name, way in found.items()}
    assert kinds == {
        "disc-1": "open",
        "disc-2": "open",
        "race": "track",
        "slalom": "gates",
        "sprint": "straight",
        "ice": "open",
    }
    assert len(found["race"]["lap"]) == 18
    for seed in range(1, 20):
        for draw, kind in (("slalom", "gates"), ("sprint", "straight"), ("turn-left", "open")):
            assert engine.evaluate(script, {"draw": draw, "seed": str(seed)})["kind"] == kind


def test_ground_looks_as_slippery_and_heavy_as_it_is(engine):
    worlds = "Object.fromEntries(Object.entries(WALKER.race.site.worlds).map(([name, world]) => "
    found = engine.evaluate(worlds + "[name, WALKER.groundOf(world)]))")
    assert found["standard"] == found["weak"] == found["delay"] == {"slick": 0, "drag": 0}
    assert found["ice"] == {"slick": 1, "drag": 0}
    assert found["heavy"] == {"slick": 0, "drag": 1}
    sand = engine.evaluate("WALKER.groundColours({}).sand")
    ice = engine.evaluate("WALKER.groundColours({ grip_force: 15000 }).sand")
    mud = engine.evaluate("WALKER.groundColours({ damping: 0.2 }).sand")
    assert ice[2] > sand[2] > mud[2]
    assert sum(mud) < 0.6 * sum(sand)


# The camera

FILM = """async ([ids, course, mode, speed, width, height]) => {
    const W = WALKER, { site } = W.race;
    const scene = await W.loadScene(site, course, ids, { lined: true });
    scene.shots = W.planShots(scene.runners, scene.steps, site.rate, speed);
    const camera = Object.assign(W.newCamera(), { mode });
    let least = Infinity, small = Infinity;
    for (let time = scene.first; time < scene.steps; time += speed * site.rate / 30) {
        scene.place(time);
        W.moveCamera(camera, scene, width, height, 1 / 30);
        const view = W.viewOf(camera, width, height), shot = W.shotAt(scene.shots, time);
        const [leader] = W.rankingAt(scene.runners, Math.max(0, time));
        const all = [...scene.runners, leader.runner], one = scene.runners[shot.lanes[0]];
        for (const { body, middle: [mx, my] } of mode === "all" ? all : [one]) {
            const reach = W.shapeOf(body).extent * W.magnified(camera, body) * camera.zoom;
            const x = view.x(mx), y = view.y(my);
            least = Math.min(least, x - reach, y - reach, width - x - reach, height - y - reach);
            small = Math.min(small, reach);
        }
    }
    return [least, small];
}"""


@pytest.mark.parametrize(
    ("course", "mode", "speed"),
    [("sprint", "all", 8), ("sprint", "auto", 8), ("disc-1", "auto", 1), ("sprint", "all", 1)],
)
def test_nobody_that_the_picture_is_about_is_cut_off_or_tiny(engine, course, mode, speed):
    ids = list(CHAMPIONS) if mode == "all" else list(CHAMPIONS[:4])
    least, small = engine.evaluate(FILM, [ids, course, mode, speed, 900, 560])
    assert least > 20  # pixels to the edge
    assert small > 14.9  # pixels from a walker's middle to its end


def test_the_director_cuts_between_duels_and_ends_with_the_first_two(engine):
    script = """async (ids) => {
        const { site } = WALKER.race;
        const scene = await WALKER.loadScene(site, "disc-1", ids, { lined: true });
        const plan = (speed) => WALKER.planShots(scene.runners, scene.steps, site.rate, speed);
        const ranking = WALKER.rankingAt(scene.runners, scene.steps).map(({ lane }) => lane);
        return [plan(1).slice(1), plan(1).slice(1), plan(8).length, plan(1).length, ranking];
    }"""
    shots, again, fast, slow, ranking = engine.evaluate(script, list(CHAMPIONS))
    assert shots == again
    assert shots[-1] == {"from": 1900, "lanes": ranking[:2]}
    between = shots[:-1]
    assert len({tuple(shot["lanes"]) for shot in between}) >= 4
    assert min(np.diff([shot["from"] for shot in between])) >= 120  # six seconds
    assert all(1 <= len(shot["lanes"]) <= 2 for shot in between)
    assert fast < slow


# What is told

CALLS = """([a, b, reachedA, reachedB]) => {
    const runner = (name, scores, reached) =>
        ({ name, scores, walk: { steps: scores.length - 1, reached } });
    const runners = [runner("ann", a, reachedA), runner("bob", b, reachedB)];
    const told = WALKER.callsOf(runners, a.length - 1, 20).map(({ time, text }) => [time, text]);
    return [told, runners.map((one) => WALKER.splitAt(runners, one, a.length - 1, 20))];
}"""


def test_overtakes_and_splits_are_called_out(engine):
    steps = np.arange(0, 401)
    ann, bob = steps / 100, np.where(steps < 200, steps / 200, steps / 40 - 4)
    reached = [[100, 200, 300, 400], [200, 240, 280, 320, 360, 400]]
    told, splits = engine.evaluate(CALLS, [ann.tolist(), bob.tolist(), *reached])
    assert told == [
        [100, "ann is first at target 1, 5.0 s ahead"],
        [267, "bob takes the lead from ann"],
    ]
    assert splits == [4.0, 0.0]  # ann was at its fourth target 80 steps after bob


def test_an_order_that_does_not_hold_is_not_called_out(engine):
    steps = np.arange(0, 401)
    ann = steps / 100
    bob = np.where((steps > 250) & (steps < 260), ann + 0.1, ann - 0.1).clip(0)
    told, _ = engine.evaluate(CALLS, [ann.tolist(), bob.tolist(), [100, 200], [110, 210]])
    assert [text for _, text in told] == ["ann is first at target 1, 0.5 s ahead"]


def test_one_target_is_one_target(engine):
    assert engine.evaluate("[0, 1, 2].map(WALKER.targetWords)") == [
        "0 targets",
        "1 target",
        "2 targets",
    ]
    places = engine.evaluate("[1, 2, 3, 4, 11, 12, 21, 22].map(WALKER.ordinal)")
    assert places == ["1st", "2nd", "3rd", "4th", "11th", "12th", "21st", "22nd"]


@pytest.mark.long
def test_a_card_says_one_target(visit):
    page = visit("#entries=trot,diagonal")
    first = page.evaluate(f"{SCENE}.runners[0].walk.reached[0]")
    page.evaluate(f"WALKER.race.stage.seek({first})")
    card = page.locator("#cards button", has_text="trot")
    until(page, f"{SCENE}.time === {first}")
    assert card.text_content().endswith(", 1 target. Follow.")


@pytest.mark.long
def test_the_podium_stands_at_the_end_and_a_close_race_has_a_photo(visit, engine):
    page = visit("#entries=trot,diagonal,limp&t=30")
    page.wait_for_selector("#finish:not([hidden])")
    scores = page.evaluate(f"{SCENE}.runners.map((r) => [r.walk.score, r.name])")
    best = [name for _, name in sorted(scores, reverse=True)]
    assert page.locator("#winner").inner_text() == best[0]
    places = page.locator("#podium li")
    assert places.locator(".who").all_inner_texts() == [best[1], best[0], best[2]]
    assert [places.nth(i).get_attribute("data-place") for i in range(3)] == ["2", "1", "3"]
    words = """([a, b]) => WALKER.photoWords([
        { runner: { name: "ann" }, score: a }, { runner: { name: "bob" }, score: b }])"""
    assert engine.evaluate(words, [40.75, 40.5]) == (
        "Photo finish: ann is ahead of bob by 25 % of a leg"
    )
    assert engine.evaluate(words, [40.75, 40.25]) is None
    assert engine.evaluate(words, [40.5, 40.5]) == "ann and bob: a dead heat"


INK = """(() => {
    const shown = document.getElementById("timeline"), { width, height } = shown;
    const canvas = Object.assign(document.createElement("canvas"), { width, height });
    const context = canvas.getContext("2d", { willReadFrequently: true });
    context.drawImage(shown, 0, 0);
    const { data } = context.getImageData(0, 0, width, height);
    let last = -1;
    for (let at = 3; at < data.length; at += 4) {
        if (data[at]) last = Math.max(last, ((at - 3) / 4) % width);
    }
    return last / width;
})()"""


@pytest.mark.long
def test_the_timeline_shows_only_what_has_been_seen(visit):
    page = visit("#entries=trot,diagonal&t=7.5")
    until(page, "WALKER.race.seen === 150")
    assert page.evaluate(INK) == pytest.approx(0.25, abs=0.01)
    page.evaluate("WALKER.race.seek(300)")
    until(page, "WALKER.race.seen === 300")
    page.evaluate("WALKER.race.seek(90)")  # what was seen stays
    until(page, f"{SCENE}.time === 90")
    assert page.evaluate(INK) == pytest.approx(0.5, abs=0.01)


def test_names_leave_eyes_and_each_other_free(engine):
    script = """async (ids) => {
        const W = WALKER, { site } = W.race, found = [];
        const scene = await W.loadScene(site, "disc-1", ids, { lined: true });
        const context = document.createElement("canvas").getContext("2d");
        const camera = Object.assign(W.newCamera(), { mode: "all" });
        const overlap = (a, b) => Math.abs(a.x - b.x) < (a.width + b.width) / 2 &&
            Math.abs(a.y - b.y) < (a.height + b.height) / 2;
        let covered = 0, shown = 0;
        for (let time = 0; time <= scene.steps; time += 40) {
            scene.place(time);
            camera.fresh = true;
            W.moveCamera(camera, scene, 1200, 800, 1);
            const view = W.viewOf(camera, 1200, 800), lanes = scene.runners.map((_, lane) => lane);
            const { tags, eyes } = W.placeTags(context, scene, view, camera, lanes);
            tags.forEach(({ box }, i) => {
                shown++;
                if (eyes.some((eye) => overlap(eye, box))) covered++;
                else if (tags.slice(0, i).some((tag) => overlap(tag.box, box))) covered++;
            });
        }
        return [covered, shown];
    }"""
    covered, shown = engine.evaluate(script, list(CHAMPIONS))
    assert shown == 8 * 51
    assert covered <= 0.05 * shown


# Tracks

COUNT = """async (ids) => {
    const W = WALKER, { site } = W.race, counts = [];
    const scene = await W.loadScene(site, "disc-1", ids, { lined: true });
    const canvas = Object.assign(document.createElement("canvas"), { width: 300, height: 200 });
    const camera = Object.assign(W.newCamera(), { mode: "all" });
    const calls = {}, kinds = ["drawImage", "fill", "stroke", "fillRect", "fillText"];
    const before = kinds.map((kind) => CanvasRenderingContext2D.prototype[kind]);
    kinds.forEach((kind, i) => (CanvasRenderingContext2D.prototype[kind] = function (...given) {
        calls[kind] = (calls[kind] || 0) + 1;
        return before[i].apply(this, given);
    }));
    const count = (draw) => {
        kinds.forEach((kind) => (calls[kind] = 0));
        draw();
        return { ...calls };
    };
    const frame = (time) => {
        scene.place(time);
        W.moveCamera(camera, scene, 1200, 800, 1 / 60);
        const view = W.viewOf(camera, 1200, 800), colours = W.groundColours({});
        const context = canvas.getContext("2d");
        const tracks = count(() => W.drawTracks(context, camera, view, scene, colours));
        return [tracks, count(() => W.drawScene(context, scene, camera, 1200, 800))];
    };
    frame(scene.steps - 40);
    for (let time = scene.steps - 39; time <= scene.steps; time++) counts.push(frame(time));
    kinds.forEach((kind, i) => (CanvasRenderingContext2D.prototype[kind] = before[i]));
    return counts;
}"""


def test_a_hundred_seconds_of_eight_walkers_tracks_are_drawn_in_a_hundred_calls(engine):
    frames = engine.evaluate(COUNT, list(CHAMPIONS))
    assert len(frames) == 40
    tracks = [sum(calls.values()) for calls, _ in frames]
    assert 8 <= max(tracks) <= 100
    assert max(whole["drawImage"] for _, whole in frames) <= 100
    assert max(sum(whole.values()) for _, whole in frames) <= 350


def test_prints_fade_and_a_jump_paints_them_anew(engine):
    script = """async () => {
        const W = WALKER, { site } = W.race;
        const scene = await W.loadScene(site, "disc-1", ["trot"], { lined: true });
        const context = document.createElement("canvas").getContext("2d");
        const camera = W.newCamera(), view = W.viewOf(camera, 900, 600);
        const draw = (time) => {
            scene.place(time);
            W.drawTracks(context, camera, view, scene, W.groundColours({}));
        };
        const ink = (time) => {
            draw(time);
            const tile = scene.tiles.tiles.get("0/0");
            if (!tile) return 0;
            const { data } = tile.context.getImageData(0, 0, 512, 512);
            let sum = 0;
            for (let at = 3; at < data.length; at += 4) sum += data[at];
            return sum;
        };
        for (let time = 0; time < 400; time += 2) draw(time);
        const walked = ink(400), jumped = (ink(100), ink(400));
        scene.runners[0].tracks.prints = scene.runners[0].tracks.prints.filter((p) => p.end < 400);
        for (let time = 401; time < 700; time += 5) draw(time);
        const later = ink(700);
        for (let time = 701; time < 1200; time += 5) draw(time);
        return [walked, jumped, later, ink(1200)];
    }"""
    walked, jumped, later, gone = engine.evaluate(script)
    assert walked > 0
    assert jumped == pytest.approx(walked, rel=0.1)
    assert later < 0.5 * walked
    assert gone == 0


# Controls


@pytest.mark.long
def test_keys_live_after_the_timeline_or_a_menu_had_the_focus(visit):
    page = visit("#entries=trot,diagonal&t=5&paused=1&camera=all")
    for place in ("#time", "#speed", "#camera"):
        page.locator(place).focus()
        page.keyboard.press("c")
        until(page, "WALKER.race.stage.camera.mode === 'course'")
        page.evaluate("WALKER.race.setCamera('all')")
    page.locator("#time").focus()
    page.keyboard.press("ArrowRight")
    until(page, "WALKER.race.stage.time === 120")
    page.keyboard.press("Space")
    until(page, "WALKER.race.stage.playing")


@pytest.mark.long
def test_time_stands_still_while_the_slider_is_held(visit):
    page = visit("#entries=trot,diagonal&t=5", reduced_motion="no-preference")
    until(page, "WALKER.race.stage.playing")
    box = page.locator("#time").bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.wait_for_timeout(100)
    held = page.evaluate("WALKER.race.stage.time")
    page.wait_for_timeout(200)
    assert page.evaluate("WALKER.race.stage.time") == held == pytest.approx(300, abs=6)
    page.mouse.up()
    until(page, f"WALKER.race.stage.time > {held}")


@pytest.mark.long
def test_a_drag_shifts_the_picture_and_is_no_click(visit):
    page = visit("#entries=trot,diagonal&t=5&paused=1&camera=all")
    until(page, "!!document.getElementById('cards').dataset.order")
    box = page.locator("#stage").bounding_box()
    x, y = box["x"] + 20, box["y"] + box["height"] - 20
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 120, y - 60, steps=4)
    page.mouse.up()
    assert page.evaluate("WALKER.race.stage.playing") is False
    zoom = page.evaluate("WALKER.race.stage.camera.zoom")
    panned = page.evaluate("WALKER.race.stage.camera.pan")
    assert panned == pytest.approx([-120 / zoom, -60 / zoom], rel=0.1)
    page.keyboard.press("0")
    assert page.evaluate("WALKER.race.stage.camera.pan") == [0, 0]
    page.mouse.click(x, y)
    until(page, "WALKER.race.stage.playing")


# The address


@pytest.mark.long
def test_a_link_to_the_finish_shows_the_finish(visit):
    page = visit("#entries=trot,diagonal&t=30", reduced_motion="no-preference")
    page.wait_for_selector("#finish:not([hidden])")
    page.wait_for_timeout(200)
    assert page.locator("#clock").inner_text() == "30.0 s"
    page.evaluate("location.hash = '#entries=limp,diagonal,trot&t=30'")
    until(page, "document.querySelectorAll('#podium li').length === 3")  # of this race
    page.evaluate("location.hash = '#entries=limp,diagonal&t=3'")
    until(page, f"{SCENE}.runners.length === 2 && WALKER.race.stage.playing")
    assert page.locator("#finish").is_hidden()
    assert "paused" not in page.url


@pytest.mark.long
def test_a_paused_moment_stays_paused_and_a_playing_one_goes_on_after_a_reload(visit, root):
    address = f"{root}/race.html"
    page = visit("#entries=trot,diagonal&t=7", address, reduced_motion="no-preference")
    until(page, "WALKER.race.stage.time > 150")
    page.reload()
    until(page, "!!(window.WALKER && WALKER.race && WALKER.race.stage.scene)")
    until(page, "WALKER.race.stage.playing && WALKER.race.stage.time > 150")
    page.keyboard.press("Space")
    until(page, "location.hash.includes('paused=1')")
    held = page.evaluate("WALKER.race.stage.time")
    page.reload()
    until(page, "!!(window.WALKER && WALKER.race && WALKER.race.stage.scene)")
    page.wait_for_timeout(200)
    assert page.evaluate("WALKER.race.stage.playing") is False
    assert page.evaluate("WALKER.race.stage.time") == pytest.approx(held, abs=1)


@pytest.mark.long
def test_the_address_rests_while_the_race_plays(visit):
    """Each change of it makes a browser fetch the icon again."""
    page = visit("#entries=trot,diagonal&t=1&speed=8", reduced_motion="no-preference")
    until(page, "WALKER.race.stage.playing")
    page.evaluate(
        "window.changes = 0; history.replaceState = () => { window.changes++; }; undefined"
    )
    until(page, "WALKER.race.stage.time > 300")
    assert page.evaluate("window.changes") == 0


# When something is missing


@pytest.mark.long
def test_what_does_not_load_gets_a_sentence(browser, root):
    context = browser.new_context(reduced_motion="reduce")
    page = context.new_page()
    page.route("**/data/site.js", lambda route: route.abort())
    page.goto(f"{root}/race.html")
    until(page, "document.getElementById('message').textContent.length > 0")
    told = page.locator("#message").inner_text()
    assert told.startswith("The race cannot be shown: data/site.js did not load")
    page.unroute("**/data/site.js")
    page.route("**/data/minds/limp.js", lambda route: route.abort())
    page.goto(f"{root}/race.html#entries=limp")
    page.reload()
    until(page, "document.getElementById('message').textContent.startsWith('A walk could')")
    page.unroute("**/data/minds/limp.js")
    page.get_by_role("button", name="Choose walkers").click()
    page.get_by_role("checkbox", name="limp").check()
    page.get_by_role("checkbox", name="gait").uncheck()
    page.get_by_role("button", name="Start the race").click()
    until(page, "!!WALKER.race.stage.scene")
    context.close()


def test_without_script_there_is_a_sentence(visit):
    page = visit(ready=False, java_script_enabled=False)
    assert "needs JavaScript" in page.locator("noscript").inner_text()


# Small screens


@pytest.mark.parametrize(
    ("width", "height", "least"),
    [
        (390, 844, 0.5),
        pytest.param(844, 390, 0.68, marks=pytest.mark.long),
        pytest.param(320, 568, 0.4, marks=pytest.mark.long),
    ],
)
def test_a_phone_has_one_row_of_controls_and_the_stage_in_sight(visit, width, height, least):
    size = {"width": width, "height": height}
    page = visit(EVERYBODY + "&t=20&paused=1", viewport=size, has_touch=True)
    stage = page.locator("#stage").bounding_box()
    for extra in (False, True):
        if extra:
            page.evaluate("WALKER.race.setNetwork(true)")
        boxes = page.evaluate(
            """[...document.querySelectorAll(".buttons > button, .buttons > label")]
                .map((node) => node.getBoundingClientRect()).filter((box) => box.width)
                .map(({ top, bottom, left, right }) => [top, bottom, left, right])"""
        )
        middles = [(top + bottom) / 2 for top, bottom, _, _ in boxes]
        assert len(boxes) == 6
        assert max(middles) - min(middles) < 2
        assert min(box[2] for box in boxes) >= 0
        assert max(box[3] for box in boxes) <= width
        assert max(box[1] for box in boxes) <= height
        stage = page.locator("#stage").bounding_box()
        assert stage["height"] >= least * (height - 60)
    scrolls = "[document.documentElement.scrollWidth, document.documentElement.scrollHeight]"
    wide, high = page.evaluate(scrolls)
    assert wide <= width
    assert high <= height
    page.get_by_role("button", name="More").click()
    page.get_by_role("button", name="Copy link").click(trial=True)


# Files of one's own


def test_a_policy_file_that_is_dropped_joins_the_race(visit, agents):
    page = visit("#entries=diagonal")
    page.locator("#ownfile").set_input_files(champion_file("limp"))
    until(page, f"{SCENE}.runners.length === 2")
    known = page.evaluate(
        """WALKER.loadWalk(WALKER.race.site, WALKER.race.site.courses[0],
            WALKER.race.site.entries.find((entry) => entry.id === 'limp')).then((w) => w.score)"""
    )
    name, score = page.evaluate(
        f"{SCENE}.runners.slice(0, 1).map((r) => [r.name, r.walk.score])[0]"
    )
    assert name == "limp"
    assert score == known > 10
    until(page, "document.getElementById('brainname').textContent === 'limp'")


@pytest.mark.long
def test_a_file_that_is_no_policy_gets_a_sentence(visit, tmp_path):
    wrong = tmp_path / "wrong.safetensors"
    page = visit("#entries=diagonal")
    for content in (b"no policy at all", (3).to_bytes(8, "little") + b"{}}", b""):
        wrong.write_bytes(content)
        page.evaluate("WALKER.race.say('')")
        page.locator("#ownfile").set_input_files(wrong)
        until(page, "document.getElementById('message').textContent.includes('cannot race: ')")
    assert page.evaluate(f"{SCENE}.runners.length") == 1


@pytest.mark.long
def test_generation_0_races_the_champion(visit, engine):
    page = visit("#entries=gait")
    page.get_by_role("button", name="Choose walkers").click()
    page.get_by_role("button", name="Generation 0 to champion").click()
    page.get_by_role("button", name="Start the race").click()
    until(page, f"{SCENE}.runners.length === 8")
    assert page.evaluate(f"{SCENE}.runners[0].name") == "generation 0"
    until(page, "document.getElementById('brainname').textContent.startsWith('generation')")
    assert page.locator("#replaylink").is_hidden()  # they have no replay, they race here alone
    script = """async () => {
        const { site } = WALKER.race, ids = site.presets[1].entries;
        const { runners } = await WALKER.loadScene(site, "disc-1", [ids[0], ids[3], ids[7]]);
        return runners.map((runner) => runner.walk.score);
    }"""
    first, middle, champion = engine.evaluate(script)
    assert first < 1 < 10 < middle < champion
    assert champion > 35
