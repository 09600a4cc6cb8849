"""The page compares algorithms, and shows report, bestiary and bodies: as data, in a browser."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import shutil
import zipfile
from dataclasses import replace

import numpy as np
import pytest

from agents.baselines import load_agent
from agents.figure_style import LOOKS
from agents.foreign.limits import LIMITS
from benchmarks.bestiary.publish import DATA
from benchmarks.commands.site import site
from benchmarks.evaluation.conditions import DISC, FAMILIES
from benchmarks.evaluation.families import compare_families
from benchmarks.evaluation.intervals import run_score
from benchmarks.evaluation.published import ENTRIES, OPEN, REFERENCES
from benchmarks.leaderboard.boards import read_boards
from benchmarks.leaderboard.condition_boards import read_condition_boards
from benchmarks.leaderboard.pairs import condition_pairs, open_pair
from benchmarks.leaderboard.study import condition_standings
from benchmarks.reporting.page import Sources
from benchmarks.site import charts, words
from benchmarks.site.bestiary import read_creatures
from benchmarks.site.boards import ABOVE, condition_board, open_board
from benchmarks.site.build import build_site
from benchmarks.site.content import Chart, Content, Line, ShownEntry
from benchmarks.site.report import as_html, read_report
from benchmarks.site.source import COURSES, PROTOCOL
from benchmarks.site.study import as_csv, as_json, as_zip, read_study, shortened
from benchmarks.site.walkers import Shown, costs_of, from_baseline, from_entry, trained
from benchmarks.study.collection import collect
from benchmarks.submission.suites import reference_path
from tests.pages import needs_browser, started_browser, until
from tests.study_records import disc_records, record, save, small
from tests.test_site_browser import NAMELESS
from tests.test_site_colours import STYLE

LOOKS_AT = (500_000, 1_000_000, 2_000_000)


@pytest.fixture(scope="module")
def records(tmp_path_factory):
    """PPO and SNES have their five runs, SAC and CEM a part of theirs."""
    root = tmp_path_factory.mktemp("records")
    disc = small(ppo=5, snes=5, sac=5, cem=5)
    cem = [
        record(disc, "cem", seed, [2, 7 + seed, 9 + seed], LOOKS_AT, [5, 31, 62])
        for seed in range(2)
    ]
    save([*disc_records(disc), *cem], root)
    return root, disc, small("spider", ppo=5)


@pytest.fixture(scope="module")
def source(records):
    root, *conditions = records
    return Sources(collect(root, conditions))


@pytest.fixture(scope="module")
def study(source, records):
    return read_study(source, records[0])


@pytest.fixture(scope="module")
def board(tmp_path_factory):
    """`disc` with three entries."""
    root = tmp_path_factory.mktemp("entries")
    for name in ("rear-runner", "trot", "grown"):
        shutil.copytree(ENTRIES / name, root / name)
    (found,) = read_condition_boards([root], {"disc": DISC.suite})
    return found


def ranked_people(board):
    """Two of its entries as they are shown, by their folders."""
    people = [board.entered[name] for name in ("rear-runner", "trot")]
    return {
        one.entry.folder: Shown(
            shown(one.entry.folder.name, ENTRIES), one.report, costs_of({}, {}), True
        )
        for one in people
    }


def shown(name, folder):
    agent = load_agent(folder / name / "policy.safetensors")
    return ShownEntry(name, name, "snes", agent, sha256="ab" * 32)


@pytest.fixture(scope="module")
def content(study, source, board):
    """Two conditions of which one has runs, two boards, one creature, a body of its own."""
    people, first = ranked_people(board), condition_board(board, ranked_people(board), ())
    star = next(one for one in read_boards() if one.title == "star")
    guest = Shown(shown("star", OPEN), star.entered["star"].report, costs_of({}, {}), True)
    report = [part for part in read_report(source) if part.name in ("families", "scaling")]
    return Content(
        version="walker-suite-1",
        entries=(*(one.entry for one in people.values()), guest.entry),
        boards=(first, replace(first, key="again")),
        courses=COURSES[:1],
        protocol=PROTOCOL,
        featured=("trot",),
        history=(open_board(star, [guest]),),
        history_protocol=("as it was",),
        bodies=(open_board(star, [guest]),),
        study=study,
        report=tuple(report),
        bestiary=read_creatures(DATA)[:2],
    )


@pytest.fixture(scope="module")
def folder(content, tmp_path_factory):
    folder = tmp_path_factory.mktemp("page")
    build_site(content, folder, steps=60)
    return folder


def test_families_are_compared_by_the_means_of_their_members_figures():
    rng = np.random.default_rng(0)
    one, two, other = (middle + rng.normal(size=(5, 16)) for middle in (10, 14, 6))
    found = compare_families([one, two], [other], np.random.default_rng(1))
    assert found.score == pytest.approx((run_score(one) + run_score(two)) / 2)
    assert found.difference == pytest.approx(found.score - run_score(other))
    assert 0 < found.low < found.difference < found.high
    turned = compare_families([other], [one, two], np.random.default_rng(1))
    assert turned.difference == -found.difference
    with pytest.raises(ValueError, match="two runs or more"):
        compare_families([one[:1]], [other], np.random.default_rng(1))


def test_a_family_of_one_member_differs_as_that_member_does():
    rng = np.random.default_rng(0)
    one, other = (middle + rng.normal(size=(5, 16)) for middle in (10, 6))
    pair = open_pair("other", "one", other, one)
    assert (pair["one"], pair["sure"]) == ("one", None)
    found = compare_families([one], [other], np.random.default_rng(0))
    ends = (found.difference, found.high - found.low)
    assert ends == pytest.approx((pair["difference"], pair["high"] - pair["low"]), rel=0.05)


def test_pairs_that_lack_runs_are_open_and_those_of_the_standings_stay(source):
    condition = source.found.conditions[0]
    standings = condition_standings(source.found, condition)
    found = condition_pairs(source.found, condition, standings)["steps-1000000"]
    pairs = {(pair["one"], pair["other"]): pair for pair in found["pairs"]}
    assert pairs["ppo", "snes"] in standings["limits"]["steps-1000000"]["differences"]
    assert pairs["ppo", "snes"]["sure"] is True
    assert pairs["ppo", "cem"]["sure"] is None
    assert pairs["ppo", "cem"]["difference"] == pytest.approx(20.2 - 7.5)
    assert not any("sac" in pair for pair in pairs)  # its runs end before
    family = found["family"]
    assert family["members"] == {"gradient": ["ppo"], "evolution": ["snes", "cem"]}
    assert family["difference"] == pytest.approx(20.2 - (8.2 + 7.5) / 2)
    assert family["whole"] is False


def test_a_study_says_how_many_runs_of_how_many(study):
    disc, spider = study
    assert (disc.key, disc.of, spider.of) == ("disc", "15 of 20 runs", "0 of 5 runs")
    limit = disc.data["limits"]["end"]
    assert limit["across"] == {"pairs": 4, "gradient": 0, "evolution": 1, "neither": 0, "open": 3}
    soonest = disc.data["reached"][0]["soonest"]
    assert soonest["gradient"]["steps"]["algorithm"] == "ppo"
    assert soonest["evolution"]["seconds"]["algorithm"] in ("snes", "cem")


def test_downloads_hold_all_figures_and_the_records(study, records):
    disc = study[0]
    rows = list(csv.DictReader(io.StringIO(as_csv(disc))))
    own = [row for row in rows if row["limit"] == "end" and row["algorithm"] == "ppo"]
    assert [float(row["score"]) for row in own] == pytest.approx([30, 30.1, 30.2, 30.3, 20.4])
    assert json.loads(as_json(disc))["limits"]["end"]["pairs"]
    with zipfile.ZipFile(io.BytesIO(as_zip(disc))) as archive:
        assert len(archive.namelist()) == 15
        path = records[0] / "disc" / "ppo-0.safetensors"
        assert archive.read("disc/ppo-0.safetensors") == path.read_bytes()
    assert shortened({"a": [1.23456789, 7, None, "x"]}) == {"a": [1.235, 7, None, "x"]}


def test_every_algorithm_of_the_suites_has_a_sentence_and_a_colour_of_its_own():
    assert set(words.ALGORITHMS) == set(FAMILIES)
    assert all(text.endswith(".") for text in words.ALGORITHMS.values())
    hues = [LOOKS[name].hue for name in FAMILIES]
    assert len(set(hues)) == len(hues)
    assert all(LOOKS[name].dash == 0 for name in FAMILIES)
    light = re.search(r"--hue0:.*", STYLE)[0]
    for name, look in ((name, LOOKS[name]) for name in FAMILIES):
        red, _, blue = bytes.fromhex(re.search(rf"--hue{look.hue}: #(\w{{6}})", light)[1])
        assert (red > blue) == (FAMILIES[name] == "gradient"), name


def test_terms_have_keys_of_their_own():
    keys = [term.key for term in words.GLOSSARY]
    assert len(set(keys)) == len(keys)


def test_what_training_cost_is_told_once(board):
    wall = {"run_steps": 5, "run_seconds": 300.0, "budget": {"seconds": 300.0}}
    costs = costs_of(wall, {"steps": 7})
    assert costs == {"steps": 7, "cpu_seconds": None}
    assert dict(trained(wall, costs)) == {"Control steps": "7", "Time by the clock": "300 s"}
    assert costs_of({"run_cpu_seconds": 9.0}, {})["cpu_seconds"] == 9.0
    one = next(one for one in board.data["entries"] if one["id"] == "grown")
    grown = from_entry(one, board.entered["grown"], board.suite, LIMITS)
    assert dict(grown.entry.trained)["CPU time"] == f"{grown.costs['cpu_seconds']:,.0f} s"


def test_a_conditions_board_shows_ties_and_the_references_beside_it(board):
    base = from_baseline("gait", reference_path(REFERENCES, "gait").parent)
    made = condition_board(board, ranked_people(board), [base])
    assert [(row.name, row.place) for row in made.rows] == [
        ("rear-runner", "1"), ("trot", "2"), ("gait", "None"),
    ]  # fmt: skip
    cells = dict(zip(made.columns, made.rows[1].cells))
    above = next(one["above"] for one in board.data["entries"] if one["id"] == "trot")
    assert cells[ABOVE].startswith(f"{above['difference']:+.1f} [")
    assert made.rows[0].common.shape == (1, 128)
    assert made.suite == "walker-suite-2"


def test_a_logarithmic_chart_leaves_out_what_costs_nothing():
    x = np.array([0.0, 1.0, 10.0, 100.0])
    drawn = charts.lines(Chart("k", "t", "a", "u", (Line("l", x, x),), log=True))
    points = re.search(r'polyline points="([^"]*)"', str(drawn))[1].split()
    places = [float(point.split(",")[0]) for point in points]
    assert np.diff(places) == pytest.approx([329, 329])


@pytest.mark.parametrize(("share", "arrows"), [(150, 0), (250, 1), (-5, 1)])
def test_a_bar_that_goes_on_beyond_an_end_says_so(share, arrows):
    assert str(charts.bar(share)).count('class="beyond"') == arrows
    assert 'class="beyond"' not in str(charts.bar(250, 250.0))


def test_links_of_the_report_become_words():
    html = as_html("See [Gaits](gaits.md).\n\n| a | b |\n| --- | ---: |\n| 1 | 2 |")
    assert "See Gaits." in html
    assert '<td class="right">2</td>' in html
    assert "style=" not in html


def test_report_bestiary_and_bodies_have_pages(folder, content):
    report = (folder / "report.html").read_text()
    assert "Which family learns what" in report
    assert "Still without any run: The scaling curve: more commands" in report
    assert (folder / "data" / "report" / "families.png").read_bytes()[:4] == b"\x89PNG"
    bestiary = (folder / "bestiary.html").read_text()
    for creature in content.bestiary:
        assert f'data-creature="{creature.id}"' in bestiary
        assert (folder / "data" / "creatures" / f"{creature.id}.js").exists()
    assert 'data-champion="star"' in (folder / "bodies.html").read_text()


def test_a_page_can_be_previewed_elsewhere_and_says_what_moves_whom(content, folder, tmp_path):
    def meta(text):
        return dict(re.findall(r'<meta (?:property|name)="([\w:]+)" content="([^"]*)"', text))

    here = meta((folder / "index.html").read_text())
    assert len(here["description"]) > 50
    assert here["og:image"] == "static/preview.jpg"
    assert (folder / "static" / "preview.jpg").stat().st_size < 120_000
    kinds = {"still": "none", "random": "chance", "gait": "by hand"}
    people = tuple(ShownEntry(n, n, kind, load_agent(n)) for n, kind in kinds.items())
    few = Content("x", people, (), COURSES[:1], address="https://example.org/x/")
    build_site(few, tmp_path / "page", steps=2)
    there = meta((tmp_path / "page" / "race.html").read_text())
    assert there["og:image"] == "https://example.org/x/static/preview.jpg"
    assert there["og:url"] == "https://example.org/x/race.html"
    data = (tmp_path / "page" / "data" / "site.js").read_text()
    rules = re.findall(r'"rule":"([^"]*)"', data)
    assert rules == ["this one stands still", "this one acts at random", "this one walks by rules"]


def test_an_address_that_is_none_is_refused_before_anything_is_built(tmp_path):
    with pytest.raises(ValueError, match="--address must be"):
        site(out=tmp_path / "page", address="nowhere")
    assert not (tmp_path / "page").exists()


def test_the_first_view_is_small(folder):
    text = (folder / "index.html").read_text()
    assert len(text) < 60_000
    loaded = re.findall(r'(?:src|href)="(static/[\w/]+\.(?:js|css))"', text)
    texts = [(folder / name).read_bytes() for name in loaded]
    assert sum(map(len, texts)) < 240_000
    assert sum(len(gzip.compress(text)) for text in texts) < 100_000


@pytest.fixture(scope="module")
def browser():
    with started_browser() as found:
        yield found


@pytest.fixture
def visit(browser, folder):
    """visit(name, **context): a page that fails the test on any error that it reports."""
    contexts, wrong = [], []

    def go(name, quiet=False, **options):
        usual = {"viewport": {"width": 1280, "height": 720}, "reduced_motion": "reduce"}
        context = browser.new_context(**usual | options)
        contexts.append(context)
        page = context.new_page()
        if not quiet:
            page.on("pageerror", lambda error: wrong.append(str(error)))
        path, _, hash_ = name.partition("#")
        page.goto(f"{(folder / path).as_uri()}#{hash_}")
        return page

    yield go
    for context in contexts:
        context.close()
    assert not wrong


def compared(page):
    until(page, "!!document.querySelector('#standing tbody tr')")
    return page


@needs_browser
def test_two_algorithms_are_chosen_and_the_address_says_so(visit):
    page = compared(visit("index.html#one=ppo&other=snes&limit=steps-1000000"))
    told = page.locator("#verdict").inner_text()
    assert "ppo reaches 12.0 targets more than snes" in told
    assert "ppo is surely better" in told
    page.locator("#other").select_option("cem")
    until(page, "document.getElementById('verdict').textContent.includes('12.7')")
    assert (
        "Open: ppo has 5 of 5 runs, cem has 2 of 5 runs." in page.locator("#verdict").inner_text()
    )
    assert "other=cem" in page.url
    page.locator("#limit").select_option("end")
    page.locator("#one").select_option("evolution")
    until(page, "document.getElementById('other').value === 'gradient'")
    assert "evolution reaches" in page.locator("#verdict").inner_text()
    assert "Of 4 pairs across the families" in page.locator("#verdict").inner_text()


@pytest.mark.long
@needs_browser
def test_what_is_not_asked_for_is_what_tells_most(visit):
    page = compared(visit("index.html#condition=disc&one=nobody"))
    assert (
        page.evaluate("WALKER.compare.state.limit") == "end"
    )  # SAC's runs are short for all others
    assert page.locator("#one").input_value() == "ppo"
    assert page.locator("#other").input_value() == "snes"


@pytest.mark.long
@needs_browser
def test_the_order_turns_round_where_python_found_it(visit, study):
    page = compared(visit("index.html#one=ppo&other=snes&cost=steps"))
    (crossing,) = study[0].data["crossings"]["steps"]
    assert crossing["ahead"] == "snes"
    assert "snes overtakes ppo between" in page.locator("#crossings").inner_text()


@pytest.mark.long
@needs_browser
def test_the_table_begins_best_first_and_costs_sort_least_first(visit):
    page = compared(visit("index.html#limit=end"))
    names = page.locator("#standing tbody th.name")
    assert names.first.inner_text().startswith("snes")
    head = page.locator("#standing thead th", has_text="10 targets [s]")
    head.get_by_role("button").click()
    assert head.get_attribute("aria-sort") == "ascending"
    assert page.locator("#standing tbody tr").last.inner_text().count("never") > 0


@pytest.mark.long
@needs_browser
def test_a_chart_tells_values_to_a_mouse_and_to_keys(visit):
    page = compared(visit("index.html#one=ppo&other=snes&cost=steps&scale=log"))
    chart = page.locator("#curves svg.lines")
    chart.scroll_into_view_if_needed()
    box = chart.bounding_box()
    page.mouse.move(box["x"] + 0.97 * box["width"], box["y"] + 0.5 * box["height"])
    told = page.locator("#curves .readout").inner_text()
    assert re.search(r"snes 40\.\d \[", told)
    assert re.search(r"ppo 30\.\d \[", told)
    page.mouse.move(5, 5)
    chart.focus()
    page.keyboard.press("ArrowRight")
    assert page.locator("#curves .readout").is_visible()


@pytest.mark.long
@needs_browser
def test_a_number_s_meaning_is_a_tap_away(visit):
    page = compared(visit("index.html#limit=end"))
    page.locator("#verdict a.what").first.click()
    assert page.locator(".meaning").inner_text().startswith("95 % interval")
    page.keyboard.press("Escape")
    assert page.locator(".meaning").count() == 0


@pytest.mark.long
@needs_browser
def test_the_tab_is_in_the_address(visit):
    page = visit("index.html#board=again")
    assert page.locator("#board-again").is_visible()
    page.locator("#tab-disc").click()
    assert page.url.endswith("#board=disc")


@pytest.mark.long
@needs_browser
def test_creatures_walk_while_they_are_seen(visit):
    page = visit("bestiary.html", reduced_motion="no-preference")
    until(
        page, "[...document.querySelectorAll('canvas')].every((c) => c.stage && c.stage.time > 5)"
    )
    page.locator("canvas").first.click()
    assert page.evaluate("document.querySelector('canvas').stage.playing") is False
    page = visit("bodies.html", reduced_motion="reduce")
    until(page, "!!document.querySelector('canvas').stage")
    assert page.evaluate("document.querySelector('canvas').stage.playing") is False


@needs_browser
@pytest.mark.parametrize(
    "name",
    [
        "index.html",
        *(
            pytest.param(name, marks=pytest.mark.long)
            for name in ("report.html", "bestiary.html", "bodies.html")
        ),
    ],
)
def test_a_narrow_phone_scrolls_no_page_sideways_and_all_has_names(visit, name):
    page = visit(name, viewport={"width": 320, "height": 640}, reduced_motion="reduce")
    if name == "index.html":
        compared_page = page
        compared_page.locator("#compare").scroll_into_view_if_needed()
        compared(compared_page)
        kept = page.locator("#standing tbody th.name").first
        page.evaluate("document.querySelector('#standing .scroll').scrollLeft = 300")
        box = page.locator("#standing .scroll").bounding_box()
        assert kept.bounding_box()["x"] == pytest.approx(box["x"], abs=3)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert page.evaluate(NAMELESS) == []


@pytest.mark.long
@needs_browser
def test_print_clips_no_table(visit):
    page = compared(visit("index.html#limit=end", viewport={"width": 1040, "height": 720}))
    page.emulate_media(media="print")
    clipped = """[...document.querySelectorAll(".scroll")].filter((e) => e.offsetParent)
        .filter((e) => getComputedStyle(e).overflowX !== "visible" ||
          e.firstElementChild.getBoundingClientRect().right > innerWidth + 1).length"""
    assert page.evaluate(clipped) == 0


@pytest.mark.long
@needs_browser
def test_without_scripts_a_sentence_and_the_numbers_stay(visit):
    page = visit("index.html", java_script_enabled=False)
    assert "Scripts are off" in page.locator(".noscript").inner_text()
    assert "30.1" in page.locator("#compare table").inner_text()


@pytest.mark.long
@needs_browser
def test_what_does_not_load_is_told(browser, folder):
    context = browser.new_context()
    page = context.new_page()
    for lost in ("**/data/site.js", "**/data/study/disc.js"):
        page.route(lost, lambda route: route.abort())
    page.goto(f"{(folder / 'index.html').as_uri()}#limit=end")
    until(page, "document.getElementById('verdict').textContent.includes('could not be loaded')")
    assert "data/site.js did not load" in page.locator(".hero .failed").inner_text()
    context.close()
