"""The report of suite 2: measures by hand, words that follow the intervals, figures."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest
from typer.testing import CliRunner

from benchmarks.__main__ import app
from benchmarks.evaluation.conditions import CONDITIONS, SCALING, VERSION
from benchmarks.reporting.citation import bibtex
from benchmarks.reporting.energy import energy_text
from benchmarks.reporting.estimates import (
    Estimate,
    between,
    chance_of_equal,
    correlation,
    names,
    over_runs,
    proportion,
    share_words,
)
from benchmarks.reporting.gaits import chance_of_gap, expected_kinds, gaits_text
from benchmarks.reporting.handedness import (
    handedness_text,
    interventions,
    interventions_text,
    one_sided,
    sided,
)
from benchmarks.reporting.page import Sources, parts_of, section, write_report
from benchmarks.reporting.physics import pairs_at, physics_text
from benchmarks.reporting.scaling import scaling_rows, scaling_text
from benchmarks.reporting.skills import skills_rows, skills_text
from benchmarks.reporting.turning import loss, straight, straight_text, turning_text
from benchmarks.study.collection import LIMITS, collect
from tests.conftest import ROOT
from tests.study_records import LOOKS, disc_records, record, save, small
from walker_env import __version__

SECONDS = [1, 2, 3]


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    """`disc`, the same physics' forerunner, a price, and a change that takes handedness away."""
    root = tmp_path_factory.mktemp("records")
    disc = small(ppo=5, snes=5, sac=5)
    others = [small("starting", ppo=5, snes=5), small("priced", snes=5), small("large", snes=5)]
    short, long = small("centipede-3", snes=5), small("centipede-12", snes=5)
    starting, priced, large = others
    save(disc_records(disc), root)
    for seed in range(5):
        more = seed / 10
        save(
            [
                record(starting, "ppo", seed, [30 + more] * 3, LOOKS, SECONDS),
                record(starting, "snes", seed, [20 + more] * 3, LOOKS, SECONDS),
                record(
                    priced, "snes", seed, [4, 8, 30 + more], LOOKS, SECONDS,
                    energy=[3.0 + more] * 3, gait={"rhythm": 2.0},
                ),
                record(large, "snes", seed, [4, 8, 40 + more], LOOKS, SECONDS),
                record(short, "snes", seed, [10, 20 + more, 20], LOOKS, SECONDS),
                record(long, "snes", seed, [5, 10 + more, 10], LOOKS, SECONDS),
            ],
            root,
        )  # fmt: skip
    return collect(root, [disc, *others, short, long])


def test_what_turning_takes_is_the_way_that_is_lost_until_the_cruise():
    closing = np.array([0.0, 50.0, 100.0, 90.0, 100.0, 20.0, 20.0, 20.0, 300.0])
    found = loss(closing, score=50.0)  # a leg lasts 2 s, the first eight bins
    assert found.cruise == 100.0
    assert found.seconds == pytest.approx(0.25 * (1.0 + 0.5))
    assert found.share == pytest.approx(0.375 / 2)
    assert loss(np.array([-1.0, np.nan]), 10.0) is None
    assert loss(np.array([np.nan]), 10.0) is None


@pytest.mark.parametrize(("share", "expected"), [(0.81, True), (0.8, False), (0.19, True)])
def test_one_sided_is_beyond_the_border_on_either_side(share, expected):
    assert one_sided(share) is expected


def test_shares_have_exact_intervals_and_differences_fishers_test():
    none = proportion(0, 10)
    assert (none.value, none.low) == (0.0, 0.0)
    assert none.high == pytest.approx(1 - 0.025 ** (1 / 10))
    assert chance_of_equal(9, 10, 0, 10) == pytest.approx(20 / math.comb(20, 9))
    assert chance_of_equal(3, 10, 3, 10) == pytest.approx(1.0)
    assert share_words(5, 10) == "5 of 10 (50 % [19, 81])"


def test_how_many_gaits_some_runs_show_is_their_mean_over_all_draws():
    assert expected_kinds(["trot"] * 3 + ["walk"], 2) == pytest.approx(1.5)
    assert expected_kinds(["trot"] * 4, 2) == 1.0
    assert math.isnan(expected_kinds(["trot"], 2))
    same, many = ["trot"] * 12, ["trot", "walk", "pace"] * 4
    assert chance_of_gap(same, many) < 0.05 < chance_of_gap(many, many)


