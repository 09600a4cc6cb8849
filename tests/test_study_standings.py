"""The standings of suite 2 from small records, against values worked out by hand."""

from __future__ import annotations

import json
import re

import pytest

from benchmarks.leaderboard.study import study_standings
from benchmarks.leaderboard.study_tables import (
    condition_table,
    first_markdown,
    reached_table,
    study_markdown,
)
from benchmarks.study.collection import LIMITS, collect
from tests.study_records import disc_records, record, save, small


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    """`disc` with two algorithms that are whole and one that lacks runs, and `spider` with none."""
    root = tmp_path_factory.mktemp("records")
    disc, spider = small(ppo=5, snes=5, sac=5), small("spider", ppo=5)
    beyond = record(disc, "snes", 5, [99, 99, 99], (500_000, 1_000_000, 2_000_000), [1, 2, 3])
    save([*disc_records(disc), beyond], root)
    return collect(root, [disc, spider])


@pytest.fixture(scope="module")
def data(found):
    return study_standings(found)


def at(data, limit, condition="disc"):
    return {
        one["algorithm"]: one
        for one in data["conditions"][condition]["limits"][limit]["algorithms"]
    }


def test_runs_beyond_the_planned_seeds_do_not_count(found, data):
    assert data["runs"] == {"found": 13, "planned": 20, "resumed": 3}
    assert [r.about.seed for r in found.of("disc", "snes")] == [0, 1, 2, 3, 4]
    assert (data["suite"], data["commits"]) == ("walker-suite-2", ["abc"])
    assert data["machines"] == ["a processor, an OS"]


@pytest.mark.parametrize(
    ("limit", "ppo", "snes"),
    [("steps-1000000", 20.2, 8.2), ("seconds-30", 20.2, 4.2), ("end", 30.1, 40.2)],
)
def test_the_figure_is_the_middle_of_the_runs_that_validation_chooses(data, limit, ppo, snes):
    ranked = at(data, limit)
    assert (ranked["ppo"]["score"], ranked["snes"]["score"]) == pytest.approx((ppo, snes))
    assert ranked["ppo"]["low"] < ppo < ranked["ppo"]["high"]


def test_the_last_policy_is_told_beside_the_chosen_one(data):
    ppo = at(data, "end")["ppo"]
    assert ppo["last"]["score"] == pytest.approx(30.2)
    odd = ppo["seeds"][4]
    assert (odd["seed"], odd["steps"], odd["seconds"]) == (4, 2_000_000, 40.0)
    assert (odd["score"], odd["last"]) == pytest.approx((20.4, 30.4))


def test_who_is_surely_better_has_a_rank_of_its_own(data):
    ranked = at(data, "steps-1000000")
    assert [(n, ranked[n]["rank"], ranked[n]["ranks"]) for n in ("ppo", "snes")] == [
        ("ppo", 1, [1, 1]),
        ("snes", 2, [2, 2]),
    ]
    (pair,) = data["conditions"]["disc"]["limits"]["steps-1000000"]["differences"]
    assert (pair["one"], pair["other"], pair["sure"]) == ("ppo", "snes", True)
    assert pair["difference"] == pytest.approx(12.0)
    assert pair["better"] == 1.0


def test_what_lacks_runs_has_figures_and_no_rank(data):
    sac = at(data, "end")["sac"]
    assert (sac["runs"], sac["planned"], sac["rank"], sac["ranks"]) == (3, 5, None, None)
    assert sac["score"] == pytest.approx(26.0)
    early = at(data, "steps-1000000")["sac"]
    assert (early["short"], early["runs"], early["score"], early["last"]) == (True, 0, None, None)
    assert at(data, "seconds-120")["ppo"]["short"] is False
    assert at(data, "seconds-120")["ppo"]["runs"] == 0


def test_costs_are_medians_over_runs_and_none_where_a_level_is_never_reached(data):
    ten, twenty, best = data["conditions"]["disc"]["reached"]
    assert (ten["level"], twenty["level"], best["share"]) == (10, 20, 0.8)
    assert best["level"] == pytest.approx(0.8 * 40.2)
    assert ten["algorithms"]["ppo"]["steps"]["median"] == 500_000
    assert ten["algorithms"]["snes"]["seconds"]["median"] == 62.0
    assert twenty["algorithms"]["ppo"]["seconds"]["median"] == 20.0
    never = best["algorithms"]["ppo"]["steps"]
    assert (never["median"], never["share"]) == (None, 0.0)


def test_curves_are_read_at_the_last_look_and_cross_where_the_order_surely_changes(data):
    condition = data["conditions"]["disc"]
    curve = condition["curves"]["steps"]["snes"]
    assert (curve["cost"][0], curve["cost"][-1]) == (500_000, 2_000_000)
    assert (curve["score"][0], curve["score"][-1]) == pytest.approx((4.2, 40.2))
    assert all(
        low <= score <= high
        for low, score, high in zip(*(curve[k] for k in ("low", "score", "high")))
    )
    (crossing,) = condition["crossings"]["steps"]
    assert (crossing["before"], crossing["ahead"]) == ("ppo", "snes")
    assert 1_000_000 <= crossing["start"] < crossing["end"] == 2_000_000
    assert condition["crossings"]["seconds"] == []


def test_a_condition_without_runs_is_told_and_empty(data):
    spider = data["conditions"]["spider"]
    assert spider["algorithms"]["ppo"]["runs"] == 0
    assert spider["curves"] == {"steps": {}, "seconds": {}}
    assert all(found["differences"] == [] for found in spider["limits"].values())
    assert spider["commands"] == 20


def test_the_data_is_json(data):
    assert json.loads(json.dumps(data, allow_nan=False)) == data
    assert [*data["conditions"]["disc"]["limits"]] == [limit.name for limit in LIMITS]


def test_every_table_names_the_suite_and_how_many_runs_there_are(data):
    table = condition_table(data, "disc")
    assert table.startswith("`walker-suite-2`, `disc`, physics ")
    assert "; 13 of 15 runs:" in table
    assert "| sac | gradient | runs end before |" in table
    assert re.search(r"\| ppo \| gradient \| 20\.2 \[\S+, \S+\] #1 \|", table)
    assert re.search(r"\| ppo .* \| 0 of 5 runs, 5 ended before \| 30\.1 ", table)  # 40 s of 120
    assert re.search(r"\| sac .* \| 0 of 5 runs \| 26\.0 ", table)  # its first look is at 700 s
    assert "| snes | 2 [2, 2] | 62 [62, 62] | 5 of 5 |" in reached_table(data, "disc")
    assert "| disc | ppo: 20.2 " in first_markdown(data)
    assert "| spider | 0 of 5 runs |" in first_markdown(data)
    text = study_markdown(data)
    assert "| 1 | ppo | 5 of 5 | 20.2 " in text
    assert "`spider`" in text
