"""The simulation of what intervals hold: its populations, its truths, its table."""

import re

import numpy as np
import pytest
from typer.testing import CliRunner

from benchmarks.__main__ import app
from benchmarks.evaluation import coverage
from benchmarks.evaluation.coverage import (
    Population,
    Trial,
    population,
    populations,
    simulate,
    table,
    with_failures,
)
from benchmarks.evaluation.published import RUNS
from benchmarks.history.record import load_record, save_record
from tests.doc_blocks import read


def drawn(seed):
    return np.random.default_rng(seed)


SMALL = Population("small", np.array([10.0, 12.0, 14.0]), width=0.5, common=3.0, own=4.0)


def test_a_population_has_the_mean_and_the_spread_of_its_runs():
    means = SMALL.run_means(40_000, drawn(0))
    assert means.mean() == pytest.approx(12, abs=0.05)
    assert means.std() == pytest.approx(2, abs=0.03)  # of the three, one degree of freedom less
    assert len(np.unique(means)) == 40_000
    assert (Population("low", np.array([0.0, 0.1]), 0.1, 0, 0).run_means(99, drawn(0)) >= 0).all()


def test_scores_share_what_a_course_does_to_all():
    scores = SMALL.scores(300, drawn(1).normal(size=200), drawn(2))
    assert scores.mean(axis=0).std() == pytest.approx(3, rel=0.1)
    assert (scores - scores.mean(axis=0) - scores.mean(axis=1, keepdims=True)).std() == (
        pytest.approx(4, rel=0.05)
    )


def test_a_population_is_read_from_scores():
    hard = 3 * drawn(0).normal(size=400)
    means = np.array([[10.0], [12.0], [20.0], [21.0]])
    scores = means + hard + 4 * drawn(3).normal(size=(4, 400))
    found = population("read", scores, scores)
    assert found.means == pytest.approx(scores.mean(axis=1))
    assert (found.common, found.own) == pytest.approx((3, 4), rel=0.1)
    assert found.width < found.means.std()


def test_the_truth_is_the_mean_without_a_fifth_at_each_end():
    even = Population("even", np.linspace(0, 30, 3001), 0.0, 0, 0)
    assert even.truth(drawn(0)) == pytest.approx(15, abs=0.1)
    skewed = Population("skewed", np.linspace(0, 30, 3001) ** 2, 0.0, 0, 0)
    assert skewed.truth(drawn(0)) == pytest.approx((24**3 - 6**3) / (3 * 18), rel=0.01)


def test_where_more_than_a_fifth_fail_the_truth_knows_it():
    healthy = SMALL.truth(drawn(0))
    assert with_failures(SMALL, 0.1).truth(drawn(0)) > 0.9 * healthy
    assert with_failures(SMALL, 0.5).truth(drawn(0)) == pytest.approx(healthy / 2, rel=0.1)
    share = (with_failures(SMALL, 0.3).run_means(20_000, drawn(0)) < 5).mean()
    assert share == pytest.approx(0.3, abs=0.01)


def test_neighbours_are_like_and_some_fail():
    scores = {name: 5 + k + drawn(k).normal(size=(4, 9)) for k, name in enumerate("abc")}
    found = populations({name: (one, one) for name, one in scores.items()})
    assert [one.name for one in found if not one.failing] == ["a", "b", "c"]
    assert {one.name for one in found if one.failing} == {
        "c, 10% fail", "c, 30% fail", "c, 50% fail",
    }  # fmt: skip


def test_runs_that_are_all_the_same_are_no_population():
    with pytest.raises(ValueError, match="one: expected runs that differ"):
        population("one", np.ones((3, 4)), np.ones((3, 4)))


def test_a_simulation_repeats_and_covers_every_figure(monkeypatch):
    monkeypatch.setattr(coverage, "SAMPLES", 50)
    steps = []
    found = simulate([SMALL, with_failures(SMALL, 0.3)], 1, 7, lambda: steps.append(1))
    again = simulate([SMALL, with_failures(SMALL, 0.3)], 1, 7)
    assert len(steps) == 4
    assert str(found) == str(again)
    assert str(found) != str(simulate([SMALL, with_failures(SMALL, 0.3)], 1, 8))
    assert len(table(found).splitlines()) == 2 + 3 * 2 * 2 + 2 * 2


def test_the_table_counts():
    trials = [
        Trial(coverage.SCORE, coverage.PLAIN, 5, "a", True, 1.0),
        Trial(coverage.SCORE, coverage.PLAIN, 5, "a", True, 2.0),
        Trial(coverage.SCORE, coverage.PLAIN, 5, "b", True, 3.0),
        Trial(coverage.SCORE, coverage.PLAIN, 5, "b", False, 4.0),
        Trial(coverage.TOGETHER, coverage.STRETCHED, 10, "b", False, float("nan")),
    ]
    score, ranks = table(trials).splitlines()[2:]
    assert score == f"| a score | {coverage.PLAIN} | 5 | 75.0% | 50%: b | 2.50 |"
    assert ranks == f"| {coverage.TOGETHER} | {coverage.STRETCHED} | 10 | 0.0% |  |  |"


def test_the_command_simulates_what_the_records_look_like(tmp_path, monkeypatch):
    for name in ("sac-steps-0", "sac-steps-1", "ars-cpu-0", "ars-cpu-1"):
        save_record(load_record(RUNS / f"{name}.json"), tmp_path / f"{name}.json")
    asked = {}

    def quick(shapes, repeats, seed, _):
        asked.update(names=[one.name for one in shapes], repeats=repeats, seed=seed)
        return [Trial(coverage.SCORE, coverage.PLAIN, 5, "ars cpu", True, 1.0)]

    monkeypatch.setattr(coverage, "simulate", quick)
    words = ["coverage", "--runs", str(tmp_path), "--repeats", "3", "--seed", "5"]
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 0, done.output
    assert "| a score |" in done.output
    assert {"ars cpu", "sac steps", "sac steps, 30% fail"} < set(asked["names"])
    assert (asked["repeats"], asked["seed"]) == (3, 5)


def test_an_empty_folder_has_no_populations(tmp_path):
    done = CliRunner().invoke(app, ["coverage", "--runs", str(tmp_path)])
    assert isinstance(done.exception, ValueError)
    assert str(tmp_path) in str(done.exception)


@pytest.mark.long
@pytest.mark.timeout(1800)  # a minute where nothing else runs
def test_the_published_table_is_what_the_command_prints():
    done = CliRunner().invoke(app, ["coverage"])
    rows = [line for line in done.output.splitlines() if line.startswith("|")]
    assert len(rows) == 18
    page = re.findall(r"^\|.*$", read("docs/comparing.md"), re.MULTILINE)
    assert [row for row in page if row in rows] == rows