def test_words_follow_the_interval():
    words = ("more", "less", "unsure")
    assert Estimate(2.0, 1.0, 3.0, 5).choose(*words) == "more"
    assert Estimate(-2.0, -3.0, -1.0, 5).choose(*words) == "less"
    assert Estimate(2.0, -1.0, 3.0, 5).choose(*words) == "unsure"
    assert Estimate(0.2, 0.1, 0.3, 5).choose(*words, border=0.5) == "less"
    assert Estimate(0.25, 0.1, 0.5, 5).words(".0f", 100) == "25 [10, 50]"
    assert over_runs([3.0]).words() == "3.0 (one run)"
    assert names(["a", "b", "c"]) == "`a`, `b` and `c`"


def test_estimates_over_runs_are_their_middle_and_correlations_are_of_ranks():
    middle = over_runs([0.0, 1.0, 2.0, 3.0, 100.0])
    assert middle.value == pytest.approx(2.0)
    gap = between([5.0, 5.1, 5.2], [1.0, 1.1, 1.2])
    assert gap.value == pytest.approx(4.0)
    assert 0 < gap.low < 4 < gap.high
    assert between([1.0], [2.0, 3.0]) is None
    assert correlation(range(10), range(10, 20)).value == pytest.approx(1.0)
    low, high = [1, 2, 3, 4, 5], [11, 12, 13, 14, 15]
    within = correlation([*low, *high], [*low[::-1], *high[::-1]], "a" * 5 + "b" * 5)
    assert within.value == pytest.approx(-1.0)
    assert correlation(low, low) is None
    assert correlation([*low, *high], [7] * 10) is None


def test_turning_is_told_by_family_with_a_verdict(found):
    text = turning_text(found)
    assert text.startswith("In 13 of 15 runs, those that walk, turning and speeding up take ")
    assert "that is less than half of the time." in text  # 0.375 s of legs of 2.5 to 4 s
    assert "That is 0.38 [0.38, 0.38] s a leg." in text


def test_straight_and_turns_are_held_against_each_other(found):
    measured = {walker.name: four for walker, four in straight(found).items()}
    assert measured["ppo-3"] == pytest.approx((103.0, (23.0 + 25.0) / 2, 200.0, 0.375))
    text = straight_text(found)
    assert text.startswith("No: a run that is faster on the straight is better in turns as well")
    assert "The fastest on the straight, `ppo-4`, is number 1 in turns." in text
    assert "nan" not in text  # what a leg loses is the same in all


def test_handedness_is_counted_in_runs_that_walk(found):
    text = handedness_text(found)
    assert "0 of 8 (0 % [0, 37]) by gradient and 5 of 5 (100 % [48, 100]) by evolution" in text
    assert f"evolution is surely the more so (p = {1 / math.comb(13, 5):.2g})" in text
    assert "Of the one-sided 5 of 5 (100 % [48, 100]) turn to the left" in text
    assert "so neither side is surely the more frequent one." in text


def test_interventions_are_held_against_the_same_algorithm_at_equal_steps(found):
    linear, _, large = interventions(found)
    assert linear.limit is None
    assert large.limit.steps == 2_000_000
    assert (sided(large.usual), sided(large.changed)) == (5, 0)
    text = interventions_text(found)
    assert "For `linear` runs that walk are missing." in text
    assert "After 2 million control steps surely fewer runs are one-sided under `large`" in text


def test_the_price_is_told_with_what_it_changes(found):
    text = energy_text(found)
    assert "`snes` has, after 2 million control steps, surely less energy" in text
    assert "(-0.80 [" in text
    assert "surely fewer targets (-10.0 [" in text
    assert "Its rhythm is surely slower (-1.00 [-1.00, -1.00] Hz)." in text


def test_the_order_in_another_physics_is_told_pair_by_pair(found):
    steps, _, _, _ = LIMITS[:4]
    assert pairs_at(found, steps) == {("ppo", "snes"): (1, 1)}
    assert pairs_at(found, LIMITS[1]) == {}
    assert "1 of 1 pairs is surely in the same order in both, none is surely" in physics_text(found)


def test_the_longest_body_is_held_against_the_shortest(found):
    data = Sources(found).data(SCALING)
    assert scaling_text(found, data).startswith(
        "After 1 million control steps `snes` is surely worse with 46 commands than with 10 (-10"
    )
    _, short, long = scaling_rows(data)
    assert short[:4] == ["centipede-3", "10", "snes", "5 of 5"]
    assert (long[1], long[5]) == ("46", "-")  # the runs are over before 120 s
    assert short[-2:] == ["0.5 [0.5, 0.5]", "1 [1, 1]"]


def test_skills_are_figures_over_runs(found):
    head, ppo, *_ = skills_rows(found, VERSION)
    assert head[:3] == [f"algorithm ({VERSION})", "runs", "disc"]
    assert ppo[:4] == ["ppo", "5 of 5", "30.1", "102.0"]
    assert "surely first in `disc`" in skills_text(found)


def test_gaits_are_counted_by_family(found):
    text = gaits_text(found)
    assert "gradient 1 gait in 8 runs, most often trot (8)" in text
    assert "evolution 2 gaits in 5 runs, most often walk (4)" in text


def test_a_part_is_a_heading_a_figure_a_paragraph_and_commands(found, tmp_path):
    part = next(part for part in parts_of(found) if part.name == "gaits")
    text = section(part, Sources(found), tmp_path / "report")
    assert text.startswith("## How many gaits are there in ten seeds?\n\n![")
    assert "(report/gaits.png)" in text
    assert text.endswith(
        "```sh\npython -m benchmarks run -c disc   # the runs\n"
        "python -m benchmarks report --only gaits\n```"
    )
    assert (tmp_path / "report" / "gaits.png").stat().st_size > 1000


@pytest.mark.long
def test_the_page_has_every_part_with_its_figure(found, tmp_path):
    steps = []
    write_report(found, tmp_path / "report.md", steps.append)
    text = (tmp_path / "report.md").read_text()
    parts = parts_of(found)
    assert steps == [part.title for part in parts]
    assert len(re.findall("^## ", text, re.MULTILINE)) == len(parts) + 1
    drawn = {path.stem for path in (tmp_path / "report").glob("*.png")}
    assert drawn == {part.name for part in parts}
    assert set(re.findall(r"\]\(report/(\w+)\.png\)", text)) == drawn
    assert "43 of 45 runs, 9 of which were stopped and went on; code of commit abc." in text
    assert "nan" not in text
    assert "None" not in text


def test_without_records_nothing_is_told(tmp_path):
    (tmp_path / "records").mkdir()
    old = tmp_path / "out" / "gaits.png"
    old.parent.mkdir()
    old.write_bytes(b"old")
    words = ["report", "--records", str(tmp_path / "records"), "--out", str(tmp_path / "out.md")]
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 0, done.output
    text = (tmp_path / "out.md").read_text()
    planned = sum(sum(condition.seeds.values()) for condition in CONDITIONS)
    assert f"0 of {planned} runs" in text
    assert "so none is ranked" in text
    assert "![" not in text
    assert not old.exists()


def test_one_part_alone_is_printed(tmp_path):
    words = ["report", "--records", str(tmp_path), "--out", str(tmp_path / "out.md"), "--only"]
    done = CliRunner().invoke(app, [*words, "gaits"])
    assert "No run of `disc` that walks is there yet." in done.output
    assert not (tmp_path / "out.md").exists()
    failed = CliRunner().invoke(app, [*words, "nothing"])
    assert "--only must be one of ['families', 'disc'" in str(failed.exception)


def test_the_citation_names_software_and_suite():
    assert f"version = {{{__version__}}}" in bibtex()
    assert VERSION in bibtex()
    cff = (ROOT / "CITATION.cff").read_text()
    assert f"\nversion: {__version__}\n" in cff
    assert VERSION in cff


def test_the_scaling_curve_is_of_conditions_that_there_are():
    assert {*SCALING} <= {condition.name for condition in CONDITIONS}
